"""How long does it take to bring in a survey that a hundred thousand people answered elsewhere?"""

from __future__ import annotations

import csv
import random
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from audit_engine.services.import_answers import bring_in, expected, look_at
from audit_engine.services.import_plan import Order
from benchmarks.rounds import Line, timed
from benchmarks.survey_world import ANSWERS, ORGANISATIONS, QUESTIONS, Survey
from benchmarks.world import World, build

MANY = 100_000
FEW, MORE = 5_000, 20_000
Writer = Callable[[Path, int, World], None]


def collected_elsewhere() -> list[Line]:
    """Measure a file of each kind from opening it to the last commit, the look at it before included."""
    lines = [_line(kind, write) for kind, write in WRITERS.items()]
    peaks = [_measured("csv", write_csv, rows, _peak) for rows in (FEW, MORE)]
    what = f"most memory at {MORE:,} rows, times at {FEW:,}"
    shown = [f"{peak / 1e6:.1f} MB" for peak in peaks]
    return [*lines, Line("I1", what, shown[0], shown[1], peaks[1] / peaks[0], 2, 1.5, "most")]


def _line(kind: str, write: Writer) -> Line:
    took = _measured(kind, write, MANY, timed)
    what = f"{MANY:,} replies x {QUESTIONS} questions looked at and brought in from {kind.upper()}, seconds"
    return Line("I1", what, "", f"{took:.1f} s", took, 60, 30, "most",
                note=f"of {ORGANISATIONS} organisations, one transaction five thousand rows")  # fmt: skip


def _measured(kind: str, write: Writer, rows: int, measure: Callable[[Callable[[], object]], float]) -> float:
    form = Survey("survey", (QUESTIONS,))
    with TemporaryDirectory(prefix="audit-bench-") as folder:
        world = build(Path(folder) / "world", (form,), ORGANISATIONS)
        path = Path(folder) / f"answers.{kind}"
        write(path, rows, world)
        order = Order(path, path.name, form.cycle, organisation_column="Organisation")
        return measure(lambda: _bring_in(world, order, rows))


def _bring_in(world: World, order: Order, rows: int) -> None:
    _, found = look_at(world.engine, world.definitions, order)
    done = bring_in(world.engine, world.definitions, order, expected(found), None, datetime.now(UTC))
    if done.replies != rows or found.odd_total or found.refused_total:
        raise RuntimeError(f"{done.replies:,} of {rows:,} replies were brought in.")


def _peak(work: Callable[[], object]) -> float:
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return float(peak)


def exported(rows: int, world: World) -> Iterator[list[str]]:
    """Yield an invented export: a row of headings, then replies."""
    rng = random.Random(1)
    yield ["Respondent ID", "Organisation", *(f"Question {n}" for n in range(1, QUESTIONS + 1)), "Email Address"]
    for row in range(rows):
        said = (f"Answer {answer}" for answer in rng.choices(ANSWERS, k=QUESTIONS))
        yield [str(row), world.organisations[row % ORGANISATIONS], *said, f"p{row}@example.org"]


def write_csv(path: Path, rows: int, world: World) -> None:
    """Write an export as CSV."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(exported(rows, world))


def write_xlsx(path: Path, rows: int, world: World) -> None:
    """Write an export as a workbook."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(exported(rows, world)):
            sheet.write_row(number, 0, cells)


WRITERS: dict[str, Writer] = {"csv": write_csv, "xlsx": write_xlsx}
