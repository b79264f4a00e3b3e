"""Do two breakdowns, laid over one another, tell what the few people of a hidden group answered?

By role, managers and trainees may be hidden together and be enough.  But where
organisation by organisation everybody with a trainee in it gave one answer, the
trainees' answers are known, and what is left of the two is the managers'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit_engine.analysis.disclosure import Counts
from audit_engine.analysis.suppression import LEAST_BASE

#: Those who are in no group, such as people who left the question out that makes the groups.
NOBODYS = ""


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
    """Tell whether how many of a hidden group of under eleven gave an answer follows from both breakdowns together.

    The limits are those of Fréchet in each crowd: of two sets no more people
    are in both than in the smaller, and no fewer than do not fit beside one
    another.
    """
    hidden, few = [name for name in groups if name not in shown], few_hidden(groups, shown)
    for place, (answer, count) in enumerate(whole.cells if few else ()):
        left = count - sum(groups[name].cells[place][1] for name in shown)
        beside = _limits(answer, left, hidden, crowds)
        alone = _limits(answer, count, tuple(groups), crowds)
        if any(groups[name].cells[place][1] and _is_one(beside[name]) and not _is_one(alone[name]) for name in few):
            return True
    return False


def few_hidden(groups: Mapping[str, Counts], shown: frozenset[str]) -> tuple[str, ...]:
    """Return the hidden groups that are too few to be spoken of."""
    return tuple(name for name, counts in groups.items() if name not in shown and 0 < counts.base < LEAST_BASE)


def _is_one(limits: tuple[int, int]) -> bool:
    return limits[0] == limits[1]


def _limits(answer: str, count: int, groups: Sequence[str], crowds: Sequence[Crowd]) -> Mapping[str, tuple[int, int]]:
    """Return the least and the most that each group may have of an answer that ``count`` of them gave together."""
    own = {name: [_in_crowd(answer, name, crowd) for crowd in crowds] for name in (*groups, NOBODYS)}
    least = {name: sum(low for low, _ in each) for name, each in own.items()}
    most = {name: min(count, sum(high for _, high in each)) for name, each in own.items()}
    every = sum(most.values())
    return {name: (max(least[name], count - (every - most[name])), most[name]) for name in groups}


def _in_crowd(answer: str, group: str, crowd: Crowd) -> tuple[int, int]:
    gave, there = dict(crowd.counts.cells)[answer], crowd.everybody.get(group, 0)
    return max(0, gave + there - crowd.replies), min(gave, there)
