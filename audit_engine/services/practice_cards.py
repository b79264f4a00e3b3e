"""Keep cards of promising practice: what an organisation does, what shows it, and its leave to tell others.

What evidence and staff say is looked up when a card is checked, and kept with
it.  A card is agreed only with evidence of a dated document or better, nothing
that speaks against it, and the organisation's consent.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from audit_engine.definition.questionnaire import Item
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.definitions import Definitions
from audit_engine.services.export_cycle import neutral
from audit_engine.services.theme_book import ThemesRefused
from audit_engine.storage import partnership, practice, returns, trail
from audit_engine.storage.engine import writing
from audit_engine.storage.partnership import OrganisationRow
from audit_engine.storage.practice import CardRow

if TYPE_CHECKING:
    from audit_engine.analysis.triangulation_values import Cell, MappedCriterion, Triangulation

ENOUGH_EVIDENCE = 2
#: With fewer organisations of a kind, the kind would tell which one it is.
LEAST_OF_A_KIND = 3
WORDS: Mapping[str, str] = {
    "title": "Name of the practice",
    "what": "What is it?",
    "who_for": "Whom is it for, and where is it done?",
    "problem": "Which problem does it address?",
    "outcome": "What came of it, for whom?",
    "effort": "What does it cost, in money and effort?",
    "adapt": "How can others adapt it?",
    "contact": "Whom can others ask?",
}
NEEDED = ("title", "what", "who_for", "problem", "outcome")
STAFF: Mapping[str, str] = {
    "yes": "Yes, staff see it",
    "partly": "Staff see it in part",
    "no": "No, staff do not see it",
    "too-few": "Too few replies to tell",
    "not-asked": "Staff were not asked",
}
EVIDENCE: Mapping[int | None, str] = {
    None: "Not graded, or out of date", 0: "None", 1: "Asserted", 2: "Dated document on file",
    3: "Document, and evidence of use or effect",
}  # fmt: skip
COLUMNS = (
    "practice", "state", "organisation", "criterion", "what", "who_for", "problem", "evidence", "outcome",
    "staff_see_it", "cost_and_effort", "how_to_adapt", "contact", "consent",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Consent:
    """An organisation's leave to tell others, given by somebody on a day; ``names`` lets it be named."""

    by: str
    on: date
    names: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it may be read; ``where`` names the organisation only where that may be."""

    row: CardRow
    organisation: OrganisationRow
    item: Item | None
    where: str

    @property
    def consent(self) -> Consent | None:
        """Return the organisation's leave, or None."""
        on = self.row.consent_on
        return Consent(self.row.consent_by, on, self.row.consent_names) if on else None


@dataclass(frozen=True, slots=True)
class Checked:
    """What evidence and staff say of a criterion at an organisation, and in sentences what speaks against it."""

    evidence: int | None
    staff: str
    against: tuple[str, ...] = ()


def cards_of(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, *, drafts: bool = False
) -> tuple[Card, ...]:
    """Return the cards that are agreed, and with ``drafts`` the others too; drafts name their organisation."""
    pinned = definitions.of_cycle(connection, cycle.id)
    items = pinned.questionnaire.items_by_id if pinned else {}
    everyone = partnership.organisations(connection)
    labels = partnership.sectors(connection)
    taking_part = returns.returns_of_cycle(connection, cycle.id)
    kinds = [r.sector for r in taking_part]
    by_id = {o.id: o for o in everyone}
    return tuple(
        Card(row, by_id[row.organisation], items.get(row.item), _where(row, by_id[row.organisation], kinds, labels))
        for row in practice.cards(connection, cycle.id)
        if drafts or row.state == "agreed"
    )


def _where(row: CardRow, organisation: OrganisationRow, kinds: Sequence[str], labels: Mapping[str, str]) -> str:
    if row.consent_names or row.state == "draft":
        return organisation.name
    if kinds.count(organisation.sector) >= LEAST_OF_A_KIND:
        return f"An organisation of this kind: {labels.get(organisation.sector, organisation.sector)}"
    return "One of the organisations taking part"


