"""Attack random surveys through every output, and say what could be worked out of too few people.

``python -m tests.rigs.small_numbers 1000`` (``make rigs``); afterwards
disclosure control is broken on purpose in each way that there is, and the
attack must find that.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from audit_engine.storage import engine as storage_engine
from tests.databases import build
from tests.rigs.sabotage import SABOTAGE, sabotaged
from tests.rigs.survey_attack import Attack
from tests.rigs.survey_world import RigWorld, people, unlike

#: What a thorough attacker minds beside organisations, one survey after another; others mind less.
SPLITS: Sequence[tuple[str, ...]] = (*(3 * ((), ("r.role",), ("r.age",))), ("r.role", "r.age"))
SPLITS_AT_TIMES = {5: ("r.role",), 9: ("r.age",)}
#: So many surveys at least must show each way of breaking it.
ENOUGH_TO_NOTICE = 150
AT_ONCE = 20


def rig_world(folder: Path) -> RigWorld:
    """Return a world with a database of its own."""
    url = f"sqlite:///{folder}/rig.sqlite3"
    build(url)
    return RigWorld(folder, storage_engine.create(url, lambda: ("rig",)))


def attacked(world: RigWorld, seed: int, *, thorough: bool) -> Iterator[str]:
    """Yield what is wrong with one random survey: what leaks, and where audiences see different things."""
    every = people(seed)
    world.fill(every)
    splits = SPLITS[seed % len(SPLITS)] if thorough else SPLITS_AT_TIMES.get(seed % 10, ())
    some = world.outputs(("panel",), ("sector", "organisation", *splits), alone=1)
    outputs = list(world.outputs() if thorough else some)
    yield from (f"survey {seed}: {one}" for one in unlike(outputs))
    yield from (f"survey {seed}: {leak}" for leak in Attack(every, outputs, splits, thorough).leaks())


def noticed(world: RigWorld, name: str, seeds: Iterable[int]) -> str:
    """Return the first leak that the attack finds where disclosure control is broken; '' for none."""
    with sabotaged(name):
        return next((found for seed in seeds for found in attacked(world, seed, thorough=False)), "")


def _some(seeds: range) -> list[str]:
    with TemporaryDirectory() as folder:
        world = rig_world(Path(folder))
        return [found for seed in seeds for found in attacked(world, seed, thorough=True)]


def main(number: int) -> int:
    """Attack so many surveys with all processors, print what leaks, and return how much did."""
    lots = [range(first, min(first + AT_ONCE, number)) for first in range(0, number, AT_ONCE)]
    leaks = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for lot, found in zip(lots, pool.map(_some, lots), strict=True):
            print(f"surveys {lot.start} to {lot.stop - 1}: {len(found) or 'no'} leaks", flush=True)
            for one in found:
                print(f"  {one}")
            leaks += len(found)
    return leaks + _broken()


def _broken() -> int:
    """Print what the attack finds where disclosure control is broken, and return how often it finds nothing."""
    missed = 0
    with TemporaryDirectory() as folder:
        world = rig_world(Path(folder))
        for name in SABOTAGE:
            found = noticed(world, name, range(ENOUGH_TO_NOTICE))
            print(f"broken on purpose ({name}): {found or 'NOT NOTICED'}", flush=True)
            missed += not found
    return missed


if __name__ == "__main__":
    asked = next(islice(sys.argv, 1, None), "1000")
    sys.exit(1 if main(int(asked)) else 0)
