"""Let a setting take part in the comparison of its like, leave it, and see where it stood.

Only what works for the setting itself imports this module (an import rule holds that).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from audit_engine.analysis.benchmark import (
    Measure,
    alt_text,
    grades_in_place,
    is_compared,
    measure,
    own_text,
    sentences,
    share_text,
)
from audit_engine.analysis.benchmark_values import Cohort, Place
from audit_engine.reports.setting_compared import Compared, SectionPlace
from audit_engine.response.settings import is_private
from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions
from audit_engine.services.self_audit import OpenAudit, SelfAuditRefused
from audit_engine.services.self_audit_people import phases
from audit_engine.services.self_audit_report import picture_of
from audit_engine.storage import benchmarks, settings
from audit_engine.storage.engine import writing


@dataclass(frozen=True, slots=True)
class Row:
    """One section: the setting's own value, and what may be said of its like.

    ``median`` and ``middle`` are '' where they may not be shown, and ``alt`` where
    there is nothing to draw.
    """

    title: str
    own: str
    median: str
    middle: str
    said: tuple[str, ...]
    alt: str
    place: Place
    cohort: Cohort


@dataclass(frozen=True, slots=True)
class Standing:
    """What a setting sees of the comparison.

    ``rows`` are () until figures were published, and for ever where it did not
    take part.  ``now`` is what would be compared as answers stand today.
    """

    kind: str
    joined_at: datetime | None
    published_at: datetime | None
    rows: tuple[Row, ...]
    counted_as: tuple[str, ...]
    now: tuple[tuple[str, Measure], ...]


def standing_of(connection: Connection, definitions: Definitions, whole: OpenAudit) -> Standing:
    """Return where a setting stands: four statements."""
    return _standing(connection, definitions, whole, benchmarks.entry_of(connection, whole.facts.id))


def _standing(
    connection: Connection, definitions: Definitions, whole: OpenAudit, entry: benchmarks.Entry | None
) -> Standing:
    published = benchmarks.published(connection, whole.facts.cycle)
    placed = (entry.placed if entry else None) or ()
    # The kind is that of the day of publication: changing it later opens nobody else's figures.
    phase = placed[0].kind if placed else _phase(connection, whole)
    frozen = benchmarks.cohorts_of(connection, whole.facts.cycle, phase) if placed else {}
    titles = {s.id: s.title for s in whole.questionnaire.sections}
    rows = tuple(_row(titles[p.section], p, frozen[p.section]) for p in placed if p.section in frozen)
    shown = picture_of(whole)
    return Standing(
        phases(definitions.library.facts).get(phase, phase), entry.joined_at if entry else None,
        published.at if published else None, rows,
        tuple(g.label for g in shown.grades if g.id in grades_in_place(shown.grades)),
        tuple((titles[s.section], measure({**dict(s.graded), "": s.unanswered}, shown.grades)) for s in shown.sections),
    )  # fmt: skip


def _phase(connection: Connection, whole: OpenAudit) -> str:
    setting = settings.setting_of(connection, whole.facts.setting)
    return setting.phase if setting else ""


def _row(title: str, place: Place, cohort: Cohort) -> Row:
    compared = is_compared(place, cohort)
    middle = ""
    if compared and cohort.q1 is not None and cohort.q3 is not None:
        middle = f"{share_text(cohort.q1)} to {share_text(cohort.q3)}"
    median = share_text(cohort.median) if compared and cohort.median is not None else ""
    return Row(
        title, own_text(place), median, middle, tuple(sentences(place, cohort)), alt_text(place, cohort), place, cohort
    )


def comparison_of(connection: Connection, definitions: Definitions, whole: OpenAudit) -> Compared | None:
    """Return what a setting's own report says of its like: one statement where nothing is placed, else three."""
    entry = benchmarks.entry_of(connection, whole.facts.id) if is_private(whole.questionnaire) else None
    return compared_of(_standing(connection, definitions, whole, entry)) if entry and entry.placed else None


def compared_of(standing: Standing) -> Compared | None:
    """Return what a setting's own report says of its like; None unless it takes part and figures were published."""
    if standing.joined_at is None or standing.published_at is None or not standing.rows:
        return None
    return Compared(
        standing.kind, standing.published_at.astimezone(LOCAL).date(), standing.counted_as,
        tuple(SectionPlace(r.title, r.own, r.said, r.alt, r.place, r.cohort) for r in standing.rows),
    )  # fmt: skip


def take_part(engine: Engine, whole: OpenAudit, by: int, now: datetime) -> None:
    """Let the counts of an audit as they stand be compared; again brings them up to date."""
    if not is_private(whole.questionnaire):
        raise SelfAuditRefused("This audit is not compared with others.")
    if not whole.overall.answered:
        raise SelfAuditRefused("There is nothing to compare yet: no statement has a grade.")
    with writing(engine) as connection:
        if benchmarks.published(connection, whole.facts.cycle):
            raise SelfAuditRefused("The figures of this round are published and no longer change.")
        benchmarks.join(connection, whole.facts.id, picture_of(whole).as_json(), by, now)


def stop_taking_part(engine: Engine, audit_id: int) -> None:
    """Take an audit out of the comparison; its counts and its place go, published figures of all stay."""
    with writing(engine) as connection:
        benchmarks.leave(connection, audit_id)
