"""Which themes are in what people wrote, how many organisations raise each, and how far did two coders agree?

Methods section 13.2.  A theme counts organisations and sectors, never
mentions.  Words of an anonymous survey belong to no organisation: they stand
beside a theme, as counts of texts that were released, and make none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from audit_engine.analysis.agreement import Agreement, agreement
from audit_engine.analysis.disclosure import Counts, Released, release
from audit_engine.analysis.suppression import LEAST_BASE

LEAST_ORGANISATIONS, LEAST_SECTORS = 3, 2
Themes = frozenset[int]
Status = Literal["emerging", "single", "few", "staff", "none"]
STATUS_LABELS: Mapping[Status, str] = {
    "emerging": "Emerging theme",
    "single": "Single-agency observation",
    "few": "Observation from few agencies",
    "staff": "In staff’s words only",
    "none": "Not raised by any organisation",
}


@dataclass(frozen=True, slots=True)
class Coded:
    """A text with the themes that both coders gave it or agreed on.

    ``organisation`` and ``sector`` are '' where nobody knows whose words they are.
    """

    question: tuple[str, str]
    organisation: str
    sector: str
    themes: Themes


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """How far a theme goes.

    ``organisations`` counts those that raise it; ``questions`` are the audit's
    under which it was raised; ``staff`` counts texts of surveys.
    """

    theme: int
    organisations: int
    sectors: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]
    staff: Released
    status: Status


@dataclass(frozen=True, slots=True)
class CodingAgreement:
    """How far two coders agreed: on the whole of what a text holds, and on each theme by itself.

    ``both`` counts, by theme, the texts in which both saw it.
    """

    whole: Agreement
    by_theme: Mapping[int, Agreement]
    both: Mapping[int, int]


def followed(themes: Iterable[int], merged: Mapping[int, int]) -> Themes:
    """Return themes as they are called today: one that was merged is the one that it was merged into."""
    return frozenset(_today(theme, merged) for theme in themes)


def _today(theme: int, merged: Mapping[int, int]) -> int:
    seen = {theme}
    while theme in merged and merged[theme] not in seen:
        theme = merged[theme]
        seen.add(theme)
    return theme


def status_of(organisations: int, sectors: int, in_staff_words: bool) -> Status:
    """Return what a theme may be called: at least three organisations from two sectors make it emerging."""
    if organisations >= LEAST_ORGANISATIONS and sectors >= LEAST_SECTORS:
        return "emerging"
    if organisations:
        return "single" if organisations == 1 else "few"
    return "staff" if in_staff_words else "none"


def count_themes(themes: Sequence[int], coded: Sequence[Coded]) -> tuple[ThemeCount, ...]:
    """Count each theme, in the order given."""
    named = [text for text in coded if text.organisation]
    spoken = _shown_together([text for text in coded if not text.organisation])
    return tuple(_count(theme, named, spoken) for theme in themes)


def _shown_together(texts: Sequence[Coded]) -> Sequence[Coded]:
    """Return the texts of those questions that at least eleven answered in words that may be read."""
    number: dict[tuple[str, str], int] = {}
    for text in texts:
        number[text.question] = number.get(text.question, 0) + 1
    return [text for text in texts if number[text.question] >= LEAST_BASE]


def _count(theme: int, named: Sequence[Coded], spoken: Sequence[Coded]) -> ThemeCount:
    raised = [text for text in named if theme in text.themes]
    organisations = {text.organisation for text in raised}
    sectors = tuple(sorted({text.sector for text in raised}))
    staff = staff_words(sum(theme in text.themes for text in spoken), len(spoken))
    # A hidden number makes no status, or the status would tell whether it is nought.
    heard = (staff.figure("theme").count or 0) > 0
    return ThemeCount(
        theme, len(organisations), sectors, tuple(dict.fromkeys(text.question for text in raised)), staff,
        status_of(len(organisations), len(sectors), heard),
    )  # fmt: skip


def staff_words(texts: int, of: int) -> Released:
    """Return what may be shown of so many texts of anonymous people; what they wrote counts as sensitive."""
    return release(Counts(of, of, of, (("theme", texts), ("other", of - texts)), sensitive=True), "panel")


def coding_agreement(pairs: Sequence[tuple[Themes, Themes]], themes: Collection[int]) -> CodingAgreement:
    """Return how far two coders agreed on texts that both read, (first's themes, second's themes) of each."""
    by_theme = {theme: agreement([(theme in first, theme in second) for first, second in pairs]) for theme in themes}
    both = {theme: sum(theme in first and theme in second for first, second in pairs) for theme in themes}
    return CodingAgreement(agreement(list(pairs)), by_theme, both)
