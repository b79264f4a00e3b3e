"""What time is it, and which instant does a person in the United Kingdom mean?"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")
YEARS = range(1990, 2200)


class NoSuchMoment(ValueError):
    """A local time that the clocks skip, or show twice, or that is not a date at all."""


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)


def instant_of(text: str) -> datetime:
    """Turn "2026-12-18 17:00", as clocks in the United Kingdom show it, into an instant.

    Raise ``NoSuchMoment`` with a sentence for a text that is no date with a
    time, for a time that the clocks skip in spring, and for one that comes
    twice in autumn.
    """
    local = _written(text.strip())
    if local is None or local.year not in YEARS:
        raise NoSuchMoment(f"“{text}” is not a date and time. Write it like 2026-12-18 17:00.")
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    first, second = local.replace(tzinfo=LOCAL, fold=0), local.replace(tzinfo=LOCAL, fold=1)
    if first.utcoffset() != second.utcoffset():
        skipped = first.astimezone(UTC).astimezone(LOCAL).replace(tzinfo=None) != local
        why = "does not exist: the clocks go forward over it" if skipped else "comes twice: the clocks go back over it"
        raise NoSuchMoment(f"{local:%H:%M on %-d %B %Y} {why}. Choose another time.")
    return first.astimezone(UTC)


def _written(text: str) -> datetime | None:
    # A day alone is refused: "closes on the 18th" would end answering as the 18th begins.
    try:
        return datetime.fromisoformat(text) if ":" in text else None
    except ValueError:
        return None


def local_text(moment: datetime) -> str:
    """Write an instant for people: "5pm on Friday 18 December 2026 (UK time)"."""
    there = moment.astimezone(LOCAL)
    minutes = f":{there:%M}" if there.minute else ""
    hour = f"{there.hour % 12 or 12}{minutes}{'am' if there.hour < 12 else 'pm'}"
    return f"{hour} on {there:%A} {there.day} {there:%B} {there.year} (UK time)"
