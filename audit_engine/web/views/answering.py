"""Answer an audit: my audits, the list of standards, a standard, saving it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import abort, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from audit_engine.definition.item_types import ITEM_TYPES, other_words
from audit_engine.definition.piping import asked_answer, placeholders
from audit_engine.definition.questionnaire import Item, Questionnaire, Section
from audit_engine.response.answers import Answer
from audit_engine.response.completeness import Progress
from audit_engine.response.cycles import ReturnFacts
from audit_engine.response.permissions import Act
from audit_engine.response.unfinished import unfinished_in
from audit_engine.services.answering import AnswerKey, OpenReturn, open_return, open_to_save
from audit_engine.services.case_answers import CaseReturn
from audit_engine.services.clock import LOCAL, now
from audit_engine.services.save_answers import Conflict, Draft, Saved, TooLate, save_answers
from audit_engine.services.submit import broken_checks
from audit_engine.storage import partnership, people, returns
from audit_engine.web import faults
from audit_engine.web.addresses import url_for
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
from audit_engine.web.frames import framed
from audit_engine.web.page_filters import clock, day, html_id
from audit_engine.web.pieces import trusted
from audit_engine.web.policy import me
from audit_engine.web.prepared import ASKED, Flags, PageContext, PreparedItem, descriptors, prepare
from audit_engine.web.site import page, site
from audit_engine.web.views import entries
from audit_engine.web.views.shared import Problem, address_of, may, names_of_areas, note_visit, opened, shown, worded


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An audit in somebody's list."""

    facts: ReturnFacts
    overall: Progress
    open: bool


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A standard in a task list."""

    section: Section
    progress: Progress


def audits_of(organisations: Sequence[str]) -> tuple[AuditRow, ...]:
    """Return the audits of these organisations: those that can be answered, with how far they are, then the others."""
    if not organisations:
        return ()
    moment = now()
    rows: list[AuditRow] = []
    with page() as connection:
        for facts in returns.returns_of_organisations(connection, organisations):
            takes = facts.takes_answers(moment)
            overall = open_return(connection, site().definitions, facts).overall if takes else Progress(0, 0, 0)
            rows.append(AuditRow(facts, overall, takes))
    return tuple(sorted(rows, key=lambda row: not row.open))


def my_audits() -> ResponseReturnValue:
    """List the audits of the person's organisations."""
    audits = audits_of(me().organisations)
    packs = _packs([row.facts for row in audits])
    return render_template("my_audits.html", audits=audits, packs=packs, reads_staff=_reads_staff(packs))


def _packs(some: Sequence[ReturnFacts]) -> Sequence[ReturnFacts]:
    """Return those whose panel pack the person may read by now; nothing is read where none is submitted."""
    if not any(facts.state == "submitted" and may(Act.READ_PACK, facts) for facts in some):
        return ()
    from audit_engine.services.give_pack import packs_to_read

    with page() as connection:
        return tuple(packs_to_read(connection, me(), some).values())


def _reads_staff(packs: Sequence[ReturnFacts]) -> bool:
    """Tell whether the person may read what staff said: that comes with the pack."""
    return any(may(Act.READ_OWN_SURVEY, facts) for facts in packs)


def task_list(return_id: int) -> ResponseReturnValue:
    """Show a return's standards: what is done and what is left."""
    whole = opened()
    if isinstance(whole, CaseReturn):
        return redirect(url_for("cases", return_id=return_id))
    takes = whole.facts.takes_answers(now()) and may(Act.ANSWER, whole.facts)
    rows = [SectionRow(s, whole.progress(s)) for s in whole.questionnaire.sections]
    packs = _packs([whole.facts])
    left = len(whole.gaps + broken_checks(whole)) if takes else 0
    return render_template(
        "task_list.html", opened=whole, standards=rows, may_answer=takes, may_submit=takes, left=left,
        area_names=names_of_areas(whole.facts), has_pack=bool(packs), reads_staff=_reads_staff(packs),
    )  # fmt: skip


