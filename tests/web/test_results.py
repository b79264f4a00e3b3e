"""Do the pages of results say what the stored answers say, and what the command line says?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from audit_engine.cli import main
from audit_engine.storage import models
from tests.services.tiny import CYCLES
from tests.web.browser import Web, page

QUERIES = [{}, {"area": "south"}, {"sector": "police"}, {"standard": "leading"}, {"tag": "sharing"},
           {"area": "north", "sector": "education", "tag": "sharing"}]  # fmt: skip
HERE = "/cycles/tiny-2026"


def told(web: Web, *arguments: str) -> str:
    """Return what the command line prints about the same database."""
    place = ["--root", str(web.world.instance.root), "--instance", "tiny"]
    url = web.world.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    found = CliRunner().invoke(main, [*place, *arguments], env={"DATABASE_URL": url}, catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.stdout


@pytest.mark.parametrize("query", QUERIES)
def test_the_comparison_page_and_the_command_line_say_the_same(standing: Web, query: dict[str, str]) -> None:
    options = [part for name, value in query.items() for part in (f"--{name}", value)]
    for style in ("json", "csv"):
        answer = standing.as_("team").get(HERE + "/comparison", query_string={**query, "format": style})
        printed = told(standing, "compare", "tiny-2024", "tiny-2026", "--format", style, *options)
        if style == "json":
            assert answer.get_json() == json.loads(printed)
        else:
            assert answer.text.splitlines() == printed.splitlines()


def test_the_page_shows_the_figures_of_its_json(standing: Web) -> None:
    browser = standing.as_("team")
    plain: Any = browser.get(HERE + "/comparison?format=json").get_json()
    shown = page(browser.get(HERE + "/comparison")).text
    for sentence in plain["sentences"]:
        assert " ".join(sentence.split()) in shown
    links = page(browser.get(HERE + "/comparison")).links()
    assert f"{HERE}/comparison?baseline=tiny-2024&format=json" in links


def test_the_comparison_says_first_what_it_holds_and_where_its_figures_can_be_had(standing: Web) -> None:
    shown = page(standing.as_("team").get(HERE + "/comparison"))
    links, ids = shown.links(), shown.ids()
    for anchor in ("change", "matched-sets", "ways-of-counting", "raw-counts", "changed-criteria", "measures"):
        assert f"#{anchor}" in links and anchor in ids
    assert all(link[1:] in ids for link in links if link.startswith("#") and link != "#main-content")
    order = [str(a.get("href") or a.get("id") or "") for _, a in shown.tags]
    for style in ("csv", "json"):
        (place,) = (n for n, one in enumerate(order) if one.endswith(f"baseline=tiny-2024&format={style}"))
        assert place < order.index("matched-caption")
    assert not shown.faults


def test_the_results_say_by_what_method_and_within_what_limits_in_the_words_of_the_report(standing: Web) -> None:
    from audit_engine.reports.sections.method import _METHOD

    shown = page(standing.as_("team").get(HERE + "/results"))
    assert "#method" in shown.links() and "method" in shown.ids()
    for sentence in _METHOD:
        assert sentence in shown.text
    assert f"{HERE}/results#method" in page(standing.as_("team").get(HERE + "/comparison")).links()
    assert not shown.faults


def test_the_results_count_what_was_submitted(standing: Web) -> None:
    plain: Any = standing.as_("team").get(HERE + "/results?format=json").get_json()
    assert (plain["cycle"], plain["area"], plain["returned"], plain["in_scope"]) == ("tiny-2026", None, 1, 4)
    assert (plain["overall"]["met"], plain["overall"]["applicable"]) == (5, 5)
    assert set(plain["standards"]) == {"leading", "working"}
    shown = page(standing.as_("team").get(HERE + "/results")).text
    assert "1 of 4" in shown


def test_every_figure_says_what_it_is_made_of_and_what_is_left_out(standing: Web) -> None:
    plain: Any = standing.as_("team").get(HERE + "/results?format=json").get_json()
    why: Any = standing.as_("team").get(HERE + "/results/why/working?format=json").get_json()
    assert plain["standards"]["working"]["why"] == why
    shown = page(standing.as_("team").get(HERE + "/results/why/working")).text
    assert "ratings are met" in shown
    assert standing.as_("team").get(HERE + "/results/why/resting").status_code == 404


@pytest.mark.parametrize("query", [{"sector": "army"}, {"standard": "resting"}, {"tag": "fun"}, {"area": "west"}])
def test_a_filter_that_names_nothing_is_not_found(standing: Web, query: dict[str, str]) -> None:
    assert standing.as_("team").get(HERE + "/comparison", query_string=query).status_code == 404


@pytest.mark.parametrize("baseline", ["nothing", "tiny-2026", "tiny-2024x"])
def test_a_baseline_that_is_none_is_refused_in_a_sentence(standing: Web, baseline: str) -> None:
    query = {"baseline": baseline}
    shown = standing.as_("team").get(HERE + "/comparison", query_string=query, follow_redirects=True)
    text = page(shown).text
    assert f"“{baseline}” is no earlier audit that this one can be compared with." in text
    assert "There is: Tiny 2024 (tiny-2024)." in text and "There is no earlier audit" not in text
    assert shown.request.path == HERE + "/comparison"


def test_the_first_cycle_has_results_and_nothing_to_compare_with(standing: Web) -> None:
    browser = standing.as_("team")
    assert browser.get("/cycles/tiny-2024/results").status_code == 200
    shown = browser.get("/cycles/tiny-2024/comparison", follow_redirects=True)
    assert "There is no earlier audit" in page(shown).text


def test_a_cycle_that_was_not_opened_has_nothing_to_show(own_web: Web) -> None:
    text = CYCLES["tiny-2026"].replace("tiny-2026", "tiny-2027").replace("2026-09-14", "2026-10-14")
    (own_web.world.instance.folder / "cycles/tiny-2027.yaml").write_text(text)
    own_web.world.load()
    team = own_web.as_("team")
    for path in ("results", "comparison"):
        shown = team.get(f"/cycles/tiny-2027/{path}", follow_redirects=True)
        assert "has not been opened yet" in page(shown).text
    assert team.get("/cycles/tiny-2027/results/why/leading").status_code == 404
    assert team.get("/cycles/tiny-2027").status_code == 200
    asked = team.post("/cycles/tiny-2027/reports", {"kind": "analysis", "area": ""}, follow_redirects=True)
    assert "has not been opened yet" in page(asked).text
    assert own_web.world.count(models.outbox) == 0


def test_results_of_nobody_are_pages_too(web: Web) -> None:
    for path in ("results", "results/why/leading", "comparison", "comparison?format=csv", "results?format=json"):
        assert web.as_("executive").get(f"{HERE}/{path}").status_code == 200


def test_charts_are_drawn_and_stand_beside_their_table(standing: Web) -> None:
    found = page(standing.as_("team").get(HERE + "/results"))
    drawn = [a for tag, a in found.tags if tag == "svg"]
    assert drawn
    assert all(a.get("role") == "img" and (a.get("aria-label") or a.get("aria-labelledby")) for a in drawn)
    assert [tag for tag, _ in found.tags].count("table") >= 1
