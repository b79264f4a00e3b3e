"""What must a type of item be able to do, and what do the types share?"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import ClassVar, Literal, Protocol

from audit_engine.definition.expressions.value_types import ValueType
from audit_engine.definition.nearest import listed
from audit_engine.definition.questionnaire import Item, Option

Control = Literal["radio", "checkboxes", "number", "text", "textarea", "date", "grid", "file", "none"]


class Unparsable(ValueError):
    """What came in cannot be an answer to the item; the sentence says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ItemType(Protocol):
    """A type of item.

    ``control`` is what a page shows; ``takes`` holds the keys of the definition
    that this type has beyond those of every item, ``needs`` groups of which one
    key each must be there; ``options`` are those an item gets that names none;
    ``is_graded`` tells whether an item is graded that does not say.
    """

    id: ClassVar[str]
    control: ClassVar[Control]
    value_type: ClassVar[ValueType]
    takes: ClassVar[frozenset[str]]
    needs: ClassVar[tuple[tuple[str, ...], ...]]
    options: ClassVar[tuple[Option, ...]]
    is_graded: ClassVar[bool]

    def parse(self, raw: object, item: Item) -> object | None:
        """Return the value of what a form or a file gave; None where unanswered.  Raise Unparsable."""

    def problems(self, value: object, item: Item) -> tuple[str, ...]:
        """Return a sentence for each rule of the item that a parsed value breaks."""

    def points(self, value: object, item: Item) -> Decimal | None:
        """Return the points of a value, or None where it has none."""

    def text(self, value: object, item: Item) -> str:
        """Return a value as a reader sees it; '' for None."""

    def to_json(self, value: object) -> object:
        """Return a value made of JSON types."""

    def from_json(self, raw: object) -> object:
        """Return the value that ``to_json`` wrote."""


class PlainType:
    """What most types do: no options, no points, JSON as it is, nothing to complain about."""

    value_type: ClassVar[ValueType]
    takes: ClassVar[frozenset[str]] = frozenset()
    needs: ClassVar[tuple[tuple[str, ...], ...]] = ()
    options: ClassVar[tuple[Option, ...]] = ()
    is_graded: ClassVar[bool] = False

    def problems(self, value: object, item: Item) -> tuple[str, ...]:
        """Return no problem."""
        return ()

    def points(self, value: object, item: Item) -> Decimal | None:
        """Return None: the type has no points."""
        return None

    def text(self, value: object, item: Item) -> str:
        """Return the value as text."""
        return "" if value is None else str(value)

    def to_json(self, value: object) -> object:
        """Return the value itself."""
        return value

    def from_json(self, raw: object) -> object:
        """Return the value itself."""
        return raw


def is_blank(raw: object) -> bool:
    """Tell whether nothing came in."""
    return not raw.strip() if isinstance(raw, str) else raw is None or raw in ([], (), {})


def single_text(raw: object) -> str:
    """Return the one text that came in, without blanks around it; '' for nothing."""
    if isinstance(raw, (list, tuple)):
        if len(raw) > 1:
            raise Unparsable("Give one answer here, not several.")
        raw = raw[0] if raw else ""
    if raw is None:
        return ""
    if isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool):
        return str(raw)
    if not isinstance(raw, str):
        raise Unparsable("This is not an answer that the question can take.")
    return raw.strip()


def chosen_option(raw: str, item: Item) -> Option:
    """Return the option with that id or that label, or raise Unparsable naming the choices."""
    option = item.option(raw) or next((o for o in item.options if o.label.casefold() == raw.casefold()), None)
    if option is None:
        raise Unparsable(f"“{raw[:60]}” is not one of the choices. Choose {labels(item.options)}.")
    return option


def labels(options: Collection[Option]) -> str:
    """Return ``Met, Not met or Not applicable``, at most twelve."""
    shown = [o.label for o in options][:12]
    return listed([*shown, "another"] if len(options) > 12 else shown, "or")
