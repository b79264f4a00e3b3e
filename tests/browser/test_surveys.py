"""Can anybody answer a survey on a phone: learn what becomes of it, stop, go on, mend what is wrong, send it once?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from audit_engine.definition.library import Library
from audit_engine.services import clock, run_cycle
from tests.browser.conftest import Visit
from tests.browser.filling import answer_every_page, fill_in, first, last
from tests.browser.running_site import QUILLHAVEN, RunningSite
from tests.browser.survey_cycles import address, plan, replies
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

#: Surveys of people that are open in the demonstration.
OPEN = ("escalation-awareness-2026", "ehe-knowledge-2026")
CODE = re.compile(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}")


def waiting(site: RunningSite, cycle: str) -> int:
    return int(site.rows("select count(*) as n from survey_sealed_reply where cycle_id = :c", c=cycle)[0].n)


def test_a_survey_is_begun_left_gone_on_with_checked_and_sent_once(
    visit: Visit, site: RunningSite, script: bool
) -> None:
    cycle, visitor = OPEN[0], visit(script=script)
    visitor.expect("400")
    before = replies(site, cycle)
    visitor.page.goto(address(site, cycle))
    begun, code = _begin_and_leave(visitor)

    other = visit(script=script)  # another telephone, or the same one tomorrow
    other.expect("400")
    other.page.goto(address(site, cycle))
    _go_on(other, code)
    other.page.goto(begun)
    _answer_check_and_send(other)
    thanks = other.page.url
    assert thanks.endswith("/thanks")
    other.page.go_back()
    other.page.goto(thanks.replace("/thanks", "/check"))
    assert other.page.url == thanks, "what was sent is not sent again"
    assert (replies(site, cycle), waiting(site, cycle)) == (before + 1, 1)
    visitor.page.reload()
    assert visitor.page.url.endswith("/thanks"), "the first telephone learns that it was sent"


def _begin_and_leave(visitor: Visitor) -> tuple[str, str]:
    """Begin, answer one page and leave for later; return the page of the questions and the code to go on with."""
    page = visitor.page
    assert "Nobody can tell which answers are yours" in page.locator("h2").all_inner_texts()
    assert "is not the place to report" in page.locator("main").inner_text()
    visitor.check()
    visitor.press("Start")
    begun = page.url
    visitor.check()
    with page.expect_navigation():
        page.locator('button[value="next"]').click()
    required = visitor.errors
    if required:
        assert page.title().startswith("Error: ")
        visitor.check()
    fill_in(page)
    with page.expect_navigation():
        page.locator('button[value="later"]').click()
    code = CODE.search(page.locator("main").inner_text())
    assert code is not None and page.url.endswith("/later")
    visitor.check()
    return begun, code[0]


def _go_on(visitor: Visitor, code: str) -> None:
    """Go on with the code, after a wrong one, and typed as people type."""
    page = visitor.page
    visitor.follow("Go on with a code that you were given before")
    visitor.check()
    page.get_by_label("Your code").fill("7K2M-QX4P-9TRW-3HVD")
    page.locator("main form button").first.click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    visitor.check()
    page.get_by_label("Your code").fill(code.lower().replace("-", " "))
    with page.expect_navigation():
        page.locator("main form button").first.click()


def _answer_check_and_send(visitor: Visitor) -> None:
    """Answer the rest, go back to one answer from the summary, and send."""
    page = visitor.page
    seen = answer_every_page(visitor, last)
    assert seen
    visitor.check()
    summary = page.locator(".govuk-summary-list__row").count()
    assert summary > 5 and "Not answered" not in page.locator("main").inner_text()
    with page.expect_navigation():
        page.locator(".govuk-summary-list a").first.click()
    visitor.check()
    with page.expect_navigation():
        page.locator('button[value="next"]').click()
    visitor.press("Send your answers")
    visitor.check()


def test_a_link_that_leads_nowhere_or_to_a_survey_that_closed_says_so(
    visit: Visit, site: RunningSite, script: bool
) -> None:
    visitor = visit(script=script)
    visitor.expect("404", "409")
    page, link = visitor.page, address(site, OPEN[1])
    page.goto(link)
    visitor.press("Start")
    fill_in(page)
    site.change("update cycle set closed_at = opens_at where id = :c", c=OPEN[1])
    with page.expect_navigation():
        page.locator('button[value="next"]').click()
    assert "closed" in page.locator("main").inner_text()
    visitor.check()
    page.goto(link)
    assert "closed" in visitor.heading.lower()
    visitor.check()
    site.change("update cycle set closed_at = null, opened_at = null where id = :c", c=OPEN[1])
    page.goto(link)
    assert "not opened yet" in page.locator("main").inner_text().lower()
    visitor.check()
    page.goto("/s/nothing234567")
    visitor.check()
    assert page.locator("main form button", has_text="Start").count() == 0


@pytest.fixture
def every_survey(site: RunningSite) -> list[str]:
    """Open the newest version of every survey of people that ships and is not open in the demonstration."""
    library = Library(site.root)
    newest = {q.id: q for q in sorted(library.all(), key=lambda q: q.version) if q.respondent == "person"}
    missing = [q for q in newest.values() if f"{q.id}-{q.version}" not in OPEN]
    names = plan(site, library, {f"own-{q.id}": q for q in missing})
    for name in names:
        run_cycle.open_cycle(site.engine, library, name, None, clock.now())
    return names


def test_every_survey_that_ships_is_completed(
    visit: Visit, site: RunningSite, every_survey: list[str], script: bool
) -> None:
    assert len(every_survey) >= 8
    for number, cycle in enumerate((*every_survey, OPEN[1])):
        visitor = visit(script=script)
        before = replies(site, cycle)
        visitor.page.goto(address(site, cycle))
        visitor.press("Start")
        answer_every_page(visitor, first if number % 2 else last)
        visitor.press("Send your answers")
        assert visitor.page.url.endswith("/thanks")
        visitor.check()
        assert replies(site, cycle) == before + 1


def test_an_organisation_answers_a_survey_of_organisations(visit: Visit, site: RunningSite, script: bool) -> None:
    visitor = visit("second lead", script=script)
    page, home = visitor.page, f"/returns/{site.return_of(QUILLHAVEN, 'online-safety-follow-up-2026')}"
    page.goto(home)
    visitor.check()
    for section in page.locator('main a[href*="/standards/"]').evaluate_all("(links) => links.map((a) => a.href)"):
        page.goto(section)
        if page.locator("main form").count():
            fill_in(page)
            visitor.check()
            with page.expect_navigation():
                page.locator('main form button[name="then"]').first.click()
            assert visitor.errors == []
    page.goto(f"{home}/submit")
    fill_in(page, words="Ada Invented")
    visitor.check()
    page.locator("main form button").first.click()
    page.wait_for_url("**/receipt")
    assert site.rows("select state from response where id = :i", i=int(home.rsplit("/", 1)[1]))[0].state == "submitted"
