"""Can an organisation enter its cases, have one read twice, see the tally grow and submit, without a name anywhere?"""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit
from tests.browser.filling import fill_in, last
from tests.browser.running_site import OTTERFELL, RunningSite
from tests.browser.visitor import NARROW, WIDE, Visitor

pytestmark = pytest.mark.browser

CYCLE = "case-files-2026"
WIDTHS = (NARROW, WIDE)


def test_two_cases_are_entered_counted_and_one_is_read_twice(visit: Visit, site: RunningSite, script: bool) -> None:
    visitor = visit("lead", script=script)
    visitor.expect("400")
    page, home = visitor.page, f"/returns/{site.return_of(OTTERFELL, CYCLE)}"
    page.goto(home)
    visitor.check()
    before = page.locator('main a[href*="/cases/"]').count()
    visitor.press("Add this case")
    assert visitor.errors
    visitor.check()
    for reference in ("T1001", "T1002"):
        _enter(visitor, home, reference)
    page.goto(home)
    assert page.locator('main a[href*="/cases/"]').count() == before + 2
    for path in ("/tally", "/check-cases", "/print-cases"):
        page.goto(home + path)
        visitor.check()
    page.goto(home)
    visitor.follow("T1001")
    case = page.url
    for path in ("/reference", "/remove"):
        page.goto(case + path)
        visitor.check()
    _read_again(visit, case, script=script)
    page.goto(f"{case}/reference")
    page.get_by_role("textbox").first.fill("T2001")
    page.locator("main form button").first.click()
    page.goto(home)
    assert page.get_by_role("link", name="T2001").count() == 1


def _read_again(visit: Visit, case: str, *, script: bool) -> None:
    """Let a colleague rate a case apart, give it up once, compare and write down what both agree on."""
    colleague = visit("colleague", script=script)
    colleague.expect("400")
    page = colleague.page
    page.goto(f"{case}/second")
    colleague.press("Begin")
    assert colleague.errors
    colleague.check()
    page.get_by_label("I have not seen how this case was rated").check()
    colleague.press("Begin")
    colleague.check()
    page.goto(f"{case}/second/give-up")
    colleague.check()
    page.goto(f"{case}/second")
    fill_in(page, last, "Invented: seen otherwise")
    colleague.press("Finish")
    assert colleague.errors == []
    colleague.check(WIDTHS)
    page.get_by_role("textbox").first.fill("Invented: we agreed on the lower rating")
    colleague.press("Save the note")
    colleague.check()


def _enter(visitor: Visitor, home: str, reference: str) -> None:
    """Add a case and answer every part of it."""
    page = visitor.page
    page.goto(home)
    page.get_by_label("Reference of the case").fill(reference)
    visitor.press("Add this case")
    page.goto(home)
    visitor.follow(reference)
    parts = page.locator('main a[href*="/parts/"]').evaluate_all("(links) => links.map((a) => a.href)")
    assert len(parts) == 4
    for address in parts:
        page.goto(address)
        fill_in(page, last if "/parts/case" in address else lambda values: values[0])
        if reference == "T1001":
            visitor.check()
        with page.expect_navigation():
            page.locator('main form button[name="then"]').first.click()
        assert visitor.errors == []


def test_the_business_team_reads_what_the_cases_say_together(visit: Visit, site: RunningSite) -> None:
    visitor = visit("business team")
    visitor.page.goto(f"/cycles/{CYCLE}/cases")
    visitor.check(WIDTHS)
    text = visitor.page.locator("main").inner_text()
    assert "D4411" not in text, "no reference of a case leaves its organisation"
