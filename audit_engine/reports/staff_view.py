"""How do ratings beside staff answers become a document for panels, with every organisation by its name?

Methods section 13.1: T10, T11 and C7.  It names organisations beside what their
staff said, so it is for those who may see the triangulation and nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from audit_engine.analysis.figures import Register, collected
from audit_engine.analysis.sentences import Sentence
from audit_engine.analysis.triangulation import COMPARED, ClassName
from audit_engine.analysis.triangulation_values import MappedCriterion, Triangulation
from audit_engine.analysis.triangulation_wording import (
    LETTERS,
    LIMITS,
    SHORT_LABELS,
    cell_sentences,
    guard_sentences,
    overall_sentences,
    spread_sentence,
)
from audit_engine.reports import triangulation as tables
from audit_engine.reports.blocks import (
    Block,
    BulletList,
    Cell,
    Fill,
    Heading,
    PageBreak,
    Paragraph,
    Run,
    Table,
    paragraph,
)
from audit_engine.reports.wording import quoted, said, sentence_runs, shows

TITLE = "Ratings beside staff answers, by organisation"
MARKING = "OFFICIAL - SENSITIVE: PANEL"
NOTHING = "No organisation has returned what is asked for here, or staff were not asked about it."
FOR_PANELS = (
    "This document names organisations beside what their staff said. It is for panels and for those who prepare them, "
    "and is not part of the analysis report."
)
CAPPED = (
    "Where one team gave more than half of an organisation's answers, they are not taken to speak for all of it: its "
    "results are no better than a mixed picture."
)
# Those that stand out are filled; the letter alone says which it is.
FILLS: Mapping[ClassName, Fill] = {
    "corroborated": "blue", "claimed but not seen by staff": "purple", "staff ahead of claim": "green",
}  # fmt: skip
_ACROSS = 9  # criteria in one tile table: more leave no room on paper


def blocks(found: Triangulation) -> Iterator[Block]:
    """Yield the whole document."""
    yield Heading("Ratings beside staff answers", anchor="staff-view")
    yield paragraph(FOR_PANELS, style="warning")
    if not found.organisations or not found.mapped:
        yield paragraph(NOTHING)
        return
    yield from said(*overall_sentences(found), *guard_sentences(found))
    yield paragraph(LIMITS, style="note")
    yield from _spread(found)
    (organisations, assured), criteria = tables.on_paper(found, found.organisations), tables.by_ref(found)
    yield shows(organisations.id, "how many claims of each organisation could be tested, and how they came out")
    yield organisations
    yield shows(assured.id, "how panel, evidence and staff together bear out what each organisation rated met")
    yield assured
    yield shows(criteria.id, "how each criterion that staff were asked about came out")
    yield criteria
    yield PageBreak()
    yield Heading("Organisations and criteria", anchor="grid")
    yield from grid(found)
    yield from _questions(found)


def register_of(found: Triangulation) -> Register:
    """Return the figures of the document's sentences."""
    whole, told = (*overall_sentences(found), *guard_sentences(found)), _claimed(found)
    guards = [spread_sentence(o, survey) for o in found.organisations for survey in o.spread]
    sentences = (*whole, *guards, *(sentence for _, _, every in told for sentence in every))
    return collected(figure for sentence in sentences for figure in sentence.figures)


def _spread(found: Triangulation) -> Iterator[Block]:
    """Yield the organisations of which one team gave most answers, with the sentence of the spread guard."""
    told = tuple(
        (Run(f"{organisation.name}: ", bold=True, quoted=True), *sentence_runs(spread_sentence(organisation, survey)))
        for organisation in found.organisations
        for survey in organisation.spread
    )
    if told:
        yield Heading("Answers from one team", 2, "spread")
        yield paragraph(CAPPED)
        yield BulletList(told)


def grid(found: Triangulation) -> Iterator[Block]:
    """Yield the tile table, as many criteria across as paper holds, with its key and what it shows."""
    yield paragraph(_alt(found))
    yield BulletList(tuple(
        (Run(f"{letter}: ", bold=True), Run(SHORT_LABELS[cls])) for cls, letter in LETTERS.items()
    ))  # fmt: skip
    parts = [found.mapped[start : start + _ACROSS] for start in range(0, len(found.mapped), _ACROSS)]
    for number, criteria in enumerate(parts, 1):
        table = _tiles(found, criteria, number)
        yield shows(table.id, f"criteria {criteria[0].ref} to {criteria[-1].ref}")
        yield table


def _alt(found: Triangulation) -> str:
    """Return in a sentence what the grid shows (C7)."""
    classes = found.overall.classes
    counted = ", ".join(f"{classes[cls]:,} {SHORT_LABELS[cls].lower()}" for cls in (*COMPARED, tables.TOO_FEW))
    return f"Grid of {len(found.organisations):,} organisations by {len(found.mapped):,} criteria: {counted}."


def _tiles(found: Triangulation, criteria: Sequence[MappedCriterion], number: int) -> Table:
    share = 0.72 / _ACROSS
    rows = tuple((quoted(o.name), *(_tile(found.cells[o.id, c.id].cls) for c in criteria)) for o in found.organisations)
    return Table(
        f"staff-view-grid-{number}",
        f"Organisations and criteria, part {number}" if len(found.mapped) > _ACROSS else "Organisations and criteria",
        ("Organisation", *(criterion.ref for criterion in criteria)),
        rows,
        widths=(1 - share * len(criteria), *(share,) * len(criteria)),
        notes=("; ".join(f"{letter} {SHORT_LABELS[cls].lower()}" for cls, letter in LETTERS.items()) + ".",),
    )


def _tile(cls: ClassName) -> Cell:
    return Cell(LETTERS[cls], fill=FILLS.get(cls, ""))


def _questions(found: Triangulation) -> Iterator[Block]:
    """Yield what was claimed and not seen, worded as questions for the panel, organisation by organisation."""
    yield PageBreak()
    yield Heading("Questions for the panel", anchor="questions")
    spoken = _claimed(found)
    if not spoken:
        yield paragraph("No criterion was claimed and not seen by staff.")
    for name, criterion, sentences in spoken:
        yield Paragraph((Run(f"{name}: {criterion.ref} {criterion.item.text}", bold=True, quoted=True),))
        yield from said(*sentences)


def _claimed(found: Triangulation) -> Sequence[tuple[str, MappedCriterion, tuple[Sentence, ...]]]:
    """Return what organisations claim and staff do not see, each with what is said of it."""
    rows = found.rows("claimed but not seen by staff")
    return [(o.name, criterion, cell_sentences(o, criterion, cell)) for o, criterion, cell in rows]
