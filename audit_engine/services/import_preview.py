"""What would come of bringing in a file: how many answers, what is left, what is refused and why?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from audit_engine.definition.applicability import resolved
from audit_engine.definition.calculated import failed_checks
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.nearest import shortened
from audit_engine.exchange.headings import Column
from audit_engine.exchange.mapping import Use, importable
from audit_engine.exchange.outside import FORMULAS, HIDDEN_COLUMNS, HIDDEN_ROWS, MERGED, Remarks, Row, letter_of
from audit_engine.exchange.replies import Odd, Reply, day_text
from audit_engine.services.import_plan import NOBODY, Plan
from audit_engine.services.survey_batches import facts_for

Count = Callable[[int], None]
MOST_SHOWN = 200
MOST_DISTINCT = 2_000
FIRST = 3
EVERY = 1_000
NO_ORGANISATION = "no organisation is called that"
BLANK = "it is blank"
OWN_WORDS = "in people's own words, which are not shown here"
_REMARKS: Mapping[str, tuple[str, str]] = {
    FORMULAS: ("{n:,} cell holds a formula; the value saved with it is read.",
               "{n:,} cells hold formulas; the values saved with them are read."),
    HIDDEN_ROWS: ("{n:,} row is hidden in the sheet; it is read like the others.",
                  "{n:,} rows are hidden in the sheet; they are read like the others."),
    HIDDEN_COLUMNS: ("There are hidden columns; they are read like the others.",) * 2,
    MERGED: ("{n:,} group of cells is merged beneath the headings; only its first cell has a value.",
             "{n:,} groups of cells are merged beneath the headings; only the first of each has a value."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """A column that is taken, what for, and what it begins with."""

    letter: str
    name: str
    question: str
    what: str
    filled: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A column that is not taken, and why; ``perhaps`` is a question with words like its own."""

    letter: str
    name: str
    why: str
    perhaps: str = ""


@dataclass(frozen=True, slots=True)
class OddWords:
    """Words of a column that are no answer, so that it is left blank there: how often, and in which row first."""

    letter: str
    name: str
    words: str
    why: str
    count: int
    row: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken in."""

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything to be seen before a file is brought in; ``replies`` rows become replies."""

    file: str
    sha256: str
    how: str
    product: str
    heading_rows: int
    rows: int
    replies: int
    blank_rows: int
    taken: tuple[Taken, ...]
    not_taken: tuple[Left, ...]
    unanswered: tuple[tuple[str, str], ...]
    odd: tuple[OddWords, ...]
    odd_total: int
    refused: tuple[Refused, ...]
    refused_total: int
    by_organisation: Mapping[str, int]
    remarks: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A row that becomes a reply."""

    row: int
    organisation: str
    values: Mapping[str, object]


def accepted(plan: Plan, remarks: Remarks, told: Tally | None = None) -> Iterator[Accepted]:
    """Yield the rows of a file that become replies; ``told`` hears of everything else."""
    numbered = _numbered(plan)
    seen: set[int] = set()
    width = len(plan.layout.columns)
    for row in plan.rows(remarks):
        reply = plan.read(row) if len(row.cells) == width else None
        organisation = plan.organisation_of(row)
        why = _why_refused(plan, row, reply, organisation) or (_why_again(row, seen) if numbered else "")
        if told is not None:
            told.hear(row, reply, organisation, why)
        if not why and reply is not None and organisation is not NOBODY:
            yield Accepted(row.number, organisation, reply.values)


def _numbered(plan: Plan) -> bool:
    """Tell whether every reply has a number of its own, so that an equal row can only be the same reply again."""
    return any(column.never and column.key[0] in ("id", "respondent id", "respondentid", "userid")
               for column in plan.layout.columns)  # fmt: skip


def _why_refused(plan: Plan, row: Row, reply: Reply | None, organisation: str | None) -> str:
    if not any(row.cells):
        return BLANK
    if reply is None:
        return f"it has more cells than there are headings, from column {letter_of(len(plan.layout.columns))} on"
    if organisation is NOBODY:
        position = plan.organisation_column or 0
        where = f"(column {letter_of(position)})"
        if not row.cells[position]:
            return f"it names no organisation {where}"
        return f"{NO_ORGANISATION}: “{row.cells[position][:60]}” {where}"
    if not reply.values:
        return "none of its answers is one that the survey knows" if reply.odd else "it answers no question"
    if plan.questionnaire.checks:
        outcome = resolved(plan.questionnaire, facts_for(plan.organisations.get(organisation)), reply.values)
        return next((check.message for check in failed_checks(plan.questionnaire, outcome.values)), "")
    return ""


def _why_again(row: Row, seen: set[int]) -> str:
    mark = hash(tuple(row.cells))
    if mark in seen:
        return "it is a row before it once more, number and all"
    seen.add(mark)
    return ""


class Tally:
    """Counts what is met while rows are read."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rows = self.replies = self.blank_rows = self.blank_so_far = self.odd_total = self.refused_total = (
            self.day_numbers
        ) = 0
        self.filled = [0] * len(plan.layout.columns)
        self.first: list[dict[str, None]] = [{} for _ in plan.layout.columns]
        self.odd: dict[tuple[int, str, str], list[int]] = {}
        self.refused: list[Refused] = []
        self.by_organisation: Counter[str] = Counter()
        self.watched = [column.position for column, _ in plan.columns]
        items = plan.questionnaire.items_by_id
        controls = {c.position: ITEM_TYPES[items[u.question].type].control for c, u in plan.columns if u.question}
        self.own_words = {n for n, control in controls.items() if control in ("text", "textarea")} | {
            column.position for column, use in plan.columns if use.role == "other" or use.others
        }
        self.days = [n for n, control in controls.items() if control == "date"]

    def hear(self, row: Row, reply: Reply | None, organisation: str | None, why: str) -> None:
        """Count a row: one that becomes a reply, or why it does not."""
        if why == BLANK:  # counted once something follows it: sheets end in thousands of rows that are only coloured in
            self.blank_so_far += 1
            return
        self.rows += 1 + self.blank_so_far
        self.blank_rows += self.blank_so_far
        self.blank_so_far = 0
        for one in reply.odd if reply else ():
            self.odd_total += 1
            self._odd(row.number, one)
        if why:
            self._refuse(row, organisation, why)
        else:
            self._accept(row, organisation or "")

    def _refuse(self, row: Row, organisation: str | None, why: str) -> None:
        self.refused_total += 1
        if len(self.refused) < MOST_SHOWN:
            self.refused.append(Refused(row.number, why))
        position = self.plan.organisation_column
        if organisation is NOBODY and position is not None and row.cells[position]:
            self._odd(row.number, Odd(position, row.cells[position], NO_ORGANISATION))

    def _accept(self, row: Row, organisation: str) -> None:
        self.replies += 1
        self.by_organisation[organisation] += 1
        for position in self.watched:
            words = row.cells[position]
            if words:
                self.filled[position] += 1
                first = self.first[position]
                if len(first) < FIRST:
                    first[words] = None
        for position in self.days:
            words = row.cells[position]
            self.day_numbers += words.isdigit() and day_text(words, month_first=False) != words

    def _odd(self, row: int, odd: Odd) -> None:
        words = f"{len(odd.words):,} characters" if odd.position in self.own_words else shortened(odd.words, 120)
        key = (odd.position, words, odd.why)
        if key in self.odd:
            self.odd[key][0] += 1
        elif len(self.odd) < MOST_DISTINCT:
            self.odd[key] = [1, row]


