"""What can a report or a page be made of?

Blocks are frozen values.  They know no Word, no HTML and no database: writers
(``word.py``, ``charts.py``, the site's templates) turn them into documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fill = Literal["", "blue", "green", "purple"]
ParagraphStyle = Literal["body", "lead", "note", "quote", "warning"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text.

    ``quoted`` marks what an organisation typed: number tracing and style checks
    leave it alone.  ``figure`` is the id of the registered figure that the text
    prints.  ``ref`` is the id of a table, chart or anchored heading of the
    document: where these are numbered, the writer prints its label ("Table 3"),
    linked, in place of ``text`` ("The table below").
    """

    text: str
    bold: bool = False
    quoted: bool = False
    ref: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3; ``anchor`` is unique in a document where given."""

    text: str
    level: Literal[1, 2, 3] = 1
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``style`` names the look, never the meaning alone."""

    runs: tuple[Run, ...]
    style: ParagraphStyle = "body"


@dataclass(frozen=True, slots=True)
class BulletList:
    """A real list, bulleted or numbered."""

    items: tuple[tuple[Run, ...], ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; ``number`` aligns right; ``quoted`` as for a run; ``fill`` only adds to what the text says."""

    text: str
    number: bool = False
    quoted: bool = False
    fill: Fill = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row and no merged, nested or blank cells.

    ``caption`` stands without "Table N": the writer numbers it.  ``row_header``
    says that the first column names its row.  ``widths`` are shares of the page
    width that sum to 1, or () for equal ones.  ``notes`` explain symbols.
    ``total`` names the columns that the last row sums, ``sums`` (column, columns that
    make it up): both are checked before a document goes out.
    """

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_header: bool = True
    widths: tuple[float, ...] = ()
    notes: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart; a value None is a gap.  ``lower``/``upper`` are interval ends.

    ``missing`` says for each value what stands in its gap, such as ``[c]``; without it ``[x]`` does.
    """

    name: str
    values: tuple[float | None, ...]
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as numbers.

    ``kind``: "bar" (one or more series side by side), "stacked" (counts),
    "stacked-percent" (each bar to 100%, counts given), "diverging" (first series
    drawn to the left of zero, second to the right; both given as positive
    numbers), "dumbbell" (two series: then and now), "interval" (dots with
    ends).  All are horizontal, one line a category, first category on top.
    ``alt`` is at most 250 characters, verdict first.  ``base`` says what was
    counted and ``source`` where it comes from; both go under the chart.  ``end`` is
    where the scale ends on a page, and of points in Word; None: behind the largest value.
    """

    id: str
    caption: str
    kind: Literal["bar", "stacked", "stacked-percent", "diverging", "dumbbell", "interval"]
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    alt: str
    axis: str = ""
    base: str = ""
    source: str = ""
    table: str = ""  # id of the table that holds the same numbers
    category_heading: str = "Category"  # what a category is: "Standard", "Sector"
    end: float | None = None


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The next block starts a page."""


Block = Heading | Paragraph | BulletList | Table | Chart | PageBreak


@dataclass(frozen=True, slots=True)
class Control:
    """Document control: label and text pairs printed on the cover."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    ``marking`` is the handling marking, ``standing`` what kind of text the
    questionnaire is ("model content"), ``invented`` prints that every answer is
    made up, ``draft`` marks each page.  ``footer`` carries version, cut-off and
    hash.
    """

    title: str
    subtitle: str
    organisation: str
    control: Control
    blocks: tuple[Block, ...]
    marking: str = "OFFICIAL - SENSITIVE"
    standing: str = ""
    invented: bool = False
    draft: bool = False
    footer: str = ""
    subject: str = ""
    keywords: str = ""


def text(*parts: str) -> tuple[Run, ...]:
    """Return plain runs, one a part."""
    return tuple(Run(p) for p in parts)


def paragraph(*parts: str, style: ParagraphStyle = "body") -> Paragraph:
    """Return a paragraph of plain text."""
    return Paragraph(text(*parts), style)
