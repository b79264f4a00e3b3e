"""Is a press at the table kept on the phone without a network, sent later, and gone after signing out?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from audit_engine.services.invented_eatsafe import MANAGER
from tests.browser.conftest import Visit
from tests.browser.running_site import RunningSite
from tests.browser.visitor import NARROW, Visitor

pytestmark = pytest.mark.browser

NO_NETWORK = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"
KEPT = "() => Object.values(localStorage).map((ticks) => Object.keys(JSON.parse(ticks)))"
SAVED = re.compile(r"^Saved \d\d:\d\d$")
TODAY = "Move children or adults now"


@pytest.fixture
def at_the_table(visit: Visit, site: RunningSite) -> Visitor:
    """Let the invented nursery's manager in by the link that an invented site shows, and open the table on a phone."""
    visitor = visit()
    page = visitor.page
    page.set_viewport_size({"width": NARROW, "height": 640})
    page.goto("/self-audit")
    page.get_by_label("E-mail address").fill(MANAGER)
    page.locator("main form button").first.click()
    page.locator('a[href^="/self-audit/link/"]').click()
    page.locator("main form button").first.click()
    number = site.rows("select max(id) as id from setting_audit where finished_at is null")[0].id
    for (item,) in site.rows("select item_id from setting_answer where audit_id = :a and item_id = 'eat.F1'", a=number):
        site.change("delete from setting_answer where audit_id = :a and item_id = :i", a=number, i=item)
    page.goto(f"/self-audit/audits/{number}/table")
    return visitor


def says(visitor: Visitor, text: str | re.Pattern[str]) -> None:
    expect(visitor.page.locator("#ticks-status")).to_have_text(text)


def stored(site: RunningSite) -> list[str]:
    rows = site.rows("select value from setting_answer where item_id = 'eat.F1' order by saved_at desc limit 1")
    return [str(r.value) for r in rows]


def test_without_a_network_a_press_is_kept_on_the_phone_and_sent_later(
    at_the_table: Visitor, site: RunningSite
) -> None:
    visitor, page = at_the_table, at_the_table.page
    visitor.expect(NO_NETWORK)
    row = page.locator("#eat-F1")
    before = stored(site)
    visitor.context.set_offline(True)
    row.get_by_role("button", name="Not seen").click()
    expect(row.get_by_text(TODAY)).to_be_visible()
    says(visitor, re.compile(r"^Not saved yet\. 1 answer kept on this phone\. There is no connection\."))
    assert page.evaluate(KEPT) == [["eat.F1"]]
    visitor.check()
    row.get_by_role("button", name="Seen", exact=True).click()  # the later word counts
    expect(row.get_by_text(TODAY)).to_be_hidden()
    assert stored(site) == before
    visitor.context.set_offline(False)
    says(visitor, SAVED)
    assert (page.evaluate(KEPT), stored(site)) == ([], ['"seen"'])


def test_what_waits_on_the_phone_is_sent_when_the_page_is_opened_again(
    at_the_table: Visitor, site: RunningSite
) -> None:
    visitor, page = at_the_table, at_the_table.page
    visitor.expect(NO_NETWORK)
    visitor.context.set_offline(True)
    page.locator("#eat-F1").get_by_role("button", name="Not seen").click()
    says(visitor, re.compile("^Not saved yet"))
    page.evaluate("window.fetch = null")  # this page sends nothing any more, as if the phone had closed it
    visitor.context.set_offline(False)
    page.reload()
    says(visitor, SAVED)
    assert (page.evaluate(KEPT), stored(site)) == ([], ['"not-seen"'])


def test_nothing_stays_on_the_phone_after_signing_out(at_the_table: Visitor) -> None:
    visitor, page = at_the_table, at_the_table.page
    visitor.expect(NO_NETWORK)
    visitor.context.set_offline(True)
    page.locator("#eat-F1").get_by_role("button", name="Seen", exact=True).click()
    says(visitor, re.compile("^Not saved yet"))
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error()); }")
    visitor.context.set_offline(False)
    page.get_by_role("button", name="Sign out").click()
    says(visitor, re.compile("If you sign out now they are lost"))
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/self-audit**")
    assert page.evaluate(KEPT) == []
