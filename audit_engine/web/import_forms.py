"""How do the columns of a file become a form, and a filled form a mapping?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.nearest import shortened
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.exchange.headings import Column
from audit_engine.exchange.mapping import Mapping as ImportMapping
from audit_engine.exchange.mapping import Role, Use, importable, roles_of
from audit_engine.exchange.replies import NO_SUCH_ANSWER
from audit_engine.services.import_plan import Plan
from audit_engine.services.import_preview import NO_ORGANISATION
from audit_engine.web.views.shared import Problem

NOT_TAKEN, ORGANISATION = "-", "@organisation"
WHOLE, BESIDE_OTHER = "", "@other"
CHOSEN_AWAY = "it was left out by choice"
LONGEST_WORDS = 119  # what is longer was shortened in the preview, so it is no key any more
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column in the form: what it may be, what is chosen, and what part of the question it gives."""

    column: Column
    never: str
    hint: str
    question: str
    parts: Choices
    part: str

    @property
    def field(self) -> str:
        """Return the name of its field."""
        return f"c{self.column.position}"


@dataclass(frozen=True, slots=True)
class WordsRow:
    """Words that no answer matches, and the answers they might mean."""

    field: str
    letter: str
    name: str
    words: str
    count: int
    row: int
    choices: Choices


def question_choices(questionnaire: Questionnaire) -> Choices:
    """Return what a column may answer."""
    asked = tuple((i.id, shortened(f"{i.short_id} {i.text}", 90)) for i in importable(questionnaire))
    return ((NOT_TAKEN, "Leave it out"), (ORGANISATION, "It names the organisation"), *asked)


def by_name(names: Mapping[str, str]) -> Choices:
    """Return organisations as (id, name), by name."""
    return tuple(sorted(names.items(), key=lambda pair: pair[1]))


def has_days(questionnaire: Questionnaire) -> bool:
    """Tell whether anything asks for a day."""
    return any(ITEM_TYPES[i.type].control == "date" for i in importable(questionnaire))


def chosen_in(plan: Plan, organisation: str) -> dict[str, str]:
    """Return the form as it is filled in at first."""
    uses = plan.mapping.by_key()
    chosen = {"organisation": organisation, "dates": "month" if plan.mapping.month_first else "day"}
    for column in plan.layout.columns:
        use = uses.get(column.key)
        if use is not None:
            chosen[f"c{column.position}"] = _question_of(use)
            chosen[f"p{column.position}"] = use.choice or use.row or (BESIDE_OTHER if use.role == "other" else WHOLE)
    return chosen


def _question_of(use: Use) -> str:
    return {"not taken": NOT_TAKEN, "organisation": ORGANISATION}.get(use.role, use.question)


def rows(plan: Plan, chosen: Mapping[str, str]) -> tuple[ColumnRow, ...]:
    """Return the columns in order."""
    return tuple(_row(plan, column, chosen) for column in plan.layout.columns)


def _row(plan: Plan, column: Column, chosen: Mapping[str, str]) -> ColumnRow:
    question = chosen.get(f"c{column.position}", NOT_TAKEN)
    item = plan.questionnaire.items_by_id.get(question)
    perhaps = plan.questionnaire.items_by_id.get(plan.perhaps.get(column.key, ""))
    hint = f"Perhaps “{shortened(perhaps.text, 90)}”?" if perhaps and question == NOT_TAKEN else ""
    parts = _parts(item) if item else ()
    return ColumnRow(column, column.never, hint, question, parts, chosen.get(f"p{column.position}", WHOLE))


def _parts(item: Item) -> Choices:
    """Return what a column may give to a question besides the whole answer; nothing where there is only that."""
    roles = roles_of(item)
    whole = ((WHOLE, "The whole answer"),) if "answer" in roles else ((WHOLE, "Choose the row"),)
    ticks = tuple((o.id, f"A tick for “{shortened(o.label, 70)}”") for o in item.options) if "choice" in roles else ()
    lines = tuple((r.id, f"The row “{shortened(r.label, 70)}”") for r in item.rows) if "row" in roles else ()
    other = ((BESIDE_OTHER, "The words beside “Other”"),) if "other" in roles else ()
    return (*whole, *ticks, *lines, *other) if ticks or lines or other else ()


