"""Does 0005 leave what was there alone, and can it be taken back?"""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, delete, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError

from audit_engine.storage import schema
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import ROWS, fill, table
from tests.storage.stepping import contents, go_back

OLDER = ("organisation", "person", "cycle", "survey_link", "survey_ticket")
LEANS_ON = ("area", "sector", "organisation", "person", "cycle_definition", "cycle")
OWN = ("mailing", "mail_recipient", "mail_stop", "organisation_contact")


def test_0005_keeps_every_row_of_a_database_at_0004(engine: Engine) -> None:
    with writing(engine) as connection:
        go_back(connection, "0004")
        for name in (n for n in ROWS if n in {*LEANS_ON, *OLDER}):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        before = contents(connection, OLDER)
    assert schema.version_of(engine) == "0004"
    assert schema.upgrade(engine)
    with reading(engine) as connection:
        assert contents(connection, OLDER) == before
        for name in OWN:
            assert connection.execute(select(table(name))).all() == []


def test_0005_can_be_taken_back_and_takes_only_its_own_tables(engine: Engine) -> None:
    with writing(engine) as connection:
        for name in (n for n in ROWS if n in {*LEANS_ON, *OLDER, *OWN}):
            connection.execute(insert(table(name)).values(**ROWS[name]))
        before = contents(connection, OLDER)
        go_back(connection, "0004")
        assert not set(OWN) & set(inspect(connection).get_table_names())
        assert contents(connection, OLDER) == before


def test_a_mailing_takes_its_addresses_along(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        connection.execute(delete(table("mailing")))
        assert connection.execute(select(table("mail_recipient"))).all() == []


@pytest.mark.parametrize(
    "name, values, rule",
    [
        ("mailing", {"kind": "everybody"}, "kind_is_known"),
        ("mailing", {"purpose": "nagging"}, "purpose_is_known"),
        ("mailing", {"state": "gone"}, "state_is_known"),
        ("mailing", {"asked_at": None}, "a_draft_was_not_asked_for"),
        ("mailing", {"purpose": "reminder"}, "a_reminder_has_its_invitation"),
        ("mail_recipient", {"state": "answered"}, "state_is_known"),
        ("mail_recipient", {"message_id": ""}, "what_is_sent_has_an_id"),
    ],
)
def test_the_database_itself_holds_the_rules(filled: Engine, name: str, values: dict[str, object], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), writing(filled) as connection:
        connection.execute(update(table(name)).values(**values))


def test_an_address_stands_once_in_a_mailing(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(table("mail_recipient")).values(**{**ROWS["mail_recipient"], "id": 2}))
