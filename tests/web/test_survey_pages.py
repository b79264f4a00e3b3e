"""Can somebody without a name answer a survey on a telephone, stop and go on, send it once, and leave no trace?"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect

from audit_engine.definition.library import Library
from audit_engine.services import run_survey
from audit_engine.services.clock import now
from audit_engine.services.run_cycle import CycleRefused, close_cycle
from audit_engine.storage.engine import reading
from audit_engine.web import reply_cookie
from tests.services.tiny import PARTNERSHIP
from tests.web.browser import Web, counting, page
from tests.web.respondent import WORDS, Respondent, filled, first, last
from tests.web.sites import SHIPPED, cycle_text, every_version, site_with
from tests.web.test_nothing_typed_is_lost import posting_rules, sent_without_its_token

ROOT = SHIPPED.parent
TALK = """
questionnaire: talk
version: "1"
title: {en: How we talk, cy: Sut rydym yn siarad}
standing: model content
kind: survey
respondent: person
anonymity: anonymous
minutes: 5
languages: [en, cy]
introduction: |
  It is for everybody who works with children.

  You can skip most questions.
closing: "Thank you. <b>Read</b> the policy."
support:
  - {name: A helpline, contact: 0800 000 000, when: You want to talk.}
defaults:
  long-text: {required: false}
sections:
  - id: you
    title: About you
    items:
      - {id: t.1, type: information, text: Your link belongs to your organisation.}
      - {id: t.2, type: single-choice, text: {en: Do you know who leads?, cy: Ydych chi'n gwybod pwy sy'n arwain?},
         guidance: One answer., options: [{id: "yes", label: {en: "Yes", cy: Ydw}}, {id: "no", label: "No"}]}
      - {id: t.3, type: multiple-choice, text: Who told you?, required: false, enable_when: t.2 == "yes", other: true,
         options: [{id: poster, label: A poster}, {id: other, label: Other}]}
  - id: used
    title: Using it
    items:
      - {id: t.4, type: grid, text: How sure are you?, required: false, enable_when: t.2 == "yes",
         rows: [{id: peer, label: With a colleague}, {id: boss, label: With your manager}],
         options: [{id: low, label: Low}, {id: high, label: High}]}
  - id: words
    title: In your words
    items:
      - {id: t.5, type: knowledge, text: Consent is always needed, required: false, key: [
          {answer: "false", ref: Law, as_at: 2026-09-01}]}
      - {id: t.6, type: number, text: How many days did it take?, required: false, maximum: 90}
      - {id: t.7, type: long-text, text: What would you change?,
         guidance: "You said {answer:t.2}. In {area.name} the desk is {area.front_door}."}
      - {id: t.8, type: single-choice, text: Do you see children?, required: false,
         applies_when: organisation.direct_work, options: [{id: "yes", label: "Yes"}, {id: "no", label: "No"}]}
