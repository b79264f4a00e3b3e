"""Answer a standard several times: the list of its entries, one more of them, and taking one away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit_engine.definition.questionnaire import Section
from audit_engine.response.permissions import Act
from audit_engine.response.repeats import entries, next_entry
from audit_engine.services.answering import OpenReturn
from audit_engine.services.clock import now
from audit_engine.services.save_answers import Draft, TooLate, save_answers
from audit_engine.web import faults
from audit_engine.web.policy import me
from audit_engine.web.site import site
from audit_engine.web.views.shared import Shown, done, may, names_of_areas, opened, refused, shown


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One entry, to be read; ``title`` is such as "Theme 2"."""

    number: str
    title: str
    answers: tuple[Shown, ...]


def entry_of(whole: OpenReturn, section: Section, number: str) -> OpenReturn:
    """Return the return as one entry sees it; 404 for one that is not there and is not the next to be begun."""
    there = entries(section, whole.answers)
    full = section.repeat is None or len(there) >= section.repeat.maximum
    if number not in there and (full or number != next_entry(section, whole.answers)):
        abort(404)
    return whole.entry(number)


def title_of(whole: OpenReturn, section: Section) -> str:
    """Return what the entry is called by its place in the list: "Theme 2"."""
    there = entries(section, whole.answers)
    place = there.index(whole.repeat) if whole.repeat in there else len(there)
    return _title(section, place)


def _title(section: Section, place: int) -> str:
    return f"{section.repeat.label if section.repeat else section.title} {place + 1}"


def entries_shown(whole: OpenReturn, section: Section, names: dict[str, str]) -> tuple[EntryShown, ...]:
    """Return the entries of a standard, to be read."""
    return tuple(
        EntryShown(number, _title(section, at), tuple(shown(whole.entry(number), i, names) for i in section.items))
        for at, number in enumerate(entries(section, whole.answers))
    )


def list_page(whole: OpenReturn, section: Section, place: Mapping[str, Any], *, takes: bool) -> ResponseReturnValue:
    """Show what was entered, and lead to changing it, to one more and to the next standard."""
    found = entries_shown(whole, section, names_of_areas(whole.facts))
    maximum = section.repeat.maximum if section.repeat else 0
    following = next_entry(section, whole.answers) if takes and len(found) < maximum else ""
    return render_template(
        "entries.html", opened=whole, section=section, entries=found, takes=takes, next_entry=following,
        next_page=next_page(whole, section), **place,
    )  # fmt: skip


def next_page(whole: OpenReturn, section: Section) -> str:
    """Return where one goes on from a standard."""
    order = whole.questionnaire.sections
    following = order[order.index(section) + 1 :][:1]
    if following:
        return url_for("standard", return_id=whole.facts.id, section_id=following[0].id)
    return url_for("check_answers", return_id=whole.facts.id)


def ask_remove_entry(return_id: int, section_id: str, repeat: str) -> ResponseReturnValue:
    """Ask before an entry is taken away."""
    whole, section = _chosen(section_id, repeat)
    back = url_for("standard", return_id=return_id, section_id=section_id)
    return render_template(
        "confirm.html", title=f"Remove {title_of(whole, section)}?", caption=section.title,
        paragraphs=["Its answers leave your audit. The history of your audit notes that they were taken out."],
        warning="", action=url_for("remove_entry", return_id=return_id, section_id=section_id, repeat=repeat),
        button="Remove it", cancel=back, problems=(), form=None, fields=(),
    )  # fmt: skip


def remove_entry(return_id: int, section_id: str, repeat: str) -> ResponseReturnValue:
    """Take an entry away: its answers are saved as empty, so that the history still has them."""
    whole, section = _chosen(section_id, repeat)
    drafts = [replace(d, repeat=repeat) for d in _emptied(whole, section)]
    try:
        saved = save_answers(site().engine, site().definitions, return_id, drafts, me().id, now(), whole.facts)
    except TooLate as refusal:
        return faults.page(409, sentence=str(refusal))
    title = title_of(whole, section)
    if saved.conflicts:
        refused(f"Somebody else has just changed {title}, so it was not removed. Look at it again.")
    else:
        done(f"{title} is removed.")
    return redirect(url_for("standard", return_id=return_id, section_id=section_id))


def _chosen(section_id: str, repeat: str) -> tuple[OpenReturn, Section]:
    whole = opened()
    section = whole.questionnaire.sections_by_id.get(section_id)
    if section is None or repeat not in entries(section, whole.answers):
        abort(404)
    if not (g.facts.takes_answers(now()) and may(Act.ANSWER, g.facts)):
        abort(404)
    return whole.entry(repeat), section


def _emptied(whole: OpenReturn, section: Section) -> Iterator[Draft]:
    items = {i.id for i in section.items}
    for answer in whole.answers.values():
        if answer.item in items and answer.repeat == whole.repeat:
            yield Draft(answer.item, answer.version, area=answer.area)
