"""Write down what people type beside the figures: figures of the plan, and what was done between waves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection, Engine

from audit_engine.analysis.plan import KINDS, TypedFigure, in_use
from audit_engine.analysis.published import percent_as_typed, plausible_counts
from audit_engine.storage import plan as stored
from audit_engine.storage import trail
from audit_engine.storage.engine import writing

MOST = 10**9
LONGEST_SOURCE, LONGEST_EVENT, LONGEST_NOTE = 200, 300, 2000
ANOTHER = "A figure stands for this day already. Correct that one, or take it out first"


@dataclass(frozen=True, slots=True)
class FigureDraft:
    """A figure as it stands in the boxes of a form; ``replaces`` is the one that it corrects."""

    as_at: date | None
    kind: str
    number: str = ""
    percentage: str = ""
    base: str = ""
    source: str = ""
    note: str = ""
    kept_because: str = ""
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of it: the number of the row, or ``faults`` by box; ``is_doubtful`` asks for a reason to keep it."""

    number: int | None = None
    faults: Mapping[str, str] | None = None
    is_doubtful: bool = False


class PlanRefused(ValueError):
    """Something cannot be written down or taken out; the text says why."""


def figures_of(connection: Connection, plan_id: str, outcome_id: str | None = None) -> tuple[TypedFigure, ...]:
    """Return every figure ever typed for a plan or for one outcome, by day."""
    return tuple(
        TypedFigure(
            row.id, row.outcome_id, row.as_at, row.kind, row.number, row.base, row.percentage, row.source, row.note,
            row.kept_because, row.replaces_id, row.maker or "", row.made_at, row.withdrawn_at, row.taker or "",
            row.withdrawn_because,
        )
        for row in stored.figures(connection, plan_id, outcome_id)
    )  # fmt: skip


def keep_figure(
    engine: Engine, plan_id: str, outcome_id: str, draft: FigureDraft, by: int | None, now: datetime, today: date
) -> Kept:
    """Write down a figure; a percentage that no whole number gives needs a reason to be kept.

    Two figures in use for one day would be two figures for one thing: the second is refused.
    """
    checked = _Checked(draft, today)
    if checked.faults:
        return Kept(faults=checked.faults, is_doubtful=checked.is_doubtful)
    with writing(engine) as connection:
        every = figures_of(connection, plan_id, outcome_id)
        if draft.replaces is not None:
            _refuse_unless_in_use(every, draft.replaces)
        if any(f.as_at == draft.as_at and f.id != draft.replaces for f in in_use(every)):
            return Kept(faults={"as_at": ANOTHER})
        number = stored.add_figure(
            connection, plan_id=plan_id, outcome_id=outcome_id, as_at=draft.as_at, kind=draft.kind,
            number=checked.number, base=checked.base, percentage=checked.percentage, source=draft.source.strip(),
            note=draft.note.strip(), kept_because=draft.kept_because.strip() if checked.is_doubtful else "",
            replaces_id=draft.replaces, made_by=by, made_at=now,
        )  # fmt: skip
        event = "figure of the plan corrected" if draft.replaces else "figure of the plan typed in"
        trail.note(connection, event, f"plan:{outcome_id}", by, now, figure=number, replaces=draft.replaces)
    return Kept(number)


def _refuse_unless_in_use(every: Sequence[TypedFigure], number: int) -> None:
    if all(f.id != number for f in in_use(every)):
        raise PlanRefused("This figure was corrected or taken out already. Look at the history, then try again.")


def withdraw_figure(engine: Engine, number: int, reason: str, by: int, now: datetime) -> None:
    """Take a figure out of use, with the reason; the history keeps it."""
    with writing(engine) as connection:
        row = stored.figure_of(connection, number)
        if row is None:
            raise PlanRefused("There is no such figure.")
        _refuse_unless_in_use(figures_of(connection, row.plan_id, row.outcome_id), number)
        stored.withdraw_figure(connection, number, reason.strip(), by, now)
        trail.note(connection, "figure of the plan taken out", f"plan:{row.outcome_id}", by, now, figure=number)


