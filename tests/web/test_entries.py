"""Can an organisation answer a standard several times, count heads, and see what follows from its answers?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from audit_engine.response.people import Held
from audit_engine.services.save_answers import Draft
from audit_engine.services.submit import ratings_alone
from tests.services.tiny import SCALE
from tests.web.browser import Browser, Web, counting, page
from tests.web.respondent import Choice, filled, first, last
from tests.web.sites import cycle_text, every_version, site_with

THEMES = f"""
questionnaire: themes
version: "1"
title: Themes
standing: model content
kind: audit
respondent: organisation
declaration: I am the senior person.
{SCALE}
sections:
  - id: counted
    title: What was counted
    items:
      - {{id: th.1, type: counts, text: How many did the training?, rows: [{{id: front, label: Front line}},
          {{id: managers, label: Managers}}], parts: {{headcount: All, completed: Done}}}}
      - {{id: th.2, type: calculated, text: Share, calculate: 100 * th.1.completed / th.1.headcount, unit: "%"}}
      - {{id: th.3, type: multiple-choice, text: What is true?, other: true, options: [
          {{id: marked, label: It is marked}}, {{id: checked, label: It is checked}}, {{id: other, label: Other}}]}}
      - id: th.4
        type: rating
        text: We know our numbers
        rules:
          - {{option: met, when: '"marked" in th.3 and "checked" in th.3'}}
          - {{option: not-met, when: "true"}}
      - {{id: th.pupils, type: information, text: Questions to ask, guidance: "First?\\nSecond?"}}
  - id: themes
    title: Themes
    guidance: One entry for each.
    repeat: {{min: 1, max: 3, label: Theme}}
    items:
      - {{id: th.5, type: text, text: What came up?}}
      - {{id: th.6, type: single-choice, text: Was it new?,
         options: [{{id: "yes", label: "Yes"}}, {{id: "no", label: "No"}}]}}
      - {{id: th.7, type: long-text, text: What is new about it?, enable_when: th.6 == "yes"}}
checks:
  - {{id: no-old, holds: 'th.5 != "Old"', message: A theme cannot be called Old., items: [th.5]}}
  - {{id: marked-first, holds: '"checked" not in th.3 or "marked" in th.3', message: Only what is marked is checked.}}
"""
CHILDMINDERS = """
questionnaire: minders
version: "1"
title: Meals
standing: model content
kind: audit
respondent: organisation
sections:
  - id: meals
    title: Meals
    items:
      - id: m.1
        type: yes-no-unsure
        text: Our team has a policy
        duty_from: {date: 2025-09-01, ref: The framework}
        variants:
          - {when: organisation.direct_work, text: I have a policy of my own}
      - {id: m.2, type: yes-no-unsure, text: The board asks}
