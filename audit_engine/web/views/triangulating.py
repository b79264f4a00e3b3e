"""Show what staff said beside the ratings: the grid of an audit, and one criterion through several lenses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit_engine.analysis.triangulation import CLASSES, ClassName
from audit_engine.analysis.triangulation_json import as_json
from audit_engine.analysis.triangulation_values import Cell, Lens, MappedCriterion, Organisation, Triangulation
from audit_engine.analysis.triangulation_wording import (
    CLASS_MEANINGS,
    LETTERS,
    LIMITS,
    SHORT_LABELS,
    SLUGS,
    cell_sentences,
    overall_sentences,
)
from audit_engine.reports import triangulation as tables
from audit_engine.reports.blocks import Table
from audit_engine.response.cycles import CycleFacts
from audit_engine.response.permissions import Act
from audit_engine.services.clock import now
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.services.show_triangulation import as_csv
from audit_engine.services.triangulate import UnknownFilter, Wanted, return_ids, through_lenses, triangulate
from audit_engine.storage import partnership
from audit_engine.storage.engine import reading
from audit_engine.web.addresses import is_shown
from audit_engine.web.block_pages import handed_out, with_table
from audit_engine.web.page_filters import plural
from audit_engine.web.site import page, site
from audit_engine.web.views.reporting import area_choices

Choices = list[tuple[str, str]]
ON_A_PAGE, LISTED, LAST_PAGE = 50, 60, 10_000
FLAG: ClassName = "claimed but not seen by staff"


@dataclass(frozen=True, slots=True)
class Tile:
    """A cell of the grid: a letter with a look; '' where another result was asked for."""

    letter: str
    look: str


@dataclass(frozen=True, slots=True)
class Row:
    """An organisation of the grid; its name leads to its pack."""

    name: str
    href: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said of one criterion of one organisation."""

    organisation: str
    ref: str
    text: str
    label: str
    sentences: tuple[str, ...]


def triangulation(cycle_id: str) -> ResponseReturnValue:
    """Show the grid of organisations and criteria, filtered as the address says."""
    slug = request.args.get("class", "")
    cls = SLUGS.get(slug) if slug else None
    if slug and cls is None:
        abort(404)
    wanted = _wanted()
    found = found_or_why(g.cycle, wanted)
    if isinstance(found, str):
        return nothing(g.cycle, found)
    style = request.args.get("format")
    if style == "json":
        return jsonify(as_json(found, cls))
    if style == "csv" and not with_table():
        return Response(as_csv(found, cls), mimetype="text/csv", headers={"Content-Disposition": "attachment"})
    return handed_out(_tables(found, found.organisations)) or _grid(found, wanted, slug)


def _tables(found: Triangulation, organisations: Sequence[Organisation]) -> list[Table]:
    """Return the counts by criterion and by these organisations; none where nothing could be compared."""
    if not found.mapped or not organisations:
        return []
    return [tables.by_criterion(found), tables.by_organisation(found, organisations)]


def found_or_why(cycle: CycleFacts, wanted: Wanted) -> Triangulation | str:
    """Return the triangulation, or a sentence that says why there is none."""
    with reading(site().engine) as connection:
        try:
            return triangulate(connection, site().definitions, cycle, now(), wanted)
        except UnknownFilter:
            abort(404)
        except CycleRefused as problem:
            return str(problem)


def nothing(cycle: CycleFacts, why: str) -> str:
    """Return the page of an audit beside which nothing stands yet."""
    return render_template("triangulation_none.html", cycle=cycle, why=why)


def _wanted() -> Wanted:
    """Return what the address asks for; the area is one that the person may see."""
    choices = [value for value, _ in area_choices(Act.TRIANGULATE)]
    area = request.args.get("area", "")
    if not choices or (area and area not in choices):
        abort(404)
    is_shown(area=area or choices[0])
    return Wanted(area or choices[0] or None, request.args.get("sector") or None, request.args.get("standard") or None)


