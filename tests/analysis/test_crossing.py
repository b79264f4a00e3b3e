"""Is it noticed when two breakdowns together tell what the few of a hidden group answered?"""

from __future__ import annotations

import pytest

from audit_engine.analysis.breakdown import added
from audit_engine.analysis.crossing import Crowd, has_secrets, is_told_across
from audit_engine.analysis.disclosure import Counts

FRONT = frozenset({"front"})


def said(yes: int, no: int) -> Counts:
    """Return that so many said yes and so many no."""
    return Counts(yes + no, yes + no, yes + no, (("yes", yes), ("no", no)))


#: Ten managers and seven trainees are hidden beside 36 of the front line, 17 people together.
ROLES = {"front": said(34, 2), "manager": said(9, 1), "trainee": said(7, 0)}
WHOLE = said(50, 3)


def crowd(counts: Counts, front: int, manager: int, trainee: int, replies: int = 0) -> Crowd:
    return Crowd(replies or counts.base, counts, {"front": front, "manager": manager, "trainee": trainee})


def test_trainees_who_are_only_where_all_agree_give_the_managers_away() -> None:
    agree, differ = crowd(said(39, 0), 27, 5, 7), crowd(said(11, 3), 9, 5, 0)
    assert is_told_across(WHOLE, ROLES, FRONT, [agree, differ])


def test_one_trainee_where_answers_differ_keeps_the_managers_hidden() -> None:
    agree, differ = crowd(said(39, 0), 28, 5, 6), crowd(said(11, 3), 8, 5, 1)
    assert not is_told_across(WHOLE, ROLES, FRONT, [agree, differ])


def test_somebody_without_a_role_may_have_been_the_one() -> None:
    roles = {**ROLES, "front": said(33, 2)}
    agree, differ = crowd(said(39, 0), 27, 5, 7), crowd(said(11, 3), 8, 5, 0)
    assert not is_told_across(WHOLE, roles, FRONT, [agree, differ])


def test_people_who_must_overlap_tell_too() -> None:
    """All eight of one crowd are managers, and two of them said no: no other role can have."""
    roles = {"front": said(34, 1), "manager": said(8, 2), "trainee": said(8, 0)}
    apart = [crowd(said(6, 2), 0, 8, 0), crowd(said(44, 1), 35, 2, 8)]
    assert is_told_across(said(50, 3), roles, FRONT, apart)


def test_nothing_is_told_where_no_hidden_group_is_small() -> None:
    large = {"front": said(34, 2), "manager": said(10, 1), "trainee": said(17, 0)}
    whole = added(added(large["front"], large["manager"]), large["trainee"])
    agree, differ = crowd(said(50, 0), 27, 6, 17), crowd(said(11, 3), 9, 5, 0)
    assert not is_told_across(whole, large, FRONT, [agree, differ])


@pytest.mark.parametrize("shown", [frozenset(), frozenset({"front", "manager", "trainee"})])
def test_without_a_rest_there_is_nothing_to_take_apart(shown: frozenset[str]) -> None:
    assert not is_told_across(WHOLE, ROLES, shown, [crowd(WHOLE, 36, 10, 7)])


def test_a_large_hidden_group_gives_nothing_away_where_nothing_is_sensitive() -> None:
    assert not has_secrets(WHOLE, {"front": said(34, 2), "trainee": said(10, 1)}, FRONT)
    assert has_secrets(WHOLE, ROLES, FRONT)


def ticked(words: int, deeds: int, both: int, nothing: int) -> Counts:
    """Return that so many ticked words alone, deeds alone, both, and nothing, of a sensitive question."""
    people = words + deeds + both + nothing
    cells = (("words", words + both), ("deeds", deeds + both), ("nothing", nothing))
    return Counts(people, people, people, cells, sensitive=True, several=True, alone=("nothing",))


def aged(both_old: int) -> tuple[Counts, dict[str, Counts], list[Crowd]]:
    """Return survey 898 of the rig: five who would not say their age are all in one organisation, one ticked deeds.

    ``both_old`` of the old people there ticked both.
    """
    old_there = ticked(3 - both_old, 1 - both_old, both_old, 28 + both_old)
    ages = {
        "old": added(ticked(2, 3, 1, 13), old_there), "young": ticked(4, 4, 1, 35), "prefer-not": ticked(0, 1, 0, 4)
    }  # fmt: skip
    here, there = ticked(4, 5, 1, 20), added(added(old_there, ticked(2, 2, 1, 28)), ages["prefer-not"])
    crowds = [
        Crowd(30, here, {"old": 19, "young": 11, "prefer-not": 0}),
        Crowd(70, there, {"old": 32, "young": 33, "prefer-not": 5}),
    ]
    return added(here, there), ages, crowds


def test_who_ticked_both_in_another_group_was_not_one_of_the_few() -> None:
    """All five deeds there can be theirs only if both who ticked both are; but the young and they have one such."""
    whole, ages, crowds = aged(both_old=1)
    assert is_told_across(whole, ages, frozenset({"old"}), crowds)


def test_the_few_stay_hidden_where_everybody_who_ticked_both_may_be_one_of_them() -> None:
    whole, ages, crowds = aged(both_old=0)
    assert not is_told_across(whole, ages, frozenset({"old"}), crowds)


def test_ticks_that_do_not_tell_are_no_secret() -> None:
    whole, ages, _ = aged(both_old=1)
    assert not has_secrets(whole, {"old": ages["old"], "young": ages["young"]}, frozenset({"old"}))
    assert has_secrets(whole, {"old": ages["old"], "young": ticked(2, 4, 1, 37)}, frozenset({"old"}))


def test_an_answer_that_everybodys_results_hide_is_not_asked_for() -> None:
    whole, few = ticked(2, 20, 0, 60), ticked(1, 20, 0, 20)
    assert not has_secrets(whole, {"few": few}, frozenset())
