"""Which photos did a setting take? The pictures themselves are files named by ``id``, outside what is served."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from audit_engine.storage.base import METADATA, Id, Instant, given
from audit_engine.storage.settings_models import by_member, of_setting

setting_photo = Table(
    "setting_photo",
    METADATA,
    Column("id", String(32), primary_key=True),
    of_setting(),
    given("audit_id", ForeignKey("setting_audit.id", ondelete="CASCADE"), index=True),
    given("item_id", Id),
    given("size", Integer),
    given("added_at", Instant),
    by_member("added_by"),
    sqlite_with_rowid=False,
)
