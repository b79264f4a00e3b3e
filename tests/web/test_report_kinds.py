"""Can each kind of report be asked for, by those alone who may, and does the page say what the newest one revised?"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from audit_engine.services.run_cycle import close_cycle
from audit_engine.services.submit import reopen
from audit_engine.storage import outbox, reports
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import DURING
from tests.web.browser import Web, counting, page

AUDIT = "tiny-2026"
LIST = f"/cycles/{AUDIT}/reports"
CLOSED = DURING + timedelta(days=100)


def made(web: Web, kind: str, at: datetime = DURING, met: str = "", work: int | None = None) -> int:
    """Put a report into the list, as the worker does."""
    file = web.world.instance.exports / f"{kind} {at:%Y-%m-%d}.docx"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"a report")
    figure = {
        "id": "overall.met", "kind": "count", "text": met, "source": "ratings of all standards", "base": 9,
        "numerator": int(met or 0),
    }  # fmt: skip
    with writing(web.world.engine) as connection:
        return reports.add_report(
            connection, kind=kind, cycle_id=AUDIT, area=None, work_id=work, file=str(file), sha256="0" * 64,
            cut_off=at, now=at, by=None, figures={"overall.met": figure} if met else {},
        )  # fmt: skip


def test_a_report_that_names_organisations_beside_staff_answers_is_for_those_who_see_that_on_pages(
    own_web: Web,
) -> None:
    number = made(own_web, "staff-view")
    for who, may in (("team", True), ("scrutineer", True), ("executive", False)):
        browser = own_web.as_(who)
        assert (browser.get(f"/reports/{number}").status_code == 200) is may, who
        assert ("staff-view 2026" in page(browser.get(LIST)).text) is may, who
    plain = made(own_web, "analysis")
    assert own_web.as_("executive").get(f"/reports/{plain}").status_code == 200


def test_the_progress_of_such_a_report_and_its_doubts_are_kept_from_the_others_too(own_web: Web) -> None:
    own_web.as_("team").post(LIST, {"kind": "staff-view", "area": ""})
    with reading(own_web.world.engine) as connection:
        (work,) = outbox.latest(connection, "report", 1)
    assert own_web.as_("team").get(f"/report-work/{work['id']}").status_code == 200
    assert own_web.as_("executive").get(f"/report-work/{work['id']}").status_code == 404
    assert "Being made" in page(own_web.as_("team").get(LIST)).text
    assert "Being made" not in page(own_web.as_("executive").get(LIST)).text


def test_the_themes_page_has_a_button_that_asks_the_worker_for_the_paper(own_web: Web) -> None:
    shown = page(own_web.as_("team").get(f"/cycles/{AUDIT}/themes"))
    (form,) = [a for t, a in shown.tags if t == "form" and a.get("action") == LIST]
    assert form["method"] == "post" and "Make this a Word document" in shown.text
    sent = {str(a["name"]): a["value"] for t, a in shown.tags if t == "input" and a.get("type") == "hidden"}
    assert (sent["kind"], sent["area"]) == ("themes", "")
    answer = own_web.as_("team").post(LIST, {"kind": "themes", "area": sent["area"]}, follow_redirects=True)
    assert "Themes and promising practice" in page(answer).text
    assert "Make this a Word document" not in page(own_web.as_("executive").get(f"/cycles/{AUDIT}/themes")).text


def test_the_page_says_what_the_newest_report_revised_and_why(own_web: Web) -> None:
    world = own_web.world
    world.returned("otters", AUDIT)
    close_cycle(world.engine, AUDIT, None, CLOSED)
    made(own_web, "analysis", CLOSED + timedelta(days=1), met="5")
    assert "Revisions" not in page(own_web.as_("team").get(LIST)).text
    later = CLOSED + timedelta(days=2)
    reopen(world.engine, world.return_of("otters").id, "One was wrong", world.somebody, later)
    world.submit("otters", AUDIT, now=later)
    made(own_web, "analysis", CLOSED + timedelta(days=3), met="6")
    with counting(world.engine) as statements:
        shown = page(own_web.as_("executive").get(LIST))
    assert "1 figure differs from the report of" in shown.text
    assert "Amended return: what was submitted last counts." in shown.text
    assert "Otter School: submitted again, 15 January 2027" in shown.text
    assert "Ratings of all standards: met" in shown.text and "5 of 9" in shown.text and "6 of 9" in shown.text
    assert not shown.faults
    assert len(statements.statements) <= 14, statements.statements
    assert Path(world.instance.exports).is_dir()
