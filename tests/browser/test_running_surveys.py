"""Can the business team open a survey, send it out, follow it, close it, read its results and what people wrote?"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from audit_engine.definition.library import Library
from tests.browser.conftest import Visit
from tests.browser.filling import answer_every_page
from tests.browser.running_site import OTTERFELL, QUILLHAVEN, RunningSite
from tests.browser.survey_cycles import address, plan, replies
from tests.browser.visitor import NARROW, WIDE

pytestmark = pytest.mark.browser

CLOSED, SURVEY = "section-11-staff-2026", "own-staff"
PATH = f"/cycles/{SURVEY}"
WIDTHS = (NARROW, WIDE)
PEOPLE = "\n".join(f"person.{number}@example.org" for number in range(12))


def test_a_survey_is_opened_put_on_a_poster_sent_out_followed_and_closed(visit: Visit, site: RunningSite) -> None:
    library = Library(site.root)
    plan(site, library, {SURVEY: library.load("section-11-staff", "2026")}, [OTTERFELL, QUILLHAVEN])
    visitor = visit("business team")
    visitor.expect("400")
    page = visitor.page
    page.goto(PATH)
    visitor.check()
    visitor.follow("Open this survey")
    assert "60 groups" in page.locator("main").inner_text(), "small groups are warned of before anything is fixed"
    visitor.check(WIDTHS)
    visitor.follow("numbers invited")
    page.get_by_label("Otterfell Borough Council").fill("many")
    visitor.press("Keep these numbers")
    assert visitor.errors
    visitor.check()
    page.get_by_label("Otterfell Borough Council").fill("40")
    visitor.press("Keep these numbers")
    visitor.follow("Open this survey")
    visitor.press("Open this survey")
    assert "Open" in page.locator("main").inner_text() and replies(site, SURVEY) == 0
    visitor.check(WIDTHS)

    visitor.follow("Otterfell Borough Council")
    link = page.url
    assert address(site, SURVEY) in page.get_by_label("Link", exact=True).input_value()
    visitor.check(WIDTHS)
    visitor.follow("Poster")
    page.emulate_media(media="print")
    expect(page.locator("svg")).to_be_visible()
    assert address(site, SURVEY) in page.locator("body").inner_text()
    page.emulate_media(media="screen")
    visitor.check(WIDTHS)
    page.goto(f"{PATH}/posters")
    assert page.locator("svg").count() == 2, "one for each organisation"
    visitor.check()

    before = address(site, SURVEY)
    page.goto(f"{link}/renew")
    visitor.check()
    visitor.press("Renew the link")
    assert visitor.errors
    page.get_by_label("Why is the link renewed?").fill("It was put on a public page")
    visitor.press("Renew the link")
    assert address(site, SURVEY) != before
    stranger = visit()
    stranger.expect("404")
    stranger.page.goto(before)
    stranger.check()

    _send_to_people(visitor.page, visit, site)
    respondent = visit()
    respondent.page.goto(address(site, SURVEY))
    respondent.press("Start")
    answer_every_page(respondent)
    respondent.press("Send your answers")
    page.goto(PATH)
    assert "1 reply so far" in page.locator("main").inner_text()
    visitor.follow("Close this survey")
    visitor.check()
    visitor.press("Close this survey")
    page.goto(f"{PATH}/survey")
    assert "Fewer than 11 people took part, so nothing is shown." in page.locator("main").inner_text()
    visitor.check(WIDTHS)


def _send_to_people(page: object, visit: Visit, site: RunningSite) -> None:
    """Make links for one person each, for a mail-merge where there is no mail server."""
    visitor = visit("business team")
    visitor.expect("400")
    visitor.page.goto(f"{PATH}/one-use")
    visitor.check()
    visitor.page.locator("textarea").first.fill("nobody")
    visitor.page.locator("main form button").first.click()
    expect(visitor.page.locator(".govuk-error-summary")).to_be_visible()
    visitor.check()
