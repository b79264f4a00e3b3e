"""Eight processes save as fast as they can and are then killed: how long did the slowest save take, what was lost?

Each writer notes every save that was acknowledged to it, in a file of its own,
so that the database can be asked for it afterwards.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from audit_engine.services.save_answers import Draft, save_answers
from benchmarks.floor_site import Writer
from benchmarks.world import OPTIONS, World

WRITERS = 8
ITEMS = 10
# A writer's n-th save; returns once it is durable.
Save = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What one writer was told: how many saves were done, and the longest one in seconds."""

    saves: int
    slowest: float


def item_ids() -> list[str]:
    """Return the items that each save changes."""
    return [f"b.S1.{n}" for n in range(1, ITEMS + 1)]


def value(number: int, place: int) -> str:
    """Return the answer of a save, different from the one before."""
    return OPTIONS[(number + place) % len(OPTIONS)]


def floor_save(file: str, place: int) -> Save:
    """Return the plain way: SQLite waits by ``busy_timeout`` alone."""
    writer = Writer(file)
    return lambda number: writer.save(place, [(item, value(number, n)) for n, item in enumerate(item_ids())])


def our_save(world: World, return_id: int) -> Save:
    """Return our way: the service that pages use."""
    now = datetime.now(UTC)

    def save(number: int) -> None:
        drafts = [Draft(item, number, value(number, n)) for n, item in enumerate(item_ids())]
        done = save_answers(world.engine, world.definitions, return_id, drafts, 1, now)
        if done.changed != ITEMS:
            raise RuntimeError(f"Save {number} of return {return_id} kept {done.changed} answers of {ITEMS}.")

    return save


def _write_floor(file: str, place: int, notes: Path) -> None:
    _write(floor_save(file, place), notes)


def _write_ours(root: Path, organisations: tuple[str, ...], return_id: int, notes: Path) -> None:
    _write(our_save(World(root, organisations), return_id), notes)


def _write(save: Save, notes: Path) -> None:
    with notes.open("w", buffering=1) as note:
        number = 0
        while True:
            began = time.perf_counter()
            save(number)
            note.write(f"{time.perf_counter() - began}\n")
            number += 1


def run_floor(folder: Path, seconds: float) -> tuple[Acknowledged, ...]:
    """Run the plain writers on one file and kill them."""
    folder.mkdir()
    file = str(folder / "floor.sqlite3")
    Writer(file).connection()
    return _run([(_write_floor, (file, place)) for place in range(WRITERS)], folder, seconds)


def run_ours(world: World, return_ids: tuple[int, ...], folder: Path, seconds: float) -> tuple[Acknowledged, ...]:
    """Run our writers, each on its own return, and kill them."""
    folder.mkdir()
    tasks = [(_write_ours, (world.root, world.organisations, r)) for r in return_ids[:WRITERS]]
    return _run(tasks, folder, seconds)


def _run(
    tasks: Sequence[tuple[Callable[..., None], tuple[object, ...]]], folder: Path, seconds: float
) -> tuple[Acknowledged, ...]:
    start = multiprocessing.get_context("spawn")
    notes = [folder / f"writer-{n}" for n in range(len(tasks))]
    running = [start.Process(target=f, args=(*args, note)) for (f, args), note in zip(tasks, notes, strict=True)]
    for process in running:
        process.start()
    _until(lambda: all(note.exists() and note.stat().st_size for note in notes), 60)
    time.sleep(seconds)
    died = [process.exitcode for process in running if process.exitcode is not None]
    for process in running:
        process.kill()
    for process in running:
        process.join()
    if died:
        raise RuntimeError(f"{len(died)} of {len(running)} writers failed; what they said stands above.")
    return tuple(_acknowledged(note) for note in notes)


def _acknowledged(note: Path) -> Acknowledged:
    # The last line may be cut short by the kill: it was then not acknowledged.
    times = [float(line) for line in note.read_text().split("\n")[:-1]]
    return Acknowledged(len(times), max(times[1:]))


def _until(ready: Callable[[], bool], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > ends:
            raise RuntimeError(f"The writers had not all started after {seconds:.0f} s.")
        time.sleep(0.05)
