"""Can an organisation lead finish the audit, declare it and hold a receipt that says what was declared?"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.running_site import OTTERFELL, RunningSite
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

DECLARED = {"Your name": "Ada Invented", "Your role": "Chief executive"}


def finish(visitor: Visitor) -> None:
    """Complete what the demonstration leaves to do, and come to the page that checks the answers."""
    visitor.page.goto(f"/returns/{visitor.site.return_of(OTTERFELL)}/standards/learning")
    for item in ("s11.LI.1", "s11.LI.3", "s11.LI.8"):
        visitor.answer(item, "met", commentary="What we do and how we know.", evidence="Minutes of May 2026")
    visitor.press("Save and go to Commissioning")
    for item in ("s11.CO.1", "s11.CO.5"):
        visitor.choose(item, "met")
        visitor.field(f"{item}-confirmed").check()
        visitor.field(f"{item}-evidence").fill("Contract register")
    visitor.answer("s11.CO.6", "not-met", commentary="Not begun.")
    visitor.press("Save and check your answers")


def complete_the_action(visitor: Visitor) -> None:
    """Give the action that a criterion which is not met needs."""
    visitor.follow("Say what you will do about CO.6")
    expect(visitor.field("s11.CO.6-action-what")).to_be_focused()
    visitor.answer("s11.CO.6", "not-met", action_what="Write it into contracts", action_who="Head of procurement",
                   action_by="30 6 2027")  # fmt: skip
    visitor.press("Save and check your answers")


def declare(visitor: Visitor) -> str:
    """Declare and submit, and return the receipt's number."""
    for label, words in DECLARED.items():
        visitor.page.get_by_label(label).fill(words)
    visitor.page.get_by_label("I make this declaration").check()
    visitor.press("Submit your audit")
    return visitor.page.locator(".receipt-number").first.inner_text()


def submissions(site: RunningSite) -> list[str]:
    rows = site.rows("select receipt from submission where response_id = :id", id=site.return_of(OTTERFELL))
    return [row.receipt for row in rows]


def test_the_audit_is_completed_declared_and_submitted(visit: Visit, site: RunningSite, script: bool) -> None:
    visitor = visit("lead", script=script)
    visitor.expect("400")
    finish(visitor)
    to_do = visitor.page.locator("main ul").first
    assert to_do.locator("a").all_inner_texts() == [
        "Say what you will do about CO.6", "Say who will act on CO.6", "Say by when you will act on CO.6",
    ]  # fmt: skip
    visitor.check()
    complete_the_action(visitor)
    assert visitor.page.get_by_text("Everything that is needed is there.").is_visible()
    visitor.follow("Go on to submit")
    confirmed = site.rows(
        "select count(*) as n from answer where response_id = :id and confirmed_on is not null",
        id=site.return_of(OTTERFELL),
    )[0].n
    assert visitor.value_of("Confirmed unchanged") == str(confirmed)
    visitor.check()
    visitor.press("Submit your audit")
    assert visitor.errors == ["Enter your name", "Enter your role", "Tick the box to make the declaration"]
    assert visitor.page.title().startswith("Error: ")
    visitor.check()
    visitor.follow("Enter your role")
    expect(visitor.page.get_by_label("Your role")).to_be_focused()
    number = declare(visitor)
    assert visitor.heading == "Audit submitted" and submissions(site) == [number]
    assert visitor.value_of("Declared by") == "Ada Invented, Chief executive"
    visitor.check()
    visitor.follow("Print or save a copy of your answers")
    assert visitor.value_of("Receipt") == number
    assert "Write it into contracts" in visitor.page.locator("#s11-CO-6-item").inner_text()


def test_a_second_click_on_submit_gives_the_same_receipt(visit: Visit, site: RunningSite) -> None:
    visitor = visit("lead")
    finish(visitor)
    complete_the_action(visitor)
    visitor.follow("Go on to submit")
    twin = visitor.tab()
    twin.goto(visitor.page.url)
    number = declare(visitor)
    for label, words in DECLARED.items():
        twin.get_by_label(label).fill(words)
    twin.get_by_label("I make this declaration").check()
    twin.get_by_role("button", name="Submit your audit").dblclick()
    expect(twin.locator(".receipt-number").first).to_have_text(number)
    assert submissions(site) == [number]
    visitor.page.goto(f"/returns/{site.return_of(OTTERFELL)}/submit")
    assert visitor.heading == "Audit submitted", "who comes back to the declaration is shown the receipt"


def test_what_was_submitted_can_be_read_and_no_longer_changed(visit: Visit, site: RunningSite) -> None:
    site.change("update response set state = 'submitted' where id = :id", id=site.return_of(OTTERFELL))
    visitor = visit("lead")
    visitor.page.goto(f"/returns/{site.return_of(OTTERFELL)}/standards/learning")
    assert visitor.page.locator("form[data-autosave]").count() == 0
    assert "This audit has been submitted" in visitor.page.locator("main").inner_text()
    visitor.check()


@pytest.mark.parametrize("page", ["print", "check"])
def test_a_return_prints_without_what_is_only_for_the_screen(visit: Visit, site: RunningSite, page: str) -> None:
    visitor = visit("lead")
    visitor.page.goto(f"/returns/{site.return_of(OTTERFELL)}/{page}")
    visitor.page.emulate_media(media="print")
    for unprinted in (".govuk-back-link", ".govuk-service-navigation", ".govuk-footer-plain", ".brand__person"):
        assert not visitor.page.locator(unprinted).is_visible()
    assert visitor.page.locator(".invented").is_visible(), "a printed copy says that it is invented"
    assert visitor.page.locator(".printed-answer").count() > 50
