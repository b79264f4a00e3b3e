"""How does a triangulation become tables, each source in its own column?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from audit_engine.analysis.disclosure import SHOWN_AS, Figure
from audit_engine.analysis.rounding import half_up
from audit_engine.analysis.triangulation import ASSURANCE, COMPARED, Assurance, ClassName, StaffLevel
from audit_engine.analysis.triangulation_staff import CONSISTENT
from audit_engine.analysis.triangulation_values import Cell as Judged
from audit_engine.analysis.triangulation_values import Lens, MappedCriterion, Organisation, Seen, Triangulation
from audit_engine.analysis.triangulation_wording import (
    ASSURANCE_LABELS,
    EVIDENCE_LABELS,
    LEVEL_LABELS,
    NOT_THIS_ORGANISATION,
    PANEL_LABELS,
    RATED,
    SHORT_LABELS,
)
from audit_engine.reports.blocks import Cell, Table
from audit_engine.reports.wording import capital, count, counts, quoted

Part = TypeVar("Part")
NOTHING = Cell("–")
TOO_FEW: ClassName = "insufficient responses"
SYMBOLS = (
    f"{SHOWN_AS['low']} and {SHOWN_AS['c']}: fewer than eleven people answered, or showing their answers would give "
    "away those of a few others."
)
COLUMNS: Sequence[ClassName] = (*COMPARED, TOO_FEW)
SOURCES = ("Own rating", "Panel", "Evidence", "Staff whose answers fit", "Result", "Assurance")
BRIEF: Mapping[ClassName, str] = {
    "corroborated": "Corroborated", "mixed picture": "Mixed", "claimed but not seen by staff": "Question",
    "staff ahead of claim": "Staff ahead", "agreed gap": "Agreed gap", TOO_FEW: "Too few replies",
}  # fmt: skip
ASSURANCE_BRIEF: Mapping[Assurance, str] = {**ASSURANCE_LABELS, "contested": "On the agenda"}
NOTE_SOURCES = (
    "Evidence: graded by a reviewer, not by the organisation; grades older than two years are not counted. Range: "
    "where the figure for the whole staff is likely to lie (95% interval), if those who answered are typical."
)


def by_criterion(found: Triangulation) -> Table:
    """Return a row for each criterion that staff were asked about: how many organisations came out how."""
    rows = tuple(
        (Cell(c.ref, quoted=True), quoted(c.item.text), count(tally.compared), *_classes(tally.classes))
        for c in found.mapped
        for tally in (found.by_criterion[c.id],)
    )
    return Table(
        "triangulation-criteria",
        "Organisations by criterion",
        ("Ref", "Criterion", "Compared", *(BRIEF[name] for name in COLUMNS)),
        rows,
        widths=(0.07, 0.31, 0.1, *(0.09, 0.07, 0.1, 0.08, 0.08, 0.1)),
        notes=("Compared: organisations whose own rating could be set beside enough answers of their staff.",),
    )


def by_ref(found: Triangulation) -> Table:
    """Return the table of criteria without their words, which would leave no room for the numbers on paper."""
    table = by_criterion(found)
    notes = (*table.notes, "The words of each criterion stand in the annex of criteria of the analysis report.")
    return replace(
        table, columns=_without_words(table.columns), rows=tuple(map(_without_words, table.rows)), notes=notes,
        widths=(0.09, 0.13, 0.16, 0.1, 0.13, 0.13, 0.13, 0.13),
    )  # fmt: skip


def _without_words(row: tuple[Part, ...]) -> tuple[Part, ...]:
    return (row[0], *row[2:])


def on_paper(found: Triangulation, organisations: Sequence[Organisation]) -> tuple[Table, Table]:
    """Return the table of organisations in two that fit a page: how claims came out (T11), and their assurance."""
    table, shared = by_organisation(found, organisations), 1 + len(ASSURANCE)
    came_out, classes = replace(table, columns=table.columns[:7], rows=tuple(row[:7] for row in table.rows)), 0.11
    assured = [(*row[:2], *row[-len(ASSURANCE) :]) for row in table.rows]
    return (
        replace(
            came_out, widths=(1 - 6 * classes, *(classes,) * 6),
            notes=("Rated met: all criteria that the organisation rated met, also those that staff were not asked "
                   "about. Question: claimed but not seen by staff, a question for the panel.",),
        ),
        replace(
            table, id="triangulation-assurance", caption="How far criteria rated met are assured, by organisation",
            columns=(*table.columns[:2], *table.columns[-len(ASSURANCE) :]), rows=tuple(assured),
            widths=(0.35, *(0.65 / shared,) * shared),
            notes=("Shared out by assurance; those that a panel found not to apply are in no column but the first.",),
        ),
    )  # fmt: skip


def by_organisation(found: Triangulation, organisations: Iterable[Organisation]) -> Table:
    """Return a row for each organisation: how many claims could be tested, and how they came out; no ranking."""
    rows = tuple(
        (
            quoted(o.name), count(tally.met), count(tally.tested), count(tally.corroborated),
            count(tally.claimed_not_seen), count(tally.classes["staff ahead of claim"]), count(tally.classes[TOO_FEW]),
            *(count(tally.assurance[level]) for level in ASSURANCE),
        )
        for o in organisations
        for tally in (found.by_organisation[o.id],)
    )  # fmt: skip
    return Table(
        "triangulation-organisations",
        "Criteria by organisation",
        (
            "Organisation", "Rated met", "Enough replies", BRIEF["corroborated"],
            BRIEF["claimed but not seen by staff"], BRIEF["staff ahead of claim"], BRIEF[TOO_FEW],
            *(ASSURANCE_BRIEF[level] for level in ASSURANCE),
        ),
        rows,
        widths=(0.2, *(0.08,) * 10),
        notes=(
            "Rated met: all criteria that the organisation rated met, also those that staff were not asked about. The "
            "last four columns share them out by assurance; those that a panel found not to apply are in none.",
        ),
    )  # fmt: skip


def _classes(classes: Mapping[ClassName, int]) -> tuple[Cell, ...]:
    return tuple(count(classes[name]) for name in COLUMNS)


def sources(found: Triangulation, organisation: Organisation) -> Table:
    """Return a row for each criterion of one organisation, with every source by itself and then joined."""
    judged = ((criterion, found.cells[organisation.id, criterion.id]) for criterion in found.criteria)
    rows = tuple(
        (Cell(criterion.ref, quoted=True), quoted(criterion.item.text), *_sources(criterion, cell))
        for criterion, cell in judged
        if cell.claim
    )
    return Table(
        "triangulation-sources",
        "Every criterion that was rated, source by source",
        ("Ref", "Criterion", *SOURCES),
        rows,
        widths=(0.06, 0.28, 0.09, 0.09, 0.1, 0.15, 0.12, 0.11),
        notes=(NOTE_SOURCES, *_explained(rows)),
    )


def of_organisations(found: Triangulation, criterion: MappedCriterion) -> Table:
    """Return a row for each organisation that rated a criterion, with its sector's result beside too few replies."""
    judged = ((organisation, found.cells[organisation.id, criterion.id]) for organisation in found.organisations)
    rows = tuple(
        (quoted(organisation.name), *_sources(criterion, cell), _sector(criterion, cell))
        for organisation, cell in judged
        if cell.claim
    )
    return Table(
        "triangulation-each",
        f"{criterion.ref}, source by source",
        ("Organisation", *SOURCES, f"Its kind of organisation ({NOT_THIS_ORGANISATION.lower()})"),
        rows,
        notes=(NOTE_SOURCES, *_explained(rows)),
    )


