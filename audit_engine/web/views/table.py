"""Watch a meal with a phone: large buttons, what to do today, the one page at the end, a print for the kitchen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, abort, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit_engine.analysis.mealtime import Change
from audit_engine.analysis.rounding import half_up
from audit_engine.definition.questionnaire import Item, Option
from audit_engine.response.answers import Answer
from audit_engine.response.permissions import Act
from audit_engine.services import eatsafe, eatsafe_sharing
from audit_engine.services.clock import LOCAL, now
from audit_engine.services.eatsafe import Tick, Ticked
from audit_engine.services.self_audit import OpenAudit, SelfAuditRefused
from audit_engine.services.self_audit_people import WHOLE_LIMIT
from audit_engine.services.self_audit_save import Finished
from audit_engine.storage.engine import reading
from audit_engine.web.assets import asset, assets
from audit_engine.web.page_filters import clock, html_id
from audit_engine.web.prepared import duty_words
from audit_engine.web.setting_sign_in import member
from audit_engine.web.site import page, site
from audit_engine.web.views.self_audit_shared import opened, opened_check, too_late, who_saved
from audit_engine.web.views.shared import done, may_in_cycle, refused

LONGEST_VERSION = 9
# Says on an answer that a phone may keep the page, and for how many seconds.
LASTS = "Keep-For"
ON_THE_PAGE = ("look.css", "icon.svg", "eatsafe.js")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to look for, what was pressed, and what its law says."""

    item: Item
    id: str
    answer: Answer
    pressed: str
    duty: str

    @property
    def today(self) -> bool:
        """Tell whether what to do today must be shown: it was not so."""
        option = self.item.option(self.pressed)
        return bool(self.item.do_today) and option is not None and option.counts_as == "not-met"


@dataclass(frozen=True, slots=True)
class Line:
    """One question on the page at the end; ``before`` is last time's answer, once it may be seen."""

    item: Item
    answer: Answer
    said: str
    duty: str
    before: str


def _observed() -> tuple[OpenAudit, tuple[Item, ...]]:
    whole = opened()
    items = eatsafe.observed(whole)
    if not items:
        abort(404)
    return whole, items


def _rows(whole: OpenAudit, items: Iterable[Item]) -> list[Row]:
    today = now().astimezone(LOCAL).date()
    answers = ((item, whole.answer(item.id)) for item in items)
    return [Row(i, html_id(i.id), a, str(a.value or ""), duty_words(i, today)) for i, a in answers]


