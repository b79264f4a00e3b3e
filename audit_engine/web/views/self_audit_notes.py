"""Write what goes beside the grades of a self-audit: half pages, strengths and priorities, the action plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit_engine.response.settings import Note
from audit_engine.services.clock import LOCAL, now
from audit_engine.services.self_audit import OpenAudit
from audit_engine.services.self_audit_report import FURTHER_ACTIONS, half_page_blocks, plan_of
from audit_engine.services.self_audit_save import Finished, NoteConflict, NoteDraft, NotesSaved, save_notes
from audit_engine.web.notes_form import NoteBoxes, NoteKey, boxes_of, name_of, read_notes
from audit_engine.web.page_filters import day
from audit_engine.web.setting_sign_in import member
from audit_engine.web.site import site
from audit_engine.web.views import self_audit_doubts as child_doubts
from audit_engine.web.views.self_audit_shared import (
    Clash,
    boxes_sent,
    kept_as_theirs,
    opened,
    section_of,
    too_late,
    undecided,
    who_saved,
)
from audit_engine.web.views.shared import Problem, done

HALF = (
    ("section-strength", "Strength", "What works well here, and how you know."),
    ("section-gap", "Gap", "What is missing, or true in some places only."),
    ("section-next", "Next step", "One thing to do next."),
)
NEW_ROWS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A note on a page: what it is called, a hint, its boxes, and whether it is planned (who, by when, done)."""

    label: str
    hint: str
    boxes: NoteBoxes
    planned: bool = False


Page = Callable[[OpenAudit, Mapping[str, NoteBoxes]], ResponseReturnValue]


def half_page(audit_id: int, section_id: str) -> ResponseReturnValue:
    """Show a section's half page: its counts, and what you write about it."""
    whole = opened()
    return _half_page(whole, section_id, {})


def _half_page(whole: OpenAudit, section_id: str, typed: Mapping[str, NoteBoxes]) -> ResponseReturnValue:
    section = section_of(whole, section_id)
    notes = [whole.note(kind, section_id) for kind, _, _ in HALF]
    rows = [
        Row(label, hint, _boxes(note, typed)) for note, (_, label, hint) in zip(notes, HALF, strict=True)
    ]  # fmt: skip
    order = [s.id for s in whole.questionnaire.sections]
    place = order.index(section_id)
    following = whole.questionnaire.sections[place + 1] if place + 1 < len(order) else None
    return _answer(
        "self_audit_half_page.html", typed, whole=whole, section=section, rows=rows, following=following,
        blocks=half_page_blocks(whole, section),
    )  # fmt: skip


def save_half_page(audit_id: int, section_id: str) -> ResponseReturnValue:
    """Save a section's half page."""
    whole = opened()
    section = section_of(whole, section_id)
    notes = [whole.note(kind, section_id) for kind, _, _ in HALF]
    here = url_for("half_page", audit_id=audit_id, section_id=section_id)
    order = [s.id for s in whole.questionnaire.sections]
    following = order[order.index(section_id) + 1 :]
    onward = url_for("audit_section", audit_id=audit_id, section_id=following[0]) if following else ""
    return _save(
        whole, notes, section.title, here, onward, lambda w, typed: _half_page(w, section_id, typed), planned=False
    )


def reflections(audit_id: int) -> ResponseReturnValue:
    """Show the strengths to build on and the priorities."""
    return _reflections(opened(), {})


def _reflections(whole: OpenAudit, typed: Mapping[str, NoteBoxes]) -> ResponseReturnValue:
    wanted = whole.questionnaire.reflections
    return _answer(
        "self_audit_reflections.html", typed, whole=whole,
        strengths=[Row(f"Strength {n}", "", _boxes(whole.note("strength", str(n)), typed))
                   for n in range(1, wanted.strengths + 1)],
        priorities=[Row(f"Priority {n}", "", _boxes(whole.note("priority", str(n)), typed), planned=True)
                    for n in range(1, wanted.priorities + 1)],
    )  # fmt: skip


def save_reflections(audit_id: int) -> ResponseReturnValue:
    """Save strengths and priorities."""
    whole = opened()
    wanted = whole.questionnaire.reflections
    notes = [whole.note("strength", str(n)) for n in range(1, wanted.strengths + 1)]
    notes += [whole.note("priority", str(n)) for n in range(1, wanted.priorities + 1)]
    here = url_for("reflections", audit_id=audit_id)
    onward = url_for("audit_plan", audit_id=audit_id)
    return _save(whole, notes, "Strengths and priorities", here, onward, _reflections, planned=True)


def audit_plan(audit_id: int) -> ResponseReturnValue:
    """Show the action plan: what was planned anywhere, and rows for more."""
    return _plan(opened(), {})


