"""What did staff say about what the audit asks, and where do ratings and staff answers meet?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit_engine.analysis.disclosure import MEANING, SHOWN_AS, Figure
from audit_engine.analysis.rounding import half_up, percent
from audit_engine.analysis.staff_findings import AskedOfStaff, StaffFindings, StaffSurvey
from audit_engine.analysis.triangulation_values import Triangulation
from audit_engine.analysis.triangulation_wording import LIMITS
from audit_engine.reports import triangulation as tables
from audit_engine.reports.blocks import Block, Cell, Chart, Heading, Paragraph, Run, Series, Table, paragraph
from audit_engine.reports.edition import Edition
from audit_engine.reports.wording import count, maybe, quoted, said, shows

NOTHING = "No staff survey stands beside this audit, or nothing of one may be shown."
WHAT = (
    "Staff were asked about some of what the audit asks. Their answers stand here for all organisations together. "
    "They never change a rating: where the two differ, it is a question for the panel."
)
WITHIN = "The staff surveys cover all areas. What is set beside ratings below is of this area alone."
WHO = "Which organisation came out how stands in the packs of the panels, not in this report."
RANGE = "Range: where the figure for all staff is likely to lie, if those who answered are typical."
NOT_GIVEN = SHOWN_AS["z"]


def blocks(edition: Edition) -> tuple[Block, ...]:
    """Return what staff said, survey by survey, and how ratings stand beside it."""
    return tuple(_blocks(edition, edition.findings.staff or StaffFindings()))


def _blocks(edition: Edition, staff: StaffFindings) -> Iterator[Block]:
    yield Heading("What staff told us", anchor="staff")
    if staff.found is None:
        yield Paragraph((Run(" ".join(staff.waiting), quoted=True),)) if staff.waiting else paragraph(NOTHING)
        return
    yield paragraph(WHAT)
    for number, survey in enumerate(staff.surveys):
        yield from _survey(survey, f"-{survey.cycle}" if number else "")
    if staff.waiting:
        yield Paragraph((Run(" ".join(staff.waiting), quoted=True),), "note")
    yield Heading("Ratings beside staff answers", 2)
    if edition.area:
        yield paragraph(WITHIN)
    yield from said(*staff.sentences)
    yield from _beside(staff.found)
    yield paragraph(LIMITS, style="note")


def _survey(survey: StaffSurvey, ending: str) -> Iterator[Block]:
    yield Heading(survey.title, 2)
    answers = _answers(survey, f"staff-answers{ending}")
    moved = _moved(survey, f"staff-change{ending}")
    drawn = [q for q in survey.questions if q.figure.count is not None]
    chart = None if moved.rows else _chart(answers, drawn, (("Share", [q.figure for q in drawn]),))
    yield shows(answers.id, "how many gave an answer that fits the criterion", chart.id if chart else "")
    yield from filter(None, (chart, answers))
    if moved.rows:
        both = [(q, q.change) for q in drawn if q.change is not None and q.change.then.count is not None]
        waves = ((survey.then, [c.then for _, c in both]), (survey.now, [c.now for _, c in both]))
        chart = _chart(moved, [q for q, _ in both], waves)
        yield shows(moved.id, "the same answers in both waves of the survey", chart.id if chart else "")
        yield from filter(None, (chart, moved))


def _answers(survey: StaffSurvey, name: str) -> Table:
    rows = tuple(
        (
            quoted(q.name), quoted(q.text), quoted(", ".join(q.fitting)), maybe(q.figure.base),
            Cell(q.figure.number, number=True), Cell(_share(q.figure), number=True),
            Cell(q.figure.range or NOT_GIVEN, number=True),
        )
        for q in survey.questions
    )  # fmt: skip
    return Table(
        name,
        "Staff whose answers fit a criterion",
        ("Criteria", "Question to staff", "Answers that fit", "Answered", "Fit", "Share, %", "Range"),
        rows,
        widths=(0.1, 0.31, 0.19, 0.11, 0.08, 0.08, 0.13),
        notes=(RANGE, *_explained(rows)),
    )


def _moved(survey: StaffSurvey, name: str) -> Table:
    rows = tuple(
        (
            quoted(q.name), quoted(q.text), Cell(_share(q.change.then), number=True),
            Cell(_share(q.change.now), number=True), *_move(q),
        )
        for q in survey.questions
        if q.change is not None
    )  # fmt: skip
    return Table(
        name,
        "The same answers in the earlier wave and in this one",
        ("Criteria", "Question to staff", f"{survey.then}, %", f"{survey.now}, %", "Points", "Range", "In words"),
        rows,
        widths=(0.1, 0.3, 0.09, 0.09, 0.09, 0.13, 0.2),
        notes=(
            "Points: the change in percentage points, with the range in which the change for all staff is likely to "
            "lie.",
            *_explained(rows),
        ),
    )


def _move(question: AskedOfStaff) -> tuple[Cell, ...]:
    change = question.change.change if question.change is not None else None
    points, ends, words = (change.points, change.interval, change.words) if change else ("", "", "")
    told = words or ("not tested" if points else NOT_GIVEN)
    return Cell(points or NOT_GIVEN, number=True), Cell(ends or NOT_GIVEN, number=True), Cell(told)


def _explained(rows: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    """Return what the symbols mean that stand in these rows."""
    texts = {cell.text for row in rows for cell in row}
    return tuple(f"{symbol}: {meaning}." for symbol, meaning in MEANING.items() if symbol in texts)


def _share(figure: Figure) -> str:
    """Return the whole percentage without its sign, or the symbol."""
    return figure.percent.removesuffix("%")


def _chart(
    table: Table, questions: Sequence[AskedOfStaff], waves: Sequence[tuple[str, Sequence[Figure]]]
) -> Chart | None:
    """Return dots with their intervals, a row for each question that may be shown."""
    if not questions:
        return None
    newest = {q.name: _value(q.figure) for q in questions}
    shares = {q.name: q.figure.percent for q in questions}
    low, high = min(newest, key=newest.__getitem__), max(newest, key=newest.__getitem__)
    return Chart(
        table.id.replace("staff", "staff-chart"), table.caption, "interval", tuple(newest),
        tuple(
            Series(
                name, tuple(map(_value, figures)), tuple(_end(f, "lower") for f in figures),
                tuple(_end(f, "upper") for f in figures),
            )
            for name, figures in waves
        ),
        f"Dots with their likely range, by criteria. Lowest share of fitting answers: {low}, "
        f"{shares[low]}; highest: {high}, {shares[high]}.",
        axis="Per cent of staff who answered", base="staff who answered each question", table=table.id,
        category_heading="Criteria",
    )  # fmt: skip


def _value(figure: Figure) -> float:
    return float(half_up(percent(figure.count or 0, figure.base or 1), 0))


def _end(figure: Figure, end: str) -> float | None:
    return None if figure.interval is None else round(100 * float(getattr(figure.interval, end)), 1)


def _beside(found: Triangulation) -> Iterator[Block]:
    if not found.comparisons:
        return
    numbers, criteria = _numbers(found), tables.by_ref(found)
    yield shows(numbers.id, "how many claims could be tested, and how they came out")
    yield numbers
    yield paragraph(WHO)
    yield shows(criteria.id, "how each criterion that staff were asked about came out")
    yield criteria


def _numbers(found: Triangulation) -> Table:
    whole = found.overall
    flags = -(-found.false_flags.numerator // found.false_flags.denominator)
    lines = (
        ("Criteria rated met", whole.met),
        ("Of these, with enough replies of staff", whole.tested),
        ("Of these, corroborated by staff answers", whole.corroborated),
        ("Of these, claimed but not seen by staff: a question for the panel", whole.claimed_not_seen),
        ("Criteria rated met that are for the panel's agenda", whole.assurance["contested"]),
        ("Comparisons made", found.comparisons),
        ("Of these, claimed but not seen by chance alone, at most", flags),
    )
    return Table(
        "staff-numbers", "Ratings set beside staff answers", ("What was counted", "Number"),
        tuple((Cell(words), count(number)) for words, number in lines), widths=(0.8, 0.2),
        notes=("Counted over all organisations that returned: a criterion counts once for each of them.",),
    )  # fmt: skip
