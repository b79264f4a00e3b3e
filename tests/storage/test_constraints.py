"""Does each named constraint refuse what it says?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Engine, UniqueConstraint, insert, update
from sqlalchemy.exc import IntegrityError

from audit_engine.storage import all_models
from audit_engine.storage.engine import writing
from tests.storage.rows import AT, LATER, ROWS, fill, table

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
    "ck_survey_text_a_reviewer_read_it": [{"id": "s", "reviewer": ""}],
    "ck_survey_text_a_change_has_its_reason": [
        {"id": "s", "reason": ""}, {"id": "s", "reason": "", "outcome": "hidden"},
    ],
    "ck_second_reading_compared_after_finishing": [{"repeat": "2", "finished_at": None}],
    "ck_second_reading_noted_after_comparing": [{"repeat": "2", "compared_at": None}],
    "ck_mailing_kind_is_known": [NEW | {"kind": "everybody"}],
    "ck_mailing_purpose_is_known": [NEW | {"purpose": "threat"}],
    "ck_mailing_state_is_known": [NEW | {"state": "sent"}],
    "ck_mailing_a_draft_was_not_asked_for": [NEW | {"state": "draft"}, NEW | {"asked_at": None}],
    "ck_mailing_a_reminder_has_its_invitation": [NEW | {"purpose": "reminder"}, NEW | {"after_id": 1}],
    "ck_mail_recipient_state_is_known": [NEW | {"address": "bob@example.org", "state": "read"}],
    "ck_mail_recipient_what_is_sent_has_an_id": [
        NEW | {"address": "bob@example.org", "message_id": ""},
        NEW | {"address": "bob@example.org", "message_id": "", "state": "sending"},
    ],
    "ck_answer_import_state_is_known": [NEW | {"state": "lost"}],
    "ck_answer_import_an_undoing_has_its_moment": [
        NEW | {"state": "undone", "reason": "Wrong file"}, NEW | {"undone_at": LATER},
    ],
    "ck_answer_import_an_undoing_has_its_reason": [NEW | {"state": "undone", "undone_at": LATER}],
    "ck_setting_member_who_left_leads_nothing": [
        NEW | {"setting_id": 2, "email": "next@example.org", "left_at": LATER},
    ],
    "ck_setting_answer_version_counts_from_one": [{"item_id": "t.A.2", "version": 0}],
    "ck_setting_answer_state_is_known": [{"item_id": "t.A.2", "state": "not-asked"}],
    "ck_setting_answer_an_answer_has_a_value": [
        {"item_id": "t.A.2", "value": None}, {"item_id": "t.A.2", "state": "unanswered"},
        {"item_id": "t.A.2", "state": "not-applicable", "value": None},
    ],
    "ck_setting_note_version_counts_from_one": [{"place": "2", "version": 0}],
    "ck_setting_note_kind_is_known": [{"kind": "weakness"}],
    "ck_setting_request_kind_is_known": [NEW | {"kind": "colour"}],
    "ck_setting_request_a_decision_has_its_time": [NEW | {"approved": True}, NEW | {"decided_at": LATER}],
    "ck_setting_access_looking_has_a_reason": [NEW | {"why": ""}],
    "ck_plan_figure_kind_is_known": [NEW | {"kind": "feeling"}],
    "ck_plan_figure_a_number_or_a_percentage": [NEW | {"number": None}, NEW | {"percentage": "33.6"}],
    "ck_plan_figure_a_share_has_a_base": [NEW | {"base": None}, NEW | {"base": None, "kind": "sample"}],
    "ck_plan_figure_a_base_is_not_empty": [NEW | {"base": 0}, NEW | {"base": -1, "kind": "count"}],
    "ck_plan_figure_a_withdrawal_has_a_reason": [NEW | {"withdrawn_at": LATER}, NEW | {"withdrawn_because": "Wrong"}],
    "ck_report_doubt_it_has_a_reason": [{"report_id": 2, "reason": ""}],
    "ck_benchmark_cohort_shows_is_known": [
        {"section_id": "working", "shows": "all", "q1": None, "median": None, "q3": None},
    ],
    "ck_benchmark_cohort_a_median_needs_six": [
        {"section_id": "working", "shows": "median", "n": 5, "q1": None, "q3": None},
        {"section_id": "working", "shows": "median", "median": None, "q1": None, "q3": None},
        {"section_id": "working", "shows": "alike", "q1": None, "q3": None},
    ],
    "ck_benchmark_cohort_quartiles_need_twelve": [
        {"section_id": "working", "n": 11}, {"section_id": "working", "q1": None},
        {"section_id": "working", "q1": None, "q3": None}, {"section_id": "working", "shows": "median"},
        {"section_id": "working", "n": 11, "q3": None}, {"section_id": "working", "n": 11, "q1": None},
        {"section_id": "working", "shows": "median", "q1": None},
    ],
    "ck_benchmark_cohort_a_percentile_needs_twenty": [{"section_id": "working", "shows": "percentile", "n": 19}],
    "ck_theme_a_theme_is_defined": [NEW | {"label": ""}, NEW | {"definition": ""}],
    "ck_theme_nothing_merges_into_itself": [NEW | {"merged_into": 2}],
    "ck_theme_change_event_is_known": [NEW | {"event": "forgotten"}],
    "ck_theme_coder_two_people_code": [{"person_id": None, "place": 3}, {"person_id": None, "place": 0}],
    "ck_practice_card_state_is_known": [NEW | {"state": "rumoured"}],
    "ck_practice_card_staff_is_known": [NEW | {"staff": "perhaps"}],
    "ck_practice_card_consent_is_somebody_s_of_a_day": [
        NEW | {"state": "draft", "consent_by": ""},
        NEW | {"state": "draft", "consent_on": None, "consent_names": False},
    ],
    "ck_practice_card_a_name_needs_consent": [
        NEW | {"state": "draft", "consent_by": "", "consent_on": None, "consent_names": True},
    ],
    "ck_practice_card_what_is_agreed_met_the_bar": [
        NEW | {"consent_by": "", "consent_on": None, "consent_names": False}, NEW | {"evidence": 1},
        NEW | {"against": "Staff say otherwise"}, NEW | {"agreed_at": None},
    ],
    "uq_organisation_lineage_predecessor_id_successor_id_relation": [NEW],
    "uq_person_email": [NEW | {"fs_uniquifier": "u2"}],
    "uq_person_fs_uniquifier": [NEW | {"email": "bob@example.org"}],
    "uq_response_cycle_id_organisation_id": [NEW],
    "uq_answer_change_response_id_version_item_id_repeat_area": [NEW],
    "uq_rating_response_id_item_id_repeat_area_kind_rater": [NEW],
    "uq_submission_receipt": [NEW | {"number": 2}],
    "uq_submission_response_id_number": [NEW | {"receipt": "BBBB"}],
    "uq_action_response_id_item_id_repeat_area_origin": [NEW],
    "uq_evidence_stored_as": [NEW],
    "uq_outbox_key": [NEW],
    "uq_survey_link_token": [NEW],
    "uq_mail_recipient_mailing_id_organisation_id_address": [NEW],
    "uq_setting_member_setting_id_email": [NEW | {"lead": False}],
    "uq_setting_member_lead": [NEW | {"email": "next@example.org"}],
    "uq_setting_answer_change_audit_id_item_id_repeat_version": [NEW],
    "uq_setting_note_change_audit_id_kind_place_version": [NEW],
    "uq_plan_figure_replaces_id": [NEW],
    "uq_theme_coder_cycle_id_person_id": [{"place": 2}],
}  # fmt: skip
# Where a column of the row in ROWS is NULL no two rows are the same: these need two new ones.
WITH_NULL: dict[str, dict[str, Any]] = {
    "uq_organisation_lineage_predecessor_id_successor_id_relation": {"successor_id": "badgers"},
    "uq_plan_figure_replaces_id": {"replaces_id": 1},
}


def named(kind: type[Any]) -> dict[str, str]:
    """Return the table of every constraint of a kind, by its name in the database."""
    found = {}
    for name, one in all_models.METADATA.tables.items():
        for constraint in one.constraints:
            if isinstance(constraint, kind):
                found[str(constraint.name)] = name
    return found


def unique_indexes() -> dict[str, str]:
    """Return the table of every index that allows a value once, where a rule holds for some rows alone."""
    return {str(i.name): name for name, one in all_models.METADATA.tables.items() for i in one.indexes if i.unique}


OWNERS = named(CheckConstraint) | named(UniqueConstraint) | unique_indexes()
CASES = [(name, change) for name, changes in REFUSED.items() for change in changes]


def test_every_named_constraint_is_tried_here() -> None:
    assert set(OWNERS) == set(REFUSED)


@pytest.mark.parametrize("name, change", CASES, ids=[f"{n}-{i}" for i, (n, _) in enumerate(CASES)])
def test_a_constraint_refuses_what_it_says(filled: Engine, name: str, change: dict[str, Any]) -> None:
    owner = table(OWNERS[name])
    with pytest.raises(IntegrityError) as refusal, writing(filled) as connection:
        connection.execute(insert(table("organisation")).values({**ROWS["organisation"], "id": "badgers"}))
        if name in WITH_NULL:
            change = {**change, **WITH_NULL[name]}
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
    (name, foreign.parent.name) for name, one in all_models.METADATA.tables.items() for foreign in one.foreign_keys
)


# What else must change so that no other rule refuses the row first.
BESIDE = {("mailing", "after_id"): {"purpose": "reminder"}}


@pytest.mark.parametrize("name, column", FOREIGN)
def test_nothing_may_point_to_what_is_not_there(filled: Engine, name: str, column: str) -> None:
    nowhere = 999 if table(name).c[column].type.python_type is int else "nowhere"
    with pytest.raises(IntegrityError) as refusal, writing(filled) as connection:
        connection.execute(update(table(name)).values({column: nowhere, **BESIDE.get((name, column), {})}))
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