def preview(plan: Plan, count: Count = lambda _rows: None) -> Preview:
    """Read a file to its end and return what would come of it; ``count`` hears how many rows were read."""
    remarks: Remarks = Remarks()
    told = Tally(plan)
    for _ in accepted(plan, remarks, told):
        if told.rows % EVERY == 0:
            count(told.rows)
    columns = plan.layout.columns
    asked = {use.question for _, use in plan.columns}
    odd = [
        OddWords(columns[n].letter, columns[n].name, words, why, found[0], found[1])
        for (n, words, why), found in sorted(told.odd.items(), key=lambda one: (one[0][0], -one[1][0]))
    ]
    return Preview(
        plan.order.name, plan.sha256, plan.table.how, plan.layout.product, plan.layout.heading_rows, told.rows,
        told.replies, told.blank_rows, tuple(_taken(plan, told, column, use) for column, use in plan.columns),
        tuple(_left(plan)),
        tuple((i.id, shortened(i.text, 120)) for i in importable(plan.questionnaire) if i.id not in asked),
        tuple(odd[:MOST_SHOWN]), told.odd_total, tuple(told.refused), told.refused_total, dict(told.by_organisation),
        (*plan.table.notes, *_sentences(plan.layout.above, remarks, told)),
    )  # fmt: skip


def _taken(plan: Plan, told: Tally, column: Column, use: Use) -> Taken:
    item = plan.questionnaire.items_by_id.get(use.question)
    first = tuple(shortened(words, 40) for words in told.first[column.position])
    if column.position in told.own_words:
        first = (OWN_WORDS,) if first else ()
    text = shortened(item.text, 120) if item else ""
    return Taken(column.letter, column.name, text, _what(plan, use), told.filled[column.position], first)


def _what(plan: Plan, use: Use) -> str:
    """Return what a column gives to its question, in words; '' for the whole answer."""
    item = plan.questionnaire.items_by_id.get(use.question)
    if item is None:
        return "the organisation"
    if use.others:
        return "words that are no answer are taken as written beside “Other”"
    choice = item.option(use.choice)
    row = next((row.label for row in item.rows if row.id == use.row), "")
    return {"choice": f"the choice “{choice.label}”" if choice else "", "row": f"the row “{row}”",
            "other": "the words beside “Other”"}.get(use.role, "")  # fmt: skip


def _left(plan: Plan) -> Iterator[Left]:
    uses = plan.mapping.by_key()
    for column in plan.layout.columns:
        use = uses.get(column.key)
        if use is not None and use.role == "not taken":
            item = plan.questionnaire.items_by_id.get(plan.perhaps.get(column.key, ""))
            yield Left(column.letter, column.name, use.why, shortened(item.text, 120) if item else "")


def _sentences(above: int, remarks: Remarks, told: Tally) -> Iterator[str]:
    if above:
        yield (
            "1 row above the headings was not read."
            if above == 1
            else f"{above} rows above the headings were not read."
        )
    for kind, (one, many) in _REMARKS.items():
        if remarks[kind]:
            yield (one if remarks[kind] == 1 else many).format(n=remarks[kind])
    if told.day_numbers:
        yield f"{told.day_numbers:,} days are day numbers, as spreadsheets keep them; they are read as days."
