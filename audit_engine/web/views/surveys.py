"""Answer a survey without a name: its first page, its questions, checking, handing in, going on with a code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit_engine.definition.questionnaire import Section
from audit_engine.definition.translated import ENGLISH
from audit_engine.services.clock import LOCAL, now
from audit_engine.services.sealing import code_as_typed, hash_of
from audit_engine.services.take_survey import OpenReply, Problem, SurveyRefused, begin, hand_in, keep_draft, reply_at
from audit_engine.storage import partnership
from audit_engine.storage.partnership import AreaRow
from audit_engine.web import reply_cookie, throttling
from audit_engine.web.controls import AnswersForm, form_of
from audit_engine.web.page_filters import html_id
from audit_engine.web.pieces import is_translated
from audit_engine.web.site import page, site
from audit_engine.web.survey_pages import CHECK, SurveyPages
from audit_engine.web.survey_words import UNSENT, language_name, parted, promise_of
from audit_engine.web.views.shared import Problem as Told

# A whole school may start within minutes, from one address and by one link; nobody's own tries are counted.
STARTS, STARTS_WITHIN = 5_000, 600
WRONG_CODES, WRONG_WITHIN = 100, 900
STATUS = {"open": 200, "planned": 200, "closed": 200, "used": 200, "unknown": 404}


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section with its answers, to be checked."""

    section: Section
    address: str
    answers: Sequence[object]


def survey_start(token: str) -> ResponseReturnValue:
    """Show what the survey is, for whom and what becomes of the answers; or why it takes none now."""
    code = reply_cookie.code_here(token)
    reply = _reply(token, code)
    if reply.sent:
        return redirect(_to("survey_thanks", token))
    if reply.door.state != "open":
        return _closed_door(token, reply)
    pages = SurveyPages.of(reply, _language())
    going_on = _section_address(token, pages.where_left()) if reply.answers is not None else ""
    return render_template(
        "survey_start.html", going_on=going_on, promise=promise_of(pages.questionnaire.anonymity, reply.door),
        unsent=UNSENT, front_doors=_front_doors(reply), **_frame(token, pages),
    )  # fmt: skip


def begin_survey(token: str) -> ResponseReturnValue:
    """Begin a reply, give its code to this browser and lead to the first questions."""
    if throttling.count(f"starts:{_known_as(token)}", STARTS_WITHIN) > STARTS:
        abort(429)
    try:
        code = begin(site().engine, token, _today())
    except SurveyRefused:
        return _closed_door(token, _reply(token, ""), 409)
    pages = SurveyPages.of(_reply(token, code), _language())
    return reply_cookie.remember(_led(_section_address(token, pages.where_left())), token, code)


def survey_section(token: str, section_id: str) -> ResponseReturnValue:
    """Show the questions of one section."""
    code = reply_cookie.code_here(token)
    reply = _reply(token, code)
    elsewhere = _not_to_be_answered(token, reply)
    if elsewhere is not None:
        return elsewhere
    pages = SurveyPages.of(reply, _language())
    section = _section(pages, section_id)
    if section not in pages.sections:
        return redirect(_address_after(token, pages, section))
    return _section_page(token, pages, section)


def save_survey_section(token: str, section_id: str) -> ResponseReturnValue:
    """Keep a section's answers; go on where nothing is wrong with them, and nothing new is asked here."""
    code = reply_cookie.code_here(token)
    reply = _reply(token, code)
    elsewhere = _not_to_be_answered(token, reply, 409)
    if elsewhere is not None:
        return elsewhere
    section = _section(SurveyPages.of(reply, _language()), section_id)
    form = form_of(section.items, (), request.form)
    try:
        kept = keep_draft(site().engine, site().definitions, code, form.raw(), _today())
    except SurveyRefused as refusal:
        return _refused(token, refusal)
    pages = SurveyPages.of(reply, _language(), kept.answers)
    return _saved(token, pages, section, form, kept.problems)


def _saved(
    token: str, pages: SurveyPages, section: Section, form: AnswersForm, faults: Sequence[Problem]
) -> ResponseReturnValue:
    carried, then = frozenset(form.raw()), request.form.get("then", "")
    problems = {p.item: p.sentence for p in reversed(faults)}
    if then == "next":
        problems = {**pages.missing(section, carried), **problems}
    seen = set(request.form.getlist("seen"))
    doubts = {item: told for item, told in pages.doubts(carried).items() if item not in seen}
    if problems or doubts:
        return _section_page(token, pages, section, form, problems, doubts)
    fresh = pages.newly_asked(section, carried)
    if fresh is not None and then == "next":
        flash("Your answers have opened more questions on this page.", "important")
        return redirect(f"{_section_address(token, section)}#{html_id(fresh.id)}")
    return redirect(_address_then(token, pages, section, then))


