"""Is everything that the rules ask for asked for, and nothing else?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from audit_engine.definition.questionnaire import CountsAs, Item, Option, Questionnaire, ResponseRule, Section
from audit_engine.response.answers import Answer, State
from audit_engine.response.completeness import Progress, all_gaps, gaps, holds, may_confirm, progress
from audit_engine.response.earlier import Earlier, EarlierAnswer
from audit_engine.response.unfinished import Unfinished, written

OPTIONS = (
    Option("met", "Met", counts_as="met"),
    Option("partly-met", "Partially met", counts_as="partly-met"),
    Option("not-met", "Not met", counts_as="not-met"),
    Option("not-applicable", "Not applicable", counts_as="not-applicable", needs="reason"),
)
RULES = {
    "commentary": ResponseRule(("partly-met", "not-met", "changed", "new", "critical")),
    "evidence": ResponseRule(("met",)),
    "action": ResponseRule(("partly-met", "not-met")),
}
ACTION = {"action_what": "Write it", "action_who": "Sam", "action_by": date(2027, 3, 31)}


def rated(item_id: str = "t.A.1", **more: object) -> Item:
    return Item(item_id, "rating", "Somebody leads", section="leading", options=OPTIONS, **{**RULES, **more})  # type: ignore[arg-type]


def commented(*tokens: str, critical: bool = False) -> Item:
    return Item("t.A.1", "rating", "Leads", options=OPTIONS, critical=critical, commentary=ResponseRule(tokens))


def last_time(*ratings: CountsAs) -> Earlier:
    return Earlier("same", tuple(EarlierAnswer("t.A.1", "Leads", r, "", r) for r in ratings))


def said(value: str = "met", **more: object) -> Answer:
    state = State.NOT_APPLICABLE if value == "not-applicable" else State.ANSWERED
    return Answer("t.A.1", state, value, **more)  # type: ignore[arg-type]


def missing(item: Item, answer: Answer, earlier: Earlier | None = None) -> list[str]:
    return [gap.field for gap in gaps(item, answer, earlier)]


@pytest.mark.parametrize(
    "token, critical, value, earlier, expected",
    [
        ("always", False, "met", last_time("met"), True),
        ("partly-met", False, "partly-met", last_time("partly-met"), True),
        ("partly-met", False, "met", last_time("met"), False),
        ("changed", False, "met", last_time("not-met"), True),
        ("changed", False, "met", last_time("met"), False),
        ("changed", False, "met", None, False),
        ("new", False, "met", None, True),
        ("new", False, "met", last_time("met"), False),
        ("critical", True, "met", last_time("met"), True),
        ("critical", False, "met", last_time("met"), False),
    ],
)
def test_a_rule_holds_when_any_of_its_words_does(
    token: str, critical: bool, value: str, earlier: Earlier | None, expected: bool
) -> None:
    item = commented(token, critical=critical)
    assert holds(item.commentary, item, said(value), earlier) is expected


def test_a_rule_without_words_never_holds() -> None:
    item = commented()
    assert not holds(item.commentary, item, said(), None)


def test_an_earlier_answer_that_counted_as_nothing_is_no_earlier_answer() -> None:
    before = Earlier("same", (EarlierAnswer("t.A.1", "Leads", "Yes", "", None),))
    item = commented("new")
    assert holds(item.commentary, item, said(), before)


def test_a_change_is_measured_from_the_weakest_of_several_earlier_answers() -> None:
    item = commented("changed")
    assert holds(item.commentary, item, said("met"), last_time("met", "not-met"))
    assert not holds(item.commentary, item, said("not-met"), last_time("met", "not-met"))


def test_an_unanswered_question_is_missing_its_rating_and_nothing_else() -> None:
    assert missing(rated(), Answer("t.A.1")) == ["value"]


def test_a_question_that_is_not_required_may_stay_empty() -> None:
    assert missing(rated(required=False), Answer("t.A.1")) == []


def test_unchanged_and_met_needs_evidence_and_one_click_that_confirms() -> None:
    answer = said("met", evidence="Minutes")
    assert missing(rated(), answer, last_time("met")) == ["commentary"]
    (gap,) = gaps(rated(), answer, last_time("met"))
    assert gap.sentence == "For A.1, confirm that nothing material changed, or say what did"
    confirmed = said("met", evidence="Minutes", confirmed_on=date(2026, 10, 5))
    assert missing(rated(), confirmed, last_time("met")) == []
    assert missing(rated(), said("met", evidence="Minutes", commentary="We moved"), last_time("met")) == []


@pytest.mark.parametrize(
    "item, value, earlier",
    [
        (rated(), "met", last_time("not-met")),
        (rated(), "met", None),
        (rated(), "not-met", last_time("not-met")),
        (rated(critical=True), "met", last_time("met")),
    ],
    ids=["changed", "new", "not met", "critical"],
)
def test_a_confirmation_never_stands_in_for_commentary_that_is_needed(
    item: Item, value: str, earlier: Earlier | None
) -> None:
    answer = said(value, evidence="Minutes", confirmed_on=date(2026, 10, 5), **ACTION)
    assert not may_confirm(item, answer, earlier)
    assert missing(item, answer, earlier) == ["commentary"]


def test_nothing_is_confirmed_where_commentary_is_never_asked_for() -> None:
    assert not may_confirm(commented(), said(), last_time("met"))


@pytest.mark.parametrize(
    "item, value, earlier, why",
    [
        (rated(), "not-met", last_time("not-met"), "it is needed where the rating is not met"),
        (rated(), "met", last_time("not-met"), "the rating changed since last time"),
        (rated(critical=True), "met", last_time("met"), "this is a critical criterion"),
        (rated(), "met", None, "there is no earlier answer to confirm"),
        (commented("always"), "met", last_time("met"), "it is always needed here"),
    ],
)
def test_the_sentence_says_why_commentary_is_needed(item: Item, value: str, earlier: Earlier | None, why: str) -> None:
    sentences = [g.sentence for g in gaps(item, said(value), earlier) if g.field == "commentary"]
    assert sentences == [f"Add commentary to A.1: {why}"]


def test_what_is_not_fully_met_needs_an_action_with_somebody_and_a_day() -> None:
    answer = said("partly-met", commentary="Half")
    assert missing(rated(), answer, last_time("partly-met")) == ["action-what", "action-who", "action-by"]
    assert missing(rated(), said("partly-met", commentary="Half", **ACTION), last_time("partly-met")) == []


def test_blanks_are_no_commentary_no_evidence_and_no_action() -> None:
    answer = said("partly-met", commentary=" \n", action_what=" ", action_who="\t", action_by=date(2027, 1, 1))
    assert missing(rated(), answer) == ["commentary", "action-what", "action-who"]
    assert missing(rated(), said("met", commentary="So", evidence="  ")) == ["evidence"]


def test_not_applicable_needs_its_reason_and_nothing_else() -> None:
    assert missing(rated(critical=True), said("not-applicable")) == ["reason"]
    assert missing(rated(critical=True), said("not-applicable", reason=" ")) == ["reason"]
    assert missing(rated(critical=True), said("not-applicable", reason="We have none")) == []


def test_not_applicable_needs_no_reason_where_the_scale_asks_for_none() -> None:
    item = Item("t.A.1", "rating", "Leads", options=(Option("none", "None", counts_as="not-applicable"),))
    assert missing(item, Answer("t.A.1", State.NOT_APPLICABLE, "none")) == []


def test_an_area_says_what_is_different_and_repeats_neither_evidence_nor_action() -> None:
    assert missing(rated(critical=True), said("not-met", area="south")) == ["commentary"]
    assert missing(rated(), said("not-met", area="south", commentary="The team moved")) == []
    assert missing(rated(), Answer("t.A.1", area="south")) == []


def test_a_gap_in_an_area_is_found_beside_the_general_answer() -> None:
    item = rated()
    asked = Questionnaire("t", "1", "T", "audit", "organisation", (Section("leading", "Leading", (item,)),))
    general = said("met", commentary="So", evidence="File")
    answers = {general.key: general, ("t.A.1", "", "south"): said("not-met", area="south")}
    assert [(g.area, g.field) for g in all_gaps(asked, ["t.A.1"], answers, {})] == [("south", "commentary")]


@pytest.mark.parametrize("item_type", ["information", "calculated"])
def test_what_nobody_can_answer_is_never_missing(item_type: str) -> None:
    assert missing(Item("t.A.1", item_type, "Read this"), Answer("t.A.1")) == []


@pytest.mark.parametrize(
    "item, sentence",
    [
        (rated(), "Choose a rating for A.1"),
        (Item("t.A.1", "yes-no-unsure", "?", options=(Option("yes", "Yes"),)), "Choose an answer to “?”"),
        (Item("t.A.1", "text", "?"), "Answer “?”"),
    ],
)
def test_what_is_missing_is_said_in_the_words_of_the_page(item: Item, sentence: str) -> None:
    assert [g.sentence for g in gaps(item, Answer("t.A.1"), None)] == [sentence]


def test_gaps_come_in_the_order_of_the_questionnaire_and_only_for_what_is_asked() -> None:
    items = (rated("t.A.2"), rated("t.A.1"), rated("t.A.3"))
    asked = Questionnaire("t", "1", "T", "audit", "organisation", (Section("leading", "Leading", items),))
    assert [g.item for g in all_gaps(asked, ["t.A.1", "t.A.2"], {}, {})] == ["t.A.2", "t.A.1"]


def test_a_section_is_completed_when_no_gap_is_left_and_not_before() -> None:
    section = Section("leading", "Leading", (rated("t.A.1"), rated("t.A.2"), Item("t.A.0", "information", "Read")))
    asked = ["t.A.0", "t.A.1", "t.A.2"]
    states = []
    answers: dict[tuple[str, str, str], Answer] = {}
    for item_id, more in (("t.A.1", {}), ("t.A.1", {"commentary": "So", "evidence": "File"}), ("t.A.2", {})):
        states.append(progress(section, asked, answers, {}))
        answers[item_id, "", ""] = Answer(item_id, State.ANSWERED, "met", **more)  # type: ignore[arg-type]
    answers["t.A.2", "", ""] = Answer("t.A.2", State.NOT_APPLICABLE, "not-applicable", reason="None here")
    states.append(progress(section, asked, answers, {}))
    assert [(p.asked, p.answered, p.done, p.state) for p in states] == [
        (2, 0, 0, "not started"), (2, 1, 0, "in progress"), (2, 1, 1, "in progress"), (2, 2, 2, "completed"),
    ]  # fmt: skip


def test_a_section_of_which_nothing_is_asked_has_nothing_to_answer() -> None:
    assert progress(Section("leading", "Leading", (rated(),)), [], {}, {}).state == "nothing to answer"


OPTIONAL = rated("t.A.2", required=False)


def test_an_optional_question_is_not_counted_as_work_and_never_as_done() -> None:
    section = Section("leading", "Leading", (rated("t.A.1"), OPTIONAL))
    found = progress(section, ["t.A.1", "t.A.2"], {}, {})
    assert (found.asked, found.done, found.optional, found.state) == (1, 0, 1, "not started")


def test_count_and_tag_agree_whatever_is_answered() -> None:
    section = Section("leading", "Leading", (rated("t.A.1"), rated("t.A.3"), OPTIONAL, replace(OPTIONAL, id="t.A.4")))
    complete = {"state": State.ANSWERED, "value": "met", "commentary": "So", "evidence": "File"}
    for many in range(16):
        chosen = [i.id for bit, i in enumerate(section.items) if many >> bit & 1]
        answers = {(i, "", ""): Answer(i, **complete) for i in chosen}  # type: ignore[arg-type]
        found = progress(section, [i.id for i in section.items], answers, {})
        required = len({"t.A.1", "t.A.3"} & set(chosen))
        assert (found.done, found.asked, found.optional) == (required, 2, 2)
        expected = "completed" if required == 2 else "in progress" if chosen else "not started"
        assert found.state == expected, chosen


def test_an_optional_answer_that_lacks_its_commentary_is_work_still_to_do() -> None:
    section = Section("leading", "Leading", (OPTIONAL,))
    answers = {("t.A.2", "", ""): Answer("t.A.2", State.ANSWERED, "met")}
    found = progress(section, ["t.A.2"], answers, {})
    assert (found.asked, found.done, found.optional, found.state) == (1, 0, 0, "in progress")


@pytest.mark.parametrize("answered, state", [(False, "optional"), (True, "completed")])
def test_a_section_of_optional_questions_says_that_it_is(answered: bool, state: str) -> None:
    complete = Answer("t.A.2", State.ANSWERED, "met", commentary="So", evidence="File")
    answers = {("t.A.2", "", ""): complete} if answered else {}
    found = progress(Section("leading", "Leading", (OPTIONAL,)), ["t.A.2"], answers, {})
    assert (found.asked, found.optional, found.state) == (0, 1, state)


def test_the_whole_is_the_sum_of_its_parts() -> None:
    assert Progress.total([Progress(2, 1, 1, 3), Progress(4, 0, 0, 1)]) == Progress(6, 1, 1, 4)
    assert Progress.total([]) == Progress(0, 0, 0, 0)


def test_an_answer_that_differs_in_one_area_must_be_complete_before_its_section_is() -> None:
    section = Section("leading", "Leading", (rated("t.A.1"),))
    answers = {("t.A.1", "", ""): Answer("t.A.1", State.NOT_APPLICABLE, "not-applicable", reason="None here")}
    assert progress(section, ["t.A.1"], answers, {}).state == "completed"
    answers["t.A.1", "", "medway"] = Answer("t.A.1", State.ANSWERED, "not-met", area="medway")
    assert progress(section, ["t.A.1"], answers, {}).state == "in progress"


NO_DAY = written([Unfinished("action-by", ["31", "2", "2027"], "No such day.")])


def test_what_was_typed_and_is_none_must_be_put_right_before_submitting() -> None:
    done = said("not-met", commentary="c", **ACTION)
    assert missing(rated(), done, last_time("met")) == []
    (gap,) = gaps(rated(), replace(done, unfinished=NO_DAY), last_time("met"))
    assert (gap.field, gap.sentence) == ("action-by", "No such day.")


def test_a_part_that_is_missing_and_wrong_is_named_once() -> None:
    half = said("not-met", commentary="c", **{**ACTION, "action_by": None})
    found = gaps(rated(), replace(half, unfinished=NO_DAY), last_time("met"))
    assert [gap.sentence for gap in found] == ["No such day."]


def test_an_optional_question_with_something_wrong_in_it_is_not_done() -> None:
    item = Item("t.A.1", "number", "How many?", section="leading", required=False)
    wrong = Answer("t.A.1", unfinished=written([Unfinished("", ["many", ""], "No number.")]))
    (gap,) = gaps(item, wrong, None)
    assert (gap.field, gap.sentence) == ("value", "No number.")