def _sources(criterion: MappedCriterion, cell: Judged) -> tuple[Cell, ...]:
    seen = _deciding(criterion, cell)
    return (
        Cell(capital(RATED[cell.claim])),
        Cell(PANEL_LABELS[cell.panel]),
        Cell(_evidence(cell)),
        _said(seen, cell.level),
        Cell(SHORT_LABELS[cell.cls]),
        Cell(ASSURANCE_LABELS[cell.assurance]) if cell.assurance else NOTHING,
    )


def _deciding(criterion: MappedCriterion, cell: Judged) -> Seen | None:
    """Return the answers that gave the staff view, or else the first that decide."""
    every = [cell.views[n] for n in criterion.deciding]
    return next((seen for seen in every if seen.level == cell.level), every[0] if every else None)


def _evidence(cell: Judged) -> str:
    if cell.evidence_expired:
        return "Out of date"
    return "Not graded" if cell.evidence is None else EVIDENCE_LABELS[cell.evidence]


def _said(seen: Seen | None, level: StaffLevel | None) -> Cell:
    """Return how many gave an answer that fits, with its range, and how far staff see it."""
    if seen is None or seen.lower is None or seen.upper is None:
        return _staff(seen.figure if seen else None)
    lower, upper = (half_up(Decimal(limit) * 100, 0) for limit in (seen.lower, seen.upper))
    view = f"{LEVEL_LABELS[level]}: " if level else ""
    return Cell(f"{view}{_staff(seen.figure).text}, range {lower}% to {upper}%")