def card_of(connection: Connection, definitions: Definitions, cycle: CycleFacts, card_id: int) -> Card | None:
    """Return one card of a cycle, or None."""
    return next((c for c in cards_of(connection, definitions, cycle, drafts=True) if c.row.id == card_id), None)


def check(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, organisation: str, item: str, now: datetime
) -> Checked:
    """Return what evidence, panel and staff say of a criterion at an organisation."""
    return checked(set_beside(connection, definitions, cycle, organisation, now), organisation, item)


def set_beside(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, organisation: str, now: datetime
) -> Triangulation:
    """Return an organisation's ratings with evidence, panel and staff beside each."""
    # Lazily: ratings of a cycle need numpy.
    from audit_engine.analysis.triangulation_grid import triangulated
    from audit_engine.services.cycle_ratings import cycle_ratings
    from audit_engine.services.triangulate import evidence_beside

    ratings = cycle_ratings(connection, definitions, cycle, only=[organisation])
    return triangulated(ratings, evidence_beside(connection, definitions, cycle, now))


def checked(found: Triangulation, organisation: str, item: str) -> Checked:
    """Return what stands beside one criterion of an organisation."""
    cell, criterion = found.cells.get((organisation, item)), found.criterion(item)
    if cell is None or criterion is None:
        return Checked(None, "not-asked")
    against = [sentence for sentence, holds in _against(cell) if holds]
    return Checked(cell.evidence, _staff(cell, criterion), tuple(against))


def _staff(cell: Cell, criterion: MappedCriterion) -> str:
    """Return whether staff see it; "not-asked" where nothing could be set beside the rating."""
    if cell.cls == "insufficient responses":
        return "too-few"
    if not criterion.views or cell.cls == "not compared":
        return "not-asked"
    return _STAFF_BY_LEVEL.get(cell.level or "", "partly")


_STAFF_BY_LEVEL = {"seen": "yes", "partly seen": "partly", "not seen": "no"}


def _against(cell: Cell) -> Iterator[tuple[str, bool]]:
    yield "Staff do not see what the organisation claims here.", cell.cls == "claimed but not seen by staff"
    yield "The panel rated this criterion lower than the organisation did.", cell.panel == "lower"
    yield "No evidence was there when it was asked for.", cell.evidence == 0


def keep_card(
    engine: Engine, definitions: Definitions, cycle: CycleFacts, card_id: int | None, organisation: str, item: str,
    words: Mapping[str, str], consent: Consent | None, by: int, now: datetime,
) -> int:  # fmt: skip
    """Add a card, or change one that is a draft, and look up what evidence and staff say; return its number."""
    said = {name: words.get(name, "").strip() for name in WORDS}
    if not said["title"]:
        raise ThemesRefused("Give the practice a name")
    with writing(engine) as connection:
        _refuse(connection, definitions, cycle, card_id, organisation, item)
        found = check(connection, definitions, cycle, organisation, item, now)
        values = {
            **said, "organisation_id": organisation, "item_id": item, **_checked(found, now),
            "consent_by": consent.by if consent else "", "consent_on": consent.on if consent else None,
            "consent_names": bool(consent and consent.names),
        }  # fmt: skip
        if card_id is None:
            card_id = practice.add_card(connection, cycle_id=cycle.id, made_at=now, made_by=by, **values)
            trail.note(connection, "practice card added", f"cycle:{cycle.id}", by, now, card=card_id)
        else:
            practice.change_card(connection, card_id, **values)
            trail.note(connection, "practice card changed", f"cycle:{cycle.id}", by, now, card=card_id)
    return card_id


def _checked(found: Checked, now: datetime) -> dict[str, object]:
    return {"evidence": found.evidence, "staff": found.staff, "against": " ".join(found.against), "checked_at": now}


