"""How is a question's control read from a form, and what do its boxes show?

An item type names a control; here, once, a control becomes a WTForms field.
A table says how each control's boxes are read and another how a stored value
is written into them again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, cast

from werkzeug.datastructures import MultiDict
from wtforms.fields import Field
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from audit_engine.definition.item_types import ITEM_TYPES, Unparsable, other_words
from audit_engine.definition.item_types.base import OTHER_ID, UNWRITABLE
from audit_engine.definition.item_types.counts import PARTS as COUNT_PARTS
from audit_engine.definition.item_types.counts import counts_in
from audit_engine.definition.questionnaire import Item
from audit_engine.response.answers import Answer
from audit_engine.response.unfinished import Unfinished, unfinished_in, written
from audit_engine.services.save_answers import Draft
from audit_engine.web.page_filters import day

Value = str | tuple[str, ...] | Mapping[str, str]
Posted = MultiDict[str, str]


class Boxes(MultiDict[str, str]):
    """A form's boxes; most of those that are asked for are not there, which werkzeug's own ``get`` finds dear."""

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]
        """Return the first value of a box, or the default."""
        values = dict.get(self, key)
        return values[0] if values else default


DATE_PARTS = ("day", "month", "year")
# How a day is written: one to come for what is planned, a past one for what has happened.
TO_COME, PAST = "31 3 2027", "31 3 2026"
TEXT_PARTS = ("commentary", "evidence", "reason", "action-what", "action-who", "action-how")
TEXT_LABELS: Mapping[str, str] = {
    "commentary": "Commentary",
    "evidence": "Evidence",
    "reason": "The reason",
    "action-what": "What you will do",
    "action-who": "Who will do it",
    "action-how": "How you will know",
}
# A part of the form -> the field of a draft and of an answer that it fills.
PART_NAMES: Mapping[str, str] = {
    "": "value",
    "commentary": "commentary",
    "evidence": "evidence",
    "reason": "reason",
    "action-what": "action_what",
    "action-who": "action_who",
    "action-how": "action_how_known",
    "action-by": "action_by",
}
LONGEST_TEXT = 10_000
REAL_YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a question's boxes, as text: from a stored answer, or as somebody typed it.

    ``texts`` are in the order of ``TEXT_PARTS``, ``action_by`` is day, month, year;
    ``other`` are the words beside the choice "other".
    """

    value: Value = ""
    texts: tuple[str, ...] = ("",) * len(TEXT_PARTS)
    action_by: tuple[str, ...] = ("", "", "")
    confirmed: bool = False
    confirmed_on: date | None = None
    version: int = 0
    has_text: bool = False
    other: str = ""


NOTHING_TYPED = Typed()


def date_boxes(value: object) -> tuple[str, ...]:
    """Return day, month and year as they stand in three boxes."""
    return (str(value.day), str(value.month), str(value.year)) if isinstance(value, date) else ("", "", "")


def _one(value: object, _item: Item) -> Value:
    return str(value)


def _several(value: object, _item: Item) -> Value:
    return tuple(str(v) for v in value) if isinstance(value, Iterable) else ()


def _date(value: object, _item: Item) -> Value:
    return dict(zip(DATE_PARTS, date_boxes(value), strict=True))


def _rows(value: object, _item: Item) -> Value:
    return {str(row): str(option) for row, option in value} if isinstance(value, tuple) else {}


def _pairs(value: object, _item: Item) -> Value:
    numbers = ((count.row, part, getattr(count, part)) for count in counts_in(value) for part in COUNT_PARTS)
    return {count_box(row, part): str(number) for row, part, number in numbers if number is not None}


def count_box(row: str, part: str) -> str:
    """Return the name of one box of a question that counts heads, after the question's own; row '' for none."""
    return f"row-{row}-{part}" if row else part


def _in_words(value: object, item: Item) -> Value:
    return ITEM_TYPES[item.type].text(value, item)