"""
WITH_DOORS = PARTNERSHIP.replace("north LADO", "north LADO, front_door: 'North desk, 01632 960001'")
assert "front_door" in WITH_DOORS
YOU = {"t.2-version": "0", "t.3-version": "0", "t.2": "yes", "t.3": ["poster", "other"], "t.3-other": "A friend"}
NO = {"t.2-version": "0", "t.2": "no"}
CARRIED = {f"t.{number}-version": "0" for number in (5, 6, 7, 8)}


@pytest.fixture
def site(tmp_path: Path, database_url: str, changing_app: Flask) -> Iterator[Web]:
    with site_with(
        tmp_path, database_url, questionnaires={"talk/1": TALK}, partnership=WITH_DOORS, app=changing_app,
        cycles={"own": cycle_text("talk", "1", "Talking 2026"), "later": cycle_text("talk", "1", "Later", "later")},
    ) as web:  # fmt: skip
        yield web


def token(web: Web, organisation: str = "otters", cycle: str = "own") -> str:
    with reading(web.world.engine) as connection:
        links = run_survey.links_of(connection, cycle)
    return next(link.path.rsplit("/", 1)[1] for link in links if link.organisation == organisation and not link.ended)


@pytest.fixture
def person(site: Web) -> Respondent:
    return Respondent(site.app, token(site))


def rows(web: Web, table: str) -> list[dict[str, Any]]:
    with reading(web.world.engine) as connection:
        return [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()]


# --- the first page, and doors that are closed -----------------------------------


def test_the_first_page_says_what_becomes_of_answers_and_where_a_child_at_risk_is_reported(person: Respondent) -> None:
    shown = page(person.get())
    for words in (
        "Otter School", "About 5 minutes.", "Nobody can tell which answers are yours",
        "No result is shown for fewer than 11 people", "Open until the end of 19 December 2098",
        "This is not the place to report a child at risk", "Northshire: North desk, 01632 960001",
        "The questions are model content", "Invented.",
    ):  # fmt: skip
        assert words in shown.text, words
    assert "Southport" not in shown.text, "the desk of the organisation's own area alone"


def test_looking_begins_nothing_and_start_is_a_button(site: Web, person: Respondent) -> None:
    for path in ("", "/continue", "/later", "/check", "/thanks", "/sections/you"):
        person.get(path)
    assert rows(site, "survey_draft") == []
    assert person.get("/leave").status_code == 405
    person.begin()
    assert len(rows(site, "survey_draft")) == 1


def test_a_page_of_a_survey_leads_nowhere_else_and_asks_nobody_to_sign_in(person: Respondent) -> None:
    shown = page(person.begin())
    own = [link for link in shown.links() if not link.startswith(("/s/", "#", "mailto:"))]
    assert own == ["/accessibility", "/privacy"]
    assert "Sign in" not in shown.text


@pytest.mark.parametrize("path", ["", "/sections/you", "/check", "/later", "/continue", "/thanks"])
def test_an_unknown_link_has_a_page_of_its_own(site: Web, path: str) -> None:
    answer = Respondent(site.app, "nothing").get(path, follow_redirects=True)
    assert answer.status_code == 404
    assert "There is no survey here" in page(answer).text


FORMS = ("", "/sections/you", "/leave", "/continue", "/check")


@pytest.mark.parametrize("path", FORMS)
def test_a_form_sent_to_a_made_up_link_finds_no_survey(site: Web, person: Respondent, path: str) -> None:
    """The token of another survey's page is good; the link is not."""
    csrf = person.csrf
    answer = person.client.post(f"/s/{'k' * 12}{path}", data={**NO, "csrf_token": csrf}, follow_redirects=True)
    assert answer.status_code == 404
    assert "There is no survey here" in page(answer).text
    assert [rows(site, table) for table in ("survey_draft", "survey_reply", "survey_turnout")] == [[], [], []]


def test_no_form_of_a_survey_without_its_token_changes_anything(site: Web, person: Respondent) -> None:
    person.answer_all(first)
    code, csrf = person.code(), person.csrf
    draft, before = rows(site, "survey_draft"), site.world.counts()
    paths = posting_rules(site.app, token=person.token, section_id="you", return_id=1)
    own = {path for path in paths.values() if path.startswith(person.start_path)}
    assert own == {person.start_path + path for path in FORMS}
    for path in sorted(own):
        sent_without_its_token(person.client, path, {**NO, "t.7": WORDS, "code": code, "then": "next"}, csrf)
    assert (rows(site, "survey_draft"), site.world.counts()) == (draft, before)
    assert page(person.get("/check")).faults == [] and person.code() == code, "the place in the survey is kept"
    assert person.send().location.endswith("/thanks")


def test_a_survey_that_has_not_opened_says_when(site: Web) -> None:
    run_survey.make_links(site.world.engine, "later", ["otters"], now().date(), site.world.definitions)
    shown = Respondent(site.app, token(site, cycle="later")).get()
    assert shown.status_code == 200
    assert "This survey has not opened yet" in page(shown).text
    assert "opens on 14 September 2026" in page(shown).text


