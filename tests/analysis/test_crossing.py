"""Is it noticed when two breakdowns together tell what the few of a hidden group answered?"""

from __future__ import annotations

import pytest

from audit_engine.analysis.breakdown import added
from audit_engine.analysis.crossing import Crowd, is_told_across
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