def eatsafe_table(audit_id: int) -> ResponseReturnValue:
    """Show what to look for at the table."""
    whole, items = _observed()
    rows = _rows(whole, items)
    body = render_template(
        "eatsafe_table.html", whole=whole, rows=rows, left=sum(not r.pressed for r in rows), me=member(),
        made=_stamp(now()), hours=WHOLE_LIMIT // timedelta(hours=1),
    )  # fmt: skip
    return body, {} if whole.facts.finished_at else {LASTS: str(WHOLE_LIMIT // timedelta(seconds=1))}


def _stamp(moment: datetime) -> int:
    """Return a moment in milliseconds, so that a page kept on a phone can tell whether it is older than a save."""
    return int(moment.timestamp() * 1000)


def eatsafe_worker(audit_id: int) -> ResponseReturnValue:
    """Serve the script that lets a phone open the table again without a network: that page of that check alone."""
    _observed()
    said = {
        "PAGE": url_for("eatsafe_table", audit_id=audit_id), "ASSETS": [asset(name) for name in ON_THE_PAGE],
        "LASTS": LASTS,
    }  # fmt: skip
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in said.items())
    served = assets()["table-worker.js"]
    return Response(constants + served.plain.decode(), content_type=served.media_type)


def save_ticks(audit_id: int) -> ResponseReturnValue:
    """Save what was pressed: one button of the page, or what the page's script kept while there was no network."""
    whole, items = _observed()
    try:
        outcome = eatsafe.tick(site().engine, site().definitions, audit_id, list(_ticks(items)), member().id, now())
    except Finished as refusal:
        if _by_script():
            return jsonify(error="closed", message=str(refusal)), 409
        return too_late(str(refusal), {})
    if _by_script():
        return jsonify(_for_script(outcome))
    for item, conflict in outcome.clashes.items():
        short = _label(whole, item, conflict.stored)
        refused(
            f"{who_saved(conflict.stored_by)} chose “{short}” for “{_named(whole, item).text}” at "
            f"{clock(conflict.stored.saved_at)}. Press again if yours should stay."
        )
    return redirect(url_for("eatsafe_table", audit_id=audit_id) + _next_place(items))


def _by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _ticks(items: Sequence[Item]) -> Iterator[Tick]:
    pressed = request.form.get("tick", "").partition("=")
    for item in items:
        value = pressed[2] if pressed[0] == item.id else request.form.get(item.id, "")
        version = request.form.get(f"{item.id}-version", "")
        if value:
            yield Tick(item.id, value, int(version) if version.isdecimal() and len(version) <= LONGEST_VERSION else 0)


def _next_place(items: Sequence[Item]) -> str:
    """Return where the page goes on: at what was pressed, so that what to do today is in view."""
    pressed = request.form.get("tick", "").partition("=")[0]
    return f"#{html_id(pressed)}" if pressed in {i.id for i in items} else ""


def _for_script(outcome: Ticked) -> dict[str, object]:
    return {
        "saved": clock(outcome.at),
        "at": _stamp(outcome.at),
        "stored": {item: {"value": a.value, "version": a.version} for item, a in outcome.stored.items()},
        "clashes": {item: {"who": who_saved(c.stored_by), "at": clock(c.stored.saved_at)}
                    for item, c in outcome.clashes.items()},
    }  # fmt: skip


def _named(whole: OpenAudit, item: str) -> Item:
    return whole.questionnaire.items_by_id[item]


def _label(whole: OpenAudit, item: str, answer: Answer) -> str:
    option = _named(whole, item).option(answer.value)
    return option.label if option else "nothing"


def eatsafe_print(audit_id: int) -> ResponseReturnValue:
    """Show one page to print and take to the table, with boxes to tick."""
    whole, items = _observed()
    return render_template("eatsafe_print.html", whole=whole, rows=_rows(whole, items), options=_options(items))


def _options(items: Iterable[Item]) -> tuple[Option, ...]:
    return next(iter(items)).options


def eatsafe_page(audit_id: int) -> ResponseReturnValue:
    """Show the one page at the end: safe now, fix this week, talk to parents."""
    whole = opened_check()
    found = eatsafe.page_of(whole)
    today = now().astimezone(LOCAL).date()

    def lines(items: Iterable[Item]) -> list[Line]:
        return [
            Line(
                i,
                whole.answer(i.id),
                _label(whole, i.id, whole.answer(i.id)),
                duty_words(i, today),
                before.get(i.id, ""),
            )
            for i in items
        ]

    before = _before(whole)
    means = [(m, str(half_up(m.mean, 1)) if m.mean is not None else "–") for m in eatsafe.means_of(whole)]
    return render_template(
        "eatsafe_page.html", whole=whole, safe=lines(found.safe), today=lines(found.today),
        this_week=lines(found.this_week), parents=lines(found.parents), next_time=lines(found.next_time),
        means=means, made_at=now(),
    )  # fmt: skip


def _before(whole: OpenAudit) -> Mapping[str, str]:
    """Return last time's answers in words, by item; none before the check is finished."""
    return {item: ", ".join(e.rating for e in earlier.answers) for item, earlier in whole.earlier.items()}


def eatsafe_change(audit_id: int) -> ResponseReturnValue:
    """Show what has changed since last time, and offer to share it."""
    whole = opened_check()
    change = eatsafe.change_of(whole)
    with page() as connection:
        since = eatsafe_sharing.shared_since(connection, audit_id)
    parts = [(s.title, change.of_section(s.id)) for s in whole.questionnaire.sections] if change else []
    return render_template(
        "eatsafe_change.html", whole=whole, change=change, parts=[(t, p) for t, p in parts if p.pairs],
        labels=_labels(change), shared_since=since,
    )  # fmt: skip


def _labels(change: Change | None) -> Mapping[str, tuple[str, str]]:
    """Return the answers of then and now in words, by item."""
    pairs = change.pairs if change else ()

    def words(item: Item, points: object) -> str:
        return next((o.label for o in item.options if o.points == points), "")

    return {p.item.id: (words(p.item, p.before), words(p.item, p.now)) for p in pairs}


def share_eatsafe_change(audit_id: int) -> ResponseReturnValue:
    """Share what has changed with the partnership, or stop that."""
    whole = opened_check()
    if request.form.get("share") == "no":
        eatsafe_sharing.stop_sharing(site().engine, audit_id, now())
        refused("What has changed is no longer shared. Whoever saw it before may remember it.")
    else:
        try:
            eatsafe_sharing.share_change(site().engine, whole, member().id, now())
            done("What has changed is shared, without your name. You can take that back at any time.")
        except SelfAuditRefused as refusal:
            refused(str(refusal))
    return redirect(url_for("eatsafe_change", audit_id=audit_id))


def eatsafe_report(cycle_id: str) -> ResponseReturnValue:
    """Show the partnership what all settings that share show."""
    with reading(site().engine) as connection:
        asked = site().definitions.of_cycle(connection, cycle_id)
        if asked is None or not any(i.observed for i in asked.questionnaire.items):
            refused("This is no mealtime check, or it has not been opened yet.")
            return redirect(url_for("list_cycles"))
        found = eatsafe_sharing.change_report(connection, site().definitions, g.cycle)
    return render_template(
        "eatsafe_report.html", cycle=g.cycle, found=found, standing=asked.questionnaire.standing,
        may_see_progress=may_in_cycle(Act.SEE_PROGRESS),
    )  # fmt: skip
