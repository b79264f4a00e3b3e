"""Let a setting share the counts of one audit, take that back, and show a trust what it was shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from audit_engine.analysis.setting_picture import Picture, picture_from
from audit_engine.response.settings import AuditFacts, Share
from audit_engine.services.definitions import Definitions
from audit_engine.services.self_audit import OpenAudit, SelfAuditRefused
from audit_engine.services.self_audit_people import mailbox
from audit_engine.services.self_audit_report import picture_of
from audit_engine.storage import settings
from audit_engine.storage.engine import writing

WITH_PARTNERSHIP = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The counts that one setting lets a trust see."""

    audit: AuditFacts
    since: datetime
    picture: Picture


def share(engine: Engine, whole: OpenAudit, trust_email: str, by: int, now: datetime) -> None:
    """Share the counts as they stand now with a trust's mailbox, or ('') with the partnership, pooled with others'.

    Sharing again brings them up to date.
    """
    with_whom = mailbox(trust_email) if trust_email else WITH_PARTNERSHIP
    if not whole.overall.answered:
        raise SelfAuditRefused("There is nothing to share yet: no statement has a grade.")
    with writing(engine) as connection:
        settings.withdraw_shares(connection, whole.facts.id, with_whom, now)
        settings.add_share(
            connection, setting_id=whole.facts.setting, audit_id=whole.facts.id, trust_email=with_whom,
            counts=picture_of(whole).as_json(), granted_at=now, granted_by=by,
        )  # fmt: skip


def withdraw(engine: Engine, audit_id: int, trust_email: str, now: datetime) -> None:
    """Take it back; the counts are gone from then on."""
    with writing(engine) as connection:
        settings.withdraw_shares(connection, audit_id, trust_email, now)


def shares_of(connection: Connection, audit_id: int) -> tuple[Share, ...]:
    """Return what is shared of one audit."""
    return settings.shares_of(connection, audit_id)


def shown_to(connection: Connection, definitions: Definitions, trust_email: str) -> tuple[Shown, ...]:
    """Return what settings let this mailbox see; nothing of those that did not share or took it back."""
    return tuple(
        Shown(facts, share.granted_at, picture_from(definitions.of(connection, facts.content_hash), share.counts))
        for share, facts in settings.shared_with(connection, trust_email)
    )
