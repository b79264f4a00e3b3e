"""The command that sets an audit beside its staff surveys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from audit_engine.cli import Place


@click.command()
@click.argument("cycle")
@click.option("--area", help="Only organisations that work in this area, with their answers for it.")
@click.option("--sector", help="Only organisations of this sector.")
@click.option("--standard", help="Only criteria of this standard.")
@click.option("--organisation", help="Only this organisation: its id.")
@click.option("--class", "slug", help="List only comparisons of this class, such as claimed-not-seen.")
@click.option("--format", "style", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.pass_obj
def triangulate(place: Place, /, cycle: str, slug: str | None, style: str, **wanted: str | None) -> None:
    """Set CYCLE, an audit, beside what staff said.

    What panels found and evidence showed stands there too; nothing is shown of fewer than eleven.
    """
    from audit_engine.analysis.triangulation_json import as_json
    from audit_engine.analysis.triangulation_wording import SLUGS
    from audit_engine.services.clock import now
    from audit_engine.services.run_cycle import cycle_named
    from audit_engine.services.show_triangulation import as_csv, as_text
    from audit_engine.services.triangulate import Wanted
    from audit_engine.services.triangulate import triangulate as found_in
    from audit_engine.storage.engine import reading

    if slug is not None and slug not in SLUGS:
        raise click.UsageError(f"No class is called “{slug}”. There are: {', '.join(SLUGS)}.")
    cls = SLUGS[slug] if slug is not None else None
    with reading(place.engine) as connection:
        facts = cycle_named(connection, cycle)
        found = found_in(connection, place.definitions, facts, now(), Wanted(**wanted))
    if style == "json":
        click.echo(json.dumps(as_json(found, cls), indent=2, ensure_ascii=False))
    else:
        click.echo(as_csv(found, cls) if style == "csv" else as_text(found, cls), nl=False)