def _plan(whole: OpenAudit, typed: Mapping[str, NoteBoxes]) -> ResponseReturnValue:
    notes = [whole.note("action", str(n)) for n in range(1, FURTHER_ACTIONS + 1)]
    used = max((at for at, n in enumerate(notes, 1) if n.version), default=0)
    rows = [
        Row(f"Action {n.place}", "", _boxes(n, typed), planned=True)
        for n in notes[: min(used + NEW_ROWS, FURTHER_ACTIONS)]
    ]
    elsewhere = [p for p in plan_of(whole) if p.about != "Added by us"]
    return _answer("self_audit_plan.html", typed, whole=whole, rows=rows, elsewhere=elsewhere)


def save_plan(audit_id: int) -> ResponseReturnValue:
    """Save the rows of the action plan."""
    whole = opened()
    notes = [whole.note("action", str(n)) for n in range(1, FURTHER_ACTIONS + 1)]
    here = url_for("audit_plan", audit_id=audit_id)
    onward = url_for("audit_home", audit_id=audit_id)
    return _save(whole, notes, "Action plan", here, onward, _plan, planned=True)


# --- what the three pages share ------------------------------------------------------


def _boxes(note: Note, typed: Mapping[str, NoteBoxes]) -> NoteBoxes:
    return typed.get(name_of(note.key)) or boxes_of(note)


def _answer(template: str, typed: Mapping[str, NoteBoxes], **context: object) -> ResponseReturnValue:
    problems = [
        Problem(sentence, f"#{b.name}{'-' + part if part else ''}")
        for b in typed.values()
        for part, sentence in (b.problems or {}).items()
    ]
    told = {b.name: b.doubt for b in typed.values() if b.doubt}
    body = render_template(template, problems=problems, **context, **child_doubts.banner(told, _label))
    return body, 400 if problems else 200


def _save(
    whole: OpenAudit, notes: Sequence[Note], title: str, here: str, onward: str, shown: Page, *, planned: bool
) -> ResponseReturnValue:
    today = now().astimezone(LOCAL).date()
    drafts, boxes = read_notes(request.form, notes, today, planned=planned)
    wanted = [_as_decided(d) for d in drafts if not kept_as_theirs(name_of(d.key))]
    try:
        saved = save_notes(site().engine, whole.facts.id, wanted, member().id, now())
    except Finished as refusal:
        return too_late(str(refusal), {name_of(d.key): d.text for d in drafts})
    if saved.conflicts:
        return _conflict_page(title, here, saved)
    doubts = child_doubts.unseen(child_doubts.in_notes(wanted))
    if doubts or any(b.problems for b in boxes):
        versions = {name_of(k): v for k, v in saved.versions.items()}
        typed = {
            b.name: replace(b, version=versions.get(b.name, b.version), doubt=doubts.get(b.name, "")) for b in boxes
        }
        return shown(opened(), typed)
    done("Saved.")
    return redirect(onward if request.form.get("then") == "next" and onward else here)


def _as_decided(draft: NoteDraft) -> NoteDraft:
    return replace(draft, version=0) if undecided(name_of(draft.key)) else draft


def _conflict_page(title: str, here: str, saved: NotesSaved) -> ResponseReturnValue:
    clashes = [_clash(key, conflict) for key, conflict in saved.conflicts.items()]
    problems = [
        Problem("Choose which text should stay", f"#{c.name}-yours")
        for c in clashes
        if f"{c.name}-clash" in request.form
    ]
    body = render_template(
        "self_audit_conflict.html", title=title, back=here, action=here, saved_at=saved.at, clashes=clashes,
        problems=problems, then="same",
    )  # fmt: skip
    return body, 409


def _clash(key: NoteKey, conflict: NoteConflict) -> Clash:
    name = name_of(key)
    return Clash(
        name, _title(key), who_saved(conflict.stored_by), conflict.stored.saved_at, conflict.stored.version,
        _said(conflict.stored), _said(conflict.typed), boxes_sent(name), conflict.stored_by == member().id,
    )  # fmt: skip


def _title(key: NoteKey) -> str:
    kind, place = key
    halves = {k: label for k, label, _ in HALF}
    return halves[kind] if kind in halves else f"{kind.capitalize()} {place}"


def _label(name: str) -> str:
    """Return what the box of a note is called on its page."""
    halves = (label for kind, label, _ in HALF if name.startswith(f"{kind}-"))
    return next(halves, name.replace("-", " ").capitalize())


def _said(note: Note) -> list[tuple[str, str]]:
    parts = [
        ("Text", note.text), ("Who", note.who), ("By when", day(note.due)), ("Done", day(note.done_on)),
    ]  # fmt: skip
    return [(k, v) for k, v in parts if v] or [("Text", "Nothing")]
