"""The command by which somebody who runs the server looks into a setting's private answers, in the setting's sight."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from audit_engine.cli import Place


@click.group("self-audit")
def self_audit_group() -> None:
    """Private self-audits of schools and settings."""


@self_audit_group.command("look")
@click.argument("office")
@click.option("--why", required=True, help="The reason. The school or setting reads it, with your name and the day.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write [default: the screen].")
@click.pass_obj
def look_in(place: Place, office: str, why: str, out: Path | None) -> None:
    """Look into the answers of a setting. OFFICE is its address; that you look is written down and shown to it."""
    from audit_engine.services.clock import now
    from audit_engine.services.self_audit_look import look

    found = look(place.engine, place.definitions, office, getpass.getuser(), why, now())
    if out is None:
        click.echo(found)
        return
    out.touch(mode=0o600)
    out.write_text(found, encoding="utf-8")
    click.echo(f"Wrote {out}. The school or setting can see that you looked, and why.")
