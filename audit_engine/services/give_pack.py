"""Give the pack on an organisation to its panel, and later, never earlier, to the organisation itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from audit_engine.response.cycles import ReturnFacts
from audit_engine.response.people import PersonFacts
from audit_engine.response.permissions import Act, Target, allowed
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.storage import beside, trail
from audit_engine.storage.engine import writing


class PackRefused(CycleRefused):
    """A pack cannot be given out; the text is for the person who asked."""


@dataclass(frozen=True, slots=True)
class PackState:
    """When a pack was given to the panel, and to the organisation; None: not yet."""

    released_at: datetime | None = None
    shared_at: datetime | None = None


def pack_state(connection: Connection, return_id: int) -> PackState:
    """Return how far a pack has been given out."""
    row = beside.pack_of(connection, return_id)
    return PackState(row.released_at, row.shared_at) if row else PackState()


def packs_to_read(
    connection: Connection, person: PersonFacts, some: Collection[ReturnFacts]
) -> Mapping[int, ReturnFacts]:
    """Return, by number, the submitted returns whose pack somebody may read by now, in one statement at most."""
    reads = {
        facts.id: facts
        for facts in some
        if facts.state == "submitted" and allowed(person, Act.READ_PACK, Target(facts.organisation, facts.areas))
    }
    given = beside.packs_of(connection, reads) if reads else {}
    states = {number: PackState(row.released_at, row.shared_at) for number, row in given.items()}
    return {number: f for number, f in reads.items() if number in states and may_read(person, f, states[number])}


def may_read(person: PersonFacts, facts: ReturnFacts, state: PackState) -> bool:
    """Tell whether somebody who may read packs may read this one by now.

    Somebody of the organisation waits until it is given to the organisation,
    also when they sit on the panel.
    """
    if allowed(person, Act.TRIANGULATE, Target(facts.organisation, facts.areas)):
        return True
    if facts.organisation in person.organisations:
        return state.shared_at is not None
    return state.released_at is not None


def kept_back(connection: Connection, organisations: Collection[str]) -> frozenset[tuple[str, str]]:
    """Return (survey, organisation) of staff results that an organisation may not read yet: never before its pack.

    A survey that stands beside no audit of the organisation is not kept back,
    nor one of an audit that another has followed.
    """
    return beside.kept_back(connection, organisations)


def release_pack(engine: Engine, facts: ReturnFacts, by: int, now: datetime) -> None:
    """Let the panel read the pack."""
    with writing(engine) as connection:
        if facts.state != "submitted":
            raise PackRefused(f"{facts.organisation_name} has not submitted, so there is no pack to give out.")
        if pack_state(connection, facts.id).released_at is not None:
            raise PackRefused("The panel has this pack already.")
        beside.release_pack(connection, facts.id, by, now)
        trail.note(connection, "pack given to the panel", f"return:{facts.id}", by, now)


def share_pack(engine: Engine, facts: ReturnFacts, by: int, now: datetime) -> None:
    """Let the organisation read the pack that its panel has had."""
    with writing(engine) as connection:
        state = pack_state(connection, facts.id)
        if state.released_at is None:
            raise PackRefused("Give the pack to the panel first. The organisation never sees it earlier.")
        if state.shared_at is not None:
            raise PackRefused(f"{facts.organisation_name} has this pack already.")
        beside.share_pack(connection, facts.id, by, now)
        trail.note(connection, "pack given to the organisation", f"return:{facts.id}", by, now)
