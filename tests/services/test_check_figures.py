"""Is a report whose figures do not agree held back until somebody says why it goes out, and is that kept?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from audit_engine.analysis import gathering, participation
from audit_engine.reports.blocks import Document
from audit_engine.services import issue_report as service
from audit_engine.services.check_figures import FiguresDoubted
from audit_engine.services.do_work import do_work
from audit_engine.services.issue_report import Order, ask_anyway, ask_report, issue_report
from audit_engine.storage import cycles, models, outbox, reports
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import DURING, World

ORDER = Order("tiny-2026", "analysis")
LATER = DURING + timedelta(days=2)

pytestmark = pytest.mark.usefixtures("documents")


@pytest.fixture
def returned(own_world: World) -> World:
    """An audit that two organisations returned."""
    own_world.load().open("tiny-2026")
    own_world.returned("otters", "tiny-2026", {"t.A.1": "not-met"})
    own_world.returned("joint", "tiny-2026")
    return own_world


def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one more organisation have returned than are on time or late."""
    own = participation.participation_figures

    def wrong(found: Any, cut_off: Any) -> Any:
        for figure in own(found, cut_off):
            yield replace(figure, value=3, numerator=3, text="3") if figure.id == "returns.returned" else figure

    monkeypatch.setattr(gathering, "participation_figures", wrong)


def issue(world: World, now: datetime = DURING, **change: Any) -> service.Issued:
    return issue_report(world.engine, world.definitions, world.instance, replace(ORDER, **change), now)


def work(world: World, number: int) -> Mapping[str, Any]:
    with reading(world.engine) as connection:
        found = outbox.work_of(connection, number)
    assert found is not None
    return found


def test_a_report_whose_figures_agree_is_issued_and_keeps_every_figure_with_parts_and_source(returned: World) -> None:
    made = issue(returned)
    assert made.doubts == ()
    with reading(returned.engine) as connection:
        kept = {f.figure_id: f.content for f in connection.execute(select(models.figure))}
    assert len(kept) == made.figures
    assert kept["returns.returned"]["text"] == "2"
    placed = kept["table.returns-by-sector.3.3"]
    assert (placed["text"], placed["source"]) == ("2", "Returns by sector: All sectors, Returned")
    assert [part for _, part in placed["parts"]] == ["table.returns-by-sector.1.3", "table.returns-by-sector.2.3"]
    assert {label for label, _ in placed["parts"]} == {"Schools", "Police"}
    assert all(content["source"] for content in kept.values())


def test_figures_that_do_not_agree_hold_a_report_back(returned: World, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch)
    with pytest.raises(FiguresDoubted) as held:
        issue(returned)
    told = str(held.value)
    assert "The report was not issued, because" in told
    assert "3 (table of returns) is made of on time 2 + late 0, which is 2. [returns.returned]" in told
    assert "--despite REASON" in told
    assert returned.count(models.report) == 0
    assert not returned.instance.exports.exists()


def test_a_reason_lets_it_out_and_stands_on_the_cover_in_the_table_and_in_the_trail(
    returned: World, monkeypatch: pytest.MonkeyPatch, documents: list[Document]
) -> None:
    broken(monkeypatch)
    made = issue(returned, despite="  A late return is being typed in ")
    assert made.doubts
    cover = dict(documents[0].control.rows)
    assert cover["Issued all the same because"] == "A late return is being typed in"
    assert "is made of on time 2 + late 0" in cover["Figures that do not agree"]
    with reading(returned.engine) as connection:
        (kept,) = reports.reports_of(connection, "tiny-2026")
    assert (kept["issued_because"], len(kept["doubts"])) == ("A late return is being typed in", len(made.doubts))
    assert returned.count(models.trail, event="report issued although figures do not agree") == 1


def test_a_document_without_doubts_has_no_such_rows(returned: World, documents: list[Document]) -> None:
    issue(returned, despite="Just in case")
    assert "Figures that do not agree" not in dict(documents[0].control.rows)
    with reading(returned.engine) as connection:
        assert reports.reports_of(connection, "tiny-2026")[0]["doubts"] is None


def test_the_worker_hands_the_doubts_to_somebody_and_carries_out_the_decision(
    returned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    number = ask_report(returned.engine, "tiny-2026", "analysis", None, returned.somebody, DURING)
    assert do_work(returned.engine, returned.definitions, returned.instance, number)
    first = work(returned, number)
    assert "report" not in first["result"]
    assert first["result"]["doubts"][0]["figure"] == "returns.returned"
    with reading(returned.engine) as connection:
        assert [w["id"] for w in reports.waiting_for(connection, "tiny-2026")] == [number]
    again = ask_anyway(returned.engine, first, "Known", returned.somebody, DURING)
    assert ask_anyway(returned.engine, first, "Twice", returned.somebody, DURING) == again
    assert do_work(returned.engine, returned.definitions, returned.instance, again)
    assert work(returned, again)["result"]["report"]
    with reading(returned.engine) as connection:
        assert reports.waiting_for(connection, "tiny-2026") == ()
        assert reports.reports_of(connection, "tiny-2026")[0]["issued_because"] == "Known"


def closed(world: World) -> None:
    with writing(world.engine) as connection:
        cycles.change_cycle(connection, "tiny-2026", closed_at=DURING)


def test_a_figure_that_was_issued_otherwise_after_closing_is_a_doubt(returned: World) -> None:
    closed(returned)
    issue(returned)
    assert issue(returned, now=LATER).doubts == ()
    returned.panel("otters", "tiny-2026", "t.A.1", "met")
    with pytest.raises(FiguresDoubted, match="was issued as"):
        issue(returned, now=LATER)
    assert issue(returned, now=LATER, despite="The panel has met").doubts


def test_while_an_audit_is_open_its_figures_may_move(returned: World) -> None:
    issue(returned)
    returned.panel("otters", "tiny-2026", "t.A.1", "met")
    assert issue(returned, now=LATER).doubts == ()


def test_another_areas_report_is_another_document(returned: World) -> None:
    closed(returned)
    issue(returned)
    assert issue(returned, area="south", now=LATER).doubts == ()
