"""Which keys may a questionnaire file have, and which values may each hold?

The module imports marshmallow, so it is itself imported only when a file is
read.  ``schema.py`` turns the same tables into the JSON Schema for editors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from audit_engine.definition.faults import FaultLog
from audit_engine.definition.loading import Loaded, Path
from audit_engine.definition.nearest import listed, shortened, suggestion
from audit_engine.definition.shape_fields import (
    UNKNOWN_KEY,
    Amount,
    Anything,
    Day,
    Formula,
    Line,
    Listed,
    OneOf,
    Prose,
    Several,
    Shaped,
    Table,
    Title,
    Translatable,
    TrueFalse,
    Whole,
    Words,
)
from audit_engine.definition.translated import LANGUAGE

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
SLUG_RULE = "small letters and figures, parted by single hyphens."
ITEM_ID = r"[a-z][a-z0-9]*(\.[A-Za-z0-9]+)+"
ITEM_ID_RULE = "an id has a prefix, a full stop, and letters or figures, such as s11.IS.3."
VERSION = r"[0-9A-Za-z]+([.-][0-9A-Za-z]+)*"
LANGUAGE_RULE = "a language is written by its code, such as en or cy."
VERSION_RULE = "a version has letters and figures, such as “2026”."
RELATIONS_OF_AN_ITEM = ("same", "reworded", "widened", "narrowed", "merged", "split", "new")
RELATIONS_OF_A_RETIRED_ITEM = ("merged", "split", "folded", "moved", "dropped")


def _slug(**settings: Any) -> Line:
    return Line(SLUG, SLUG_RULE, **settings)


def _item_id(**settings: Any) -> Line:
    return Line(ITEM_ID, ITEM_ID_RULE, **settings)


def _item_ids(**settings: Any) -> Several:
    return Several(ITEM_ID, ITEM_ID_RULE, **settings)


_SAID = {"unknown": UNKNOWN_KEY, "type": "A set of keys is needed here, each “key: value”."}


class Shape(Schema):
    """A set of keys, others refused."""

    class Meta:
        """Refuse unknown keys."""

        unknown = RAISE

    error_messages = _SAID


class OptionShape(Shape):
    """One way to answer."""

    id = _slug(required=True)
    label = Title(required=True)
    points = Amount("-1000", "1000")
    counts_as = OneOf("met", "partly-met", "not-met", "not-applicable")
    descriptor = Words()
    needs = OneOf("reason")
    exclusive = TrueFalse()
    dont_know = TrueFalse()
    favourable = TrueFalse()
    prefer_not = TrueFalse()


class ResponseRuleShape(Shape):
    """When commentary, evidence or an action is asked for."""

    required_when = Several()
    suggested_words = Whole(1, 5000)
    prompt = Words()


class LineageShape(Shape):
    """How an item comes from the earlier version."""

    relation = OneOf(*RELATIONS_OF_AN_ITEM, required=True)
    sources = _item_ids(data_key="from")
    reason = Prose()


class LawShape(Shape):
    """A legal source and the day on which it stood so."""

    ref = Line(required=True)
    as_at = Day(required=True)


class StaffViewShape(Shape):
    """Which answers of staff fit a claim of met."""

    survey = _slug(required=True)
    item = _item_id(required=True)
    consistent = Several(required=True)
    target = Amount("0", "1")
    floor = Amount("0", "1")
    minimum = Whole(11, 100_000)
    dont_know = OneOf("in-base", "excluded")
    role = OneOf("primary", "supporting", "all-needed")


class KeyRowShape(Shape):
    """Which answer is right, and from when to when."""

    answer = _slug(required=True)
    since = Day(data_key="from")
    until = Day(data_key="to")
    ref = Line(required=True)
    as_at = Day(required=True)


class VariantShape(Shape):
    """Other wording for some of those who answer."""

    when = Formula(required=True)
    text = Words()
    guidance = Words()


class RatingRuleShape(Shape):
    """A row of the table from which a rating follows."""

    option = _slug(required=True)
    when = Formula(required=True)


class DutyFromShape(Shape):
    """The day from which something is a legal duty."""

    date = Day(required=True)
    ref = Line(required=True)


class PartsShape(Shape):
    """What the two numbers of a counts item are called."""

    headcount = Title(required=True)
    completed = Title(required=True)


class ItemDefaultsShape(Shape):
    """The keys that ``defaults`` may set for every item of a type."""

    scale = _slug()
    options = Listed(Shaped(OptionShape))
    guidance = Words()
    good_evidence = Words()
    tags = Several(SLUG, SLUG_RULE)
    critical = TrueFalse()
    universal = TrueFalse()
    graded = TrueFalse()
    required = TrueFalse()
    enable_when = Formula()
    applies_when = Formula()
    commentary = Shaped(ResponseRuleShape)
    evidence = Shaped(ResponseRuleShape)
    action = Shaped(ResponseRuleShape)
    law = Listed(Shaped(LawShape))
    duty_from = Shaped(DutyFromShape)
    minimum = Amount()
    maximum = Amount()
    whole = TrueFalse()
    unit = Title()
    maximum_length = Whole(1, 20_000)
    profile = TrueFalse()
    breakdown = TrueFalse()
    sensitive = TrueFalse()
    trend = TrueFalse()
    other = TrueFalse()
    observed = TrueFalse()


class ItemShape(ItemDefaultsShape):
    """One asked thing."""

    id = _item_id(required=True)
    type = Line(required=True)
    text = Words(required=True)
    lineage = Shaped(LineageShape)
    staff_view = Listed(Shaped(StaffViewShape))
    opens = _slug()
    rows = Listed(Shaped(OptionShape))
    calculate = Formula()
    rules = Listed(Shaped(RatingRuleShape))
    key = Listed(Shaped(KeyRowShape))
    parts = Shaped(PartsShape)
    variants = Listed(Shaped(VariantShape))
    mirrors = _item_ids()
    do_today = Words()


class RepeatShape(Shape):
    """How often a section may be answered."""

    minimum = Whole(0, 100, required=True, data_key="min")
    maximum = Whole(1, 100, required=True, data_key="max")
    label = Title(required=True)


class SectionShape(Shape):
    """A page of items."""

    id = _slug(required=True)
    title = Title(required=True)
    guidance = Words()
    applies_when = Formula()
    repeat = Shaped(RepeatShape)
    items = Listed(Shaped(ItemShape), required=True)


class RetiredShape(Shape):
    """An item of the earlier version that is not carried on."""

    id = _item_id(required=True)
    relation = OneOf(*RELATIONS_OF_A_RETIRED_ITEM, required=True)
    into = _item_ids()
    instrument = _slug()
    reason = Prose()


class GradeRowShape(Shape):
    """A row of a grade rule."""

    grade = _slug(required=True)
    when = Formula(required=True)


class MeasureShape(Shape):
    """A success measure."""

    id = _slug(required=True)
    title = Line(required=True)
    tags = Several(SLUG, SLUG_RULE, required=True)
    baseline = Line(VERSION, VERSION_RULE, required=True)
    direction = OneOf("increase", "decrease")
    basis = OneOf("self", "final")
    population = Formula()
    source = Line()


class CheckShape(Shape):
    """A condition across items."""

    id = _slug(required=True)
    holds = Formula(required=True)
    message = Words(required=True)
    items = _item_ids()


class GivesInRepeatShape(Shape):
    """What one answering of a section that repeats must come to."""

    asked = _item_ids()
    not_asked = _item_ids()
    why = Table(Prose())
    values = Anything()
    failed_checks = Several(SLUG, SLUG_RULE)


class GivesShape(GivesInRepeatShape):
    """What a worked example must come to."""

    grade = Table(_slug())
    met = Whole(0, 100_000)
    partly_met = Whole(0, 100_000)
    not_met = Whole(0, 100_000)
    not_applicable = Whole(0, 100_000)
    unanswered = Whole(0, 100_000)
    applicable = Whole(0, 100_000)
    points = Amount()
    scored = Table(OneOf("correct", "misconception", "gap", "not scored"))
    duties = _item_ids()
    wording = Table(Prose())
    repeats = Table(Shaped(GivesInRepeatShape))
    problems = Whole(0, 100_000)


class ExampleShape(Shape):
    """A worked example."""

    title = Line(required=True)
    reason = Prose()
    day = Day()
    facts = Anything()
    answers = Anything(required=True)
    gives = Shaped(GivesShape, required=True)


class SupportShape(Shape):
    """Somebody to turn to, shown on the pages."""

    name = Title(required=True)
    contact = Title(required=True)
    when = Words()


class ReflectionsShape(Shape):
    """How many strengths and priorities are asked for at the end."""

    strengths = Whole(0, 10)
    priorities = Whole(0, 10)


class QuestionnaireShape(Shape):
    """A whole file."""

    questionnaire = _slug(required=True)
    version = Line(VERSION, VERSION_RULE, required=True)
    title = Title(required=True)
    standing = Line()
    languages = Several(LANGUAGE, LANGUAGE_RULE)
    kind = OneOf("audit", "survey", "self-audit", "case-audit", required=True)
    respondent = OneOf("organisation", "person", "case", required=True)
    anonymity = OneOf("anonymous", "confidential", "named", "private")
    minutes = Whole(1, 600)
    introduction = Words()
    declaration = Words()
    closing = Words()
    support = Listed(Shaped(SupportShape))
    reflections = Shaped(ReflectionsShape)
    continues = Line(VERSION, VERSION_RULE)
    defaults = Table(Shaped(ItemDefaultsShape))
    scales = Table(Listed(Shaped(OptionShape)), SLUG, SLUG_RULE)
    sections = Listed(Shaped(SectionShape), required=True)
    retired = Listed(Shaped(RetiredShape))
    grades = Table(Listed(Shaped(GradeRowShape)), "standard", "only “standard” has a grade rule.")
    measures = Listed(Shaped(MeasureShape))
    checks = Listed(Shaped(CheckShape))
    examples = Listed(Shaped(ExampleShape))


class FactOptionShape(Shape):
    """One value of a fact."""

    id = _slug(required=True)
    label = Line(required=True)


class FactShape(Shape):
    """Something that is known about an organisation."""

    type = OneOf("choice", "choices", "yes-no", "text", "number", required=True)
    label = Line(required=True)
    options = Listed(Shaped(FactOptionShape))
    help = Prose()
    yes = Line()
    no = Line()


class FactsShape(Shape):
    """The file facts.yaml."""

    facts = Table(Shaped(FactShape), r"[a-z][a-z0-9_]*", "small letters, figures and underscores.", required=True)


@cache
def questionnaire_shape() -> QuestionnaireShape:
    """Return the one shape of a whole file; making it takes longer than using it."""
    return QuestionnaireShape()


def shaped(shape: Schema, file: Loaded, log: FaultLog) -> tuple[dict[str, Any], frozenset[Path]]:
    """Return the values as they are meant, less those with a fault, and the paths of the faults, which are logged."""
    try:
        kept: dict[str, Any] = shape.load(file.values)
    except ValidationError as problem:
        found = list(_sentences(problem.messages, ()))
        for path, sentence in found:
            _say(shape, path, sentence, file, log)
        return dict(problem.valid_data or {}), frozenset(path for path, _ in found)
    return kept, frozenset()


def _sentences(messages: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(messages, Mapping):
        for step, below in messages.items():
            yield from _sentences(below, path if step == "_schema" else (*path, step))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        yield path, str(message)


def _say(shape: Schema, path: Path, sentence: str, file: Loaded, log: FaultLog) -> None:
    if sentence == UNKNOWN_KEY:
        log.add(file.place(path, of_key=True), file.where(path), _unknown_key(shape, path))
    else:
        log.add(file.place(path), file.where(path), sentence)


def _unknown_key(shape: Schema, path: Path) -> str:
    key = str(path[-1])
    known = _keys_at(shape, path[:-1])
    near = suggestion(key, known)
    return f"There is no key “{shortened(key, 40)}” here.{near or f' The keys are {listed(known)}.'}"


def _keys_at(root: Schema, path: Path) -> list[str]:
    shape: Any = root
    for step in path:
        field = _field(shape, step)
        while isinstance(field, fields.List | Table):
            field = field.inner if isinstance(field, fields.List) else field.values
        shape = field.schema if isinstance(field, fields.Nested) else shape
    return [field.data_key or name for name, field in shape.fields.items()]


def _field(shape: Any, step: str | int) -> Any:
    return next((f for name, f in shape.fields.items() if (f.data_key or name) == step), None)


def texts_in(shape: Any, keys: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every text of a file that may be translated, with its path."""
    for name, field in shape.fields.items():
        if name in keys:
            yield from _texts_of(field, keys[name], (*path, field.data_key or name))


def _texts_of(field: Any, value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(field, Translatable):
        yield path, value
    elif isinstance(field, fields.List):
        for at, entry in enumerate(value):
            yield from _texts_of(field.inner, entry, (*path, at))
    elif isinstance(field, Table):
        for key, entry in value.items():
            yield from _texts_of(field.values, entry, (*path, key))
    elif isinstance(field, fields.Nested):
        yield from texts_in(field.schema, value, path)