def standard(return_id: int, section_id: str, repeat: str = "") -> ResponseReturnValue:
    """Show one standard, or one entry of one that repeats: a form while it takes answers, else to be read."""
    whole = opened(section_id if section_id in _sections(g.facts) else None)
    section = _section(whole, section_id)
    takes = whole.facts.takes_answers(now()) and may(Act.ANSWER, whole.facts)
    if not takes:
        note_visit(whole.facts)
    if repeat:
        whole = entries.entry_of(whole, section, repeat)
    if section.repeat is not None and not (repeat and takes):
        return entries.list_page(whole.entry(""), section, _place(whole, section), takes=takes)
    if not takes:
        names = names_of_areas(whole.facts)
        return render_template(
            "standard_read.html", opened=whole, section=section,
            answers=[shown(whole, i, names) for i in section.items], **_place(whole, section),
        )  # fmt: skip
    return _form_page(whole, section)


def _sections(facts: ReturnFacts) -> Mapping[str, Section]:
    with page() as connection:
        return site().definitions.of(connection, facts.content_hash).sections_by_id


def _section(whole: OpenReturn, section_id: str) -> Section:
    section = whole.questionnaire.sections_by_id.get(section_id)
    if section is None or whole.questionnaire.respondent == "case":
        abort(404)
    return section


def _place(whole: OpenReturn, section: Section) -> dict[str, object]:
    order = whole.questionnaire.sections
    index = order.index(section)
    following = order[index + 1].title if index + 1 < len(order) else ""
    return {"place": index + 1, "of": len(order), "next_title": following}


def _form_page(
    whole: OpenReturn, section: Section, form: AnswersForm | None = None, saved: Saved | None = None
) -> ResponseReturnValue:
    """Show the form; after a save with problems, as it was typed and from the versions that were saved."""
    names = names_of_areas(whole.facts)
    problems = form.problems() if form else unfinished(whole, section)
    questions = questions_of(whole, section, names, typed_again(form, saved) if form and saved else {}, problems)
    entry = entries.title_of(whole, section) if whole.repeat else ""
    address = address_of(whole, section)
    up = address_of(whole.entry(""), section) if entry else {"return_id": whole.facts.id}
    filled = {
        "questions": trusted("\n".join(questions)),
        "save": url_for("save_standard", **address),
        "autosave": url_for("autosave", **address),
        "back": url_for("standard" if entry else "task_list", **up),
    }
    shared = {
        "section": section, "entry": entry, "cycle_title": whole.facts.cycle.title, "problems": (),
        **_place(whole, section),
    }  # fmt: skip
    if not problems:
        key = (whole.facts.content_hash, section.id, entry, whole.facts.cycle.title)
        return framed("standard.html", key, me(), filled, shared)
    summary = [Problem(sentence, "#" + html_id(name)) for name, sentence in problems.items()]
    return render_template("standard.html", **filled, **shared | {"problems": summary}), 400 if form else 200


def unfinished(whole: OpenReturn, section: Section) -> Mapping[str, str]:
    """Return what is wrong with what somebody typed before and could not be saved as an answer, by field name."""
    half = [a for a in whole.answers.values() if a.unfinished and a.repeat == whole.repeat]
    if not half:
        return {}
    places = {item.id: at for at, item in enumerate(section.items) if not _ruled_out(whole, item)}
    shown_here = sorted((a for a in half if a.item in places), key=lambda a: (places[a.item], a.area))
    return {
        f"{_name(a.key)}-{one.part}" if one.part else _name(a.key): one.sentence
        for a in shown_here
        for one in unfinished_in(a.unfinished)
    }


def typed_again(form: AnswersForm, saved: Saved) -> Mapping[str, Typed]:
    """Return the boxes as they were sent, started from what is stored now: the rest of them was saved."""
    versions = {_name(key): version for key, version in saved.versions.items()}
    return {name: replace(boxes, version=versions.get(name, boxes.version)) for name, boxes in form.typed().items()}


