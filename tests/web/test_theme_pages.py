"""Can two people code apart and compare through the pages, do themes hold nobody's words, and do cards need consent?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from audit_engine.response.people import Held
from audit_engine.services.definitions import Definitions
from audit_engine.web.site import Site
from tests.services.worded import AUDIT, CALLS, TIME, Worded
from tests.web.browser import Browser, Page, Web, add_people, counting, page

THEMES = f"/cycles/{AUDIT}/themes"
CODING, BOOK, PRACTICE = f"{THEMES}/coding", f"{THEMES}/book", f"/cycles/{AUDIT}/practice"


@pytest.fixture
def worded(changing_app: Flask, tmp_path: Path, engine: Engine) -> Iterator[tuple[Web, Worded]]:
    """Four organisations returned with words, twelve of staff wrote; nothing is chosen or coded."""
    found = Worded.laid(tmp_path, engine)
    said_by = {
        "otters": "Calls, <script>please</script>", "badgers": "Calls", "joint": "Calls and time", "office": "Nothing",
    }  # fmt: skip
    for organisation, said in said_by.items():
        found.returned(organisation, said)
    found.spoke(*(f"Calls {n}" for n in range(6)), *(f"Other {n}" for n in range(6)))
    add_people(found.world)
    found.world.person("second@example.org", Held("business-team"))
    world = found.world
    changing_app.extensions["audit"] = Site(engine, Definitions(world.library), world.instance)
    yield Web(changing_app, world), found


def second(web: Web) -> Browser:
    browser = Browser(web.app, web.world.engine)
    browser.enter("second@example.org")
    return browser


def sound(shown: Page) -> Page:
    assert not shown.faults and not shown.live_script()
    assert len(shown.ids()) == len(set(shown.ids()))
    assert [t for t, _ in shown.tags].count("h1") == 1
    return shown


def got(browser: Browser, path: str) -> Page:
    answer = browser.get(path, follow_redirects=True)
    assert answer.status_code == 200, path
    return sound(page(answer))


def sent(browser: Browser, path: str, **form: object) -> Page:
    return page(browser.post(path, form, follow_redirects=True))


def prepared(team: Browser) -> None:
    """Put two themes into the book and choose both questions, through the pages."""
    for label in (CALLS, TIME):
        assert "is in the code book" in sent(team, BOOK, label=label, definition="What belongs in it").text
    offered = [a for t, a in got(team, f"{THEMES}/questions").tags if t == "input" and a.get("name") == "question"]
    wanted = [a["value"] for a in offered if str(a["value"]).endswith(("s.C.1", "st.3"))]
    assert "The words of 2 questions are coded." in sent(team, f"{THEMES}/questions", question=wanted).text


def read_all(browser: Browser, rule: dict[str, str]) -> int:
    """Read text after text as the pages lead, tick by the words in it, and finish; return how many were read."""
    browser.post(CODING)
    for number in range(40):
        answer = browser.get(f"{CODING}/next", follow_redirects=True)
        shown = sound(page(answer))
        if answer.request.path == CODING:
            sent(browser, f"{CODING}/finish")
            return number
        ticked = [theme for word, theme in rule.items() if word in shown.text]
        form: dict[str, object] = {"theme": ticked} if ticked else {"none": "yes"}
        assert browser.post(answer.request.path, form).status_code == 302
    raise AssertionError("the queue never ends")


def coded(web: Web) -> tuple[Browser, Browser]:
    """Let two people code; the second does not find time."""
    team, other = web.as_("team"), second(web)
    prepared(team)
    assert read_all(team, {"Calls": "1", "time": "2"}) == 16
    assert read_all(other, {"Calls": "1"}) == 16
    return team, other


def test_before_anything_is_done_every_page_says_what_to_do_first(worded: tuple[Web, Worded]) -> None:
    web, _ = worded
    team = web.as_("team")
    assert "There is no theme yet." in got(team, THEMES).text
    assert "Choose first which words are coded." in got(team, CODING).text
    assert "Add those that you expect" in got(team, BOOK).text
    assert "No card has been agreed yet." in got(team, PRACTICE).text
    got(team, f"{THEMES}/questions")
    assert "laid side by side when both have finished" in got(team, f"{THEMES}/agreement").text


def test_who_has_finished_is_told_of_texts_that_came_or_changed_later_and_goes_on(worded: tuple[Web, Worded]) -> None:
    web, found = worded
    team, other = coded(web)
    assert "since you finished" not in got(team, CODING).text
    row = next(r for r in found.rows() if r.text == "Calls 3")
    found.review(row.id, "redacted", today=date(2026, 11, 9), reason="A name", redacted="Calls, without")
    shown = got(team, CODING)
    assert "You have read 15 of 16 texts. 1 text came, or changed, since you finished." in shown.text
    assert shown.text.count("Finished before") == 2 and "Go on reading" in shown.text
    assert "See how far the two agree" in shown.text
    assert read_all(team, {"Calls": "1"}) == 1
    shown = got(team, CODING)
    assert shown.text.count("came or changed since.") == 1 and "since you finished" not in shown.text
    assert read_all(other, {"Calls": "1"}) == 1
    assert "came or changed" not in got(other, CODING).text


def test_two_people_code_apart_and_see_each_other_only_afterwards(worded: tuple[Web, Worded]) -> None:
    web, _ = worded
    team, other = web.as_("team"), second(web)
    prepared(team)
    read_all(team, {"Calls": "1", "time": "2"})
    other.post(CODING)
    first = got(other, f"{CODING}/next")
    assert not [a for t, a in first.tags if t == "input" and "checked" in a], "nothing of the first coder's is ticked"
    assert "Nothing is counted yet" in got(other, THEMES).text
    assert "laid side by side when both have finished" in got(other, f"{THEMES}/agreement").text
    read_all(other, {"Calls": "1"})
    shown = got(other, f"{THEMES}/agreement")
    assert "15 of 16" in shown.text and "1 text still to agree on." in shown.text
    assert "Calls and time" in shown.text


def test_a_difference_is_settled_with_its_reason_and_then_counts(worded: tuple[Web, Worded]) -> None:
    web, _ = worded
    team, _other = coded(web)
    assert "On 1 text the two have not agreed yet" in got(team, THEMES).text
    path = next(href for href in got(team, f"{THEMES}/agreement").links() if "/agreement/" in href)
    got(team, path)
    refused = team.post(path, {"theme": ["1", "2"]})
    assert refused.status_code == 400 and "Say in a few words why" in sound(page(refused)).text
    assert "All are settled." in sent(team, path, theme=["1", "2"], note="It says time").text
    found = got(team, THEMES).text
    assert "not agreed yet" not in found
    assert f"{TIME}Single-agency observation1" in found


def test_themes_show_organisations_and_kinds_and_no_words_of_anybody(worded: tuple[Web, Worded]) -> None:
    web, _ = worded
    coded(web)
    for name in ("team", "executive", "scrutineer"):
        shown = got(web.as_(name), THEMES)
        assert f"{CALLS}Observation from few agencies2" in shown.text
        assert "6 of 12" in shown.text
        assert not any(word in shown.text for word in ("please", "Calls and", "Otter School", "Other 3"))
    rows = list(csv.DictReader(io.StringIO(web.as_("executive").get(f"{THEMES}.csv").get_data(as_text=True))))
    assert [r["\ufefftheme"] for r in rows] == [CALLS, TIME]
    assert web.as_("lead").get(THEMES).status_code == 404


def test_a_text_needs_a_theme_or_none_and_not_both(worded: tuple[Web, Worded]) -> None:
    web, _ = worded
    team = web.as_("team")
    prepared(team)
    team.post(CODING)
    path = team.get(f"{CODING}/next").location
    nothing = team.post(path)
    assert nothing.status_code == 400 and "#none" in sound(page(nothing)).links()
    both = team.post(path, {"theme": "1", "none": "yes"})
    assert both.status_code == 400 and "not both" in page(both).text
    ticked = [a["id"] for t, a in page(both).tags if t == "input" and "checked" in a]
    assert ticked == ["theme-1"], "what was ticked is there still"


def test_a_theme_can_be_added_while_reading_and_leads_back_to_the_text(worded: tuple[Web, Worded]) -> None:
    web, _ = worded
    team = web.as_("team")
    prepared(team)
    team.post(CODING)
    path = team.get(f"{CODING}/next").location
    text = path.rsplit("/", 1)[1]
    answer = team.post(BOOK, {"label": "New", "definition": "What is new", "text": text})
    assert answer.location == path
    assert team.post(BOOK, {"label": "Newer", "definition": "x", "text": "//evil.example"}).location == BOOK


def test_a_coder_who_gives_up_is_asked_and_frees_the_place(worded: tuple[Web, Worded]) -> None:
    web, _ = worded
    team = web.as_("team")
    prepared(team)
    read_all(team, {"Calls": "1"})
    assert "What you found in 16 texts is deleted." in got(team, f"{CODING}/give-up").text
    assert "You no longer code these words." in sent(team, f"{CODING}/give-up").text
    assert "Be one of the two" in got(team, CODING).text


def test_the_code_book_is_renamed_and_merged_with_its_history(worded: tuple[Web, Worded]) -> None:
    web, _ = worded
    team = web.as_("team")
    prepared(team)
    got(team, f"{BOOK}/1")
    sent(team, f"{BOOK}/1", label="Ringing back", definition="What belongs in it", heard="Nobody hears back")
    got(team, f"{BOOK}/2/merge")
    assert page(team.post(f"{BOOK}/2/merge")).text.count("Choose the theme into which it goes") == 2
    shown = sent(team, f"{BOOK}/2/merge", into="1")
    assert f"“{TIME}” was merged into “Ringing back”." in shown.text
    assert "was changed" in shown.text and "with “Time for supervision”" in shown.text
    assert team.get(f"{BOOK}/2").status_code == 404
    wrong = team.post(BOOK, {"label": "ringing BACK", "definition": "x"})
    assert wrong.status_code == 400 and "#label" in page(wrong).links()


def test_somebody_for_one_area_codes_what_that_area_s_organisations_wrote(worded: tuple[Web, Worded]) -> None:
    web, _ = worded
    prepared(web.as_("team"))
    south = web.as_("southern team")
    south.post(CODING)
    assert "of 14 texts" in got(south, CODING).text, "badgers, joint and what staff wrote"
    theirs = worded[1].text("please")
    assert south.get(f"{CODING}/texts/{theirs.id}").status_code == 404


@pytest.mark.parametrize("who", ["executive", "scrutineer", "lead", "administrator", "nobody"])
def test_others_neither_code_nor_read_a_text(worded: tuple[Web, Worded], who: str) -> None:
    web, found = worded
    prepared(web.as_("team"))
    text = found.text("Nothing")
    browser = web.as_(who)
    for path in (
        CODING,
        BOOK,
        f"{CODING}/texts/{text.id}",
        f"{THEMES}/agreement",
        f"{THEMES}/questions",
        f"{PRACTICE}/new",
    ):
        assert browser.get(path).status_code == 404, path
    assert browser.post(CODING).status_code == 404


def test_the_pages_cost_the_same_few_statements_whatever_the_number_of_texts(worded: tuple[Web, Worded]) -> None:
    web, _ = worded
    team, _other = coded(web)
    for path in (THEMES, CODING, f"{THEMES}/agreement", BOOK):
        team.get(path)
        with counting(web.world.engine) as seen:
            team.get(path)
        assert len(seen.statements) <= 14, (path, seen.statements)


# --- cards ------------------------------------------------------------------------------------

WORDS = {
    "organisation": "otters", "item": "s.A.1", "title": "A call back", "what": "We ring back", "who_for": "All",
    "problem": "Nobody heard", "outcome": "They know",
}  # fmt: skip
CONSENT = {
    "consent_by": "Olga, head", "consent_on-day": "1", "consent_on-month": "10", "consent_on-year": "2026",
    "consent_names": "yes",
}  # fmt: skip


def test_a_card_is_written_checked_agreed_read_and_taken_back(worded: tuple[Web, Worded]) -> None:
    web, found = worded
    found.seen.graded("otters", "s.A.1", 2)
    team = web.as_("team")
    got(team, f"{PRACTICE}/new")
    draft = sent(team, f"{PRACTICE}/new", **WORDS)
    assert "The organisation’s consent is not recorded." in draft.text
    assert "A call back" not in got(web.as_("executive"), PRACTICE).text
    assert "consent is not recorded" in sent(team, f"{PRACTICE}/1/agree").text
    got(team, f"{PRACTICE}/1/change")
    sent(team, f"{PRACTICE}/1/change", **WORDS, **CONSENT)
    assert "The card is agreed." in sent(team, f"{PRACTICE}/1/agree").text
    got(team, f"{PRACTICE}/1")
    shown = got(web.as_("executive"), PRACTICE)
    assert "Otter School" in shown.text and "2: Dated document on file" in shown.text and "Olga" not in shown.text
    table = web.as_("executive").get(f"{PRACTICE}.csv").get_data(as_text=True)
    assert "Otter School" in table and "Olga" not in table
    got(team, f"{PRACTICE}/1/consent-taken-back")
    sent(team, f"{PRACTICE}/1/consent-taken-back")
    assert "A call back" not in got(web.as_("executive"), PRACTICE).text


def test_a_card_that_is_agreed_is_changed_only_as_a_draft(worded: tuple[Web, Worded]) -> None:
    web, found = worded
    found.seen.graded("otters", "s.A.1", 2)
    team = web.as_("team")
    sent(team, f"{PRACTICE}/new", **WORDS, **CONSENT)
    sent(team, f"{PRACTICE}/1/agree")
    assert team.get(f"{PRACTICE}/1/change").location == f"{PRACTICE}/1"
    assert "Only a draft can be changed" in sent(team, f"{PRACTICE}/1/change", **WORDS, **CONSENT).text
    assert "Others read it when it is agreed anew." in sent(team, f"{PRACTICE}/1/draft").text


@pytest.mark.parametrize(
    ("more", "where", "said"),
    [
        ({"title": ""}, "#title", "Give the practice a name"),
        ({"item": "s.Z.9"}, "#item", "Choose a criterion"),
        ({"organisation": "nobody"}, "#organisation", "Choose an organisation"),
        ({"consent_names": "yes"}, "#consent_by", "Say who gave"),
        ({"consent_by": "Olga"}, "#consent_on", "on which day"),
        ({**CONSENT, "consent_on-year": "2030"}, "#consent_on", "must be in the past"),
        ({**CONSENT, "consent_on-day": "31", "consent_on-month": "2"}, "#consent_on", "must be a real date"),
        ({**CONSENT, "consent_on-year": ""}, "#consent_on-year", "The day of the consent must include a year"),
    ],
)
def test_what_is_wrong_with_a_card_is_told_at_its_box(
    worded: tuple[Web, Worded], more: dict[str, str], where: str, said: str
) -> None:
    web, _ = worded
    answer = web.as_("team").post(f"{PRACTICE}/new", WORDS | more)
    shown = sound(page(answer))
    assert answer.status_code == 400 and where in shown.links() and said in shown.text
    assert where[1:] in shown.ids()


def test_everything_that_is_wrong_with_a_card_is_told_at_once(worded: tuple[Web, Worded]) -> None:
    web, _ = worded
    answer = web.as_("team").post(f"{PRACTICE}/new", {"consent_names": "yes"})
    shown = sound(page(answer))
    listed = [a for a in shown.links() if a.startswith("#") and a != "#main-content"]
    assert answer.status_code == 400
    assert listed == ["#organisation", "#item", "#title", "#consent_by", "#consent_on"]
    assert set(one[1:] for one in listed) <= set(shown.ids())


def test_somebody_for_one_area_keeps_no_card_of_another(worded: tuple[Web, Worded]) -> None:
    web, _ = worded
    sent(web.as_("team"), f"{PRACTICE}/new", **WORDS)
    south = web.as_("southern team")
    assert "A call back" not in got(south, PRACTICE).text
    assert south.get(f"{PRACTICE}/1").status_code == 404
    assert south.post(f"{PRACTICE}/new", WORDS).status_code == 400
