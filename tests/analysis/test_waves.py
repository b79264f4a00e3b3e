"""Is a change between two waves of a survey stated as far as it is sure, and no further?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis.statistics import newcombe_independent
from audit_engine.analysis.survey import FAVOURABLE
from audit_engine.analysis.wave_change import WORDS, QuestionChange, WaveSettings
from audit_engine.analysis.waves import Wave, WaveComparison, WavesNotComparable, compare_waves, verdict_of, wave_series
from audit_engine.analysis.waves_json import WAVE_COLUMNS, series_json, wave_rows, waves_json
from audit_engine.definition.lineage import chain
from audit_engine.definition.questionnaire import Questionnaire
from tests.analysis.waves_by_hand import KNOW, ROLE, survey, wave

THEN, NOW = survey("2021", ROLE, KNOW), survey("2023", ROLE, KNOW, continues="2021")


def compared(then: Wave, now: Wave, **more: Any) -> WaveComparison:
    versions = [then.results.questionnaire, now.results.questionnaire]
    return compare_waves(then, now, chain(versions, criteria_only=False), **more)


def knew(questionnaire: Questionnaire, yes: int, no: int, **more: Any) -> Wave:
    return wave(questionnaire, [(yes, {"p_2": "yes"}), (no, {"p_2": "no"})], **more)


def question(comparison: WaveComparison, id_: str = "p.2") -> QuestionChange:
    return next(one for one in comparison.questions if one.id == id_)


def escalation() -> WaveComparison:
    """The two published waves, taking 128 of 196 (methods section 2)."""
    return compared(knew(THEN, 50, 96), knew(NOW, 68, 128), headlines={"p.2": "no"})


def test_the_published_waves_give_the_words_of_the_methods() -> None:
    found = question(escalation()).headline
    assert found is not None
    assert found.change is not None
    assert (found.change.points, found.change.interval) == ("−0.4", "−10.4 to +9.8")
    assert found.change.detectable_text == "14.6"
    assert found.change.words == "no clear evidence of change"
    assert found.sentence is not None
    assert found.sentence.text == (
        "There is no clear evidence of change in the share of the answer “No”: 65.8% (96 of 146) in 2021 and 65.3% "
        "(128 of 196) in 2023, a difference of −0.4 percentage points (95% confidence interval −10.4 to +9.8). "
        "Surveys of this size could reliably detect a change of about 14.6 points."
    )


def test_without_another_word_the_favourable_share_is_judged() -> None:
    found = compared(knew(THEN, 20, 30), knew(NOW, 35, 15))
    headline = question(found).headline
    assert headline is not None
    assert headline.id == FAVOURABLE
    assert headline.change is not None
    assert headline.change.verdict == "rose"
    assert headline.polarity == "higher"
    assert found.tested == 1
    assert [one.tested for one in question(found).figures] == [False, False, True]


def test_the_same_share_that_falls_is_told_so() -> None:
    headline = question(compared(knew(THEN, 35, 15), knew(NOW, 20, 30))).headline
    assert headline is not None
    assert headline.change is not None
    assert headline.change.verdict == "fell"
    assert headline.sentence is not None
    assert headline.sentence.text.startswith("The share of favourable answers fell from 70% (35 of 50) in 2021 to 40%")


@pytest.mark.parametrize(
    ("lower", "upper", "diff", "adjusted", "verdict"),
    [
        (0.01, 0.2, 0.1, 0.05, "rose"), (-0.2, -0.01, -0.1, 0.001, "fell"),
        (0.01, 0.2, 0.1, 0.051, "may-have-risen"), (-0.2, -0.01, -0.1, 0.06, "may-have-fallen"),
        (-0.01, 0.2, 0.1, 0.001, "no-clear-evidence"), (0.0, 0.2, 0.1, 0.001, "no-clear-evidence"),
    ],
)  # fmt: skip
def test_only_the_permitted_verdicts_are_given(
    lower: float, upper: float, diff: float, adjusted: float, verdict: str
) -> None:
    assert verdict_of(diff, lower, upper, adjusted, Fraction(5, 100)) == verdict
    assert verdict in WORDS


def many(questions: int) -> tuple[str, ...]:
    return tuple(
        KNOW.replace("p.2", f"p.{n}").replace("of the policy", f"of thing {n}") for n in range(2, questions + 2)
    )


def all_knew(questionnaire: Questionnaire, yes: Mapping[str, int], people: int) -> Wave:
    replies = [(1, {id_: "yes" if person < count else "no" for id_, count in yes.items()}) for person in range(people)]
    return wave(questionnaire, replies)


def test_a_change_that_does_not_stand_among_many_tests_may_only_have_happened() -> None:
    then, now = survey("2021", *many(8)), survey("2023", *many(8), continues="2021")
    ids = [f"p_{n}" for n in range(2, 10)]
    before = all_knew(then, dict.fromkeys(ids, 30), 60)
    after = all_knew(now, {**dict.fromkeys(ids, 30), "p_2": 42}, 60)
    one = question(compared(before, after)).headline
    assert one is not None
    assert one.change is not None
    assert one.change.lower is not None
    assert one.change.lower > 0
    assert one.change.p is not None
    assert one.change.p < 0.05
    assert one.change.p_adjusted == pytest.approx(8 * one.change.p)
    assert one.change.verdict == "may-have-risen"
    assert one.sentence is not None
    assert "may have risen; that is not clear once the number of questions tested is allowed for" in one.sentence.text


def test_a_measure_declared_in_advance_is_adjusted_among_its_like_alone() -> None:
    then, now = survey("2021", *many(8)), survey("2023", *many(8), continues="2021")
    ids = [f"p_{n}" for n in range(2, 10)]
    before = all_knew(then, dict.fromkeys(ids, 30), 60)
    after = all_knew(now, {**dict.fromkeys(ids, 30), "p_2": 42}, 60)
    one = question(compared(before, after, declared=["p.2"])).headline
    assert one is not None
    assert one.change is not None
    assert one.change.p_adjusted == one.change.p
    assert one.change.verdict == "rose"


REWORDED = KNOW.replace("Did you know of", "Are you aware of")
WIDER = KNOW.replace("the policy", "the policies")


def changed(relation: str, item: str) -> Questionnaire:
    return survey("2023", item.replace("{lineage}", f"lineage: {{{{relation: {relation}, reason: Why.}}}},"),
                  continues="2021")  # fmt: skip


def test_a_reworded_question_stands_side_by_side_with_a_caveat_and_no_verdict() -> None:
    only = survey("2021", KNOW)
    found = question(
        compared(knew(only, 50, 96), knew(changed("reworded", REWORDED), 68, 128), headlines={"p.2": "no"})
    )
    assert not found.comparable
    assert found.why == ("The wording changed. Why.",)
    assert (found.text_then, found.text_now) == ("Did you know of the policy?", "Are you aware of the policy?")
    assert (found.released_then.base, found.released_now.base) == (146, 196)
    assert found.headline is not None
    assert found.headline.change is not None
    assert found.headline.change.verdict == "not-directly-comparable"
    assert found.headline.change.points == "−0.4"
    assert not found.headline.tested
    assert "If the wording made no difference" in found.sentences[0].text


def test_a_question_whose_meaning_changed_has_both_figures_and_no_change() -> None:
    only = survey("2021", KNOW)
    found = question(compared(knew(only, 50, 96), knew(changed("widened", WIDER), 68, 128)))
    assert found.headline is not None
    assert found.headline.change is not None
    assert found.headline.change.diff is None
    assert found.headline.change.points == found.headline.change.interval == found.headline.change.detectable_text == ""
    assert found.sentences[0].text.endswith("a change is not given.")


@pytest.mark.parametrize(
    ("replaced", "by", "reason"),
    [
        ('{{id: "no", label: "No"}}', '{{id: "no", label: "No"}}, {{id: unsure, label: Not sure}}',
         "The answers offered differ: “Not sure” only now."),
        ('{{id: "no", label: "No"}}', '{{id: "no", label: "No", dont_know: true}}',
         "The rule for who is counted in the base differs."),
        ('label: "Yes", favourable: true', 'label: "Yes"', "Other answers count as favourable."),
        ("single-choice, text: Did", "multiple-choice, text: Did",
         "One answer could be given in one wave and several in the other."),
    ],
)  # fmt: skip
def test_another_base_rule_is_named_as_the_reason(replaced: str, by: str, reason: str) -> None:
    assert replaced in KNOW
    now = survey("2023", KNOW.replace(replaced, by), continues="2021")
    answer: Any = ["yes"] if "multiple-choice" in by else "yes"
    found = compared(knew(survey("2021", KNOW), 20, 20), wave(now, [(40, {"p_2": answer})]))
    assert reason in question(found).why
    assert found.tested == 0
    assert found.summary[0].text == "No figure could be tested."


def test_a_question_asked_of_other_people_is_not_compared() -> None:
    gate = KNOW.replace("p.2", "p.9").replace("of the policy", "of the board")
    then = survey("2021", gate, KNOW)
    now = survey("2023", gate, KNOW.replace("type:", 'enable_when: p.9 == "yes", type:'), continues="2021")
    replies = [(30, {"p_9": "yes", "p_2": "yes"})]
    found = question(compared(wave(then, replies), wave(now, replies)))
    assert len(found.why) == 1
    assert found.why[0].startswith("Other people were asked: everybody then,")


def test_a_figure_hidden_in_one_wave_gives_no_change() -> None:
    found = compared(knew(THEN, 5, 4), knew(NOW, 40, 20))
    headline = question(found).headline
    assert headline is not None
    assert headline.change is None
    assert not headline.tested
    assert found.tested == 0
    assert "may not be shown" in question(found).sentences[0].text
    assert "9" not in json.dumps(waves_json(found)["questions"][0]["then"])  # type: ignore[index]


def test_where_no_answer_is_favourable_every_answer_is_tested() -> None:
    item = """
      - {{id: p.3, type: single-choice, text: Where did you hear?, {lineage}
         options: [{{id: a, label: A}}, {{id: b, label: B}}, {{id: c, label: C}}]}}
