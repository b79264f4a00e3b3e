"""``audit-engine mail``: try the mail server, and read what came back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from audit_engine.cli import Place


@click.group()
def mail() -> None:
    """Try the mail server, and read what came back."""


@mail.command("test")
@click.argument("address")
@click.pass_obj
def mail_test(place: Place, address: str) -> None:
    """Send one message to ADDRESS, to see whether mail is set up right."""
    from audit_engine.services.try_mail import try_mail

    click.echo(try_mail(place.instance, address, os.environ))


@mail.command("bounces")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def mail_bounces(place: Place, file: Path) -> None:
    """Mark the addresses whose messages came back to FILE. It is a folder of mail in the mbox format."""
    from audit_engine.services.mark_returned import mark_returned

    for sentence in mark_returned(place.engine, file).sentences():
        click.echo(sentence)
