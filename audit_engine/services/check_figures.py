"""Do the figures of a document agree with one another, and with the last one that was issued of the same audit?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from audit_engine.analysis.figure_checks import against_issued, doubts_about
from audit_engine.analysis.figures import Doubt
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.clock import local_text
from audit_engine.storage import reports

if TYPE_CHECKING:
    from audit_engine.analysis.figures import Register
    from audit_engine.reports.blocks import Document

MOST_SHOWN = 20


class FiguresDoubted(RuntimeError):
    """Figures of a document do not agree; ``doubts`` say which."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        self.doubts = tuple(doubts)
        lines = [f"  {doubt.sentence} [{doubt.figure}]" for doubt in doubts[:MOST_SHOWN]]
        more = [f"  And {len(doubts) - MOST_SHOWN:,} more."] if len(doubts) > MOST_SHOWN else []
        told = "\n".join([*lines, *more])
        super().__init__(
            f"The report was not issued, because {_many(len(doubts))} not agree:\n{told}\n"
            "Look into it. To issue it all the same, give the reason: --despite REASON"
        )


def _many(number: int) -> str:
    return "one figure does" if number == 1 else f"{number:,} figures do"


@dataclass(frozen=True, slots=True)
class IssuedBefore:
    """The figures of the last report that was issued when the audit had closed already."""

    made_at: datetime
    figures: Mapping[str, Mapping[str, Any]]


def issued_before(connection: Connection, cycle: CycleFacts, kind: str, area: str | None) -> IssuedBefore | None:
    """Return the figures that were issued of an audit that has closed; None while its answers may change."""
    if cycle.closed_at is None:
        return None
    found = reports.last_issued(connection, kind, cycle.id, area, cycle.closed_at)
    return IssuedBefore(*found) if found else None


def doubts_in_document(figures: Register, document: Document, before: IssuedBefore | None) -> tuple[Doubt, ...]:
    """Return everything in which a document's figures do not agree, each once."""
    from audit_engine.reports.figure_places import doubts_in

    found = [*doubts_about(figures), *doubts_in(document.blocks, figures)]
    if before is not None:
        when = local_text(before.made_at).removesuffix(" (UK time)")
        found += against_issued(figures, before.figures, when)
    return tuple(dict.fromkeys(found))


def every_figure(figures: Register, document: Document) -> dict[str, dict[str, object]]:
    """Return every figure of a document by its id: those of its sentences, and those of its tables by their place."""
    from audit_engine.analysis.figures import collected
    from audit_engine.reports.figure_places import figures_in

    placed = collected(figures_in(document.blocks))
    return {str(one["id"]): one for one in (*figures.as_json(), *placed.as_json())}


def with_doubts(document: Document, doubts: Sequence[Doubt], reason: str) -> Document:
    """Return a document that says on its cover which figures do not agree, and why it was issued."""
    rows = (*document.control.rows, *_control_rows(doubts, reason))
    return replace(document, control=replace(document.control, rows=rows))


def _control_rows(doubts: Sequence[Doubt], reason: str) -> Iterator[tuple[str, str]]:
    shown = " ".join(doubt.sentence for doubt in doubts[:3])
    more = f" And {len(doubts) - 3:,} more." if len(doubts) > 3 else ""
    yield "Figures that do not agree", f"{shown}{more}"
    yield "Issued all the same because", reason
