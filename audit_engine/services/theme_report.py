"""Gather what a document says of themes and promising practice: the same figures and marks as the page and the CSV."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection

from audit_engine.analysis.theme_findings import (
    CodedAlike,
    PracticeCard,
    ThemeFindings,
    ThemeLine,
    may_tell_agreement,
    quotes,
)
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.code_themes import Coder, Compared, Pair, compared
from audit_engine.services.definitions import Definitions
from audit_engine.services.practice_cards import EVIDENCE, STAFF, WORDS, Card, cards_of
from audit_engine.services.themes import Found, Theme, settled, themes_of

# Somebody who codes nothing and may read every area's words: for counts that are of all areas.
_NOBODY = Coder(0, None)
_SAID = ("what", "who_for", "problem", "outcome", "effort", "adapt", "contact")


def theme_findings(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> ThemeFindings:
    """Return an audit's themes and its cards with consent, as a document says them."""
    found = themes_of(connection, definitions, cycle)
    both = compared(connection, definitions, cycle, _NOBODY)
    spoken = _spoken(both)
    cards = tuple(_card(card) for card in cards_of(connection, definitions, cycle) if card.consent is not None)
    return ThemeFindings(
        tuple(_line(theme, spoken) for theme in found.themes), found.returned, found.texts, found.open_differences,
        both.agreement.whole if both else None, _alike(found, both), cards,
    )  # fmt: skip


def _spoken(both: Compared | None) -> Sequence[tuple[int, Pair, frozenset[int]]]:
    """Return texts of surveys that are settled: the number of their question's, the text, and its themes."""
    if both is None:
        return ()
    today = [(pair, settled(pair, both.coding.book)) for pair in both.pairs if not pair.text.organisation]
    known = [(pair, themes) for pair, themes in today if themes is not None]
    number = Counter(pair.text.question for pair, _ in known)
    ordered = sorted(known, key=lambda one: one[0].text.id)
    return [(number[pair.text.question], pair, themes) for pair, themes in ordered]


def _line(theme: Theme, spoken: Sequence[tuple[int, Pair, frozenset[int]]]) -> ThemeLine:
    row = theme.row
    said = [(number, pair.text.words) for number, pair, themes in spoken if row.id in themes]
    return ThemeLine(
        row.id, row.label, theme.status, theme.label, theme.organisations, theme.sectors, theme.staff,
        tuple(item.short_id for item in theme.criteria), row.definition, row.heard, row.bears_on, row.question,
        row.priority, row.action, quotes(theme.staff, said),
    )  # fmt: skip


def _alike(found: Found, both: Compared | None) -> tuple[CodedAlike, ...]:
    if both is None:
        return ()
    staff_texts = sum(not pair.text.organisation for pair in both.pairs)
    return tuple(
        CodedAlike(
            theme.row.label,
            both.agreement.by_theme[theme.row.id] if may_tell_agreement(theme.staff, staff_texts) else None,
        )
        for theme in found.themes
        if theme.row.id in both.agreement.by_theme
    )


def _card(card: Card) -> PracticeCard:
    row = card.row
    criterion = f"{card.item.short_id} {card.item.text}" if card.item else row.item
    evidence = f"{'' if row.evidence is None else f'{row.evidence}: '}{EVIDENCE[row.evidence]}"
    before = [(WORDS[name], getattr(row, name)) for name in _SAID[:3]]
    after = [(WORDS[name], getattr(row, name)) for name in _SAID[4:]]
    lines = (
        ("Where", card.where), ("Criterion", criterion), *before, ("Evidence", evidence),
        (WORDS["outcome"], row.outcome), ("Do staff see it?", STAFF[row.staff]), *after,
        ("Consent", _consent(card)),
    )  # fmt: skip
    shown = tuple((name, said or "Not said") for name, said in lines)
    return PracticeCard(
        row.title, card.where, card.item.short_id if card.item else row.item, evidence, STAFF[row.staff], shown
    )


def _consent(card: Card) -> str:
    if card.consent is None:
        return "None recorded"
    on = card.consent.on
    return f"Given on {on.day} {on:%B %Y}, {'to be named' if card.consent.names else 'not to be named'}"
