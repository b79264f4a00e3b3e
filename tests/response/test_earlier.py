"""Is last time's answer shown beside the question of today that came from it?"""

from __future__ import annotations

import pytest

from audit_engine.definition.lineage import lineage_between
from audit_engine.definition.questionnaire import CountsAs, Item, Lineage, Option, Questionnaire, Relation, Section
from audit_engine.response.answers import Answer, State
from audit_engine.response.earlier import WORST_FIRST, Earlier, EarlierAnswer, earlier_answers

OPTIONS = (
    Option("met", "Met", counts_as="met"),
    Option("partly-met", "Partially met", counts_as="partly-met"),
    Option("not-met", "Not met", counts_as="not-met"),
    Option("not-applicable", "Not applicable", counts_as="not-applicable"),
)


def version(label: str, *items: Item) -> Questionnaire:
    return Questionnaire("t", label, f"Audit {label}", "audit", "organisation", (Section("s", "S", items),))


def rated(item_id: str, relation: Relation | None = None, *sources: str) -> Item:
    lineage = Lineage(relation, sources) if relation else None
    return Item(item_id, "rating", f"Text of {item_id}", options=OPTIONS, lineage=lineage)


def said(item_id: str, value: str | None = "met", **more: str) -> Answer:
    state = State.UNANSWERED if value is None else State.ANSWERED
    return Answer(item_id, state, value, commentary=f"About {item_id}", **more)  # type: ignore[arg-type]


def beside(now: Item, *answers: Answer) -> Earlier | None:
    baseline = version("2024", *(rated(f"t.{n}") for n in ("1", "2", "3")))
    current = version("2026", now)
    return earlier_answers(baseline, current, lineage_between(baseline, current), answers).get(now.id)


@pytest.mark.parametrize("relation", ["same", "reworded", "widened", "narrowed"])
def test_a_continuing_question_shows_its_one_earlier_answer_and_how_it_changed(relation: Relation) -> None:
    found = beside(rated("t.1", relation, "t.1"), said("t.1", "partly-met"), said("t.2"))
    assert found == Earlier(
        relation, (EarlierAnswer("t.1", "Text of t.1", "Partially met", "About t.1", "partly-met"),)
    )


def test_a_question_that_got_another_id_still_shows_what_was_said_to_it() -> None:
    found = beside(rated("t.9", "widened", "t.2"), said("t.2", "not-met"))
    assert found is not None
    assert found.counts_as == "not-met"


def test_a_merged_question_shows_every_answer_and_counts_as_the_weakest() -> None:
    found = beside(rated("t.9", "merged", "t.1", "t.2", "t.3"), said("t.1"), said("t.2", "not-met"), said("t.3"))
    assert found is not None
    assert [(a.item, a.rating) for a in found.answers] == [("t.1", "Met"), ("t.2", "Not met"), ("t.3", "Met")]
    assert found.counts_as == "not-met"


def test_what_did_not_apply_is_weaker_than_nothing_and_stronger_than_everything() -> None:
    assert WORST_FIRST == ("not-met", "partly-met", "met", "not-applicable")
    found = beside(rated("t.9", "merged", "t.1", "t.2"), said("t.1", "not-applicable"), said("t.2", "met"))
    assert found is not None
    assert found.counts_as == "met"


def test_a_question_split_in_two_shows_the_same_earlier_answer_at_both() -> None:
    baseline = version("2024", rated("t.1"))
    current = version("2026", rated("t.8", "split", "t.1"), rated("t.9", "split", "t.1"))
    found = earlier_answers(baseline, current, lineage_between(baseline, current), [said("t.1", "not-met")])
    assert {k: v.counts_as for k, v in found.items()} == {"t.8": "not-met", "t.9": "not-met"}


@pytest.mark.parametrize("answers", [[], [said("t.2")]])
def test_a_question_without_an_earlier_answer_shows_none(answers: list[Answer]) -> None:
    assert beside(rated("t.1", "same", "t.1"), *answers) is None


def test_a_new_question_shows_no_earlier_answer() -> None:
    assert beside(rated("t.1", "new"), said("t.1")) is None


def test_an_answer_left_empty_last_time_compares_with_nothing() -> None:
    found = beside(rated("t.1", "same", "t.1"), said("t.1", None))
    assert found is not None
    assert (found.answers[0].rating, found.counts_as) == ("Not answered", None)


def test_an_answer_for_one_area_never_stands_for_the_organisation() -> None:
    found = beside(rated("t.1", "same", "t.1"), said("t.1", "not-met", area="south"), said("t.1", "met"))
    assert found is not None
    assert found.counts_as == "met"
    assert beside(rated("t.1", "same", "t.1"), said("t.1", area="south")) is None


def test_the_weakest_is_found_whatever_the_order() -> None:
    def counted(*ratings: CountsAs) -> CountsAs | None:
        return Earlier("merged", tuple(EarlierAnswer("t.1", "", "", "", r) for r in ratings)).counts_as

    assert counted("met", "partly-met") == counted("partly-met", "met") == "partly-met"
    assert counted() is None
