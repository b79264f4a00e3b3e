"""Do the dashboards answer what people ask, to those who may see it, also where there is nothing yet?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from audit_engine.analysis import gathering, participation
from audit_engine.definition.library import Library
from audit_engine.reports import board_actions
from audit_engine.reports.blocks import Cell, Table
from audit_engine.response.people import Held
from audit_engine.services.definitions import Definitions
from audit_engine.storage import engine as storage_engine
from audit_engine.web.block_pages import as_csv
from audit_engine.web.site import Site
from tests.services.tiny import World, complete, lay
from tests.web.browser import Page, Web, add_people, counting, page

PAGES = ("/dashboards", "/dashboards/returns", "/dashboards/actions", "/dashboards/plan", "/dashboards/surveys")
SEE = ("team", "southern team", "executive", "southern executive", "scrutineer")


def rows_of(answer: TestResponse) -> list[list[str]]:
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True))))


def numbers(answer: TestResponse, table: str) -> list[list[str]]:
    """Return a table's rows as the page shows them: one row of cells a line."""
    html = answer.get_data(as_text=True)
    body = html[html.index(f'id="{table}"') :]
    lines = body[body.index("<tbody") : body.index("</tbody>")].split("<tr")[1:]
    return [[Page(cell).text for cell in _cells(line)] for line in lines]


def _cells(line: str) -> list[str]:
    return re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)


@pytest.fixture
def new(changing_app: Flask, database_url: str, tmp_path: Path) -> Iterator[Web]:
    """A site on which nothing was opened."""
    engine = storage_engine.create(database_url)
    instance = lay(tmp_path)
    world = World(instance, engine, Library(tmp_path)).load()
    changing_app.extensions["audit"] = Site(engine, Definitions(world.library), instance)
    add_people(world)
    yield Web(changing_app, world)
    engine.dispose()


@pytest.mark.parametrize("path", PAGES)
def test_where_there_is_nothing_yet_a_page_says_what_will_stand_there(new: Web, path: str) -> None:
    answer = new.as_("team").get(path)
    assert answer.status_code == 200
    shown = page(answer)
    assert not shown.faults
    assert any(
        words in shown.text for words in ("has been opened yet", "No strategic plan", "No survey has closed yet")
    )
    assert "<table" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_nobody_returned_is_a_page_too(web: Web, path: str) -> None:
    answer = web.as_("team").get(path)
    assert answer.status_code == 200
    assert not page(answer).faults


@pytest.mark.parametrize("name", SEE)
def test_the_first_page_asks_what_each_reader_may_have_answered(standing: Web, name: str) -> None:
    shown = page(standing.as_(name).get("/dashboards"))
    assert ("Who has returned?" in shown.text) is ("executive" not in name)
    for question in ("What is the overall picture?", "What changed?", "What will be done about it?"):
        assert question in shown.text
    assert ("Tables for Power BI" in shown.text) is (name == "team")


@pytest.mark.parametrize("name", ["lead", "administrator", "nobody"])
def test_nobody_else_sees_a_dashboard(standing: Web, name: str) -> None:
    for path in (*PAGES, "/dashboards/tables", "/dashboards/plan/schools", "/dashboards/surveys/pulse"):
        assert standing.as_(name).get(path).status_code == 404, path


def test_the_first_page_says_each_answer_in_a_number_and_leads_to_it(standing: Web) -> None:
    found = page(standing.as_("team").get("/dashboards"))
    assert "1 of 4 organisations have returned." in found.text
    assert "100% 5 of 5 ratings are met; by standard." in found.text
    links = found.links()
    for link in ("/dashboards/returns?cycle=tiny-2026", "/cycles/tiny-2026/results", "/cycles/tiny-2026/comparison",
                 "/dashboards/actions?cycle=tiny-2026"):  # fmt: skip
        assert link in links


def test_an_earlier_audit_and_an_area_can_be_chosen_and_the_address_shared(standing: Web) -> None:
    team = standing.as_("team")
    found = page(team.get("/dashboards?cycle=tiny-2024&area=south"))
    assert "2 of 2 organisations have returned." in found.text
    assert "/cycles/tiny-2024/results?area=south" in found.links()
    assert team.get("/dashboards?cycle=nothing").status_code == 404
    assert team.get("/dashboards?area=west").status_code == 404


def test_the_returns_board_counts_by_sector_and_lists_who_is_behind(standing: Web) -> None:
    answer = standing.as_("team").get("/dashboards/returns")
    assert numbers(answer, "returns-now-table") == [
        ["Police", "2", "0", "0", "0", "2", "0"], ["Schools", "2", "1", "0", "1", "0", "0"],
        ["All kinds", "4", "1", "0", "1", "2", "0"],
    ]  # fmt: skip
    behind = numbers(answer, "chase")
    assert [row[0] for row in behind] == ["Joint Police", "The Office", "Badger School"]
    assert behind[2][2:5] == ["Started", "6 of 6", "5 October 2026"]
    assert "Nothing yet" in behind[0]