"""
    then, now = survey("2021", item), survey("2023", item, continues="2021")
    before = wave(then, [(40, {"p_3": "a"}), (30, {"p_3": "b"}), (30, {"p_3": "c"})])
    after = wave(now, [(10, {"p_3": "a"}), (60, {"p_3": "b"}), (30, {"p_3": "c"})])
    found = compared(before, after)
    assert found.tested == 3
    assert question(found, "p.3").headline is None
    texts = [sentence.text for sentence in question(found, "p.3").sentences]
    assert texts[0].startswith("The share of the answer “A” fell")
    assert texts[1].startswith("The share of the answer “B” rose")
    assert texts[2].startswith("In 1 answer there is no clear evidence of change; surveys of this size could")


def test_of_two_answers_that_mirror_one_another_one_is_tested() -> None:
    plain = KNOW.replace(", favourable: true", "")
    then, now = survey("2021", plain), survey("2023", plain, continues="2021")
    found = compared(knew(then, 40, 10), knew(now, 30, 20))
    assert found.tested == 1
    assert question(found).headline == question(found).figures[0]


def test_what_was_asked_in_one_wave_only_is_listed_with_its_reason() -> None:
    other = KNOW.replace("p.2", "p.7").replace("{lineage}", "lineage: {{relation: new, reason: A new duty.}},")
    found = compared(knew(THEN, 20, 20), knew(survey("2023", KNOW, other, continues="2021"), 20, 20))
    assert [(one.id, one.reason) for one in found.new] == [("p.7", "A new duty.")]
    assert [(one.id, one.reason) for one in found.gone] == [("p.1", "No later question is compared with it.")]
    assert "1 was asked in 2023 only and 1 in 2021 only" in found.summary[1].text


def by_role(questionnaire: Questionnaire, groups: Mapping[str, tuple[int, int]], said: bool = True) -> Wave:
    """People by role, as (yes, no)."""
    replies = []
    for role, (yes, no) in groups.items():
        typed = {"p_1": role} if role else {}
        replies += [(yes, {**typed, "p_2": "yes"}), (no, {**typed, "p_2": "no"})]
    return wave(questionnaire, replies, by="p.1" if said else "")


SAME_ANSWERS = {"front": (60, 40), "lead": (20, 5), "support": (10, 20)}
MORE_LEADS = {"front": (60, 40), "lead": (60, 15), "support": (10, 20)}


def test_a_shift_in_who_answered_is_shown() -> None:
    found = compared(by_role(THEN, SAME_ANSWERS), by_role(NOW, MORE_LEADS))
    (mix,) = found.mixes
    assert [(one.id, one.points) for one in mix.groups] == [("front", "−15.7"), ("lead", "+20.5"), ("support", "−4.7")]
    assert mix.largest is not None
    assert mix.largest.id == "lead"
    assert mix.sentence is not None
    assert mix.sentence.text.startswith(
        "The largest shift in who answered “Your role?” is in “Lead”: 16.1% (25 of 155)"
    )
    assert "p.1" not in [one.id for one in found.questions]


def test_weighted_to_the_earlier_mix_the_same_answers_within_groups_are_no_change() -> None:
    found = question(compared(by_role(THEN, SAME_ANSWERS), by_role(NOW, MORE_LEADS)))
    assert found.headline is not None
    assert found.headline.change is not None
    assert found.headline.change.diff == pytest.approx(130 / 205 - 90 / 155)
    view = found.reweighted
    assert view is not None
    assert view.to == "2021"
    assert view.diff == pytest.approx(0)
    assert view.then is not None
    assert view.then.kish_deff == 1
    assert view.sentence is not None
    assert view.sentence.text.startswith("Weighted to the mix of 2021 by “Your role?”, the share of favourable answers")


def test_the_second_view_says_when_it_disagrees_with_the_first() -> None:
    then, now = {"front": (720, 480), "lead": (640, 160)}, {"front": (480, 320), "lead": (1280, 320)}
    found = question(compared(by_role(THEN, then), by_role(NOW, now)))
    assert found.headline is not None
    assert found.headline.change is not None
    assert found.headline.change.verdict == "rose"
    assert found.reweighted is not None
    assert found.reweighted.differs
    assert found.reweighted.sentence is not None
    assert "does not say the same as the first" in found.reweighted.sentence.text


def test_both_waves_may_be_weighted_to_the_workforce() -> None:
    people = {"front": 600, "lead": 100, "support": 300}
    found = question(compared(by_role(THEN, SAME_ANSWERS), by_role(NOW, MORE_LEADS), workforce=people))
    assert found.reweighted is not None
    assert found.reweighted.then is not None
    assert found.reweighted.then.p_weighted == pytest.approx(0.6 * 0.6 + 0.1 * 0.8 + 0.3 / 3)
    assert found.reweighted.to == "workforce"


def test_a_group_too_small_to_be_shown_joins_those_who_did_not_say() -> None:
    then = {"front": (60, 40), "lead": (4, 3), "": (10, 10)}
    found = question(compared(by_role(THEN, then), by_role(NOW, {"front": (60, 40), "lead": (40, 20), "": (5, 15)})))
    assert found.reweighted is not None
    weighted = found.reweighted.now
    assert weighted is not None
    assert weighted.p_weighted == pytest.approx((100 * 60 / 100 + 27 * 45 / 80) / 127)


@pytest.mark.parametrize(
    ("then", "now", "more", "why"),
    [
        ({"front": (4, 5)}, {"front": (40, 5)}, {}, "a figure of one wave may not be shown"),
        ({"front": (4, 3), "lead": (5, 4)}, {"front": (40, 5), "lead": (5, 15)}, {},
         "no group is large enough to be shown in both waves"),
        (SAME_ANSWERS, MORE_LEADS, {"workforce": {"front": 10}}, "the head count of a group is not known"),
    ],
)  # fmt: skip
def test_the_reason_is_said_where_there_is_no_second_view(
    then: Mapping[str, tuple[int, int]], now: Mapping[str, tuple[int, int]], more: dict[str, Any], why: str
) -> None:
    found = question(compared(by_role(THEN, then), by_role(NOW, now), **more))
    if found.reweighted is None:
        assert found.headline is not None
        assert found.headline.change is None
    else:
        assert found.reweighted.why_not == why
        assert found.sentences[-1].text == f"There is no second view weighted by “Your role?”, because {why}."


def test_without_a_breakdown_there_is_no_second_view() -> None:
    found = compared(by_role(THEN, SAME_ANSWERS, said=False), by_role(NOW, MORE_LEADS, said=False))
    assert question(found).reweighted is None
    assert found.by == ""


@given(*[st.tuples(st.integers(0, 60), st.integers(0, 60)) for _ in range(2)])
def test_every_change_that_is_given_rests_on_released_counts_alone(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    headline = question(compared(knew(THEN, *first), knew(NOW, *second))).headline
    assert headline is not None
    if headline.then.count is None or headline.now.count is None:
        assert headline.change is None
        return
    expected = newcombe_independent(headline.then.count, sum(first), headline.now.count, sum(second))
    assert expected is not None
    assert headline.change is not None
    assert (headline.change.diff, headline.change.p) == (expected.diff, expected.p)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: replace(w, year=2021), "is not earlier than"),
        (lambda w: replace(w, results=replace(w.results, organisation="Police")), "of one organisation"),
        (lambda w: replace(w, results=replace(w.results, questionnaire=replace(NOW, id="other"))), "different surveys"),
        (lambda w: replace(w, results=replace(w.results, questionnaire=replace(NOW, version="2025"))), "lineage"),
        (lambda w: knew(NOW, 40, 20, audience="public"), "different audiences"),
    ],
)
def test_waves_that_do_not_belong_together_are_refused(change: Any, message: str) -> None:
    with pytest.raises(WavesNotComparable, match=message):
        compare_waves(knew(THEN, 40, 20), change(knew(NOW, 40, 20)), chain([THEN, NOW], criteria_only=False))


def test_open_data_have_no_second_view_because_their_counts_are_rounded() -> None:
    then, now = by_role(THEN, SAME_ANSWERS), by_role(NOW, MORE_LEADS)
    rounded = [
        replace(one, results=replace(one.results, replies=knew(THEN, 40, 20, audience="open-data").results.replies))
        for one in (then, now)
    ]
    found = question(compared(*rounded)).reweighted
    assert found is not None
    assert found.why_not == "open data are rounded"


LATER = survey("2022", KNOW, continues="2021")
LAST = survey("2023", KNOW, continues="2022")
FIRST = survey("2021", KNOW)


def series(*counts: tuple[int, int]) -> Any:
    versions = [FIRST, LATER, LAST]
    waves = [knew(version, *count) for version, count in zip(versions, counts, strict=True)]
    lines = [chain(pair, criteria_only=False) for pair in ([FIRST, LATER], [LATER, LAST])]
    return wave_series(waves, lines, {"p.2": "no"})


def test_three_waves_are_shown_each_and_tested_with_the_years_as_scores() -> None:
    found = series((50, 96), (70, 110), (112, 128))
    (one,) = found.questions
    assert [point.count for point in one.points] == [96, 110, 128]
    assert one.trend.chi2 == pytest.approx(6.1484488235)
    assert one.trend.p == pytest.approx(0.0131527413)
    assert one.verdict == "fell"
    assert one.sentence.text == (
        "Over 3 waves from 2021 to 2023 the share of the answer “No” fell, by about 6.3 percentage points a year."
    )
    assert len(found.links) == 2
    json.dumps(series_json(found))


def test_a_wave_that_may_not_be_shown_ends_the_line() -> None:
    (one,) = series((3, 4), (70, 110), (112, 128)).questions
    assert one.points[0] is None
    assert one.trend is None
    assert one.why == "A figure of one wave may not be shown."
    assert one.verdict == "not-directly-comparable"


def test_where_everybody_says_so_in_every_wave_nothing_is_tested() -> None:
    (one,) = series((0, 40), (0, 40), (0, 40)).questions
    assert one.trend is None
    assert one.why == "Nobody or everybody said so in every wave."


def test_a_series_needs_three_waves() -> None:
    with pytest.raises(WavesNotComparable, match="at least three waves"):
        wave_series([knew(THEN, 40, 20), knew(NOW, 40, 20)], [chain([THEN, NOW], criteria_only=False)])


def test_the_plain_values_and_the_rows_give_the_same_numbers() -> None:
    found = compared(by_role(THEN, SAME_ANSWERS), by_role(NOW, MORE_LEADS))
    plain: Any = json.loads(json.dumps(waves_json(found)))
    answers = {one["id"]: one for one in plain["questions"][0]["answers"]}
    rows = [dict(zip(WAVE_COLUMNS, row, strict=True)) for row in wave_rows(found)]
    for row in (one for one in rows if one["table"] == "question"):
        told = answers[str(row["answer"])]
        assert (row["count_then"], row["base_now"]) == (told["then"]["count"], told["now"]["base"])
        assert row["change_points"] == pytest.approx(100 * told["change"]["difference"])
        assert row["verdict"] == told["change"]["words"]
    assert plain["weighted_by"] == "p.1"
    assert plain["questions"][0]["second_view"]["then"]["base"] == 155
    assert {one["id"] for one in plain["figures"]} >= {"waves.tested", "setting.confidence"}


def test_the_level_can_be_set() -> None:
    strict = WaveSettings(alpha=Fraction(1, 1000))
    headline = question(compared(knew(THEN, 20, 30), knew(NOW, 35, 15), settings=strict)).headline
    assert headline is not None
    assert headline.change is not None
    assert headline.change.verdict == "may-have-risen"