def questions_of(
    whole: OpenReturn,
    section: Section,
    names: Mapping[str, str],
    typed_now: Mapping[str, Typed],
    problems: Mapping[str, str],
) -> Iterator[str]:
    """Yield a section's questions with what was answered, or with what was just typed."""
    prepared = _prepared(whole, section, names)
    piped = _piped(whole, section)
    yield descriptors(section.items)
    for item in section.items:
        areas = _offered(item, names)
        why, new = _ruled_out(whole, item), _is_new(whole, item)
        flags = Flags(areas, why, new, piped) if areas or why or new or piped else ASKED
        own: Answer | Typed = typed_now.get(field_name(item.id, whole.repeat)) or whole.answer(item.id)
        elsewhere: dict[str, Answer | Typed] = {
            a: typed_now.get(field_name(item.id, whole.repeat, a)) or whole.answer(item.id, a) for a in areas
        }
        yield prepared[item.id].html(own, whole.earlier.get(item.id), problems, elsewhere, flags)


def _ruled_out(whole: OpenReturn, item: Item) -> str:
    """Return why the profile rules a question out; one that only waits for another answer is shown as a form."""
    asked = whole.asked[item.id]
    return asked.why if asked.state == "ruled-out" else ""


def _piped(whole: OpenReturn, section: Section) -> Mapping[str, str]:
    """Return what goes in for the placeholders of a section's texts; nothing is read where there are none."""
    wanted = {p for item in section.items for p in placeholders(f"{item.text} {item.guidance}")}
    found = {p: _answer_text(whole, str(asked_answer(p))) for p in wanted if asked_answer(p)}
    if len(found) < len(wanted):
        with page() as connection:
            area = next((a for a in partnership.areas(connection) if a.id in whole.facts.areas), None)
        texts = {"name": area.name, **area.local_text} if area else {}
        found |= {p: texts.get(p.partition(".")[2], "") for p in wanted - set(found)}
    return found


def _answer_text(whole: OpenReturn, item_id: str) -> str:
    item, value = whole.questionnaire.items_by_id.get(item_id), whole.answer(item_id).value
    return ITEM_TYPES[item.type].text(value, item) if item is not None and value is not None else ""


def _is_new(whole: OpenReturn, item: Item) -> bool:
    return bool(whole.earlier_title) and item.is_criterion and item.id not in whole.earlier


