"""Answer a setting's self-audit: the list of sections, a section, saving it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit_engine.definition.duties import duty_on
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Item, Section
from audit_engine.response.answers import Answer
from audit_engine.response.completeness import Progress
from audit_engine.services import self_audit
from audit_engine.services.clock import now
from audit_engine.services.save_answers import Conflict, Draft, Saved
from audit_engine.services.self_audit import AnswerKey, OpenAudit
from audit_engine.services.self_audit_save import Finished, save
from audit_engine.web.controls import (
    DATE_PARTS,
    PART_NAMES,
    TEXT_LABELS,
    AnswersForm,
    Typed,
    field_name,
    form_of,
    typed,
)
from audit_engine.web.page_filters import clock, day, html_id
from audit_engine.web.prepared import Flags, PageContext, PreparedItem, descriptors, prepare
from audit_engine.web.setting_sign_in import member
from audit_engine.web.site import site
from audit_engine.web.views import self_audit_doubts as child_doubts
from audit_engine.web.views.self_audit_shared import (
    EXTRA_PAGES,
    Clash,
    boxes_sent,
    from_the_start,
    kept_as_theirs,
    opened,
    said,
    section_of,
    too_late,
    undecided,
    who_saved,
)
from audit_engine.web.views.shared import Problem, done


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section in the list; ``written`` tells whether its half page was begun."""

    section: Section
    progress: Progress
    written: bool


def audit_home(audit_id: int) -> ResponseReturnValue:
    """Show an audit's sections and what else can be done with it."""
    whole = opened()
    rows = [SectionRow(s, whole.progress(s), _written(whole, s)) for s in whole.questionnaire.sections]
    return render_template(
        "self_audit_list.html", whole=whole, sections=rows, extra=EXTRA_PAGES.get(whole.facts.questionnaire, ()),
        doubts=child_doubts.in_audit(whole) if whole.facts.takes_answers else (),
    )  # fmt: skip


def _written(whole: OpenAudit, section: Section) -> bool:
    return any(whole.note(f"section-{part}", section.id).text for part in ("strength", "gap", "next"))


def finish_audit(audit_id: int) -> ResponseReturnValue:
    """Mark the audit as finished, or take that back."""
    finished = request.form.get("finished") == "yes"
    self_audit.finish(site().engine, audit_id, now(), finished=finished)
    done("Marked as finished. You can open it again." if finished else "You can go on answering.")
    return redirect(url_for("audit_home", audit_id=audit_id))


def audit_section(audit_id: int, section_id: str) -> ResponseReturnValue:
    """Show one section: a form, or, once the audit is finished, its answers."""
    whole = opened()
    section = section_of(whole, section_id)
    if not whole.facts.takes_answers:
        return redirect(url_for("audit_answers", audit_id=audit_id) + f"#section-{html_id(section_id)}")
    return _form_page(whole, section)


