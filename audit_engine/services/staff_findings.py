"""Gather what a report says of the staff surveys beside an audit, as far as it may be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from audit_engine.analysis.findings import Findings
from audit_engine.analysis.staff_findings import StaffFindings, staff_findings
from audit_engine.analysis.triangulation_values import Triangulation
from audit_engine.analysis.wave_change import WaveComparison
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.compare_waves import compare_surveys
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.services.take_survey import SurveyRefused
from audit_engine.services.triangulate import TriangulationRefused, Wanted, surveys_beside, triangulate
from audit_engine.storage import cycles


def with_staff(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, findings: Findings, now: datetime
) -> Findings:
    """Return findings with what staff said, their figures in the register; nothing of it where none may be shown."""
    staff = _staff(connection, definitions, cycle, Wanted(area=findings.area), now)
    return replace(findings, staff=staff, register=staff.with_figures(findings.register))


def _staff(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, wanted: Wanted, now: datetime
) -> StaffFindings:
    instruments = {
        view.survey for i in definitions.opened(connection, cycle.id).questionnaire.criteria for view in i.staff_view
    }
    surveys = surveys_beside(connection, definitions, cycle, instruments)
    waiting = tuple(surveys.waiting.values())
    try:
        found = triangulate(connection, definitions, cycle, now, wanted, surveys=surveys)
    except TriangulationRefused:
        return StaffFindings(waiting=waiting)
    return staff_findings(found, _waves(connection, definitions, found), waiting)


def _waves(connection: Connection, definitions: Definitions, found: Triangulation) -> dict[str, WaveComparison]:
    """Return the comparison of each survey with the wave that it names as its baseline, where there is one."""
    compared = {}
    for read in found.surveys:
        survey = cycles.cycle_of(connection, read.cycle)
        if survey is None or survey.baseline is None:
            continue
        try:
            compared[read.cycle] = compare_surveys(connection, definitions, survey.baseline, read.cycle, by="")
        except (CycleRefused, SurveyRefused):
            continue  # an earlier wave that cannot be read leaves this one as it is
    return compared
