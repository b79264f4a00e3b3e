"""``make bench``: speed and size, each beside a floor measured in the same run."""

from __future__ import annotations

import argparse
import sys
import time
import traceback

from benchmarks.goals import GOALS, measure
from benchmarks.rounds import Line, table


def main() -> int:
    """Measure the goals asked for (all, by default); return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("goals", nargs="*", metavar="GOAL", help=f"which goals: {' '.join(GOALS)}")
    asked = parser.parse_args().goals or list(GOALS)
    unknown = [goal for goal in asked if goal not in GOALS]
    if unknown:
        parser.error(f"no goal is called {', '.join(unknown)}; there are {', '.join(GOALS)}")
    lines: list[Line] = []
    failed: list[str] = []
    for goal in asked:
        began = time.perf_counter()
        try:
            lines += measure(goal)()
        except Exception:  # one goal that fails must not hide the others
            traceback.print_exc()
            failed.append(goal)
        print(f"{goal}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    print(table(lines))
    missed = [line.goal for line in lines if line.verdict == "MISSED"]
    print(f"{len(lines) - len(missed)} of {len(lines)} at the bar or better")
    if failed:
        print(f"not measured, because something failed: {', '.join(failed)}")
    return 1 if missed or failed else 0


if __name__ == "__main__":
    sys.exit(main())
