"""Which columns plainly belong to which questions, by their words alone?

Only words that are the same are matched, case, punctuation and numbering
apart, with those of the survey or of earlier versions from which a question
comes unchanged or reworded.  What is merely alike is named, never used.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.item_types.base import OTHER_ID
from audit_engine.definition.nearest import shortened
from audit_engine.definition.questionnaire import Item, Option, Questionnaire
from audit_engine.exchange.headings import Column, Layout, plain, without_number
from audit_engine.exchange.mapping import Key, Use, importable
from audit_engine.exchange.mapping import Mapping as ImportMapping

#: For each item those of earlier versions that it continues in the same or other words.
Ancestors = Mapping[str, tuple[Item, ...]]
ALIKE = 0.75
NO_QUESTION = "no question of the survey has these words"
MAY_BE_ORGANISATION = "it may name the organisation of each reply; nobody has said so"
_ORGANISATION_WORDS = frozenset({
    "organisation", "organisation name", "name of organisation", "name of your organisation", "your organisation",
    "which organisation do you work for", "agency", "agency name", "name of agency", "your agency", "employer",
    "school", "school name", "name of school", "setting", "setting name", "name of setting",
})  # fmt: skip
SEVERAL = "more than one column has these words; say which is meant"
OTHER_WORDS = frozenset({
    "other", "other please specify", "other please say", "other please state", "please specify", "please say",
    "if other please specify", "other write in", "if you selected other please specify",
})  # fmt: skip
_FORMS = "Microsoft Forms"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mapping made of what matches; ``perhaps`` names, by column, the question whose words are merely alike."""

    mapping: ImportMapping
    perhaps: Mapping[Key, str]


def suggested(layout: Layout, questionnaire: Questionnaire, ancestors: Ancestors) -> Suggestion:
    """Return how the columns are read where their words are the survey's."""
    wordings = _Wordings(questionnaire, ancestors)
    uses = [_use(column, layout.product, wordings) for column in layout.columns]
    given: Counter[tuple[str, ...]] = Counter(
        (u.role, u.question, u.choice, u.row) for u in uses if u.role != "not taken"
    )
    uses = [
        Use(u.heading, "not taken", u.under, u.occurrence, why=SEVERAL)
        if given[u.role, u.question, u.choice, u.row] > 1
        else u
        for u in uses
    ]
    perhaps = {u.key: wordings.alike(u.heading) for u in uses if u.why == NO_QUESTION}
    mapping = ImportMapping(questionnaire.name, tuple(uses), layout.product, layout.heading_rows)
    return Suggestion(mapping, {key: item for key, item in perhaps.items() if item})


def _use(column: Column, product: str, wordings: _Wordings) -> Use:
    blank = Use(column.heading, "not taken", column.under, column.occurrence)
    if column.never:
        return replace(blank, why=column.never)
    found = wordings.found(column)
    if found is None:
        names = without_number(column.heading) in _ORGANISATION_WORDS
        return replace(blank, why=MAY_BE_ORGANISATION if names else NO_QUESTION)
    # Microsoft Forms writes the words beside "Other" in place of it.
    others = product == _FORMS and found.role == "answer" and wordings.items[found.question].other
    return replace(found, heading=column.heading, under=column.under, occurrence=column.occurrence, others=others)


class _Wordings:
    """The questions of a survey by all the words in which they were ever asked."""

    def __init__(self, questionnaire: Questionnaire, ancestors: Ancestors) -> None:
        self.items = {item.id: item for item in importable(questionnaire)}
        self.ancestors = ancestors
        by_words: defaultdict[str, set[str]] = defaultdict(set)
        by_row: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for item in self.items.values():
            for words in (item.id, *(one.text for one in self.versions(item))):
                by_words[plain(words)].add(item.id)
            for row, label in self.rows(item):
                by_row[plain(label)].add((item.id, row))
        # Words that two questions share belong to neither.
        self.by_words = {words: ids.pop() for words, ids in by_words.items() if len(ids) == 1 and words}
        self.by_row = {words: rows.pop() for words, rows in by_row.items() if len(rows) == 1 and words}

    def versions(self, item: Item) -> tuple[Item, ...]:
        """Return the item and those that it continues."""
        return item, *self.ancestors.get(item.id, ())

    def rows(self, item: Item) -> Iterator[tuple[str, str]]:
        """Yield the rows of a grid as (id, label), labels of earlier versions too."""
        known = {row.id for row in item.rows}
        return ((row.id, row.label) for one in self.versions(item) for row in one.rows if row.id in known)

    def found(self, column: Column) -> Use | None:
        """Return what a column is, or None."""
        for words in dict.fromkeys((plain(column.heading), without_number(column.heading))):
            if words in self.by_words:
                return self._of_item(self.items[self.by_words[words]], column.under)
            if found := self._in_one_heading(words) if not column.under else None:
                return found
            if words in self.by_row and not column.under:
                item, row = self.by_row[words]
                return Use("", "row", question=item, row=row)
        return None

    def _in_one_heading(self, words: str) -> Use | None:
        """Return what a heading is that holds the question and then the choice or the row."""
        for known, item_id in self.by_words.items():
            if words.startswith(known + " "):
                found = self._of_item(self.items[item_id], words.removeprefix(known))
                if found is not None:
                    return found
        return None

    def _of_item(self, item: Item, under: str) -> Use | None:
        control = ITEM_TYPES[item.type].control
        if not under.strip():
            return None if control == "grid" else Use("", "answer", question=item.id)
        words = {plain(under), without_number(under)}
        if control == "grid":
            row = next((row for row, label in self.rows(item) if plain(label) in words), None)
            return Use("", "row", question=item.id, row=row) if row else None
        if item.other and words & OTHER_WORDS:
            return Use("", "other", question=item.id)
        choice = next((o for o, label in self.options(item) if plain(label) in words), None)
        if choice == OTHER_ID and item.other:
            return Use("", "other", question=item.id)
        return Use("", "choice", question=item.id, choice=choice) if choice and control == "checkboxes" else None

    def options(self, item: Item) -> Iterator[tuple[str, str]]:
        """Yield the options as (id, label), labels of earlier versions too."""
        yield from options_of(item, self.ancestors.get(item.id, ()))

    def alike(self, heading: str) -> str:
        """Return the id of the question whose words are most alike, '' where none is."""
        close = get_close_matches(without_number(heading), list(self.by_words), n=1, cutoff=ALIKE)
        return self.by_words[close[0]] if close else ""


def options_of(item: Item, ancestors: Iterable[Item]) -> Iterator[tuple[str, str]]:
    """Yield an item's options as (id, label), its own before those of earlier versions."""
    known = {option.id for option in item.options}
    every: Sequence[Option] = [*item.options, *(o for one in ancestors for o in one.options if o.id in known)]
    return ((option.id, option.label) for option in every)


def comments_of(suggestion: Suggestion, layout: Layout, questionnaire: Questionnaire) -> dict[Key, str]:
    """Return what to write above each column of a suggested mapping."""
    told = {}
    for column in layout.columns:
        item = questionnaire.items_by_id.get(suggestion.perhaps.get(column.key, ""))
        perhaps = f": perhaps {item.id} “{shortened(item.text, 80)}”? Check it" if item else ""
        told[column.key] = f"column {column.letter}{perhaps}"
    return told