def test_the_business_team_has_a_list_and_addresses_to_copy_and_nobody_else(standing: Web) -> None:
    text = standing.as_("team").get("/dashboards/returns").text
    assert "Badger School: started; 6 of 6 questions done; last activity 5 October 2026; Other.Lead" in text
    assert "joint.lead@example.org; other.lead@example.org" in text
    assert "No address is known for The Office." in text
    scrutineer = standing.as_("scrutineer").get("/dashboards/returns").text
    assert "@example.org" not in scrutineer.replace("team@tiny.example.org", "")
    assert 'id="chase"' in scrutineer


def test_the_board_of_an_areas_team_is_of_its_area(standing: Web) -> None:
    answer = standing.as_("southern team").get("/dashboards/returns")
    assert [row[0] for row in numbers(answer, "chase")] == ["Joint Police", "Badger School"]
    assert standing.as_("southern team").get("/dashboards/returns?area=north").status_code == 404


@pytest.mark.parametrize(
    "query, names",
    [
        ("sector=police", ["Joint Police", "The Office"]), ("state=started", ["Badger School"]),
        ("state=not-started&area=north", ["Joint Police", "The Office"]), ("state=overdue", []),
    ],
)  # fmt: skip
def test_filters_of_the_returns_board_stand_in_its_address(standing: Web, query: str, names: list[str]) -> None:
    answer = standing.as_("team").get(f"/dashboards/returns?{query}")
    if names:
        assert [row[0] for row in numbers(answer, "chase")] == names
    else:
        assert 'id="chase"' not in answer.text
        assert "Nobody: every organisation shown here has submitted." in page(answer).text


@pytest.mark.parametrize("query", ["sector=army", "state=asleep", "cycle=nothing", "area=west"])
def test_a_filter_that_names_nothing_is_not_found(standing: Web, query: str) -> None:
    assert standing.as_("team").get(f"/dashboards/returns?{query}").status_code == 404


def test_a_chart_stands_with_its_base_its_alternative_text_its_table_and_a_csv(standing: Web) -> None:
    answer = standing.as_("team").get("/dashboards/returns?sector=education")
    shown = page(answer)
    (drawn,) = (a for tag, a in shown.tags if tag == "svg")
    assert drawn["role"] == "img"
    assert "Base: organisations taking part." in shown.text
    assert "Highest Schools, 1 of 2 returned" in shown.text
    places = [a["data-copy"] for _, a in shown.tags if "data-copy" in a]
    assert {"chase", "returns-now-table", "chase-lines"} <= set(places)
    assert any(str(a.get("src", "")).endswith("copy.js") for tag, a in shown.tags if tag == "script")


def test_each_table_is_handed_out_as_csv_as_it_is_filtered(standing: Web) -> None:
    team = standing.as_("team")
    links = page(team.get("/dashboards/returns?sector=education")).links()
    (href,) = (link for link in links if "table=returns-now-table" in link)
    answer = team.get(href)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="returns-now-table.csv"'
    assert rows_of(answer) == [
        ["Kind of organisation", "In scope", "Returned", "Of these late", "Started", "Not started", "Overdue"],
        ["Schools", "2", "1", "0", "1", "0", "0"], ["All kinds", "2", "1", "0", "1", "0", "0"],
    ]  # fmt: skip
    assert team.get("/dashboards/returns?format=csv&table=nothing").status_code == 404


def test_every_figure_of_a_page_has_an_id_its_parts_and_its_source(standing: Web) -> None:
    plain: Any = standing.as_("team").get("/dashboards/returns?format=figures").get_json()
    found = {one["id"]: one for one in plain["figures"]}
    whole = found["table.returns-now-table.3.2"]
    assert (whole["value"], whole["source"]) == (4, "Returns by kind of organisation: All kinds, In scope")
    assert len(whole["parts"]) == 2
    assert all(one["source"] and one["text"] for one in plain["figures"])


@pytest.mark.parametrize(
    "path, table",
    [
        ("/cycles/tiny-2026/results", "ratings-by-standard"), ("/cycles/tiny-2026/comparison", "like-for-like"),
        ("/cycles/tiny-2026/comparison?tag=sharing", "measure-results"),
    ],
)  # fmt: skip
def test_the_pages_of_results_hand_out_their_tables_too(standing: Web, path: str, table: str) -> None:
    team = standing.as_("team")
    answer = team.get(path)
    (href,) = (link for link in page(answer).links() if f"table={table}" in link)
    rows = rows_of(team.get(href))
    assert [r[0] for r in rows[1:]] == [r[0] for r in numbers(answer, table)]
    assert team.get(path + ("&" if "?" in path else "?") + "format=figures").get_json()["figures"]


