"""Write a triangulation as plain text for a terminal, or as a flat CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from audit_engine.analysis.triangulation import CLASSES, COMPARED, ClassName
from audit_engine.analysis.triangulation_json import COLUMNS, rows_of
from audit_engine.analysis.triangulation_values import Tally, Triangulation
from audit_engine.analysis.triangulation_wording import (
    ASSURANCE_LABELS,
    CLASS_LABELS,
    LIMITS,
    SHORT_LABELS,
    agency_sentence,
    cell_sentences,
    overall_sentences,
)
from audit_engine.services.export_cycle import neutral

#: The classes that need no sentence at a terminal: there is nothing to ask about them.
_QUIET: frozenset[ClassName] = frozenset({"corroborated", "not compared"})
_WIDTH = 44


def as_text(found: Triangulation, cls: ClassName | None = None) -> str:
    """Return the triangulation for people at a terminal; the sentences are those of the page."""
    read = ", ".join(survey.title for survey in found.surveys) or "no survey that has closed"
    lines = [
        f"{found.title} beside {read}",
        f"{_many(len(found.organisations), 'organisation')} returned, {found.not_returned} did not.",
        "",
        *(sentence.text for sentence in overall_sentences(found)),
        LIMITS,
        *_section("By criterion", _by_criterion(found)),
        *_section("By organisation", _by_organisation(found)),
        *_section(CLASS_LABELS[cls] if cls else "Questions for the panel", list(_said(found, cls))),
        *_section("Assurance of criteria rated met", _assurance(found)),
    ]
    return "\n".join(lines) + "\n"


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _section(title: str, rows: Sequence[str]) -> list[str]:
    return ["", title, "-" * len(title), *(rows or ["None."])]


def _by_criterion(found: Triangulation) -> list[str]:
    rows = [(f"{c.ref} {c.item.text}", found.by_criterion[c.id]) for c in found.mapped]
    return _table(rows) if rows else []


def _by_organisation(found: Triangulation) -> list[str]:
    rows = [(o.name, found.by_organisation[o.id]) for o in found.organisations]
    told = [f"{o.name}. {agency_sentence(o, found.by_organisation[o.id]).text}" for o in found.organisations]
    took_part = [f"{o.name}. {sentence}" for o in found.organisations for sentence in o.took_part]
    return [*_table(rows), "", *told, "", *took_part] if rows else []


def _table(rows: Sequence[tuple[str, Tally]]) -> list[str]:
    names = [*COMPARED, "insufficient responses"]
    heads = [SHORT_LABELS[name].split()[0] for name in CLASSES if name in names]
    lines = [f"{'':{_WIDTH}}" + "".join(f"{head:>14}" for head in heads)]
    for title, tally in rows:
        numbers = "".join(f"{tally.classes[name]:>14}" for name in CLASSES if name in names)
        lines.append(f"{title[:_WIDTH]:{_WIDTH}}{numbers}")
    return lines


def _said(found: Triangulation, cls: ClassName | None) -> Iterator[str]:
    for organisation, criterion, cell in found.rows(cls):
        if cls is not None or cell.cls not in _QUIET:
            sentences = cell_sentences(organisation, criterion, cell)
            if sentences:
                yield " ".join(sentence.text for sentence in sentences)


def _assurance(found: Triangulation) -> list[str]:
    return [f"{label}: {found.overall.assurance[name]}" for name, label in ASSURANCE_LABELS.items()]


def as_csv(found: Triangulation, cls: ClassName | None = None) -> str:
    """Return a row for each question set beside a rating, as CSV with a header row."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows_of(found, cls):
        writer.writerow([neutral(v) if isinstance(v, str) else v for v in row])
    return out.getvalue()
