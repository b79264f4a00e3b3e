"""Does what a questionnaire's file says arrive, every key of it?"""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

import pytest

from audit_engine.definition.questionnaire import LawReference, Lineage, Reflections, ResponseRule, StaffView, Support
from tests.definition.small import (
    FACTS,
    SECOND,
    SMALL,
    changed,
    following,
    knowledge,
    person_survey,
    read,
    second,
    sound,
)


def test_a_small_questionnaire_is_read_whole() -> None:
    questionnaire = sound(SMALL)
    assert questionnaire.name == "small@2"
    assert [item.id for item in questionnaire.items] == ["t.1", "t.2"]
    first, other = questionnaire.items
    assert first.is_criterion
    assert first.section == "first"
    assert [option.points for option in first.options] == [Decimal(2), Decimal(1), Decimal(0), None]
    assert not other.is_criterion
    assert [option.id for option in other.options] == ["yes", "no", "unsure"]
    assert [row.grade for row in questionnaire.grades["standard"]] == ["met", "partly-met"]


def test_the_content_hash_is_that_of_the_text_itself() -> None:
    questionnaire = sound(SMALL)
    assert questionnaire.source == SMALL
    assert questionnaire.content_hash == hashlib.sha256(SMALL.encode()).hexdigest()


def test_every_key_of_an_item_arrives() -> None:
    text = second(
        "id: t.2",
        "type: rating",
        "text: Second",
        "options:",
        "  - {id: a, label: A, points: 1.5, counts_as: met, descriptor: Good, needs: reason}",
        "  - {id: b, label: B, counts_as: not-met, exclusive: true}",
        "guidance: Look",
        "good_evidence: Paper",
        "tags: one",
        "critical: true",
        "universal: true",
        "required: false",
        'enable_when: t.1 == "met"',
        "applies_when: organisation.direct_work",
        "commentary: {required_when: [a, always, changed, new, critical], suggested_words: 80, prompt: Say}",
        "evidence: {required_when: [a]}",
        "action: {required_when: [b]}",
        "lineage: {relation: new, reason: Asked for}",
        "law: [{ref: Children Act 2004, as_at: 2026-11-01}]",
        "staff_view: [{survey: staff, item: ss.5, consistent: yes, target: 0.8, floor: 0.6, minimum: 20}]",
    )
    item = sound(text).items_by_id["t.2"]
    assert item.options[0].points == Decimal("1.5")
    assert item.options[1].exclusive
    assert (item.guidance, item.good_evidence, item.tags) == ("Look", "Paper", ("one",))
    assert (item.critical, item.universal, item.required, item.graded) == (True, True, False, True)
    assert item.enable_when is not None
    assert item.enable_when.names == {"t.1"}
    assert item.applies_when is not None
    assert item.commentary == ResponseRule(("a", "always", "changed", "new", "critical"), 80, "Say")
    assert item.lineage == Lineage("new", (), "Asked for")
    assert item.law == (LawReference("Children Act 2004", date(2026, 11, 1)),)
    assert item.staff_view == (StaffView("staff", "ss.5", ("yes",), Decimal("0.8"), Decimal("0.6"), minimum=20),)


def test_defaults_fill_what_an_item_does_not_say_and_a_key_of_its_own_replaces_the_whole() -> None:
    text = changed(
        (
            "sections:",
            "defaults:\n  rating:\n    scale: met\n    commentary: {required_when: [not-met], prompt: Say}\nsections:",
        ),
        ("        scale: met\n", ""),
        (SECOND, SECOND + "      - {id: t.3, type: rating, text: Third, commentary: {required_when: [always]}}\n"),
    )
    questionnaire = sound(text)
    assert questionnaire.items_by_id["t.1"].commentary == ResponseRule(("not-met",), None, "Say")
    assert questionnaire.items_by_id["t.3"].commentary == ResponseRule(("always",))
    assert len(questionnaire.items_by_id["t.3"].options) == 4