def test_a_survey_that_closed_meanwhile_hands_back_what_was_written(site: Web, person: Respondent) -> None:
    person.begin()
    sent = {**NO, "csrf_token": person.csrf, "t.7": "A long sentence that somebody typed"}
    close_cycle(site.world.engine, "own", None, now())
    posted = person.client.post(f"{person.start_path}/sections/words", data=sent)
    assert posted.status_code == 409
    text = page(posted).text
    assert "This survey has closed" in text and "A long sentence that somebody typed" in text
    assert "This survey has closed" in page(person.get()).text
    assert person.client.post(person.start_path, data={"csrf_token": sent["csrf_token"]}).status_code == 409


def test_a_one_use_link_serves_once_and_says_so(site: Web) -> None:
    ((_, path),) = run_survey.make_tickets(site.world.engine, "own", "otters", ["ada@example.org"])
    person = Respondent(site.app, path.rsplit("/", 1)[1])
    assert "Which link went to whom is not kept" in page(person.get()).text
    person.answer_all(first)
    assert "Your answers are sent" in page(person.get(person.send().location)).text
    assert "another person" not in page(person.get("/thanks")).text
    elsewhere = Respondent(site.app, person.token)
    assert "This link has been used" in page(elsewhere.get()).text


def test_a_survey_of_people_that_repeats_is_not_opened(tmp_path: Path, database_url: str, changing_app: Flask) -> None:
    texts = {
        "talk/1": TALK.replace(
            "title: In your words", "title: In your words\n    repeat: {min: 1, max: 3, label: Word}"
        )
    }
    cycles = {"own": cycle_text("talk", "1")}
    with (
        site_with(tmp_path, database_url, questionnaires=texts, cycles=cycles, opened=(), app=changing_app) as web,
        pytest.raises(CycleRefused, match="no survey pages that repeat"),
    ):
        web.world.open("own")


# --- answering --------------------------------------------------------------------


def test_questions_that_an_answer_opens_come_after_saving_on_the_same_page(person: Respondent) -> None:
    shown = page(person.begin())
    assert shown.named("t.2") and not shown.named("t.3")
    posted = person.post("/sections/you", {"t.2-version": "0", "t.2": "yes", "then": "next"})
    assert posted.location == f"{person.start_path}/sections/you#t-3"
    again = page(person.get(posted.location))
    assert "Your answers have opened more questions" in again.text
    assert again.named("t.3") and "t-3" in again.ids()
    onward = person.post("/sections/you", {**YOU, "then": "next"})
    assert onward.location.endswith("/sections/used")


def test_a_section_in_which_nothing_is_asked_is_no_page(person: Respondent) -> None:
    person.begin()
    posted = person.post("/sections/you", {**NO, "then": "next"})
    assert posted.location.endswith("/sections/words")
    assert "Section 2 of 2" in page(person.get(posted.location)).text
    assert person.get("/sections/used").location.endswith("/sections/words")
    back = [link for link in page(person.get("/sections/words")).links() if "/sections/" in link]
    assert back == [f"{person.start_path}/sections/you"]


def test_what_is_ruled_out_again_is_not_sent(site: Web, person: Respondent) -> None:
    person.begin()
    person.post("/sections/you", {**YOU, "then": "next"})
    person.post("/sections/you", {**NO, "then": "next"})
    assert "A friend" not in page(person.get("/check")).text
    assert person.send().location.endswith("/thanks")
    assert rows(site, "survey_text") == []


def test_a_question_that_must_be_answered_is_told_with_a_link_to_it(person: Respondent) -> None:
    person.begin()
    posted = person.post("/sections/you", {"t.2-version": "0", "then": "next"})
    shown = page(posted)
    assert posted.status_code == 400
    assert "Error:" in shown.text and "Answer “Do you know who leads?”." in shown.text
    assert "#t-2" in shown.links() and "t-2" in shown.ids()
    later = person.post("/sections/you", {"t.2-version": "0", "then": "later"})
    assert later.location.endswith("/later"), "who stops need not answer"