def _grid(found: Triangulation, wanted: Wanted, slug: str) -> str:
    cls = SLUGS[slug] if slug else None
    number = min(max(request.args.get("page", 1, type=int) or 1, 1), LAST_PAGE)
    shown = found.organisations[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    said = [one for o in found.organisations for one in spoken(found, o, (cls or FLAG,))]
    address = _address(wanted, slug)
    pages = range(1, -(-len(found.organisations) // ON_A_PAGE) + 1)
    return render_template(
        "triangulation.html", cycle=g.cycle, found=found, filters=_filters(wanted, slug), limits=LIMITS,
        sentences=[s.text for s in overall_sentences(found)], key=_key(found), caption=_caption(found),
        criteria=[(c, url_for("triangulated_criterion", criterion_id=c.id, **_here(wanted))) for c in found.mapped],
        rows=list(_rows(found, shown, cls)), spoken=said[:LISTED], more=max(0, len(said) - LISTED),
        spoken_title=SHORT_LABELS[cls] if cls else "Questions for the panel",
        blocks=_tables(found, shown),
        pages=[(n, url_for("triangulation", **address, page=n), n == number) for n in pages],
        csv_href=url_for("triangulation", **address, format="csv"),
        json_href=url_for("triangulation", **address, format="json"),
    )  # fmt: skip


def _here(wanted: Wanted) -> dict[str, Any]:
    return {"cycle_id": g.cycle.id} | ({"area": wanted.area} if wanted.area else {})


def _address(wanted: Wanted, slug: str) -> dict[str, Any]:
    """Return the parts of an address that shows the same, to be shared."""
    chosen = {"sector": wanted.sector, "standard": wanted.standard, "class": slug}
    return _here(wanted) | {name: value for name, value in chosen.items() if value}


def _filters(wanted: Wanted, slug: str) -> list[tuple[str, str, Choices, str]]:
    with page() as connection:
        sectors = partnership.sectors(connection)
        sections = site().definitions.opened(connection, g.cycle.id).questionnaire.sections
    return [
        ("area", "Area", area_choices(Act.TRIANGULATE), wanted.area or ""),
        ("sector", "Kind of organisation", [("", "All kinds"), *sectors.items()], wanted.sector or ""),
        ("standard", "Standard", [("", "All standards"), *((s.id, s.title) for s in sections)], wanted.standard or ""),
        ("class", "Result", [("", "All results"), *((s, SHORT_LABELS[c]) for s, c in SLUGS.items())], slug),
    ]  # fmt: skip


def _key(found: Triangulation) -> list[tuple[Tile, str, str, int]]:
    """Return what each letter means, and how often it stands in the grid."""
    return [(_tile(c), SHORT_LABELS[c], CLASS_MEANINGS[c], found.overall.classes[c]) for c in CLASSES]


def _rows(found: Triangulation, organisations: Sequence[Organisation], cls: ClassName | None) -> Iterator[Row]:
    with page() as connection:
        numbers = return_ids(connection, found.cycle)
    for organisation in organisations:
        cells: list[Cell] = [found.cells[organisation.id, c.id] for c in found.mapped]
        tiles = tuple(_tile(cell.cls) if cls in (None, cell.cls) else Tile("", "none") for cell in cells)
        yield Row(organisation.name, url_for("panel_pack", return_id=numbers[organisation.id]), tiles)


def _tile(cls: ClassName) -> Tile:
    return Tile(LETTERS[cls], next(slug for slug, name in SLUGS.items() if name == cls))


def _caption(found: Triangulation) -> str:
    across = plural(len(found.mapped), "criterion", "criteria")
    return f"{plural(len(found.organisations), 'organisation')} by {across}, a letter each"


def spoken(found: Triangulation, organisation: Organisation, classes: Sequence[ClassName]) -> Iterator[Spoken]:
    """Yield what is said of an organisation's criteria that came out as one of these."""
    for criterion in found.mapped:
        cell = found.cells[organisation.id, criterion.id]
        if cell.cls in classes:
            sentences = tuple(s.text for s in cell_sentences(organisation, criterion, cell)) or (cell.why,)
            yield Spoken(organisation.name, criterion.ref, criterion.item.text, SHORT_LABELS[cell.cls], sentences)


def triangulated_criterion(cycle_id: str, criterion_id: str) -> ResponseReturnValue:
    """Show one criterion through several lenses: what organisations said, what staff said, what others said."""
    wanted = _wanted()
    with reading(site().engine) as connection:
        try:
            found, lenses = through_lenses(connection, site().definitions, g.cycle, now(), wanted, criterion_id)
        except UnknownFilter:
            abort(404)
        except CycleRefused as problem:
            return nothing(g.cycle, str(problem))
    criterion = found.criterion(criterion_id)
    if criterion is None or not criterion.views:
        abort(404)
    return _criterion(found, criterion, lenses, wanted)


def _of_one_wording(lenses: Sequence[Lens]) -> list[list[Lens]]:
    """Return the lenses put together by what was asked, in order."""
    found: dict[str, list[Lens]] = {}
    for lens in lenses:
        found.setdefault(" ".join(lens.text.split()), []).append(lens)
    return list(found.values())


def _criterion(found: Triangulation, criterion: MappedCriterion, lenses: Sequence[Lens], wanted: Wanted) -> str:
    return render_template(
        "triangulated_criterion.html", cycle=g.cycle, found=found, criterion=criterion, lenses=lenses, limits=LIMITS,
        tally=found.by_criterion[criterion.id], ratings=tables.ratings_table(found, criterion),
        together=[tables.lens_table(same) for same in _of_one_wording(lenses)],
        sectors=[tables.of_sectors(found, lens) for lens in lenses if lens.is_mapped],
        organisations=tables.of_organisations(found, criterion) if found.organisations else None,
        filters=[("area", "Area", area_choices(Act.TRIANGULATE), wanted.area or "")],
        back=url_for("triangulation", **_here(wanted)),
    )  # fmt: skip
