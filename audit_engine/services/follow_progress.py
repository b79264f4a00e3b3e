"""How far has every organisation come in a cycle?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection

from audit_engine.definition.applicability import asked
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.answers import Answer
from audit_engine.response.completeness import Progress, takes_answer
from audit_engine.response.cycles import CycleFacts, ReturnFacts
from audit_engine.services.answering import expression_facts
from audit_engine.services.case_answers import CaseReturn
from audit_engine.services.definitions import Definitions, as_values
from audit_engine.storage import returns


def progress_of_cycle(
    connection: Connection, definitions: Definitions, cycle: CycleFacts
) -> tuple[tuple[ReturnFacts, Progress], ...]:
    """Return every return with how many of the questions that need an answer have one.

    Two statements whatever the size.  In an audit of cases it is how many of the cases entered are finished.
    ``done`` is the number answered: whether commentary is still missing is the
    organisation's own page to say.
    """
    everyone = returns.returns_of_cycle(connection, cycle.id)
    pinned = definitions.of_cycle(connection, cycle.id)
    if pinned is None:
        return ()
    if pinned.questionnaire.respondent == "case":
        said = returns.answers_by_return(connection, cycle.id)
        return tuple((r, _of_cases(pinned.questionnaire, r, said.get(r.id, ()))) for r in everyone)
    needed = _needed(pinned.questionnaire)
    answered: Counter[int] = Counter(dict(returns.answered_by_return(connection, cycle.id, needed)))
    known: dict[tuple[object, ...], int] = {}
    return tuple((r, _progress(pinned.questionnaire, needed, r, answered[r.id], known)) for r in everyone)


def _needed(questionnaire: Questionnaire) -> frozenset[str]:
    """Return the questions that an organisation's own list counts: those that may be left empty only where all may."""
    taking = [item for item in questionnaire.items if takes_answer(item)]
    return frozenset(i.id for i in taking if i.required) or frozenset(i.id for i in taking)


def _of_cases(questionnaire: Questionnaire, facts: ReturnFacts, said: Sequence[Answer]) -> Progress:
    """Return how many cases were entered, begun and finished."""
    found = CaseReturn(facts, questionnaire, as_values(questionnaire, said), {}, "").cases
    return Progress(len(found), sum(c.progress.answered > 1 for c in found), sum(c.finished for c in found))


def _progress(
    questionnaire: Questionnaire,
    needed: frozenset[str],
    facts: ReturnFacts,
    answered: int,
    known: dict[tuple[object, ...], int],
) -> Progress:
    profile = expression_facts(facts)
    said = sorted((k, str(v)) for k, v in profile.items() if k != "areas")
    key = (*said, tuple(sorted(facts.areas)))
    if key not in known:
        found = asked(questionnaire, profile, {})
        known[key] = sum(found[i].asked for i in needed)
    wanted = known[key]
    return Progress(wanted, min(answered, wanted), min(answered, wanted))