def test_what_cannot_be_an_answer_is_shown_again_as_it_was_typed(person: Respondent) -> None:
    person.begin()
    sent = {"t.6-version": "0", "t.6": "many", "t.7-version": "0", "t.7": "Kept", "then": "next"}
    posted = person.post("/sections/words", sent)
    shown = page(posted)
    assert posted.status_code == 400
    assert shown.named("t.6")[0]["value"] == "many"
    assert "Kept" in page(person.get("/sections/words")).text, "the rest is saved"
    person.post("/sections/words", {**sent, "t.6": "400"})
    assert "must be 90 or less" in page(person.post("/sections/words", {**sent, "t.6": "400"})).text


def test_answers_are_there_again_when_one_goes_back(person: Respondent) -> None:
    person.begin()
    person.post("/sections/you", {**YOU, "then": "next"})
    shown = page(person.get("/sections/you"))
    ticked = [a["value"] for a in shown.named("t.3") if "checked" in a]
    assert ticked == ["poster", "other"]
    assert shown.named("t.3-other")[0]["value"] == "A friend"


def test_earlier_answers_and_texts_of_the_area_stand_in_questions(person: Respondent) -> None:
    person.begin()
    person.post("/sections/you", {**NO, "then": "next"})
    shown = page(person.get("/sections/words"))
    assert "You said No. In Northshire the desk is North desk, 01632 960001." in shown.text


def test_only_organisations_that_it_concerns_are_asked(site: Web, person: Respondent) -> None:
    person.begin()
    assert page(person.get("/sections/words")).named("t.8")
    office = Respondent(site.app, token(site, "office"))
    office.begin()
    assert not page(office.get("/sections/words")).named("t.8")


def test_answers_are_checked_changed_and_sent(site: Web, person: Respondent) -> None:
    checked = page(person.answer_all(first))
    assert "Other: More time, please." in checked.text or "A poster" in checked.text
    change = next(link for link in checked.links() if link.endswith("#t-2"))
    shown = page(person.get(change))
    assert shown.named("from")[0]["value"] == "check"
    posted = person.post("/sections/you", {**filled(shown, first), "then": "next"})
    assert posted.location == f"{person.start_path}/check"
    sent = person.send()
    assert sent.location == f"{person.start_path}/thanks"
    thanks = page(person.get("/thanks"))
    assert "Thank you. <b>Read</b> the policy." in thanks.text, "texts are texts"
    assert "A helpline" in thanks.text and "Another" not in thanks.text
    (row,) = rows(site, "survey_turnout")
    assert row["replies"] == 1


def test_the_button_pressed_twice_sends_once(site: Web, person: Respondent) -> None:
    person.answer_all(last)
    assert [person.send().location for _ in range(3)] == [f"{person.start_path}/thanks"] * 3
    assert [row["replies"] for row in rows(site, "survey_turnout")] == [1]
    for path in ("", "/sections/you", "/check", "/later"):
        assert person.get(path).location == f"{person.start_path}/thanks"
    late = person.post("/sections/you", {**NO, "then": "next"})
    assert late.location == f"{person.start_path}/thanks"


def test_what_is_missing_keeps_answers_from_being_sent(site: Web, person: Respondent) -> None:
    person.begin()
    sent = person.send()
    shown = page(sent)
    assert sent.status_code == 400
    (link,) = [link for link in shown.links() if link.endswith("/sections/you?from=check#t-2")][:1]
    assert page(person.get(link)).named("t.2")
    assert rows(site, "survey_reply") == []


def test_support_is_on_every_page_of_questions(person: Respondent) -> None:
    assert "A helpline" in page(person.begin()).text
    assert "0800 000 000" in page(person.get("/sections/words")).text


# --- stopping, going on, and shared devices -----------------------------------------


def test_somebody_stops_and_goes_on_on_another_device(site: Web, person: Respondent) -> None:
    person.begin()
    person.post("/sections/you", {**YOU, "then": "next"})
    assert person.post("/sections/words", {"t.7-version": "0", "t.7": "Later", "then": "later"}).status_code == 302
    code = person.code()
    other = Respondent(site.app, person.token)
    assert other.get("/sections/you").location == other.start_path, "without the code there is nothing"
    entered = other.post("/continue", {"code": code.lower().replace("-", " ")})
    assert entered.location.endswith("/sections/words"), "where one left"
    assert "Later" in page(other.get(entered.location)).text


