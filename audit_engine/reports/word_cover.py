"""What stands on the cover and on the edge of every page?"""

from __future__ import annotations

from audit_engine.reports.blocks import Cell, Document, Table
from audit_engine.reports.word_tables import grid
from audit_engine.reports.word_text import Place, field_runs, plain_run, styled

INVENTED = "Invented data: every organisation and every answer in this document is made up."
DRAFT = "DRAFT: not for decision. Figures and wording may change."


def cover(document: Document, place: Place) -> str:
    """Return title, subtitle, warnings and the document control table."""
    lines = [
        styled("Title", plain_run(document.title), place),
        styled("Subtitle", plain_run(document.subtitle), place) if document.subtitle else "",
        styled("Lead", plain_run(document.organisation), place) if document.organisation else "",
        *(styled("Warning", plain_run(words), place) for words in warnings(document)),
        grid(_control(document), place) if document.control.rows else "",
    ]
    if document.standing:
        words = f"The questions in this document are {document.standing}, not the text of any published audit."
        lines.append(styled("Note", plain_run(words), place))
    return "".join(lines)


def warnings(document: Document) -> tuple[str, ...]:
    """Return what a reader must know before reading."""
    return (*((DRAFT,) if document.draft else ()), *((INVENTED,) if document.invented else ()))


def header(document: Document, place: Place) -> str:
    """Return the line at the head of each page: handling marking, and what must not be overlooked."""
    marks = (document.marking, "DRAFT" if document.draft else "", "Invented data" if document.invented else "")
    return styled("header", plain_run("  |  ".join(mark for mark in marks if mark), bold=True), place)


def footer(document: Document, place: Place) -> str:
    """Return the line at the foot of each page: version and cut-off, page number of how many."""
    pages = f"{plain_run('Page ')}{field_runs('PAGE', '1')}{plain_run(' of ')}{field_runs('NUMPAGES', '1')}"
    return styled("footer", f"{plain_run(document.footer)}<w:r><w:tab/></w:r>{pages}", place)


def _control(document: Document) -> Table:
    rows = tuple((Cell(label), Cell(words)) for label, words in document.control.rows)
    return Table("control", "Document control", ("Document control", "This document"), rows, widths=(0.32, 0.68))
