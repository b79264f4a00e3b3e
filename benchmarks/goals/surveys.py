"""How fast are the results of a survey that a hundred thousand people answered?"""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from audit_engine.analysis.survey_codes import columns_of, tallied
from audit_engine.services.show_survey import write_csv
from audit_engine.services.survey_results import recount, survey_results
from audit_engine.storage import anonymous
from audit_engine.storage.engine import reading
from benchmarks.rounds import Line, interleaved, milliseconds, ratio_of, timed
from benchmarks.survey_world import QUESTIONS, SPLIT, Answered, answered, long_table, wide_table, write_wide

MANY, FEWER = 100_000, 10_000
# LimeSurvey's CSV of as many responses on the anchor machine, and the CSV floor there (performance.md, 2 and 4).
LIMESURVEY_CSV, WIDE_FLOOR = 40.6, 0.59


def from_counters() -> list[Line]:
    """Measure everybody's results, which are read from the counts kept while replies came in."""
    with answered(MANY) as survey:
        found = interleaved({"ours": lambda: timed(lambda: _results(survey))})
        by_sector = timed(lambda: _results(survey, "sector"))
        _prove(survey)
    took = median(found["ours"]) * 1000
    what = f"results of {MANY:,} replies x {QUESTIONS} questions, ms"
    return [
        Line("P7", what, "", f"{took:.1f} ms", took, 20, 20, "most",
             note=f"equal to a recount; by sector {milliseconds(by_sector)}"),
    ]  # fmt: skip


def _results(survey: Answered, by: str | None = None) -> None:
    with reading(survey.world.engine) as connection:
        found = survey_results(connection, survey.world.definitions, survey.cycle, by=by)
    if found.replies.base != survey.replies or len(found.questions) != QUESTIONS:
        raise RuntimeError(f"The results are of {found.replies.base} replies, not {survey.replies:,}.")


def _prove(survey: Answered) -> None:
    with reading(survey.world.engine) as connection:
        found = recount(connection, survey.world.definitions, survey.cycle)
    if found.wrong or found.replies != survey.replies:
        raise RuntimeError(f"The counts kept are not those of the replies: {dict(found.wrong)}.")


def counted_again() -> list[Line]:
    """Count every reply again, beside the best that SQL does with the same answers in the same database."""
    with answered(MANY) as survey, TemporaryDirectory(prefix="audit-bench-") as folder:
        floor = long_table(Path(folder), MANY)
        sql = "SELECT item, value, count(*) FROM answer GROUP BY item, value"
        found = interleaved({
            "floor": lambda: timed(lambda: floor.execute(sql).fetchall()),
            "ours": lambda: timed(lambda: _prove(survey)),
            "one": lambda: timed(lambda: _of_one_organisation(survey)),
        })  # fmt: skip
        floor.close()
    return [
        Line("P8", f"counting {MANY:,} x {QUESTIONS} answers again, of the best SQL's time",
             milliseconds(median(found["floor"])), milliseconds(median(found["ours"])),
             ratio_of(found["ours"], found["floor"]), 1.5, 60 / 170, "most",
             note=f"one organisation's alone {milliseconds(median(found['one']))}"),
    ]  # fmt: skip


def _of_one_organisation(survey: Answered) -> None:
    with reading(survey.world.engine) as connection:
        questionnaire = survey.world.definitions.opened(connection, survey.cycle.id).questionnaire
        replies = anonymous.packed_replies(connection, survey.cycle.id, [survey.world.organisations[0]])
        tallied(columns_of(questionnaire), replies)


def as_csv() -> list[Line]:
    """Write results as CSV by the answer to a question, for which every reply is read.

    Replies themselves never leave, so there is no file of them to time.
    """
    with answered(FEWER) as fewer, answered(MANY) as many, TemporaryDirectory(prefix="audit-bench-") as folder:
        wide, out = wide_table(Path(folder), MANY), Path(folder) / "out.csv"
        found = interleaved({
            "floor": lambda: timed(lambda: write_wide(wide, out)),
            "fewer": lambda: timed(lambda: _write(fewer, out)),
            "many": lambda: timed(lambda: _write(many, out)),
        })  # fmt: skip
        wide.close()
        peaks = [_peak(survey, out) for survey in (fewer, many)]
    floor, ours = milliseconds(median(found["floor"])), milliseconds(median(found["many"]))
    bar = LIMESURVEY_CSV / 15 / WIDE_FLOOR
    return [
        Line("P9", f"results of {MANY:,} replies as CSV by a question, of a wide table's time", floor, ours,
             ratio_of(found["many"], found["floor"]), round(bar, 1), 1.5, "most", note="bar: LimeSurvey's time / 15"),
        Line("P9", f"the same at {MANY:,}, times at {FEWER:,}", milliseconds(median(found["fewer"])), ours,
             ratio_of(found["many"], found["fewer"]), 11, 11, "most"),
        Line("P9", f"most memory at {MANY:,}, times at {FEWER:,}", _size(peaks[0]), _size(peaks[1]),
             peaks[1] / peaks[0], 2, 1.5, "most"),
    ]  # fmt: skip


def _write(survey: Answered, out: Path) -> None:
    with reading(survey.world.engine) as connection:
        found = survey_results(connection, survey.world.definitions, survey.cycle, by=SPLIT)
    with out.open("w", newline="", encoding="utf-8") as stream:
        written = write_csv(found, stream)
    if written < QUESTIONS * 5 * 6:
        raise RuntimeError(f"The file has {written} rows.")


def _peak(survey: Answered, out: Path) -> int:
    tracemalloc.start()
    _write(survey, out)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def _size(count: float) -> str:
    return f"{count / 1e6:.1f} MB"
