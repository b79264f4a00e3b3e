"""Can the business team run the audit, see what changed since last time, and take away the same figures in Word?

Nothing here depends on a script: test_pages asserts that only the page that is typed into carries one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import Route, expect

from audit_engine.services import clock
from audit_engine.storage import outbox
from audit_engine.storage.engine import writing
from tests.browser.conftest import Visit
from tests.browser.running_site import BASELINE, CYCLE, OTTERFELL, QUILLHAVEN, RunningSite, run
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PAGE = f"/cycles/{CYCLE}"


@cache
def compared(root: Path, *filters: str) -> Any:
    """Return what the command line says about the database of that root, which is the same for every test."""
    return json.loads(run(root, "compare", BASELINE, CYCLE, "--format", "json", *filters))


def rows_of(visitor: Visitor) -> list[str]:
    return visitor.page.locator("tbody th").all_inner_texts()


def test_who_has_returned_is_counted_and_can_be_filtered_to_share(visit: Visit, site: RunningSite) -> None:
    visitor = visit("business team")
    visitor.page.goto("/")
    visitor.follow("Section 11 audit 2026")
    assert visitor.page.locator(".tally b").all_inner_texts() == ["1", "3", "29"]
    visitor.page.get_by_label("State").select_option("Started")
    visitor.page.get_by_label("Area", exact=True).select_option("Saltreach")
    visitor.press("Show")
    assert rows_of(visitor) == ["Little Otters Nurseries", "Saltreach General Hospital NHS Trust"]
    visitor.check()
    colleague = visit("administrator")
    colleague.expect("404")
    colleague.page.goto(visitor.page.url)
    assert colleague.heading == "Page not found", "an administrator of accounts does not read returns"
    again = visit("business team")
    again.page.goto(visitor.page.url)
    assert rows_of(again) == rows_of(visitor)


IMPOSSIBLE = {
    ("", "", "", "17:00"): "Enter the new closing time",
    ("30", "2", "2027", "17:00"): "New closing time must be a real date, for example 31 3 2027.",
    ("28", "3", "2027", "01:30"): "does not exist: the clocks go forward over it",
    ("31", "10", "2027", "01:30"): "comes twice: the clocks go back over it",
    ("1", "10", "2026", "17:00"): "The new closing time must be later than now",
}


def type_closing_time(visitor: Visitor, *boxes: str) -> None:
    group = visitor.page.get_by_role("group", name="New closing time")
    for label, text in zip(("Day", "Month", "Year", "Time"), boxes, strict=True):
        group.get_by_label(label, exact=True).fill(text)


def test_a_closing_time_that_cannot_be_is_refused_in_a_sentence(visit: Visit, site: RunningSite) -> None:
    visitor = visit("business team")
    visitor.expect("400")
    visitor.page.goto(f"/returns/{site.return_of(OTTERFELL)}/more-time")
    reason = visitor.page.get_by_label("Why does this organisation get longer?")
    reason.fill("Flood in the office")
    for typed, told in IMPOSSIBLE.items():
        type_closing_time(visitor, *typed)
        visitor.press("Give more time")
        assert told in visitor.errors[0]
        assert reason.input_value() == "Flood in the office", "it need not be typed again"
    visitor.check()


def test_one_organisation_gets_longer_with_a_reason(visit: Visit, site: RunningSite) -> None:
    visitor = visit("business team")
    visitor.page.goto(PAGE)
    visitor.follow("More time for Otterfell Borough Council")
    type_closing_time(visitor, "15", "1", "2027", "5pm")
    visitor.page.get_by_label("Why does this organisation get longer?").fill("Flood in the office")
    visitor.check()
    visitor.press("Give more time")
    done = visitor.page.locator(".govuk-notification-banner")
    assert "Otterfell Borough Council has until 5pm on Friday 15 January 2027 (UK time)." in done.inner_text()
    assert "until 15 January 2027" in visitor.page.locator("tr", has_text="Otterfell").inner_text()
    visitor.check()
    lead = visit("lead")
    lead.page.goto(f"/returns/{site.return_of(OTTERFELL)}")
    assert "5pm on Friday 15 January 2027 (your extended time)" in lead.page.locator("main").inner_text()


def test_a_submitted_return_is_reopened_with_a_reason(visit: Visit, site: RunningSite) -> None:
    number = site.rows("select id from response where cycle_id = :c and state = 'submitted' limit 1", c=CYCLE)[0].id
    visitor = visit("business team")
    visitor.expect("400")
    visitor.page.goto(f"/returns/{number}/read")
    visitor.follow("Reopen for changes")
    visitor.press("Reopen for changes")
    assert visitor.errors == ["Say why"]
    visitor.check()
    visitor.page.get_by_label("Why is it opened again?").fill("Two ratings were swapped.")
    visitor.press("Reopen for changes")
    assert visitor.value_of("State") == "Reopened"
    visitor.follow("What was changed and when")
    assert "Reopened: Two ratings were swapped." in visitor.page.locator("tbody").inner_text()
    visitor.check()


def test_an_audit_is_closed_and_opened_again(visit: Visit, site: RunningSite) -> None:
    visitor = visit("business team")
    visitor.page.goto(PAGE)
    visitor.follow("Close this audit")
    visitor.press("Close this audit")
    assert "Section 11 audit 2026 is closed." in visitor.page.locator(".govuk-notification-banner").inner_text()
    lead = visit("lead")
    lead.page.goto(f"/returns/{site.return_of(OTTERFELL)}")
    assert "This audit does not take answers now." in lead.page.locator("main").inner_text()
    lead.check()
    visitor.press("Open it again")
    lead.page.reload()
    assert "You can stop at any time" in lead.page.locator("main").inner_text()


def test_the_comparison_is_filtered_and_its_address_can_be_shared(visit: Visit, site: RunningSite) -> None:
    visitor = visit("business team")
    visitor.page.goto(PAGE)
    visitor.follow("Compare with last time")
    assert compared(site.root)["sentences"][0] in visitor.page.locator("main").inner_text()
    visitor.page.get_by_label("Area", exact=True).select_option("Northmarsh")
    visitor.page.get_by_label("Standard", exact=True).select_option("Information sharing")
    visitor.press("Show")
    expected = compared(site.root, "--area", "northmarsh", "--standard", "information-sharing")
    assert expected["sentences"][0] in visitor.page.locator("main").inner_text()
    assert (
        visitor.page.get_by_label("Standard", exact=True).locator("option:checked").inner_text()
        == "Information sharing"
    )
    visitor.check()
    again = visit("executive")
    again.page.goto(visitor.page.url)
    assert expected["sentences"][0] in again.page.locator("main").inner_text()
    reply = visitor.context.request.get(
        visitor.page.get_by_role("link", name="JSON", exact=True).get_attribute("href") or ""
    )
    assert {k: reply.json()[k] for k in ("matched", "counts", "reconciliation")} == {
        k: expected[k] for k in ("matched", "counts", "reconciliation")
    }


def test_the_comparison_with_the_audit_before_the_last_is_a_choice(visit: Visit, site: RunningSite) -> None:
    visitor = visit("business team")
    visitor.page.goto(f"{PAGE}/comparison")
    visitor.page.get_by_label("Compared with").select_option("Section 11 audit 2022")
    visitor.press("Show")
    assert visitor.heading == "Section 11 audit 2026 compared with Section 11 audit 2022"
    visitor.follow("Criteria that changed")
    expect(visitor.page.locator("#changed-criteria")).to_be_in_viewport()


def test_every_figure_of_the_results_says_why(visit: Visit, site: RunningSite) -> None:
    visitor = visit("business team")
    visitor.page.goto(f"{PAGE}/results")
    reply = visitor.context.request.get(f"{PAGE}/results?format=json").json()
    counted = reply["standards"]["information-sharing"]
    whole = reply["overall"]
    assert f"{whole['met']:,} of {whole['applicable']:,}" in visitor.page.locator(".tally").inner_text()
    visitor.page.locator("h2", has_text="How each figure is made").scroll_into_view_if_needed()
    visitor.follow("Information sharing")
    assert visitor.heading == "Information sharing"
    assert f"{counted['met']} of {counted['applicable']} ratings are met" in visitor.page.locator("main").inner_text()
    visitor.check()


def test_a_report_is_asked_for_made_and_downloaded_with_the_figures_of_the_command_line(
    visit: Visit, site: RunningSite, tmp_path: Path
) -> None:
    visitor = visit("business team", script=False)  # the page looks again by itself, without a script too
    visitor.page.goto(f"{PAGE}/reports")
    visitor.press("Make the report")
    download = visitor.page.get_by_role("link", name="Download the Word file")
    expect(download).to_be_visible(timeout=60_000)
    with visitor.page.expect_download() as coming:
        download.click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    assert file.suffix == ".docx" and "Analysis report" in file.name
    assert figures_of(file) == figures_of_command_line(compared(site.root))
    visitor.page.goto(f"{PAGE}/reports")
    assert visitor.page.get_by_role("link", name=file.stem).is_visible()


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"claimed_at": clock.now(), "progress": 40}, "It is being written: 40% done."),
        ({"fault": "no space on the disk"}, "It could not be made. Ask for it again"),
    ],
    ids=["running", "failed"],
)
def test_the_page_of_a_report_says_how_far_it_is(
    state: Mapping[str, object], told: str, visit: Visit, site: RunningSite
) -> None:
    payload = {"kind": "analysis", "cycle": CYCLE, "area": None}
    with writing(site.engine) as connection:
        work = outbox.ask(connection, "report", "of this test", payload, None, clock.now())
        outbox.change(connection, work, attempts=outbox.MOST_ATTEMPTS, **state)  # so that the worker leaves it alone
    visitor = visit("business team")
    visitor.page.route("**/report-work/*", once)
    visitor.page.goto(f"/report-work/{work}")
    assert told in visitor.page.locator("main").inner_text()
    visitor.check()


def once(route: Route) -> None:
    """Answer without the order to look again, which would take the page away under the check."""
    reply = route.fetch()
    route.fulfill(response=reply, headers={k: v for k, v in reply.headers.items() if k.lower() != "refresh"})


def figures_of(file: Path) -> dict[str, object]:
    """Return the like-for-like figures that a reader of the Word file finds."""
    document = docx.Document(str(file))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    comparable = [row for table in tables for row in table if row[0].endswith("(comparable)")]
    added_up = next(table for table in tables if table[0][0] == "What changed")
    return {
        "met, of, share": [row[2:5] for row in comparable],
        "what changed": [row for row in added_up[1:] if row[1] != "[z]"],
        "sentence": next(p.text for p in document.paragraphs if p.text.startswith("Across the same")),
    }


def figures_of_command_line(said: Any) -> dict[str, object]:
    matched, lines = said["matched"], said["reconciliation"]["lines"]
    sides = [(matched[f"met_{side}"], matched[f"share_{side}"]) for side in ("then", "now")]
    return {
        "met, of, share": [[f"{met:,}", f"{matched['pairs']:,}", f"{share:.1%}"] for met, share in sides],
        "what changed": [
            [line["label"], f"{line['added']:,}", f"{line['taken']:,}", signed(line["net"])] for line in lines
        ],
        "sentence": said["sentences"][0],
    }


def signed(net: int) -> str:
    return f"{net:+,}".replace("-", "−") if net else "0"


def test_an_executive_reads_results_and_reports_but_no_return(visit: Visit, site: RunningSite) -> None:
    visitor = visit("executive")
    visitor.expect("404")
    visitor.page.goto("/")
    assert visitor.heading == "Audits and surveys of the partnership"
    visitor.follow("Section 11 audit 2026")
    assert visitor.heading == "Results"
    visitor.page.goto(f"{PAGE}/reports")
    assert visitor.page.get_by_role("button", name="Make the report").count() == 0
    for hidden in (PAGE, f"/returns/{site.return_of(QUILLHAVEN)}/read", "/people", "/system"):
        visitor.page.goto(hidden)
        assert visitor.heading == "Page not found"


def test_an_administrator_adds_a_person_who_signs_in_and_is_switched_off(visit: Visit, site: RunningSite) -> None:
    visitor = visit("administrator")
    visitor.expect("400")
    visitor.page.goto("/")
    visitor.follow("People and what they may do")
    visitor.press("Add this person")
    assert visitor.errors == ["Enter the person's name", "Enter an e-mail address", "Enter a first password"]
    visitor.check()
    for label, words in {"Name": "Grace Invented", "E-mail address": "grace@demo.example.org",
                         "First password": "a long enough one"}.items():  # fmt: skip
        visitor.page.get_by_label(label).fill(words)
    visitor.page.get_by_label("Organisation").select_option("Wendlemere School")
    visitor.press("Add this person")
    assert "Grace Invented can sign in." in visitor.page.locator(".govuk-notification-banner").inner_text()
    grace = visit()
    grace.sign_in("grace@demo.example.org", "a long enough one")
    assert grace.heading == "Your audits" and "Wendlemere School" in grace.page.locator("main").inner_text()
    visitor.press("Switch off Grace Invented")
    grace.page.reload()
    assert grace.heading == "Sign in", "every session ends with the account"
    visitor.press("Switch off Invented administrator")
    assert "You cannot switch your own account off" in visitor.page.locator(".govuk-notification-banner").inner_text()
    visitor.check()


SCROLLS = """() => [...document.querySelectorAll('.wide-table')].filter((e) => e.checkVisibility()).map((e) =>
  [e.scrollWidth > e.clientWidth, getComputedStyle(e, '::before').visibility === 'visible',
   e.tabIndex === 0 && e.getAttribute('role') === 'region'])"""


@pytest.mark.parametrize("width", [320, 1280])
def test_a_table_wider_than_its_place_says_that_it_scrolls_and_no_other_does(visit: Visit, width: int) -> None:
    visitor = visit("business team")
    visitor.page.set_viewport_size({"width": width, "height": 900})
    visitor.page.goto(f"{PAGE}/comparison")
    found = visitor.page.evaluate(SCROLLS)
    assert found and all(scrolls == said and reached for scrolls, said, reached in found)
    assert any(scrolls for scrolls, _, _ in found) == (width == 320)