def test_the_code_is_shown_on_the_first_page_and_stands_in_no_address(site: Web, person: Respondent) -> None:
    shown = page(person.begin())
    code = person.code()
    assert code in shown.text
    person.answer_all(first)
    addresses = [str(v) for one in person.seen for _, a in one.tags for k, v in a.items() if k in ("href", "action")]
    assert not [a for a in addresses if code in a or code.replace("-", "") in a]
    assert not [h for one in person.seen for h in one.named("code")], "nor in a hidden field"


@pytest.mark.parametrize("typed, told", [("", "Enter your code"), ("7K2M-QX4P-9TRW-3HVD", "Nothing is kept under")])
def test_a_wrong_code_is_told(person: Respondent, typed: str, told: str) -> None:
    answer = person.post("/continue", {"code": typed})
    assert answer.status_code == 400
    assert told in page(answer).text and "#code" in page(answer).links()


def test_a_code_fits_its_own_link_alone(site: Web, person: Respondent) -> None:
    person.begin()
    badger = Respondent(site.app, token(site, "badgers"))
    assert badger.post("/continue", {"code": person.code()}).status_code == 400


def test_wrong_codes_are_limited_by_link_and_nothing_else(
    site: Web, person: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("audit_engine.web.views.surveys"), "WRONG_CODES", 3)
    other = Respondent(site.app, token(site, "badgers"))
    assert [person.post("/continue", {"code": "x"}).status_code for _ in range(5)] == [400, 400, 400, 429, 429]
    assert other.post("/continue", {"code": "x"}).status_code == 400, "another link is not shut"
    assert person.begin().status_code == 200, "nobody is kept from beginning"
    assert not any(person.token in str(row) for row in rows(site, "throttle"))


def test_the_next_person_at_a_shared_device_finds_nothing(site: Web, person: Respondent) -> None:
    person.answer_all(first)
    begun = page(person.get())
    assert "Answers were begun on this device and not sent yet." in begun.text
    assert "/sections/" in next(link for link in begun.links() if "/sections/" in link)
    left = person.post("/leave")
    assert left.location == person.start_path
    assert "begun on this device" not in page(person.get()).text
    assert person.get("/check").location == person.start_path


def test_another_person_may_answer_after_the_first(site: Web, person: Respondent) -> None:
    for _ in range(2):
        person.answer_all(first)
        assert "shared device" in page(person.get(person.send().location)).text
        person.post("/leave")
    assert [row["replies"] for row in rows(site, "survey_turnout")] == [2]


def test_a_form_that_lost_its_code_is_answered_with_what_was_written(person: Respondent) -> None:
    person.begin()
    token_then = person.csrf
    person.client.delete_cookie(reply_cookie.NAME, path=person.start_path)
    sent = {"csrf_token": token_then, "t.7-version": "0", "t.7": "Words of some length", "then": "next"}
    posted = person.client.post(f"{person.start_path}/sections/words", data=sent)
    assert posted.status_code == 409
    assert "Words of some length" in page(posted).text and "lost your place" in page(posted).text


def test_a_page_that_is_too_old_hands_back_what_was_written(person: Respondent) -> None:
    person.begin()
    sent = {**CARRIED, "csrf_token": "old", "t.7": "Words of some length", "then": "next"}
    posted = person.client.post(f"{person.start_path}/sections/words", data=sent)
    assert posted.status_code == 400
    shown = page(posted)
    assert "Words of some length" in shown.text and "Sign in" not in shown.text
    again = {str(a["name"]): str(a.get("value")) for t, a in shown.tags if t == "input" and a.get("name")}
    saved = person.client.post(f"{person.start_path}/sections/words", data=again)
    assert saved.location == f"{person.start_path}/check"


def test_a_forged_cookie_or_one_of_another_link_opens_nothing(site: Web, person: Respondent) -> None:
    person.begin()
    kept = person.client.get_cookie(reply_cookie.NAME, path=person.start_path)
    assert kept is not None
    for own, value in ((person.token, person.code()), (token(site, "badgers"), kept.value)):
        other = Respondent(site.app, own)
        other.client.set_cookie(reply_cookie.NAME, value, path=other.start_path)
        assert other.get("/check").location == other.start_path


