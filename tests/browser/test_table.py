"""Is a press at the table kept on the phone without a network, sent later, and gone after signing out?

Can the page be opened again without a network, is it shown only then, and does nothing else stay on the phone?
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, expect

from audit_engine.services.invented_eatsafe import MANAGER
from tests.browser.conftest import Visit
from tests.browser.running_site import RunningSite
from tests.browser.visitor import NARROW, Visitor

pytestmark = pytest.mark.browser

NO_NETWORK = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"
KEPT = """() => Object.entries(localStorage).filter(([name]) => name.startsWith('ticks:'))
  .map(([, ticks]) => Object.keys(JSON.parse(ticks)))"""
# What the phone would open without a network, by the last part of each address.
PAGES = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const one of await (await caches.open(name)).keys()) found.push(one.url.split('/').pop());
  return found.sort();
}"""
TABLE = ["eatsafe.js", "icon.svg", "look.css", "table"]
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
    expect(page.locator("#opens-again")).to_be_visible()  # a browser complains of a worker that it cannot fetch
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
    no_network(visitor)
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
    no_network(visitor)
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
    no_network(visitor)
    page.locator("#eat-F1").get_by_role("button", name="Seen", exact=True).click()
    says(visitor, re.compile("^Not saved yet"))
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error()); }")
    visitor.context.set_offline(False)
    page.get_by_role("button", name="Sign out").click()
    says(visitor, re.compile("If you sign out now they are lost"))
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/self-audit**")
    assert page.evaluate(KEPT) == []


def keeps(visitor: Visitor, pages: list[str]) -> None:
    """Wait until the phone keeps exactly these."""
    same = f"async (pages) => JSON.stringify(await ({PAGES})()) === JSON.stringify(pages)"
    visitor.page.wait_for_function(same, arg=pages)


def no_network(visitor: Visitor) -> None:
    """Take the network away, and wait until the worker has none either: a browser tells each of its parts by itself."""
    visitor.context.set_offline(True)
    for worker in visitor.context.service_workers:
        worker.evaluate("""async () => {
          const answers = () => fetch('/self-audit', {method: 'HEAD'}).then(() => true, () => false);
          while (await answers()) await new Promise((again) => setTimeout(again, 20));
        }""")


def back_online(visitor: Visitor) -> None:
    """Leave the browser's own page of a failure."""
    visitor.context.set_offline(False)
    visitor.page.goto("/self-audit")


def pressed(visitor: Visitor, item: str) -> Locator:
    return visitor.page.locator(f"#{item} button[aria-pressed=true]")


def made(visitor: Visitor) -> int:
    """Return when the server made the page that is shown."""
    return int(visitor.page.locator("form[data-ticks]").get_attribute("data-made") or 0)


def value_of(visitor: Visitor, site: RunningSite, item: str) -> str:
    audit = int(visitor.page.url.split("/")[-2])
    rows = site.rows("select value from setting_answer where audit_id = :a and item_id = :i", a=audit, i=item)
    return str(rows[0].value) if rows else ""


def test_the_page_is_opened_again_without_a_network_with_what_was_pressed(
    at_the_table: Visitor, site: RunningSite
) -> None:
    visitor, page = at_the_table, at_the_table.page
    visitor.expect(NO_NETWORK)
    keeps(visitor, TABLE)
    expect(page.get_by_text("this phone keeps it with what you press until you sign out")).to_be_visible()
    page.locator("#eat-E1").get_by_role("button", name="Seen", exact=True).click()
    says(visitor, SAVED)
    no_network(visitor)
    page.locator("#eat-F1").get_by_role("button", name="Not seen").click()
    says(visitor, re.compile("^Not saved yet"))
    page.reload()
    expect(pressed(visitor, "eat-E1")).to_have_text("Seen")  # the server knows it; the page that was kept did not
    expect(pressed(visitor, "eat-F1")).to_have_text("Not seen")
    expect(page.locator("#eat-F1").get_by_text(TODAY)).to_be_visible()
    says(visitor, re.compile(r"^Not saved yet\. 1 answer kept on this phone"))
    visitor.check()
    page.locator("#eat-E1").get_by_role("button", name="Not this meal").click()
    assert value_of(visitor, site, "eat.F1") == ""
    visitor.context.set_offline(False)
    says(visitor, SAVED)
    assert page.evaluate(KEPT) == []
    assert (value_of(visitor, site, "eat.E1"), value_of(visitor, site, "eat.F1")) == ('"not-this-meal"', '"not-seen"')
    page.reload()
    expect(pressed(visitor, "eat-E1")).to_have_text("Not this meal")


def test_the_kept_page_is_shown_only_where_the_network_does_not_answer(
    at_the_table: Visitor, site: RunningSite
) -> None:
    visitor, page = at_the_table, at_the_table.page
    keeps(visitor, TABLE)
    page.reload()
    first = made(visitor)
    keeps(visitor, TABLE)
    no_network(visitor)
    page.reload()
    assert made(visitor) == first
    says(visitor, re.compile("^There is no connection. Go on"))
    visitor.context.set_offline(False)
    page.reload()
    assert made(visitor) > first
    audit = int(page.url.split("/")[-2])
    site.change("update setting_audit set finished_at = started_at where id = :a", a=audit)
    page.reload()
    expect(page.get_by_text("This check is marked as finished")).to_be_visible()
    keeps(visitor, [])


def test_no_other_page_is_kept_and_the_kept_one_goes_with_signing_out(at_the_table: Visitor) -> None:
    visitor, page = at_the_table, at_the_table.page
    visitor.expect(NO_NETWORK)
    keeps(visitor, TABLE)
    table = page.url
    for path in (table + "/print", table.replace("/table", "/photos"), table.removesuffix("/table")):
        page.goto(path)
    keeps(visitor, TABLE)
    page.goto(table)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/self-audit**")
    assert page.evaluate(PAGES) == []
    no_network(visitor)
    with pytest.raises(PlaywrightError, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(table)
    back_online(visitor)


def test_the_kept_page_goes_when_the_check_is_finished_and_when_somebody_comes_in(at_the_table: Visitor) -> None:
    visitor, page = at_the_table, at_the_table.page
    keeps(visitor, TABLE)
    table = page.url
    page.goto(table.removesuffix("/table"))
    page.get_by_role("button", name="finished").click()
    keeps(visitor, [])
    assert page.evaluate(KEPT) == []
    page.get_by_role("button", name="Open").click()
    page.goto(table)
    keeps(visitor, TABLE)
    page.goto("/self-audit/link/of-somebody-else")
    keeps(visitor, [])
    assert page.evaluate(PAGES) == []


def test_a_kept_page_is_not_opened_after_its_time(at_the_table: Visitor) -> None:
    visitor, page = at_the_table, at_the_table.page
    visitor.expect(NO_NETWORK)
    keeps(visitor, TABLE)
    page.evaluate("""async () => {
      const store = await caches.open(`table:${location.pathname}`), found = await store.match(location.pathname);
      const headers = new Headers(found.headers);
      headers.set('Kept-At', Date.now() - 13 * 60 * 60 * 1000);
      await store.put(location.pathname, new Response(await found.blob(), {headers}));
    }""")
    no_network(visitor)
    with pytest.raises(PlaywrightError, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.reload()
    back_online(visitor)
