from __future__ import annotations

from audit_engine.definition.applicability import Asked, asked, resolved
from tests.definition.small import changed, sound

ITEMS = """\
      - {id: t.2, type: yes-no-unsure, text: Do you offer training?}
      - {id: t.3, type: number, text: How many people came?, enable_when: t.2 == "yes"}
      - {id: t.4, type: text, text: Why so few?, enable_when: t.3 < 10 and t.2 == "yes"}
      - {id: t.5, type: text, text: About children, applies_when: organisation.direct_work}
      - id: t.6
        type: text
        text: About police
        applies_when: organisation.sector == "police" and "kent" in organisation.areas
      - {id: t.7, type: calculated, text: Twice, calculate: t.3 * 2}
      - {id: t.8, type: text, text: Many, enable_when: t.7 > 30}
  - id: second
    title: Second
    applies_when: organisation.commissions
    items:
      - {id: t.9, type: text, text: A contract}
      - {id: t.10, type: text, text: More, enable_when: organisation.staff > 3}
      - {id: t.11, type: text, text: After nine, enable_when: answered(t.9)}
"""
QUESTIONNAIRE = sound(changed(("      - id: t.2\n        type: yes-no-unsure\n        text: Is there more?\n", ITEMS)))
ALL = {"sector": "police", "areas": ("kent",), "direct_work": True, "commissions": True, "staff": 5}


def states(facts: dict[str, object], answers: dict[str, object]) -> dict[str, str]:
    return {item: found.state for item, found in asked(QUESTIONNAIRE, facts, answers).items()}


def why(item: str, facts: dict[str, object], answers: dict[str, object]) -> str:
    return asked(QUESTIONNAIRE, facts, answers)[item].why


def test_what_profile_and_answers_allow_is_asked() -> None:
    found = asked(QUESTIONNAIRE, ALL, {"t.2": "yes", "t.3": 4, "t.9": "words"})
    assert {item for item, state in found.items() if not state.asked} == {"t.8"}
    assert all(state.why == "" for state in found.values() if state.asked)


def test_every_item_has_a_state() -> None:
    assert list(states({}, {})) == [item.id for item in QUESTIONNAIRE.items]


def test_the_profile_rules_out_items_and_whole_sections() -> None:
    found = states({**ALL, "direct_work": False, "commissions": False}, {})
    assert found["t.5"] == found["t.9"] == found["t.10"] == found["t.11"] == "ruled-out"
    assert found["t.6"] == "asked"


def test_facts_may_be_written_as_yes_and_no() -> None:
    assert states({**ALL, "direct_work": "no"}, {})["t.5"] == "ruled-out"
    assert states({**ALL, "direct_work": "yes"}, {})["t.5"] == "asked"


def test_an_item_that_rests_on_one_that_is_not_asked_sees_it_unanswered() -> None:
    stale = {"t.2": "no", "t.3": 4}
    assert states(ALL, stale)["t.3"] == "not-enabled"
    assert states(ALL, stale)["t.4"] == "not-enabled"
    assert resolved(QUESTIONNAIRE, ALL, stale).values.get("t.3") is None
    assert resolved(QUESTIONNAIRE, ALL, stale).values.get("t.7") is None
    assert states({**ALL, "commissions": False}, {"t.9": "stale"})["t.11"] == "ruled-out"


def test_an_old_answer_to_what_the_profile_rules_out_does_not_count() -> None:
    stale = {"t.5": "Typed when we still worked with children"}
    assert "t.5" in resolved(QUESTIONNAIRE, ALL, stale).values
    assert "t.5" not in resolved(QUESTIONNAIRE, {**ALL, "direct_work": False}, stale).values


def test_calculated_values_decide_what_is_asked() -> None:
    assert states(ALL, {"t.2": "yes", "t.3": 20})["t.8"] == "asked"
    assert resolved(QUESTIONNAIRE, ALL, {"t.2": "yes", "t.3": 20}).values["t.7"] == 40


def test_the_reason_quotes_the_profile() -> None:
    assert why("t.5", {**ALL, "direct_work": False}, {}) == (
        "Not asked because your profile says: you do not work directly with children."
    )
    assert why("t.9", {**ALL, "commissions": False}, {}) == (
        "Not asked because your profile says: buys services for children: no."
    )


