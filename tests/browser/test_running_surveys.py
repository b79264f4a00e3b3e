"""Can the business team open a survey, send it out, follow it, close it, read its results and what people wrote?"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from audit_engine.definition.library import Library
from audit_engine.services import clock
from audit_engine.services.instance import find_instance
from audit_engine.services.stop_mail import stop_path
from audit_engine.storage import mailings
from audit_engine.storage.engine import writing
from tests.browser.conftest import Visit
from tests.browser.filling import answer_every_page
from tests.browser.running_site import CYCLE as AUDIT
from tests.browser.running_site import OTTERFELL, QUILLHAVEN, RunningSite
from tests.browser.survey_cycles import address, plan, replies
from tests.browser.visitor import NARROW, WIDE, Visitor

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
    _open_with_numbers_invited(visitor)
    assert "Open" in page.locator("main").inner_text() and replies(site, SURVEY) == 0
    visitor.check(WIDTHS)

    before = address(site, SURVEY)
    visitor.follow("Otterfell Borough Council")
    link = page.url
    _see_link_and_posters(visitor, before)
    _renew(visitor, link)
    assert address(site, SURVEY) != before
    stranger = visit()
    stranger.expect("404")
    stranger.page.goto(before)
    stranger.check()

    _send_to_people(visitor)
    _reply(visit(), address(site, SURVEY))
    page.goto(PATH)
    assert "1 reply so far" in page.locator("main").inner_text()
    visitor.follow("Close this survey")
    visitor.check()
    visitor.press("Close this survey")
    page.goto(f"{PATH}/survey")
    assert "Fewer than 11 people took part, so nothing is shown." in page.locator("main").inner_text()
    visitor.check(WIDTHS)


def _open_with_numbers_invited(visitor: Visitor) -> None:
    """Be warned of small groups, say how many are invited, and open."""
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


def _see_link_and_posters(visitor: Visitor, place: str) -> None:
    """Look at an organisation's link, at its poster on paper and on the screen, and at everybody's posters."""
    page = visitor.page
    assert place in page.get_by_label("Link", exact=True).input_value()
    visitor.check(WIDTHS)
    visitor.follow("Poster")
    page.emulate_media(media="print")
    expect(page.locator("svg")).to_be_visible()
    assert place in page.locator("body").inner_text()
    page.emulate_media(media="screen")
    visitor.check(WIDTHS)
    page.goto(f"{PATH}/posters")
    assert page.locator("svg").count() == 2, "one for each organisation"
    visitor.check()


def _renew(visitor: Visitor, link: str) -> None:
    """Renew a link, which needs a reason."""
    page = visitor.page
    page.goto(f"{link}/renew")
    visitor.check()
    visitor.press("Renew the link")
    assert visitor.errors
    page.get_by_label("Why is the link renewed?").fill("It was put on a public page")
    visitor.press("Renew the link")


def _reply(respondent: Visitor, place: str) -> None:
    """Answer every page of the survey, and send it."""
    respondent.page.goto(place)
    respondent.press("Start")
    answer_every_page(respondent)
    respondent.press("Send your answers")


def _send_to_people(visitor: Visitor) -> None:
    """Make links for one person each, as a file for a mail-merge: there is no mail server."""
    page = visitor.page
    page.goto(f"{PATH}/one-use")
    visitor.check(WIDTHS)
    page.get_by_label("Whose people are they?").select_option(OTTERFELL)
    page.get_by_label("Subject").fill("Our survey")
    page.get_by_label("E-mail addresses").fill("nobody")
    visitor.press("Look at the message")
    assert visitor.errors
    visitor.check()
    page.get_by_label("E-mail addresses").fill(PEOPLE)
    visitor.press("Look at the message")
    visitor.check(WIDTHS)
    with page.expect_download() as downloading:
        page.get_by_role("button", name=re.compile("links and download the file")).click()
    with Path(downloading.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 13 and len({row[1] for row in rows}) == 13
    page.reload()
    visitor.check()


def test_results_are_read_by_group_and_beside_an_earlier_survey(visit: Visit, site: RunningSite) -> None:
    visitor = visit("business team")
    page = visitor.page
    page.goto(f"/cycles/{CLOSED}/survey")
    visitor.check(WIDTHS)
    page.get_by_label("Broken down by").select_option("sector")
    visitor.press("Show")
    assert "[c]" in page.locator("main").inner_text(), "few people are hidden, and it says so"
    visitor.check()
    page.get_by_label("Only one organisation").select_option("marsh-lane-childminders")
    visitor.press("Show")
    assert "Fewer than 11" in page.locator("main").inner_text()
    visitor.check()
    page.goto(f"/cycles/{CLOSED}/survey")
    visitor.follow("Compare with an earlier survey")
    visitor.check(WIDTHS)
    lead = visit("lead")
    lead.page.goto("/staff-surveys")
    lead.check(WIDTHS)
    lead.page.locator('main a[href^="/staff-surveys/"]').first.click()
    assert "Otterfell Borough Council" in lead.page.locator("main").inner_text()
    lead.check(WIDTHS)


def test_a_text_is_read_and_decided_on_and_a_worry_is_passed_on(visit: Visit, site: RunningSite) -> None:
    visitor = visit("business team")
    visitor.expect("400")
    page = visitor.page
    page.goto(f"/cycles/{CLOSED}/texts")
    waiting = page.locator('a[href*="/texts/"]').count()
    visitor.check(WIDTHS)
    page.locator('a[href*="/texts/"]').first.click()
    visitor.check(WIDTHS)
    visitor.press("Save and read the next")
    assert visitor.errors
    visitor.check()
    visitor.choose("outcome", "redacted")
    page.get_by_label("The text as it may be shown").fill("Invented: somebody [name taken out]")
    visitor.press("Save and read the next")
    assert visitor.errors == ["Say why the text is changed or not shown"]
    page.get_by_label("Why is it changed or not shown?").fill("A name was in it")
    visitor.press("Save and read the next")
    visitor.check()
    visitor.press("Replace it")
    visitor.choose("outcome", "hidden")
    page.get_by_label("Why is it changed or not shown?").fill("Says that a child is at risk")
    page.get_by_label("This text suggests that a child or an adult may be at risk").check()
    visitor.press("Save and read the next")
    assert len(visitor.errors) == 2, "to whom, and when"
    visitor.check()
    page.get_by_label("To whom did you pass it on?").fill("Designated nurse")
    visitor.fill_moment("told_at", 1, 11, 2026, "9:30")
    visitor.press("Save and read the next")
    page.goto(f"/cycles/{CLOSED}/texts")
    assert page.locator('a[href*="/texts/"]').count() == waiting - 2
    passed_on = site.rows("select content from trail where event = 'survey text passed on'")
    assert len(passed_on) == 1 and "Designated nurse" in str(passed_on[0].content)
    page.goto(f"/cycles/{CLOSED}/decided-texts")
    visitor.check(WIDTHS)


def test_a_reminder_is_written_and_what_may_have_left_is_sent_again_by_a_person(
    visit: Visit, site: RunningSite
) -> None:
    to = [("", f"contact.{number}@example.org") for number in range(2)]
    with writing(site.engine) as connection:
        number = mailings.add_mailing(
            connection,
            {"cycle_id": "ehe-knowledge-2026", "kind": "contacts", "purpose": "invitation", "areas": [],
             "subject": "Our survey", "words": "Please pass it on", "made_at": clock.now()},
            to,
        )  # fmt: skip
        mailings.change_mailing(connection, number, state="asked", asked_at=clock.now())
    site.change("update mail_recipient set message_id = '<' || address || '>'")
    site.change("update mail_recipient set state = 'sent' where address like 'contact.0%'")
    site.change("update mail_recipient set state = 'unknown', reason = 'May have left' where address like 'contact.1%'")
    visitor = visit("business team")
    for path in ("", "/reminder", "/send-again"):
        reply = visitor.page.goto(f"/messages/{number}{path}")
        assert reply is not None and reply.status == 200 and visitor.page.url.endswith(f"/{number}{path}")
        visitor.check()
    stranger = visit()
    secret = find_instance(site.root, "demo", {}).secret_key({})
    stranger.page.goto(stop_path("contact.0@example.org", secret))
    stranger.check()
    stranger.page.locator("main form button").click()
    stranger.check()
    assert len(site.rows("select address_hash from mail_stop")) == 1


def test_answers_collected_elsewhere_are_brought_in_and_taken_out_again(visit: Visit, site: RunningSite) -> None:
    library = Library(site.root)
    form = library.load("section-11-staff", "2026")
    plan(site, library, {SURVEY: form}, [OTTERFELL])
    site.change("update cycle set closes_at = '2026-10-01 16:00:00' where id = :c", c=SURVEY)
    asked = [i for i in form.items if len(i.options) > 1 and not i.rows and not i.key][:4]
    out = io.StringIO()
    rows = [["ID", *(i.text for i in asked)], *([n, *(i.options[n % 2].label for i in asked)] for n in range(12))]
    csv.writer(out).writerows(rows)
    visitor = visit("business team")
    visitor.expect("400")
    page = visitor.page
    page.goto(f"{PATH}/import")
    visitor.check(WIDTHS)
    file = {"name": "answers.csv", "mimeType": "text/csv", "buffer": out.getvalue().encode()}
    page.locator('input[name="file"]').set_input_files(file)
    visitor.press("Continue")
    visitor.check(WIDTHS)
    page.locator('select[name="organisation"]').select_option(OTTERFELL)
    page.locator("main form button").first.click()
    page.wait_for_url("**/preview")
    visitor.check(WIDTHS)
    page.locator('form[action$="/confirm"] button').click()
    page.wait_for_url("**/progress/**")
    visitor.check()
    expect(page.locator("main")).to_contain_text("12", timeout=30_000)
    page.goto(f"{PATH}/import")
    assert replies(site, SURVEY) == 12
    visitor.check()
    page.locator('main a[href$="/undo"]').first.click()
    visitor.check()
    page.get_by_role("textbox").first.fill("The wrong file")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    assert replies(site, SURVEY) == 0
    visitor.check()


def test_a_panel_s_pack_is_released_and_shared(visit: Visit, site: RunningSite) -> None:
    number = site.rows("select id from response where cycle_id = :c and state = 'submitted'", c=AUDIT)[0].id
    visitor = visit("business team")
    for path, button in (("", ""), ("/release", "main form button"), ("/share", "main form button")):
        visitor.page.goto(f"/returns/{number}/pack{path}")
        assert visitor.page.url.endswith(f"/pack{path}")
        visitor.check()
        if button:
            visitor.page.locator(button).first.click()
    visitor.page.goto(f"/returns/{number}/pack")
    visitor.check(WIDTHS)
