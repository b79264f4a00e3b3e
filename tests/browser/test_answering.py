"""Can an organisation lead answer an audit: from nothing, as last time, for one area alone, with the keyboard alone?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.running_site import LITTLE_OTTERS, OTTERFELL, QUILLHAVEN, RunningSite
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def standard(site: RunningSite, organisation: str, section: str) -> str:
    return f"/returns/{site.return_of(organisation)}/standards/{section}"


def test_a_lead_signs_in_and_sees_how_far_the_audit_is(visit: Visit) -> None:
    visitor = visit()
    visitor.page.goto("/")
    visitor.sign_in("lead", "a wrong password")
    assert visitor.errors == ["Check your e-mail address and your password"]
    visitor.check()
    visitor.sign_in("lead")
    assert visitor.heading == "Your audits"
    assert "54 of 60 questions done" in visitor.page.locator("main").inner_text()
    visitor.follow("Section 11 audit 2026", exact=False)
    assert visitor.page.get_by_text("6 things left to do before you can submit.").is_visible()
    visitor.press("Sign out")
    assert visitor.heading == "Sign in"


def test_a_standard_is_answered_from_nothing(visit: Visit, site: RunningSite, script: bool) -> None:
    visitor = visit("second lead", script=script)
    visitor.page.goto(f"/returns/{site.return_of(QUILLHAVEN)}")
    visitor.follow("9. Learning and impact")
    visitor.answer("s11.LI.1", "met", commentary="We read every review.", evidence="Minutes of May")
    visitor.answer("s11.LI.3", "partly-met", commentary="Begun.", action_what="Ask families", action_who="The lead",
                   action_by="31 3 2027", action_how="They say so")  # fmt: skip
    visitor.answer("s11.LI.8", "not-applicable", reason="We hold no cases.")
    visitor.check()
    visitor.press("Save and go back to the list")
    row = visitor.page.locator("li", has_text="9. Learning and impact")
    assert "3 of 3 questions done" in row.inner_text() and "Completed" in row.inner_text()
    kept = site.answer(QUILLHAVEN, "s11.LI.3")
    assert (kept.commentary, kept.version) == ("Begun.", 1)
    assert site.answer(QUILLHAVEN, "s11.LI.8").reason == "We hold no cases."


def test_one_click_confirms_that_nothing_changed_and_is_counted_apart(
    visit: Visit, site: RunningSite, script: bool
) -> None:
    visitor = visit("lead", script=script)
    visitor.page.goto(standard(site, OTTERFELL, "commissioning"))
    for item in ("s11.CO.1", "s11.CO.5"):
        visitor.choose(item, "met")
        commentary = visitor.field(f"{item}-commentary")
        assert commentary.is_visible()
        visitor.field(f"{item}-confirmed").check()
        assert not commentary.is_visible(), "nothing is left to say, so the empty box goes"
    visitor.press("Save and go back to the list")
    assert "2 of 3 questions done" in visitor.page.locator("li", has_text="10. Commissioning").inner_text()
    assert site.answer(OTTERFELL, "s11.CO.1").confirmed_on is not None
    visitor.page.goto(standard(site, OTTERFELL, "commissioning"))
    visitor.choose("s11.CO.1", "not-met")
    assert visitor.field("s11.CO.1-commentary").is_visible(), (
        "another rating cannot be confirmed, so it must be explained"
    )


def test_not_applicable_without_a_reason_is_still_to_do(visit: Visit, site: RunningSite, script: bool) -> None:
    visitor = visit("lead", script=script)
    visitor.page.goto(standard(site, OTTERFELL, "commissioning"))
    visitor.answer("s11.CO.1", "not-applicable")
    visitor.press("Save and check your answers")
    visitor.follow("CO.1: say why this does not apply to you")
    reason = visitor.field("s11.CO.1-reason")
    expect(reason).to_be_focused()
    expect(reason).to_be_in_viewport()
    reason.fill("We buy nothing for children.")
    visitor.press("Save and check your answers")
    assert visitor.page.get_by_role("link", name="say why this does not apply to you").count() == 0
    assert visitor.page.get_by_text("We buy nothing for children.").is_visible()


def test_an_organisation_in_both_areas_may_differ_in_one(visit: Visit, site: RunningSite, script: bool) -> None:
    visitor = visit("joint lead", script=script)
    visitor.page.goto(standard(site, LITTLE_OTTERS, "leadership"))
    whole = site.answer(LITTLE_OTTERS, "s11.LG.7")
    visitor.page.locator("summary", has_text="Different in Saltreach?").nth(1).click()
    visitor.choose("s11.LG.7@saltreach", "not-met")
    visitor.press("Save and go back to the list")
    visitor.follow("Check your answers")
    visitor.follow("Say what is different there for LG.7")
    commentary = visitor.field("s11.LG.7@saltreach-commentary")
    expect(commentary).to_be_focused()
    commentary.fill("The policy has not reached the Saltreach sites.")
    visitor.press("Save and go back to the list")
    visitor.follow("Check your answers")
    shown = visitor.page.locator("#s11-LG-7-item")
    assert "In Saltreach: Not met" in shown.inner_text()
    assert "The policy has not reached the Saltreach sites." in shown.inner_text()
    assert '"not-met"' in str(site.answer(LITTLE_OTTERS, "s11.LG.7", "saltreach").value)
    assert site.answer(LITTLE_OTTERS, "s11.LG.7") == whole, "the answer for the whole organisation stays as it was"
    visitor.check()


def test_what_the_profile_rules_out_is_shown_with_the_reason_and_not_asked(visit: Visit, site: RunningSite) -> None:
    visitor = visit("second lead")
    visitor.page.goto(standard(site, QUILLHAVEN, "commissioning"))
    greyed = visitor.page.locator(".item--greyed")
    assert greyed.count() == 2 and greyed.locator("input").count() == 0
    assert greyed.locator(".item__why").first.inner_text().startswith("Not asked because your profile says")
    visitor.check()


def test_a_keyboard_alone_signs_in_and_answers_a_criterion(visit: Visit, site: RunningSite, script: bool) -> None:
    visitor = visit(script=script)
    page = visitor.page
    page.goto(standard(site, OTTERFELL, "learning"))
    typed = page.keyboard
    visitor.tab_to("#email")
    typed.type("lead@demo.example.org")
    typed.press("Tab")
    typed.type("invented-demo-2026")
    typed.press("Enter")
    expect(page.locator("h1")).to_contain_text("Learning and impact")
    visitor.tab_to("#s11-LI-1")
    typed.press("Space")
    assert page.locator("#s11-LI-1").is_checked()
    typed.press("ArrowDown")
    assert page.locator("#s11-LI-1-2").is_checked()
    visitor.tab_to("#s11-LI-1-commentary")
    typed.type("Typed without a mouse.")
    visitor.tab_to("#s11-LI-1-action-who")
    typed.type("The lead")
    typed.press("Enter")  # in a box of one line it saves, as the first button does
    page.wait_for_url("**/standards/commissioning")
    kept = site.answer(OTTERFELL, "s11.LI.1")
    assert (kept.commentary, '"partly-met"' in str(kept.value)) == ("Typed without a mouse.", True)


def test_the_focus_can_be_seen_and_is_never_under_the_line_at_the_bottom(visit: Visit, site: RunningSite) -> None:
    visitor = visit("lead")
    visitor.page.goto(standard(site, OTTERFELL, "learning"))
    visitor.page.set_viewport_size({"width": 320, "height": 500})
    visitor.choose("s11.LI.1", "met")
    visitor.field("s11.LI.1-commentary").fill("Enough to save.")
    expect(visitor.page.locator("#saved-status")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    for _ in range(25):
        visitor.page.keyboard.press("Tab")
        hidden = visitor.page.evaluate(
            """() => { const box = document.activeElement.getBoundingClientRect();
                const bar = document.getElementById('saved-status').getBoundingClientRect();
                return document.activeElement.closest('form[data-autosave]') && box.bottom > bar.top + 1 &&
                  box.top > bar.top && bar.top > 0 ? document.activeElement.outerHTML.slice(0, 120) : ''; }"""
        )
        assert not hidden


def test_back_and_refresh_show_what_was_saved_and_take_changes(visit: Visit, site: RunningSite, script: bool) -> None:
    visitor = visit("lead", script=script)
    page = visitor.page
    page.goto(standard(site, OTTERFELL, "learning"))
    visitor.answer("s11.LI.1", "met", commentary="First words.")
    visitor.press("Save and go to Commissioning")
    page.go_back()
    assert visitor.field("s11.LI.1-commentary").input_value() == "First words."
    page.reload()
    visitor.field("s11.LI.1-commentary").fill("Second words.")
    visitor.press("Save and go to Commissioning")
    assert visitor.heading == "Commissioning"
    assert (site.answer(OTTERFELL, "s11.LI.1").commentary, site.answer(OTTERFELL, "s11.LI.1").version) == (
        "Second words.", 2,
    )  # fmt: skip


def test_the_answers_of_last_time_stand_beside_the_question(visit: Visit, site: RunningSite) -> None:
    visitor = visit("lead")
    visitor.page.goto(standard(site, OTTERFELL, "information-sharing"))
    panel = visitor.page.locator(".item", has=visitor.field("s11.IS.1-version")).locator(".last-time")
    assert "This question asks for more than it did last time." in panel.inner_text()
    before = site.rows(
        "select commentary from answer where item_id = 's11.IS.1' and response_id = :number",
        number=site.return_of(OTTERFELL, "section-11-2024"),
    )[0]
    assert before.commentary and before.commentary in panel.inner_text()


def test_a_link_to_a_field_leaves_the_question_in_view(visit: Visit, site: RunningSite, script: bool) -> None:
    visitor: Visitor = visit("lead", script=script)
    visitor.page.goto(f"/returns/{site.return_of(OTTERFELL)}/check")
    visitor.follow("Choose a rating for LI.8")
    expect(visitor.page.locator("#s11-LI-8")).to_be_focused()
    question = visitor.page.locator("h2", has_text="LI.8")
    expect(question).to_be_in_viewport()
