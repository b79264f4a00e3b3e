"""Make one-use links for a mail-merge, where there is no mail server: handed over once, kept nowhere."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from sqlalchemy import Engine

from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.services import run_survey
from audit_engine.services.export_cycle import neutral
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.send_invitations import MailRefused, note_invited, one_use
from audit_engine.services.survey_words import day_in_words, last_day
from audit_engine.storage import mailings, partnership, trail
from audit_engine.storage.engine import writing

COLUMNS = ("email", "link", "organisation", "closes")
GONE = (
    "This list was downloaded already, and nothing of it is kept, so it cannot be downloaded again. If the file is "
    "lost, upload the addresses once more. Links of the lost file go on working."
)


@dataclass(frozen=True, slots=True)
class MergeFile:
    """A file for a mail-merge: its name and its content."""

    name: str
    content: bytes


def merge_file(engine: Engine, mailing_id: int, site: str, by: int, now: datetime) -> MergeFile:
    """Make the links of a drafted list and return address and link together, once.

    The addresses leave the database in the same transaction in which the links'
    hashes enter it.  ``site`` is the site's address without a slash at its end.
    """
    with writing(engine) as connection:
        row = mailings.mailing_of(connection, mailing_id, lock=True)
        if row is None or not one_use(row):
            raise MailRefused("There is no such list of people. Upload the addresses.")
        if row.state != "draft":
            raise MailRefused(GONE)
        cycle = cycle_named(connection, row.cycle)
        addresses = [r.address for r in mailings.recipients(connection, mailing_id)]
        if len(addresses) < LEAST_BASE:
            raise MailRefused(f"Links are made for at least {LEAST_BASE} people at once.")
        made = run_survey.tickets_for(connection, row.cycle, row.organisation, addresses)
        mailings.drop_recipients(connection, mailing_id)
        counted = {"downloaded": len(made)}
        mailings.change_mailing(connection, mailing_id, state="downloaded", asked_at=now, counted=counted)
        note_invited(connection, row.cycle, row.organisation, len(made))
        trail.note(
            connection, "one-use links downloaded", f"cycle:{row.cycle}", by, now, addresses=len(made),
            mailing=mailing_id,
        )  # fmt: skip
        organisation = partnership.organisation_of(connection, row.organisation) if row.organisation else None
    name = organisation.name if organisation else ""
    closes = day_in_words(last_day(cycle.closes_at))
    rows = [(address, site + path, name, closes) for address, path in made]
    return MergeFile(f"{cycle.id}-links-{now:%Y-%m-%d}.csv", _written(rows))


def _written(rows: Sequence[tuple[str, ...]]) -> bytes:
    """Return rows as CSV that word processors and spreadsheets read as it is meant, with no cell a formula."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
