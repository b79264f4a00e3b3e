"""Is a report whose figures do not agree shown with its doubts, and issued only for a reason?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from audit_engine.services import do_work as service
from audit_engine.services.do_work import claim_work, do_work
from audit_engine.storage import outbox, reports
from audit_engine.storage.engine import reading, writing
from tests.web.browser import Web, page

DOUBT = {"figure": "returns.returned", "sentence": "3 (table of returns) is made of on time 2, which is 2."}
LIST = "/cycles/tiny-2026/reports"


@pytest.fixture
def doubted(own_web: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """A site whose report is doubted until a reason is given."""
    own_web.world.returned("otters", "tiny-2026")
    file = own_web.world.instance.exports / "tiny-2026" / "report.docx"

    def issue(engine: Any, _d: Any, _i: Any, work: Mapping[str, Any], now: datetime, _s: Any) -> dict[str, Any]:
        despite = work["payload"].get("despite", "")
        if not despite:
            return {"doubts": [DOUBT]}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"a report")
        with writing(engine) as connection:
            number = reports.add_report(
                connection, kind="analysis", cycle_id="tiny-2026", area=None, work_id=work["id"], file=str(file),
                sha256="0" * 64, cut_off=now, now=now, by=work["asked_by"], figures={},
            )  # fmt: skip
            reports.add_doubts(connection, number, [DOUBT], despite, work["asked_by"], now)
        return {"report": number}

    monkeypatch.setattr(service, "KINDS", {"report": issue})
    own_web.as_("team").post(LIST, {"kind": "analysis", "area": ""})
    carry_out(own_web)
    return own_web


def carry_out(web: Web) -> None:
    for number in claim_work(web.world.engine):
        assert do_work(web.world.engine, web.world.definitions, web.world.instance, number)


def work_page(web: Web) -> str:
    with reading(web.world.engine) as connection:
        (work,) = outbox.latest(connection, "report", 1)
    return f"/report-work/{work['id']}"


def test_the_doubts_stand_on_the_page_and_nothing_is_issued(doubted: Web) -> None:
    answer = doubted.as_("team").get(work_page(doubted))
    shown = page(answer)
    assert "Needs your decision" in shown.text
    assert DOUBT["sentence"] in shown.text
    assert shown.named("reason")
    assert "Refresh" not in answer.headers
    assert not shown.faults
    assert "None yet." in page(doubted.as_("team").get(LIST)).text


def test_it_waits_in_the_list_for_a_decision(doubted: Web) -> None:
    shown = page(doubted.as_("team").get(LIST))
    assert work_page(doubted) in shown.links()
    assert "Needs your decision" in shown.text


def test_without_a_reason_it_stays_where_it_is(doubted: Web) -> None:
    answer = doubted.as_("team").post(work_page(doubted), {"reason": "  "})
    assert answer.status_code == 400
    assert "#reason" in page(answer).links()


def test_a_reason_issues_it_and_stays_beside_it(doubted: Web) -> None:
    team, before = doubted.as_("team"), work_page(doubted)
    moved = team.post(before, {"reason": "A late return"})
    assert moved.location != before
    carry_out(doubted)
    assert "It is ready." in page(team.get(moved.location)).text
    shown = page(team.get(LIST))
    assert "Issued although 1 figure does not agree: A late return" in shown.text
    assert before not in shown.links()


def test_deciding_twice_issues_once(doubted: Web) -> None:
    team, before = doubted.as_("team"), work_page(doubted)
    first = team.post(before, {"reason": "One"}).location
    assert team.post(before, {"reason": "Two"}).location == first


@pytest.mark.parametrize("name", ["executive", "scrutineer"])
def test_who_only_reads_reports_sees_the_doubts_and_decides_nothing(doubted: Web, name: str) -> None:
    reader = doubted.as_(name)
    shown = page(reader.get(work_page(doubted)))
    assert DOUBT["sentence"] in shown.text
    assert not shown.named("reason")
    assert reader.post(work_page(doubted), {"reason": "Mine"}).status_code == 404


def test_work_that_is_not_doubted_cannot_be_issued_this_way(own_web: Web) -> None:
    with writing(own_web.world.engine) as connection:
        payload = {"cycle": "tiny-2026", "kind": "analysis", "area": None}
        number = outbox.ask(connection, "report", "k", payload, None, datetime.now(UTC))
    answer = own_web.as_("team").post(f"/report-work/{number}", {"reason": "x"})
    assert answer.location == f"/report-work/{number}"
    with reading(own_web.world.engine) as connection:
        assert len(outbox.latest(connection, "report")) == 1
