"""What did the organisation say last time about what is now asked?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit_engine.definition.lineage import LineageMap
from audit_engine.definition.questionnaire import CountsAs, Questionnaire
from audit_engine.response.answers import Answer, State

# Worst first: the weakest of several earlier answers stands for them all (methods section 5).
WORST_FIRST: tuple[CountsAs, ...] = ("not-met", "partly-met", "met", "not-applicable")


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """One earlier answer as it is shown beside the question of today."""

    item: str
    question: str
    rating: str
    commentary: str
    counts_as: CountsAs | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """Everything that was said last time about one item of today.

    ``counts_as`` is the weakest of the earlier answers, or None when there is
    none to compare with.  ``relation`` says how the question changed.
    """

    relation: str
    answers: tuple[EarlierAnswer, ...] = ()

    @property
    def counts_as(self) -> CountsAs | None:
        """Return the weakest earlier rating that applied."""
        if len(self.answers) == 1:  # nearly always
            return self.answers[0].counts_as
        said = {a.counts_as for a in self.answers}
        return next((c for c in WORST_FIRST if c in said), None)


def earlier_answers(
    baseline: Questionnaire, current: Questionnaire, lineage: LineageMap, said: Iterable[Answer]
) -> Mapping[str, Earlier]:
    """Return, by today's item id, what was answered last time through lineage."""
    by_item = {a.item: a for a in said if a.area == "" and a.repeat == ""}
    found: dict[str, Earlier] = {}
    for pair in lineage.pairs:
        answers = tuple(_shown(baseline, by_item[old]) for old in pair.old if old in by_item)
        for new in pair.new:
            if new in current.items_by_id and answers:
                found[new] = Earlier(pair.relation, answers)
    return found


def _shown(baseline: Questionnaire, answer: Answer) -> EarlierAnswer:
    item = baseline.items_by_id[answer.item]
    option = item.option(answer.value)
    rated = option.label if option else ("Not answered" if answer.state is State.UNANSWERED else str(answer.value))
    return EarlierAnswer(item.id, item.text, rated, answer.commentary, item.counts_as(answer.value))
