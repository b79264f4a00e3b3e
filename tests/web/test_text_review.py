"""Are people's own words read by named people in time, and does nothing of them stay where it should not?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from audit_engine.services.definitions import Definitions
from audit_engine.storage import anonymous, models, trail
from audit_engine.storage import engine as storage_engine
from audit_engine.storage.engine import reading
from audit_engine.storage.waiting import waiting_since
from audit_engine.web.site import Site
from tests.services.pulse import YES, Pulse, lay_pulse
from tests.web.browser import Browser, Web, add_people, page
from tests.web.test_survey_results import Surveyed

VIEWS = "audit_engine.web.views.text_review"
LIST = "/cycles/pulse/texts"
DECIDED = "/cycles/pulse/decided-texts"
CHILD = "Robin told me about home and nobody rang back"
RISK = "A colleague locked a child in on Tuesday"
ROUTE = "Designated nurse, 01632 960130"
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(import_module(VIEWS), "now", lambda: moment)


@pytest.fixture
def read(changing_app: Flask, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Surveyed]:
    """A survey that closed, with twelve texts that came on 30 October, seen on Monday 2 November."""
    engine = storage_engine.create(database_url)
    pulse = lay_pulse(tmp_path, engine).open()
    world = pulse.world
    instance = replace(world.instance, read_within=5, risk_route=ROUTE)
    changing_app.extensions["audit"] = Site(engine, Definitions(world.library), instance)
    add_people(world)
    texts = (CHILD, RISK, *(f"Ring back {n}" for n in range(10)))
    pulse.replies([YES | {"p.7": text} for text in texts], today=date(2026, 10, 30)).close()
    at(monkeypatch, MONDAY)
    yield Surveyed(Web(changing_app, world), pulse)
    engine.dispose()


def told(day: str, month: str, year: str, time: str) -> dict[str, str]:
    """Return the four boxes of "When did you pass it on?" as they are sent."""
    return {"told_at-day": day, "told_at-month": month, "told_at-year": year, "told_at-time": time}


def path_of(pulse: Pulse, words: str) -> str:
    return f"{LIST}/{found(pulse, words).id}"


def found(pulse: Pulse, words: str) -> anonymous.TextRow:
    with reading(pulse.engine) as connection:
        every = anonymous.texts(connection, "pulse", ["", "shown", "redacted", "hidden"])
    return next(t for t in every if words in t.text)


def sent(browser: Browser, path: str, **form: str) -> str:
    return page(browser.post(path, form, follow_redirects=True)).text


def test_the_queue_says_how_many_wait_since_when_and_until_when(read: Surveyed) -> None:
    shown = page(read.as_("team").get(LIST))
    assert "12 texts, waiting since 30 October 2026. To be read by 4 November 2026." in shown.text
    assert ROUTE in shown.text
    assert "Overdue" not in shown.text


def test_what_waits_past_the_set_time_is_marked(read: Surveyed, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, datetime(2026, 11, 9, 9, tzinfo=UTC))
    shown = page(read.as_("team").get(LIST))
    assert "Texts are 5 days past the set time. Read them today." in shown.text
    assert "Overdue" in shown.text


def test_a_text_is_shown_in_the_results_with_the_reader_s_name_kept(read: Surveyed) -> None:
    team = read.as_("team")
    told = sent(team, path_of(read.pulse, "Ring back 3"), outcome="shown")
    assert "The text may be shown. 11 still to read." in told
    assert "Ring back 3" in page(team.get("/cycles/pulse/survey")).text
    kept = found(read.pulse, "Ring back 3")
    assert (kept.reviewer, str(kept.reviewed_on)) == ("Team", "2026-11-02")


def test_words_are_taken_out_for_good_only_after_asking_again(read: Surveyed) -> None:
    team, path = read.as_("team"), path_of(read.pulse, CHILD)
    form = {"outcome": "redacted", "redacted": "A child told me about home", "reason": "A name"}
    asked = page(team.post(path, form))
    assert "Nobody can bring it back." in asked.text
    assert found(read.pulse, CHILD).outcome == ""
    sent(team, path, **form, confirmed="yes")
    kept = found(read.pulse, "A child told me")
    assert (kept.outcome, kept.reason) == ("redacted", "A name")
    with reading(read.pulse.engine) as connection:
        every = anonymous.texts(connection, "pulse", ["", "shown", "redacted", "hidden"])
    assert not [t for t in every if "Robin" in t.text]


def test_a_hidden_text_needs_its_reason(read: Surveyed) -> None:
    team, path = read.as_("team"), path_of(read.pulse, RISK)
    answer = team.post(path, {"outcome": "hidden"})
    assert answer.status_code == 400
    assert "Say why the text is changed or not shown" in page(answer).text
    assert found(read.pulse, RISK).outcome == ""


def test_a_risk_is_passed_on_first_and_its_route_kept_without_the_text(read: Surveyed) -> None:
    team, path = read.as_("team"), path_of(read.pulse, RISK)
    form = {"outcome": "hidden", "reason": "One person", "suggests_risk": "yes"}
    shown = page(team.post(path, form))
    assert "Say to whom you passed it on" in shown.text
    assert "Say when you passed it on" in shown.text
    late = team.post(path, form | {"told_whom": ROUTE} | told("1", "1", "2027", "09:00"))
    assert "must be in the past" in page(late).text
    sent(team, path, **form, told_whom=ROUTE, **told("1", "11", "2026", "4.30pm"))
    assert found(read.pulse, RISK).risk == f"{ROUTE}, 4:30pm on Sunday 1 November 2026 (UK time)"
    with reading(read.pulse.engine) as connection:
        events = trail.entries_about(connection, "cycle:pulse")
        written = str(connection.execute(select(models.trail)).all())
    passed = next(e for e in events if e["event"] == "survey text passed on")
    assert passed["content"] == {"to": ROUTE, "at": "2026-11-01T16:30:00+00:00"}
    assert "locked" not in written and "Robin" not in written


def test_a_text_that_suggests_a_risk_is_not_shown_as_it_stands(read: Surveyed) -> None:
    form = {"outcome": "shown", "suggests_risk": "yes", "told_whom": ROUTE} | told("1", "11", "2026", "16:30")
    answer = read.as_("team").post(path_of(read.pulse, RISK), form)
    assert answer.status_code == 400
    assert "A text that suggests a risk is not shown as it stands" in page(answer).text


def test_nothing_chosen_and_no_time_are_told_at_their_boxes(read: Surveyed) -> None:
    team, path = read.as_("team"), path_of(read.pulse, RISK)
    form = {"suggests_risk": "yes", "told_whom": ROUTE} | told("1", "", "2026", "16:30")
    shown = page(team.post(path, form))
    assert "#outcome" in shown.links() and "#told_at-month" in shown.links()
    assert "When you passed it on must include a month" in shown.text
    assert set(shown.ids()) >= {"outcome", "told_at-month"}
    assert [shown.named(name)[0]["value"] for name in told("", "", "", "")] == ["1", "", "2026", "16:30"]


@pytest.mark.parametrize("time, why", [("", "must include a time of day"), ("01:30", "comes twice")])
def test_the_time_at_which_a_text_was_passed_on_must_be_one(read: Surveyed, time: str, why: str) -> None:
    form = {"outcome": "hidden", "reason": "One person", "suggests_risk": "yes", "told_whom": ROUTE}
    shown = page(read.as_("team").post(path_of(read.pulse, RISK), form | told("25", "10", "2026", time)))
    assert why in shown.text
    assert "#told_at-time" in shown.links()
    assert found(read.pulse, RISK).outcome == ""


def test_the_moment_comes_along_when_a_reviewer_is_asked_once_more(read: Surveyed) -> None:
    team, path = read.as_("team"), path_of(read.pulse, RISK)
    moment = told("1", "11", "2026", "16:30")
    form = {"outcome": "redacted", "redacted": "Changed", "reason": "One person", "suggests_risk": "yes"}
    asked = page(team.post(path, form | {"told_whom": ROUTE} | moment))
    carried = {str(a["name"]): str(a["value"]) for _, a in asked.tags if a.get("type") == "hidden" and a.get("name")}
    assert moment.items() <= carried.items()
    team.post(path, carried)
    assert found(read.pulse, "Changed").risk == f"{ROUTE}, 4:30pm on Sunday 1 November 2026 (UK time)"


def test_when_everything_is_read_the_queue_is_empty_and_nothing_waits(read: Surveyed) -> None:
    team = read.as_("team")
    with reading(read.pulse.engine) as connection:
        texts = anonymous.texts(connection, "pulse", [""])
        assert set(waiting_since(connection, "pulse")) == {"p.7"}
    for text in texts:
        told = sent(team, f"{LIST}/{text.id}", outcome="shown")
    assert "Everything has been read." in told
    assert "There is nothing to read." in page(team.get(LIST)).text
    with reading(read.pulse.engine) as connection:
        assert waiting_since(connection, "pulse") == {}


def test_the_decisions_are_listed_with_who_made_them_and_can_be_made_anew(read: Surveyed) -> None:
    team, path = read.as_("team"), path_of(read.pulse, "Ring back 4")
    sent(team, path, outcome="shown")
    shown = page(team.get(DECIDED))
    assert "Ring back 4" in shown.text and "Team, 2 November 2026." in shown.text
    sent(team, path, outcome="hidden", reason="On second thought")
    assert found(read.pulse, "Ring back 4").outcome == "hidden"


@pytest.mark.parametrize("name", ["executive", "scrutineer", "lead", "administrator", "nobody"])
def test_only_the_business_team_reads_what_people_wrote(read: Surveyed, name: str) -> None:
    browser = read.as_(name)
    for path in (LIST, DECIDED, path_of(read.pulse, RISK)):
        assert browser.get(path).status_code == 404
    assert browser.post(path_of(read.pulse, RISK), {"outcome": "shown"}).status_code == 404


def test_somebody_for_one_area_reads_no_text_of_a_survey_that_only_the_other_area_answered(read: Surveyed) -> None:
    """All twelve replied for Otter School, which is in the north alone."""
    south, risk = read.as_("southern team"), path_of(read.pulse, RISK)
    for path in (LIST, DECIDED, risk):
        assert south.get(path).status_code == 404, path
    form = {"outcome": "hidden", "reason": "I say so"}
    assert south.post(risk, form).status_code == 404
    assert found(read.pulse, RISK).outcome == ""
    assert LIST not in page(south.get("/cycles/pulse")).links()
    assert LIST not in page(south.get("/cycles/pulse/survey-results")).links()
    assert LIST in page(read.as_("team").get("/cycles/pulse")).links()


@pytest.mark.parametrize("organisation", ["badgers", ""])
def test_words_of_a_survey_that_both_areas_answered_are_read_by_either(read: Surveyed, organisation: str) -> None:
    """They say of no organisation whose they are, and who may be in danger must not wait for the right reader."""
    read.pulse.world.open("pulse-open")
    other = Pulse(read.pulse.world, "pulse-open")
    other.replies([YES | {"p.7": "Ring back"}] * 11).replies([YES] * 11, organisation)
    south = read.as_("southern team")
    assert south.get("/cycles/pulse-open/texts").status_code == 200
    assert "/cycles/pulse-open/texts" in page(south.get("/cycles/pulse-open")).links()


def test_a_text_that_is_not_there_or_of_another_survey_does_not_exist(read: Surveyed) -> None:
    team = read.as_("team")
    read.pulse.world.open("pulse-open")
    assert team.get(LIST + "/nothing").status_code == 404
    assert team.get(path_of(read.pulse, RISK).replace("/pulse/", "/pulse-open/")).status_code == 404


def test_while_a_survey_is_open_texts_come_once_eleven_have_written(
    changing_app: Flask, database_url: str, tmp_path: Path
) -> None:
    engine = storage_engine.create(database_url)
    pulse = lay_pulse(tmp_path, engine).open()
    changing_app.extensions["audit"] = Site(engine, Definitions(pulse.world.library), pulse.world.instance)
    add_people(pulse.world)
    team = Web(changing_app, pulse.world).as_("team")
    pulse.replies([YES | {"p.7": "Ring back"}] * 10)
    assert "texts come here once eleven people" in page(team.get(LIST)).text
    pulse.replies([YES | {"p.7": "Ring back"}])
    assert "11 texts, waiting since 20 September 2026" in page(team.get(LIST)).text
    engine.dispose()
