"""What may be seen of a whole survey, question by question, so that no two questions together tell too much?

A question that was asked because of an answer gives that answer's count away by
its own base.  So a group that is hidden in one question is hidden in those that
rest on it, and what rests on a sensitive question is not broken down at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce

from audit_engine.analysis.breakdown import REST, Shown, Table, Within, release_table, withheld_table
from audit_engine.analysis.crossing import Crowd, has_secrets, is_told_across
from audit_engine.analysis.disclosure import Audience, Counts, Released, release
from audit_engine.analysis.routing import rests_on
from audit_engine.analysis.survey import counts_of, reply_counts
from audit_engine.analysis.survey_codes import Tally
from audit_engine.analysis.survey_marks import REPLY, Question, questions_of
from audit_engine.definition.questionnaire import Questionnaire

Counted = Callable[[Tally], Counts]


class SurveyRelease:
    """The counts of a survey, for everybody and by group: raw inside, and only what may be seen comes out.

    ``within`` names each group's larger group, where there are any; ``by`` says
    what makes the groups, perhaps a question.  ``beside`` is the release of the
    same survey by other groups, which the same readers see.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        whole: Tally,
        groups: Mapping[str, Tally],
        audience: Audience,
        *,
        within: Within | None = None,
        by: str = "",
        beside: SurveyRelease | None = None,
    ) -> None:
        self._questionnaire, self._audience = questionnaire, audience
        self._by, self._beside = by, beside
        self._whole, self._groups, self._within = whole, groups, within
        self._rests_on = rests_on(questionnaire)
        self._tables: dict[str, Table] = {}
        self._may_split = self._all_told(self._questions({by, *self._rests_on.get(by, ())}))
        self.replies = self.of_replies(reply_counts)

    def of_replies(self, counted: Counted) -> Table:
        """Return what may be seen of what every reply has: that it is there, or how many statements it judged rightly.

        People are told apart by a sensitive question only where all its answers
        are shown.
        """
        if not self._may_split:
            return self._withheld(counted, whole_too=False)
        return self._table(counted, None if counted is reply_counts else self.replies.shown)

    def question(self, question: Question, counted: Callable[[Question, Tally], Counts] = counts_of) -> Table:
        """Return what may be seen of one question; ``counted`` may add sums to its counts, nothing else."""
        if counted is not counts_of:
            return self._released(question, counted)
        if question.id not in self._tables:
            self._tables[question.id] = self._released(question, counted)
        return self._tables[question.id]

    def _released(self, question: Question, counted: Callable[[Question, Tally], Counts]) -> Table:
        def of_one(tally: Tally) -> Counts:
            return counted(question, tally)

        gates = self._questions(self._rests_on[question.item.id])
        if not self._may_split or any(gate.item.sensitive for gate in gates):
            return self._withheld(of_one, whole_too=not self._all_told(gates))
        table = self._table(of_one, reduce(_both, (self.question(g).shown for g in gates), self.replies.shown))
        if self._is_told_across(question, table.counted[0]):
            return self._withheld(of_one, whole_too=False)
        return table

    def _is_told_across(self, question: Question, counted: frozenset[str]) -> bool:
        """Tell whether the groups beside these would tell what people in a hidden one answered.

        Of sensitive questions with one answer less is shown of each breakdown alone.
        """
        one_answer = question.item.sensitive and not question.several
        if self._beside is None or one_answer or question.item.id == self._by or not counted:
            return False
        whole, groups = counts_of(question, self._whole), self._by_group(lambda tally: counts_of(question, tally))
        if not has_secrets(whole, groups, counted):
            return False
        crowds = tuple(self._beside.crowds(question, self._by, tuple(groups)))
        return is_told_across(whole, groups, counted, crowds)

    def crowds(self, question: Question, by: str, marks: Iterable[str]) -> Iterator[Crowd]:
        """Yield every group of which answers to a question are shown, and what these leave, split by another question.

        ``marks`` are the answers to that other question.
        """
        small, large = self.question(question).counted
        within = self._within or {}
        places = {name: name if name in small else REST + within[name] if within.get(name) in large else REST
                  for name in self._groups}  # fmt: skip
        keys = [key for key in self._whole if key[0] in (question.item.id, by, REPLY)]
        left = Counter({key: self._whole[key] for key in keys})
        found: dict[str, Counter[tuple[str, str]]] = {}
        for name, tally in self._groups.items():
            own = {key: tally.get(key, 0) for key in keys}
            left.subtract(own)
            found.setdefault(places[name], Counter()).update(own)
        found.setdefault(REST, Counter()).update(left)
        for crowd in found.values():
            members = {mark: crowd[by, mark] for mark in marks}
            yield Crowd(reply_counts(crowd).base, counts_of(question, crowd), members)

    def _questions(self, items: frozenset[str] | set[str]) -> tuple[Question, ...]:
        return tuple(q for q in questions_of(self._questionnaire) if q.item.id in items)

    def _all_told(self, questions: Iterable[Question]) -> bool:
        """Tell whether of each of these that is sensitive every answer may be seen, of everybody together."""
        counts = (counts_of(q, self._whole) for q in questions if q.item.sensitive)
        return all(_all_shown(release(one, self._audience)) for one in counts)

    def _table(self, counted: Counted, among: Shown | None) -> Table:
        return release_table(counted(self._whole), self._by_group(counted), self._audience, self._within, among)

    def _withheld(self, counted: Counted, *, whole_too: bool) -> Table:
        groups = self._by_group(counted)
        return withheld_table(counted(self._whole), groups, self._audience, self._within, whole_too=whole_too)

    def _by_group(self, counted: Counted) -> Mapping[str, Counts]:
        return {name: counted(tally) for name, tally in self._groups.items()}


def _all_shown(released: Released) -> bool:
    return released.base is not None and all(figure.count is not None for figure in released.cells)


def _both(one: Shown, other: Shown) -> Shown:
    return one[0] & other[0], one[1] & other[1]
