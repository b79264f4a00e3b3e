"""Can a school look at itself in private, from an address typed in to a report, without anybody being asked or told?"""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.filling import fill_in, last
from tests.browser.running_site import RunningSite
from tests.browser.visitor import NARROW, WIDE, Visitor

pytestmark = pytest.mark.browser

WIDTHS = (NARROW, WIDE)
SCHOOL, LEAD, COLLEAGUE = "Otterfell Test School", "new.dsl@demo.example.org", "new.deputy@demo.example.org"


def come_by_link(visitor: Visitor, email: str, path: str = "/self-audit") -> None:
    """Ask for a link and open it; an invented site shows the link that it would have sent."""
    page = visitor.page
    page.goto(path)
    page.get_by_label("Your work e-mail address").fill(email)
    visitor.press("Send me a link")
    visitor.check()
    visitor.follow("Open the link that would have been sent")
    visitor.check()
    visitor.press("Go on")


def everything_open(visitor: Visitor) -> None:
    visitor.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")


def test_a_school_starts_by_link_answers_and_reads_its_report(visit: Visit, site: RunningSite, script: bool) -> None:
    visitor = visit(script=script)
    visitor.expect("400")
    page = visitor.page
    for path in ("/self-audit", "/self-audit/child-on-child-abuse"):
        page.goto(path)
        visitor.check()
    come_by_link(visitor, LEAD)
    visitor.check()
    page.goto("/self-audit/follow")
    visitor.check()
    page.goto("/self-audit/home")
    visitor.follow("Start for your school or setting")
    visitor.press("Continue")
    assert len(visitor.errors) >= 3
    visitor.check()
    page.get_by_label("Your name").fill("Ada Invented")
    page.get_by_label("Name of your school or setting").fill(SCHOOL)
    page.get_by_label("What kind of school or setting are you?").select_option("Primary school")
    page.get_by_label("E-mail address of the office").fill("office.test@demo.example.org")
    visitor.press("Continue")
    home = page.url
    visitor.check(WIDTHS)
    visitor.follow("Child-on-child abuse: audit tool for schools and colleges 2026")
    visitor.press("Start")
    assert len(visitor.errors) == 3
    visitor.check()
    fill_in(page, last)
    visitor.press("Start")
    tasks = page.url
    visitor.check(WIDTHS)
    _answer_a_section(visitor)
    _write_the_plan(visitor, tasks)
    for path in ("/report", "/answers", "/history", "/sharing", "/where-we-stand"):
        reply = page.goto(tasks + path)
        assert reply is not None and reply.status == 200, path
        visitor.check()
    page.goto(f"{tasks}/report")
    report = page.locator("main").inner_text()
    assert SCHOOL in report and "%" not in report, "counts, no total and no percentage"
    assert "Train the staff" in report
    _look_after_the_school(visitor, home)
    _is_nobody_elses(visit, tasks, home)


def _answer_a_section(visitor: Visitor) -> None:
    page = visitor.page
    page.locator('main a[href*="/sections/"]').first.click()
    section = page.url
    everything_open(visitor)
    fill_in(page)
    visitor.check()
    page.locator('main form button[type="submit"], main form button:not([type])').first.click()
    page.wait_for_load_state()
    assert visitor.errors == []
    page.goto(section.split("?")[0] + "/half-page")
    fill_in(page, words="Invented: what we do well.")
    visitor.check()
    page.locator("main form button").first.click()


def _write_the_plan(visitor: Visitor, tasks: str) -> None:
    page = visitor.page
    page.goto(f"{tasks}/strengths-and-priorities")
    fill_in(page, words="Invented: children are heard")
    visitor.check()
    page.locator("main form button").first.click()
    page.goto(f"{tasks}/action-plan")
    everything_open(visitor)
    page.locator('main form :is(input[type="text"], textarea)').first.fill("Train the staff")
    visitor.check()
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def _look_after_the_school(visitor: Visitor, home: str) -> None:
    page = visitor.page
    for path in ("/details", "/people", "/next-lead", "/delete"):
        page.goto(home + path)
        visitor.check()
    page.goto(f"{home}/people")
    fill_in(page, words=COLLEAGUE)
    page.locator("main form button").first.click()
    visitor.check()


def _is_nobody_elses(visit: Visit, tasks: str, home: str) -> None:
    """Nobody outside the school opens any of it, the business team neither."""
    for who in ("business team", "administrator", "lead", ""):
        other = visit(who)
        other.expect("404")
        for address in (tasks, f"{tasks}/report", home):
            other.page.goto(address)
            assert SCHOOL not in other.page.locator("body").inner_text()
    team = visit("business team")
    team.page.goto("/cycles/child-on-child-abuse-2026/take-up")
    assert SCHOOL not in team.page.locator("body").inner_text()
    team.check(WIDTHS)


def test_a_nursery_looks_at_a_meal_and_takes_one_page_away(visit: Visit, site: RunningSite, script: bool) -> None:
    visitor = visit(script=script)
    visitor.expect("400")
    page = visitor.page
    come_by_link(visitor, "new.nursery@demo.example.org")
    visitor.follow("Start for your school or setting")
    page.get_by_label("Your name").fill("Bo Invented")
    page.get_by_label("Name of your school or setting").fill("Tiny Test Nursery")
    page.get_by_label("What kind of school or setting are you?").select_option(index=9)
    page.get_by_label("E-mail address of the office").fill("office.nursery@demo.example.org")
    visitor.press("Continue")
    visitor.follow("EatSafe mealtime check 2026, with allergies")
    fill_in(page)
    visitor.press("Start")
    tasks = page.url
    page.goto(f"{tasks}/table")
    page.set_viewport_size({"width": NARROW, "height": 640})
    row = page.locator("#eat-F1")
    row.get_by_role("button", name="Not seen").click()
    expect(row.get_by_text("Move children or adults now")).to_be_visible()
    row.get_by_role("button", name="Seen", exact=True).click()
    expect(row.get_by_text("Move children or adults now")).to_be_hidden()
    visitor.check(WIDTHS)
    for path in ("/table/print", "/kitchen", "/change", "/photos"):
        reply = page.goto(tasks + path)
        assert reply is not None and reply.status == 200, path
        visitor.check()
    picture = BytesIO()
    Image.new("RGB", (64, 48), "white").save(picture, "JPEG")
    photo = {"name": "plates.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    page.locator('input[name="photo"]').set_input_files(photo)
    page.locator('select[name="item"]').select_option(index=1)
    page.locator('[name="no_children"]').check()
    visitor.press("Add this photo")
    visitor.check()
    page.locator('main a[href$="/delete"]').first.click()
    visitor.check()
    page.goto(f"{tasks}/table/print")
    page.emulate_media(media="print")
    assert not page.locator(".govuk-back-link").is_visible()


def test_a_school_that_is_compared_sees_where_it_stands_and_may_stop(visit: Visit, site: RunningSite) -> None:
    visitor = visit()
    come_by_link(visitor, "dsl@demo.example.org")
    number = site.rows(
        "select b.audit_id from setting_benchmark b join setting_audit a on a.id = b.audit_id "
        "join setting_member m on m.setting_id = a.setting_id where m.email = 'dsl@demo.example.org'"
    )[0][0]
    for path, heading in (
        ("/where-we-stand", "Where you stand among your like"),
        ("/where-we-stand/stop", "Stop taking part?"),
    ):
        visitor.page.goto(f"/self-audit/audits/{number}{path}")
        assert visitor.heading == heading
        visitor.check(WIDTHS)