def _offered(item: Item, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the areas for which "different in ...?" is offered: all but the first, for which the answer speaks."""
    return tuple(names)[1:] if len(names) > 1 and item.is_criterion else ()


def _prepared(whole: OpenReturn, section: Section, names: Mapping[str, str]) -> Mapping[str, PreparedItem]:
    cache = site().prepared
    items = [worded(whole, item) for item in section.items]
    wording = tuple(item.text for item in items if item.variants)
    key = (whole.facts.content_hash, section.id, tuple(names.items()), whole.earlier_title, wording, whole.repeat)
    if key in cache:
        return cache[key]
    questions = {item.id: item.text for item in whole.questionnaire.items}
    duties = whole.facts.cycle.opens_at.date() if any(i.duty_from for i in whole.questionnaire.items) else None
    context = PageContext(names, whole.earlier_title, questions, duties)
    prepared = {item.id: prepare(item, context, whole.repeat) for item in items}
    if not whole.repeat:  # entries come and go, and there is no end to their numbers
        cache[key] = prepared
    return prepared


def save_standard(return_id: int, section_id: str, repeat: str = "") -> ResponseReturnValue:
    """Save a standard; what cannot be kept comes back with a sentence beside it, and the rest is saved."""
    whole, section, form = _to_be_saved(section_id, repeat)
    drafts = decided(form.drafts(whole.answer))
    try:
        saved = save_answers(site().engine, site().definitions, return_id, drafts, me().id, now(), whole.facts)
    except TooLate as refusal:
        texts, kept_at = texts_typed(whole.questionnaire, drafts), url_for("history", return_id=return_id)
        return faults.page(409, sentence=str(refusal), texts=texts, kept_at=kept_at)
    if saved.conflicts:
        return _conflict_page(whole, section, saved, form)
    if form.problems():
        return _form_page(opened(section.id).entry(repeat), section, form, saved)
    return redirect(_next_page(whole, section))


def _to_be_saved(section_id: str, repeat: str) -> tuple[OpenReturn, Section, AnswersForm]:
    """Return what was posted; the stored answers are read only where they are needed to read it."""
    with page() as connection:
        whole = open_to_save(connection, site().definitions, g.facts)
    section = _section(whole, section_id)
    if (section.repeat is not None) != bool(repeat):
        abort(404)
    if repeat:
        whole = entries.entry_of(opened(section_id), section, repeat)
    form = _posted(whole, section)
    if form.problems() and not repeat:  # what makes no sense leaves what is stored as it is
        whole = opened(section_id)
    return whole, section, form


def decided(drafts: Sequence[Draft]) -> Sequence[Draft]:
    """Return what is to be saved: nothing where the other's answer was chosen; what was not decided clashes again."""
    sent = {name: value for name, value in request.form.items() if name.endswith(("-keep", "-clash"))}
    if not sent:
        return drafts
    left = []
    for draft in drafts:
        name = _name(draft.key)
        chosen = sent.get(f"{name}-keep")
        if chosen != "theirs":
            undecided = chosen is None and f"{name}-clash" in sent
            left.append(replace(draft, version=0) if undecided else draft)
    return left


def _posted(whole: OpenReturn, section: Section) -> AnswersForm:
    names = names_of_areas(whole.facts)
    offered = [i for i in section.items if not _ruled_out(whole, i)]
    earliest = whole.facts.cycle.opens_at.astimezone(LOCAL).date()
    return form_of(offered, tuple(names)[1:], request.form, whole.repeat, earliest)


def _name(key: AnswerKey) -> str:
    return field_name(*key)


def _next_page(whole: OpenReturn, section: Section) -> str:
    then = request.form.get("then")
    if then == "same":
        return url_for("standard", **address_of(whole, section))
    if then == "list":
        return url_for("task_list", return_id=whole.facts.id)
    if section.repeat is not None:
        return url_for("standard", **address_of(whole.entry(""), section))
    return entries.next_page(whole, section)


def texts_typed(questionnaire: Questionnaire, drafts: Sequence[Draft]) -> list[tuple[str, str]]:
    """Return everything that was typed and not chosen, to be copied."""
    labelled = []
    for draft in drafts:
        item = questionnaire.items_by_id[draft.item]
        own = [("Answer", _typed_value(item, draft.value))]
        own += [(label, getattr(draft, PART_NAMES[part])) for part, label in TEXT_LABELS.items()]
        labelled += [(f"{item.short_id}, {label}", text) for label, text in own]
    return [(label, text) for label, text in labelled if text]


def _typed_value(item: Item, value: object) -> str:
    """Return an answer that was written, or the words written beside choices."""
    return other_words(value) if item.options else ITEM_TYPES[item.type].text(value, item)


def _conflict_page(whole: OpenReturn, section: Section, saved: Saved, form: AnswersForm) -> ResponseReturnValue:
    names = names_of_areas(whole.facts)
    clashes = [clash_of(whole, key, conflict, names) for key, conflict in saved.conflicts.items()]
    again = [_name(k) for k in saved.conflicts if f"{_name(k)}-clash" in request.form]
    problems = [Problem("Choose which answer should stay", f"#{html_id(name)}-yours") for name in again]
    body = render_template(
        "conflict.html", opened=whole, section=section, saved_at=saved.at, clashes=clashes, problems=problems,
        carried=carried(form, saved), address=address_of(whole, section),
    )  # fmt: skip
    return body, 409


def carried(form: AnswersForm, saved: Saved) -> list[tuple[str, str]]:
    """Return the boxes of other questions in which something cannot be saved: they come along, to be put right next."""
    clashing = {_name(key) for key in saved.conflicts}
    versions = {_name(key): version for key, version in saved.versions.items()}
    return [
        box
        for name in form.faulty() - clashing
        for box in ((f"{name}-version", str(versions.get(name, 0))), *_boxes(name))
    ]


def _boxes(name: str) -> list[tuple[str, str]]:
    """Return what was typed into a question's boxes, by their names in the form."""
    return [(k, v) for k, v in request.form.items(multi=True) if _belongs(k, name)]


def clash_of(whole: OpenReturn, key: AnswerKey, conflict: Conflict, names: Mapping[str, str]) -> dict[str, object]:
    """Return two people's answers to one question, for the page on which one is chosen."""
    item = whole.questionnaire.items_by_id[key[0]]
    name = _name(key)
    return {
        "name": name,
        "item": item,
        "area_name": names.get(key[2], ""),
        "who": _who(conflict.stored_by),
        "mine": conflict.stored_by == me().id,
        "at": conflict.stored.saved_at,
        "version": conflict.stored.version,
        "theirs": said(item, conflict.stored),
        "yours": said(item, conflict.typed),
        "hidden": _boxes(name),
    }


def _belongs(field: str, name: str) -> bool:
    return field not in (f"{name}-version", f"{name}-clash") and (field == name or field.startswith(f"{name}-"))


def _who(person_id: int | None) -> str:
    if person_id == me().id:
        return "you, in another window,"
    with page() as connection:
        row = people.person_by(connection, id=person_id) if person_id else None
    return row.facts.name if row else "Somebody"


def said(item: Item, answer: Answer) -> list[tuple[str, str]]:
    """Return everything that an answer says, in words and with a label each."""
    parts = [("Rating" if item.is_criterion else "Answer", ITEM_TYPES[item.type].text(answer.value, item))]
    parts += [(label, getattr(answer, PART_NAMES[part])) for part, label in TEXT_LABELS.items()]
    if answer.action_by:
        parts.append(("By when", day(answer.action_by)))
    return [(k, v) for k, v in parts if v] or [("Answer", "Nothing")]


def autosave(return_id: int, section_id: str, repeat: str = "") -> ResponseReturnValue:
    """Save the questions that changed, and answer the page's script."""
    whole, _, form = _to_be_saved(section_id, repeat)
    drafts = form.drafts(whole.answer)
    try:
        saved = save_answers(site().engine, site().definitions, return_id, drafts, me().id, now(), whole.facts)
    except TooLate as refusal:
        return jsonify(error="closed", message=str(refusal)), 409
    return jsonify(
        saved=clock(saved.at),
        versions={_name(k): v for k, v in saved.versions.items() if k not in saved.conflicts},
        conflicts={_name(k): clash_for_script(whole, k, c) for k, c in saved.conflicts.items()},
        problems=form.problems(),
    )


def clash_for_script(whole: OpenReturn, key: AnswerKey, conflict: Conflict) -> dict[str, object]:
    """Return what a colleague saved, for the page's script to show beside what was typed."""
    item = whole.questionnaire.items_by_id[key[0]]
    name = _name(key)
    boxes = typed(item, ITEM_TYPES[item.type].control, conflict.stored)
    fields: list[dict[str, object]] = [
        {"name": name, "label": "Answer", "text": said(item, conflict.stored)[0][1], "value": _for_script(boxes.value)}
    ]
    for part, label in TEXT_LABELS.items():
        text = getattr(conflict.stored, PART_NAMES[part])
        fields.append({"name": f"{name}-{part}", "label": label, "text": text, "value": text})
    for part, box in zip(DATE_PARTS, boxes.action_by, strict=True):
        fields.append({"name": f"{name}-action-by-{part}", "label": "By when", "text": "", "value": box})
    fields.append({"name": f"{name}-confirmed", "label": "", "text": "", "value": "yes" if boxes.confirmed else ""})
    return {
        "who": _who(conflict.stored_by),
        "mine": conflict.stored_by == me().id,
        "at": clock(conflict.stored.saved_at),
        "version": conflict.stored.version,
        "fields": fields,
    }


def _for_script(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