def test_a_cell_that_would_run_as_a_formula_is_harmless(web: Web) -> None:
    table = Table("t", "T", ("Name", "A"), ((Cell("=1+1"), Cell("−1,204", number=True)), (Cell("@x"), Cell("12%"))))
    assert as_csv(table).splitlines() == ["Name,A", "'=1+1,-1204", "'@x,12%"]


def test_the_actions_board_counts_by_standard_and_lists_what_will_be_done(web: Web) -> None:
    web.world.returned("otters", "tiny-2026", {"t.A.1": "not-met", "t.B.2": "partly-met"})
    web.world.returned("joint", "tiny-2026", {"t.A.1": "not-met"})
    answer = web.as_("team").get("/dashboards/actions")
    due = (date(2027, 3, 31) - date.today()).days
    when = 1 if due < 0 else 2 if due <= 90 else 3
    counted = {row[0]: row[1:] for row in numbers(answer, "actions-now-table")}
    assert (counted["Leading"][0], counted["Leading"][when], counted["All standards"][0]) == ("2", "2", "3")
    assert numbers(answer, "actions-status") == [["Proposed in the return", "3"], ["All", "3"]]
    listed = numbers(answer, "actions-list")
    assert [row[:2] for row in listed] == [["Joint Police", "A.1"], ["Otter School", "A.1"], ["Otter School", "B.2"]]
    assert listed[0][4:] == ["Write it", "Sam", "Ask"]
    assert not page(answer).faults


def test_who_may_not_read_returns_sees_no_words_of_actions(web: Web) -> None:
    web.world.returned("otters", "tiny-2026", {"t.A.1": "not-met"})
    executive = web.as_("executive").get("/dashboards/actions")
    assert [len(row) for row in numbers(executive, "actions-list")] == [4]
    assert "Write it" not in executive.text
    handed = web.as_("executive").get("/dashboards/actions?format=csv&table=actions-list")
    assert "Write it" not in handed.text


def test_the_csv_of_actions_leaves_nothing_out(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_actions, "MOST_LISTED", 1)
    web.world.returned("otters", "tiny-2026", {"t.A.1": "not-met", "t.B.2": "partly-met"})
    answer = web.as_("team").get("/dashboards/actions")
    assert len(numbers(answer, "actions-list")) == 1
    assert "1 more are in the CSV." in page(answer).text
    assert len(rows_of(web.as_("team").get("/dashboards/actions?format=csv&table=actions-list"))) == 3


def test_what_somebody_typed_is_text_on_the_boards(web: Web) -> None:
    hostile = "<script>alert(1)</script>"
    web.world.person("x@example.org", Held("organisation-lead", "office"))
    web.world.answer("otters", "tiny-2026", {"t.A.1": "not-met"})
    whole = web.world.opened("otters")
    draft = replace(complete(whole.questionnaire.items_by_id["t.A.1"], "not-met"), action_what=hostile)
    web.world.save(replace(draft, version=whole.answer("t.A.1").version))
    web.world.submit("otters")
    answer = web.as_("team").get("/dashboards/actions")
    assert not page(answer).live_script()
    assert hostile in page(answer).text


@pytest.mark.parametrize("path, most", [("/dashboards", 32), ("/dashboards/returns", 14), ("/dashboards/actions", 9)])
def test_a_board_takes_few_statements_whatever_the_size(web: Web, path: str, most: int) -> None:
    team = web.as_("team")
    web.world.returned("otters", "tiny-2024")
    web.world.returned("otters", "tiny-2026", {"t.A.1": "not-met"})
    team.get(path)
    counts = []
    for organisation in ("joint", "badgers"):
        web.world.returned(organisation, "tiny-2026", {"t.A.1": "not-met", "t.A.2": "not-met"})
        with counting(web.world.engine) as counted:
            assert team.get(path).status_code == 200
        counts.append(len(counted.statements))
    assert counts[0] == counts[1] <= most, counts


def test_a_page_whose_figures_do_not_agree_says_so(standing: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    own = participation.participation_figures

    def wrong(found: Any, cut_off: Any) -> Any:
        for figure in own(found, cut_off):
            yield replace(figure, value=3, numerator=3, text="3") if figure.id == "returns.returned" else figure

    assert "is made of" not in page(standing.as_("team").get("/cycles/tiny-2026/results")).text
    monkeypatch.setattr(gathering, "participation_figures", wrong)
    for path in ("results", "comparison"):
        shown = page(standing.as_("team").get(f"/cycles/tiny-2026/{path}")).text
        assert "3 (table of returns) is made of on time 1 + late 0, which is 1." in shown
