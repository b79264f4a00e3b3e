"""How fast is an audit set beside what thousands of staff said?"""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import median

from audit_engine.analysis.triangulation_json import as_json
from audit_engine.analysis.triangulation_values import Triangulation
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.triangulate import triangulate
from audit_engine.storage.engine import reading
from benchmarks.rounds import Line, interleaved, milliseconds, timed
from benchmarks.triangulation_world import Ready, ready

ORGANISATIONS, CRITERIA, STAFF = 50, 25, 20_000


def beside_staff() -> list[Line]:
    """Measure from the open connection to the finished triangulation, and the same written as JSON."""
    with ready(ORGANISATIONS, CRITERIA, STAFF) as world:
        found = interleaved({
            "values": lambda: timed(lambda: _triangulated(world)),
            "written": lambda: timed(lambda: as_json(_triangulated(world))),
        })  # fmt: skip
    took = median(found["values"])
    what = f"{ORGANISATIONS} organisations x {CRITERIA} criteria x {STAFF:,} staff set side by side, s"
    return [
        Line("triangulation", what, "", milliseconds(took), took, 2, 2, "most",
             note=f"as JSON {milliseconds(median(found['written']))}"),
    ]  # fmt: skip


def _triangulated(world: Ready) -> Triangulation:
    with reading(world.world.engine) as connection:
        cycle = cycle_named(connection, world.audit)
        found = triangulate(connection, world.world.definitions, cycle, datetime.now(UTC))
    if found.comparisons != ORGANISATIONS * CRITERIA:
        raise RuntimeError(f"{found.comparisons:,} comparisons were made, not {ORGANISATIONS * CRITERIA:,}.")
    return found
