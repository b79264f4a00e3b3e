"""Do the pages show what the command line shows, to those who may see it, and not before they may?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from audit_engine.definition.library import Library
from audit_engine.response.people import Held
from audit_engine.storage import models
from tests.services.seeding import Seeded
from tests.services.seen import CYCLES, QUESTIONNAIRES, Seen, cycle_file
from tests.services.tiny import lay
from tests.web.browser import Browser, Web, counting, page
from tests.web.conftest import site_on
from tests.web.test_results import told

HERE = "/cycles/seen-2026/triangulation"
QUERIES: list[dict[str, str]] = [
    {}, {"area": "south"}, {"sector": "police"}, {"standard": "leading"}, {"class": "claimed-not-seen"},
    {"area": "north", "sector": "education", "class": "corroborated"},
]  # fmt: skip


def lay_all(root: Path, **more: str) -> Any:
    return lay(root, cycles={**CYCLES, **more}, questionnaires=QUESTIONNAIRES)


@pytest.fixture
def empty(changing_app: Flask, populated: Seeded, tmp_path: Path) -> Iterator[Web]:
    """The audit and its surveys are open, and nobody has answered."""
    with populated.fresh("sqlite", tmp_path) as url:
        instance = lay_all(tmp_path)
        web = site_on(changing_app, instance, Library(instance.root), url)
        Seen(web.world.load()).open()
        yield web
        web.world.engine.dispose()


@pytest.fixture
def seen(empty: Web) -> Web:
    """Otters are seen by their staff, badgers are not, joint has too few replies, office has not returned."""
    world = Seen(empty.world)
    world.replies("otters", 52, 8).replies("badgers", 12, 33).replies("joint", 4, 2).replies("office", 20, 10)
    world.returned("otters", "badgers", "joint").close()
    world.world.panel("otters", "seen-2026", "s.A.1", "met")
    world.graded("otters", "s.A.1", 2)
    return empty


def pack(web: Web, organisation: str = "otters", step: str = "") -> str:
    return f"/returns/{web.world.return_of(organisation, 'seen-2026').id}/pack{step}"


def somebody(web: Web, role: str, organisation: str | None = None, area: str | None = None) -> Browser:
    email = f"{role}-{organisation}-{area}@example.org".lower()
    web.world.person(email, Held(role, organisation, area))
    browser = Browser(web.app, web.world.engine)
    browser.enter(email)
    return browser


@pytest.mark.parametrize("query", QUERIES)
def test_the_page_s_json_and_csv_are_those_of_the_command_line(seen: Web, query: dict[str, str]) -> None:
    options = [part for name, value in query.items() for part in (f"--{name}", value)]
    for style in ("json", "csv"):
        answer = seen.as_("team").get(HERE, query_string={**query, "format": style})
        printed = told(seen, "triangulate", "seen-2026", "--format", style, *options)
        if style == "json":
            assert answer.get_json() == json.loads(printed)
        else:
            assert answer.text.splitlines() == printed.splitlines()


def test_the_grid_says_what_the_json_says(seen: Web) -> None:
    browser = seen.as_("team")
    plain: Any = browser.get(HERE + "?format=json").get_json()
    shown = page(browser.get(HERE))
    for sentence in plain["sentences"]:
        assert sentence in shown.text
    letters = re.findall(r'<td class="tile tile--[a-z-]+">(.)</td>', browser.get(HERE).text)
    assert letters == ["Q", "Q", "F", "F", "C", "C"]
    assert "3 organisations by 2 criteria" in shown.text
    assert "1 organisation has not returned" in shown.text
    assert "This does not show the criterion is unmet; it is a question for the panel." in shown.text
    assert not shown.faults


def test_addresses_hold_the_filters_and_other_results_become_dots(seen: Web) -> None:
    answer = seen.as_("team").get(HERE + "?class=claimed-not-seen&sector=education")
    assert re.findall(r'<td class="tile tile--[a-z-]+">(.)</td>', answer.text) == ["Q", "Q", "·", "·"]
    links = page(answer).links()
    assert f"{HERE}?sector=education&class=claimed-not-seen&format=csv" in links
    assert any(link.startswith(f"{HERE}/s.A.1") for link in links)


@pytest.mark.parametrize("query", ["sector=army", "standard=resting", "class=winners", "area=west"])
def test_a_filter_that_names_nothing_is_not_found(seen: Web, query: str) -> None:
    assert seen.as_("team").get(f"{HERE}?{query}").status_code == 404


def test_many_organisations_come_page_by_page(seen: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("audit_engine.web.views.triangulating"), "ON_A_PAGE", 2)
    first, second = (seen.as_("team").get(f"{HERE}?page={n}").text for n in (1, 2))
    assert (first.count('<td class="tile'), second.count('<td class="tile')) == (4, 2)
    assert "Otter School" in second
    assert f"{HERE}?page=2" in page(seen.as_("team").get(HERE)).links()


def test_an_area_s_team_sees_its_area(seen: Web) -> None:
    shown = page(seen.as_("southern team").get(HERE)).text
    assert "Badger School" in shown
    assert "Otter School" not in shown
    assert seen.as_("southern team").get(HERE + "?area=north").status_code == 404
    assert seen.as_("southern team").get(pack(seen)).status_code == 404
    assert seen.as_("southern team").get(pack(seen, "joint")).status_code == 200


@pytest.mark.parametrize("name", ["lead", "executive", "administrator", "nobody"])
def test_nobody_else_sees_the_grid_or_a_pack(seen: Web, name: str) -> None:
    for path in (HERE, HERE + "/s.A.1", pack(seen), pack(seen, step="/release"), pack(seen, step="/share")):
        assert seen.as_(name).get(path).status_code == 404, path
    assert seen.as_(name).post(pack(seen, step="/release")).status_code == 404


def test_the_scrutineer_reads_and_gives_nothing_out(seen: Web) -> None:
    scrutineer = seen.as_("scrutineer")
    assert scrutineer.get(HERE).status_code == 200
    answer = scrutineer.get(pack(seen))
    assert answer.status_code == 200
    assert not [link for link in page(answer).links() if link.endswith("/release")]
    assert scrutineer.post(pack(seen, step="/release")).status_code == 404


def test_the_panel_has_a_pack_from_its_release_and_the_organisation_never_earlier(seen: Web) -> None:
    team, lead = seen.as_("team"), seen.as_("lead")
    panel, own = somebody(seen, "panel-member", area="north"), somebody(seen, "panel-chair", area="south")
    assert [b.get(pack(seen)).status_code for b in (panel, own, lead)] == [404, 404, 404]
    asked = team.post(pack(seen, step="/share"), follow_redirects=True)
    assert "Give the pack to the panel first" in page(asked).text
    assert "cannot be taken back" in page(team.get(pack(seen, step="/release"))).text
    given = team.post(pack(seen, step="/release"), follow_redirects=True)
    assert "The panel can read this pack." in page(given).text
    assert [b.get(pack(seen)).status_code for b in (panel, own, lead)] == [200, 404, 404]
    assert "The panel has had it since" in page(team.get(pack(seen, step="/share"))).text
    assert "Otter School can read this pack." in page(team.post(pack(seen, step="/share"), follow_redirects=True)).text
    assert lead.get(pack(seen)).status_code == 200
    assert seen.as_("other lead").get(pack(seen)).status_code == 404
    again = team.post(pack(seen, step="/release"), follow_redirects=True)
    assert "has this pack already" in page(again).text
    assert seen.world.count(models.trail, event="pack given to the organisation") == 1


def test_a_panel_member_of_the_organisation_itself_waits_with_it(seen: Web) -> None:
    email = "both@example.org"
    seen.world.person(email, Held("panel-member", area="north"), Held("organisation-lead", "otters"))
    both = Browser(seen.app, seen.world.engine)
    both.enter(email)
    seen.as_("team").post(pack(seen, step="/release"))
    assert both.get(pack(seen)).status_code == 404


def test_a_pack_shows_each_source_and_what_they_come_to(seen: Web) -> None:
    shown = page(seen.as_("team").get(pack(seen)))
    assert "Of the 2 criteria that organisations rate as met, with enough replies, 2 are corroborated" in shown.text
    assert "52 of 60 (87%)" in shown.text
    assert "Dated document" in shown.text
    assert "Strong1 criterion" in shown.text
    assert "Nothing contradicts what was rated met." in shown.text
    assert not shown.faults
    assert not shown.live_script()
    agenda = page(seen.as_("team").get(pack(seen, "badgers"))).text
    assert "Staff: Badger School rated A.1 as met. 12 of 45 of its staff (27%)" in agenda


def test_too_few_replies_have_their_sector_beside_them_and_no_number(seen: Web) -> None:
    shown = page(seen.as_("team").get(pack(seen, "joint"))).text
    assert "Fewer than 11 of its staff answered" in shown
    assert "Not this organisation: of its sector's staff who answered, 24 of 36 (67%)" in shown
    assert "[c]" in shown or "[low]" in shown
    assert "4 of 6" not in shown


def test_whoever_reads_a_pack_is_written_down(seen: Web) -> None:
    before = seen.world.count(models.trail)
    seen.as_("scrutineer").get(pack(seen))
    assert seen.world.count(models.trail) == before + 1


def test_three_lenses_stand_on_one_page(seen: Web) -> None:
    Seen(seen.world).replies("", 30, 20, survey="other").close("other-2026")
    shown = page(seen.as_("team").get(HERE + "/s.A.1"))
    for words in ("What organisations say of themselves", "“Do you know who leads?”", "Staff 2026", "Other 2026",
                  "88 (62%)", "30 (60%)", "Not offered", "Target 75%, floor 50%, at least 11 answers"):  # fmt: skip
        assert words in shown.text, words
    assert not shown.faults
    assert seen.as_("team").get(HERE + "/s.B.1").status_code == 404, "staff were not asked about it"
    assert seen.as_("team").get(HERE + "/nothing").status_code == 404


def test_of_a_sensitive_question_that_is_shown_which_the_results_of_the_survey_show(seen: Web) -> None:
    shown = page(seen.as_("team").get(HERE + "/s.A.2")).text
    assert "Would you speak up?" in shown
    for words in ("88 (62%)", "53 (38%)", "0 (0%)"):
        assert words in shown


def test_where_there_is_nothing_yet_the_page_says_why(empty: Web) -> None:
    Seen(empty.world).returned("otters")
    team = empty.as_("team")
    for path in (HERE, HERE + "/s.A.1", pack(empty)):
        answer = team.get(path)
        assert answer.status_code == 200
        assert "Staff 2026 is still open, so what staff said cannot be seen yet." in page(answer).text


def test_an_organisation_that_has_not_submitted_has_no_pack(seen: Web) -> None:
    team = seen.as_("team")
    assert "The Office has not submitted its audit" in page(team.get(pack(seen, "office"))).text
    refused = team.post(pack(seen, "office", "/release"), follow_redirects=True)
    assert "The Office has not submitted, so there is no pack" in page(refused).text


def test_nobody_returned_is_a_page_too(empty: Web) -> None:
    Seen(empty.world).replies("otters", 40).close()
    shown = page(empty.as_("team").get(HERE)).text
    assert "No comparison could be made." in shown
    assert "No organisation has returned what is asked for here" in shown


def test_the_audit_s_page_leads_to_it_where_staff_were_asked(seen: Web) -> None:
    assert HERE in page(seen.as_("team").get("/cycles/seen-2026")).links()
    assert not [link for link in page(seen.as_("team").get("/cycles/tiny-2026")).links() if "triangulation" in link]


def test_an_audit_without_a_survey_says_how_to_name_one(empty: Web, tmp_path: Path) -> None:
    lay_all(tmp_path, **{"seen-2026": cycle_file("seen-2026", "seen")})
    empty.world.load()
    assert "Name it in the file of the audit" in page(empty.as_("team").get(HERE)).text


def test_the_statements_do_not_grow_with_what_is_shown(seen: Web) -> None:
    browser = seen.as_("team")
    counts = {}
    for path in (HERE, HERE + "?sector=police", pack(seen), HERE + "/s.A.1"):
        browser.get(path)
        with counting(seen.world.engine) as counted:
            assert browser.get(path).status_code == 200
        counts[path.removeprefix(HERE)] = len(counted.statements)
    assert max(counts.values()) <= 22, counts
