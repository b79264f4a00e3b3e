"""Which words are coded for themes: commentary of returns, and what reviewers let be shown of surveys?

The words stay where they are.  Each text has an id that says nothing of whose
it is, and a mark of its state, so that one that changed is read again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.definitions import Definitions
from audit_engine.storage import anonymous, beside, themes
from audit_engine.storage.themes import WordsRow

Question = tuple[str, str]
Areas = tuple[str, ...] | None
MAY_BE_READ = ("shown", "redacted")
IN_WORDS = frozenset({"text", "textarea"})


@dataclass(frozen=True, slots=True)
class Text:
    """Words to code; ``organisation``, ``sector`` are '' where nobody knows whose they are."""

    id: str
    question: Question
    words: str
    mark: str
    organisation: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to which people gave words: where it was asked, its wording, and how many texts there are."""

    question: Question
    source: str
    item: Item
    texts: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where words come from: an audit's returns, or a survey that has closed."""

    cycle: CycleFacts
    questionnaire: Questionnaire

    @property
    def is_survey(self) -> bool:
        """Tell whether people answered it without a name."""
        return self.questionnaire.respondent == "person"


def sources_of(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> tuple[Source, ...]:
    """Return the cycle itself and the surveys beside it, those of which words may be read."""
    found = (cycle, *beside.surveys_beside(connection, cycle.id))
    return tuple(s for s in (_source(connection, definitions, c) for c in found) if s is not None)


def _source(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> Source | None:
    if cycle.content_hash is None:
        return None
    questionnaire = definitions.of(connection, cycle.content_hash)
    if questionnaire.respondent == "person":
        # While a survey is open its texts are shuffled anew under other ids, and no turnout but a number may be seen.
        return Source(cycle, questionnaire) if cycle.state == "closed" else None
    return Source(cycle, questionnaire) if _is_of_organisations(questionnaire) else None


def _is_of_organisations(questionnaire: Questionnaire) -> bool:
    """Tell whether organisations answer under their name: words of cases and of private audits are never coded."""
    return questionnaire.respondent == "organisation" and questionnaire.anonymity == "named"


def asked_in_words(connection: Connection, sources: Sequence[Source]) -> tuple[Asked, ...]:
    """Return the questions to which words were given, in the questionnaires' order."""
    return tuple(asked for source in sources for asked in _asked(connection, source))


def _asked(connection: Connection, source: Source) -> Iterator[Asked]:
    if source.is_survey:
        numbers: Mapping[str, int] = Counter(t.item for t in _survey_rows(connection, source))
    else:
        plain = [i.id for i in source.questionnaire.items if _is_words(i)]
        numbers = themes.numbers_of_words(connection, source.cycle.id, plain)
    for item in source.questionnaire.items:
        if numbers.get(item.id):
            yield Asked((source.cycle.id, item.id), source.cycle.title, item, numbers[item.id])


def _is_words(item: Item) -> bool:
    return ITEM_TYPES[item.type].control in IN_WORDS


def texts_of(
    connection: Connection, sources: Sequence[Source], chosen: frozenset[Question], areas: Areas
) -> tuple[Text, ...]:
    """Return the texts of the chosen questions that somebody for these areas may read (None: for every area).

    They come by question, within one in an order that says nothing.
    """
    found: list[Text] = []
    for source in sources:
        items = [i for i in source.questionnaire.items if (source.cycle.id, i.id) in chosen]
        order = {item.id: at for at, item in enumerate(items)}
        texts = _of_survey(connection, source, order) if source.is_survey else _of_returns(connection, source, items)
        mine = [t for t, its_areas in texts if areas is None or its_areas is None or set(areas) & set(its_areas)]
        found += sorted(mine, key=lambda t: (order[t.question[1]], t.id))
    return tuple(found)


def _survey_rows(connection: Connection, source: Source) -> Sequence[anonymous.TextRow]:
    return anonymous.texts(connection, source.cycle.id, MAY_BE_READ)


def _of_survey(
    connection: Connection, source: Source, items: Mapping[str, int]
) -> Iterator[tuple[Text, tuple[str, ...] | None]]:
    for row in _survey_rows(connection, source) if items else ():
        if row.item in items:
            # A fingerprint of the words would outlive a name that a reviewer takes out.
            mark = f"{row.outcome} {row.reviewed_on}"
            yield Text(row.id, (source.cycle.id, row.item), row.text, mark), None


def _of_returns(
    connection: Connection, source: Source, items: Sequence[Item]
) -> Iterator[tuple[Text, tuple[str, ...] | None]]:
    by_id = {item.id: item for item in items}
    for row in themes.words_of_returns(connection, source.cycle.id, list(by_id)):
        words = _words(by_id[row.item], row)
        if words:
            # What is said of one area is for those who may see that area.
            areas = (row.area,) if row.area else row.areas
            question = (source.cycle.id, row.item)
            yield Text(_id(row), question, words, str(row.version), row.organisation, row.sector), areas


def _words(item: Item, row: WordsRow) -> str:
    said = str(row.value).strip() if _is_words(item) and row.value else ""
    return "\n\n".join(part for part in (said, row.commentary.strip()) if part)


def _id(row: WordsRow) -> str:
    return hashlib.sha256(f"{row.return_id}|{row.item}|{row.repeat}|{row.area}".encode()).hexdigest()[:32]
