"""Make a setting's own report, at once and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

from audit_engine.analysis.setting_picture import Moved, Picture, moved, picture
from audit_engine.definition.questionnaire import Section
from audit_engine.reports.blocks import Block
from audit_engine.reports.setting_compared import Compared
from audit_engine.reports.setting_report import (
    QUESTIONS,
    STATEMENTS,
    HalfPage,
    OwnReport,
    Planned,
    Words,
    half_page,
    own_blocks,
    own_document,
)
from audit_engine.reports.wording import day
from audit_engine.response.settings import is_private
from audit_engine.services.clock import LOCAL
from audit_engine.services.self_audit import OpenAudit

FOR_GOVERNORS = "governors-questions"
FURTHER_ACTIONS = 10


def picture_of(whole: OpenAudit) -> Picture:
    """Return the counts of every section."""
    asked = {item_id for item_id, state in whole.asked.items() if state.asked}
    return picture(whole.questionnaire, whole.answers.values(), asked)


def moved_of(whole: OpenAudit) -> Moved | None:
    """Return what moved since last time, or None where there was none."""
    before = whole.last_time
    if before is None:
        return None
    asked = [a for a in whole.answers.values() if a.item in whole.asked and whole.asked[a.item].asked]
    return moved(before.questionnaire, whole.questionnaire, before.lineage, before.answers, asked)


def words_of(whole: OpenAudit) -> Words:
    """Return what a report calls what is asked and what is said to it."""
    return STATEMENTS if whole.questionnaire.kind == "self-audit" else QUESTIONS


def own_report(whole: OpenAudit, compared: Compared | None = None) -> OwnReport:
    """Return everything that the report says; ``compared`` as ``benchmarks.compared_of`` gives it."""
    asked_for = whole.questionnaire.reflections
    return OwnReport(
        title=whole.facts.title,
        setting=whole.facts.setting_name,
        version=whole.facts.version,
        picture=picture_of(whole),
        strengths=tuple(_notes(whole, "strength", asked_for.strengths)),
        priorities=tuple(_notes(whole, "priority", asked_for.priorities)),
        plan=tuple(plan_of(whole)),
        halves=tuple(half_of(whole, s) for s in whole.questionnaire.sections),
        moved=moved_of(whole),
        last_time=last_time_in_words(whole),
        standing=whole.questionnaire.standing,
        private=is_private(whole.questionnaire),
        compared=compared,
        words=words_of(whole),
    )


def last_time_in_words(whole: OpenAudit) -> str:
    """Return what the audit before is called: its title and the day on which it was begun; '' where there is none."""
    before = whole.earlier_audit
    return f"{before.title}, begun on {day(before.started_at.astimezone(LOCAL))}" if before else ""


def _notes(whole: OpenAudit, kind: str, most: int) -> Iterator[str]:
    return (words for n in range(1, most + 1) if (words := whole.note(kind, str(n)).text))


def plan_of(whole: OpenAudit) -> Iterator[Planned]:
    """Return the action plan: priorities first, then what was planned beside statements, then what was added."""
    for kind, most in (("priority", whole.questionnaire.reflections.priorities), ("action", FURTHER_ACTIONS)):
        if kind == "action":
            yield from _planned_beside(whole)
        for n in range(1, most + 1):
            note = whole.note(kind, str(n))
            if note.text:
                about = f"Priority {n}" if kind == "priority" else "Added by us"
                yield Planned(note.text, note.who, note.due, about, note.done_on)


def _planned_beside(whole: OpenAudit) -> Iterator[Planned]:
    for item in whole.questionnaire.items:
        answer = whole.answer(item.id)
        if answer.action_what and whole.asked[item.id].asked:
            yield Planned(
                answer.action_what,
                answer.action_who,
                answer.action_by,
                f"{words_of(whole).one.capitalize()} {item.short_id}",
            )


def half_of(whole: OpenAudit, section: Section) -> HalfPage:
    """Return what was written about one section."""
    strength, gap, following = (whole.note(f"section-{part}", section.id).text for part in ("strength", "gap", "next"))
    questions = tuple(
        line.strip()
        for item in section.items
        if FOR_GOVERNORS in item.tags and whole.asked[item.id].asked
        for line in item.guidance.splitlines()
        if line.strip()
    )
    return HalfPage(section.id, section.title, strength, gap, following, questions)


def report_blocks(whole: OpenAudit, compared: Compared | None = None) -> tuple[Block, ...]:
    """Return the report for a page."""
    return own_blocks(own_report(whole, compared))


def half_page_blocks(whole: OpenAudit, section: Section) -> tuple[Block, ...]:
    """Return one section's half page."""
    shown = picture_of(whole)
    counts = next((s for s in shown.sections if s.section == section.id), None)
    return half_page(half_of(whole, section), counts, shown, words_of(whole))


def word_report(whole: OpenAudit, now: datetime, *, invented: bool, compared: Compared | None = None) -> bytes:
    """Return the report as a Word file; it is written nowhere."""
    from audit_engine.reports.word import write_document

    buffer = BytesIO()
    write_document(own_document(own_report(whole, compared), now.astimezone(LOCAL), invented=invented), buffer)
    return buffer.getvalue()
