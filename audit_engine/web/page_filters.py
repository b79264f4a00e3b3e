"""How are dates, numbers and states written on a page?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jinja2 import Environment
from markupsafe import Markup

if TYPE_CHECKING:
    from audit_engine.definition.questionnaire import Item, Option
    from audit_engine.reports.blocks import Chart

LONDON = ZoneInfo("Europe/London")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# The state of a thing -> the colour of its tag; '' is the plain blue one.
TAG_COLOURS: Mapping[str, str] = {
    "met": "green",
    "partly-met": "yellow",
    "not-met": "red",
    "not-applicable": "grey",
    "incomplete": "grey",
    "completed": "green",
    "in progress": "blue",
    "not started": "grey",
    "nothing to answer": "grey",
    "optional": "grey",
    "not-started": "grey",
    "started": "blue",
    "submitted": "green",
    "reopened": "orange",
    "planned": "grey",
    "open": "green",
    "closed": "grey",
    "late": "red",
    "waiting": "grey",
    "running": "blue",
    "ready": "green",
    "failed": "red",
    "doubted": "orange",
    "ok": "green",
    "warning": "orange",
}
STATE_WORDS: Mapping[str, str] = {
    "met": "Met",
    "partly-met": "Partly met",
    "not-met": "Not met",
    "not-applicable": "Not applicable",
    "incomplete": "Not finished",
    "in progress": "In progress",
    "not-started": "Not started",
    "doubted": "Needs your decision",
}


def local(moment: datetime) -> datetime:
    """Return an instant as clocks in London show it; a naive one is taken as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))).astimezone(LONDON)


def day(value: date | datetime | None) -> str:
    """Write ``3 March 2027``; '' for None."""
    if value is None:
        return ""
    on = local(value) if isinstance(value, datetime) else value
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def clock(moment: datetime | None) -> str:
    """Write ``14:02``, London time."""
    return f"{local(moment):%H:%M}" if moment else ""


def moment(value: datetime | None) -> str:
    """Write ``5pm on Friday 18 December 2026``, London time."""
    if value is None:
        return ""
    at = local(value)
    hour = at.hour % 12 or 12
    minute = f":{at.minute:02}" if at.minute else ""
    half = "am" if at.hour < 12 else "pm"
    return f"{hour}{minute}{half} on {DAYS[at.weekday()]} {day(at)}"


def count(value: int) -> str:
    """Write a whole number with thousands separated: ``4,000``."""
    return f"{value:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """Write ``1 standard`` or ``3 standards``."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def percent(part: int, whole: int, places: int = 0) -> str:
    """Write a share, rounded half away from zero; ``no base`` where there is nothing to divide by."""
    if whole == 0:
        return "no base"
    share = Decimal(part * 100) / Decimal(whole)
    return f"{share.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"


def share(value: Decimal) -> str:
    """Write a share between 0 and 1 as a percentage: ``75%``."""
    return f"{(value * 100).normalize():f}%"


def tag_colour(state: str | None) -> str:
    """Return the class of a state's tag."""
    colour = TAG_COLOURS.get(state or "", "")
    return f"govuk-tag--{colour}" if colour else ""


def state_words(state: str) -> str:
    """Return a state in the words of a page."""
    return STATE_WORDS.get(state, state[:1].upper() + state[1:].replace("-", " "))


def anchored(blocks: Iterable[object]) -> list[tuple[str, str]]:
    """Return the headings of a page of blocks to which a link can lead, as anchor and text."""
    found = ((getattr(block, "anchor", ""), getattr(block, "text", "")) for block in blocks)
    return [(anchor, text) for anchor, text in found if anchor]


def html_id(name: str) -> str:
    """Return a field name as an HTML id: ``s11.IS.3@medway`` becomes ``s11-IS-3-medway``."""
    return name.replace(".", "-").replace("@", "-").replace("~", "-entry-")


def descriptor_id(option: Option, item: Item) -> str:
    """Return the HTML id of an option's meaning, which items of one scale share."""
    return html_id(f"means-{item.scale or item.id}-{option.id}")


def chart_svg(chart: Chart) -> Markup:
    """Draw a chart block; the drawing escapes its own texts."""
    from audit_engine.reports.charts import svg

    return Markup(svg(chart))  # noqa: S704  (our own drawing, in which every text is escaped)


def register(environment: Environment) -> None:
    """Give the templates every filter of this module."""
    environment.filters.update(
        day=day, clock=clock, moment=moment, count_words=count, plural=plural, percent=percent, share=share,
        tag_colour=tag_colour, state_words=state_words, html_id=html_id, anchored=anchored, descriptor_id=descriptor_id,
        chart_svg=chart_svg,
    )  # fmt: skip
