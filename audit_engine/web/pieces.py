"""How is HTML that was rendered once filled with the values of a request?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from audit_engine.definition.piping import placeholders
from audit_engine.definition.translated import ENGLISH, Translated
from audit_engine.web import page_filters

# Private-use characters: they survive escaping and mean nothing in HTML.
OPENING, CLOSING = "\ue000", "\ue001"
PIPE = "pipe:"
_SLOT = re.compile(f"{OPENING}([^{OPENING}{CLOSING}]*){CLOSING}")


class Pieces:
    """Literal HTML with named slots; a slot that is not filled stays empty."""

    __slots__ = ("_parts", "_places")

    def __init__(self, parts: tuple[str, ...], places: Mapping[str, tuple[int, ...]]) -> None:
        self._parts = parts
        self._places = places

    @classmethod
    def cut(cls, html: str) -> Pieces:
        """Cut rendered HTML at its slots."""
        found = _SLOT.split(html)
        places: dict[str, tuple[int, ...]] = {}
        for index in range(1, len(found), 2):
            places[found[index]] = (*places.get(found[index], ()), index)
            found[index] = ""
        return cls(tuple(found), places)

    @property
    def slots(self) -> tuple[str, ...]:
        """Return the names of the slots."""
        return tuple(self._places)

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the HTML with those values, which must be escaped already."""
        parts = list(self._parts)
        for slot, html in values.items():
            for index in self._places.get(slot, ()):
                parts[index] = html
        return "".join(parts)

    def settled(self, values: Mapping[str, str], still_open: Callable[[str], bool]) -> Pieces:
        """Return pieces in which those values are literal and only the slots named by ``still_open`` remain."""
        parts = list(self._parts)
        open_slots = {i: slot for slot, where in self._places.items() if still_open(slot) for i in where}
        for slot, html in values.items():
            for index in self._places.get(slot, ()):
                parts[index] = html
        for index, slot in open_slots.items():
            parts[index] = f"{OPENING}{slot}{CLOSING}"
        return Pieces.cut("".join(parts))


def trusted(html: str) -> Markup:
    """Call HTML safe: only for what our own templates made, in which every text was escaped."""
    return Markup(html)  # noqa: S704


def slot(name: str) -> Markup:
    """Mark a place in a template that is rendered once."""
    return trusted(f"{OPENING}{name}{CLOSING}")


def piped(text: str) -> Markup:
    """Escape a text and mark the places where an earlier answer or a text of the area goes in."""
    html = str(escape(text))
    for placeholder in placeholders(text):
        html = html.replace(str(escape(f"{{{placeholder}}}")), slot(f"{PIPE}{placeholder}"))
    return trusted(html)


def is_translated(text: str) -> bool:
    """Tell whether a text stands in another language than English."""
    return isinstance(text, Translated) and ENGLISH in text.others


@cache
def environment() -> Environment:
    """Return the templates of items; they need no request and no app."""
    made = Environment(
        loader=PackageLoader("audit_engine.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    page_filters.register(made)
    made.globals["slot"] = slot
    made.filters["piped"] = piped
    made.tests["translated"] = is_translated
    return made


def rendered(template: str, **context: object) -> str:
    """Render one of the item templates."""
    return environment().get_template(template).render(context)
