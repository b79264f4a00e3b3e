"""Which day, or which moment, stands in the boxes of a small form, and which of the boxes is wrong?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar

from wtforms.fields import Field

from audit_engine.definition.item_types import Unparsable
from audit_engine.services.clock import LOCAL, NoSuchMoment, instant_of
from audit_engine.web.controls import DATE_PARTS, REAL_YEARS, TO_COME, Posted, date_boxes, real_date

MOMENT_PARTS = (*DATE_PARTS, "time")
LABELS = {"day": "Day", "month": "Month", "year": "Year", "time": "Time"}
WIDTHS = {"day": 2, "month": 2, "year": 4, "time": 5}
CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a day or a moment, as it is written into a page."""

    id: str
    name: str
    label: str
    text: str
    width: int
    is_number: bool
    is_wrong: bool


class WrongBoxes(ValueError):
    """What is wrong, and in which boxes."""

    def __init__(self, sentence: str, parts: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.parts = parts


class DayField(Field):
    """A day in three boxes; ``typed`` holds them as they were written, ``data`` the day or None.

    ``named`` begins the sentences about it ("The day must include a month");
    without it the label does.  ``example`` is a day as it may be written.
    """

    parts: ClassVar[tuple[str, ...]] = DATE_PARTS
    data: date | None

    def __init__(self, label: str, *, named: str = "", example: str = TO_COME, **settings: Any) -> None:
        super().__init__(label, **settings)
        self.named = named or label
        self.example = example
        self.typed: tuple[str, ...] = ("",) * len(self.parts)
        self.wrong: tuple[str, ...] = ()

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Return the boxes in order; the first bears the field's own id, to which an error summary leads."""
        wrong = self.wrong or self.parts if self.errors else ()
        typed = zip(self.parts, self.typed, strict=True)
        return tuple(
            Box(self._id_of(p), f"{self.name}-{p}", LABELS[p], text, WIDTHS[p], p != "time", p in wrong)
            for p, text in typed
        )

    @property
    def first_wrong(self) -> str:
        """Return the id of the first box in which something is wrong."""
        return self._id_of(self.wrong[0] if self.wrong else self.parts[0])

    def _id_of(self, part: str) -> str:
        return self.id if part == self.parts[0] else f"{self.id}-{part}"

    def process(self, formdata: Posted | None, data: object = None, extra_filters: object = None) -> None:
        """Read the boxes, or show what is given."""
        self.process_errors = []
        self.wrong = ()
        self.typed, self.data = self._given(data)
        if formdata is None:
            return
        self.typed, self.data = tuple(formdata.get(f"{self.name}-{part}", "").strip() for part in self.parts), None
        try:
            self.data = self._read()
        except WrongBoxes as fault:
            self.process_errors, self.wrong = [str(fault)], fault.parts

    def _given(self, value: object) -> tuple[tuple[str, ...], date | None]:
        return date_boxes(value), value if isinstance(value, date) else None

    def _read(self) -> date | None:
        return self._day() if any(self.typed) else None

    def _day(self) -> date:
        boxes = self.typed[: len(DATE_PARTS)]
        empty = tuple(part for part, text in zip(DATE_PARTS, boxes, strict=True) if not text)
        if empty:
            raise WrongBoxes(f"{self.named} must include a {_listed(empty)}.", empty)
        try:
            return real_date(self.named, boxes, self.example)
        except Unparsable as fault:
            raise WrongBoxes(fault.sentence, _out_of_range(boxes)) from None


class MomentField(DayField):
    """A moment as clocks in the United Kingdom show it: a day and a time, in four boxes; ``data`` is the instant.

    ``usual`` stands in the time's box at first; ``missing`` is the sentence
    for boxes in which no day was written, '' where that is allowed.
    """

    parts: ClassVar[tuple[str, ...]] = MOMENT_PARTS
    data: datetime | None

    def __init__(self, label: str, *, usual: str = "", missing: str = "", **settings: Any) -> None:
        super().__init__(label, **settings)
        self.usual = usual
        self.missing = missing

    def _given(self, value: object) -> tuple[tuple[str, ...], datetime | None]:
        if not isinstance(value, datetime):
            return ("", "", "", self.usual), None
        there = value.astimezone(LOCAL)
        return (*date_boxes(there.date()), f"{there:%H:%M}"), value

    def _read(self) -> datetime | None:
        *boxes, clock = self.typed
        if not any(boxes) and clock in ("", self.usual):
            if self.missing:
                raise WrongBoxes(self.missing, DATE_PARTS)
            return None
        when, there = self._day(), time_of(clock)
        if there is None:
            example = self.usual or "14:30"
            raise WrongBoxes(f"{self.named} must include a time of day, for example {example}.", ("time",))
        try:
            return instant_of(f"{when.isoformat()} {there:%H:%M}")
        except NoSuchMoment as fault:
            raise WrongBoxes(str(fault), ("time",)) from None


def time_of(text: str) -> time | None:
    """Read "17:00", "17.00", "5pm" or "5:30 pm"; None for what is no time of day."""
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, half = int(found["hour"]), found["minute"], (found["half"] or "").lower()
    if (half and not 1 <= hour <= 12) or (not half and minute is None):
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, int(minute or 0))
    except ValueError:
        return None


def href_of(field: Field) -> str:
    """Return where an error summary leads for a field: to its box that is wrong."""
    return f"#{field.first_wrong if isinstance(field, DayField) else field.id}"


def _listed(parts: tuple[str, ...]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _out_of_range(boxes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts that no date has; where each could be, the day is the one that this month lacks."""
    ranges = (range(1, 32), range(1, 13), REAL_YEARS)
    found = tuple(p for p, text, ok in zip(DATE_PARTS, boxes, ranges, strict=True) if _number(text) not in ok)
    return found or ("day",)


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
