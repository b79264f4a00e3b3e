"""Open a cycle, close it, and give one organisation longer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine

from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.response.settings import for_settings
from audit_engine.services.case_answers import has_reference
from audit_engine.services.clock import LOCAL, local_text
from audit_engine.services.survey_batches import close_survey, is_survey_cycle, open_links
from audit_engine.services.waiting_replies import Unreadable
from audit_engine.storage import anonymous, cycles, mailings, partnership, returns, trail
from audit_engine.storage.engine import writing
from audit_engine.storage.partnership import OrganisationRow


class CycleRefused(ValueError):
    """Something asked of a cycle that it cannot do; the text is for the person who asked."""


def open_cycle(engine: Engine, library: Library, cycle_id: str, by: int | None, now: datetime) -> int:
    """Open a cycle to those it invites (or everyone there is that day) and return how many take part.

    The definition is pinned: its text is kept, and what each organisation is
    asked follows from its profile on this day.  A survey of people gets links
    in place of returns; what settings start for themselves gets neither.
    """
    with writing(engine) as connection:
        cycle = _cycle(connection, cycle_id)
        if cycle.opened_at is not None:
            raise CycleRefused(f"{cycle.title} was opened on {local_text(cycle.opened_at)} already.")
        questionnaire = library.load(cycle.questionnaire, cycle.version)
        _refuse_unanswerable(questionnaire)
        by_settings = for_settings(questionnaire)  # they come of themselves, so nobody is expected
        taking_part = () if by_settings else _taking_part(connection, now, cycle.invited)
        by_people = questionnaire.respondent == "person"
        if not taking_part and not by_people and not by_settings:
            raise CycleRefused(f"{cycle.title} has no organisations to open to. Add organisations first.")
        cycles.keep_definition(
            connection, questionnaire.content_hash, questionnaire.id, questionnaire.version, questionnaire.source, now
        )
        cycles.change_cycle(connection, cycle_id, opened_at=now, content_hash=questionnaire.content_hash)
        if by_people:
            links = [o.id for o in taking_part] or [""]  # a survey of nobody in particular has one link for everybody
            open_links(connection, cycle_id, links, now.astimezone(LOCAL).date())
        else:
            cycles.add_returns(connection, [_new_return(cycle_id, questionnaire.content_hash, o) for o in taking_part])
        trail.note(connection, "opened", f"cycle:{cycle_id}", by, now, organisations=len(taking_part))
    return len(taking_part)


def _refuse_unanswerable(questionnaire: Questionnaire) -> None:
    """Refuse to open what the site has no pages for yet, rather than open it to people who cannot answer."""
    reasons = [why for why, found in NO_PAGES_YET.items() if found(questionnaire)]
    if reasons:
        raise CycleRefused(f"{questionnaire.title} cannot be opened yet: this version of the site has {reasons[0]}.")


NO_PAGES_YET: Mapping[str, Callable[[Questionnaire], bool]] = {
    "no box for the reference of a case": lambda q: q.respondent == "case" and not has_reference(q),
    "no survey pages that repeat": lambda q: q.respondent == "person" and any(s.repeat for s in q.sections),
}


def _new_return(cycle_id: str, content_hash: str, organisation: OrganisationRow) -> dict[str, object]:
    return {
        "cycle_id": cycle_id, "organisation_id": organisation.id, "content_hash": content_hash,
        "facts": dict(organisation.facts), "areas": list(organisation.areas), "state": "not-started",
        "submission_number": 0, "extension_reason": "",
    }  # fmt: skip


def _taking_part(connection: Connection, now: datetime, wanted: Sequence[str] | None) -> tuple[OrganisationRow, ...]:
    today = now.astimezone(LOCAL).date()
    everyone = {o.id: o for o in partnership.organisations(connection)}
    if wanted is None:
        return tuple(
            o for o in everyone.values() if (o.opened or today) <= today and (o.closed is None or o.closed > today)
        )
    unknown = [i for i in wanted if i not in everyone]
    if unknown:
        raise CycleRefused(f"No organisation is called {', '.join(unknown)}. Check the cycle's list of organisations.")
    return tuple(everyone[i] for i in wanted)


def expected(connection: Connection, cycle: CycleFacts, now: datetime) -> tuple[OrganisationRow, ...]:
    """Return the organisations to which a cycle would open at this moment."""
    return _taking_part(connection, now, cycle.invited)


def close_cycle(engine: Engine, cycle_id: str, by: int | None, now: datetime) -> None:
    """Close a cycle; answers stay, and extensions run on.  A survey's last replies count from now on."""
    with writing(engine) as connection:
        cycle = _cycle(connection, cycle_id)
        if cycle.state != "open":
            raise CycleRefused(f"{cycle.title} is {cycle.state}, so it cannot be closed.")
        cycles.change_cycle(connection, cycle_id, closed_at=now)
        try:
            is_survey = close_survey(connection, cycle_id, now.astimezone(LOCAL).date())
        except Unreadable as fault:
            raise CycleRefused(f"{cycle.title} cannot be closed yet. {fault}") from None
        mailings.forget_addresses(connection, cycle_id)
        trail.note(connection, "closed", f"cycle:{cycle_id}", by, now)
    if is_survey:
        anonymous.forget_traces(engine)