def mapping_from(plan: Plan, form: Mapping[str, str]) -> tuple[ImportMapping, list[Problem]]:
    """Return the mapping that a form means, and what is missing in it."""
    before = plan.mapping.by_key()
    uses: list[Use] = []
    problems: list[Problem] = []
    for column in plan.layout.columns:
        use = _use(plan, column, form, before.get(column.key))
        if use.role == "row" and not use.row:
            problems.append(Problem(f"Say which row column {column.letter} answers", f"#p{column.position}"))
        uses.append(use)
    if form.get("organisation") and any(u.role == "organisation" for u in uses):
        problems.append(
            Problem(
                "A column names the organisation, so choose none for the whole file, or the reverse", "#organisation"
            )
        )
    month_first = form.get("dates") == "month"
    return replace(plan.mapping, uses=tuple(uses), month_first=month_first), problems


def _use(plan: Plan, column: Column, form: Mapping[str, str], before: Use | None) -> Use:
    question, part = form.get(f"c{column.position}", NOT_TAKEN), form.get(f"p{column.position}", WHOLE)
    blank = Use(column.heading, "not taken", column.under, column.occurrence)
    item = plan.questionnaire.items_by_id.get(question)
    if question == ORGANISATION and not column.never:
        words = before.words if before and before.role == "organisation" else {}
        return replace(blank, role="organisation", words=words)
    if item is None or column.never:
        was_left = before is not None and before.role == "not taken"
        return replace(blank, why=column.never or (before.why if before and was_left else "") or CHOSEN_AWAY)
    role = _role(item, part)
    found = replace(
        blank, role=role, question=item.id, choice=part if role == "choice" else "", row=part if role == "row" else ""
    )
    if before is not None and (before.question, before.role) == (found.question, found.role):
        return replace(found, words=before.words, others=before.others, separator=before.separator)
    return found


def _role(item: Item, part: str) -> Role:
    roles = roles_of(item)
    if part == BESIDE_OTHER and "other" in roles:
        return "other"
    if "row" in roles:
        return "row"
    return "choice" if part and "choice" in roles and item.option(part) else "answer"


def words_to_settle(plan: Plan, preview: Mapping[str, Any]) -> tuple[WordsRow, ...]:
    """Return the words of a preview for which an answer or an organisation can be chosen."""
    return tuple(_words_rows(plan, preview))


def _words_rows(plan: Plan, preview: Mapping[str, Any]) -> Iterator[WordsRow]:
    uses = {column.letter: use for column, use in plan.columns}
    for number, odd in enumerate(preview["odd"]):
        use = uses.get(odd["letter"])
        if use is None or len(odd["words"]) > LONGEST_WORDS:
            continue
        if odd["why"] == NO_ORGANISATION:
            choices = by_name(plan.names)
        elif odd["why"] == NO_SUCH_ANSWER:
            choices = tuple((o.id, o.label) for o in plan.questionnaire.items_by_id[use.question].options)
        else:
            continue
        yield WordsRow(f"w{number}", odd["letter"], odd["name"], odd["words"], odd["count"], odd["row"], choices)


def with_words(plan: Plan, preview: Mapping[str, Any], form: Mapping[str, str]) -> ImportMapping:
    """Return the mapping with the meanings that a form gives to words."""
    letters = {column.letter: column.key for column in plan.layout.columns}
    meant: dict[tuple[str, str, int], dict[str, str]] = {}
    for row in words_to_settle(plan, preview):
        if form.get(row.field) in dict(row.choices):
            meant.setdefault(letters[row.letter], {})[row.words] = form[row.field]
    uses = tuple(
        replace(use, words={**use.words, **meant[use.key]}) if use.key in meant else use for use in plan.mapping.uses
    )
    return replace(plan.mapping, uses=uses)