def test_own_options_put_a_default_scale_aside() -> None:
    text = changed(
        ("sections:", "defaults: {rating: {scale: met}}\nsections:"),
        (
            SECOND,
            SECOND + "      - {id: t.3, type: rating, graded: false, text: Third,"
            " options: [{id: a, label: A}, {id: b, label: B}]}\n",
        ),
    )
    assert [option.id for option in sound(text).items_by_id["t.3"].options] == ["a", "b"]


def test_a_calculated_item_is_never_required() -> None:
    text = second("id: t.2", "type: calculated", "text: Twice", "calculate: answered(t.1)")
    assert sound(text).items_by_id["t.2"].required is False


def test_windows_line_ends_and_a_byte_order_mark_make_no_difference() -> None:
    reading = read("\ufeff" + SMALL.replace("\n", "\r\n"))
    assert reading.faults == ()
    assert reading.questionnaire is not None
    assert reading.questionnaire.items_by_id["t.1"].text == "The first thing is done"


def test_an_option_may_be_called_always_where_no_rule_uses_the_word() -> None:
    assert sound(changed(("partly-met, label", "always, label"))).items_by_id["t.1"].option("always") is not None


def test_a_key_may_have_days_on_which_nothing_is_right() -> None:
    text = knowledge('answer: "true", to: 2026-08-31', 'answer: "false", from: 2026-10-01')
    assert [row.answer for row in sound(text).items_by_id["t.2"].key] == ["true", "false"]


def test_other_adds_an_option_unless_the_item_has_one() -> None:
    options = "options: [{id: a, label: A}, {id: other, label: Something else}, {id: b, label: B}]"
    own = sound(second("id: t.2", "type: single-choice", "text: A", options, "other: true")).items_by_id["t.2"]
    assert [option.label for option in own.options] == ["A", "Something else", "B"]
    options = "options: [{id: a, label: A}, {id: b, label: B}]"
    added_to = sound(second("id: t.2", "type: single-choice", "text: A", options, "other: true")).items_by_id["t.2"]
    assert [option.id for option in added_to.options] == ["a", "b", "other"]


def test_nobody_need_answer_a_rating_that_follows_from_rules() -> None:
    item = sound(following("[{option: met, when: true}]")).items_by_id["t.3"]
    assert item.is_worked_out
    assert item.is_criterion
    assert not item.required


def test_the_keys_of_a_survey_arrive() -> None:
    text = person_survey(
        (
            "title: Small audit",
            "title: S\nminutes: 5\nclosing: Bye\nsupport: [{name: A, contact: B, when: C}]\n"
            "reflections: {strengths: 3}",
        )
    )
    questionnaire = sound(text)
    assert questionnaire.anonymity == "anonymous"
    assert (questionnaire.minutes, questionnaire.closing) == (5, "Bye")
    assert questionnaire.support == (Support("A", "B", "C"),)
    assert questionnaire.reflections == Reflections(3, 0)


@pytest.mark.parametrize(
    ("kind", "respondent", "anonymity"),
    [
        ("survey", "person", "anonymous"),
        ("survey", "organisation", "named"),
        ("self-audit", "organisation", "private"),
        ("audit", "organisation", "named"),
        ("case-audit", "case", "named"),
    ],
)
def test_how_answers_are_treated_follows_from_kind_and_respondent(kind: str, respondent: str, anonymity: str) -> None:
    text = changed(("kind: audit\nrespondent: organisation", f"kind: {kind}\nrespondent: {respondent}"))
    assert sound(text).anonymity == anonymity


def test_a_calculated_item_may_stand_before_those_it_rests_on() -> None:
    text = changed(
        (
            SECOND,
            "      - {id: t.2, type: calculated, text: A, calculate: t.3 + 1}\n"
            "      - {id: t.3, type: calculated, text: B, calculate: t.4 * 2}\n"
            "      - {id: t.4, type: number, text: C}\n",
        )
    )
    assert sound(text).items_by_id["t.2"].calculate is not None


def test_the_reader_takes_facts_without_any() -> None:
    from audit_engine.definition.facts import Facts
    from audit_engine.definition.reader import read_questionnaire

    assert read_questionnaire(SMALL, "t.yaml", Facts()).faults == ()
    assert FACTS.types.keys() >= {"organisation.sector"}
