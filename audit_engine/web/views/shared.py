"""What do several pages need: a return opened, its answers made readable, a sentence for the next page?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, g

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import CountsAs, Item, Section
from audit_engine.definition.variants import worded_for
from audit_engine.response.answers import Answer, State
from audit_engine.response.child_named import sign_of_child
from audit_engine.response.completeness import Gap
from audit_engine.response.cycles import ReturnFacts
from audit_engine.response.earlier import Earlier
from audit_engine.response.permissions import Act, Target, allowed, areas_seen, roles_that_may
from audit_engine.response.repeats import entries
from audit_engine.response.settings import for_settings
from audit_engine.services.answering import OpenReturn, area_names, expression_facts, open_return
from audit_engine.services.clock import now
from audit_engine.services.read_history import note_reading
from audit_engine.services.score_return import PanelSaid
from audit_engine.web.addresses import url_for
from audit_engine.web.controls import PART_NAMES, field_name
from audit_engine.web.every_page import viewer as viewer
from audit_engine.web.page_filters import html_id
from audit_engine.web.site import page, site
from audit_engine.web.survey_words import LOOKS_LIKE

Panel = Mapping[tuple[str, str], PanelSaid]


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of an error summary; ``href`` '' leads nowhere."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class AreaShown:
    """An answer that differs in one area."""

    name: str
    text: str
    counts_as: CountsAs | None
    answer: Answer


@dataclass(frozen=True, slots=True)
class Shown:
    """One question with its answer, to be read; ``entry`` is such as "Theme 2", '' for what is asked once."""

    item: Item
    state: State
    text: str
    counts_as: CountsAs | None
    answer: Answer
    areas: tuple[AreaShown, ...]
    why_not: str
    earlier: Earlier | None
    panel: PanelSaid | None = None
    entry: str = ""

    @property
    def is_told(self) -> bool:
        """Tell whether there is nothing to answer: the item only says something."""
        return self.item.type == "information"


@dataclass(frozen=True, slots=True)
class StandardShown:
    """A standard with its questions."""

    section: Section
    answers: tuple[Shown, ...]


def opened(section: str | None = None) -> OpenReturn:
    """Open the return that the address names; its policy has found and allowed it."""
    with page() as connection:
        return open_return(connection, site().definitions, g.facts, section)


def is_for_settings(cycle_id: str) -> bool:
    """Tell whether schools and settings started it for themselves, so that the partnership sees its take-up alone."""
    with page() as connection:
        asked = site().definitions.of_cycle(connection, cycle_id)
    return asked is not None and for_settings(asked.questionnaire)


def names_of_areas(facts: ReturnFacts) -> dict[str, str]:
    """Return the names of a return's areas by id; nothing is read where there is only one."""
    if len(facts.areas) < 2:
        return {}
    with page() as connection:
        names = area_names(connection)
    return {a: names.get(a, a) for a in facts.areas}


def may(act: Act, facts: ReturnFacts) -> bool:
    """Tell whether the person may do it to this return."""
    person = viewer()
    return person is not None and allowed(person, act, Target(facts.organisation, facts.areas))


def may_in_cycle(act: Act) -> bool:
    """Tell whether the person may do it to a cycle, in some area."""
    person = viewer()
    return person is not None and person.holds(*roles_that_may(act))


def limited_to(act: Act) -> tuple[str, ...] | None:
    """Return the areas that the person may do it in; None means every area."""
    person = viewer()
    return areas_seen(person, act) if person else ()


def may_review_texts(cycle_id: str) -> bool:
    """Tell whether the person may read what people wrote in a survey."""
    person, areas = viewer(), limited_to(Act.REVIEW_TEXT)
    if person is None or areas is None:
        return person is not None
    if not areas:
        return False
    from audit_engine.services.area_scope import areas_of_texts  # what knows surveys: audits do without

    with page() as connection:
        return allowed(person, Act.REVIEW_TEXT, Target(areas=areas_of_texts(connection, cycle_id)))


def note_visit(facts: ReturnFacts) -> None:
    """Write down that somebody who is not of the organisation reads its answers."""
    person = viewer()
    if person is not None and facts.organisation not in person.organisations:
        note_reading(site().engine, facts.id, person.id, now())


