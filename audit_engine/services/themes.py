"""Say which themes an audit shows and how far each goes: organisations and sectors, never whose or in whose words."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

from sqlalchemy import Connection

from audit_engine.analysis.disclosure import Released
from audit_engine.analysis.themes import STATUS_LABELS, Coded, Status, ThemeCount, count_themes, followed
from audit_engine.definition.questionnaire import Item
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.code_themes import Pair, final_pairs
from audit_engine.services.definitions import Definitions
from audit_engine.services.export_cycle import neutral
from audit_engine.services.theme_book import Book, book_of
from audit_engine.services.theme_texts import Source, sources_of, texts_of
from audit_engine.storage import cycles, partnership, themes
from audit_engine.storage.themes import ThemeRow

COLUMNS = (
    "theme", "standing", "organisations", "of_returned", "sectors", "staff_texts", "of_staff_texts", "criteria",
    "what_we_heard", "bears_on_it", "question_for_agencies", "priority", "action",
)  # fmt: skip
_ORDER: tuple[Status, ...] = ("emerging", "few", "single", "staff", "none")


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as it may be shown; ``sectors`` are labels, ``criteria`` the audit's under which it was raised."""

    row: ThemeRow
    status: Status
    label: str
    organisations: int
    sectors: tuple[str, ...]
    staff: Released
    criteria: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The themes of an audit.

    ``themes`` have counts only once two people have coded (``texts`` > 0).
    ``open_differences`` are texts on which the coders have not agreed yet; they
    are in no count.
    """

    book: Book
    themes: tuple[Theme, ...]
    returned: int
    texts: int
    open_differences: int

    @property
    def is_counted(self) -> bool:
        """Tell whether two people have finished coding, so that there is something to count."""
        return self.texts > 0


def themes_of(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> Found:
    """Return an audit's themes, those that emerge first."""
    sources = sources_of(connection, definitions, cycle)
    book = book_of(connection, cycle.id)
    texts = texts_of(connection, sources, themes.questions(connection, cycle.id), None)
    pairs = final_pairs(connection, cycle.id, texts, book)
    both = [(p, settled(p, book)) for p in pairs]
    coded = [Coded(p.text.question, p.text.organisation, p.text.sector, t) for p, t in both if t is not None]
    counts = count_themes([t.id for t in book.standing], coded)
    labels = partnership.sectors(connection)
    rows = {row.id: row for row in book.standing}
    found = [_theme(rows[c.theme], c, sources, labels) for c in counts]
    return Found(
        book, tuple(sorted(found, key=lambda t: (_ORDER.index(t.status), -t.organisations, t.row.label))),
        cycles.counts_by_state(connection).get(cycle.id, {}).get("submitted", 0), len(pairs),
        sum(t is None for _, t in both),
    )  # fmt: skip


def settled(pair: Pair, book: Book) -> frozenset[int] | None:
    """Return the themes of a text that both found, or that they agreed on; None where they still differ."""
    if pair.same:
        return pair.first
    return followed(pair.agreed.themes, book.merged) if pair.agreed else None


def _theme(row: ThemeRow, count: ThemeCount, sources: tuple[Source, ...], labels: Mapping[str, str]) -> Theme:
    own = sources[0].questionnaire if sources else None
    criteria = tuple(own.items_by_id[item] for _, item in count.questions if item in own.items_by_id) if own else ()
    return Theme(
        row, count.status, STATUS_LABELS[count.status], count.organisations,
        tuple(labels.get(s, s) for s in count.sectors), count.staff, criteria,
    )  # fmt: skip


def as_csv(found: Found) -> str:
    """Return a row for each theme, as CSV with a header row; no cell is a formula."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for theme in found.themes:
        writer.writerow([neutral(v) if isinstance(v, str) else v for v in _row(found, theme)])
    return out.getvalue()


def _row(found: Found, theme: Theme) -> tuple[object, ...]:
    row = theme.row
    counted: tuple[object, ...] = ("[x]", "[x]", "[x]", "[x]", "[x]", "[x]", "[x]")
    if found.is_counted:
        base = "[low]" if theme.staff.base is None else theme.staff.base
        counted = (
            theme.label, theme.organisations, found.returned, "; ".join(theme.sectors),
            theme.staff.figure("theme").number, base, "; ".join(i.short_id for i in theme.criteria),
        )  # fmt: skip
    return (row.label, *counted, row.heard, row.bears_on, row.question, row.priority, row.action)
