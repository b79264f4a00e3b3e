"""What do the pages of a setting's self-audit share: an audit opened, two texts to choose between, extra pages?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Item, Section
from audit_engine.response.answers import Answer
from audit_engine.services.save_answers import Draft
from audit_engine.services.self_audit import OpenAudit, open_audit
from audit_engine.storage import settings
from audit_engine.web.controls import PART_NAMES, TEXT_LABELS
from audit_engine.web.page_filters import day
from audit_engine.web.setting_sign_in import audit, member
from audit_engine.web.site import page, site

#: Further pages of some questionnaires: (label, endpoint that takes an audit_id), shown on the list of sections.
EXTRA_PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "eatsafe": (
        ("At the table", "eatsafe_table"),
        ("Your page for the kitchen", "eatsafe_page"),
        ("Photos", "eatsafe_photos"),
        ("What has changed", "eatsafe_change"),
    ),
}


@dataclass(frozen=True, slots=True)
class Clash:
    """The same thing was changed twice: both texts, and every box that was typed, to be sent again.

    ``mine``: the same person did, in another tab or window.
    """

    name: str
    title: str
    who: str
    at: object
    version: int
    theirs: Sequence[tuple[str, str]]
    yours: Sequence[tuple[str, str]]
    hidden: Sequence[tuple[str, str]]
    mine: bool


def opened() -> OpenAudit:
    """Open the audit that the address names; its policy has found and allowed it."""
    with page() as connection:
        return open_audit(connection, site().definitions, audit())


def opened_check() -> OpenAudit:
    """Open the mealtime check that the address names; 404 where the audit is of another kind."""
    whole = opened()
    if not any(item.observed for item in whole.questionnaire.items):
        abort(404)
    return whole


def section_of(whole: OpenAudit, section_id: str) -> Section:
    """Return a section by its id, or answer that there is none."""
    section = whole.questionnaire.sections_by_id.get(section_id)
    if section is None:
        abort(404)
    return section


def who_saved(member_id: int | None) -> str:
    """Return in words who saved what is stored."""
    if member_id == member().id:
        return "you, in another window,"
    with page() as connection:
        names = {m.id: m.name for m in settings.members(connection, member().setting)}
    return names.get(member_id or 0, "Somebody")


def said(item: Item, answer: Answer) -> list[tuple[str, str]]:
    """Return what an answer says, part by part, to be read."""
    value = "" if answer.value is None else ITEM_TYPES[item.type].text(answer.value, item)
    parts = [("Answer", value)]
    parts += [(label, str(getattr(answer, PART_NAMES[part]))) for part, label in TEXT_LABELS.items()]
    if answer.action_by:
        parts.append(("By when", day(answer.action_by)))
    return [(k, v) for k, v in parts if v] or [("Answer", "Nothing")]


def boxes_sent(name: str) -> list[tuple[str, str]]:
    """Return what was typed into the boxes of one thing, by their names in the form."""
    aside = (f"{name}-version", f"{name}-clash", f"{name}-keep")
    return [
        (k, v) for k, v in request.form.items(multi=True) if k not in aside and (k == name or k.startswith(f"{name}-"))
    ]


def kept_as_theirs(name: str) -> bool:
    """Tell whether somebody chose, between two texts, the one that is stored."""
    return request.form.get(f"{name}-keep") == "theirs"


def undecided(name: str) -> bool:
    """Tell whether somebody sent the page of two texts without choosing one."""
    return f"{name}-clash" in request.form and request.form.get(f"{name}-keep") is None


def from_the_start(draft: Draft) -> Draft:
    """Return a draft that clashes again with whatever is stored."""
    return replace(draft, version=0)


def too_late(sentence: str, texts: Mapping[str, str]) -> ResponseReturnValue:
    """Say that nothing was saved, and hand the texts back to be copied."""
    given = [(k, v) for k, v in texts.items() if v]
    return render_template("self_audit_not_saved.html", sentence=sentence, texts=given), 409
