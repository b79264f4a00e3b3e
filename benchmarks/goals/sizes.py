"""Does the engine stay fast when a questionnaire, a return or a partnership is large?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import yaml

from audit_engine.definition.facts import Facts
from audit_engine.definition.library import Library
from audit_engine.definition.reader import read_questionnaire
from benchmarks import peers
from benchmarks.rounds import Line, interleaved, milliseconds, ratio_of, timed
from benchmarks.server import ROOT
from benchmarks.world import Form, World, build

SMALL, LARGE = 60, 2000
NODES = 1200
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
