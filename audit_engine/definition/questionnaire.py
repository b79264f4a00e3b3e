"""What is a questionnaire, once its file has been read and found sound?

Every value here is frozen.  The reader (``reader.py``) is the only maker in
the program; tests may build them by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from audit_engine.definition.expressions import Expression
from audit_engine.definition.translated import ENGLISH

CountsAs = Literal["met", "partly-met", "not-met", "not-applicable"]
Kind = Literal["audit", "survey", "self-audit", "case-audit"]
Anonymity = Literal["anonymous", "confidential", "named", "private"]
Relation = Literal["same", "reworded", "widened", "narrowed", "merged", "split", "folded", "moved", "dropped", "new"]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer.  ``counts_as`` None means: not comparable on "met".

    ``dont_know`` marks "don't know", ``favourable`` what counts towards the
    headline share of a survey, ``prefer_not`` "prefer not to say".
    """

    id: str
    label: str
    points: Decimal | None = None
    counts_as: CountsAs | None = None
    descriptor: str = ""
    needs: Literal["reason"] | None = None
    exclusive: bool = False
    dont_know: bool = False
    favourable: bool = False
    prefer_not: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """An ordered set of options shared by items."""

    id: str
    options: tuple[Option, ...]

    def option(self, option_id: str) -> Option | None:
        """Return the option with that id, or None."""
        return next((o for o in self.options if o.id == option_id), None)


@dataclass(frozen=True, slots=True)
class ResponseRule:
    """When commentary, evidence or an action is asked for.

    ``required_when`` holds option ids and the words ``always``, ``changed``
    (differs from last cycle's rating), ``new`` (no comparable earlier answer)
    and ``critical``; any one that holds is enough.
    """

    required_when: tuple[str, ...] = ()
    suggested_words: int | None = None
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """How an item comes from items of the version that ``continues`` names."""

    relation: Relation
    sources: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LawReference:
    """A legal source as it stood on ``as_at``."""

    ref: str
    as_at: date


@dataclass(frozen=True, slots=True)
class StaffView:
    """Which staff answers are consistent with a claim of "met" (methods section 8)."""

    survey: str
    item: str
    consistent: tuple[str, ...]
    target: Decimal = Decimal("0.75")
    floor: Decimal = Decimal("0.50")
    minimum: int = 11
    dont_know: Literal["in-base", "excluded"] = "in-base"
    role: Literal["primary", "supporting", "all-needed"] = "primary"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """What is right, from ``since`` to ``until``, both days included; None means without end."""

    answer: str
    since: date | None = None
    until: date | None = None
    ref: str = ""
    as_at: date | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """Other wording for organisations of which ``when`` holds; '' keeps the item's own."""

    when: Expression
    text: str = ""
    guidance: str = ""


@dataclass(frozen=True, slots=True)
class RatingRule:
    """A row of the table from which a rating follows; the first whose condition holds gives the option."""

    option: str
    when: Expression


@dataclass(frozen=True, slots=True)
class DutyFrom:
    """The day from which something is a legal duty, and by which law."""

    date: date
    ref: str


@dataclass(frozen=True, slots=True)
class Parts:
    """What the two numbers of a counts item are called."""

    headcount: str = "People in scope"
    completed: str = "Completed"


