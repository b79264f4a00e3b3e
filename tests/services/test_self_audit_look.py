"""Is looking into a school's answers from the server written down, with a reason, where the school reads it?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services.self_audit import SelfAuditRefused
from audit_engine.services.self_audit_look import look
from audit_engine.storage import settings
from audit_engine.storage.engine import reading
from tests.services.own import IN_2026, OFFICE, Schools


@pytest.fixture
def schools(tmp_path: Path, engine: Engine) -> Schools:
    found = Schools.in_folder(tmp_path, engine).open("own-2026")
    found.grade(found.start(found.school()), A1="embedded")
    return found


def test_who_looks_is_written_down_with_the_reason(schools: Schools) -> None:
    whole = json.loads(look(schools.engine, schools.world.definitions, OFFICE, "root", "A court order", IN_2026))
    assert whole["self_audits"][0]["answers"][0]["answer"] == "embedded"
    with reading(schools.engine) as connection:
        (noted,) = settings.accesses(connection, 1)
    assert (noted.who, noted.why, noted.at) == ("root", "A court order", IN_2026)
    assert whole["looked_into_by_those_who_run_the_server"][0]["why"] == "A court order"


@pytest.mark.parametrize("office, why", [(OFFICE, " "), ("nobody@example.org", "A court order")])
def test_nobody_looks_without_a_reason_or_at_nobody(schools: Schools, office: str, why: str) -> None:
    with pytest.raises(SelfAuditRefused):
        look(schools.engine, schools.world.definitions, office, "root", why, IN_2026)
    with reading(schools.engine) as connection:
        assert settings.accesses(connection, 1) == ()