def standards_shown(whole: OpenReturn, names: dict[str, str], panel: Panel | None = None) -> tuple[StandardShown, ...]:
    """Return the whole return, to be read, with what the panel said where that may be seen."""
    return tuple(
        StandardShown(section, tuple(_answers_shown(whole, section, names, panel)))
        for section in whole.questionnaire.sections
    )


def _answers_shown(whole: OpenReturn, section: Section, names: dict[str, str], panel: Panel | None) -> Iterator[Shown]:
    if section.repeat is None:
        yield from (shown(whole, item, names, panel) for item in section.items)
        return
    for at, number in enumerate(entries(section, whole.answers), 1):
        entry = whole.entry(number)
        for item in section.items:
            yield replace(shown(entry, item, names, panel), entry=f"{section.repeat.label} {at}")


def worded(whole: OpenReturn, item: Item) -> Item:
    """Return an item as it is worded for the return's organisation."""
    if not item.variants:
        return item
    return worded_for(item, whole.facts.expression_facts or expression_facts(whole.facts))


def address_of(whole: OpenReturn, section: Section) -> dict[str, Any]:
    """Return what names a standard of a return, or an entry of it, in an address."""
    address = {"return_id": whole.facts.id, "section_id": section.id}
    return {**address, "repeat": whole.repeat} if whole.repeat else address


def shown(whole: OpenReturn, item: Item, names: dict[str, str], panel: Panel | None = None) -> Shown:
    """Return one question with its answer, to be read."""
    answer = whole.answer(item.id)
    areas = tuple(
        AreaShown(names.get(a.area, a.area), _text(item, a), item.counts_as(a.value), a)
        for a in whole.answers.values()
        if a.item == item.id and a.area and a.repeat == answer.repeat and a.state is not State.UNANSWERED
    )
    return Shown(
        worded(whole, item), answer.state, _text(item, answer), item.counts_as(answer.value), answer, areas,
        whole.asked[item.id].why, whole.earlier.get(item.id), (panel or {}).get((item.id, "")),
    )  # fmt: skip


def _text(item: Item, answer: Answer) -> str:
    return "" if answer.value is None else ITEM_TYPES[item.type].text(answer.value, item)


def gap_links(whole: OpenReturn, gaps: Sequence[Gap]) -> tuple[Problem, ...]:
    """Return what is missing, each leading to the field on its page."""
    sections = {i.id: whole.questionnaire.sections_by_id[i.section] for i in whole.questionnaire.items}
    return tuple(
        Problem(gap.sentence, _where(whole, sections[gap.item], gap) if gap.item in sections else "") for gap in gaps
    )


def doubts_about(whole: OpenReturn) -> tuple[Problem, ...]:
    """Return what looks as if it told who a child is, each leading to its box: a warning, which keeps nothing back."""
    return tuple(_doubts(whole))


def _doubts(whole: OpenReturn) -> Iterator[Problem]:
    for answer in whole.answers.values():
        item = whole.questionnaire.items_by_id.get(answer.item)
        texts = {part: getattr(answer, name) for part, name in PART_NAMES.items() if part != "action-by"}
        for part, said in texts.items():
            sign = sign_of_child(said) if isinstance(said, str) and len(said) > 4 else None
            if sign is not None and item is not None:
                gap = Gap(item.id, part or "value", "", answer.area, answer.repeat)  # type: ignore[arg-type]
                section = whole.questionnaire.sections_by_id[item.section]
                is_case = bool(answer.repeat) and section.repeat is None
                where = "" if is_case else _where(whole, section, gap)
                yield Problem(f"{item.short_id}: {LOOKS_LIKE[sign]} Please take that out.", where)


def _where(whole: OpenReturn, section: Section, gap: Gap) -> str:
    if section.repeat is not None and not gap.repeat:
        return url_for("standard", **address_of(whole, section))
    entry = whole.entry(gap.repeat) if section.repeat is not None else whole
    return url_for("standard", **address_of(entry, section)) + "#" + _field_id(gap, entry.repeat)


def _field_id(gap: Gap, repeat: str) -> str:
    name = field_name(gap.item, repeat, gap.area)
    return html_id(name if gap.field == "value" else f"{name}-{gap.field}")


def done(sentence: str) -> None:
    """Show a sentence of success on the next page."""
    flash(sentence, "success")


def refused(sentence: str) -> None:
    """Show on the next page why something was not done."""
    flash(sentence, "important")
