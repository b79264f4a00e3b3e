"""Can somebody without a name read what becomes of answers, answer a survey, and send it once?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from audit_engine.definition.library import Library
from audit_engine.services import run_survey
from audit_engine.services.clock import now
from audit_engine.services.run_cycle import CycleRefused, close_cycle
from audit_engine.web.survey_words import NOT_HERE, parted
from tests.conftest import ROOT
from tests.web.browser import Web, page
from tests.web.respondent import WORDS, Respondent, filled, first, last
from tests.web.sites import cycle_text, every_version, site_with
from tests.web.taking.conftest import CARRIED, NO, TALK, YOU, rows, token
from tests.web.test_nothing_typed_is_lost import posting_rules, sent_without_its_token

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


def test_what_an_introduction_says_of_a_child_at_risk_stands_in_the_box_alone() -> None:
    said = (
        "It is short.\n\nWrite no name. This is not the place to\nreport a child at risk: ask\nMo today.\n\nThank you."
    )
    assert parted(said) == ("It is short.\n\nWrite no name.\n\nThank you.", ": ask Mo today.")
    alone = "This is not the place to report a child at risk. Call 999."
    assert parted(f"It is short.\n\n{alone}\n") == ("It is short.", ". Call 999.")
    assert parted("It is short.\n") == ("It is short.\n", NOT_HERE)


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
        assert page(person.get()).text.count("not the place to report") == 1, "not in the introduction and in the box"
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