@dataclass(frozen=True, slots=True)
class Item:
    """One asked thing.  ``scale`` is resolved; ``options`` are the item's own or its scale's.

    ``mirrors`` names the items of another questionnaire that this one says in
    other words.
    """

    id: str
    type: str
    text: str
    section: str = ""
    scale: str | None = None
    options: tuple[Option, ...] = ()
    guidance: str = ""
    good_evidence: str = ""
    tags: tuple[str, ...] = ()
    critical: bool = False
    universal: bool = False
    graded: bool = True
    required: bool = True
    enable_when: Expression | None = None
    applies_when: Expression | None = None
    commentary: ResponseRule = field(default_factory=ResponseRule)
    evidence: ResponseRule = field(default_factory=ResponseRule)
    action: ResponseRule = field(default_factory=ResponseRule)
    lineage: Lineage | None = None
    law: tuple[LawReference, ...] = ()
    staff_view: tuple[StaffView, ...] = ()
    opens: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    whole: bool = False
    unit: str = ""
    maximum_length: int | None = None
    rows: tuple[Option, ...] = ()
    calculate: Expression | None = None
    rules: tuple[RatingRule, ...] = ()
    key: tuple[KeyRow, ...] = ()
    parts: Parts = Parts()
    variants: tuple[Variant, ...] = ()
    mirrors: tuple[str, ...] = ()
    duty_from: DutyFrom | None = None
    do_today: str = ""
    profile: bool = False
    breakdown: bool = False
    sensitive: bool = False
    trend: bool = False
    other: bool = False
    observed: bool = False

    def option(self, option_id: object) -> Option | None:
        """Return the option with that id, or None."""
        for option in self.options:  # a plain loop: every answer that is counted passes here
            if option.id == option_id:
                return option
        return None

    def counts_as(self, value: object) -> CountsAs | None:
        """Return what an answer means for "met", or None where it means nothing."""
        option = self.option(value)
        return option.counts_as if option else None

    @property
    def is_criterion(self) -> bool:
        """Tell whether the item is graded on "met" (a rating whose options count)."""
        return self.graded and any(o.counts_as for o in self.options)

    @property
    def is_worked_out(self) -> bool:
        """Tell whether the value follows from other answers, so that it is shown and never asked."""
        return self.calculate is not None or bool(self.rules)

    @property
    def short_id(self) -> str:
        """Return the id without its instrument prefix: ``IS.3`` for ``s11.IS.3``."""
        return self.id.split(".", 1)[-1]


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often a section may be answered; ``label`` names one answering ("Theme")."""

    minimum: int
    maximum: int
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """A page of items; "standard" in an audit."""

    id: str
    title: str
    items: tuple[Item, ...]
    guidance: str = ""
    applies_when: Expression | None = None
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Retired:
    """An item of the earlier version that is not carried, and why."""

    id: str
    relation: Relation
    into: tuple[str, ...] = ()
    instrument: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GradeRow:
    """A row of a grade rule; the first whose condition holds gives the grade."""

    grade: str
    when: Expression


@dataclass(frozen=True, slots=True)
class Measure:
    """A success measure of the partnership's plan, defined before the cycle opens."""

    id: str
    title: str
    tags: tuple[str, ...]
    baseline: str
    direction: Literal["increase", "decrease"] = "increase"
    basis: Literal["self", "final"] = "final"
    population: Expression | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A condition across items that must hold before submission."""

    id: str
    holds: Expression
    message: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example, run by ``audit-engine check``: answers in, results out; ``day`` is when they are given."""

    title: str
    answers: Mapping[str, object]
    facts: Mapping[str, object]
    gives: Mapping[str, object]
    reason: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """Somebody to turn to, shown on the pages; ``when`` says for what."""

    name: str
    contact: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Reflections:
    """How many strengths and priorities a self-audit asks for at its end."""

    strengths: int = 0
    priorities: int = 0


@dataclass(frozen=True)
class Questionnaire:
    """One version of an instrument.

    ``content_hash`` is the SHA-256 (hex) of ``source``, the file's own text;
    ``language`` is that in which the texts stand (``languages.in_language``).
    ``minutes`` is how long answering takes, None where nobody said.
    """

    id: str
    version: str
    title: str
    kind: Kind
    respondent: Literal["organisation", "person", "case"]
    sections: tuple[Section, ...]
    standing: str = ""
    introduction: str = ""
    declaration: str = ""
    continues: str | None = None
    scales: tuple[Scale, ...] = ()
    retired: tuple[Retired, ...] = ()
    grades: Mapping[str, tuple[GradeRow, ...]] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    checks: tuple[Check, ...] = ()
    examples: tuple[Example, ...] = ()
    anonymity: Anonymity = "named"
    minutes: int | None = None
    support: tuple[Support, ...] = ()
    closing: str = ""
    reflections: Reflections = Reflections()
    languages: tuple[str, ...] = (ENGLISH,)
    language: str = ENGLISH
    source: str = ""
    content_hash: str = ""

    def __hash__(self) -> int:
        """Hash by name and content: the mappings inside cannot be hashed."""
        return hash((self.id, self.version, self.content_hash, self.language))

    @property
    def name(self) -> str:
        """Return ``section-11@2026``."""
        return f"{self.id}@{self.version}"

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Return every item in order."""
        return tuple(i for s in self.sections for i in s.items)

    @cached_property
    def items_by_id(self) -> Mapping[str, Item]:
        """Return items by id."""
        return {i.id: i for i in self.items}

    @cached_property
    def sections_by_id(self) -> Mapping[str, Section]:
        """Return sections by id."""
        return {s.id: s for s in self.sections}

    @cached_property
    def repeating(self) -> Mapping[str, Section]:
        """Return, by item id, the section of each item that may be answered several times."""
        return {i.id: s for s in self.sections if s.repeat is not None for i in s.items}

    @cached_property
    def criteria(self) -> tuple[Item, ...]:
        """Return the items graded on "met", in order."""
        return tuple(i for i in self.items if i.is_criterion)

    def tagged(self, *tags: str) -> Iterator[Item]:
        """Yield the criteria that carry any of the tags."""
        return (i for i in self.criteria if set(tags) & set(i.tags))
