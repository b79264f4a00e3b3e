"""Does each named constraint refuse what it says?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Engine, UniqueConstraint, insert, update
from sqlalchemy.exc import IntegrityError

from audit_engine.storage import models
from audit_engine.storage.engine import writing
from tests.storage.rows import AT, ROWS, fill, table

NEW = {"id": 2}
# Constraint -> rows that it must refuse, as changes to the row in ROWS.
REFUSED: dict[str, list[dict[str, Any]]] = {
    "ck_organisation_lineage_names_someone": [NEW | {"predecessor_id": None, "relation": "joined"}],
    "ck_grant_of_role_own_roles_name_an_organisation": [
        NEW | {"organisation_id": None}, NEW | {"role": "business-team"},
        NEW | {"role": "signatory", "organisation_id": None},
    ],
    "ck_cycle_closes_after_it_opens": [{"id": "c", "closes_at": AT}, {"id": "c", "closes_at": AT - timedelta(1)}],
    "ck_cycle_open_pins_a_definition": [{"id": "c", "content_hash": None}],
    "ck_response_state_is_known": [NEW | {"organisation_id": "badgers", "state": "late"}],
    "ck_response_extension_has_a_reason": [
        NEW | {"organisation_id": "badgers", "extended_to": AT},
        NEW | {"organisation_id": "badgers", "extension_reason": "Flood"},
    ],
    "ck_answer_version_counts_from_one": [{"item_id": "t.A.2", "version": 0}],
    "ck_answer_state_is_known": [{"item_id": "t.A.2", "state": "not-asked"}],
    "ck_answer_an_answer_has_a_value": [
        {"item_id": "t.A.2", "value": None}, {"item_id": "t.A.2", "state": "unanswered"},
        {"item_id": "t.A.2", "state": "not-applicable", "value": None},
    ],
    "ck_rating_kind_is_known": [NEW | {"kind": "self"}],
    "ck_rating_a_panel_gives_its_reason": [NEW | {"item_id": "t.A.2", "reason": ""}],
    "ck_action_origin_is_known": [NEW | {"origin": "somewhere"}],
    "ck_panel_pack_nobody_has_it_before_the_panel": [{"response_id": 2, "shared_at": AT - timedelta(1)}],
    "ck_survey_turnout_replies_count_from_nought": [{"organisation_id": "badgers", "replies": -1}],
    "ck_survey_turnout_somebody_was_invited": [{"organisation_id": "badgers", "invited": 0}],
    "ck_survey_count_counts_from_nought": [{"option": "not-met", "n": -1}],
    "ck_survey_text_outcome_is_known": [{"id": "s", "outcome": "printed"}],
    "ck_survey_text_an_outcome_has_its_day": [
        {"id": "s", "reviewed_on": None}, {"id": "s", "outcome": ""},
    ],
    "ck_survey_text_a_reviewer_read_it": [{"id": "s", "reviewer": ""}, {"id": "s", "released": False}],
    "ck_survey_text_a_change_has_its_reason": [
        {"id": "s", "reason": ""}, {"id": "s", "reason": "", "outcome": "hidden"},
    ],
    "uq_organisation_lineage_predecessor_id_successor_id_relation": [NEW],
    "uq_person_email": [NEW | {"fs_uniquifier": "u2"}],
    "uq_person_fs_uniquifier": [NEW | {"email": "bob@example.org"}],
    "uq_response_cycle_id_organisation_id": [NEW],
    "uq_answer_change_response_id_item_id_repeat_area_version": [NEW],
    "uq_rating_response_id_item_id_repeat_area_kind_rater": [NEW],
    "uq_submission_receipt": [NEW | {"number": 2}],
    "uq_submission_response_id_number": [NEW | {"receipt": "BBBB"}],
    "uq_action_response_id_item_id_repeat_area_origin": [NEW],
    "uq_evidence_stored_as": [NEW],
    "uq_outbox_key": [NEW],
    "uq_survey_link_token": [NEW],
}  # fmt: skip


def named(kind: type[Any]) -> dict[str, str]:
    """Return the table of every constraint of a kind, by its name in the database."""
    found = {}
    for name, one in models.METADATA.tables.items():
        for constraint in one.constraints:
            if isinstance(constraint, kind):
                found[str(constraint.name)] = name
    return found


OWNERS = named(CheckConstraint) | named(UniqueConstraint)
CASES = [(name, change) for name, changes in REFUSED.items() for change in changes]


def test_every_named_constraint_is_tried_here() -> None:
    assert set(OWNERS) == set(REFUSED)


@pytest.mark.parametrize("name, change", CASES, ids=[f"{n}-{i}" for i, (n, _) in enumerate(CASES)])
def test_a_constraint_refuses_what_it_says(filled: Engine, name: str, change: dict[str, Any]) -> None:
    owner = table(OWNERS[name])
    with pytest.raises(IntegrityError) as refusal, writing(filled) as connection:
        connection.execute(insert(table("organisation")).values({**ROWS["organisation"], "id": "badgers"}))
        if name == "uq_organisation_lineage_predecessor_id_successor_id_relation":
            change = {**change, "successor_id": "badgers"}  # where one side is NULL no two rows are the same
            connection.execute(insert(owner).values({**ROWS[owner.name], **change, "id": 3}))
        connection.execute(insert(owner).values({**ROWS[owner.name], **change}))
    said = str(refusal.value.orig)
    if filled.dialect.name == "postgresql" or name.startswith("ck_"):
        assert name in said
    else:
        assert said.startswith(f"UNIQUE constraint failed: {owner.name}.")


def test_an_answer_has_one_row(filled: Engine) -> None:
    with pytest.raises(IntegrityError), writing(filled) as connection:
        connection.execute(insert(table("answer")).values(ROWS["answer"]))


FOREIGN = sorted(
    (name, foreign.parent.name) for name, one in models.METADATA.tables.items() for foreign in one.foreign_keys
)


@pytest.mark.parametrize("name, column", FOREIGN)
def test_nothing_may_point_to_what_is_not_there(filled: Engine, name: str, column: str) -> None:
    nowhere = 999 if table(name).c[column].type.python_type is int else "nowhere"
    with pytest.raises(IntegrityError) as refusal, writing(filled) as connection:
        connection.execute(update(table(name)).values({column: nowhere}))
    assert "foreign key" in str(refusal.value.orig).lower()


def test_a_person_who_is_deleted_takes_roles_and_sessions_along_and_leaves_the_work(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection)
        connection.exec_driver_sql("UPDATE answer SET saved_by = 1")
        connection.exec_driver_sql("DELETE FROM person")
        counted = {
            name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
            for name in ("grant_of_role", "signed_in_session", "answer", "trail", "correction")
        }
        author = connection.exec_driver_sql("SELECT saved_by FROM answer").scalar_one()
    assert counted == {"grant_of_role": 0, "signed_in_session": 0, "answer": 1, "trail": 1, "correction": 1}
    assert author is None
