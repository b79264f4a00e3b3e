"""Which column of an export answers which question, and which of its words mean which answer?"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.nearest import listed, shortened
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.exchange.headings import Column, Layout, plain

Role = Literal["answer", "choice", "row", "other", "organisation", "not taken"]
Key = tuple[str, str, int]
SEPARATOR = ";"
#: In place of an option: the answer is left out, and said to be.
LEFT_OUT = ""
#: What a column may be, by what the question shows.
_ROLES: Dictionary[str, tuple[Role, ...]] = {
    "radio": ("answer", "other"), "checkboxes": ("answer", "choice", "other"), "grid": ("row",),
    "number": ("answer",), "text": ("answer",), "textarea": ("answer",), "date": ("answer",),
}  # fmt: skip


class UnfitMapping(ValueError):
    """A mapping that does not fit its file or its survey; every fault is a sentence in ``faults``."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        more = f" There are {len(faults) - 3} more faults." if len(faults) > 3 else ""
        super().__init__(" ".join(faults[:3]) + more)


@dataclass(frozen=True, slots=True)
class Use:
    """What one column is used for.

    ``choice`` is the option that a tick in it stands for, ``row`` the row of a
    grid.  ``words`` gives options (or organisations) by words of the file.
    ``others`` takes words that are no option as those beside "Other".  ``why``
    says why a column is not taken.
    """

    heading: str
    role: Role
    under: str = ""
    occurrence: int = 1
    question: str = ""
    choice: str = ""
    row: str = ""
    words: Dictionary[str, str] = field(default_factory=dict)
    others: bool = False
    separator: str = SEPARATOR
    why: str = ""

    @property
    def key(self) -> Key:
        """Return by what the column is found."""
        return plain(self.heading), plain(self.under), self.occurrence


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a file is read into a survey; ``heading_rows`` None leaves that to be found out."""

    questionnaire: str
    uses: tuple[Use, ...]
    product: str = ""
    heading_rows: int | None = None
    month_first: bool = False

    def by_key(self) -> Dictionary[Key, Use]:
        """Return the uses by the columns they are of."""
        return {use.key: use for use in self.uses}


def roles_of(item: Item) -> tuple[Role, ...]:
    """Return what a column may be to a question; () where no file can answer it."""
    if item.is_worked_out:
        return ()
    roles = _ROLES.get(ITEM_TYPES[item.type].control, ())
    return tuple(role for role in roles if role != "other" or item.other)


def importable(questionnaire: Questionnaire) -> tuple[Item, ...]:
    """Return the questions that columns can answer, in order."""
    return tuple(i for i in questionnaire.items if roles_of(i) and i.id not in questionnaire.repeating)


def fitted(mapping: Mapping, layout: Layout, questionnaire: Questionnaire) -> tuple[tuple[Column, Use], ...]:
    """Return the columns that are taken, with their uses; raise UnfitMapping for everything that does not fit."""
    faults = [*_strange_columns(mapping, layout), *_twice(mapping)]
    uses = mapping.by_key()
    found = [(column, uses[column.key]) for column in layout.columns if column.key in uses]
    items = {item.id: item for item in importable(questionnaire)}
    faults += [fault for column, use in found for fault in _faults_of(column, use, items)]
    faults += _crowded(found, items)
    if faults:
        raise UnfitMapping(faults)
    return tuple((column, use) for column, use in found if use.role != "not taken")


def _strange_columns(mapping: Mapping, layout: Layout) -> list[str]:
    there = {column.key for column in layout.columns}
    strange = [u for u in mapping.uses if u.key not in there and u.role != "not taken"]
    return [f"The file has no column “{shortened(_named(u), 80)}”." for u in strange]


def _named(use: Use) -> str:
    number = f" (number {use.occurrence} of that name)" if use.occurrence > 1 else ""
    return f"{use.heading}{f' – {use.under}' if use.under else ''}{number}"


def _twice(mapping: Mapping) -> list[str]:
    keys = [use.key for use in mapping.uses]
    twice = {use.key: use for use in mapping.uses if keys.count(use.key) > 1}
    return [f"The mapping names the column “{shortened(_named(use), 80)}” twice." for use in twice.values()]


def _faults_of(column: Column, use: Use, items: Dictionary[str, Item]) -> list[str]:
    name = f"Column {column.letter} “{shortened(column.name, 60)}”"
    if use.role in ("not taken", "organisation"):
        return []
    if column.never:
        return [f"{name} is never taken: {column.never}."]
    item = items.get(use.question)
    if item is None:
        return [f"{name}: the survey has no question “{use.question[:60]}” that a column can answer."]
    if use.role not in roles_of(item):
        return [f"{name} cannot be used as “{use.role}” for {item.id}; it may be {listed(roles_of(item), 'or')}."]
    options = {option.id for option in item.options}
    rows = {row.id for row in item.rows}
    wrong = [f"the answer “{o[:40]}”" for o in (*use.words.values(), use.choice) if o not in options | {LEFT_OUT}]
    wrong += [f"the row “{use.row[:40]}”"] if use.role == "row" and use.row not in rows else []
    wrong += ["no answer that a tick stands for"] if use.role == "choice" and not use.choice else []
    return [f"{name}: {item.id} has {listed(wrong)}." if use.role == "choice" and not use.choice else
            f"{name}: {item.id} has no such thing as {listed(wrong)}."] if wrong else []  # fmt: skip


def _crowded(found: Sequence[tuple[Column, Use]], items: Dictionary[str, Item]) -> list[str]:
    """Complain of two columns that give the same thing."""
    taken: dict[tuple[str, ...], str] = {}
    faults = []
    for column, use in found:
        if use.role == "not taken" or (use.role != "organisation" and use.question not in items):
            continue
        what = (use.role, use.question, use.choice, use.row)
        if what in taken:
            told = "the organisation" if use.role == "organisation" else f"the same part of {use.question}"
            faults.append(f"Columns {taken[what]} and {column.letter} both give {told}. Leave one out.")
        taken[what] = column.letter
    return faults
