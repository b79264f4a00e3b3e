"""The commands that bring in answers collected elsewhere, list what was brought in and undo it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from audit_engine.cli import Place
    from audit_engine.services.import_plan import Order, Plan
    from audit_engine.services.import_preview import Preview

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import")
def import_group() -> None:
    """Bring in what was collected elsewhere, list it, undo it."""


@import_group.command("answers")
@click.argument("file", type=FILE)
@click.option("--cycle", required=True, help="The survey that the answers belong to: its id.")
@click.option("--mapping", type=FILE, help="YAML that says which column answers what [default: by the same words].")
@click.option("--suggest-mapping", is_flag=True, help="Print such a YAML for this file, to be edited, and stop.")
@click.option("--organisation", default="", metavar="ID", help="Whose answers they are, all of them.")
@click.option("--organisation-column", default="", metavar="NAME", help="The column that names the organisation.")
@click.option("--sheet", default="", metavar="NAME", help="The sheet of a workbook [default: the first].")
@click.option("--dry-run", is_flag=True, help="Show what would come of it, and stop.")
@click.option("--again", is_flag=True, help="Take the same file in although it was brought in before.")
@click.option("--more-to-come", is_flag=True, help="Leave a survey that never ran here open for more files.")
@click.option("--yes", is_flag=True, help="Do not ask before bringing in.")
@click.pass_obj
def answers(place: Place, /, file: Path, mapping: Path | None, **said: Any) -> None:
    """Bring the answers in FILE into a survey. It is a CSV or XLSX from another program."""
    from audit_engine.exchange.mapping_file import read_mapping
    from audit_engine.services.import_plan import Order, plan_import
    from audit_engine.storage.engine import reading

    given = read_mapping(mapping.read_bytes(), str(mapping)) if mapping else None
    order = Order(
        file, file.name, said["cycle"], given, said["organisation"], said["organisation_column"], said["sheet"]
    )
    if said["suggest_mapping"]:
        with reading(place.engine) as connection:
            click.echo(plan_import(connection, place.definitions, order).suggestion_text(), nl=False)
        return
    found = _shown(place, order)
    if said["dry_run"]:
        click.echo("Nothing was brought in, because of --dry-run.")
        return
    if not said["yes"] and found.replies:
        left = f", leaving out {found.odd_total:,} cells" if found.odd_total else ""
        click.confirm(f"Bring in {found.replies:,} replies{left}?", abort=True, err=True)
    _bring_in(place, order, found, again=said["again"], more_to_come=said["more_to_come"])


def _shown(place: Place, order: Order) -> Preview:
    from audit_engine.services.import_answers import look_at, undo_forecast
    from audit_engine.services.import_text import as_text
    from audit_engine.storage.engine import reading

    plan: Plan
    watched = sys.stderr.isatty()

    def count(rows: int) -> None:
        if watched:
            click.echo(f"\rReading {order.name}: {rows:,} rows", nl=False, err=True)

    plan, found = look_at(place.engine, place.definitions, order, count)
    if watched:
        click.echo("", err=True)
    for line in as_text(found, plan.names):
        click.echo(line)
    if found.replies:
        with reading(place.engine) as connection:
            click.echo(undo_forecast(connection, found, plan.cycle.id))
    return found


def _bring_in(place: Place, order: Order, found: Preview, *, again: bool, more_to_come: bool) -> None:
    from audit_engine.cli import _Bar
    from audit_engine.services.clock import now
    from audit_engine.services.import_answers import bring_in, expected

    with _Bar("Bringing in") as step:
        done = bring_in(
            place.engine, place.definitions, order, expected(found), None, now(), again=again,
            more_to_come=more_to_come, step=step,
        )  # fmt: skip
    closed = " The survey is closed, and its results can be seen." if done.closed else ""
    click.echo(f"Brought in {done.replies:,} replies, as import {done.number}.{closed}")


@import_group.command("list")
@click.argument("cycle")
@click.pass_obj
def list_imports(place: Place, cycle: str) -> None:
    """List the files brought into CYCLE, the newest first. Each says whether it can be undone."""
    from audit_engine.services.clock import local_text, now
    from audit_engine.services.import_answers import imported_into
    from audit_engine.services.run_cycle import cycle_named
    from audit_engine.storage.engine import reading

    with reading(place.engine) as connection:
        cycle_named(connection, cycle)
        found = imported_into(connection, cycle, now())
    if not found:
        click.echo("No file was brought in.")
    for row, why_not in found:
        click.echo(f"{row.id:4}  {row.file}  {row.replies:,} replies  {local_text(row.made_at)}  {row.state}")
        click.echo(f"      {why_not or 'It can be undone.'}")


@import_group.command("undo")
@click.argument("number", type=click.IntRange(1))
@click.option("--reason", required=True, help="Why; it is kept.")
@click.pass_obj
def undo(place: Place, number: int, reason: str) -> None:
    """Take everything that import NUMBER brought out again."""
    from audit_engine.services.clock import now
    from audit_engine.services.import_answers import undo_import

    row = undo_import(place.engine, number, reason, None, now())
    click.echo(f"Took the {row.replies:,} replies of {row.file} out again.")
