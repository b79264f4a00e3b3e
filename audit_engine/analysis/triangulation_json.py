"""How is a triangulation written as plain values, for files and other programs?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit_engine.analysis.disclosure import Figure
from audit_engine.analysis.triangulation import ClassName
from audit_engine.analysis.triangulation_staff import CONSISTENT, StaffAnswers
from audit_engine.analysis.triangulation_values import (
    Cell,
    MappedCriterion,
    MappedView,
    Organisation,
    Seen,
    Tally,
    Triangulation,
)
from audit_engine.analysis.triangulation_wording import (
    LIMITS,
    NOT_THIS_ORGANISATION,
    agency_sentence,
    cell_sentences,
    overall_sentences,
)

Json = dict[str, object]
COLUMNS = (
    "cycle", "organisation", "organisation_name", "sector", "standard", "criterion", "criterion_text", "own_rating",
    "panel", "panel_rating", "evidence_grade", "evidence_expired", "survey", "question", "question_role", "consistent",
    "answered", "percent", "lower", "upper", "staff_view", "class", "assurance", "sector_consistent",
    "sector_answered", "sector_note", "why_not_compared", "sentence",
)  # fmt: skip


def as_json(found: Triangulation, cls: ClassName | None = None) -> Json:
    """Return the whole triangulation as plain values; ``cls`` keeps the comparisons of one class.

    Shares are unrounded.  What may not be seen is None, with the symbol that
    stands for it.
    """
    return {
        "cycle": found.cycle,
        "title": found.title,
        "area": found.area,
        "mapping_locked": found.locked,
        "surveys": [
            {"cycle": s.cycle, "title": s.title, "questionnaire": s.questionnaire, "version": s.version}
            for s in found.surveys
        ],
        "organisations_not_returned": found.not_returned,
        "comparisons": found.comparisons,
        "false_flags_at_most": float(found.false_flags),
        "overall": _tally(found.overall),
        "sentences": [sentence.text for sentence in overall_sentences(found)],
        "limits": LIMITS,
        "criteria": [_criterion(found, criterion) for criterion in found.mapped],
        "organisations": [_organisation(found, organisation) for organisation in found.organisations],
        "cells": [_cell(*row) for row in found.rows(cls)],
    }


def _tally(tally: Tally) -> Json:
    return {
        "classes": dict(tally.classes),
        "met": tally.met,
        "tested": tally.tested,
        "corroborated": tally.corroborated,
        "claimed_not_seen": tally.claimed_not_seen,
        "assurance": dict(tally.assurance),
    }


def _criterion(found: Triangulation, criterion: MappedCriterion) -> Json:
    return {
        "id": criterion.id,
        "ref": criterion.ref,
        "text": criterion.item.text,
        "standard": criterion.item.section,
        "views": [_view(view) for view in criterion.views],
        **_tally(found.by_criterion[criterion.id]),
    }


def _view(view: MappedView) -> Json:
    said = view.view
    return {
        "survey": said.survey,
        "question": said.item,
        "text": view.text,
        "consistent_answers": list(view.answers.wording if view.answers else said.consistent),
        "target": float(said.target),
        "floor": float(said.floor),
        "least_answers": said.minimum,
        "dont_know": said.dont_know,
        "role": said.role,
        "why_not": view.why,
        "everybody": _figure(view.answers.whole.figure(CONSISTENT)) if view.answers else None,
        "by_sector": _by_sector(view.answers) if view.answers else {},
    }


def _by_sector(answers: StaffAnswers) -> Json:
    return {sector: _figure(released.figure(CONSISTENT)) for sector, released in answers.sectors.items()}


def _figure(figure: Figure | None) -> Json | None:
    if figure is None:
        return None
    if figure.count is None or figure.base is None:
        return {"count": None, "base": None, "share": None, "symbol": figure.number}
    return {"count": figure.count, "base": figure.base, "share": figure.count / figure.base, "symbol": ""}


def _organisation(found: Triangulation, organisation: Organisation) -> Json:
    tally = found.by_organisation[organisation.id]
    return {
        "id": organisation.id,
        "name": organisation.name,
        "sector": organisation.sector,
        "areas": list(organisation.areas),
        "took_part": list(organisation.took_part),
        "one_team": {survey: spread.team for survey, spread in organisation.spread.items()},
        "sentence": agency_sentence(organisation, tally).text,
        **_tally(tally),
    }


def _cell(organisation: Organisation, criterion: MappedCriterion, cell: Cell) -> Json:
    return {
        "organisation": organisation.id,
        "criterion": criterion.id,
        "own_rating": cell.claim,
        "panel": cell.panel,
        "panel_rating": cell.panel_rating,
        "evidence_grade": cell.evidence,
        "evidence_expired": cell.evidence_expired,
        "staff": [_seen(seen) for seen in cell.views],
        "staff_view": cell.level,
        "class": cell.cls,
        "capped_because_of_one_team": cell.capped,
        "assurance": cell.assurance,
        "why_not_compared": cell.why,
        "sentences": [s.text for s in cell_sentences(organisation, criterion, cell)],
    }


def _seen(seen: Seen) -> Json:
    return {
        "consistent": _figure(seen.figure),
        "lower": seen.lower,
        "upper": seen.upper,
        "staff_view": seen.level,
        "sector_not_this_organisation": _figure(seen.sector),
    }


def rows_of(found: Triangulation, cls: ClassName | None = None) -> Iterator[tuple[object, ...]]:
    """Yield a flat row, in the order of COLUMNS, for each question set beside a rating, and one where none is."""
    for organisation, criterion, cell in found.rows(cls):
        said = " ".join(sentence.text for sentence in cell_sentences(organisation, criterion, cell))
        head: tuple[object, ...] = (
            found.cycle, organisation.id, organisation.name, organisation.sector, criterion.item.section, criterion.id,
            criterion.item.text, cell.claim, cell.panel, cell.panel_rating,
            "" if cell.evidence is None else cell.evidence, "yes" if cell.evidence_expired else "",
        )  # fmt: skip
        tail = (cell.cls, cell.assurance or "")
        for view, seen in _pairs(criterion, cell):
            yield (*head, *_said_by_staff(view, seen), *tail, *_of_sector(seen), cell.why, said)


def _pairs(criterion: MappedCriterion, cell: Cell) -> Sequence[tuple[MappedView | None, Seen]]:
    if not criterion.views:
        return [(None, Seen(None))]
    return list(zip(criterion.views, cell.views, strict=True))


def _said_by_staff(view: MappedView | None, seen: Seen) -> tuple[object, ...]:
    if view is None:
        return ("",) * 9
    figure, said = seen.figure, view.view
    shown: tuple[object, ...] = ("", "", "")
    if figure is not None:
        base = figure.base if figure.count is not None else figure.number
        shown = (figure.number.replace(",", ""), base, figure.percent)
    return (said.survey, said.item, said.role, *shown, _limit(seen.lower), _limit(seen.upper), seen.level or "")


def _limit(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _of_sector(seen: Seen) -> tuple[object, ...]:
    if seen.sector is None:
        return ("", "", "")
    return (seen.sector.count, seen.sector.base, NOT_THIS_ORGANISATION)