"""


@pytest.fixture
def site(tmp_path: Path, database_url: str, changing_app: Flask) -> Iterator[Web]:
    texts, cycles = {"themes/1": THEMES}, {"own": cycle_text("themes", "1")}
    with site_with(tmp_path, database_url, questionnaires=texts, cycles=cycles, app=changing_app) as web:
        yield web


def own(web: Web) -> str:
    return f"/returns/{web.world.return_of('otters', 'own').id}"


def entry(number: str, **values: str) -> dict[str, str]:
    """Return the form of an entry; keys are numbers of questions."""
    named = {f"th.{key[1:]}~{number}": value for key, value in values.items()}
    return {**named, **{f"{name}-version": "0" for name in named}}


def add(browser: Browser, web: Web, number: str, text: str, new: str = "no") -> None:
    posted = browser.post(f"{own(web)}/standards/themes/entries/{number}", entry(number, _5=text, _6=new))
    assert (posted.status_code, posted.location) == (302, f"{own(web)}/standards/themes")


def themes(web: Web) -> list[object]:
    answers = web.world.opened("otters", "own").answers
    return [a.value for k, a in sorted(answers.items()) if k[0] == "th.5"]


def test_a_standard_that_repeats_is_a_list_with_one_more_to_add(site: Web) -> None:
    browser = site.as_("lead")
    empty = page(browser.get(f"{own(site)}/standards/themes"))
    assert "Nothing has been added yet" in empty.text
    assert f"{own(site)}/standards/themes/entries/1" in empty.links()
    add(browser, site, "1", "Neglect")
    add(browser, site, "2", "Handover")
    listed = page(browser.get(f"{own(site)}/standards/themes"))
    assert "Theme 1" in listed.text and "Neglect" in listed.text and "Handover" in listed.text
    assert f"{own(site)}/standards/themes/entries/3" in listed.links()
    assert not listed.faults and len(listed.ids()) == len(set(listed.ids()))


def test_no_more_entries_can_be_added_than_the_most(site: Web) -> None:
    browser = site.as_("lead")
    for number in ("1", "2", "3"):
        add(browser, site, number, f"Theme {number}")
    listed = page(browser.get(f"{own(site)}/standards/themes"))
    assert "3 is the most that can be added" in listed.text
    assert browser.get(f"{own(site)}/standards/themes/entries/4").status_code == 404
    assert browser.post(f"{own(site)}/standards/themes/entries/4", entry("4", _5="More")).status_code == 404


@pytest.mark.parametrize("number", ["0", "7", "2", "x", "1/../2"])
def test_an_entry_that_was_never_begun_is_not_found(site: Web, number: str) -> None:
    assert site.as_("lead").get(f"{own(site)}/standards/themes/entries/{number}").status_code == 404
    assert site.as_("lead").get(f"{own(site)}/standards/counted/entries/1").status_code == 404


def test_an_entry_is_shown_again_to_be_changed(site: Web) -> None:
    browser = site.as_("lead")
    add(browser, site, "1", "Neglect")
    shown = page(browser.get(f"{own(site)}/standards/themes/entries/1"))
    assert shown.named("th.5~1")[0]["value"] == "Neglect"
    assert shown.named("th.5~1-version")[0]["value"] == "1"
    changed = {**entry("1", _5="Neglect over years", _6="no"), "th.5~1-version": "1", "th.6~1-version": "1"}
    browser.post(f"{own(site)}/standards/themes/entries/1", changed)
    assert themes(site) == ["Neglect over years"]


def test_what_cannot_be_saved_in_an_entry_comes_back_with_a_sentence(site: Web) -> None:
    sent = entry("1", _5="x" * 12_000, _6="no")
    posted = site.as_("lead").post(f"{own(site)}/standards/themes/entries/1", sent)
    assert posted.status_code == 400
    shown = page(posted)
    (href,) = [link for link in shown.links() if link.startswith("#th-5")]
    assert href[1:] in shown.ids()
    assert shown.named("th.6~1-version")[0]["value"] == "1", "the rest was saved"


def test_an_entry_is_removed_only_after_a_question_and_its_number_is_not_used_again(site: Web) -> None:
    browser = site.as_("lead")
    for number, text in (("1", "First"), ("2", "Second")):
        add(browser, site, number, text)
    where = f"{own(site)}/standards/themes/entries/2/remove"
    assert "Remove Theme 2?" in page(browser.get(where)).text
    assert themes(site) == ["First", "Second"], "asking removes nothing"
    assert browser.post(where).status_code == 302
    listed = page(browser.get(f"{own(site)}/standards/themes"))
    assert "Theme 2 is removed." in listed.text and "Second" not in listed.text
    assert f"{own(site)}/standards/themes/entries/3" in listed.links()
    assert browser.get(where).status_code == 404
    assert browser.get(f"{own(site)}/standards/themes/entries/2").status_code == 404
    history = page(browser.get(f"{own(site)}/history")).text
    assert history.count("version 2") == 2, "two answers of it were taken away, and that is noted"


def test_nobody_else_sees_or_removes_an_entry(site: Web) -> None:
    add(site.as_("lead"), site, "1", "Neglect")
    where = f"{own(site)}/standards/themes/entries/1"
    for name in ("other lead", "executive"):
        assert site.as_(name).get(where).status_code == 404
        assert site.as_(name).post(f"{where}/remove").status_code == 404
    assert themes(site) == ["Neglect"]


def test_two_people_who_add_at_the_same_time_choose_between_two_texts(site: Web) -> None:
    browser = site.as_("lead")
    add(browser, site, "1", "Mine")
    posted = browser.post(f"{own(site)}/standards/themes/entries/1", entry("1", _5="Theirs", _6="no"))
    assert posted.status_code == 409
    forms = [a["action"] for tag, a in page(posted).tags if tag == "form" and "entries" in str(a.get("action"))]
    assert forms == [f"{own(site)}/standards/themes/entries/1"]


def test_the_page_s_script_saves_an_entry(site: Web) -> None:
    browser = site.as_("lead")
    where = f"{own(site)}/standards/themes/entries/1"
    form = next(a for tag, a in page(browser.get(where)).tags if tag == "form" and "data-autosave" in a)
    saved = browser.post(str(form["data-autosave"]), entry("1", _5="By script"))
    assert saved.get_json()["versions"] == {"th.5~1": 1}
    assert browser.post(f"{own(site)}/standards/themes/autosave", entry("1", _5="x")).status_code == 404


def test_what_is_missing_from_entries_is_told_with_a_link_to_it(site: Web) -> None:
    browser = site.as_("lead")
    whole = site.world.opened("otters", "own")
    assert [g.sentence for g in whole.gaps if g.item == "th.5"] == ["Add 1: Theme (at least 1 in “Themes”)"]
    add(browser, site, "1", "Neglect", "yes")
    checked = page(browser.get(f"{own(site)}/check"))
    assert f"{own(site)}/standards/themes/entries/1#th-7-entry-1" in checked.links()
    assert "Theme 1: What came up?" in checked.text
    progress = site.world.opened("otters", "own").progress(whole.questionnaire.sections[1])
    assert (progress.asked, progress.answered, progress.done) == (3, 2, 2)


def test_a_check_must_hold_in_each_entry(site: Web) -> None:
    browser = site.as_("lead")
    add(browser, site, "1", "Old")
    add(browser, site, "2", "Young")
    assert "A theme cannot be called Old." in page(browser.get(f"{own(site)}/check")).text


def test_what_does_not_fit_together_leads_to_its_question(site: Web) -> None:
    browser = site.as_("lead")
    browser.post(f"{own(site)}/standards/counted", {"th.3-version": "0", "th.3": ["checked"]})
    told = f'href="{own(site)}/standards/counted#th-3">Only what is marked is checked.</a>'
    assert told in browser.get(f"{own(site)}/check").text


def complete(web: Web, browser: Browser) -> None:
    """Answer everything, by the pages."""
    form = {
        "th.1-version": "0", "th.1-row-front-headcount": "1,200", "th.1-row-front-completed": "300",
        "th.3-version": "0", "th.3": ["marked", "other"], "th.3-other": "A list & <b>",
    }  # fmt: skip
    assert browser.post(f"{own(web)}/standards/counted", form).status_code == 302
    add(browser, web, "1", "Neglect")


def test_the_list_of_standards_counts_what_does_not_fit_together(site: Web) -> None:
    browser = site.as_("lead")
    complete(site, browser)
    assert "Everything that is needed is there." in page(browser.get(own(site))).text
    browser.post(f"{own(site)}/standards/counted", {"th.3-version": "1", "th.3": ["checked"]})
    assert "1 thing left to do before you can submit." in page(browser.get(own(site))).text


def test_a_return_with_entries_counts_and_what_follows_is_submitted_and_printed(site: Web) -> None:
    browser = site.as_("lead")
    complete(site, browser)
    shown = page(browser.get(f"{own(site)}/standards/counted"))
    assert shown.named("th.1-row-front-headcount")[0]["value"] == "1200"
    assert shown.named("th.3-other")[0]["value"] == "A list & <b>"
    assert "Not met" in shown.text and "25 %" in shown.text
    assert not shown.named("th.4") and not shown.named("th.2")
    assert browser.get(f"{own(site)}/check").status_code == 200
    sent = browser.post(f"{own(site)}/submit", {"name": "Ada", "role": "Head", "agreed": "yes"})
    assert sent.location == f"{own(site)}/receipt"
    printed = page(browser.get(f"{own(site)}/print")).text
    for text in ("Front line: 300 of 1200", "25 %", "Other: A list & <b>", "Theme 1: What came up?", "Second?"):
        assert text in printed
    assert "Neglect" in page(browser.get(f"{own(site)}/standards/themes")).text
    assert browser.get(f"{own(site)}/standards/themes/entries/1").status_code == 200, "to be read"
    row = site.world.opened("otters", "own")
    assert row.answer("th.4").value == "not-met"


def test_a_rating_that_follows_counts_in_what_is_submitted(site: Web) -> None:
    site.world.save(Draft("th.3", 0, ("marked", "checked")), organisation="otters", cycle="own")
    assert ratings_alone(site.world.opened("otters", "own"))[""]["codes"] == "5"


def test_heads_that_cannot_be_are_told_at_their_question(site: Web) -> None:
    form = {"th.1-version": "0", "th.1-row-front-headcount": "3", "th.1-row-front-completed": "4"}
    posted = site.as_("lead").post(f"{own(site)}/standards/counted", form)
    assert posted.status_code == 400
    assert "cannot be more than" in page(posted).text
    assert "#th-1" in page(posted).links()
    again = page(site.as_("lead").get(f"{own(site)}/standards/counted"))
    assert [again.named(f"th.1-row-front-{part}")[0]["value"] for part in ("headcount", "completed")] == ["3", "4"]
    assert "cannot be more than" in again.text and "#th-1" in again.links()
    assert "cannot be more than" in page(site.as_("lead").get(f"{own(site)}/check")).text


def test_a_text_too_long_in_an_entry_is_there_again_and_makes_the_entry(site: Web) -> None:
    browser, address, words = site.as_("lead"), f"{own(site)}/standards/themes/entries/1", "x" * 20_000
    assert browser.post(address, entry("1", _5=words)).status_code == 400
    assert words in browser.get(address).text
    assert page(browser.get(address)).links().count("#th-5-entry-1") == 1
    assert f"{address}#th-5-entry-1" in page(browser.get(f"{own(site)}/check")).links()


def test_a_list_of_entries_costs_no_more_statements_than_a_standard(site: Web) -> None:
    browser = site.as_("lead")
    for number in ("1", "2"):
        add(browser, site, number, f"Theme {number}")
    with counting(site.world.engine) as counted:
        browser.get(f"{own(site)}/standards/themes")
    assert len(counted.statements) <= 5


def test_a_text_that_names_a_child_is_pointed_out_and_holds_nothing_up(site: Web) -> None:
    browser = site.as_("lead")
    complete(site, browser)
    browser.post(f"{own(site)}/standards/themes/entries/2", entry("2", _5="A boy called Zed", _6="no"))
    checked = page(browser.get(f"{own(site)}/check"))
    assert "5: It looks as if this names a child." in checked.text
    assert f"{own(site)}/standards/themes/entries/2#th-5-entry-2" in checked.links()
    sent = browser.post(f"{own(site)}/submit", {"name": "Ada", "role": "Head", "agreed": "yes"})
    assert sent.location == f"{own(site)}/receipt"


ORGANISATIONS_ANSWER = ["online-safety-follow-up@2026", "sca@2027", "mia@2026", "cse-b@2026", "jta-da@2025"]


@pytest.mark.parametrize("choose", [first, last])
@pytest.mark.parametrize("name", ORGANISATIONS_ANSWER)
def test_what_counts_repeats_or_follows_is_answered_through_its_pages(
    tmp_path: Path, database_url: str, changing_app: Flask, name: str, choose: Choice
) -> None:
    """These are the questionnaires that could not be opened before."""
    questionnaire, version = name.split("@")
    texts, cycles = every_version(questionnaire), {"own": cycle_text(questionnaire, version)}
    with site_with(tmp_path, database_url, questionnaires=texts, cycles=cycles, app=changing_app) as web:
        browser = web.as_("lead")
        for _ in range(3):  # an answer may open more questions
            for section in web.world.opened("otters", "own").questionnaire.sections:
                where = f"{own(web)}/standards/{section.id}" + ("/entries/1" if section.repeat else "")
                shown = page(browser.get(where))
                assert not shown.faults and len(shown.ids()) == len(set(shown.ids())), where
                posted = browser.post(where, filled(shown, choose))
                assert posted.status_code == 302, page(posted).text
        assert [g.sentence for g in web.world.opened("otters", "own").gaps] == []
        sent = browser.post(f"{own(web)}/submit", {"name": "Ada", "role": "Head", "agreed": "yes"})
        if sent.location != f"{own(web)}/receipt":  # three sevens do not add up to seven
            assert name == "sca@2027" and "must add up" in page(browser.get(f"{own(web)}/check")).text


def test_wording_follows_the_organisation_and_says_what_is_a_duty(tmp_path: Path, database_url: str) -> None:
    with site_with(
        tmp_path, database_url, questionnaires={"minders/1": CHILDMINDERS}, cycles={"own": cycle_text("minders", "1")}
    ) as web:
        team = web.as_("lead")
        theirs = page(team.get(f"/returns/{web.world.return_of('otters', 'own').id}/standards/meals")).text
        assert "I have a policy of my own" in theirs and "Our team has a policy" not in theirs
        assert "Legal duty since 1 September 2025" in theirs and "Good practice" in theirs
        office = web.world.return_of("office", "own").id
        web.world.person("office@example.org", Held("organisation-lead", "office"))
        other = Browser(web.app, web.world.engine)
        other.enter("office@example.org")
        assert "Our team has a policy" in page(other.get(f"/returns/{office}/standards/meals")).text
        assert "Our team has a policy" in page(other.get(f"/returns/{office}/check")).text
        assert "I have a policy of my own" in page(team.get(f"{own(web)}/check")).text
