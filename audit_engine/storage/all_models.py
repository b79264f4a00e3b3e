"""Every table, for what needs the whole: migrations, comparing a database with them, emptying one."""

from __future__ import annotations

from sqlalchemy import Index, text

from audit_engine.storage import anonymous_models as anonymous_models
from audit_engine.storage import benchmarks_models as benchmarks_models
from audit_engine.storage import beside_models as beside_models
from audit_engine.storage import cases_models as cases_models
from audit_engine.storage import dashboard_models as dashboard_models
from audit_engine.storage import frames_models as frames_models
from audit_engine.storage import imports_models as imports_models
from audit_engine.storage import mail_models as mail_models
from audit_engine.storage import models as models
from audit_engine.storage import people_models as people_models
from audit_engine.storage import setting_photos_models as setting_photos_models
from audit_engine.storage import settings_models as settings_models
from audit_engine.storage import themes_models as themes_models
from audit_engine.storage import waiting_models as waiting_models
from audit_engine.storage.base import METADATA as METADATA

# One lead a setting.  It stands here because to describe it is to load SQLAlchemy's whole dialect of PostgreSQL.
Index(
    "uq_setting_member_lead", settings_models.setting_member.c.setting_id, unique=True,
    sqlite_where=text("lead IS 1"), postgresql_where=text("lead IS TRUE"),
)  # fmt: skip
