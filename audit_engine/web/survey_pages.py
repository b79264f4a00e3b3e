"""What does one page of a survey show, given what was answered so far?

Questions that other answers rule out are not there; a section in which nothing
is asked is no page at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from audit_engine.definition.applicability import Resolution
from audit_engine.definition.item_types import ITEM_TYPES, other_words
from audit_engine.definition.languages import in_language
from audit_engine.definition.nearest import shortened
from audit_engine.definition.piping import asked_answer, placeholders
from audit_engine.definition.questionnaire import Item, Questionnaire, Section
from audit_engine.definition.translated import ENGLISH
from audit_engine.definition.variants import worded_for
from audit_engine.response.answers import Answer, State
from audit_engine.response.child_named import sign_of_child
from audit_engine.response.completeness import takes_answer
from audit_engine.services.take_survey import OpenReply
from audit_engine.web.controls import AnswersForm, Typed
from audit_engine.web.page_filters import html_id
from audit_engine.web.prepared import Flags, PageContext, PreparedItem, descriptors, prepare
from audit_engine.web.survey_words import CHANGE_OR_KEEP, LOOKS_LIKE

Prepared = dict[tuple[object, ...], Mapping[str, PreparedItem]]
CHECK = "check"
TYPED_IN_WORDS = frozenset({"text", "textarea"})


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """One question with its answer in words ('' for none), to be checked; ``anchor`` leads to its boxes."""

    text: str
    answer: str
    anchor: str
    is_asked: bool


@dataclass(frozen=True)
class SurveyPages:
    """The pages of one reply in one language; ``resolution`` is what the answers come to."""

    reply: OpenReply
    questionnaire: Questionnaire
    resolution: Resolution

    @classmethod
    def of(cls, reply: OpenReply, language: str, answers: Mapping[str, object] | None = None) -> SurveyPages:
        """Return the pages for these answers (None: those that are kept); a language that is not there is English."""
        questionnaire = reply.questionnaire
        if questionnaire is None:
            raise LookupError("This survey was never opened, so it has no pages.")
        known = language if language in questionnaire.languages else ENGLISH
        return cls(reply, _spoken(questionnaire, known), reply.resolution(answers))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Return the sections in which something is asked or told."""
        return tuple(s for s in self.questionnaire.sections if self.items(s))

    def items(self, section: Section) -> tuple[Item, ...]:
        """Return what is asked or told in a section, worded for the organisation."""
        asked = self.resolution.asked
        return tuple(worded_for(i, self.reply.facts) for i in section.items if asked[i.id].asked)

    def place(self, section: Section) -> tuple[int, int]:
        """Return which page of how many a section is, from 1."""
        return self.sections.index(section) + 1, len(self.sections)

    def after(self, section: Section) -> Section | None:
        """Return the next section in which something is asked; None leads to checking."""
        order = self.questionnaire.sections
        return next((s for s in order[order.index(section) + 1 :] if s in self.sections), None)

    def before(self, section: Section) -> Section | None:
        """Return the section before; None leads to the start."""
        earlier = self.sections[: self.sections.index(section)]
        return earlier[-1] if earlier else None

    def where_left(self) -> Section:
        """Return the last section in which something was answered, else the first."""
        answered = self.reply.answers or {}
        begun = [s for s in self.sections if any(i.id in answered for i in s.items)]
        return (begun or self.sections)[-1 if begun else 0]

    def missing(self, section: Section, carried: frozenset[str]) -> dict[str, str]:
        """Return a sentence for each required question of a form that was left empty."""
        wanted = (i for i in self.items(section) if i.required and takes_answer(i) and i.id in carried)
        return {i.id: f"Answer “{shortened(i.text)}”." for i in wanted if self.resolution.values.get(i.id) is None}

    def newly_asked(self, section: Section, carried: frozenset[str]) -> Item | None:
        """Return the first question that the answers have opened and that the form did not carry."""
        return next((i for i in self.items(section) if takes_answer(i) and i.id not in carried), None)

    def doubts(self, carried: frozenset[str]) -> dict[str, str]:
        """Return a sentence for each text of a form that looks as if it told who a child is."""
        found: dict[str, str] = {}
        for item_id in carried:
            item, value = self.questionnaire.items_by_id[item_id], self.resolution.values.get(item_id)
            text = str(value or "") if ITEM_TYPES[item.type].control in TYPED_IN_WORDS else other_words(value)
            sign = sign_of_child(text) if text else None
            if sign is not None:
                found[item_id] = f"{LOOKS_LIKE[sign]} {CHANGE_OR_KEEP}"
        return found

    def questions(
        self,
        section: Section,
        cache: Prepared,
        local: Mapping[str, str],
        form: AnswersForm | None = None,
        problems: Mapping[str, str] | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> Iterator[str]:
        """Yield the HTML of a section; ``local`` are the texts of the area, ``form`` what was typed just now."""
        items, typed = self.items(section), form.typed() if form else {}
        prepared, piped = self._prepared(section, cache), self._piped(items, local)
        yield descriptors(items)
        for item in items:
            flags = Flags(piped=piped, note=(notes or {}).get(item.id, ""))
            boxes: Typed | Answer = typed.get(item.id) or self._answer(item)
            yield prepared[item.id].html(boxes, None, problems, None, flags)

    def wanted_locally(self, section: Section) -> bool:
        """Tell whether a section's texts name something of the area."""
        texts = (p for item in section.items for p in placeholders(f"{item.text} {item.guidance}"))
        return any(asked_answer(p) is None for p in texts)

    def has_words(self, section: Section) -> bool:
        """Tell whether something is typed in a section in somebody's own words."""
        return any(ITEM_TYPES[i.type].control in TYPED_IN_WORDS or i.other for i in self.items(section))

    def answers(self, section: Section) -> tuple[AnswerShown, ...]:
        """Return a section's questions with their answers in words; what is only to be read is left out."""
        rows = (i for i in self.items(section) if ITEM_TYPES[i.type].control != "none" or i.is_worked_out)
        return tuple(AnswerShown(i.text, self._in_words(i), html_id(i.id), takes_answer(i)) for i in rows)

    def _in_words(self, item: Item) -> str:
        value = self.resolution.values.get(item.id)
        return "" if value is None else ITEM_TYPES[item.type].text(value, item)

    def _answer(self, item: Item) -> Answer:
        value = self.resolution.values.get(item.id)
        return Answer(item.id, State.UNANSWERED if value is None else State.ANSWERED, value)

    def _prepared(self, section: Section, cache: Prepared) -> Mapping[str, PreparedItem]:
        items = [worded_for(i, self.reply.facts) for i in section.items]
        wording = tuple(i.text for i in items if i.variants)
        key = ("survey", self.questionnaire.content_hash, section.id, self.questionnaire.language, wording)
        if key not in cache:
            language = self.questionnaire.language
            context = PageContext(is_survey=True, language="" if language == ENGLISH else language)
            cache[key] = {i.id: prepare(replace(i, graded=False), context) for i in items}
        return cache[key]

    def _piped(self, items: Sequence[Item], local: Mapping[str, str]) -> Mapping[str, str]:
        wanted = {p for i in items for p in placeholders(f"{i.text} {i.guidance}")}
        return {p: self._put_in(p, local) for p in wanted}

    def _put_in(self, placeholder: str, local: Mapping[str, str]) -> str:
        item = self.questionnaire.items_by_id.get(asked_answer(placeholder) or "")
        return self._in_words(item) if item is not None else local.get(placeholder.partition(".")[2], "")


@lru_cache(maxsize=64)
def _spoken(questionnaire: Questionnaire, language: str) -> Questionnaire:
    return in_language(questionnaire, language)
