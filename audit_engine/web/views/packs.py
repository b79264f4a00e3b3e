"""Show the pack on one organisation, and give it to its panel and then to the organisation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit_engine.analysis.rounding import percent_text
from audit_engine.analysis.triangulation_values import Cell, MappedCriterion, Organisation, Triangulation
from audit_engine.analysis.triangulation_wording import (
    ASSURANCE_LABELS,
    ASSURANCE_MEANINGS,
    LIMITS,
    PANEL_LABELS,
    RATED,
    agency_sentence,
    cell_sentences,
    spread_sentence,
)
from audit_engine.reports import triangulation as tables
from audit_engine.response.permissions import Act
from audit_engine.services import give_pack
from audit_engine.services.clock import now
from audit_engine.services.give_pack import PackRefused, PackState, may_read, pack_state
from audit_engine.services.triangulate import Wanted
from audit_engine.web.page_filters import day
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import done, may, note_visit, refused
from audit_engine.web.views.triangulating import found_or_why, nothing, spoken

NOT_YET = "Give the pack to the panel first. The organisation never sees it earlier."
FOR_GOOD = "This cannot be taken back: what was read was read."


@dataclass(frozen=True, slots=True)
class OnAgenda:
    """A criterion rated met that some source contradicts, and what each source says."""

    ref: str
    text: str
    why: tuple[str, ...]


def panel_pack(return_id: int) -> ResponseReturnValue:
    """Show the pack on one organisation: every source by itself, what they come to, and questions for the panel."""
    state = _state()
    if not may_read(me(), g.facts, state):
        abort(404)
    found = found_or_why(g.facts.cycle, Wanted(organisation=g.facts.organisation))
    if isinstance(found, str):
        return nothing(g.facts.cycle, found)
    organisation = found.organisation(g.facts.organisation)
    if organisation is None:
        why = f"{g.facts.organisation_name} has not submitted its audit, so nothing is set beside it yet."
        return nothing(g.facts.cycle, why)
    note_visit(g.facts)
    return _pack(found, organisation, state)


def _state() -> PackState:
    with page() as connection:
        return pack_state(connection, g.facts.id)


def _pack(found: Triangulation, organisation: Organisation, state: PackState) -> str:
    tally = found.by_organisation[organisation.id]
    return render_template(
        "panel_pack.html", facts=g.facts, found=found, organisation=organisation, state=state, limits=LIMITS,
        sentence=agency_sentence(organisation, tally).text, thresholds=_thresholds(found),
        spread=[spread_sentence(organisation, survey).text for survey in organisation.spread],
        assurance=[(label, ASSURANCE_MEANINGS[n], tally.assurance[n]) for n, label in ASSURANCE_LABELS.items()],
        agenda=list(_agenda(found, organisation)),
        others=list(spoken(found, organisation, ("mixed picture", "staff ahead of claim", "agreed gap"))),
        few=list(spoken(found, organisation, ("insufficient responses",))),
        table=tables.sources(found, organisation), may_give=may(Act.GIVE_PACK, g.facts),
        may_return=may(Act.READ_RETURN, g.facts), may_grid=may(Act.TRIANGULATE, g.facts),
    )  # fmt: skip


def _agenda(found: Triangulation, organisation: Organisation) -> Iterator[OnAgenda]:
    for criterion in found.criteria:
        cell = found.cells[organisation.id, criterion.id]
        if cell.assurance == "contested":
            why = tuple(_sources(organisation, criterion, cell))
            yield OnAgenda(criterion.ref, criterion.item.text, why)


def _sources(organisation: Organisation, criterion: MappedCriterion, cell: Cell) -> Iterator[str]:
    """Yield what each source says of a criterion that one of them contradicts."""
    if cell.panel != "not looked at":
        yield f"Panel: {PANEL_LABELS[cell.panel].lower()}, rated {RATED[cell.panel_rating]}."
    if cell.evidence == 0:
        yield "Evidence: it was asked for, and none was found."
    said = " ".join(sentence.text for sentence in cell_sentences(organisation, criterion, cell))
    if said:
        yield f"Staff: {said}"


def _thresholds(found: Triangulation) -> list[str]:
    views = {(v.view.target, v.view.floor, v.view.minimum) for c in found.mapped for v in c.views}
    return [
        f"Target {percent_text(*target.as_integer_ratio())}, floor {percent_text(*floor.as_integer_ratio())}, at least "
        f"{least} answers."
        for target, floor, least in sorted(views)
    ]


def ask_release_pack(return_id: int) -> ResponseReturnValue:
    """Ask before giving a pack to its panel."""
    return _ask(
        "Give this pack to the panel", url_for("release_pack", return_id=return_id), "Give it to the panel",
        "Panel members and chairs in the organisation's areas can read it from then on. The organisation cannot.",
    )  # fmt: skip


def release_pack(return_id: int) -> ResponseReturnValue:
    """Give a pack to its panel."""
    return _give(give_pack.release_pack, "The panel can read this pack.")


def ask_share_pack(return_id: int) -> ResponseReturnValue:
    """Ask before giving a pack to the organisation that it is about."""
    state = _state()
    if state.released_at is None:
        refused(NOT_YET)
        return redirect(url_for("panel_pack", return_id=return_id))
    return _ask(
        "Give this pack to the organisation", url_for("share_pack", return_id=return_id), "Give it to the organisation",
        f"The panel has had it since {day(state.released_at)}. {g.facts.organisation_name} can read it from now on, "
        "with what its staff said.",
    )  # fmt: skip


def share_pack(return_id: int) -> ResponseReturnValue:
    """Give a pack to the organisation that it is about."""
    return _give(give_pack.share_pack, f"{g.facts.organisation_name} can read this pack.")


def _ask(title: str, action: str, button: str, sentence: str) -> str:
    return render_template(
        "confirm.html", title=title, caption=g.facts.organisation_name, paragraphs=[sentence], action=action,
        warning=FOR_GOOD, button=button, problems=[], form=None, fields=[],
        cancel=url_for("panel_pack", return_id=g.facts.id),
    )  # fmt: skip


def _give(work: Callable[..., None], told: str) -> ResponseReturnValue:
    try:
        work(site().engine, g.facts, me().id, now())
        done(told)
    except PackRefused as problem:
        refused(str(problem))
    return redirect(url_for("panel_pack", return_id=g.facts.id))
