"""What is an answer that chooses one option for each of several rows?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from audit_engine.definition.expressions.value_types import OTHER, ValueType
from audit_engine.definition.item_types.base import Control, PlainType, Unparsable, chosen_option, is_blank, single_text
from audit_engine.definition.nearest import listed
from audit_engine.definition.questionnaire import Item

Choices = tuple[tuple[str, str], ...]


class Grid(PlainType):
    """One option a row; the value is a tuple of (row id, option id) in the order of the rows."""

    id: ClassVar[str] = "grid"
    control: ClassVar[Control] = "grid"
    value_type: ClassVar[ValueType] = OTHER
    takes: ClassVar[frozenset[str]] = frozenset({"scale", "options", "rows"})
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("scale", "options"), ("rows",))

    def parse(self, raw: object, item: Item) -> Choices | None:
        """Return the choice of each answered row, from a mapping of row id to option."""
        if is_blank(raw):
            return None
        if isinstance(raw, tuple) and raw == _choices(raw):
            raw = dict(raw)
        if not isinstance(raw, Mapping):
            raise Unparsable("Choose an answer for each row.")
        rows = [row.id for row in item.rows]
        strange = [str(row)[:40] for row in raw if row not in rows]
        if strange:
            raise Unparsable(f"There is no row “{strange[0]}” in this question.")
        given = {row: single_text(raw.get(row)) for row in rows}
        return tuple((row, chosen_option(text, item).id) for row, text in given.items() if text) or None

    def problems(self, value: object, item: Item) -> tuple[str, ...]:
        """Complain of rows left out where the item is required."""
        chosen = dict(_choices(value))
        missing = [row.label for row in item.rows if row.id not in chosen]
        if not chosen or not missing or not item.required:
            return ()
        return (f"Choose an answer for {listed([f'“{label}”' for label in missing])}.",)

    def points(self, value: object, item: Item) -> Decimal | None:
        """Return the sum over the rows, None where no chosen option has points."""
        options = [item.option(option) for _, option in _choices(value)]
        points = [o.points for o in options if o is not None and o.points is not None]
        return sum(points, Decimal(0)) if points else None

    def text(self, value: object, item: Item) -> str:
        """Return ``Front line: Yes; Managers: No``."""
        names = {row.id: row.label for row in item.rows}
        return "; ".join(
            f"{names.get(row, row)}: {option.label if (option := item.option(chosen)) else chosen}"
            for row, chosen in _choices(value)
        )

    def to_json(self, value: object) -> object:
        """Return an object of row id to option id."""
        return None if value is None else dict(_choices(value))

    def from_json(self, raw: object) -> object:
        """Return the tuple of pairs."""
        return tuple((str(row), str(option)) for row, option in raw.items()) if isinstance(raw, Mapping) else None


def _choices(value: object) -> Choices:
    pairs = value if isinstance(value, tuple) else ()
    return tuple(pair for pair in pairs if isinstance(pair, tuple) and len(pair) == 2)
