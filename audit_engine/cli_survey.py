"""``audit-engine survey``: look after the replies that wait in open surveys."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from audit_engine.cli import Place


@click.group("survey")
def survey_group() -> None:
    """Look after the replies that wait, sealed, in open surveys."""


@survey_group.command("waiting")
@click.pass_obj
def survey_waiting(place: Place) -> None:
    """Say how many replies wait, and whether all can be opened. Exit code 1 when some cannot."""
    from audit_engine.services.mend_survey import waiting_surveys
    from audit_engine.storage.engine import reading

    with reading(place.engine) as connection:
        found = waiting_surveys(connection)
    for survey in found:
        click.echo(survey.sentence)
    if not found:
        click.echo("No replies wait.")
    sys.exit(0 if all(survey.is_well for survey in found) else 1)


@survey_group.command("leave-out")
@click.argument("cycle")
@click.option("--reason", required=True, help="Why; kept in the trail.")
@click.confirmation_option(prompt="Replies that cannot be opened are deleted for good. Go on?")
@click.pass_obj
def survey_leave_out(place: Place, cycle: str, reason: str) -> None:
    """Delete the replies to CYCLE that nobody can open. Then it can be closed."""
    from audit_engine.services.clock import now
    from audit_engine.services.mend_survey import leave_out_unreadable

    lost = leave_out_unreadable(place.engine, cycle, reason, now())
    click.echo(f"{lost:,} {'reply was' if lost == 1 else 'replies were'} left out. {cycle} can be closed now.")
