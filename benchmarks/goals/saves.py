"""How many saves a second, how slow is the slowest, and is every acknowledged one there after a kill?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from sqlalchemy import func, select

from audit_engine.storage import models, returns
from audit_engine.storage.engine import reading
from benchmarks import writers
from benchmarks.load import Run, Script, drive, post
from benchmarks.rounds import Line, interleaved, milliseconds, ratio_of
from benchmarks.server import Served, serving
from benchmarks.visitor import saves, visitors
from benchmarks.world import OPTIONS, Form, World, build
from benchmarks.writers import ITEMS, WRITERS, Acknowledged

WRITING_SECONDS = 60.0
FLOOR_SECONDS = 20.0
FORM = Form("saves", (ITEMS,))
CONNECTIONS = 8
SECONDS = 4.0


def ten_answers() -> list[Line]:
    """Compare a saved page of ten changed answers with a bare route that writes ten rows in one durable commit."""
    with tempfile.TemporaryDirectory(prefix="audit-bench-") as folder:
        world = build(Path(folder) / "world", (FORM,), CONNECTIONS)
        file = str(Path(folder) / "floor.sqlite3")
        with (
            serving("benchmarks.floor_site:create_app", {"FLOOR_DATABASE": file}) as floor,
            serving("benchmarks.our_site:create_app", world.environment) as ours,
        ):
            people = visitors(ours.port, world, FORM)
            plain = [_plain_save(n) for n in range(CONNECTIONS)]
            own = [saves(person, "section-1", FORM.item_ids()) for person in people]
            runs: dict[str, list[Run]] = {"floor": [], "ours": []}
            found = interleaved({
                "floor": lambda: _rate(floor, plain, runs["floor"]),
                "ours": lambda: _rate(ours, own, runs["ours"]),
            })  # fmt: skip
        _refuse_lost(world, sum(run.answered for run in runs["ours"]))
    worst = {side: max(max(run.latencies) for run in of) for side, of in runs.items()}
    note = f"slowest {milliseconds(worst['floor'])} and {milliseconds(worst['ours'])}"
    what = f"saves of {ITEMS} changed answers, {CONNECTIONS} connections"
    rates = {side: f"{median(values):,.0f}/s" for side, values in found.items()}
    return [
        Line("P4", what, rates["floor"], rates["ours"], ratio_of(found["ours"], found["floor"]), 0.3, 0.5, "least",
             note=note)
    ]  # fmt: skip


def _plain_save(place: int) -> Script:
    def request(number: int) -> bytes:
        typed = [(f"q{n}", OPTIONS[(number + n) % len(OPTIONS)]) for n in range(ITEMS)]
        return post(f"/save/{place}", urlencode(typed).encode())

    return Script(request, lambda answer: answer.body == b"saved")


def _rate(served: Served, scripts: list[Script], runs: list[Run]) -> float:
    run = drive(served.port, scripts, SECONDS)
    if run.wrong:
        raise RuntimeError(f"{run.wrong} of {run.answered} saves were not answered as a save is.")
    runs.append(run)
    return run.rate


def _refuse_lost(world: World, answered: int) -> None:
    """Raise unless the history holds every save that was answered."""
    change = models.answer_change
    with reading(world.engine) as connection:
        kept = connection.execute(select(func.count()).select_from(change)).scalar_one()
    if kept < answered * ITEMS:
        raise RuntimeError(f"{answered} saves were answered, but only {kept} answers were kept.")


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
    change = models.answer_change
    with reading(world.engine) as connection:
        stored = {a.item: a.version for a in returns.answers_of(connection, return_id)}
        counted = select(change.c.item_id, func.count()).where(change.c.response_id == return_id)
        history = {item: count for item, count in connection.execute(counted.group_by(change.c.item_id))}
    expected = writers.item_ids()
    return sum(stored.get(i, 0) < acknowledged or history.get(i, 0) < acknowledged for i in expected)
