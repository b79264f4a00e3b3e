"""Are published figures shown as published and as they come out, and does a typed percentage get the same check?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audit_engine.services.read_published import check_typed
from tests.web.browser import Web, page

SHIPPED = Path(__file__).parents[2] / "instances" / "published"


def test_the_survey_of_2023_is_shown_with_the_base_that_gives_its_percentage(own_web: Web) -> None:
    shutil.copytree(SHIPPED, own_web.world.instance.root / "instances" / "published")
    shown = page(own_web.as_("team").get("/published"))
    assert "65.1% cannot come from 196 answers" in shown.text
    assert "127 of 195 would give it" in shown.text
    assert "no clear evidence of change" in shown.text
    assert not shown.faults


def test_a_site_without_published_figures_says_so(own_web: Web) -> None:
    assert "No published figures are laid out" in page(own_web.as_("team").get("/published")).text


def test_a_typed_percentage_is_checked(own_web: Web) -> None:
    team = own_web.as_("team")
    assert "It cannot be 65.1% cannot come from 196" in page(team.get("/published/check?percent=65.1&of=196")).text
    assert "It can be 65.8% of 146 is 96." in page(team.get("/published/check?percent=65.8%25&of=146")).text
    shown = page(team.get("/published/check"))
    assert shown.named("percent") and shown.named("of")
    assert "There is a problem" not in shown.text


@pytest.mark.parametrize(
    ("percent", "of", "box"),
    [
        ("many", "196", "percent"), ("120", "196", "percent"), ("65.1", "", "of"), ("65.1", "0", "of"),
        ("65", "2.5", "of"), ("65", "9" * 30, "of"),
    ],
)  # fmt: skip
def test_what_is_no_percentage_or_no_number_is_told_at_its_box(percent: str, of: str, box: str, own_web: Web) -> None:
    answer = own_web.as_("team").get("/published/check", query_string={"percent": percent, "of": of})
    assert answer.status_code == 400
    assert f"#{box}" in page(answer).links()


def test_a_number_may_be_written_with_commas() -> None:
    assert check_typed("50", "1,000").sentence == "50% of 1,000 is any number from 495 to 504."


@pytest.mark.parametrize("name", ["lead", "administrator", "nobody"])
def test_published_figures_are_for_those_who_see_results(own_web: Web, name: str) -> None:
    assert own_web.as_(name).get("/published").status_code == 404
    assert own_web.as_(name).get("/published/check").status_code == 404