def _sector(criterion: MappedCriterion, cell: Judged) -> Cell:
    seen = _deciding(criterion, cell)
    return _staff(seen.sector) if seen else NOTHING


def _staff(figure: Figure | None) -> Cell:
    if figure is None:
        return NOTHING
    if figure.count is None:
        return Cell(figure.number)
    return Cell(f"{figure.count:,} of {figure.base:,} ({figure.percent})")


def _explained(rows: Iterable[Sequence[Cell]]) -> tuple[str, ...]:
    """Return what the symbols mean that stand in these rows."""
    texts = {cell.text for row in rows for cell in row}
    return (SYMBOLS,) if texts & {SHOWN_AS["low"], SHOWN_AS["c"]} else ()


def ratings_table(found: Triangulation, criterion: MappedCriterion) -> Table:
    """Return how organisations rated a criterion themselves."""
    rated = found.ratings[criterion.id]
    numbers = (rated.met, rated.partly_met, rated.not_met, rated.not_applicable, rated.unanswered)
    return Table(
        "own-ratings",
        f"Own ratings of {criterion.ref}",
        ("Rated by", "Met", "Partly met", "Not met", "Not applicable", "Blank"),
        ((Cell("Organisations that returned"), *counts(*numbers)),),
    )


def lens_table(lenses: Sequence[Lens]) -> Table:
    """Return what was answered to one question in several surveys, an answer a row; each survey has its own base."""
    cells = [{figure.id: figure for figure in lens.answers.whole.cells} for lens in lenses]
    labels = {mark: words for lens in lenses for mark, words in lens.answers.labels.items()}
    marks = dict.fromkeys(mark for shown in cells for mark in shown)
    answers = tuple((Cell(labels[mark]), *(_answer(shown.get(mark)) for shown in cells)) for mark in marks)
    rows = (*answers, (Cell("Everybody who answered"), *(_base(lens) for lens in lenses)))
    return Table(
        f"lens-{lenses[0].answers.question.id.replace('.', '-')}",
        f"“{lenses[0].text.strip()}”",
        ("Answer", *(lens.title for lens in lenses)),
        rows,
        notes=_explained(rows),
    )


def _answer(figure: Figure | None) -> Cell:
    if figure is None:
        return Cell("Not offered", number=True)
    shown = figure.number if figure.count is None else f"{figure.number} ({figure.percent})"
    return Cell(shown, number=True)


def _base(lens: Lens) -> Cell:
    released = lens.answers.whole
    return Cell(SHOWN_AS[released.symbol], number=True) if released.base is None else count(released.base)


def of_sectors(found: Triangulation, lens: Lens) -> Table:
    """Return how the staff of each kind of organisation answered one question, as far as that may be seen."""
    figures = {sector: released.figure(CONSISTENT) for sector, released in lens.answers.sectors.items()}
    rows = tuple(
        (quoted(label), _staff(figures[sector]), Cell(figures[sector].range or NOTHING.text))
        for sector, label in found.sectors.items()
        if sector in figures
    )
    return Table(
        f"sectors-{lens.answers.question.id.replace('.', '-')}",
        f"{lens.title}, by kind of organisation",
        ("Kind of organisation", "Staff whose answers fit", "Range"),
        rows,
        notes=_explained(rows),
    )
