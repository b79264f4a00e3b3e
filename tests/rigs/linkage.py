"""T40 at full size: a hundred surveys of two hundred staff each, watched as ``linkage_world`` says.

    python -m tests.rigs.linkage                                    must find no way that beats chance
    python -m tests.rigs.linkage --broken all --runs 3              must find one for each broken program
    python -m tests.rigs.linkage --database postgresql://...        on a server that may be written to

Nobody's reply may be named better than by guessing: on average at most 1.3 of
200 right, and never more than 8.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import mean

from audit_engine.storage import engine as storage_engine
from audit_engine.storage import schema
from tests.rigs.linkage_attack import BY_LOTS, REPLY_ATTACKS, WORD_ATTACKS, Tried, attack
from tests.rigs.linkage_broken import BROKEN, broken_by
from tests.rigs.linkage_world import Manner, Seen, answered, careless, lay_runs, staff_of

STAFF, RUNS, HOURS = 200, 100, 1
#: The bar of T40, for a hundred runs.
MOST_ON_AVERAGE, NEVER_MORE = 1.3, 8


def watched(url: str, folder: Path, runs: int, staff: int) -> Iterator[Seen]:
    """Yield what is seen of one survey after another: each in a SQLite file of its own, or all in one database."""
    for run in range(runs):
        place = folder / str(run if not url else 0)
        place.mkdir(exist_ok=True)
        engine = storage_engine.create(url or f"sqlite:///{place}/audit.sqlite3")
        schema.upgrade(engine)
        careless(engine)
        pulse = lay_runs(place, engine, run + 1)
        yield answered(pulse, f"run-{run}", staff_of(staff, run), Manner(tickets=run % 2 == 1, hours=HOURS))
        engine.dispose()
        if not url:
            shutil.rmtree(place)
        if sys.stderr.isatty():
            print(f"\r{run + 1} of {runs}", end="", file=sys.stderr, flush=True)


def tried(url: str, runs: int, staff: int, broken: str) -> Mapping[str, Tried]:
    """Return what each way to guess comes to."""
    with tempfile.TemporaryDirectory(prefix="audit-linkage-") as folder, broken_by(broken):
        return attack(watched(url, Path(folder), runs, staff))


def holds(name: str, found: Tried) -> bool:
    """Tell whether a way stays within T40's bar; fewer runs than a hundred are held against what chance allows them."""
    if name == BY_LOTS:
        return not found.beats_chance
    fine = not found.beats_chance if len(found.right) < RUNS else mean(found.right) <= MOST_ON_AVERAGE
    return fine and max(found.right) <= NEVER_MORE


def printed(found: Mapping[str, Tried]) -> list[str]:
    """Print every way with its mean, its most and what guessing gives; return the ways that beat the bar."""
    beating = []
    for name, way in found.items():
        fine = holds(name, way)
        beating += [] if fine else [name]
        runs = len(way.right)
        verdict = "" if fine else "   BEATS CHANCE"
        by_chance = way.by_chance / runs
        print(
            f"  {name:34} {mean(way.right):7.2f} right, at most {max(way.right):3}; guessing: {by_chance:.1f}{verdict}"
        )
    return beating


def main() -> int:
    """Run the attack; return 0 when it fails as it should, or succeeds on every broken program."""
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("--runs", type=int, default=RUNS)
    said.add_argument("--staff", type=int, default=STAFF)
    said.add_argument("--database", default="", help="an empty database to use in place of SQLite files")
    said.add_argument("--broken", choices=("", "all", *BROKEN), default="", help="break the program first")
    chosen = said.parse_args()
    os.environ.setdefault("AUDIT_SECRET_KEY", "a key for a rig, of which nobody else shall know")
    bad = 0
    for broken in BROKEN if chosen.broken == "all" else (chosen.broken,):
        print(f"{chosen.runs} surveys of {chosen.staff} staff{', ' + broken if broken else ''}:")
        beating = printed(tried(chosen.database, chosen.runs, chosen.staff, broken))
        bad += bool(beating) is not bool(broken)
    ways = len(REPLY_ATTACKS) + len(WORD_ATTACKS) + 1
    print(f"{'FAILED' if bad else 'As it should be'} ({ways} ways to guess, and every order).")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
