"""Does the engine stay fast when a questionnaire, a return or a partnership is large?"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import yaml

from audit_engine.analysis.change import Filters
from audit_engine.analysis.scoring import scorecard, standard_scores
from audit_engine.definition.facts import Facts
from audit_engine.definition.library import Library
from audit_engine.definition.reader import read_questionnaire
from audit_engine.services.answering import open_return
from audit_engine.services.compare_cycles import compare_cycles
from audit_engine.services.cycle_ratings import cycle_ratings
from audit_engine.services.issue_report import Order, issue_report
from audit_engine.services.save_answers import Draft, save_answers
from audit_engine.services.submit import reopen, submit
from audit_engine.storage.engine import reading as reading_from
from audit_engine.storage.returns import returns_of_cycle
from benchmarks import peers
from benchmarks.load import drive
from benchmarks.peers import CISO_COMPARE, CISO_TREE
from benchmarks.rounds import Line, interleaved, milliseconds, ratio_of, timed
from benchmarks.server import ROOT, serving
from benchmarks.visitor import reads, visitors
from benchmarks.world import Form, World, build

SMALL, LARGE = 60, 2000
NODES = 1200
MANY = 4000
CONNECTIONS = 8
SECONDS = 4.0
OURS = "benchmarks.our_site:create_app"
PAGE = 10


def paged(name: str, items: int, version: str = "2026", continues: str | None = None) -> Form:
    """Return a questionnaire of so many items, ten on a page, with the rules of an audit."""
    return Form(name, (PAGE,) * (items // PAGE), True, version, continues)


@contextmanager
def made(forms: tuple[Form, ...], organisations: int) -> Iterator[World]:
    """Build a world in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="audit-bench-") as folder:
        yield build(Path(folder) / "world", forms, organisations)


def reading() -> list[Line]:
    """Compare reading a definition, with every check, with what pyxform takes to convert a form of that size."""
    facts = Library(ROOT).facts
    texts = {size: paged("reading", size).text() for size in (SMALL, LARGE)}
    found = interleaved({
        "small": lambda: timed(lambda: _read(texts[SMALL], facts)),
        "large": lambda: timed(lambda: _read(texts[LARGE], facts)),
        "yaml": lambda: timed(lambda: yaml.load(texts[LARGE], yaml.CSafeLoader)),
    })  # fmt: skip
    small, large, again = median(found["small"]), median(found["large"]), _cached()
    lines = [
        Line("P13", f"reading {LARGE:,} questions, times reading {SMALL}", milliseconds(small), milliseconds(large),
             ratio_of(found["large"], found["small"]), 40, 40, "most",
             note=f"PyYAML alone {milliseconds(median(found['yaml']))}"),
        Line("P13", "the same again from the cache, ms", "", milliseconds(again), again * 1000, 10, 10, "most"),
    ]  # fmt: skip
    told = peers.pyxform_seconds((SMALL, LARGE))
    if told is None:
        print("P13: pyxform could not be installed, so there is no floor for reading.")
        return lines
    return [
        Line("P13", f"reading and checking {size:,} questions, of pyxform's time", milliseconds(theirs),
             milliseconds(own), own / theirs, 1.0, 1.0, "most")
        for size, theirs, own in zip((SMALL, LARGE), told, (small, large), strict=True)
    ] + lines  # fmt: skip


def _read(text: str, facts: Facts) -> None:
    reading = read_questionnaire(text, "reading/2026.yaml", facts)
    if reading.questionnaire is None:
        raise RuntimeError(str(reading.faults[0]))


def _cached() -> float:
    with tempfile.TemporaryDirectory(prefix="audit-bench-") as folder:
        root = Path(folder)
        (root / "questionnaires" / "reading").mkdir(parents=True)
        (root / "questionnaires" / "facts.yaml").write_bytes((ROOT / "questionnaires" / "facts.yaml").read_bytes())
        form = paged("reading", LARGE)
        (root / "questionnaires" / "reading" / "2026.yaml").write_text(form.text(), encoding="utf-8")
        library = Library(root)
        library.load("reading", "2026")
        return timed(lambda: library.load("reading", "2026"))


