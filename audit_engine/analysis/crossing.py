"""Do two breakdowns, laid over one another, tell what the few people of a hidden group answered?

By role, managers and trainees may be hidden together and be enough.  But where
organisation by organisation everybody with a trainee in it gave one answer, the
trainees' answers are known, and what is left of the two is the managers'.  Of
several ticks it is known too how many ticked more than one, which limits who can
have been whom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from audit_engine.analysis.breakdown import taken_away
from audit_engine.analysis.disclosure import Counts
from audit_engine.analysis.suppression import LEAST_BASE, SMALL, is_telling

#: Those who are in no group, such as people who left the question out that makes the groups.
NOBODYS = ""
#: Who gave an answer: all of them, those who gave no other, those who gave others too, and no one.
EVERY, ALONE, MORE, NO_ONE = "every", "alone", "more", "no one"
#: What limits a group's number: some kinds by all who are left together, the other kinds crowd by crowd.
CUTS = ((EVERY, NO_ONE), (NO_ONE, EVERY), (ALONE, MORE), (MORE, ALONE))


@dataclass(frozen=True, slots=True)
class Crowd:
    """People of whom both is known: how they answered, and how many of them are in each group of the other breakdown.

    An organisation whose results are shown, or all that those shown leave.
    """

    replies: int
    counts: Counts
    members: Mapping[str, int]

    @property
    def everybody(self) -> Mapping[str, int]:
        """Return ``members`` with those who are in no group."""
        return {**self.members, NOBODYS: self.replies - sum(self.members.values())}


def is_told_across(whole: Counts, groups: Mapping[str, Counts], shown: frozenset[str], crowds: Sequence[Crowd]) -> bool:
    """Tell whether a number of a hidden group that must stay unknown follows from both breakdowns together, or nearly.

    What follows from ``crowds`` without the groups is not asked for.
    """
    hidden = {name: counts for name, counts in groups.items() if name not in shown}
    left = taken_away(whole, (groups[name] for name in shown))
    for answer in _answers(whole) if has_secrets(whole, groups, shown) else ():
        beside = _Limits(answer, left, tuple(hidden), crowds)
        alone = _Limits(answer, whole, tuple(groups), crowds)
        for name, counts in hidden.items():
            if beside.width(name) < min(_apart(answer, counts), alone.width(name)):
                return True
    return False


def has_secrets(whole: Counts, groups: Mapping[str, Counts], shown: frozenset[str]) -> bool:
    """Tell whether any number of a hidden group must stay unknown."""
    return any(
        _apart(answer, counts) for name, counts in groups.items() if name not in shown for answer in _answers(whole)
    )


def _answers(whole: Counts) -> tuple[str, ...]:
    """Return the answers whose numbers are shown of everybody; what is hidden there is hidden everywhere."""
    return tuple(answer for answer, n in whole.cells if not (whole.sensitive and is_telling(n, whole.base)))


def _apart(answer: str, counts: Counts) -> int:
    """Return how far apart the limits of a number must be; 0 where anybody may know it."""
    count = _of(answer, counts)
    if not counts.sensitive:
        return int(count > 0 and counts.base < LEAST_BASE)
    return min(SMALL, counts.base) if is_telling(count, counts.base) else 0


def _of(answer: str, counts: Counts) -> int:
    return dict(counts.cells)[answer]


@dataclass(frozen=True)
class _Limits:
    """How many of each group may have given an answer that so many of ``those`` gave; the groups lie in the crowds too.

    They are the limits of Fréchet in each crowd: of two sets no more people are
    in both than in the smaller, and no fewer than do not fit beside one another.
    """

    answer: str
    those: Counts
    groups: Sequence[str]
    crowds: Sequence[Crowd]

    def width(self, group: str) -> int:
        """Return how far apart the least and the most of a group are."""
        most = self._most[group]
        others = sum(self._most.values()) - most
        return most - max(self._least(group), _of(self.answer, self.those) - others)

    def _least(self, group: str) -> int:
        return sum(
            max(0, _of(self.answer, crowd.counts) + crowd.everybody.get(group, 0) - crowd.replies)
            for crowd in self.crowds
        )

    @cached_property
    def _most(self) -> Mapping[str, int]:
        """Return the most of each group: the narrowest cut of a net from crowds to kinds (Ford and Fulkerson 1956)."""
        together, by_crowd = _kinds(self.answer, self.those), [_kinds(self.answer, c.counts) for c in self.crowds]
        there = [crowd.everybody for crowd in self.crowds]

        def narrowest(group: str) -> int:
            return min(
                together[some]
                + sum(min(own.get(group, 0), kinds[rest]) for own, kinds in zip(there, by_crowd, strict=True))
                for some, rest in CUTS
            )

        return {name: narrowest(name) for name in (*self.groups, NOBODYS)}


def _kinds(answer: str, counts: Counts) -> Mapping[str, int]:
    """Return the most people of each kind who gave an answer."""
    count = _of(answer, counts)
    least, most = _with_others(answer, counts)
    return {EVERY: count, ALONE: count - least, MORE: most, NO_ONE: 0}


def _with_others(answer: str, counts: Counts) -> tuple[int, int]:
    """Return the least and the most who gave an answer and others too: whoever answers ticks something."""
    if not counts.several or answer in counts.alone:
        return 0, 0
    numbers = {id_: n for id_, n in counts.cells if id_ not in counts.alone}
    ticked = counts.base - sum(n for id_, n in counts.cells if id_ in counts.alone)
    count = numbers.pop(answer)
    without = ticked - count
    return max((0, *(n - without for n in numbers.values()))), min(count, sum(numbers.values()) - without)