def _form_page(
    whole: OpenAudit,
    section: Section,
    form: AnswersForm | None = None,
    saved: Saved | None = None,
    doubts: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    problems = form.problems() if form else {}
    again = _typed_again(form, saved) if form and saved else {}
    summary = [Problem(sentence, "#" + html_id(name)) for name, sentence in problems.items()]
    body = render_template(
        "self_audit_section.html", whole=whole, section=section, problems=summary,
        questions=list(_questions(whole, section, again, problems, doubts or {})), **_place(whole, section),
        **child_doubts.banner(doubts or {}, lambda name: _asked_by(section, name)),
    )  # fmt: skip
    return body, 400 if problems else 200


def _place(whole: OpenAudit, section: Section) -> dict[str, object]:
    order = whole.questionnaire.sections
    return {"place": [s.id for s in order].index(section.id) + 1, "of": len(order)}


def _typed_again(form: AnswersForm, saved: Saved) -> Mapping[str, Typed]:
    """Return the boxes as they were sent, started from what is stored now: the rest of them was saved."""
    versions = {field_name(*key): version for key, version in saved.versions.items()}
    return {name: replace(boxes, version=versions.get(name, boxes.version)) for name, boxes in form.typed().items()}


def _questions(
    whole: OpenAudit,
    section: Section,
    again: Mapping[str, Typed],
    problems: Mapping[str, str],
    doubts: Mapping[str, str],
) -> Iterator[str]:
    prepared = _prepared(whole, section)
    yield descriptors(section.items)
    for item in section.items:
        own: Answer | Typed = again.get(item.id) or whole.answer(item.id)
        note = next((told for name, told in doubts.items() if _is_of(item, name)), "")
        flags = Flags(not_asked=_ruled_out(whole, item), note=note)
        yield prepared[item.id].html(own, whole.earlier.get(item.id), problems, flags=flags)


def _is_of(item: Item, name: str) -> bool:
    return name == item.id or name.startswith(f"{item.id}-")


def _asked_by(section: Section, name: str) -> str:
    """Return the short number of the question to which a box belongs."""
    return next(item.short_id for item in section.items if _is_of(item, name))


def _ruled_out(whole: OpenAudit, item: Item) -> str:
    asked = whole.asked[item.id]
    return asked.why if asked.state == "ruled-out" else ""


def _prepared(whole: OpenAudit, section: Section) -> Mapping[str, PreparedItem]:
    """Return the section's questions, made once for all settings that are asked them in the same words."""
    cache = site().prepared
    before = _month(whole)
    wording = tuple(item.text for item in section.items if item.variants)
    duties = tuple(duty_on(item, whole.facts.started_at.date()) for item in section.items)
    key = ("self-audit", whole.facts.content_hash, section.id, wording, before, duties)
    if key not in cache:
        cache[key] = _made(whole, section, before)
    return cache[key]


def _month(whole: OpenAudit) -> str:
    """Return the month of the time before, such as "March 2024": many settings share one; '' where there is none."""
    before = whole.earlier_audit
    return day(before.started_at).partition(" ")[2] if before else ""


def _made(whole: OpenAudit, section: Section, before: str) -> Mapping[str, PreparedItem]:
    questions = {item.id: item.text for item in whole.questionnaire.items}
    duties = whole.facts.started_at.date() if any(i.duty_from for i in whole.questionnaire.items) else None
    context = PageContext({}, before, questions, duties)
    return {item.id: prepare(item, context) for item in section.items}


def save_audit_section(audit_id: int, section_id: str) -> ResponseReturnValue:
    """Save a section; what cannot be kept comes back with a sentence beside it, and the rest is saved."""
    whole = opened()
    section = section_of(whole, section_id)
    form = _posted(whole, section)
    drafts = [
        from_the_start(d) if undecided(field_name(*d.key)) else d
        for d in _drafts(whole, form)
        if not kept_as_theirs(field_name(*d.key))
    ]
    try:
        saved = save(site().engine, site().definitions, audit_id, drafts, member().id, now())
    except Finished as refusal:
        return too_late(str(refusal), _texts(drafts))
    if saved.conflicts:
        return _conflict_page(whole, section, saved)
    doubts = child_doubts.unseen(child_doubts.in_answers(drafts))
    if form.problems() or doubts:
        return _form_page(opened(), section, form, saved, doubts)
    return redirect(_next_page(whole, section))


def _posted(whole: OpenAudit, section: Section) -> AnswersForm:
    return form_of([i for i in section.items if not _ruled_out(whole, i)], (), request.form)


def _drafts(whole: OpenAudit, form: AnswersForm) -> tuple[Draft, ...]:
    return form.drafts(lambda item, _area: whole.answer(item))


def _texts(drafts: Sequence[Draft]) -> dict[str, str]:
    return {
        f"{d.item.split('.', 1)[-1]}, {label}": str(getattr(d, PART_NAMES[part]))
        for d in drafts
        for part, label in TEXT_LABELS.items()
    }


def _next_page(whole: OpenAudit, section: Section) -> str:
    then = request.form.get("then")
    if then == "same":
        return url_for("audit_section", audit_id=whole.facts.id, section_id=section.id)
    if then == "list":
        return url_for("audit_home", audit_id=whole.facts.id)
    return url_for("half_page", audit_id=whole.facts.id, section_id=section.id)


def _conflict_page(whole: OpenAudit, section: Section, saved: Saved) -> ResponseReturnValue:
    clashes = [_clash(whole, key, conflict) for key, conflict in saved.conflicts.items()]
    problems = [
        Problem("Choose which answer should stay", f"#{html_id(c.name)}-yours")
        for c in clashes
        if f"{c.name}-clash" in request.form
    ]
    here = url_for("audit_section", audit_id=whole.facts.id, section_id=section.id)
    body = render_template(
        "self_audit_conflict.html", title=section.title, back=here, action=here, saved_at=saved.at, clashes=clashes,
        problems=problems, then="same",
    )  # fmt: skip
    return body, 409


def _clash(whole: OpenAudit, key: AnswerKey, conflict: Conflict) -> Clash:
    item, name = whole.questionnaire.items_by_id[key[0]], field_name(*key)
    return Clash(
        name, f"{item.short_id} {item.text}", who_saved(conflict.stored_by), conflict.stored.saved_at,
        conflict.stored.version, said(item, conflict.stored), said(item, conflict.typed), boxes_sent(name),
        conflict.stored_by == member().id,
    )  # fmt: skip


def autosave_audit_section(audit_id: int, section_id: str) -> ResponseReturnValue:
    """Save the questions that changed, and answer the page's script."""
    whole = opened()
    form = _posted(whole, section_of(whole, section_id))
    try:
        saved = save(site().engine, site().definitions, audit_id, _drafts(whole, form), member().id, now())
    except Finished as refusal:
        return jsonify(error="closed", message=str(refusal)), 409
    return jsonify(
        saved=clock(saved.at),
        versions={field_name(*k): v for k, v in saved.versions.items() if k not in saved.conflicts},
        conflicts={field_name(*k): _for_script(whole, k, c) for k, c in saved.conflicts.items()},
        problems=form.problems(),
    )


def _for_script(whole: OpenAudit, key: AnswerKey, conflict: Conflict) -> dict[str, object]:
    item, name, stored = whole.questionnaire.items_by_id[key[0]], field_name(*key), conflict.stored
    boxes = typed(item, ITEM_TYPES[item.type].control, stored)
    value = list(boxes.value) if isinstance(boxes.value, tuple) else boxes.value
    fields: list[dict[str, object]] = [
        {"name": name, "label": "Answer", "text": said(item, stored)[0][1], "value": value}
    ]
    for part, label in TEXT_LABELS.items():
        text = getattr(stored, PART_NAMES[part])
        fields.append({"name": f"{name}-{part}", "label": label, "text": text, "value": text})
    for part, box in zip(DATE_PARTS, boxes.action_by, strict=True):
        fields.append({"name": f"{name}-action-by-{part}", "label": "By when", "text": "", "value": box})
    fields.append({"name": f"{name}-confirmed", "label": "", "text": "", "value": "yes" if boxes.confirmed else ""})
    return {
        "who": who_saved(conflict.stored_by),
        "mine": conflict.stored_by == member().id,
        "at": clock(stored.saved_at),
        "version": stored.version,
        "fields": fields,
    }
