"""Where does a setting stand among its like, as blocks of its own report?

Only for a setting that takes part, once figures are frozen; nobody else is
shown.  Never a lowest or highest, never a rank (methods section 9).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from audit_engine.analysis.benchmark import BANDS, COMPARED_WITH, share_text
from audit_engine.analysis.benchmark_values import Cohort, Place
from audit_engine.analysis.rounding import half_up, percent
from audit_engine.reports.blocks import Block, BulletList, Cell, Chart, Heading, Run, Series, Table, paragraph
from audit_engine.reports.wording import day, quoted

HIDDEN = Cell("[c]", number=True)
_HIGHER = "A higher share is not a better setting: some grade themselves more strictly than others."


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """One section: the setting's own value in words, what may be said of its like, and where it stands."""

    title: str
    own: str
    said: tuple[str, ...]
    alt: str
    place: Place
    cohort: Cohort


@dataclass(frozen=True, slots=True)
class Compared:
    """What a setting that takes part is shown; ``counted_as`` are the grades that count as in place."""

    kind: str
    published_on: date
    counted_as: tuple[str, ...]
    sections: tuple[SectionPlace, ...]


def compared_blocks(compared: Compared) -> Iterator[Block]:
    """Yield the section of a setting's own report."""
    yield Heading("Where you stand among your like", anchor="among-our-like")
    yield paragraph(
        f"Your own grades, {COMPARED_WITH}. Similar settings are those of your kind ({compared.kind.lower()}) that "
        f"answered the same questions and take part, you included. The figures were frozen on "
        f"{day(compared.published_on)} and do not change. Nobody but you sees your place. {_HIGHER}"
    )
    drawn = tuple(one for one in compared.sections if one.alt and one.cohort.median is not None)
    if drawn:
        yield _strip(drawn)
    yield _table(compared)
    yield BulletList(
        tuple((Run(f"{one.title}: ", bold=True, quoted=True), Run(" ".join(one.said))) for one in compared.sections)
    )


def _strip(sections: Sequence[SectionPlace]) -> Chart:
    return Chart(
        "compared-chart",
        "Your share in place, beside similar settings",
        "interval",
        tuple(one.title for one in sections),
        (
            Series("Median, with the middle half", tuple(_whole(one.cohort.median) for one in sections),
                   tuple(_whole(one.cohort.q1) for one in sections), tuple(_whole(one.cohort.q3) for one in sections)),
            Series("You", tuple(float(half_up(percent(p.in_place, p.applicable), 0)) for p in _places(sections))),
        ),
        _alt(sections),
        axis="Per cent of statements that apply to you",
        base="statements with a grade; sections that may not be compared are left out",
        table="compared",
        category_heading="Section",
        end=100,
    )  # fmt: skip


def _places(sections: Sequence[SectionPlace]) -> Iterator[Place]:
    return (one.place for one in sections)


def _whole(value: float | None) -> float | None:
    return None if value is None else float(half_up(Decimal(value), 0))


def _alt(sections: Sequence[SectionPlace]) -> str:
    """Return what the strips show: of a single one everything, of several where they lie."""
    if len(sections) == 1:
        return sections[0].alt
    bands = [one.place.band for one in sections]
    lying = [(sum(band == name for band in bands), where) for name, where in BANDS.items()]
    told = ", ".join(f"{number} {where}" for number, where in lying if number)
    start = f"Your share and the median of similar settings, in {len(sections)} sections."
    return (
        f"{start} You are: {told}. The table below holds the figures." if told else f"{start} Data in the table below."
    )


def _table(compared: Compared) -> Table:
    rows = tuple((quoted(one.title), Cell(one.own, number=True), *_of_cohort(one)) for one in compared.sections)
    hidden = "[c]: not shown, for the reason given below, or because a middle half needs 12 settings."
    return Table(
        "compared",
        f"Statements graded “{'” or “'.join(compared.counted_as)}”, beside similar settings",
        ("Section", "You", "Median", "Middle half", "Settings"),
        rows,
        widths=(0.36, 0.2, 0.12, 0.2, 0.12),
        notes=(hidden,) if any(HIDDEN in row for row in rows) else (),
    )


def _of_cohort(one: SectionPlace) -> tuple[Cell, ...]:
    cohort = one.cohort
    if not one.alt or cohort.median is None:
        return (HIDDEN,) * 3
    middle = HIDDEN
    if cohort.q1 is not None and cohort.q3 is not None:
        middle = Cell(f"{share_text(cohort.q1)} to {share_text(cohort.q3)}", number=True)
    return Cell(share_text(cohort.median), number=True), middle, Cell(str(cohort.n), number=True)
