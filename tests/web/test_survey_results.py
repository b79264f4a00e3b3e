"""Does the page of a survey show what may be seen, to those who may see it, at the same cost whatever the size?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from audit_engine.services.definitions import Definitions
from audit_engine.storage import anonymous
from audit_engine.storage import engine as storage_engine
from audit_engine.storage.engine import reading
from audit_engine.web.site import Site
from tests.services.pulse import CYCLES, YES, Pulse, lay_pulse
from tests.web.browser import Browser, Web, add_people, counting, page

NO: Mapping[str, Any] = {"p.2": "no"}
PATH = "/cycles/pulse/survey"


@dataclass
class Surveyed:
    """A survey and the site that shows it."""

    web: Web
    pulse: Pulse

    def as_(self, name: str) -> Browser:
        return self.web.as_(name)


@pytest.fixture
def surveyed(changing_app: Flask, database_url: str, tmp_path: Path) -> Iterator[Surveyed]:
    engine = storage_engine.create(database_url)
    pulse = lay_pulse(tmp_path, engine).open()
    world = pulse.world
    changing_app.extensions["audit"] = Site(engine, Definitions(world.library), world.instance)
    add_people(world)
    yield Surveyed(Web(changing_app, world), pulse)
    engine.dispose()


def test_while_a_survey_is_open_its_page_shows_the_turnout_alone(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES] * 30)
    shown = page(surveyed.as_("team").get(PATH))
    assert "30 replies so far. The number invited is not known" in shown.text
    assert "It takes replies until the end of" in shown.text, "as respondents are told, and not until an hour"
    assert "Do you know who leads?" not in shown.text


def test_a_survey_of_ten_says_why_nothing_is_shown(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES] * 10).close()
    shown = page(surveyed.as_("team").get(PATH))
    assert "Fewer than 11 people took part, so nothing is shown." in shown.text
    assert "Results of fewer than eleven people are never shown" in shown.text
    assert "Do you know who leads?" not in shown.text


def test_the_results_of_a_survey_are_found_from_the_results_of_audits(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES] * 12).close()
    assert surveyed.as_("team").get("/cycles/pulse/results").location == PATH


def test_each_question_stands_with_its_base_counts_shares_and_interval(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES | {"p.3": ("poster",)}] * 12 + [YES] * 3 + [NO] * 4 + [{"p.2": "unsure"}]).close()
    shown = page(surveyed.as_("team").get(PATH))
    assert "20 asked, 20 answered" in shown.text
    assert "Favourable answers: 75% (53% to 89%)" in shown.text
    assert "Don't know: 5%" in shown.text
    assert "Asked where “Do you know who leads?” is Yes." in shown.text
    assert "More than one in ten left it out" in shown.text
    assert "“Don't know” included" in shown.text or "“Don't know” included" in shown.text.replace("’", "'")
    assert not shown.faults
    assert len(shown.ids()) == len(set(shown.ids()))


def test_right_wrong_and_sure_and_not_known_are_told_apart(surveyed: Surveyed) -> None:
    known = [YES | {"p.5": "true"}] * 12 + [YES | {"p.5": "false"}] * 5 + [YES | {"p.5": "dont-know"}] * 3
    surveyed.pulse.replies(known).close()
    shown = page(surveyed.as_("team").get(PATH))
    for words in ("Right: 60%", "Wrong and sure of it: 25%", "Did not know: 15%"):
        assert words in shown.text


def test_what_is_hidden_is_hidden_in_every_form_and_explained(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([NO | {"p.4": "no"}] * 27 + [NO | {"p.4": "yes"}] * 2).close()
    team = surveyed.as_("team")
    shown = page(team.get(PATH))
    assert "[c]: not shown, because it would point to a few people." in shown.text
    rows = list(csv.DictReader(io.StringIO(team.get(PATH + "?format=csv").get_data(as_text=True))))
    told = {r["answer"]: (r["count"], r["percent"], r["shown_as"]) for r in rows if r["question"] == "p.4"}
    assert told["yes"] == told["no"] == ("", "", "[c]")
    answers = next(q for q in team.get(PATH + "?format=json").get_json()["questions"] if q["id"] == "p.4")["answers"]
    assert {one["count"] for one in answers} == {None}


def test_a_breakdown_is_an_address_and_an_unknown_one_does_not_exist(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES] * 40, "otters").replies([NO] * 25, "joint").close()
    team = surveyed.as_("team")
    shown = page(team.get(PATH + "?by=sector"))
    assert "Schools" in shown.text and "Police" in shown.text
    assert "From 0% (Police) to 100% (Schools)" in shown.text
    assert team.get(PATH + "?by=p.2").status_code == 404
    assert team.get(PATH + "?organisation=nowhere").status_code == 404


def test_one_organisation_of_too_few_is_not_shown(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES] * 40, "otters").replies([NO] * 5, "office").close()
    shown = page(surveyed.as_("team").get(PATH + "?organisation=office"))
    assert "Fewer than 11 people took part" in shown.text


def test_who_is_limited_to_an_area_is_offered_its_organisations_alone(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES] * 40, "otters").replies([NO] * 30, "badgers").close()
    team = surveyed.as_("southern team")
    shown = page(team.get(PATH + "?by=organisation"))
    assert "Badger School" in shown.text
    assert "Otter School" not in shown.text
    assert team.get(PATH + "?organisation=otters").status_code == 404


def test_texts_are_shown_once_a_reviewer_has_passed_them(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES | {"p.7": f"Ring back {n}"} for n in range(12)]).close()
    team = surveyed.as_("team")
    shown = page(team.get(PATH))
    assert "12 texts that people wrote wait for a reader" in shown.text
    assert "Ring back" not in shown.text
    assert "Nothing that people wrote here has been passed for showing." in shown.text


@pytest.mark.parametrize(
    ("name", "status"),
    [("team", 200), ("executive", 200), ("scrutineer", 200), ("lead", 404), ("administrator", 404), ("nobody", 404)],
)
def test_results_are_for_those_who_may_see_results(surveyed: Surveyed, name: str, status: int) -> None:
    surveyed.pulse.replies([YES] * 12).close()
    assert surveyed.as_(name).get(PATH).status_code == status


def test_the_page_costs_the_same_few_statements_for_thirty_replies_as_for_three_thousand(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES] * 30).close()
    team = surveyed.as_("team")
    other = Pulse(surveyed.pulse.world).open("pulse-open")
    other.replies([YES, NO] * 1500, "").close()
    counted = []
    for path in (PATH, "/cycles/pulse-open/survey"):
        team.get(path)
        with counting(surveyed.pulse.engine) as seen:
            assert team.get(path).status_code == 200
        counted.append(seen.statements)
    assert not [s for s in counted[0] + counted[1] if "survey_reply" in s]
    assert max(map(len, counted)) <= 11


def own_path(surveyed: Surveyed, organisation: str) -> str:
    with reading(surveyed.pulse.engine) as connection:
        link = next(one for one in anonymous.links(connection, "pulse") if one.organisation == organisation)
    return f"/staff-surveys/{link.id}"


def test_a_lead_sees_its_own_staff_beside_everybody(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES] * 20, "otters").replies([NO] * 20, "badgers").close()
    lead = surveyed.as_("lead")
    listed = page(lead.get("/staff-surveys"))
    assert "Pulse 2026" in listed.text
    assert own_path(surveyed, "otters") in listed.links()
    shown = page(lead.get(own_path(surveyed, "otters")))
    assert "Favourable answers: 100%" in shown.text
    assert "All who replied" in shown.text
    assert lead.get(own_path(surveyed, "badgers")).status_code == 404
    rows = lead.get(own_path(surveyed, "otters") + "?format=csv").get_data(as_text=True)
    assert "Otter School" in rows and "Badger" not in rows


def test_a_lead_of_few_is_told_why_nothing_is_shown(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES] * 20, "badgers").replies([NO] * 7, "otters").close()
    shown = page(surveyed.as_("lead").get(own_path(surveyed, "otters")))
    assert "Fewer than eleven of your staff answered" in shown.text
    assert "Do you know who leads?" not in shown.text


def test_a_lead_is_shown_no_words_and_nothing_while_the_survey_is_open(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES | {"p.7": "Ring back"}] * 20, "otters")
    lead = surveyed.as_("lead")
    assert "No survey of your staff has closed yet" in page(lead.get("/staff-surveys")).text
    assert lead.get(own_path(surveyed, "otters")).status_code == 404
    surveyed.pulse.close()
    assert "Ring back" not in page(lead.get(own_path(surveyed, "otters"))).text


def test_a_survey_without_an_earlier_wave_says_so(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES] * 20).close()
    team = surveyed.as_("team")
    answer = team.get(PATH + "/compare")
    assert answer.status_code == 302
    assert "There is no earlier survey that has closed" in page(team.get(PATH)).text


def test_two_waves_stand_beside_one_another(surveyed: Surveyed) -> None:
    surveyed.pulse.replies([YES] * 20 + [NO] * 20).close()
    again = replace(surveyed.pulse, cycle="pulse-again")
    file = surveyed.pulse.world.instance.folder / "cycles/pulse-again.yaml"
    file.write_text(CYCLES["pulse"].replace("cycle: pulse", "cycle: pulse-again").replace("2026-", "2027-"))
    again.world.load().open("pulse-again", datetime(2027, 9, 14, 8, tzinfo=UTC))
    again.replies([YES] * 40).close()
    team = surveyed.as_("team")
    shown = page(team.get("/cycles/pulse-again/survey/compare"))
    assert "compared with Pulse 2026" in shown.text
    assert "rose" in shown.text
    assert not shown.faults
    rows = list(csv.DictReader(io.StringIO(team.get("/cycles/pulse-again/survey/compare?format=csv").get_data(True))))
    assert {r["question"] for r in rows} >= {"p.2", "p.8"}
    assert team.get("/cycles/pulse-again/survey/compare?format=json").get_json()["tested"] > 0