TYPED_FROM: Mapping[str, Callable[[object, Item], Value]] = {
    "radio": _one,
    "checkboxes": _several,
    "number": _one,
    "text": _one,
    "textarea": _one,
    "file": _in_words,
    "date": _date,
    "grid": _rows,
    "counts": _pairs,
    "none": _in_words,
}


def _first(form: Posted, name: str, _item: Item) -> Value:
    return form.get(name, "").strip()


def _all(form: Posted, name: str, _item: Item) -> Value:
    return tuple(form.getlist(name))


def _three(form: Posted, name: str, _item: Item) -> Value:
    return {part: form.get(f"{name}-{part}", "").strip() for part in DATE_PARTS}


def _by_row(form: Posted, name: str, item: Item) -> Value:
    found = {row.id: form.get(f"{name}-row-{row.id}", "") for row in item.rows}
    return {row: option for row, option in found.items() if option}


def _counted(form: Posted, name: str, item: Item) -> Value:
    boxes = [count_box(row, part) for row in _row_ids(item) for part in COUNT_PARTS]
    found = {box: form.get(f"{name}-{box}", "").strip() for box in boxes}
    return {box: text for box, text in found.items() if text}


def _never(_form: Posted, _name: str, _item: Item) -> Value:
    return ""


READ: Mapping[str, Callable[[Posted, str, Item], Value]] = {
    "radio": _first,
    "checkboxes": _all,
    "number": _first,
    "text": _first,
    "textarea": _first,
    "file": _first,
    "date": _three,
    "grid": _by_row,
    "counts": _counted,
    "none": _never,
}


def _raw_choice(said: Typed, _item: Item) -> object:
    # Nobody writes beside "other" without meaning it; a choice made elsewhere outranks words that are left over there.
    return {"option": said.value or OTHER_ID, "text": said.other} if said.other else said.value


def _raw_choices(said: Typed, _item: Item) -> object:
    ticked = list(said.value)
    return {"options": ticked, "text": said.other} if said.other else ticked


def _raw_counts(said: Typed, item: Item) -> object:
    boxes = said.value if isinstance(said.value, Mapping) else {}
    rows = {r: {part: boxes.get(count_box(r, part), "") for part in COUNT_PARTS} for r in _row_ids(item)}
    given = {row: pair for row, pair in rows.items() if any(pair.values())}
    return given if item.rows else given.get("")


def _row_ids(item: Item) -> tuple[str, ...]:
    return tuple(row.id for row in item.rows) or ("",)


def _raw_file(said: Typed, _item: Item) -> object:
    # The document stays where it is: only its name and place are noted until evidence can be sent.
    return {"reference": "noted", "name": said.value} if said.value else None


# What a type's ``parse`` takes, where that is not the boxes' own value.
RAW: Mapping[str, Callable[[Typed, Item], object]] = {
    "radio": _raw_choice,
    "checkboxes": _raw_choices,
    "counts": _raw_counts,
    "file": _raw_file,
}


def typed(item: Item, control: str, answer: Answer | None) -> Typed:
    """Return what a stored answer puts into the boxes."""
    if answer is None:
        return NOTHING_TYPED
    texts = (
        answer.commentary, answer.evidence, answer.reason,
        answer.action_what, answer.action_who, answer.action_how_known,
    )  # fmt: skip
    said = Typed(
        "" if answer.value is None else TYPED_FROM[control](answer.value, item),
        texts,
        date_boxes(answer.action_by),
        answer.confirmed_on is not None,
        answer.confirmed_on,
        answer.version,
        any(texts) or answer.action_by is not None,
        other_words(answer.value),
    )
    return _with_unfinished(said, answer.unfinished) if answer.unfinished else said


def _with_unfinished(said: Typed, unfinished: str) -> Typed:
    """Put what was typed and is no answer into its boxes again."""
    for one in unfinished_in(unfinished):
        if not one.part:
            value, other = cast(tuple[Any, str], one.typed)
            said = replace(said, value=tuple(value) if isinstance(value, list) else value, other=other)
        elif one.part == "action-by":
            said = replace(said, action_by=tuple(cast(list[str], one.typed)), has_text=True)
        else:
            boxes = zip(TEXT_PARTS, said.texts, strict=True)
            said = replace(said, texts=tuple(str(one.typed) if p == one.part else t for p, t in boxes), has_text=True)
    return said


