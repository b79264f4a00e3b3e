"""Put together what an organisation sees while it answers: what is asked, said, said last time, and missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from sqlalchemy import Connection

from audit_engine.definition.applicability import Asked, Resolution, asked
from audit_engine.definition.lineage import LineageMap
from audit_engine.definition.piping import asked_answer, placeholders
from audit_engine.definition.questionnaire import Questionnaire, Section
from audit_engine.definition.repeats import ONCE, resolved_by_repeat
from audit_engine.response.answers import Answer, State
from audit_engine.response.completeness import Gap, Progress, all_gaps, progress
from audit_engine.response.cycles import ReturnFacts
from audit_engine.response.earlier import Earlier, earlier_answers
from audit_engine.response.repeats import entry_gaps, entry_progress
from audit_engine.services.definitions import Definitions, as_values
from audit_engine.storage import partnership, returns

AnswerKey = tuple[str, str, str]


@dataclass(frozen=True)
class OpenReturn:
    """A return with everything around it; made by ``open_return``.

    ``repeat`` says which entry of a section that repeats ``answer`` and
    ``asked`` speak of; '' for what is asked once.
    """

    facts: ReturnFacts
    questionnaire: Questionnaire
    answers: Mapping[AnswerKey, Answer]
    earlier: Mapping[str, Earlier]
    earlier_title: str
    repeat: str = field(default=ONCE, kw_only=True)

    def entry(self, repeat: str) -> OpenReturn:
        """Return the same return, to be read as one entry of the sections that repeat sees it."""
        return replace(self, repeat=repeat)

    @cached_property
    def asked(self) -> Mapping[str, Asked]:
        """Return, by item id, whether it is asked and, if not, why."""
        profile = self.facts.expression_facts or expression_facts(self.facts)
        if not _rests_on_answers(self.questionnaire):
            return _asked_of(self.questionnaire, tuple(profile.items()))
        return self.resolution(self.repeat).asked

    def resolution(self, repeat: str) -> Resolution:
        """Return what is asked in an entry, and the values that count there, those worked out among them."""
        return self.resolutions.get(repeat) or self.resolutions[ONCE]

    @cached_property
    def resolutions(self) -> Mapping[str, Resolution]:
        """Return by entry what is asked and what counts; '' is there always."""
        profile = self.facts.expression_facts or expression_facts(self.facts)
        said = (a for a in self.answers.values() if not a.area and a.state is not State.UNANSWERED)
        return resolved_by_repeat(self.questionnaire, profile, {(a.item, a.repeat): a.value for a in said})

    @cached_property
    def asked_ids(self) -> tuple[str, ...]:
        """Return the ids of the items that are asked, in order."""
        return tuple(i.id for i in self.questionnaire.items if self.asked[i.id].asked)

    def answer(self, item: str, area: str = "") -> Answer:
        """Return the answer to an item; one never given is unanswered with version 0.

        What follows from other answers is worked out anew.
        """
        if item in self._worked_out and not area:
            value = self.resolution(self.repeat).values.get(item)
            return Answer(item, State.UNANSWERED if value is None else State.ANSWERED, value, self.repeat)
        repeat = self.repeat if self.repeat and item in self.questionnaire.repeating else ONCE
        return self.answers.get((item, repeat, area)) or Answer(item, repeat=repeat, area=area)

    @cached_property
    def _worked_out(self) -> frozenset[str]:
        return _worked_out(self.questionnaire)

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Return everything that is missing before submission, in the order of the questionnaire's sections."""
        found = all_gaps(self.questionnaire, self.asked_ids, self.answers, self.earlier)
        if not self.questionnaire.repeating:
            return found
        sections = self.questionnaire.sections
        more = [gap for s in sections if s.repeat for gap in entry_gaps(s, self._asked_in, self.answers)]
        place = {item.id: at for at, section in enumerate(sections) for item in section.items}
        return tuple(sorted((*found, *more), key=lambda gap: place[gap.item]))

    def _asked_in(self, repeat: str) -> Sequence[str]:
        return [item for item, state in self.resolution(repeat).asked.items() if state.asked]

    def progress(self, section: Section) -> Progress:
        """Return how far a section has come."""
        if section.repeat is not None:
            return entry_progress(section, self._asked_in, self.answers)
        return progress(section, self.asked_ids, self.answers, self.earlier)

    @cached_property
    def overall(self) -> Progress:
        """Return how far the whole return has come."""
        parts = [self.progress(s) for s in self.questionnaire.sections]
        return Progress.total(parts)