def _refuse(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, card_id: int | None, organisation: str,
    item: str,
) -> None:  # fmt: skip
    if card_id is not None:
        card = card_of(connection, definitions, cycle, card_id)
        if card is None or card.row.state != "draft":
            raise ThemesRefused("Only a draft can be changed. Make the card a draft again first.")
    if returns.return_in_cycle(connection, cycle.id, organisation) is None:
        raise ThemesRefused("Choose an organisation that takes part in this audit")
    pinned = definitions.of_cycle(connection, cycle.id)
    if pinned is None or item not in {c.id for c in pinned.questionnaire.criteria}:
        raise ThemesRefused("Choose a criterion of this audit")


def why_not(card: Card) -> tuple[str, ...]:
    """Return what keeps a card from being agreed, a sentence each; () where nothing does."""
    return tuple(_why_not(card))


def _why_not(card: Card) -> Iterator[str]:
    missing = [WORDS[name] for name in NEEDED if not getattr(card.row, name)]
    if missing:
        yield f"Something is not filled in: {'; '.join(missing)}"
    if card.row.evidence is None or card.row.evidence < ENOUGH_EVIDENCE:
        yield "The evidence must be graded 2 (a dated document on file) or better, within the last 24 months."
    if card.row.against:
        yield card.row.against
    if card.consent is None:
        yield "The organisation’s consent is not recorded."


def agree_card(
    engine: Engine, definitions: Definitions, cycle: CycleFacts, card_id: int, by: int, now: datetime
) -> None:
    """Let others read a card; what evidence and staff say is looked up once more."""
    with writing(engine) as connection:
        card = _draft(connection, definitions, cycle, card_id)
        found = check(connection, definitions, cycle, card.organisation.id, card.row.item, now)
        practice.change_card(connection, card_id, **_checked(found, now))
        card = _draft(connection, definitions, cycle, card_id)
        reasons = why_not(card)
        if not reasons:
            practice.change_card(connection, card_id, state="agreed", agreed_at=now, agreed_by=by)
            trail.note(connection, "practice card agreed", f"cycle:{cycle.id}", by, now, card=card_id)
    if reasons:
        raise ThemesRefused(" ".join(reasons))


def _draft(connection: Connection, definitions: Definitions, cycle: CycleFacts, card_id: int) -> Card:
    card = card_of(connection, definitions, cycle, card_id)
    if card is None or card.row.state != "draft":
        raise ThemesRefused("Only a draft can be agreed. Go back to the list.")
    return card


def back_to_draft(
    engine: Engine, definitions: Definitions, cycle: CycleFacts, card_id: int, by: int, now: datetime, *,
    consent_withdrawn: bool,
) -> None:  # fmt: skip
    """Take a card back, so that only those who keep cards read it; with ``consent_withdrawn`` the consent goes too."""
    gone = {"consent_by": "", "consent_on": None, "consent_names": False} if consent_withdrawn else {}
    with writing(engine) as connection:
        if card_of(connection, definitions, cycle, card_id) is None:
            raise ThemesRefused("There is no such card.")
        practice.change_card(connection, card_id, state="draft", agreed_at=None, agreed_by=None, **gone)
        event = "practice consent withdrawn" if consent_withdrawn else "practice card taken back"
        trail.note(connection, event, f"cycle:{cycle.id}", by, now, card=card_id)


def as_csv(cards: Sequence[Card]) -> str:
    """Return a row for each card, as CSV with a header row; no cell is a formula."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for card in cards:
        writer.writerow([neutral(v) if isinstance(v, str) else v for v in _row(card)])
    return out.getvalue()


def _row(card: Card) -> tuple[object, ...]:
    row, consent = card.row, card.consent
    given = f"{consent.on.isoformat()}, {'may be named' if consent.names else 'not to be named'}" if consent else "none"
    return (
        row.title, row.state, card.where, card.item.short_id if card.item else row.item, row.what, row.who_for,
        row.problem, EVIDENCE[row.evidence], row.outcome, STAFF[row.staff], row.effort, row.adapt, row.contact, given,
    )  # fmt: skip
