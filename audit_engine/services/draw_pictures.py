"""Draw every chart of a cycle's analysis report as a picture, for slides and newsletters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.services.run_cycle import cycle_named
from audit_engine.storage.engine import reading


def draw_pictures(
    engine: Engine,
    definitions: Definitions,
    instance: Instance,
    cycle_id: str,
    area: str | None,
    folder: Path,
    now: datetime,
    step: Callable[[int, int], None] = lambda _done, _of: None,
) -> int:
    """Write one PNG a chart into ``folder`` and return how many; ``step`` hears (done, of how many)."""
    from audit_engine.analysis.change import Filters
    from audit_engine.reports.blocks import Chart
    from audit_engine.reports.pictures import picture
    from audit_engine.reports.sections import ANALYSIS
    from audit_engine.services.find_results import edition_of, find_results

    with reading(engine) as connection:
        cycle = cycle_named(connection, cycle_id)
        findings = find_results(connection, definitions, cycle, Filters(area=area), now)
        edition = edition_of(connection, instance, findings, now)
    charts = [block for section in ANALYSIS for block in section(edition) if isinstance(block, Chart)]
    folder.mkdir(parents=True, exist_ok=True)
    for number, chart in enumerate(charts, 1):
        (folder / f"{chart.id}.png").write_bytes(picture(chart))
        step(number, len(charts))
    return len(charts)
