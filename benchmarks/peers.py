"""What do peers that install from the package index take on this machine, in the same run?

pyxform pins its own requirements exactly, so it lives in a virtual environment
of its own, made when first needed.  A peer that cannot be had is left out, and
the line says so.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from functools import cache
from pathlib import Path

from benchmarks.floor_word import TABLES, obvious
from benchmarks.rounds import timed
from benchmarks.server import ROOT

PYXFORM = "pyxform==4.5.0"
ENVIRONMENT = ROOT / ".venv" / "peers"
# What peers that cannot be run here took on the anchor machine, in seconds (performance.md, section 4), and what the
# obvious Word program took there (section 2): a tenth of it, run here, tells how fast this machine is at the moment.
CISO_TREE = 2.65
CISO_COMPARE = 0.96
OBVIOUS_WORD = 8.1
TENTH = TABLES // 10

CONVERT = """
import sys, time
from pyxform.xls2xform import convert
best = []
for file in sys.argv[1:]:
    took = []
    for _ in range(3):
        began = time.perf_counter()
        convert(xlsform=file, validate=False)
        took.append(time.perf_counter() - began)
    best.append(min(took))
print(*best)
"""


def scaled(anchor: float) -> float:
    """Return what a time on the anchor machine comes to on this one, at this moment."""
    return anchor * timed(lambda: obvious(TENTH)) / (OBVIOUS_WORD / 10)


@cache
def pyxform_python() -> str | None:
    """Return a Python that has pyxform, or None where it cannot be installed."""
    python = ENVIRONMENT / "bin" / "python"
    if python.exists():
        return str(python)
    try:
        venv.create(ENVIRONMENT, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PYXFORM]
        subprocess.run(install, check=True, capture_output=True)
    except (subprocess.CalledProcessError, OSError):
        return None
    return str(python)


def pyxform_seconds(sizes: tuple[int, ...]) -> tuple[float, ...] | None:
    """Return the seconds (best of three) that pyxform takes to convert forms of so many questions."""
    python = pyxform_python()
    if python is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        files = [_xlsform(Path(folder) / f"{size}.xlsx", size) for size in sizes]
        done = subprocess.run([python, "-c", CONVERT, *files], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return None
    return tuple(float(word) for word in done.stdout.split())


def _xlsform(file: Path, size: int) -> str:
    from xlsxwriter import Workbook

    with Workbook(str(file)) as book:
        survey = book.add_worksheet("survey")
        survey.write_row(0, 0, ("type", "name", "label", "hint", "required"))
        for n in range(size):
            text = f"Criterion {n}: staff know what to do, do it in time, and can show that it was done"
            survey.write_row(n + 1, 0, ("select_one met", f"q{n}", text, "Show what changed since last time", "yes"))
        choices = book.add_worksheet("choices")
        choices.write_row(0, 0, ("list_name", "name", "label"))
        for row in range(5):
            choices.write_row(row + 1, 0, ("met", f"option-{row}", f"Option {row}"))
    return str(file)