def reopen_cycle(engine: Engine, cycle_id: str, by: int | None, now: datetime) -> None:
    """Take back the closing of a cycle."""
    with writing(engine) as connection:
        cycle = _cycle(connection, cycle_id)
        if cycle.state != "closed":
            raise CycleRefused(f"{cycle.title} is {cycle.state}, so it cannot be opened again.")
        if is_survey_cycle(connection, cycle_id):
            raise CycleRefused(
                f"{cycle.title} is a survey, and its results can be seen. Replies that came now would stand out, "
                "so it cannot be opened again. Open another survey."
            )
        cycles.change_cycle(connection, cycle_id, closed_at=None)
        trail.note(connection, "opened again", f"cycle:{cycle_id}", by, now)


def extend(engine: Engine, return_id: int, until: datetime, reason: str, by: int, now: datetime) -> None:
    """Give one organisation until a later instant, with a reason."""
    with writing(engine) as connection:
        facts = returns.return_of(connection, return_id, lock=True)
        if facts is None:
            raise CycleRefused("There is no such return.")
        if facts.state == "submitted":
            raise CycleRefused(
                f"{facts.organisation_name} has submitted. Reopen its audit if it must change something."
            )
        if not reason.strip():
            raise CycleRefused("Say why this organisation gets longer. The reason is kept with the return.")
        if until <= max(now, facts.cycle.closes_at):
            closing = local_text(facts.cycle.closes_at)
            raise CycleRefused(f"The new closing time must be later than now and later than {closing}.")
        returns.change_return(connection, return_id, extended_to=until, extension_reason=reason.strip())
        trail.note(
            connection, "extended", f"return:{return_id}", by, now, until=until.isoformat(), reason=reason.strip()
        )


def _cycle(connection: Connection, cycle_id: str) -> CycleFacts:
    cycle = cycles.cycle_of(connection, cycle_id)
    if cycle is None:
        known = ", ".join(c.id for c in cycles.cycles(connection)) or "none"
        raise CycleRefused(f"There is no cycle called “{cycle_id}”. Cycles: {known}.")
    return cycle


def cycle_named(connection: Connection, cycle_id: str) -> CycleFacts:
    """Return the cycle; raise ``CycleRefused`` naming those that exist."""
    return _cycle(connection, cycle_id)


def refuse_other_questions(then: CycleFacts, now: CycleFacts) -> None:
    """Raise ``CycleRefused`` for two cycles of different questionnaires: in no order can they be compared."""
    if then.questionnaire != now.questionnaire:
        raise CycleRefused(
            f"{then.title} and {now.title} ask different things ({then.questionnaire} and {now.questionnaire}), so "
            "there is nothing to compare."
        )
