"""What must a type of item be able to do, and what do the types share?"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import ClassVar, Literal, Protocol

from audit_engine.definition.expressions.value_types import ValueType
from audit_engine.definition.nearest import listed
from audit_engine.definition.questionnaire import Item, Option

Control = Literal["radio", "checkboxes", "number", "text", "textarea", "date", "grid", "counts", "file", "none"]
Reader = Callable[[object], object]
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
OTHER_ID = "other"
MOST_OTHER_WORDS = 500


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
    ``is_graded`` tells whether an item is graded that does not say; ``numbers``
    reads the numbers in a value that expressions may use by name.
    """

    id: ClassVar[str]
    control: ClassVar[Control]
    value_type: ClassVar[ValueType]
    takes: ClassVar[frozenset[str]]
    needs: ClassVar[tuple[tuple[str, ...], ...]]
    options: ClassVar[tuple[Option, ...]]
    is_graded: ClassVar[bool]
    numbers: ClassVar[Mapping[str, Reader]]

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
    numbers: ClassVar[Mapping[str, Reader]] = {}

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


class OtherChoice(str):
    """The option ``other`` with the words written beside it; as text, and to conditions, it is the option's id.

    It counts and compares as the id does: whoever asks whether an answer
    changed must compare ``other_words`` too.
    """

    words: str

    def __new__(cls, words: str) -> OtherChoice:
        """Return the choice of ``other`` with these words."""
        choice = super().__new__(cls, OTHER_ID)
        choice.words = words
        return choice

    def __getnewargs__(self) -> tuple[str]:
        """Return what a copy is made of."""
        return (self.words,)


def other_words(value: object) -> str:
    """Return the words written beside ``other`` in the value of a choice, or of several; '' where there are none."""
    choices = value if isinstance(value, (tuple, list)) else (value,)
    return next((choice.words for choice in choices if isinstance(choice, OtherChoice)), "")


def apart(raw: object, key: str) -> tuple[object, str]:
    """Return what was chosen and the words beside ``other``, which may come in a mapping with ``key`` and ``text``."""
    if isinstance(raw, Mapping) and key in raw:
        return raw[key], single_text(raw.get("text"))
    return raw, other_words(raw)


def with_words(option_id: str, words: str) -> str:
    """Return an option's id, with the words beside it where it is ``other`` and there are any."""
    kept = " ".join(UNWRITABLE.sub("", words).split())
    return OtherChoice(kept) if option_id == OTHER_ID and kept else option_id


def complaints_of_words(value: object) -> tuple[str, ...]:
    """Complain of words beside ``other`` that are too long."""
    length = len(other_words(value))
    if length <= MOST_OTHER_WORDS:
        return ()
    return (f"“Other” has {length:,} characters; at most {MOST_OTHER_WORDS} fit. Shorten it.",)


def shown_choice(choice: str, item: Item) -> str:
    """Return the label of an option, with the words beside it where it is ``other``."""
    option = item.option(choice)
    label = option.label if option else str(choice)
    return f"{label}: {choice.words}" if isinstance(choice, OtherChoice) else label


def choice_to_json(choice: object) -> object:
    """Return an option's id, or an object with ``option`` and ``text`` where words stand beside ``other``."""
    return {"option": str(choice), "text": choice.words} if isinstance(choice, OtherChoice) else choice


def choice_from_json(raw: object) -> object:
    """Return what ``choice_to_json`` wrote."""
    if isinstance(raw, Mapping):
        return with_words(str(raw.get("option", "")), str(raw.get("text", "")))
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