def _address_then(token: str, pages: SurveyPages, section: Section, then: str) -> str:
    """Return where the button leads that was pressed."""
    if then.startswith("in-"):
        return url_for("survey_section", token=token, section_id=section.id, **_said_in(then.removeprefix("in-")))
    if then == "later":
        return _to("survey_later", token)
    return _to("check_survey", token) if _is_from_check() else _address_after(token, pages, section)


def _section_page(
    token: str,
    pages: SurveyPages,
    section: Section,
    form: AnswersForm | None = None,
    problems: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    problems, notes = problems or {}, notes or {}
    local = _texts_of_area(pages.reply) if pages.wanted_locally(section) else {}
    questions = list(pages.questions(section, site().prepared, local, form, problems, notes))
    if section not in pages.sections:  # an answer elsewhere has just ruled it out
        return redirect(_address_after(token, pages, section))
    earlier, (place, of) = pages.before(section), pages.place(section)
    back = _section_address(token, earlier) if earlier else _to("survey_start", token)
    body = render_template(
        "survey_section.html", section=section, place=place, of=of, questions=questions,
        back=_to("check_survey", token) if _is_from_check() else back, from_check=_is_from_check(),
        problems=[Told(told, "#" + html_id(item)) for item, told in problems.items()],
        doubts=[Told(told, "#" + html_id(item)) for item, told in notes.items()],
        seen=sorted({*request.form.getlist("seen"), *notes}), code=reply_cookie.code_here(token),
        has_words=pages.has_words(section), **_frame(token, pages),
    )  # fmt: skip
    return body, 400 if problems else 200


def survey_later(token: str) -> ResponseReturnValue:
    """Show the code with which one can go on."""
    code = reply_cookie.code_here(token)
    reply = _reply(token, code)
    elsewhere = _not_to_be_answered(token, reply)
    if elsewhere is not None:
        return elsewhere
    pages = SurveyPages.of(reply, _language())
    return render_template(
        "survey_later.html", code=code, address=url_for("survey_start", token=token, _external=True), unsent=UNSENT,
        going_on=_section_address(token, pages.where_left()), front_doors=_front_doors(reply), **_frame(token, pages),
    )  # fmt: skip


def leave_survey(token: str) -> ResponseReturnValue:
    """Take the code out of this browser, so that the next person finds nothing."""
    return reply_cookie.forget(_led(_to("survey_start", token)), token)


def resume_survey(token: str) -> ResponseReturnValue:
    """Ask for the code of a reply that was begun before."""
    reply = _reply(token, "")
    return _resume_page(token, reply) if reply.door.state == "open" else _closed_door(token, reply)


def find_reply(token: str) -> ResponseReturnValue:
    """Go on where somebody left, if the code is one of this link's."""
    key = f"codes:{_known_as(token)}"
    if throttling.attempts(key) >= WRONG_CODES:
        abort(429)
    code = code_as_typed(request.form.get("code", "")[:100])
    reply = _reply(token, code)
    if reply.door.state != "open":
        return _closed_door(token, reply, 409)
    if reply.sent:
        return reply_cookie.remember(_led(_to("survey_thanks", token)), token, code)
    if reply.answers is None:
        throttling.count(key, WRONG_WITHIN)
        wrong = "Nothing is kept under this code. Look at each letter, and at the link: a code fits one survey alone."
        return _resume_page(token, reply, wrong if code else "Enter your code.")
    pages = SurveyPages.of(reply, _language())
    return reply_cookie.remember(_led(_section_address(token, pages.where_left())), token, code)


def _resume_page(token: str, reply: OpenReply, fault: str = "") -> ResponseReturnValue:
    body = render_template(
        "survey_resume.html", fault=fault, problems=[Told(fault, "#code")] if fault else [],
        **_frame(token, SurveyPages.of(reply, _language())),
    )  # fmt: skip
    return body, 400 if fault else 200


def check_survey(token: str) -> ResponseReturnValue:
    """Show everything that was answered, before it is sent."""
    reply = _reply(token, reply_cookie.code_here(token))
    elsewhere = _not_to_be_answered(token, reply)
    return _check_page(token, reply) if elsewhere is None else elsewhere


def _check_page(token: str, reply: OpenReply, faults: Sequence[Problem] = ()) -> ResponseReturnValue:
    pages = SurveyPages.of(reply, _language())
    home = {item.id: section for section in pages.sections for item in section.items}
    addresses = {s.id: _section_address(token, s, **{"from": CHECK}) for s in pages.sections}
    problems = [
        Told(p.sentence, f"{addresses[home[p.item].id]}#{html_id(p.item)}" if p.item in home else "") for p in faults
    ]
    shown = [SectionShown(s, addresses[s.id], rows) for s in pages.sections if (rows := pages.answers(s))]
    body = render_template(
        "survey_check.html", sections=shown, problems=problems, back=_section_address(token, pages.sections[-1]),
        **_frame(token, pages),
    )  # fmt: skip
    return body, 400 if problems else 200


def hand_in_survey(token: str) -> ResponseReturnValue:
    """Send the answers, once: the button pressed again changes nothing."""
    code = reply_cookie.code_here(token)
    if not code:
        return redirect(_to("survey_start", token))
    try:
        handed = hand_in(site().engine, site().definitions, token, code, _today())
    except SurveyRefused as refusal:
        return _refused(token, refusal)
    if not handed.done:
        return _check_page(token, _reply(token, code), handed.problems)
    return redirect(_to("survey_thanks", token))


def survey_thanks(token: str) -> ResponseReturnValue:
    """Thank whoever has sent an answer from this browser."""
    reply = _reply(token, reply_cookie.code_here(token))
    if not reply.sent:
        return redirect(_to("survey_start", token))
    pages = SurveyPages.of(reply, _language())
    return render_template(
        "survey_thanks.html", another=reply.door.state == "open" and reply.door.kind == "open link",
        front_doors=_front_doors(reply), **_frame(token, pages),
    )  # fmt: skip


def _reply(token: str, code: str) -> OpenReply:
    with page() as connection:
        return reply_at(connection, site().definitions, token, code, _today())


def _not_to_be_answered(token: str, reply: OpenReply, status: int | None = None) -> ResponseReturnValue | None:
    """Return what is shown instead where a reply takes no answers: it was sent, was not begun here, or cannot be."""
    if reply.sent:
        return redirect(_to("survey_thanks", token))
    if reply.door.state != "open":
        return _closed_door(token, reply, status)
    if reply.answers is None:
        return _lost_page(token, reply) if status else redirect(_to("survey_start", token))
    return None


def _closed_door(token: str, reply: OpenReply, status: int | None = None) -> ResponseReturnValue:
    """Say why the survey takes no replies; ``status`` is for forms, but a link that leads nowhere is never found."""
    state = reply.door.state
    body = render_template("survey_closed.html", door=reply.door, typed=_typed_words(), token=token)
    return body, STATUS[state] if status is None or state == "unknown" else status


def _lost_page(token: str, reply: OpenReply) -> ResponseReturnValue:
    """Answer a form that came without a code: what was typed is shown, to be copied."""
    frame = _frame(token, SurveyPages.of(reply, _language()))
    return render_template("survey_lost.html", typed=_typed_words(), **frame), 409


def _refused(token: str, refusal: SurveyRefused) -> ResponseReturnValue:
    body = render_template("survey_refused.html", sentence=str(refusal), typed=_typed_words(), token=token)
    return body, 409


def _typed_words() -> list[str]:
    """Return what somebody wrote in words, so that they can copy it from a page that cannot keep it."""
    return [v for k, v in request.form.items(multi=True) if k != "csrf_token" and " " in v.strip()]


def _section(pages: SurveyPages, section_id: str) -> Section:
    section = pages.questionnaire.sections_by_id.get(section_id)
    if section is None:
        abort(404)
    return section


def _frame(token: str, pages: SurveyPages) -> dict[str, Any]:
    """Return what every page of a survey shows."""
    introduction, not_here = parted(pages.questionnaire.introduction)
    return {
        "token": token,
        "door": pages.reply.door,
        "questionnaire": pages.questionnaire,
        "title": _title(pages),
        "introduction": introduction,
        "not_here": not_here,
        "said_in": _said_in(_language()),
        "languages": tuple((code, language_name(code)) for code in pages.questionnaire.languages),
    }


def _title(pages: SurveyPages) -> str:
    """Return what the survey is called: as in its invitation, or in the language in which it is read."""
    own = pages.questionnaire.title
    return own if is_translated(own) else pages.reply.door.title


def _front_doors(reply: OpenReply) -> tuple[AreaRow, ...]:
    """Return the areas whose contact says where a child at risk is reported; all where the link is for everybody."""
    with page() as connection:
        areas = partnership.areas(connection)
    return tuple(a for a in areas if (a.id in reply.areas or not reply.areas) and a.local_text.get("front_door"))


def _texts_of_area(reply: OpenReply) -> Mapping[str, str]:
    with page() as connection:
        area = next((a for a in partnership.areas(connection) if a.id in reply.areas), None)
    return {"name": area.name, **area.local_text} if area else {}


def _language() -> str:
    return request.values.get("lang", ENGLISH)[:5]


def _said_in(language: str) -> dict[str, Any]:
    return {"lang": language} if language != ENGLISH else {}


def _is_from_check() -> bool:
    return request.values.get("from") == CHECK


def _to(endpoint: str, token: str) -> str:
    return url_for(endpoint, token=token, **_said_in(_language()))


def _section_address(token: str, section: Section, **more: Any) -> str:
    return url_for("survey_section", token=token, section_id=section.id, **_said_in(_language()), **more)


def _address_after(token: str, pages: SurveyPages, section: Section) -> str:
    following = pages.after(section)
    return _section_address(token, following) if following else _to("check_survey", token)


def _led(address: str) -> Response:
    return make_response(redirect(address))


def _known_as(token: str) -> str:
    return hash_of(token)[:24]


def _today() -> date:
    return now().astimezone(LOCAL).date()
