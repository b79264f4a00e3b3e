"""What does a setting's own report say, as blocks for a page and for Word?

Never a total, and a percentage only where the setting takes part in the
comparison with its like.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from audit_engine.analysis.setting_picture import Move, Moved, Picture, SectionCounts
from audit_engine.reports.blocks import (
    Block,
    BulletList,
    Cell,
    Chart,
    Control,
    Document,
    Heading,
    Paragraph,
    Run,
    Series,
    Table,
    paragraph,
    text,
)
from audit_engine.reports.setting_compared import Compared, compared_blocks
from audit_engine.reports.wording import day

NOTHING = "Nothing written yet"
MARKING = "Private to your school or setting"
# Four colours tell four grades apart; more grades than that stay in the table.
MOST_SERIES = 4


@dataclass(frozen=True, slots=True)
class Words:
    """What is asked and what is said to it: statements have grades in a self-audit, questions have answers elsewhere.

    ``higher`` and ``lower`` say what moved, ``same`` what did not; ``no_last_time`` why there is nothing to say of it.
    """

    one: str
    said: str
    higher: str
    lower: str
    same: str
    both: str
    no_score: str
    no_last_time: str

    def many(self, count: int) -> str:
        """Return a number of them: ``1 statement``, ``3 statements``."""
        return f"{count} {self.one}{'' if count == 1 else 's'}"


STATEMENTS = Words(
    "statement", "grade", "Graded higher than last time", "Graded lower than last time", "Graded the same",
    "graded both times",
    "There is no total and no score: a section with many early grades may be the one you looked at most honestly.",
    "This is your first time with this self-audit. Next time you will see here what has moved.",
)  # fmt: skip
QUESTIONS = Words(
    "question", "answer", "Answers higher than last time", "Answers lower than last time", "The same answer",
    "answered both times",
    "There is no total and no score.",
    "If you did this check before, you see here what has moved once you have marked this one as finished.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planned:
    """A line of the action plan; ``about`` names the statement or says that it is a priority."""

    what: str
    who: str
    due: date | None
    about: str
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class HalfPage:
    """What a setting wrote about one section, and what governors may ask."""

    section: str
    title: str
    strength: str
    gap: str
    next_step: str
    governors: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnReport:
    """Everything that a setting's report says.

    ``moved`` is None where there is no time before, ``compared`` where the setting
    takes no part in the comparison or nothing was published yet.
    """

    title: str
    setting: str
    version: str
    picture: Picture
    strengths: tuple[str, ...]
    priorities: tuple[str, ...]
    plan: tuple[Planned, ...]
    halves: tuple[HalfPage, ...]
    moved: Moved | None = None
    last_time: str = ""
    standing: str = ""
    private: bool = True
    compared: Compared | None = None
    words: Words = STATEMENTS


def own_blocks(report: OwnReport) -> tuple[Block, ...]:
    """Return the report's blocks, the same for a page and for Word."""
    return (
        *_picture(report.picture, report.words),
        *_chosen("Strengths to build on", "strengths", report.strengths),
        *_chosen("Priorities", "priorities", report.priorities),
        *_moved(report),
        *(compared_blocks(report.compared) if report.compared else ()),
        *_plan(report.plan),
        *_governors(report.halves),
        *_halves(report),
        *_yours(report),
    )


def half_page(
    half: HalfPage, counts: SectionCounts | None, picture: Picture, words: Words = STATEMENTS
) -> tuple[Block, ...]:
    """Return one section's half page."""
    return (
        *((_grades_of(half.title, counts, picture, words),) if counts else ()),
        *_written(half),
        *(
            (paragraph("Questions for governors:"), BulletList(tuple(text(q) for q in half.governors)))
            if half.governors
            else ()
        ),
    )


def _grades_of(title: str, counts: SectionCounts, picture: Picture, words: Words) -> Table:
    labels = {grade.id: grade.label for grade in picture.grades}
    rows = [(labels[grade], n) for grade, n in counts.graded] + [(f"No {words.said} yet", counts.unanswered)]
    return Table(
        "section-counts",
        f"{title}: how often each {words.said} was given",
        (words.said.capitalize(), f"{words.one.capitalize()}s"),
        tuple((Cell(label), Cell(str(n), number=True)) for label, n in rows),
        widths=(0.7, 0.3),
    )


def own_document(report: OwnReport, made_at: datetime, *, invented: bool = False) -> Document:
    """Return the report as a document; ``made_at`` is local time and is printed."""
    rows = [
        ("Self-audit", report.title),
        ("School or setting", report.setting),
        ("Version of the questions", report.version),
        ("Made", f"{day(made_at)}, {made_at:%H:%M}"),
    ]
    if report.last_time:
        rows.append(("Compared with", report.last_time))
    if report.private:
        rows.append(("Who has it", "You alone. Nobody in the partnership sees your answers."))
    return Document(
        title=report.title,
        subtitle="Our own report",
        organisation=report.setting,
        control=Control(tuple(rows)),
        blocks=own_blocks(report),
        marking=MARKING if report.private else "OFFICIAL",
        standing=report.standing,
        invented=invented,
        footer=f"{report.title}, {report.setting}, {day(made_at)}",
        subject=report.title,
        keywords="self-audit; safeguarding children",
    )


# --- counts by section -----------------------------------------------------------


