"""How many saves a second, how slow is the slowest, and is every acknowledged one there after a kill?"""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import func, select

from audit_engine.storage import models, returns
from audit_engine.storage.engine import reading
from benchmarks import writers
from benchmarks.rounds import Line, milliseconds
from benchmarks.world import Form, World, build
from benchmarks.writers import ITEMS, WRITERS, Acknowledged

WRITING_SECONDS = 60.0
FLOOR_SECONDS = 20.0
FORM = Form("saves", (ITEMS,))


def eight_writers() -> list[Line]:
    """Measure the worst save of eight writers and count what a hard kill lost."""
    with tempfile.TemporaryDirectory(prefix="audit-bench-") as folder:
        plain = writers.run_floor(Path(folder) / "floor", FLOOR_SECONDS)
        world = build(Path(folder) / "world", (FORM,), WRITERS)
        numbers = tuple(r.id for r in world.returns(FORM))
        ours = writers.run_ours(world, numbers, Path(folder) / "ours", WRITING_SECONDS)
        lost = sum(_lost(world, number, said.saves) for number, said in zip(numbers, ours, strict=True))
        saves = sum(said.saves for said in ours)
        if lost:
            raise RuntimeError(f"{lost} answers of {saves} acknowledged saves were lost.")
    return [
        Line("P6", f"slowest save in ms, {WRITERS} writers, killed hard after {WRITING_SECONDS:.0f} s",
             milliseconds(_slowest(plain)), milliseconds(_slowest(ours)), _slowest(ours) * 1000, 500, 100, "most",
             note=f"{saves:,} saves acknowledged, none lost"),
    ]  # fmt: skip


def _slowest(told: tuple[Acknowledged, ...]) -> float:
    return max(one.slowest for one in told)


def _lost(world: World, return_id: int, acknowledged: int) -> int:
    """Count the answers whose version or history is short of what was acknowledged."""
    change = models.AnswerChange.__table__
    with reading(world.engine) as connection:
        stored = {a.item: a.version for a in returns.answers_of(connection, return_id)}
        counted = select(change.c.item_id, func.count()).where(change.c.response_id == return_id)
        history = {item: count for item, count in connection.execute(counted.group_by(change.c.item_id))}
    expected = writers.item_ids()
    return sum(stored.get(i, 0) < acknowledged or history.get(i, 0) < acknowledged for i in expected)
