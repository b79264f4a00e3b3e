"""Is anything that somebody typed ever lost: without a connection, a session, an open audit, or with two at work?

"Saved 14:02" is said only of what stands in the database; everything else says "Not saved yet" and keeps the text.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from audit_engine.web.controls import LONGEST_TEXT
from tests.browser.conftest import Visit
from tests.browser.running_site import CYCLE, OTTERFELL, RunningSite
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

SAVED = re.compile(r"^Saved \d\d:\d\d$")
ITEM, OTHER = "s11.LI.1", "s11.LI.3"
UNREACHABLE = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"


def arrive(visit: Visit, site: RunningSite, *, script: bool = True) -> Visitor:
    """Let the lead open a standard on which nothing is answered yet."""
    visitor = visit("lead", script=script)
    visitor.page.goto(f"/returns/{site.return_of(OTTERFELL)}/standards/learning")
    return visitor


def says(page: Page, sentence: str | re.Pattern[str]) -> None:
    """Wait until the line at the bottom of the page says so."""
    expect(page.locator("#saved-status")).to_have_text(sentence)


def commentary(site: RunningSite, item: str = ITEM) -> str:
    kept = site.answer(OTTERFELL, item)
    return "" if kept is None else str(kept.commentary)


def test_saved_is_said_only_of_what_stands_in_the_database(visit: Visit, site: RunningSite) -> None:
    visitor = arrive(visit, site)
    seen: list[tuple[str, str]] = []

    def reply(route: object) -> None:
        before = (visitor.page.locator("#saved-status").text_content() or "", commentary(site))
        answer = route.fetch()  # type: ignore[attr-defined]
        seen.extend([before, (visitor.page.locator("#saved-status").text_content() or "", commentary(site))])
        route.fulfill(response=answer)  # type: ignore[attr-defined]

    visitor.page.route("**/autosave", reply)
    visitor.answer(ITEM, "met", commentary="Said once.")
    says(visitor.page, SAVED)
    assert seen == [("", ""), ("", "Said once.")], "not before it was sent, and not before the reply was here"
    visitor.check()


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (500, "Not saved yet. The service has a problem. Keep this page open: we try again. "),
        (503, "Not saved yet. The service has a problem. Keep this page open: we try again. "),
        (413, "Not saved yet. Copy your text, then refresh this page. "),
        (404, "Not saved yet. Copy your text, then refresh this page. "),
    ],
)
def test_a_server_that_fails_is_never_called_saved(status: int, told: str, visit: Visit, site: RunningSite) -> None:
    visitor = arrive(visit, site)
    visitor.expect(str(status))
    visitor.page.route("**/autosave", lambda route: route.fulfill(status=status, body="<h1>no</h1>"))
    visitor.answer(ITEM, "met", commentary="Kept on the page.")
    says(visitor.page, told)
    assert visitor.field(f"{ITEM}-commentary").input_value() == "Kept on the page."
    assert commentary(site) == ""


def test_without_a_connection_it_says_so_and_saves_when_there_is_one_again(visit: Visit, site: RunningSite) -> None:
    visitor = arrive(visit, site)
    visitor.expect(UNREACHABLE)
    visitor.context.set_offline(True)
    visitor.answer(ITEM, "met", commentary="Typed in a tunnel.")
    says(visitor.page, "Not saved yet. There is no connection. Keep this page open: we try again. ")
    visitor.check()
    assert commentary(site) == ""
    visitor.context.set_offline(False)
    says(visitor.page, SAVED)
    assert commentary(site) == "Typed in a tunnel."


def test_two_tabs_on_different_criteria_lose_nothing(visit: Visit, site: RunningSite, script: bool) -> None:
    visitor = arrive(visit, site, script=script)
    first, second = visitor.page, visitor.tab()
    second.goto(first.url)
    visitor.answer(ITEM, "met", commentary="From the first tab.")
    visitor.press("Save and go back to the list")
    visitor.page = second
    visitor.answer(OTHER, "met", commentary="From the second tab.")
    visitor.press("Save and go back to the list")
    assert (commentary(site), commentary(site, OTHER)) == ("From the first tab.", "From the second tab.")


THEIRS, MINE = "Their text.", "My text,\nin two lines."


def disagree(visit: Visit, site: RunningSite, *, script: bool) -> Visitor:
    """Let somebody type about a criterion that a colleague answers in the meantime."""
    colleague, visitor = visit("colleague", script=script), arrive(visit, site, script=script)
    colleague.page.goto(visitor.page.url)
    colleague.answer(ITEM, "met", commentary=THEIRS, evidence="Policy of March")
    colleague.press("Save and go back to the list")
    visitor.answer(ITEM, "partly-met", commentary=MINE)
    return visitor


@pytest.mark.parametrize(
    ("choice", "kept", "option"),
    [("What I typed", MINE, "partly-met"), ("What Invented colleague saved", THEIRS, "met")],
)
def test_two_texts_about_one_criterion_are_both_shown_and_one_is_chosen(
    choice: str, kept: str, option: str, visit: Visit, site: RunningSite
) -> None:
    visitor = disagree(visit, site, script=False)
    visitor.expect("409")
    visitor.press("Save and go to Commissioning")
    assert visitor.heading == "Somebody else changed the same answer"
    assert {THEIRS, MINE} <= set(visitor.page.locator(".two-texts .typed").all_inner_texts())
    assert commentary(site) == THEIRS, "nothing is overwritten before somebody chose"
    visitor.page.get_by_label(choice).check()
    visitor.press("Continue")
    assert visitor.field(f"{ITEM}-commentary").input_value() == kept
    assert (commentary(site), site.answer(OTTERFELL, ITEM).value) == (kept, f'"{option}"')


def test_a_choice_that_was_not_made_is_asked_for_again(visit: Visit, site: RunningSite) -> None:
    visitor = disagree(visit, site, script=True)
    visitor.expect("409")
    visitor.press("Save and go to Commissioning")
    visitor.check()
    visitor.page.locator("form").evaluate_all("(forms) => forms.forEach((form) => { form.noValidate = true; })")
    visitor.press("Continue")
    assert visitor.errors == ["Choose which answer should stay"]
    visitor.check()
    visitor.page.get_by_label("What I typed").check()
    visitor.press("Continue")
    assert commentary(site) == MINE


def test_a_text_that_is_too_long_is_not_lost_when_another_answer_clashes(visit: Visit, site: RunningSite) -> None:
    visitor = disagree(visit, site, script=False)
    visitor.expect("409", "400")
    visitor.answer(OTHER, "met", commentary="x" * (LONGEST_TEXT + 1))
    visitor.press("Save and go to Commissioning")
    assert "What else could be saved was saved at" in visitor.page.locator("main").inner_text()
    visitor.page.get_by_label("What I typed").check()
    visitor.press("Continue")
    assert visitor.errors == ["Commentary for LI.3 must be 10,000 characters or fewer; it is 10,001."]
    assert len(visitor.field(f"{OTHER}-commentary").input_value()) == LONGEST_TEXT + 1
    assert commentary(site) == MINE
    visitor.field(f"{OTHER}-commentary").fill("Shorter.")
    visitor.press("Save and go to Commissioning")
    assert commentary(site, OTHER) == "Shorter."


@pytest.mark.parametrize(
    ("choice", "kept", "option"), [("Keep what I typed", MINE, "partly-met"), ("Use theirs", THEIRS, "met")]
)
def test_the_script_shows_both_texts_and_lets_one_be_chosen(
    choice: str, kept: str, option: str, visit: Visit, site: RunningSite
) -> None:
    visitor = disagree(visit, site, script=True)
    page = visitor.page
    says(page, "Not saved yet. Somebody else changed this too. Choose one of the two texts. ")
    assert "Invented colleague saved this at" in page.locator(".conflict").inner_text()
    assert THEIRS in page.locator(".conflict .typed").all_inner_texts()
    visitor.check()
    page.get_by_role("button", name=choice).click()
    says(page, re.compile(r"^(Saved \d\d:\d\d|Their answer is kept\.)$"))
    assert visitor.field(f"{ITEM}-commentary").input_value() == kept
    assert visitor.page.locator(f'[name="{ITEM}"][value="{option}"]').is_checked()
    assert (commentary(site), site.answer(OTTERFELL, ITEM).value) == (kept, f'"{option}"')
    visitor.field(f"{ITEM}-evidence").fill("And one thing more")
    says(page, SAVED)


def test_who_saves_by_script_and_goes_on_by_button_meets_no_conflict(visit: Visit, site: RunningSite) -> None:
    visitor = arrive(visit, site)
    visitor.answer(ITEM, "met", commentary="By script.")
    says(visitor.page, SAVED)
    visitor.field(f"{ITEM}-commentary").fill("By button.")
    visitor.press("Save and go to Commissioning")
    assert (visitor.heading, commentary(site)) == ("Commissioning", "By button.")


def test_a_link_is_followed_only_after_the_text_is_saved(visit: Visit, site: RunningSite) -> None:
    visitor = arrive(visit, site)
    visitor.answer(ITEM, "met", commentary="Typed just before leaving.")
    visitor.follow("All standards")
    expect(visitor.page.locator("h1")).to_contain_text("Section 11 audit 2026")
    assert commentary(site) == "Typed just before leaving."


def test_a_closed_tab_saves_what_was_typed_last(visit: Visit, site: RunningSite) -> None:
    visitor = arrive(visit, site)
    visitor.answer(ITEM, "met", commentary="Typed just before closing.")
    typed_in, visitor.page = visitor.page, visitor.tab()
    visitor.page.goto("/audits")
    typed_in.close()
    assert kept_at_last(site, "Typed just before closing.") == "Typed just before closing."


def kept_at_last(site: RunningSite, awaited: str) -> object:
    """Return what stands in the database, once it is what is awaited or will not be: a page that is gone is silent."""
    import time

    for _ in range(100):
        if commentary(site) == awaited:
            break
        time.sleep(0.05)
    return commentary(site)


def test_a_session_that_ended_gives_the_text_back_and_then_saves_it(visit: Visit, site: RunningSite) -> None:
    visitor = arrive(visit, site, script=False)
    visitor.expect("401", "400")
    visitor.answer(ITEM, "met", commentary="Typed over lunch,\nin two lines.")
    visitor.context.clear_cookies()
    visitor.press("Save and go to Commissioning")
    assert visitor.heading == "Your session ended before this was saved"
    visitor.page.locator("summary", has_text="Show what you typed").click()
    assert "Typed over lunch,\nin two lines." in visitor.page.locator(".typed").all_inner_texts()
    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("link", name="Sign in again (opens in a new tab)").click()
    waiting, visitor.page = visitor.page, opened.value
    visitor.sign_in("lead")
    visitor.page = waiting
    visitor.press("Save what I typed")
    visitor.press("Save what I typed")
    assert visitor.heading == "Commissioning"
    assert commentary(site) == "Typed over lunch,\nin two lines."


def test_the_script_keeps_the_text_until_somebody_signed_in_again(visit: Visit, site: RunningSite) -> None:
    visitor = arrive(visit, site)
    visitor.expect("401", "400")
    visitor.context.clear_cookies()
    visitor.answer(ITEM, "met", commentary="Typed over lunch.")
    says(visitor.page, re.compile("^Not saved yet. You have been signed out. Your text is still on this page."))
    visitor.check()
    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("link", name="Sign in again in a new tab").click()
    page, visitor.page = visitor.page, opened.value
    visitor.sign_in("lead")
    visitor.page.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    says(page, SAVED)
    assert commentary(site) == "Typed over lunch."


def test_an_audit_that_closes_while_somebody_types_gives_the_text_back(
    visit: Visit, site: RunningSite, script: bool
) -> None:
    visitor = arrive(visit, site, script=script)
    visitor.expect("409")
    site.change("update cycle set closed_at = opened_at where id = :id", id=CYCLE)
    visitor.answer(ITEM, "met", commentary="Typed as it closed.")
    if script:
        says(visitor.page, re.compile("^Not saved yet. Your answers to Section 11 audit 2026 were not saved"))
        visitor.check()
    visitor.press("Save and go to Commissioning")
    assert visitor.heading == "This audit does not take answers now"
    assert "Typed as it closed." in visitor.page.locator(".typed").all_inner_texts()
    visitor.check()
    assert site.answer(OTTERFELL, ITEM) is None
    assert "Typed as it closed." in site.rows("select content from kept_draft")[0].content


def test_a_text_that_is_too_long_stays_in_its_box_and_the_rest_is_saved(visit: Visit, site: RunningSite) -> None:
    visitor = arrive(visit, site, script=False)
    visitor.expect("400")
    long = "x" * (LONGEST_TEXT + 1)
    visitor.answer(ITEM, "met", commentary=long, evidence="Short enough")
    visitor.answer(OTHER, "met", commentary="Short.")
    visitor.press("Save and go to Commissioning")
    told = "Commentary for LI.1 must be 10,000 characters or fewer; it is 10,001."
    assert visitor.errors == [told]
    visitor.follow(told)
    expect(visitor.field(f"{ITEM}-commentary")).to_be_focused()
    assert visitor.field(f"{ITEM}-commentary").input_value() == long
    assert (site.answer(OTTERFELL, ITEM).evidence, commentary(site, OTHER)) == ("Short enough", "Short.")
    visitor.field(f"{ITEM}-commentary").fill("Shorter.")
    visitor.press("Save and go to Commissioning")
    assert commentary(site) == "Shorter."


def test_the_script_says_which_text_is_too_long_and_saves_it_when_it_is_shorter(
    visit: Visit, site: RunningSite
) -> None:
    visitor = arrive(visit, site)
    visitor.answer(ITEM, "met", commentary="x" * (LONGEST_TEXT + 1))
    says(visitor.page, "Not saved yet. Commentary for LI.1 must be 10,000 characters or fewer; it is 10,001. ")
    visitor.field(f"{ITEM}-commentary").fill("Shorter.")
    says(visitor.page, SAVED)
    assert commentary(site) == "Shorter."


def test_a_day_that_does_not_exist_is_refused_beside_its_boxes(visit: Visit, site: RunningSite) -> None:
    visitor = arrive(visit, site)
    visitor.expect("400")
    visitor.answer(ITEM, "not-met", commentary="To do.", action_what="Begin", action_by="31 2 2027")
    visitor.press("Save and go to Commissioning")
    assert visitor.errors == ["The action date for LI.1 must be a real date, for example 31 3 2027."]
    assert visitor.field(f"{ITEM}-action-by-day").input_value() == "31"
    visitor.check()


def test_nothing_that_is_typed_stays_in_the_browser(visit: Visit, site: RunningSite) -> None:
    visitor = arrive(visit, site)
    visitor.answer(ITEM, "met", commentary="Only on the server.")
    says(visitor.page, SAVED)
    kept = "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
    assert visitor.page.evaluate(kept) == [0, 0, 0]