def _picture(picture: Picture, words: Words) -> Iterator[Block]:
    yield Heading("A picture of each section", anchor="picture")
    yield paragraph(f"How often each {words.said} was given. {words.no_score}")
    series = [grade for grade in picture.grades if grade.points is not None]
    if not picture.sections:
        return
    if 0 < len(series) <= MOST_SERIES and any(s.answered for s in picture.sections):
        yield _chart(picture, words)
    yield _table("section-picture", f"How often each {words.said} was given, by section", picture, words)


def _chart(picture: Picture, words: Words) -> Chart:
    series = [grade for grade in picture.grades if grade.points is not None]
    counts = [dict(s.graded) for s in picture.sections]
    return Chart(
        "section-chart",
        f"{words.said.capitalize()}s by section",
        "stacked",
        tuple(s.title for s in picture.sections),
        tuple(Series(g.label, tuple(float(c[g.id]) for c in counts)) for g in series),
        f"Bars of {words.one}s in each section by the {words.said} that was given; the table below holds the same "
        "numbers.",
        axis=f"{words.one.capitalize()}s",
        base=f"{words.one}s that have {'a' if words is STATEMENTS else 'an'} {words.said}",
        table="section-picture",
        category_heading="Section",
    )


def _table(name: str, caption: str, picture: Picture, words: Words) -> Table:
    first = 0.3
    share = (1 - first) / (len(picture.grades) + 1)
    return Table(
        name,
        caption,
        ("Section", *(grade.label for grade in picture.grades), f"No {words.said} yet"),
        tuple(
            (
                Cell(s.title),
                *(Cell(str(n), number=True) for _, n in s.graded),
                Cell(str(s.unanswered), number=True),
            )
            for s in picture.sections
        ),
        widths=(first, *[share] * (len(picture.grades) + 1)),
    )


# --- what the setting wrote --------------------------------------------------------


def _chosen(title: str, anchor: str, texts: Sequence[str]) -> Iterator[Block]:
    yield Heading(title, anchor=anchor)
    if texts:
        yield BulletList(tuple((Run(t, quoted=True),) for t in texts), numbered=True)
    else:
        yield paragraph(f"{NOTHING}.")


def _moved(report: OwnReport) -> Iterator[Block]:
    yield Heading("What has moved since last time", anchor="moved")
    moved, words = report.moved, report.words
    if moved is None:
        yield paragraph(words.no_last_time)
        return
    up, down = moved.going("up"), moved.going("down")
    yield paragraph(
        f"Compared with {report.last_time}, {words.one} by {words.one}, also where the wording has changed."
    )
    for caption, name, moves in ((words.higher, "higher", up), (words.lower, "lower", down)):
        if moves:
            yield _moves(caption, name, moves, words)
    if not up and not down:
        yield paragraph(f"No {words.one} has a higher or lower {words.said} than last time.")
    same, alone = len(moved.going("same")), len(moved.not_compared)
    if same:
        yield paragraph(f"{words.same}: {words.many(same)}.")
    if alone:
        yield paragraph(f"Not compared, because new or not {words.both}: {words.many(alone)}.")


def _moves(caption: str, name: str, moves: Sequence[Move], words: Words) -> Table:
    rows = tuple((Cell(f"{m.item.short_id} {m.item.text}{_reworded(m)}"), Cell(m.before), Cell(m.after)) for m in moves)
    return Table(f"moved-{name}", caption, (words.one.capitalize(), "Last time", "Now"), rows, widths=(0.6, 0.2, 0.2))


def _reworded(move: Move) -> str:
    return " (asks for more or less than last time)" if move.relation in ("widened", "narrowed") else ""


def _plan(plan: Sequence[Planned]) -> Iterator[Block]:
    yield Heading("Action plan", anchor="plan")
    if not plan:
        yield paragraph("No action is planned yet.")
        return
    yield Table(
        "action-plan",
        "What we will do",
        ("What", "About", "Who", "By when", "Done"),
        tuple(
            (
                Cell(p.what, quoted=True), Cell(p.about), Cell(p.who or "Not said", quoted=bool(p.who)),
                Cell(day(p.due) if p.due else "Not said"), Cell(day(p.done_on) if p.done_on else "Not yet"),
            )
            for p in plan
        ),
        widths=(0.36, 0.18, 0.18, 0.14, 0.14),
    )  # fmt: skip


def _governors(halves: Sequence[HalfPage]) -> Iterator[Block]:
    asking = [h for h in halves if h.governors]
    if not asking:
        return
    yield Heading("Questions for governors to ask", anchor="governors")
    for half in asking:
        yield Heading(half.title, 2)
        yield BulletList(tuple(text(q) for q in half.governors))


def _halves(report: OwnReport) -> Iterator[Block]:
    written = [h for h in report.halves if h.strength or h.gap or h.next_step]
    if not written:
        return
    yield Heading("Section by section", anchor="sections")
    for half in written:
        yield Heading(half.title, 2)
        yield from _written(half)


def _written(half: HalfPage) -> Iterator[Block]:
    for label, words in (("Strength", half.strength), ("Gap", half.gap), ("Next step", half.next_step)):
        yield Paragraph((Run(f"{label}: ", bold=True), Run(words or NOTHING, quoted=bool(words))))


def _yours(report: OwnReport) -> Iterator[Block]:
    if not report.private:
        return
    yield Heading("What happens to this report", anchor="yours")
    yield paragraph(
        "It is yours. Nobody in the partnership sees your answers, and this report is not part of any inspection. "
        "The people who run the server could reach the database; what they look at through this program is written "
        "down and shown to you. Counts leave you only where you share them, and you can take that back."
    )
