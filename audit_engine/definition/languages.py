"""How does a questionnaire read in another language?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from audit_engine.definition.nearest import listed
from audit_engine.definition.questionnaire import (
    Check,
    Item,
    Option,
    Parts,
    Questionnaire,
    Repeat,
    ResponseRule,
    Scale,
    Section,
    Support,
    Variant,
)
from audit_engine.definition.translated import Translated


class UnknownLanguage(LookupError):
    """A questionnaire was asked for in a language that it does not have; the message names those it has."""

    def __init__(self, questionnaire: Questionnaire, language: str) -> None:
        has = listed(questionnaire.languages)
        super().__init__(f"{questionnaire.name} is not there in “{language[:20]}”. It is there in {has}.")


def in_language(questionnaire: Questionnaire, language: str) -> Questionnaire:
    """Return the questionnaire with every text in a language; what is not translated stays in English.

    Ids, rules and ``content_hash`` stay; ``language`` says which it is.  Raise
    UnknownLanguage for one that the file does not name.
    """
    if language not in questionnaire.languages:
        raise UnknownLanguage(questionnaire, language)
    if language == questionnaire.language:
        return questionnaire
    spoken: Questionnaire = _said(questionnaire, questionnaire.language, language)
    return replace(spoken, language=language)


def _said(value: Any, now: str, wanted: str) -> Any:
    """Return a value with its texts in the language wanted; the very same value where nothing in it changes."""
    if isinstance(value, Translated):
        return value.in_language(now, wanted)
    if type(value) is tuple:
        parts = tuple(_said(part, now, wanted) for part in value)
        return value if all(part is old for part, old in zip(parts, value, strict=True)) else parts
    if isinstance(value, Mapping):
        return {key: _said(part, now, wanted) for key, part in value.items()}
    if isinstance(value, _SPOKEN):
        before = {field.name: getattr(value, field.name) for field in fields(value)}
        after = {name: _said(part, now, wanted) for name, part in before.items()}
        changed = {name: part for name, part in after.items() if part is not before[name]}
        return replace(value, **changed) if changed else value
    return value


_SPOKEN = (
    Questionnaire, Section, Repeat, Item, Option, Scale, ResponseRule, Parts, Variant, Check, Support,
)  # fmt: skip