class _Checked:
    """What the boxes of a figure come to, and what is wrong with them."""

    def __init__(self, draft: FigureDraft, today: date) -> None:
        self.faults: dict[str, str] = {}
        self.is_doubtful = False
        self.number: int | None = None
        self.base: int | None = None
        self.percentage = ""
        self._day(draft.as_at, today)
        if draft.kind not in KINDS:
            self.faults["kind"] = "Choose what kind of figure it is"
        self._base(draft)
        self._value(draft)
        self._words(draft)

    def _day(self, as_at: date | None, today: date) -> None:
        if as_at is None:
            self.faults["as_at"] = "Enter the day that the figure stands for"
        elif as_at > today:
            self.faults["as_at"] = "The day must not lie in the future"

    def _base(self, draft: FigureDraft) -> None:
        if draft.base.strip():
            self.base = _whole(draft.base)
            if not self.base:
                self.faults["base"] = "Write of how many it is: a whole number from 1, such as 196"
        elif draft.kind != "count":
            self.faults["base"] = "A share needs the number that it is of"

    def _value(self, draft: FigureDraft) -> None:
        number, percentage = draft.number.strip(), draft.percentage.strip()
        if bool(number) == bool(percentage):
            said = "Write the number or the percentage, not both" if number else "Write the number, or the percentage"
            self.faults["number"] = said
        elif number:
            self.number = _whole(number)
            if self.number is None:
                self.faults["number"] = "Write a whole number, such as 1,204"
            elif self.base is not None and self.number > self.base:
                self.faults["number"] = f"{self.number:,} cannot be part of {self.base:,}"
        else:
            self._percentage(percentage, draft)

    def _percentage(self, typed: str, draft: FigureDraft) -> None:
        if draft.kind == "count":
            self.faults["percentage"] = "A percentage is a share: choose that kind above"
            return
        try:
            self.percentage = percent_as_typed(typed)
        except ValueError as fault:
            self.faults["percentage"] = str(fault)
            return
        if not 0 <= Decimal(self.percentage) <= 100:
            self.faults["percentage"] = "A share lies between 0 and 100"
        elif self.base:
            found = plausible_counts(self.percentage, self.base)
            self.is_doubtful = not found.counts
            if self.is_doubtful and not draft.kept_because.strip():
                self.faults["percentage"] = f"{found.sentence} If it stands so in the source, say why it is kept."

    def _words(self, draft: FigureDraft) -> None:
        if not draft.source.strip():
            self.faults["source"] = "Say where the figure comes from"
        elif len(draft.source.strip()) > LONGEST_SOURCE:
            self.faults["source"] = f"Use at most {LONGEST_SOURCE} letters"
        for name in ("note", "kept_because"):
            if len(getattr(draft, name)) > LONGEST_NOTE:
                self.faults[name] = f"Use at most {LONGEST_NOTE:,} letters"


def _whole(text: str) -> int | None:
    bare = text.replace(",", "").replace(" ", "")
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 10 and int(bare) < MOST else None


def add_event(
    engine: Engine, questionnaire: str, day: date | None, text: str, by: int | None, now: datetime, today: date
) -> Mapping[str, str]:
    """Write down what was done, and when; return faults by box, none where it was written down."""
    said, faults = " ".join(text.split()), dict[str, str]()
    if day is None:
        faults["happened_on"] = "Enter the day on which it happened or began"
    elif day > today:
        faults["happened_on"] = "The day must not lie in the future"
    if not said:
        faults["text"] = "Say what was done"
    elif len(said) > LONGEST_EVENT:
        faults["text"] = f"Use at most {LONGEST_EVENT} letters"
    if faults or day is None:
        return faults
    with writing(engine) as connection:
        number = stored.add_event(connection, questionnaire, day, said, by, now)
        trail.note(
            connection, "event written down", f"events:{questionnaire}", by, now, number=number, day=day.isoformat(),
            text=said,
        )  # fmt: skip
    return {}


def remove_event(engine: Engine, number: int, by: int, now: datetime) -> None:
    """Take an event out; the trail keeps what it said."""
    with writing(engine) as connection:
        row = stored.event_of(connection, number)
        if row is None:
            raise PlanRefused("This event was taken out already.")
        stored.drop_event(connection, number)
        trail.note(
            connection, "event taken out", f"events:{row.questionnaire}", by, now, number=number,
            day=row.happened_on.isoformat(), text=row.text,
        )  # fmt: skip