# --- a warning, never a block ---------------------------------------------------------


def test_a_text_that_looks_as_if_it_names_a_child_is_asked_about_once(site: Web, person: Respondent) -> None:
    person.begin()
    person.post("/sections/you", {**NO, "then": "next"})
    sent = {**CARRIED, "t.7": "A boy called Zed told me", "then": "next"}
    first_time = person.post("/sections/words", sent)
    shown = page(first_time)
    assert first_time.status_code == 200, "it is no error"
    assert "It looks as if this names a child." in shown.text and "Error" not in shown.text
    assert "#t-7" in shown.links()
    assert [a["value"] for a in shown.named("seen")] == ["t.7"]
    assert "A boy called Zed told me" in shown.text
    kept = person.post("/sections/words", {**sent, "seen": "t.7"})
    assert kept.location == f"{person.start_path}/check"
    person.send()
    close_cycle(site.world.engine, "own", None, now())
    assert [row["text"] for row in rows(site, "survey_text")] == ["A boy called Zed told me"]


def test_words_beside_other_are_looked_at_too(person: Respondent) -> None:
    person.begin()
    sent = {**YOU, "t.3-other": "Maisie (aged 9) told her teacher", "then": "next"}
    assert "names a child" in page(person.post("/sections/you", sent)).text


# --- languages --------------------------------------------------------------------------


def test_another_language_is_kept_from_page_to_page(person: Respondent) -> None:
    start = person.get("?lang=cy")
    assert "Sut rydym yn siarad" in page(start).text
    assert ("a", "Cymraeg") not in [(t, "") for t, _ in page(start).tags]
    posted = person.post("?lang=cy")
    assert posted.location.endswith("/sections/you?lang=cy")
    shown = person.get(posted.location)
    assert '<span lang="cy">Ydych chi&#39;n gwybod' in shown.get_data(as_text=True)
    assert [a["value"] for a in page(shown).named("lang")] == ["cy"]
    onward = person.post("/sections/you", {**NO, "lang": "cy", "then": "next"})
    assert onward.location.endswith("/sections/words?lang=cy")
    back = person.post("/sections/you", {**NO, "lang": "cy", "then": "in-en"})
    assert back.location == f"{person.start_path}/sections/you"


def test_a_language_that_is_not_there_is_english(person: Respondent) -> None:
    shown = page(person.get("?lang=xx"))
    assert "Talking 2026" in shown.text
    assert "Sut rydym" not in shown.text


def test_a_survey_is_called_on_every_page_as_in_its_invitation(person: Respondent) -> None:
    for path in ("", "/continue"):
        text = page(person.get(path)).text
        assert "Talking 2026" in text and "How we talk" not in text, path
    posted = person.post("")
    assert "Talking 2026" in page(person.get(posted.location)).text


# --- no trace ------------------------------------------------------------------------------


def test_nobody_who_is_signed_in_is_noticed(site: Web) -> None:
    lead = site.as_("lead")
    own = token(site)
    before = {name: rows(site, name) for name in traces(site)}
    with counting(site.world.engine) as counted:
        shown = lead.get(f"/s/{own}")
        lead.post(f"/s/{own}")
        lead.get(f"/s/{own}/sections/you")
        lead.post(f"/s/{own}/sections/you", {**NO, "then": "next"})
        assert lead.post(f"/s/{own}/check").location == f"/s/{own}/thanks"
        lead.get(f"/s/{own}/thanks")
    assert "Lead" not in page(shown).text and "Sign out" not in page(shown).text
    assert {name: rows(site, name) for name in traces(site)} == before
    assert not [s for s in counted.statements if "person" in s]


def traces(web: Web) -> tuple[str, ...]:
    """Return the tables that could tell who was there."""
    with reading(web.world.engine) as connection:
        names = inspect(connection).get_table_names()
    return tuple(n for n in names if not n.startswith(("survey_", "throttle", "alembic")))


