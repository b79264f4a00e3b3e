"""Which texts of a self-audit look as if they told who a child is?  They are saved all the same: it is a warning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from flask import request, url_for

from audit_engine.response.answers import Answer
from audit_engine.response.child_named import sign_of_child
from audit_engine.response.settings import Note
from audit_engine.services.save_answers import Draft
from audit_engine.services.self_audit import OpenAudit
from audit_engine.services.self_audit_save import NoteDraft
from audit_engine.web.controls import PART_NAMES, field_name
from audit_engine.web.notes_form import name_of
from audit_engine.web.page_filters import html_id
from audit_engine.web.survey_words import CHANGE_OR_KEEP, LOOKS_LIKE
from audit_engine.web.views.shared import Problem

# Who will do something is a colleague, and a date is no text.
_PARTS = {part: name for part, name in PART_NAMES.items() if part not in ("action-who", "action-by")}
_PAGES = {"strength": "reflections", "priority": "reflections", "action": "audit_plan"}


def in_answers(said: Iterable[Draft | Answer]) -> dict[str, str]:
    """Return a sentence by the name of each box whose text looks as if it told who a child is."""
    return _told((field_name(a.item) + (f"-{part}" if part else ""), getattr(a, name)) for a in said
                 for part, name in _PARTS.items())  # fmt: skip


def in_notes(said: Iterable[NoteDraft | Note]) -> dict[str, str]:
    """Return such a sentence by the name of each note's box."""
    return _told((name_of(note.key), note.text) for note in said)


def _told(texts: Iterable[tuple[str, object]]) -> dict[str, str]:
    found = {name: sign_of_child(text) for name, text in texts if isinstance(text, str) and text}
    return {name: LOOKS_LIKE[sign] for name, sign in found.items() if sign is not None}


def unseen(told: Mapping[str, str]) -> dict[str, str]:
    """Return what whoever sent this form was not shown yet, with what to do."""
    seen = set(request.form.getlist("seen"))
    return {name: f"{sentence} {CHANGE_OR_KEEP}" for name, sentence in told.items() if name not in seen}


def banner(told: Mapping[str, str], label: Callable[[str], str]) -> dict[str, object]:
    """Return what a page says of them at its top, and which names its form sends back as seen; ``label`` says where."""
    doubts = [Problem(f"{label(name)}: {sentence}", "#" + html_id(name)) for name, sentence in told.items()]
    return {"doubts": doubts, "seen": sorted({*request.form.getlist("seen"), *told})}


def in_audit(whole: OpenAudit) -> list[Problem]:
    """Return every such text of an audit, leading to its box."""
    return [*_answers_of(whole), *_notes_of(whole)]


def _answers_of(whole: OpenAudit) -> Iterator[Problem]:
    for answer in whole.answers.values():
        item = whole.questionnaire.items_by_id.get(answer.item)
        for name, sentence in in_answers([answer]).items():
            if item is not None:
                page = url_for("audit_section", audit_id=whole.facts.id, section_id=item.section)
                yield Problem(f"{item.short_id}: {sentence}", f"{page}#{html_id(name)}")


def _notes_of(whole: OpenAudit) -> Iterator[Problem]:
    for note in whole.notes.values():
        for name, sentence in in_notes([note]).items():
            section = whole.questionnaire.sections_by_id.get(note.place)
            if note.kind in _PAGES:
                page = url_for(_PAGES[note.kind], audit_id=whole.facts.id)
                yield Problem(f"{note.kind.capitalize()} {note.place}: {sentence}", f"{page}#{html_id(name)}")
            elif section is not None:
                page = url_for("half_page", audit_id=whole.facts.id, section_id=section.id)
                yield Problem(f"{section.title}, half page: {sentence}", f"{page}#{html_id(name)}")
