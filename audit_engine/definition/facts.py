"""What may a condition ask about an organisation, and what are the values?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from audit_engine.definition.expressions.value_types import Kind, ValueType
from audit_engine.definition.faults import Fault, FaultLog, TooManyFaults
from audit_engine.definition.item_types import Unparsable
from audit_engine.definition.item_types.multiple_choice import MultipleChoice
from audit_engine.definition.item_types.number import Number
from audit_engine.definition.item_types.single_choice import SingleChoice
from audit_engine.definition.item_types.text import Text
from audit_engine.definition.loading import Loaded, Unloadable, decoded, loaded
from audit_engine.definition.nearest import listed
from audit_engine.definition.questionnaire import Item, Option

FactType = Literal["choice", "choices", "yes-no", "text", "number"]
PREFIX = "organisation."

_KINDS: Mapping[FactType, Kind] = {
    "choice": "text",
    "choices": "texts",
    "yes-no": "yes-no",
    "text": "text",
    "number": "number",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known about an organisation.

    ``yes`` and ``no`` are the phrases for a yes-no fact ("works directly with
    children"); choices without options take any text (an instance has its own areas).
    """

    name: str
    type: FactType
    label: str
    options: tuple[Option, ...] = ()
    help: str = ""
    yes: str = ""
    no: str = ""

    @property
    def value_type(self) -> ValueType:
        """Return the kind of the fact's values as expressions see it."""
        if self.type == "yes-no":
            phrases = {"yes": self.yes or f"{self.label}: yes", "no": self.no or f"{self.label}: no"}
            return ValueType("yes-no", phrases, self.label)
        return ValueType(_KINDS[self.type], {o.id: o.label for o in self.options} or None, self.label)

    def parse(self, raw: object) -> object | None:
        """Return the value of what a form or a file gave; None where nothing is said.  Raise Unparsable."""
        return _PARSERS[self.type](raw, self)


@dataclass(frozen=True)
class Facts:
    """Every fact that conditions may use."""

    facts: tuple[Fact, ...] = field(default_factory=tuple)

    @cached_property
    def by_name(self) -> Mapping[str, Fact]:
        """Return facts by name."""
        return {fact.name: fact for fact in self.facts}

    @cached_property
    def types(self) -> Mapping[str, ValueType]:
        """Return the kinds of the names that expressions use (``organisation.sector``)."""
        return {PREFIX + fact.name: fact.value_type for fact in self.facts}

    def parse(self, raw: Mapping[str, object]) -> dict[str, object]:
        """Return the values of a whole profile; names that are no fact raise Unparsable."""
        strange = [name for name in raw if name not in self.by_name]
        if strange:
            raise Unparsable(f"There is no fact “{strange[0]}”. The facts are {listed(self.by_name)}.")
        return {name: self.by_name[name].parse(value) for name, value in raw.items()}


@dataclass(frozen=True, slots=True)
class FactsReading:
    """What came of reading facts.yaml; ``facts`` is empty where there are faults."""

    facts: Facts
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def read_facts(raw: str | bytes, path: str) -> FactsReading:
    """Read the text of a facts.yaml."""
    log = FaultLog(path)
    facts: tuple[Fact, ...] = ()
    with suppress(Unloadable, TooManyFaults):
        facts = _facts(loaded(decoded(raw, log), log), log)
    faults, warnings = log.in_order()
    return FactsReading(Facts(() if faults else facts), faults, warnings)


def _facts(file: Loaded, log: FaultLog) -> tuple[Fact, ...]:
    from audit_engine.definition.shape import FactsShape, shaped  # marshmallow is slow to import

    kept, spoilt = shaped(FactsShape(), file, log)
    if spoilt:
        return ()
    return tuple(_fact(name, keys, file, log) for name, keys in kept["facts"].items())


def _fact(name: str, keys: Mapping[str, Any], file: Loaded, log: FaultLog) -> Fact:
    path = ("facts", name)
    options = tuple(Option(o["id"], o["label"]) for o in keys.get("options", ()))
    repeated = {o.id for o in options if sum(other.id == o.id for other in options) > 1}
    if repeated:
        log.add(file.place(path), file.where(path), f"The option “{sorted(repeated)[0]}” stands twice. Remove one.")
    if keys["type"] == "choice" and not options:
        log.add(file.place(path), file.where(path), "A choice needs options: a list of id and label.")
    if options and keys["type"] not in ("choice", "choices"):
        log.add(file.place(path), file.where(path), "Only a choice or choices have options. Remove them.")
    return Fact(name, keys["type"], keys["label"], options, **{k: keys.get(k, "") for k in ("help", "yes", "no")})


def _parse_choice(raw: object, fact: Fact) -> object | None:
    return SingleChoice().parse(raw, _as_item(fact))


def _parse_choices(raw: object, fact: Fact) -> object | None:
    if fact.options:
        return MultipleChoice().parse(raw, _as_item(fact))
    given = [raw] if isinstance(raw, str) else raw or []
    if not isinstance(given, (list, tuple, set, frozenset)) or not all(isinstance(text, str) for text in given):
        raise Unparsable(f"{fact.label}: a list of texts is needed.")
    return tuple(dict.fromkeys(text.strip() for text in given if text.strip())) or None


def _parse_yes_no(raw: object, fact: Fact) -> bool | None:
    if raw is None or isinstance(raw, bool):
        return raw
    known: dict[object, bool | None] = {"yes": True, "no": False, "true": True, "false": False, "": None}
    answer = raw.strip().lower() if isinstance(raw, str) else "?"
    if answer not in known:
        raise Unparsable(f"{fact.label}: answer yes or no.")
    return known[answer]


def _parse_text(raw: object, fact: Fact) -> object | None:
    return Text().parse(raw, _as_item(fact))


def _parse_number(raw: object, fact: Fact) -> Decimal | None:
    return Number().parse(raw, _as_item(fact))


def _as_item(fact: Fact) -> Item:
    return Item(fact.name, fact.type, fact.label, options=fact.options)


_PARSERS: Mapping[FactType, Callable[[object, Fact], object | None]] = {
    "choice": _parse_choice,
    "choices": _parse_choices,
    "yes-no": _parse_yes_no,
    "text": _parse_text,
    "number": _parse_number,
}
