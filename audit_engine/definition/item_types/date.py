"""What is an answer that is a day?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from audit_engine.definition.expressions.value_types import DATE, ValueType
from audit_engine.definition.item_types.base import Control, PlainType, Unparsable, single_text
from audit_engine.definition.questionnaire import Item

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII)
_WRITTEN = re.compile(r"([0-9]{1,2})[ /.-]+([0-9]{1,2}|[A-Za-z]{3,9})[ /.,-]+([0-9]{4})", re.ASCII)


class Date(PlainType):
    """A day of the calendar; the value is a ``date``."""

    id: ClassVar[str] = "date"
    control: ClassVar[Control] = "date"
    value_type: ClassVar[ValueType] = DATE

    def parse(self, raw: object, item: Item) -> date | None:
        """Return the day; takes 2026-09-14, 14/9/2026, 14 September 2026, or parts named day, month, year."""
        if isinstance(raw, datetime):
            return raw.date()
        if isinstance(raw, date):
            return raw
        parts = _from_parts(raw) if isinstance(raw, Mapping) else _from_text(single_text(raw))
        if parts is None:
            return None
        day, month, year = parts
        return _calendar_day(day, _month(month), year)

    def text(self, value: object, item: Item) -> str:
        """Return ``14 September 2026``."""
        return f"{value.day} {value:%B %Y}" if isinstance(value, date) else ""

    def to_json(self, value: object) -> object:
        """Return ``2026-09-14``."""
        return value.isoformat() if isinstance(value, date) else None

    def from_json(self, raw: object) -> object:
        """Return the day."""
        return None if raw is None else date.fromisoformat(str(raw))


def _from_parts(raw: Mapping[object, object]) -> tuple[str, str, str] | None:
    parts = [single_text(raw.get(name)) for name in ("day", "month", "year")]
    missing = [name for name, part in zip(("day", "month", "year"), parts, strict=True) if not part]
    if len(missing) == 3:
        return None
    if missing:
        raise Unparsable(f"The date must include a {missing[0]}.")
    return parts[0], parts[1], parts[2]


def _from_text(given: str) -> tuple[str, str, str] | None:
    if not given:
        return None
    if iso := _ISO.fullmatch(given):
        return iso[3], iso[2], iso[1]
    if written := _WRITTEN.fullmatch(given):
        return written[1], written[2], written[3]
    raise Unparsable(f"“{given[:40]}” is not a date. Write it as 14 9 2026.")


def _month(written: str) -> str:
    short = written[:3].casefold()
    return str(_MONTHS.index(short) + 1) if short in _MONTHS else written


def _calendar_day(day: str, month: str, year: str) -> date:
    shown = f"{day} {month} {year}"[:40]
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (day, month, year)):
        raise Unparsable(f"“{shown}” is not a date. Write it as 14 9 2026.")
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise Unparsable(f"There is no such day as {shown}. Check the day and the month.") from None
    if not 1900 <= found.year <= 2200:
        raise Unparsable(f"The year {found.year} cannot be right. Write all four figures of the year.")
    return found
