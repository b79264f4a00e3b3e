"""How is a question's HTML made once, so that a request only joins pieces?

Rendering 40 questions through macros costs milliseconds; joining literals
costs microseconds (dependencies.md section 1).  Everything that comes from an
answer is escaped here, on its way into a slot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from markupsafe import Markup, escape

from audit_engine.definition.duties import duty_on
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.nearest import shortened
from audit_engine.definition.questionnaire import Item, ResponseRule
from audit_engine.response.answers import Answer
from audit_engine.response.completeness import may_confirm
from audit_engine.response.earlier import Earlier
from audit_engine.web.controls import TEXT_PARTS, Typed, Value, field_name, typed
from audit_engine.web.page_filters import day, descriptor_id, html_id
from audit_engine.web.pieces import PIPE, Pieces, rendered, trusted

GROUPED = frozenset({"radio", "checkboxes", "date", "grid", "counts"})
CHOSEN = frozenset({"radio", "checkboxes", "grid"})
PER_REQUEST = (
    "version", "last-time", "areas", "commentary", "evidence", "reason", "action-", "confirmed-on", "value", "other",
    PIPE,
)  # fmt: skip
CHANGES: Mapping[str, str] = {
    "reworded": "The words of this question changed; its meaning did not.",
    "widened": "This question asks for more than it did last time.",
    "narrowed": "This question asks for less than it did last time.",
    "merged": "This question brings together what was asked separately last time.",
    "split": "This question was part of a wider one last time.",
}


@dataclass(frozen=True, slots=True)
class PageContext:
    """What all questions of a return share.

    ``areas`` are names by id, ``last_time`` what last time is called ("2024
    audit"), ``questions`` the texts of items by id, for "Answer this only if ...".
    ``duties_on`` is the day for which each question says whether it is a legal duty
    or good practice; None where that is not said.  ``language`` is that of
    translated texts, '' for English.  ``is_survey``: a person answers who has never
    seen an audit, so guidance stands open beneath its question, and questions that
    other answers rule out are not there at all.
    """

    areas: Mapping[str, str] = field(default_factory=dict)
    last_time: str = ""
    questions: Mapping[str, str] = field(default_factory=dict)
    duties_on: date | None = None
    language: str = ""
    is_survey: bool = False


@dataclass(frozen=True, slots=True)
class Flags:
    """What a request knows about one question besides its answer.

    ``areas`` are the ids for which "different in ...?" is offered.  ``not_asked``
    says why the profile rules the question out; '' means that it is asked.
    ``new`` marks a question that nothing of last time compares with.  ``piped``
    holds what goes in for ``answer:ID`` and ``area.NAME``; "..." where it is missing.
    ``note`` is a sentence beside the boxes that is no error.
    """

    areas: tuple[str, ...] = ()
    not_asked: str = ""
    new: bool = False
    piped: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Hints composed from an item's rules; '' leaves the box out."""

    only_if: str = ""
    commentary: str = ""
    evidence: str = ""
    action: bool = False
    action_prompt: str = ""
    confirm: bool = False
    duty: str = ""


ASKED = Flags()
MOST_KEPT = 40  # of one question's looks
AWAITED = "Not yet known: it follows once you have answered what it rests on."


class PreparedItem:
    """One question as literal HTML with slots, for everybody who is asked it.

    What only says something, or follows from other answers, has no boxes: it is
    told, and the answer that ``html`` is given holds the value that follows.
    """

    def __init__(self, item: Item, context: PageContext, repeat: str = "") -> None:
        self.item = item
        self.context = context
        self.repeat = repeat
        self.control = ITEM_TYPES[item.type].control
        self.name = field_name(item.id, repeat)
        self.id = html_id(self.name)
        # What stands open beneath a question describes its box; a group's own element is told of it in the template.
        open_hint = context.is_survey and item.guidance and self.control not in GROUPED
        self._hint = f"{self.id}-hint" if open_hint else ""
        self.is_told = self.control == "none" or item.is_worked_out
        self._question = Pieces.cut(
            rendered(
                "items/told.html" if self.is_told else "items/question.html", item=item, name=self.name, id=self.id,
                control=self.control, grouped=self.control in GROUPED, waits=self.control == "radio",
                words=words_of(item, context), language=context.language, is_survey=context.is_survey,
            )
        )  # fmt: skip
        self._pipes = tuple(s for s in self._question.slots if s.startswith(PIPE))
        self._variants: dict[tuple[str, frozenset[str], bool], Pieces] = {}
        self._bare: dict[tuple[object, int], Markup] = {}
        self._marks: dict[str | None, frozenset[str]] = {}
        self._areas: dict[str, PreparedArea] = {}

    @cached_property
    def _greyed(self) -> Pieces:
        return Pieces.cut(rendered("items/greyed.html", item=self.item, id=self.id, language=self.context.language))

    def html(
        self,
        answer: Answer | Typed | None,
        earlier: Earlier | None = None,
        problems: Mapping[str, str] | None = None,
        area_answers: Mapping[str, Answer | Typed] | None = None,
        flags: Flags = ASKED,
    ) -> Markup:
        """Return the question with its answer.

        ``problems`` maps field names (``s11.IS.3-commentary``) to sentences, for the
        whole page; ``area_answers`` maps areas' ids to their own answers.
        """
        if flags is ASKED and earlier is None and not problems and isinstance(answer, Answer) and is_bare(answer):
            return self._of_choice(answer)
        return self._html(answer, earlier, problems, area_answers, flags)

    def _of_choice(self, answer: Answer) -> Markup:
        """Return the question with nothing but a choice, or nothing: most of them look the same for many people."""
        key = (answer.value, answer.version)
        found = self._bare.get(key)
        if found is None:
            found = self._html(answer, None, None, None, ASKED)
            if len(self._bare) < MOST_KEPT and not self.is_told:
                self._bare[key] = found
        return found

    def _html(
        self,
        answer: Answer | Typed | None,
        earlier: Earlier | None,
        problems: Mapping[str, str] | None,
        area_answers: Mapping[str, Answer | Typed] | None,
        flags: Flags,
    ) -> Markup:
        if flags.not_asked:
            return trusted(self._greyed.filled({"why": str(escape(flags.not_asked))}))
        if self.is_told:
            return trusted(self._told(answer, earlier, flags))
        said = answer if isinstance(answer, Typed) else typed(self.item, self.control, answer)
        values = text_values(said)
        if self.control not in CHOSEN:
            values |= value_texts(said.value)
        if earlier is not None and earlier.answers:
            values["last-time"] = last_time(earlier, self.context.last_time)
        if flags.areas:
            values["areas"] = "".join(self._area_html(a, area_answers or {}, problems) for a in flags.areas)
        if flags.note:
            values["note"] = f'<p class="item__note">{escape(flags.note)}</p>'
        if said.other:
            values["other"] = str(escape(said.other))
        faults = problem_values(self.name, problems) if problems else {}
        if self._hint:
            said_by = f"{self._hint}{faults.get('more:value', '')}"
            faults |= {"described:value": f' aria-describedby="{said_by}"'} if faults else {}
            values["described:value"] = f' aria-describedby="{self._hint}"'
        if faults or said.has_text:
            values["open"] = " answer--open"
        if flags.new:
            values["new"] = ' <strong class="govuk-tag govuk-tag--turquoise item__tag">New this time</strong>'
        for pipe in self._pipes:
            values[pipe] = str(escape(flags.piped.get(pipe.removeprefix(PIPE)) or "..."))
        if faults or self.control != "radio":
            return trusted(self._question.filled(self._state(said, earlier) | values | faults))
        return trusted(self._variant(said, earlier).filled(values))

    def _told(self, answer: Answer | Typed | None, earlier: Earlier | None, flags: Flags) -> str:
        value = answer.value if answer is not None and self.item.is_worked_out else None
        text = "" if value in (None, "") else ITEM_TYPES[self.item.type].text(value, self.item)
        values = {"value": str(escape(text))} if text else {"awaited": " told__value--awaited", "value": AWAITED}
        if earlier is not None and earlier.answers:
            values["last-time"] = last_time(earlier, self.context.last_time)
        return self._question.filled(values | self._piped(flags))

    def _piped(self, flags: Flags) -> dict[str, str]:
        return {pipe: str(escape(flags.piped.get(pipe.removeprefix(PIPE)) or "...")) for pipe in self._pipes}

    def _variant(self, said: Typed, earlier: Earlier | None) -> Pieces:
        """Return pieces with the choice settled, made once for each choice that occurs."""
        marks = self._confirmable(earlier)
        choice = said.value if isinstance(said.value, str) and self.item.option(said.value) else ""
        key = (choice, marks, said.confirmed)
        found = self._variants.get(key)
        if found is None:
            found = self._question.settled(self._state(said, earlier), still_filled)
            self._variants[key] = found
        return found

    def _state(self, said: Typed, earlier: Earlier | None) -> dict[str, str]:
        """Return what the choice fills: checked boxes, and marks on which the style sheet reveals what follows."""
        values = {f"checked:{choice}": " checked" for choice in chosen(said.value)} if self.control in CHOSEN else {}
        same_as_before = self._confirmable(earlier)
        for option in self.item.options:
            values[f"marks:{option.id}"] = marks_of(self.item, option.id, option.id in same_as_before)
        if said.confirmed:
            values["confirmed"] = " checked"
        return values

    def _confirmable(self, earlier: Earlier | None) -> frozenset[str]:
        """Return the options for which "still true" may stand in place of commentary."""
        if earlier is None:
            return frozenset()
        before = earlier.counts_as
        if before not in self._marks:
            self._marks[before] = frozenset(
                o.id for o in self.item.options
                if o.counts_as == before and may_confirm(self.item, Answer(self.item.id, value=o.id), earlier)
            )  # fmt: skip
        return self._marks[before]

    def _area_html(self, area: str, answers: Mapping[str, Answer | Typed], problems: Mapping[str, str] | None) -> str:
        if area not in self._areas:
            self._areas[area] = PreparedArea(self.item, area, self.context.areas.get(area, area), self.repeat)
        return self._areas[area].html(answers.get(area), problems)


def is_bare(answer: Answer) -> bool:
    """Tell whether an answer is one choice, or nothing, without a word beside it."""
    return type(answer.value) in (str, type(None)) and not (
        answer.commentary or answer.evidence or answer.reason or answer.confirmed_on
        or answer.action_what or answer.action_who or answer.action_by or answer.action_how_known
    )  # fmt: skip


class PreparedArea:
    """One question's own rating and commentary for one area."""

    def __init__(self, item: Item, area: str, area_name: str, repeat: str = "") -> None:
        self.item = item
        self.name = field_name(item.id, repeat, area)
        self.control = ITEM_TYPES[item.type].control
        self._block = Pieces.cut(
            rendered("items/area.html", item=item, name=self.name, id=html_id(self.name), area=area_name)
        )
        marks = {f"marks:{o.id}": marks_of(item, o.id, False) for o in item.options}
        self._block = self._block.settled(marks, lambda slot: not slot.startswith("marks:"))

    def html(self, answer: Answer | Typed | None, problems: Mapping[str, str] | None) -> str:
        """Return the area's block, open where there is something in it."""
        said = answer if isinstance(answer, Typed) else typed(self.item, self.control, answer)
        values = text_values(said)
        values[f"checked:{said.value or ''}"] = " checked"
        faults = problem_values(self.name, problems) if problems else {}
        if said.value or said.has_text or faults:
            values["shown"] = " open"
        return self._block.filled(values | faults)


def prepare(item: Item, context: PageContext, repeat: str = "") -> PreparedItem:
    """Render a question once; keep the result as long as the definition and the context stay the same.

    ``repeat`` says which answering of a section that repeats it is; each has its
    own field names and ids, so each is prepared by itself.
    """
    return PreparedItem(item, context, repeat)


def descriptors(items: Iterable[Item]) -> Markup:
    """Return what the choices of a page mean, once: their boxes point to it with ``aria-describedby``.

    Each choice also shows its meaning; an id of its own for every one of them
    would be a third of the page's weight.
    """
    meanings = {descriptor_id(o, i): o.descriptor for i in items for o in i.options if o.descriptor}
    return trusted(_descriptors(tuple(meanings.items())))


@lru_cache(maxsize=256)
def _descriptors(meanings: tuple[tuple[str, str], ...]) -> str:
    return rendered("items/descriptors.html", meanings=meanings)


def chosen(value: Value) -> tuple[str, ...]:
    """Return the slots' names of what is ticked: option ids, or row/option in a grid."""
    if isinstance(value, Mapping):
        return tuple(f"{row}/{option}" for row, option in value.items())
    return (value,) if isinstance(value, str) else tuple(value)


def value_texts(value: Value) -> dict[str, str]:
    """Return what a typed value fills: one box, or the three of a date."""
    if isinstance(value, Mapping):
        return {f"value-{part}": str(escape(text)) for part, text in value.items() if text}
    return {"value": str(escape(value))} if isinstance(value, str) and value else {}


def text_values(said: Typed) -> dict[str, str]:
    """Return the escaped texts of an answer, without the empty ones."""
    values = {"version": str(said.version)}
    if said.has_text:
        values |= {slot: str(escape(text)) for slot, text in zip(TEXT_PARTS, said.texts, strict=True) if text}
        parts = zip(("day", "month", "year"), said.action_by, strict=True)
        values |= {f"action-by-{part}": str(escape(text)) for part, text in parts if text}
    if said.confirmed_on is not None:
        values["confirmed-on"] = f'<p class="govuk-hint confirmed-on">Confirmed on {day(said.confirmed_on)}</p>'
    return values


def problem_values(name: str, problems: Mapping[str, str]) -> dict[str, str]:
    """Return what an error fills around each of a question's fields, GOV.UK's way."""
    values: dict[str, str] = {}
    for part in ("value", *TEXT_PARTS, "action-by"):
        sentence = problems.get(name if part == "value" else f"{name}-{part}")
        if sentence is None:
            continue
        error_id = f"{html_id(name)}{'' if part == 'value' else '-' + part}-error"
        values[f"group:{part}"] = " govuk-form-group--error"
        values[f"message:{part}"] = (
            f'<p id="{error_id}" class="govuk-error-message">'
            f'<span class="govuk-visually-hidden">Error:</span> {escape(sentence)}</p>'
        )
        values[f"box:{part}"] = " govuk-input--error govuk-textarea--error"
        values[f"described:{part}"] = f' aria-describedby="{error_id}"'
        values[f"more:{part}"] = f" {error_id}"
    return values


def marks_of(item: Item, option_id: str, same_as_before: bool) -> str:
    """Return the attributes on which the style sheet reveals a reason, an action or "still true"."""
    option = item.option(option_id)
    found = " data-reason" if option is not None and option.needs == "reason" else ""
    if option_id in item.action.required_when or "always" in item.action.required_when:
        found += " data-action"
    return found + (" data-last" if same_as_before else "")


def words_of(item: Item, context: PageContext) -> Words:
    """Compose the hints of a question from its rules."""
    commentary = asked_for(item.commentary)
    return Words(
        only_if="" if context.is_survey else shown_when(item, context.questions),
        commentary=hint(item, item.commentary, "Say what is in place and how you know.") if commentary else "",
        evidence=hint(item, item.evidence, "Say what you hold and where.") if asked_for(item.evidence) else "",
        action=asked_for(item.action),
        action_prompt=item.action.prompt,
        confirm=commentary and bool(item.commentary.required_when) and item.is_criterion,
        duty=duty_words(item, context.duties_on) if context.duties_on else "",
    )


def duty_words(item: Item, on: date) -> str:
    """Say whether a question asks for a legal duty on that day, or good practice; '' for what is only to be read."""
    if ITEM_TYPES[item.type].control == "none":
        return ""
    if item.duty_from is None:
        return "Good practice"
    return f"Legal duty {'since' if duty_on(item, on) else 'from'} {day(item.duty_from.date)}"


def asked_for(rule: ResponseRule) -> bool:
    """Tell whether a box is offered at all."""
    return bool(rule.required_when or rule.suggested_words or rule.prompt)


def shown_when(item: Item, questions: Mapping[str, str]) -> str:
    """Say on which other answers the question depends."""
    if item.enable_when is None:
        return ""

    def spoken(name: str) -> str:
        return f"“{shortened(questions[name])}”" if name in questions else name.removeprefix("organisation.")

    return f"Answer this only if {item.enable_when.in_words(spoken)}."


def hint(item: Item, rule: ResponseRule, default: str) -> str:
    """Return the prompt of a box, when it is needed, and how long it should be."""
    sentences = [rule.prompt or default, needed(item, rule)]
    if rule.suggested_words:
        sentences.append(f"About {rule.suggested_words} words is enough.")
    return " ".join(s for s in sentences if s)


def needed(item: Item, rule: ResponseRule) -> str:
    """Say when a box must be filled in."""
    tokens = rule.required_when
    if "always" in tokens:
        return "Always needed."
    if "critical" in tokens and item.critical:
        return "Needed, because this criterion is critical."
    cases = [o.label for o in item.options if o.id in tokens]
    changes = {"changed": "a rating that has changed", "new": "a rating given for the first time"}
    cases += [words for token, words in changes.items() if token in tokens]
    return f"Needed for {in_a_row(cases)}." if cases else ""


def in_a_row(words: list[str]) -> str:
    """Join words as people do: ``a, b or c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def still_filled(slot: str) -> bool:
    """Tell whether a slot is filled at each request rather than once for a choice."""
    return slot.startswith(PER_REQUEST) or slot in ("open", "new", "note", "state")


@lru_cache(maxsize=2048)
def last_time(earlier: Earlier, title: str) -> str:
    """Return the panel of what was said last time; it does not change while a cycle runs."""
    return rendered(
        "items/last_time.html", answers=earlier.answers, title=title, change=CHANGES.get(earlier.relation, "")
    )
