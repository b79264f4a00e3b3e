"""Blocks made by a seeded generator, and a document with one of everything."""

from __future__ import annotations

import io
import random

from audit_engine.reports.blocks import (
    Block,
    BulletList,
    Cell,
    Chart,
    Control,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Run,
    Series,
    Table,
    paragraph,
    text,
)
from audit_engine.reports.word import write_document

KINDS = ("bar", "stacked", "stacked-percent", "diverging", "dumbbell", "interval")
SERIES = {
    "bar": ("2024", "2026"),
    "stacked": ("Met", "Partly met", "Not met"),
    "stacked-percent": ("Met", "Partly met", "Not met", "Blank"),
    "diverging": ("Lost", "Gained"),
    "dumbbell": ("2024", "2026"),
    "interval": ("2024", "2026"),
}
NAMES = ("Leadership and speaking up", "Voice and identity", "Recognising and responding", "Information sharing",
         "Challenge and escalation", "Safer recruitment and allegations")  # fmt: skip


def chart(kind: str, seed: int = 1, *, gaps: bool = False, table: str = "") -> Chart:
    """Return an invented chart of that kind."""
    chance = random.Random(f"{kind}{seed}")

    def values() -> tuple[float | None, ...]:
        return tuple(None if gaps and chance.random() < 0.2 else float(chance.randrange(40)) for _ in NAMES)

    def series(name: str) -> Series:
        middle = values()
        if kind != "interval":
            return Series(name, middle)
        lower = tuple(None if v is None else v - chance.randrange(1, 5) / 2 for v in middle)
        upper = tuple(None if v is None else v + chance.randrange(1, 9) / 2 for v in middle)
        return Series(name, middle, lower, upper)

    return Chart(
        f"{kind}-{seed}", f"An invented {kind} chart", kind, NAMES, tuple(map(series, SERIES[kind])),  # type: ignore[arg-type]
        "Nothing is claimed.", axis="Judgements", base="invented judgements", source="an invented audit", table=table,
        category_heading="Standard",
    )  # fmt: skip


def table(identifier: str = "ratings", rows: int = 6, columns: int = 4) -> Table:
    """Return an invented table."""
    chance = random.Random(identifier)
    body = tuple(
        (Cell(f"Line {row}"), *(Cell(str(chance.randrange(90)), number=True) for _ in range(columns - 1)))
        for row in range(rows)
    )
    headings = ("Standard", *(f"Count {column}" for column in range(1, columns)))
    return Table(identifier, "Ratings by standard", headings, body, notes=("Invented.",))


def document(*blocks: Block, draft: bool = False, invented: bool = True) -> Document:
    """Return a document of these blocks, or one with everything in it."""
    return Document(
        title="Section 11 audit 2026",
        subtitle="Analysis report",
        organisation="Invented partnership",
        control=Control((("Audit", "Section 11 audit 2026"), ("Data cut-off", "18 December 2026"))),
        blocks=blocks or everything(),
        standing="model content",
        invented=invented,
        draft=draft,
        footer="Section 11 audit 2026, version 2026, cut-off 18 December 2026",
        subject="Analysis",
        keywords="safeguarding; audit",
    )


def everything() -> tuple[Block, ...]:
    """Return a block of every kind, referring to one another."""
    return (
        Heading("Summary", anchor="summary"),
        Paragraph((Run("The table below", ref="ratings"), Run(" shows ratings; see "), Run("", ref="method"))),
        table(),
        BulletList((text("One."), text("Two."))),
        BulletList((text("First."), text("Second.")), numbered=True),
        BulletList((text("First again."),), numbered=True),
        Paragraph((Run("We asked <everybody> & wrote it down.", quoted=True),), "quote"),
        paragraph("Take care.", style="warning"),
        PageBreak(),
        Heading("Charts"),
        Heading("Of every kind", 2),
        *(chart(kind, table="ratings") for kind in KINDS),
        Heading("Method", 2, "method"),
        Heading("Rounding", 3),
        paragraph("Half away from nought.", style="note"),
    )


def written(made: Document, **options: object) -> bytes:
    """Return the document as a .docx file."""
    out = io.BytesIO()
    write_document(made, out, **options)  # type: ignore[arg-type]
    return out.getvalue()