def writable(text: str | None) -> str:
    """Return what was typed without line ends of Windows and without characters that no document can hold."""
    return UNWRITABLE.sub("", text.replace("\r\n", "\n")).strip() if text else ""


def field_name(item: str, repeat: str = "", area: str = "") -> str:
    """Return a question's name in a form: ``s11.IS.3``, ``s11.IS.3@medway``, ``sca.9~2`` or ``sca.9~2@medway``."""
    return f"{item}{f'~{repeat}' if repeat else ''}{f'@{area}' if area else ''}"


class ItemField(Field):
    """All the boxes of one question, or of one question in one area or one repeat, as one field.

    After ``process``: ``posted`` tells whether the form carried the question at
    all, ``typed`` holds its boxes as they were sent, ``data`` the draft that
    they make and ``problems`` sentences by the part that makes none ("" for the
    value itself).
    """

    def __init__(
        self, item: Item, area: str = "", repeat: str = "", earliest: date | None = None, **settings: Any
    ) -> None:
        super().__init__(item.short_id, **settings)
        self.earliest = earliest
        self.item = item
        self.area = area
        self.repeat = repeat
        self.posted = False
        self.typed = NOTHING_TYPED
        self.problems: dict[str, str] = {}
        self.data: Draft | None = None

    def process(self, formdata: Posted | None, data: object = None, extra_filters: object = None) -> None:
        """Read the boxes; a question that the form does not carry is left alone."""
        self.posted = formdata is not None and f"{self.name}-version" in formdata
        if not self.posted or formdata is None:
            return
        self.typed = self._read(formdata)
        for part, text in zip(TEXT_PARTS, self.typed.texts, strict=True):
            if text:
                self._parsed(part, partial(_short_enough, self.item, TEXT_LABELS[part], text))
        action_by = any(self.typed.action_by) and self._parsed(
            "action-by",
            partial(_day_to_come, f"The action date for {self.item.short_id}", self.typed.action_by, self.earliest),
        )
        self.data = self._draft(self._parsed("", self._value), action_by if isinstance(action_by, date) else None)

    def validate(self, form: BaseForm, extra_validators: object = ()) -> bool:
        """Tell whether everything that was typed can be kept."""
        return not self.problems

    def draft_over(self, stored: Callable[[str, str], Answer]) -> Draft | None:
        """Return the draft, in which a part that makes no sense keeps what is stored, beside what was typed."""
        if self.data is None or not self.problems:
            return self.data
        before = stored(self.item.id, self.area)
        kept = {PART_NAMES[part]: getattr(before, PART_NAMES[part]) for part in self.problems}
        wrong = (Unfinished(part, self._as_typed(part), sentence) for part, sentence in self.problems.items())
        return replace(self.data, **kept, unfinished=written(wrong))

    def _as_typed(self, part: str) -> object:
        if not part:
            return self.typed.value, self.typed.other
        return self.typed.action_by if part == "action-by" else self.typed.texts[TEXT_PARTS.index(part)]

    def _read(self, formdata: Posted) -> Typed:
        control = ITEM_TYPES[self.item.type].control
        texts = tuple(writable(formdata.get(f"{self.name}-{part}")) for part in TEXT_PARTS)
        action_by = tuple(formdata.get(f"{self.name}-action-by-{part}", "").strip() for part in DATE_PARTS)
        version = formdata.get(f"{self.name}-version", "0")
        return Typed(
            READ[control](formdata, self.name, self.item),
            texts,
            action_by,
            f"{self.name}-confirmed" in formdata,
            None,
            int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
            any(texts) or any(action_by),
            writable(formdata.get(f"{self.name}-other")) if self.item.other else "",
        )

    def _parsed(self, part: str, read: Callable[[], object]) -> object:
        try:
            return read()
        except Unparsable as fault:
            self.problems[part] = fault.sentence
            return None

    @property
    def raw(self) -> object:
        """Return what the type's ``parse`` takes."""
        return RAW.get(ITEM_TYPES[self.item.type].control, _as_it_is)(self.typed, self.item)

    def _value(self) -> object:
        item_type = ITEM_TYPES[self.item.type]
        value = item_type.parse(self.raw, self.item)
        faults = item_type.problems(value, self.item) if value is not None else ()
        if faults:
            raise Unparsable(faults[0])
        return value

    def _draft(self, value: object, action_by: date | None) -> Draft:
        commentary, evidence, reason, what, who, how = self.typed.texts
        return Draft(
            self.item.id, self.typed.version, value, self.area, self.repeat,
            commentary, evidence, reason, self.typed.confirmed, what, who, action_by, how,
        )  # fmt: skip


