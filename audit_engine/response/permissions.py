"""May this person do that to this thing?

One row of ``PERMITS`` is one permission; nothing else grants anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from audit_engine.response.people import Held, PersonFacts


class Act(StrEnum):
    """What can be done."""

    READ_RETURN = "read a return"
    ANSWER = "answer"
    SUBMIT = "submit"
    REOPEN = "reopen a return"
    EXTEND = "extend one organisation"
    SEE_PROGRESS = "see who has returned"
    OPEN_CYCLE = "open a cycle"
    CLOSE_CYCLE = "close a cycle"
    SEND_SURVEY = "send a survey out"
    IMPORT_ANSWERS = "bring in answers collected elsewhere"
    SEE_RESULTS = "see results by organisation"
    SEE_DASHBOARDS = "see the dashboards"
    CHASE = "see whom to write to about a return"
    KEEP_PLAN = "write down figures of the plan, and what was done"
    EXPORT_TIDY = "write the folder of tables"
    TRIANGULATE = "see what staff said beside the ratings"
    READ_PACK = "read the pack of a panel"
    GIVE_PACK = "give a pack to its panel or organisation"
    REVIEW_TEXT = "read what people wrote, before anybody else"
    CODE_TEXT = "find themes in what people wrote"
    KEEP_PRACTICE = "keep cards of promising practice"
    PUBLISH_BENCHMARK = "publish the comparison of settings"
    READ_OWN_SURVEY = "read what one's own staff said"
    MAKE_REPORT = "make a report"
    READ_REPORT = "read a report"
    MANAGE_PEOPLE = "manage people"
    SEE_SYSTEM = "see the system's state"


@dataclass(frozen=True, slots=True)
class Target:
    """What an act is about; ``organisation`` None means the cycle or the whole partnership.

    ``areas`` () means that it belongs to no area in particular.
    """

    organisation: str | None = None
    areas: tuple[str, ...] = ()


Relation = Literal["own", "area", "any"]


# A report that names organisations beside what their staff said is for those who may see that on the pages too.
ACTS_OF_REPORTS: Mapping[str, Act] = {"staff-view": Act.TRIANGULATE}


@dataclass(frozen=True, slots=True)
class Permit:
    """Who (role), of what (relation), may do what.

    Whether a return's state allows it is for ``workflow`` to say, in a sentence.
    """

    role: str
    relation: Relation
    acts: frozenset[Act]


PERMITS: tuple[Permit, ...] = (
    Permit("organisation-lead", "own", frozenset({Act.READ_RETURN, Act.ANSWER, Act.SUBMIT})),
    Permit("business-team", "area", frozenset({Act.READ_RETURN, Act.REOPEN, Act.EXTEND})),
    Permit("business-team", "area", frozenset({Act.SEE_PROGRESS, Act.OPEN_CYCLE, Act.CLOSE_CYCLE, Act.SEND_SURVEY})),
    Permit("business-team", "area", frozenset({Act.SEE_RESULTS, Act.MAKE_REPORT, Act.READ_REPORT})),
    Permit("business-team", "area", frozenset({Act.IMPORT_ANSWERS})),
    # The folder holds every area: the page gives it only to who sees all of them.
    Permit("business-team", "area", frozenset({Act.SEE_DASHBOARDS, Act.CHASE, Act.KEEP_PLAN, Act.EXPORT_TIDY})),
    Permit("scrutineer", "area", frozenset({Act.SEE_DASHBOARDS})),
    Permit("executive", "area", frozenset({Act.SEE_DASHBOARDS})),
    Permit("scrutineer", "area", frozenset({Act.READ_RETURN, Act.SEE_PROGRESS, Act.SEE_RESULTS, Act.READ_REPORT})),
    Permit("business-team", "area", frozenset({Act.TRIANGULATE, Act.READ_PACK, Act.GIVE_PACK})),
    Permit("scrutineer", "area", frozenset({Act.TRIANGULATE, Act.READ_PACK})),
    # From the day on which the pack was given to them: services/give_pack.py.
    Permit("panel-member", "area", frozenset({Act.READ_PACK})),
    Permit("panel-chair", "area", frozenset({Act.READ_PACK})),
    Permit("organisation-lead", "own", frozenset({Act.READ_PACK})),
    Permit("business-team", "area", frozenset({Act.REVIEW_TEXT})),
    Permit("business-team", "area", frozenset({Act.CODE_TEXT, Act.KEEP_PRACTICE, Act.PUBLISH_BENCHMARK})),
    Permit("organisation-lead", "own", frozenset({Act.READ_OWN_SURVEY})),
    Permit("executive", "area", frozenset({Act.SEE_RESULTS, Act.READ_REPORT})),
    Permit("administrator", "any", frozenset({Act.MANAGE_PEOPLE, Act.SEE_SYSTEM})),
)


def allowed(person: PersonFacts, act: Act, target: Target) -> bool:
    """Tell whether any permit lets the person do it."""
    return any(
        held.role == permit.role and act in permit.acts and _related(held, permit, target)
        for held in person.held
        for permit in PERMITS
    )


def roles_that_may(act: Act) -> tuple[str, ...]:
    """Return the roles for which some permit names the act."""
    return tuple(dict.fromkeys(p.role for p in PERMITS if act in p.acts))


def areas_seen(person: PersonFacts, act: Act) -> tuple[str, ...] | None:
    """Return the areas in which the person may do it; None means every area."""
    return person.areas_of(*roles_that_may(act))


def _related(held: Held, permit: Permit, target: Target) -> bool:
    if permit.relation == "own":
        return held.organisation is not None and held.organisation == target.organisation
    if permit.relation == "area":
        return held.area is None or held.area in target.areas
    return True
