"""Which kinds of value may a key hold, and what does the sentence say when it holds another?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from audit_engine.definition.nearest import listed, shortened, suggestion
from audit_engine.definition.translated import ENGLISH, LANGUAGE, Translated

UNKNOWN_KEY = "\x00unknown key"
LONGEST_LINE = 1_000
LONGEST_PROSE = 20_000

_LANGUAGE = re.compile(LANGUAGE)
_SAID: dict[str, Any] = {
    "required": "The key is missing. Add it.",
    "null": "The key has no value. Give it one, or leave the key out.",
}


def kind_in_words(value: object) -> str:
    """Return what a value is, as a sentence names it."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, Decimal)):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a set of keys" if isinstance(value, dict) else "nothing"


class Plain(fields.Field[Any]):
    """A value that is read as it stands; others refine it."""

    default_error_messages = _SAID


class Line(Plain):
    """Text, in one line; ``pattern`` and its sentence narrow it."""

    longest = LONGEST_LINE

    def __init__(self, pattern: str = "", rule: str = "", **settings: Any) -> None:
        super().__init__(**settings)
        self.pattern = re.compile(pattern, re.ASCII) if pattern else None
        self.rule = rule

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if type(value) is not str:
            raise ValidationError(_not_text(value))
        text = value.strip()
        if not text:
            raise ValidationError("The text is empty. Write it, or leave the key out.")
        if len(text) > self.longest:
            raise ValidationError(f"The text has {len(text):,} characters; at most {self.longest:,} are read.")
        if self.pattern is not None and not self.pattern.fullmatch(text):
            raise ValidationError(f"“{shortened(text, 40)}” will not do: {self.rule}")
        return text


class Prose(Line):
    """Text of any number of lines."""

    longest = LONGEST_PROSE


class Translatable(Line):
    """Text that may be written in several languages: {en: ..., cy: ...}."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, dict):
            return super()._deserialize(value, attr, data, **kwargs)
        said: dict[str, str] = {}
        faults: dict[str, Any] = {}
        for language, text in value.items():
            try:
                said[language] = super()._deserialize(text, attr, data, **kwargs)
            except ValidationError as problem:
                faults[language] = problem.messages
            if not _LANGUAGE.fullmatch(language):
                faults[language] = [f"“{shortened(language, 40)}” is no language. Write its code, such as en or cy."]
        if faults:
            raise ValidationError(faults)
        if ENGLISH not in said:
            raise ValidationError("The English text is missing. Add it as “en”.")
        return Translated(said.pop(ENGLISH), said)


class Title(Translatable):
    """A line that people read, in one language or several."""


class Words(Translatable):
    """Prose that people read, in one language or several."""

    longest = LONGEST_PROSE


def _not_text(value: object) -> str:
    if isinstance(value, (bool, int, Decimal)):
        shown = str(value).lower() if isinstance(value, bool) else value
        return f'Text is needed here, and {shown} is {kind_in_words(value)}: put it in quotes ("{shown}").'
    return f"Text is needed here, not {kind_in_words(value)}."


class Formula(Line):
    """An expression; a bare ``true`` or ``false`` may stand for itself."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        return value if type(value) is str else super()._deserialize(value, attr, data, **kwargs)


class OneOf(Line):
    """One of a few words."""

    def __init__(self, *words: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.words = words

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in self.words:
            near = suggestion(text, self.words)
            raise ValidationError(f"“{shortened(text, 40)}” is not known here. Write {listed(self.words, 'or')}.{near}")
        return text


class TrueFalse(Plain):
    """``true`` or ``false``."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        hint = {"yes": " Write true, not yes.", "no": " Write false, not no."}.get(str(value), "")
        raise ValidationError(f"Write true or false here, without quotes.{hint}")


class Whole(Plain):
    """A whole number from ``least`` to ``most``."""

    def __init__(self, least: int, most: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if type(value) is not int:
            raise ValidationError(f"A whole number is needed here, not {kind_in_words(value)}.")
        if not self.least <= value <= self.most:
            raise ValidationError(f"The number must lie between {self.least} and {self.most}.")
        return value


class Amount(Plain):
    """A number, kept exact; between ``least`` and ``most`` where they are given."""

    def __init__(self, least: str = "", most: str = "", **settings: Any) -> None:
        super().__init__(**settings)
        self.least = Decimal(least) if least else None
        self.most = Decimal(most) if most else None

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            hint = " Leave the quotes out." if isinstance(value, str) else ""
            raise ValidationError(f"A number is needed here, not {kind_in_words(value)}.{hint}")
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            raise ValidationError(f"The number must lie between {self.least} and {self.most}.")
        return Decimal(value)


class Day(Plain):
    """A date, written 2026-11-01."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        try:
            if isinstance(value, str) and len(value) == 10:
                return date.fromisoformat(value)
        except ValueError:
            raise ValidationError(f"There is no day {value}. Check the day and the month.") from None
        raise ValidationError("A date is needed here, written as 2026-11-01.")


class Several(Plain):
    """A list of texts; a single text may stand for a list of one."""

    def __init__(self, pattern: str = "", rule: str = "", **settings: Any) -> None:
        super().__init__(**settings)
        self.line = Line(pattern, rule)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> tuple[str, ...]:
        given: Sequence[Any] = [value] if isinstance(value, str) else value
        if not isinstance(given, list):
            raise ValidationError(f"A list of texts is needed here, not {kind_in_words(value)}: [one, two].")
        faults: dict[int, Any] = {}
        texts: list[str] = []
        for position, text in enumerate(given):
            try:
                texts.append(self.line.deserialize(text))
            except ValidationError as problem:
                faults[position] = problem.messages
        if faults:
            raise ValidationError(faults, valid_data=texts)
        return tuple(texts)


class Listed(fields.List[Any]):
    """A list whose entries have a shape of their own."""

    default_error_messages = _SAID | {"invalid": "A list is needed here: each entry begins with “- ”."}


class Shaped(fields.Nested):
    """A set of keys of its own."""

    default_error_messages = _SAID


class Table(Plain):
    """A mapping of ids of the author's choice to values of one shape."""

    def __init__(self, values: fields.Field[Any], pattern: str = "", rule: str = "", **settings: Any) -> None:
        super().__init__(**settings)
        self.values = values
        self.keys = Line(pattern, rule)

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self.values._bind_to_schema(field_name, self)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError(f"A set of keys is needed here, not {kind_in_words(value)}.")
        faults: dict[str, Any] = {}
        kept: dict[str, Any] = {}
        for key, entry in value.items():
            try:
                self.keys.deserialize(key)
                kept[key] = self.values.deserialize(entry, **kwargs)
            except ValidationError as problem:
                faults[key] = problem.messages
                if problem.valid_data is not None:
                    kept[key] = problem.valid_data
        if faults:
            raise ValidationError(faults, valid_data=kept)
        return kept


class Anything(Plain):
    """A mapping of names to values of any kind, as worked examples hold."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError(f"A set of keys is needed here, not {kind_in_words(value)}.")
        return value
