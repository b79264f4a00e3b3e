"""The command that writes the folder of tables for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from audit_engine.cli import Place


@click.command("export-tidy")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write into [default: in exports/]."
)
@click.pass_obj
def export_tidy(place: Place, out: Path | None) -> None:
    """Write tables for other programs, such as Power BI. Each column is named in docs/tidy-files.md."""
    from audit_engine.services.clock import now
    from audit_engine.services.export_tidy import export_tidy as write

    done = write(place.engine, place.definitions, place.instance, now(), out)
    for name, rows in done.rows.items():
        click.echo(f"{rows:>9,}  {name}")
    click.echo(f"Wrote {len(done.rows)} tables into {done.folder}.")