class AnswersForm(BaseForm):
    """The questions of one page; fields are named as in the HTML (``field_name``)."""

    def drafts(self, stored: Callable[[str, str], Answer]) -> tuple[Draft, ...]:
        """Return what was posted, in the page's order; ``stored`` gives the answer to an item in an area."""
        found = (f.draft_over(stored) for f in self._item_fields())
        return tuple(draft for draft in found if draft is not None)

    def typed(self) -> Mapping[str, Typed]:
        """Return the boxes as they were sent, by field name, to show them again."""
        return {f.name: f.typed for f in self._item_fields() if f.posted}

    def raw(self) -> Mapping[str, object]:
        """Return what was posted by item, for a service that parses it itself."""
        return {f.item.id: f.raw for f in self._item_fields() if f.posted}

    def problems(self) -> Mapping[str, str]:
        """Return every sentence by field name, in the page's order."""
        return {
            f"{f.name}-{part}" if part else f.name: sentence
            for f in self._item_fields()
            for part, sentence in f.problems.items()
        }

    def faulty(self) -> frozenset[str]:
        """Return the names of the fields in which something cannot be kept."""
        return frozenset(f.name for f in self._item_fields() if f.problems)

    def _item_fields(self) -> Iterable[ItemField]:
        return (f for f in self if isinstance(f, ItemField))


def form_of(
    items: Iterable[Item], areas: Iterable[str], formdata: Posted, repeat: str = "", earliest: date | None = None
) -> AnswersForm:
    """Read the questions of a page, and of each area for which "different in ...?" is offered, from a form.

    ``repeat`` says which answering of a section that repeats it is, '' elsewhere.
    What follows from other answers has no boxes and is left out.  No action may
    be due before ``earliest``.
    """
    asked, offered = [i for i in items if not i.is_worked_out], ("", *areas)
    fields = {
        field_name(i.id, repeat, a): UnboundField(ItemField, i, a, repeat, earliest) for i in asked for a in offered
    }
    form = AnswersForm(fields)
    form.process(Boxes(formdata))
    return form


def _as_it_is(said: Typed, _item: Item) -> object:
    return said.value


def real_date(named: str, parts: tuple[str, ...], example: str = TO_COME) -> date:
    """Return the day in three boxes; raise ``Unparsable`` for what is no day, as nothing is."""
    try:
        day, month, year = (int(p) for p in parts)
        found = date(year, month, day)
    except (ValueError, OverflowError):
        found = None
    if found is None or found.year not in REAL_YEARS:
        raise Unparsable(f"{named} must be a real date, for example {example}.")
    return found


def _day_to_come(named: str, parts: tuple[str, ...], earliest: date | None) -> date:
    found = real_date(named, parts)
    if earliest is not None and found < earliest:
        raise Unparsable(f"{named} must not be before {day(earliest)}, when this audit opened.")
    return found


def _short_enough(item: Item, label: str, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise Unparsable(
            f"{label} for {item.short_id} must be {LONGEST_TEXT:,} characters or fewer; it is {len(text):,}."
        )
