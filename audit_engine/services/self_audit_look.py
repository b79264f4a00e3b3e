"""Let somebody who runs the server look into one setting's answers, and tell the setting that they did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from audit_engine.services.definitions import Definitions
from audit_engine.services.self_audit import SelfAuditRefused
from audit_engine.services.self_audit_export import as_json
from audit_engine.storage import settings
from audit_engine.storage.engine import writing

LONGEST_WHO = 200


def look(engine: Engine, definitions: Definitions, office_email: str, who: str, why: str, now: datetime) -> str:
    """Return everything of the setting with that office address as JSON; the looking is written down first.

    The setting reads on its own page who looked, when and why.
    """
    if not why.strip():
        raise SelfAuditRefused("Say why you look. The reason is kept, and the school or setting can read it.")
    with writing(engine) as connection:
        found = settings.settings_with_office(connection, office_email.strip().lower())
        if len(found) != 1:
            raise SelfAuditRefused("There is no school or setting with that office address, or more than one.")
        settings.note_access(connection, found[0].id, who.strip()[:LONGEST_WHO] or "Somebody", why.strip(), now)
        return as_json(connection, definitions, found[0])