def test_the_reason_names_only_the_facts_that_rule_the_item_out() -> None:
    assert why("t.6", {**ALL, "sector": "nhs-provider"}, {}) == (
        "Not asked because your profile says: kind of organisation: NHS provider trust."
    )
    assert why("t.6", {**ALL, "areas": ("medway", "bexley")}, {}) == (
        "Not asked because your profile says: areas where you work: bexley and medway."
    )


def test_a_fact_that_is_not_given_is_told_as_such() -> None:
    facts = {name: value for name, value in ALL.items() if name != "direct_work"}
    assert why("t.5", facts, {}) == "Not asked because your profile does not yet say: “Works directly with children”."
    partly = {"sector": "nhs-provider"}
    assert why("t.6", partly, {}) == (
        "Not asked because your profile says: kind of organisation: NHS provider trust; "
        "and does not yet say: “Areas where you work”."
    )


def test_the_reason_quotes_the_answer_or_asks_for_it() -> None:
    assert why("t.3", ALL, {"t.2": "no"}) == "Not asked because you answered “Do you offer training?”: No."
    assert why("t.3", ALL, {}) == "Not asked until you have answered “Do you offer training?”."
    assert why("t.4", ALL, {"t.2": "yes", "t.3": 50}) == "Not asked because you answered “How many people came?”: 50."
    assert why("t.10", {**ALL, "staff": 2}, {}) == "Not asked because your profile says: number of staff: 2."


def test_states_compare_without_their_reasons() -> None:
    assert Asked("ruled-out", lambda: "one") == Asked("ruled-out", lambda: "two")
    assert asked(QUESTIONNAIRE, ALL, {})["t.3"] == Asked("not-enabled")


def test_what_is_given_is_not_changed() -> None:
    answers: dict[str, object] = {"t.2": "no", "t.3": 4}
    asked(QUESTIONNAIRE, ALL, answers)
    assert answers == {"t.2": "no", "t.3": 4}


RULES = """\
      - {id: t.2, type: multiple-choice, text: Which?, options: [{id: a, label: A}, {id: none, label: None of these}]}
      - {id: t.3, type: yes-no-unsure, text: All of them?, enable_when: '"a" in t.2'}
      - {id: t.4, type: text, text: More?, required: false}
      - id: t.5
        type: rating
        scale: met
        text: It is led
        guidance: Look
        applies_when: organisation.direct_work
        rules:
          - {option: met, when: t.3 == "yes" or t.4 == "much"}
          - {option: partly-met, when: '"a" in t.2'}
          - {option: not-met, when: "true"}
      - id: t.6
        type: rating
        scale: met
        text: So are others
        guidance: Look
        rules: [{option: met, when: t.5 == "met"}, {option: not-met, when: "true"}]
"""
FOLLOWING = sound(changed(("      - id: t.2\n        type: yes-no-unsure\n        text: Is there more?\n", RULES)))


def follows(answers: dict[str, object], direct_work: bool = True) -> tuple[object, object]:
    values = resolved(FOLLOWING, {"direct_work": direct_work}, answers).values
    return values.get("t.5"), values.get("t.6")


def test_a_rating_follows_from_the_first_rule_that_holds() -> None:
    assert follows({"t.2": ("a",), "t.3": "yes"}) == ("met", "met")
    assert follows({"t.2": ("a",), "t.3": "no"}) == ("partly-met", "not-met")
    assert follows({"t.2": ("a",), "t.3": "no", "t.4": "much"}) == ("met", "met")


def test_a_rating_waits_for_everything_required_that_is_asked() -> None:
    assert follows({}) == (None, None)
    assert follows({"t.2": ("a",)}) == (None, None)
    assert follows({"t.2": ("none",)}) == ("not-met", "not-met")


def test_a_rating_that_follows_is_ruled_out_like_any_other() -> None:
    assert follows({"t.2": ("a",), "t.3": "yes"}, direct_work=False) == (None, "not-met")


def test_a_rating_that_was_typed_gives_way_to_the_rules() -> None:
    assert follows({"t.2": ("none",), "t.5": "met"}) == ("not-met", "not-met")
    assert follows({"t.5": "met"}) == (None, None)