def expression_facts(facts: ReturnFacts) -> Mapping[str, object]:
    """Return what conditions may ask about the organisation, by the names of facts.yaml."""
    return {**facts.facts, "sector": facts.sector, "areas": frozenset(facts.areas)}


def open_return(
    connection: Connection, definitions: Definitions, facts: ReturnFacts, section: str | None = None
) -> OpenReturn:
    """Read a return: two statements (its answers, last time's), plus two the first time a definition is met.

    With ``section`` only that section's answers are read, and those that its
    conditions look at; the rest of the return then reads as unanswered.
    """
    questionnaire = definitions.of(connection, facts.content_hash)
    if questionnaire.respondent == "case":
        return _of_cases(connection, questionnaire, facts)
    items = _looked_at(questionnaire, section) if section else None
    said = as_values(questionnaire, returns.answers_of(connection, facts.id, items))
    earlier, title = _last_time(connection, definitions, facts, questionnaire, section)
    return OpenReturn(facts, questionnaire, said, earlier, title)


def open_to_save(connection: Connection, definitions: Definitions, facts: ReturnFacts) -> OpenReturn:
    """Open a return to write into it: what its profile is asked, without what was answered now or last time."""
    return OpenReturn(facts, definitions.of(connection, facts.content_hash), {}, {}, "")


def _of_cases(connection: Connection, questionnaire: Questionnaire, facts: ReturnFacts) -> OpenReturn:
    from audit_engine.services.case_answers import CaseReturn
    from audit_engine.storage import cases

    said = as_values(questionnaire, returns.answers_of(connection, facts.id))
    return CaseReturn(facts, questionnaire, said, {}, "", cases.readings(connection, facts.id))


@lru_cache(maxsize=1024)
def _rests_on_answers(questionnaire: Questionnaire) -> bool:
    """Tell whether any item is asked because of what was answered elsewhere."""
    return any(i.enable_when or i.is_worked_out for i in questionnaire.items)


@lru_cache(maxsize=1024)
def _worked_out(questionnaire: Questionnaire) -> frozenset[str]:
    return frozenset(i.id for i in questionnaire.items if i.is_worked_out)


@lru_cache(maxsize=4096)
def _asked_of(questionnaire: Questionnaire, profile: tuple[tuple[str, object], ...]) -> Mapping[str, Asked]:
    """Return what a profile is asked, where answers play no part; organisations share few profiles."""
    return asked(questionnaire, dict(profile), {})


@lru_cache(maxsize=1024)
def _looked_at(questionnaire: Questionnaire, section: str) -> Sequence[str]:
    """Return the ids of a section's items and, step by step, of all that their conditions look at."""
    wanted: dict[str, None] = {}
    waiting = [i.id for i in questionnaire.sections_by_id[section].items]
    while waiting:
        item = questionnaire.items_by_id.get(waiting.pop())
        if item is None or item.id in wanted:
            continue
        wanted[item.id] = None
        for condition in (item.enable_when, item.calculate, *(row.when for row in item.rules)):
            waiting += condition.names if condition is not None else ()
        waiting += filter(None, map(asked_answer, placeholders(f"{item.text} {item.guidance}")))
    return tuple(wanted)


def _last_time(
    connection: Connection, definitions: Definitions, facts: ReturnFacts, current: Questionnaire, section: str | None
) -> tuple[Mapping[str, Earlier], str]:
    baseline = definitions.of_cycle(connection, facts.cycle.baseline)
    if baseline is None:
        return {}, ""
    lineage = definitions.lineage(baseline.questionnaire, current)
    if lineage is None:
        return {}, baseline.title
    items = _sources(current, lineage, section) if section else None
    stored = returns.answers_in_cycle(connection, baseline.cycle, facts.organisation, items)
    said = as_values(baseline.questionnaire, stored).values()
    return earlier_answers(baseline.questionnaire, current, lineage, said), baseline.title


def _sources(current: Questionnaire, lineage: LineageMap, section: str) -> Sequence[str]:
    wanted = {i.id for i in current.sections_by_id[section].items}
    return sorted({old for pair in lineage.pairs if wanted & set(pair.new) for old in pair.old})


def area_names(connection: Connection) -> Mapping[str, str]:
    """Return the areas' names by id."""
    return {a.id: a.name for a in partnership.areas(connection)}