def audit_tree() -> list[Line]:
    """Measure one return of 1,200 questions: what is asked, answered and missing, and every score with its grade."""
    form = Form("tree", (60,) * (NODES // 60))
    with made((form,), 1) as world:
        world.submit_all(form)
        return [_of_ciso("P10", f"tree and scores of {NODES:,} questions", lambda: _tree(world, form), CISO_TREE, 100)]


def _tree(world: World, form: Form) -> None:
    with reading_from(world.engine) as connection:
        (facts,) = returns_of_cycle(connection, form.cycle)
        opened = open_return(connection, world.definitions, facts)
        done = sum(opened.progress(section).done for section in opened.questionnaire.sections)
        ratings = cycle_ratings(connection, world.definitions, facts.cycle)
    scores = standard_scores(ratings, facts.organisation)
    if done != NODES or scorecard(ratings).overall.applicable != NODES or len(scores) != len(form.sections):
        raise RuntimeError(f"The tree has {done} done of {NODES}, and {len(scores)} standards are scored.")


def two_cycles() -> list[Line]:
    """Compare two cycles: one return of 1,200 questions, and a county's worth of returns."""
    return [
        _comparison(1, Form("two", (60,) * (NODES // 60)), CISO_COMPARE),
        _comparison(MANY, Form("many", (8,) * 8), None),
    ]


def _comparison(organisations: int, form: Form, peer: float | None) -> Line:
    later = replace(form, version="2027", continues="2026")
    with made((form, later), organisations) as world:
        world.submit_all(form)
        world.submit_all(later)
        what = f"compare {organisations:,} x {len(form.item_ids()):,} questions x 2 cycles"

        def work() -> None:
            _compare(world, form, later, organisations)

        if peer is not None:
            return _of_ciso("P11", what, work, peer, 100)
        took = median(interleaved({"ours": lambda: timed(work)})["ours"])
    return Line("P11", what + ", s", "", f"{took:.2f} s", took, 1.0, 1.0, "most", note="DESIGN section 8")


def _compare(world: World, form: Form, later: Form, organisations: int) -> None:
    with reading_from(world.engine) as connection:
        found = compare_cycles(connection, world.definitions, form.cycle, later.cycle, Filters())
    questions = len(form.item_ids())
    if (found.matched.organisations, found.matched.criteria) != (organisations, questions):
        raise RuntimeError(f"The comparison matched {found.matched}, not {organisations:,} x {questions:,}.")


def _of_ciso(goal: str, what: str, work: Callable[[], None], seconds: float, stretch: int) -> Line:
    """Compare with CISO Assistant's time, scaled from the anchor machine to this one."""
    work()  # the definition is read once in the life of a process
    peers.scaled(seconds)  # and so is pyplot
    found = interleaved({"peer": lambda: peers.scaled(seconds), "ours": lambda: timed(work)})
    bar = 40 if goal == "P10" else 20
    return Line(
        goal, f"{what}, times faster than CISO Assistant", f"({milliseconds(median(found['peer']))})",
        milliseconds(median(found["ours"])), ratio_of(found["peer"], found["ours"]), bar, stretch, "least",
        note="floor: its time on the anchor machine, scaled",
    )  # fmt: skip


def end_to_end() -> list[Line]:
    """Compare a page of ten of 2,000 questions with one of 60, and take the 2,000 through to the report."""
    small, large = paged("small", SMALL), paged("large", LARGE)
    with made((small, large), CONNECTIONS) as world:
        for form in (small, large):
            world.submit_all(form)
            _open_again(world, form)
        with serving(OURS, world.environment) as site:
            own = {
                form.id: [reads(person, "section-2", PAGE) for person in visitors(site.port, world, form)]
                for form in (small, large)
            }
            found = interleaved({
                "small": lambda: drive(site.port, own["small"], SECONDS).rate,
                "large": lambda: drive(site.port, own["large"], SECONDS).rate,
            })  # fmt: skip
        took = timed(lambda: _whole_road(world, large))
    return [
        Line("P14", f"pages of 10 of {LARGE:,} questions, of the rate at {SMALL}", f"{median(found['small']):,.0f}/s",
             f"{median(found['large']):,.0f}/s", ratio_of(found["large"], found["small"]), 0.9, 0.9, "least", slack=0,
             note=f"filled, saved, submitted, scored and reported in {took:.1f} s"),
    ]  # fmt: skip


def _open_again(world: World, form: Form) -> None:
    for facts in world.returns(form):
        reopen(world.engine, facts.id, "To measure with.", 1, datetime.now(UTC))


def _whole_road(world: World, form: Form) -> None:
    """Save every standard of one return, submit it, score the cycle and write its report."""
    facts, now = world.returns(form)[0], datetime.now(UTC)
    ids = form.item_ids()
    for start in range(0, len(ids), PAGE):
        drafts = [Draft(i, 1, "met", commentary="In place.", evidence="Seen.") for i in ids[start : start + PAGE]]
        save_answers(world.engine, world.definitions, facts.id, drafts, 1, now)
    submit(world.engine, world.definitions, facts.id, "An invented lead", "Chief officer (invented)", 1, now)
    out = world.root / "report.docx"
    issue_report(world.engine, world.definitions, world.instance, Order(form.cycle, "analysis", out=out), now)
    if out.stat().st_size < 10_000:
        raise RuntimeError("The report is empty.")
