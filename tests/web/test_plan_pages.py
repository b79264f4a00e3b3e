"""Do the pages of the plan and of surveys over time show and keep what they should, and ask where it counts?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from audit_engine.services.definitions import Definitions
from audit_engine.storage import all_models
from audit_engine.storage import engine as storage_engine
from audit_engine.web.site import Site
from tests.services.waved import PLAN, Waved, lay_waved
from tests.web.browser import Web, add_people, counting, page

PLAN_PAGE, SCHOOLS, PULSE = "/dashboards/plan", "/dashboards/plan/schools", "/dashboards/surveys/pulse"
DAY = {"as_at-day": "31", "as_at-month": "3", "as_at-year": "2026"}
FIGURE: dict[str, str] = {
    **DAY, "kind": "count", "number": "27", "percentage": "", "base": "", "source": "Minutes", "note": "",
    "kept_because": "",
}  # fmt: skip
EVENT = {"happened_on-day": "1", "happened_on-month": "5", "happened_on-year": "2023", "text": "A campaign"}


@pytest.fixture
def waved(changing_app: Flask, database_url: str, tmp_path: Path) -> Iterator[tuple[Web, Waved]]:
    engine = storage_engine.create(database_url)
    found = lay_waved(tmp_path, engine)
    world = found.world
    changing_app.extensions["audit"] = Site(engine, Definitions(world.library), world.instance)
    add_people(world)
    yield Web(changing_app, world), found
    engine.dispose()


@pytest.fixture
def site(waved: tuple[Web, Waved]) -> Web:
    waved[1].wave(2022, 20, 60).wave(2024, 70, 30)
    return waved[0]


def keep(web: Web, **change: str) -> Any:
    return web.as_("team").post(SCHOOLS, {**FIGURE, **change}, follow_redirects=True)


def figure_ids(web: Web) -> list[str]:
    return re.findall(r"/dashboards/figures/(\d+)/correct", web.as_("team").get(SCHOOLS).text)


def test_each_promise_has_its_measure_figures_verdict_and_source(site: Web) -> None:
    keep(site)
    shown = page(site.as_("executive").get(PLAN_PAGE))
    for words in (
        "More is shared",
        "More know who leads",
        "20 of 80 (25%)",
        "70 of 100 (70%)",
        "Pulse 2024",
        "As the plan wants",
        "27 Minutes",
        "One figure so far",
        "No figure yet",
        "Our own words",
    ):
        assert words in shown.text, words
    assert "Every figure here is invented." in shown.text
    assert not shown.faults
    assert not shown.live_script()


def test_verdicts_are_counted_by_priority_in_a_chart_with_its_table(site: Web) -> None:
    keep(site)
    answer = site.as_("team").get(PLAN_PAGE)
    assert [tag for tag, _ in page(answer).tags].count("svg") == 1
    handed = site.as_("team").get(PLAN_PAGE + "?format=csv&table=plan-counts").text.splitlines()
    assert handed[0] == "Priority,Promises,As wanted,Otherwise,Unclear,No figure"
    assert handed[-1] == "All priorities,4,1,0,2,1"


def test_the_whole_plan_is_a_table_to_take_along(site: Web) -> None:
    keep(site)
    (href,) = (link for link in page(site.as_("team").get(PLAN_PAGE)).links() if "table=plan-table" in link)
    rows = site.as_("team").get(href).text.splitlines()
    assert len(rows) == 5
    assert rows[3] == "More schools take part,Children are safe,Schools,[z],31 March 2026: 27,One figure so far,Minutes"


def test_the_plan_leads_to_what_follows_each_promise(site: Web) -> None:
    links = page(site.as_("team").get(PLAN_PAGE)).links()
    assert "/cycles/pulse-2024/survey/compare?with=pulse-2022" in links
    assert "/cycles/tiny-2026/comparison?baseline=tiny-2024#measures" in links
    assert {SCHOOLS, "/dashboards/plan/files"} <= set(links)


@pytest.mark.parametrize("outcome", ["sharing", "nothing"])
def test_only_what_nobody_else_counts_is_typed_in(site: Web, outcome: str) -> None:
    assert site.as_("team").get(f"/dashboards/plan/{outcome}").status_code == 404
    assert site.as_("team").post(f"/dashboards/plan/{outcome}", FIGURE).status_code == 404


def test_a_figure_is_typed_in_and_shown_with_its_history(site: Web) -> None:
    shown = page(keep(site, note="All areas"))
    assert "The figure is kept." in shown.text
    assert "One figure so far 27 on 31 March 2026." in shown.text
    assert "27, of 31 March 2026. Typed in by Team on" in shown.text
    assert not shown.faults


def test_a_figure_that_is_none_is_told_at_its_box_and_in_the_summary(site: Web) -> None:
    answer = site.as_("team").post(SCHOOLS, {**FIGURE, "number": "many", "source": ""})
    assert answer.status_code == 400
    shown = page(answer)
    assert {"#number", "#source"} <= set(shown.links())
    assert {"number-error", "source-error"} <= set(shown.ids())
    assert shown.named("number")[0]["value"] == "many"
    assert site.world.count(all_models.METADATA.tables["plan_figure"]) == 0


@pytest.mark.parametrize(
    "day", [{"as_at-day": "31", "as_at-month": "2"}, {"as_at-day": "", "as_at-month": "", "as_at-year": ""}]
)
def test_a_day_that_is_none_is_told(site: Web, day: dict[str, str]) -> None:
    answer = site.as_("team").post(SCHOOLS, {**FIGURE, **day})
    assert answer.status_code == 400
    assert "#as_at" in page(answer).links()


def test_a_typed_percentage_gets_the_check_and_is_kept_only_with_a_reason(site: Web) -> None:
    typed = {"number": "", "percentage": "65.1", "kind": "sample", "base": "196"}
    first = site.as_("team").post(SCHOOLS, {**FIGURE, **typed})
    shown = page(first)
    assert first.status_code == 400
    assert "65.1% cannot come from 196 answers" in shown.text
    assert "127 of 195 would give it" in shown.text
    assert shown.named("kept_because")
    assert not page(site.as_("team").get(SCHOOLS)).named("kept_because"), "nobody is asked before"
    after = page(keep(site, **typed, kept_because="It is printed so"))
    assert "Kept although no whole number gives it: It is printed so" in after.text


def test_a_correction_shows_what_stood_there_and_keeps_it_in_the_history(site: Web) -> None:
    keep(site)
    (number,) = figure_ids(site)
    form = page(site.as_("team").get(f"/dashboards/figures/{number}/correct"))
    assert form.named("number")[0]["value"] == "27"
    assert form.named("as_at-year")[0]["value"] == "2026"
    after = page(site.as_("team").post(f"/dashboards/figures/{number}/correct", {**FIGURE, "number": "28"},
                                       follow_redirects=True))  # fmt: skip
    assert "The figure is corrected." in after.text
    assert "A correction stands in its place." in after.text
    assert site.as_("team").get(f"/dashboards/figures/{number}/correct").status_code == 404


def test_a_figure_is_taken_out_after_a_question_and_with_a_reason(site: Web) -> None:
    keep(site)
    (number,) = figure_ids(site)
    path = f"/dashboards/figures/{number}/take-out"
    assert "This cannot be undone" in page(site.as_("team").get(path)).text
    assert site.as_("team").post(path, {"reason": ""}).status_code == 400
    after = page(site.as_("team").post(path, {"reason": "Wrong year"}, follow_redirects=True))
    assert "Taken out by Team on" in after.text
    assert "Wrong year" in after.text
    assert figure_ids(site) == []


@pytest.mark.parametrize("name", ["scrutineer", "executive"])
def test_who_reads_the_plan_types_nothing(site: Web, name: str) -> None:
    keep(site)
    (number,) = figure_ids(site)
    reader = site.as_(name)
    assert not page(reader.get(SCHOOLS)).named("number")
    assert reader.post(SCHOOLS, FIGURE).status_code == 404
    for step in ("correct", "take-out"):
        assert reader.get(f"/dashboards/figures/{number}/{step}").status_code == 404
        assert reader.post(f"/dashboards/figures/{number}/{step}", FIGURE).status_code == 404
    assert reader.post(PULSE, EVENT).status_code == 404
    assert "Write down what was done" not in reader.get(PULSE).text


def test_a_faulty_file_is_told_on_the_page(site: Web) -> None:
    (site.world.instance.folder / "plan.yaml").write_text(PLAN.replace("wants: all", "wants: best"))
    shown = page(site.as_("team").get(PLAN_PAGE, follow_redirects=True))
    assert "“best” is no direction" in shown.text


def test_the_plan_takes_few_statements_whatever_was_typed(site: Web) -> None:
    team = site.as_("team")
    counts = []
    for number in ("27", "28", "29"):
        keep(site, number=number)
        with counting(site.world.engine) as counted:
            team.get(PLAN_PAGE)
        counts.append(len(counted.statements))
    assert counts[1] == counts[2] <= 45, counts


# --- surveys over time -----------------------------------------------------------


def test_surveys_are_listed_with_their_waves(site: Web) -> None:
    shown = page(site.as_("executive").get("/dashboards/surveys"))
    assert "Pulse 2 waves: Pulse 2022, Pulse 2024" in shown.text
    assert PULSE in shown.links()


def test_a_question_is_drawn_wave_by_wave_with_its_intervals_and_its_sentence(site: Web) -> None:
    answer = site.as_("team").get(PULSE + "?question=p.2")
    shown = page(answer)
    assert "The share of favourable answers rose from 25% (20 of 80) in 2022 to 70% (70 of 100) in 2024" in shown.text
    rows = site.as_("team").get(PULSE + "?question=p.2&format=csv&table=trend-table").text.splitlines()
    assert rows[1] == "2022,1 April 2022,20,80,25%,17% to 35%"
    assert rows[2] == "2024,1 April 2024,70,100,70%,60% to 78%"
    assert "What stands beside a change in time need not have caused it." in shown.text
    assert not shown.faults


@pytest.mark.parametrize("path", [PULSE + "?question=p.99", "/dashboards/surveys/tiny", "/dashboards/surveys/nothing"])
def test_a_survey_or_a_question_that_is_not_there_is_not_found(site: Web, path: str) -> None:
    assert site.as_("team").get(path).status_code == 404


def test_what_was_done_stands_between_the_waves(site: Web) -> None:
    after = page(site.as_("team").post(PULSE, EVENT, follow_redirects=True))
    assert "It is written down" in after.text
    order = [
        after.text.index(words)
        for words in ("1 April 2022: Pulse 2022", "1 May 2023: A campaign", "1 April 2024: Pulse")
    ]
    assert order == sorted(order)
    assert "Written down by Team on" in after.text


@pytest.mark.parametrize(
    "change, box",
    [
        ({"text": " "}, "#text"),
        ({"happened_on-month": "13"}, "#happened_on-month"),
        ({"happened_on-year": "2090"}, "#happened_on"),
    ],
)
def test_an_event_without_words_or_day_is_told(site: Web, change: dict[str, str], box: str) -> None:
    answer = site.as_("team").post(PULSE, {**EVENT, **change})
    assert answer.status_code == 400
    assert box in page(answer).links()


def test_an_event_is_taken_out_after_a_question(site: Web) -> None:
    site.as_("team").post(PULSE, EVENT)
    (path,) = (link for link in page(site.as_("team").get(PULSE)).links() if link.endswith("/take-out"))
    asked = page(site.as_("team").get(path))
    assert "A campaign" in asked.text
    assert site.world.count(all_models.METADATA.tables["annotation"]) == 1, "a link changes nothing"
    after = page(site.as_("team").post(path, follow_redirects=True))
    assert "It is taken out." in after.text
    assert "1 May 2023: A campaign" not in after.text
    assert site.as_("team").get(path).status_code == 404
    assert site.as_("scrutineer").post(path).status_code == 404


def test_one_wave_is_a_level_and_few_people_are_no_number(waved: tuple[Web, Waved]) -> None:
    web, found = waved
    found.wave(2022, 5, 4)
    shown = page(web.as_("team").get(PULSE))
    assert "There is one wave so far" in shown.text
    assert "[low]" in shown.text
    assert "svg" not in [tag for tag, _ in shown.tags]
