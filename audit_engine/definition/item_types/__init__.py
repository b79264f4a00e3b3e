"""Which types of item are there, and what can each do?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from audit_engine.definition.expressions.value_types import ValueType
from audit_engine.definition.item_types.base import Control, ItemType, OtherChoice, Unparsable, other_words
from audit_engine.definition.item_types.calculated import Calculated
from audit_engine.definition.item_types.counts import Counts
from audit_engine.definition.item_types.date import Date
from audit_engine.definition.item_types.file import File, FileReference
from audit_engine.definition.item_types.grid import Grid
from audit_engine.definition.item_types.information import Information
from audit_engine.definition.item_types.knowledge import Knowledge
from audit_engine.definition.item_types.long_text import LongText
from audit_engine.definition.item_types.multiple_choice import MultipleChoice
from audit_engine.definition.item_types.number import Number
from audit_engine.definition.item_types.rating import Rating
from audit_engine.definition.item_types.single_choice import SingleChoice
from audit_engine.definition.item_types.text import Text
from audit_engine.definition.item_types.yes_no_unsure import YesNoUnsure
from audit_engine.definition.questionnaire import Item, Option

__all__ = [
    "ITEM_TYPES",
    "Control",
    "FileReference",
    "ItemType",
    "OtherChoice",
    "Unparsable",
    "choice_type",
    "number_types",
    "other_words",
    "value_type_of",
]

_EVERY_TYPE: tuple[ItemType, ...] = (
    Rating(),
    SingleChoice(),
    MultipleChoice(),
    Text(),
    LongText(),
    Number(),
    Date(),
    Grid(),
    File(),
    YesNoUnsure(),
    Information(),
    Calculated(),
    Counts(),
    Knowledge(),
)
ITEM_TYPES: Mapping[str, ItemType] = {item_type.id: item_type for item_type in _EVERY_TYPE}


def value_type_of(item: Item) -> ValueType:
    """Return the kind of an item's value, with its options for choices; a calculated item's by its expression."""
    if item.calculate is not None:
        return item.calculate.type
    return choice_type(ITEM_TYPES[item.type], item.options)


def choice_type(item_type: ItemType, options: Iterable[Option]) -> ValueType:
    """Return the kind of the values of a type, with these options where it has choices."""
    kind = item_type.value_type
    labels = {o.id: o.label for o in options}
    return ValueType(kind.kind, labels) if labels and kind.kind in ("text", "texts") else kind


def number_types(item_id: str, item_type: ItemType) -> Mapping[str, ValueType]:
    """Return the kinds of the numbers in an item's value by the names that expressions use (``osf.4.completed``)."""
    return {
        f"{item_id}.{name}": ValueType("number", label=name, part_of=item_id, read=read)
        for name, read in item_type.numbers.items()
    }
