"""Does a rating beside its staff's answers come out as the auditor says?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from audit_engine.analysis.triangulation_grid import Graded
from audit_engine.analysis.triangulation_values import Triangulation
from audit_engine.analysis.triangulation_wording import cell_sentences
from audit_engine.definition.faults import FaultLog
from audit_engine.definition.loading import loaded
from tests.analysis.beside import TODAY, counted, from_teams, said, together, view, views_of
from tests.analysis.by_hand import ratings

HERE = Path(__file__).parent / "triangulation"
KEYS = {
    "title", "reason", "rating", "staff", "sector", "panel", "evidence", "evidence_months_old", "target", "floor",
    "least", "gives",
}  # fmt: skip
LETTERS = {"met": "M", "partly-met": "P", "not-met": "N", "not-applicable": "NA", "blank": "-"}
THIS, CRITERION = "otters", "s11.A.1"


def cases() -> list[Any]:
    found = []
    for path in sorted(HERE.glob("*.yaml")):
        text = "cases:\n" + path.read_text(encoding="utf-8")
        for case in loaded(text, FaultLog(path.name)).values["cases"]:
            found.append(pytest.param(case, id=f"{path.stem}: {case['title']}"))
    return found


def counts(staff: Mapping[str, Any]) -> dict[Any, int]:
    answered, consistent = int(staff["answered"]), int(staff["consistent"])
    team = int(staff.get("one_team", 0))
    return said(consistent, answered - consistent) | (from_teams(team, answered - team) if team else {})


def laid_out(case: Mapping[str, Any]) -> Triangulation:
    """Return an audit of one criterion, rated by this organisation and by others of its sector."""
    thresholds = {"target": Decimal(case.get("target", "0.75")), "floor": Decimal(case.get("floor", "0.50"))}
    audit = views_of({"A.1": (view(minimum=int(case.get("least", 11)), **thresholds),)})
    own = LETTERS[case["rating"]]
    table: dict[str, list[str]] = {THIS: [LETTERS[case["panel"]] if "panel" in case else own]}
    rated = ratings(audit, table, own={THIS: [own]} if "panel" in case else None, names={THIS: "Otters"})
    others = {f"other-{n}": counts(staff) for n, staff in enumerate(case.get("sector", ()))}
    invited = {THIS: int(case["staff"]["of"])} if "of" in case["staff"] else {}
    survey = counted({THIS: counts(case["staff"]), **others}, invited=invited)
    months = int(case.get("evidence_months_old", 0))
    year, month = divmod(TODAY.year * 12 + TODAY.month - 1 - months, 12)
    on = TODAY.replace(year=year, month=month + 1)
    graded = {(THIS, CRITERION): Graded(int(case["evidence"]), on)} if "evidence" in case else {}
    return together(rated, survey, graded)


@pytest.mark.parametrize("case", cases())
def test_a_case_comes_out_as_the_auditor_says(case: Mapping[str, Any]) -> None:
    assert set(case) <= KEYS
    assert case["reason"]
    found = laid_out(case)
    cell = found.cells[THIS, CRITERION]
    sentences = [s.text for s in cell_sentences(found.organisations[0], found.criteria[0], cell)]
    gives = dict(case["gives"])
    shown = {"class": cell.cls, "staff_view": cell.level, "assurance": cell.assurance, "why": cell.why}
    if "sentence" in gives:
        assert gives.pop("sentence") in sentences
    if "no_sentence" in gives:
        words = gives.pop("no_sentence")
        assert not [sentence for sentence in sentences if words in sentence]
    assert {name: shown[name] for name in gives} == gives