def test_no_log_holds_a_code_or_an_answer(person: Respondent, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    person.answer_all(first, "Quokka")
    code = person.code()
    person.send()
    assert code not in caplog.text and "Quokka" not in caplog.text


def test_pages_are_not_stored_and_the_link_is_told_to_no_other_site(person: Respondent) -> None:
    person.begin()
    for answer in (person.get(), person.get("/sections/you"), person.get("/check"), person.get("/later")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    cookie = person.client.get_cookie(reply_cookie.NAME, path=person.start_path)
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.expires, cookie.path) == (True, "Lax", None, person.start_path)


def test_a_page_and_a_save_cost_few_statements(site: Web, person: Respondent) -> None:
    person.answer_all(first)
    counted = {}
    for path in ("", "/sections/you", "/check"):
        with counting(site.world.engine) as seen:
            person.get(path)
        counted[path] = len(seen.statements)
    assert max(counted.values()) <= 6, counted
    assert counted["/sections/you"] <= 5
    csrf = person.csrf
    with counting(site.world.engine) as seen:
        person.client.post(f"{person.start_path}/sections/you", data={**NO, "csrf_token": csrf, "then": "next"})
    assert max(len(one) for one in seen.between) <= 6


# --- many at once -----------------------------------------------------------------------------


def test_two_hundred_people_behind_one_address_are_all_let_in(site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a school, within ten minutes, by one link and from one address."""
    began = time.time()
    monkeypatch.setattr(time, "time", lambda: began)
    link = token(site)
    codes = set()
    for _ in range(200):
        one = Respondent(site.app, link)
        csrf = one.csrf
        started = one.client.post(one.start_path, data={"csrf_token": csrf})
        assert started.status_code == 302
        saved = one.client.post(
            f"{one.start_path}/sections/you", data={**NO, "csrf_token": csrf, "then": "next"}
        )  # fmt: skip
        assert saved.status_code == 302
        assert one.client.post(f"{one.start_path}/check", data={"csrf_token": csrf}).location.endswith("/thanks")
        cookie = one.client.get_cookie(reply_cookie.NAME, path=one.start_path)
        codes.add(cookie.value if cookie else "")
    assert len(codes) == 200
    assert [row["replies"] for row in rows(site, "survey_turnout")] == [200]


def test_a_flood_of_beginnings_shuts_one_link_and_no_address(
    site: Web, person: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("audit_engine.web.views.surveys"), "STARTS", 2)
    assert [person.post("").status_code for _ in range(4)] == [302, 302, 429, 429]
    assert Respondent(site.app, token(site, "badgers")).post("").status_code == 302
    assert person.get("/sections/you").status_code == 200, "who has begun goes on"


# --- every survey that ships ---------------------------------------------------------------------


def shipped_surveys() -> list[str]:
    everything = Library(ROOT).all()
    return sorted(q.name for q in everything if q.kind == "survey" and q.respondent == "person")


@pytest.mark.parametrize("choose", [first, last])
@pytest.mark.parametrize("name", shipped_surveys())
def test_every_survey_that_ships_is_answered_through_its_pages(
    tmp_path: Path, database_url: str, changing_app: Flask, name: str, choose: Any
) -> None:
    questionnaire, version = name.split("@")
    with site_with(
        tmp_path, database_url, questionnaires=every_version(questionnaire),
        cycles={"own": cycle_text(questionnaire, version)}, app=changing_app,
    ) as web:  # fmt: skip
        person = Respondent(web.app, token(web))
        checked = page(person.answer_all(choose))
        assert "Not answered" not in checked.text
        sent = person.send()
        assert sent.status_code == 302, page(sent).text
        thanks = page(person.get(sent.location))
        closing = web.world.definitions.library.load(questionnaire, version).closing
        assert " ".join(closing.split()) in thanks.text
        assert [row["replies"] for row in rows(web, "survey_turnout")] == [1]
        waiting = [len(rows(web, name)) for name in ("survey_sealed_reply", "survey_reply", "survey_text")]
        assert waiting == [1, 0, 0], "it waits for others"
