"""Is a comparison shown to the settings that take part and to nobody else, with and without script?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from audit_engine.services.definitions import Definitions
from audit_engine.web.site import Site
from tests.services.compared import Compared
from tests.services.tiny import THEN_OPENED
from tests.web.browser import PEOPLE, Browser, add_people, address, counting, page
from tests.web.self_audit.conftest import SchoolSite

TEAM = "/cycles/six-2026/settings-compared"


@pytest.fixture
def compared(changing_app: Flask, tmp_path: Path, engine: Engine, hashed: str) -> Iterator[tuple[SchoolSite, Compared]]:
    """Thirteen schools take part, school 0 to school 12; another does not; the round is open."""
    schools = Compared.in_folder(tmp_path, engine)
    schools.world.open("tiny-2024", THEN_OPENED).open("tiny-2026")
    add_people(schools.world, hashed)
    changing_app.extensions["audit"] = Site(engine, Definitions(schools.world.library), schools.world.instance)
    schools.cohort(range(13))
    schools.answered(50, 3)
    yield SchoolSite(changing_app, schools), schools


def of_school(site: SchoolSite, number: int) -> tuple[Browser, str]:
    """Return a school's browser and the address of its comparison."""
    browser = site.as_mailbox(f"dsl{number}@x.example.org")
    audit = number + 1 if number < 50 else 14
    return browser, f"/self-audit/audits/{audit}/where-we-stand"


def person(site: SchoolSite, name: str) -> Browser:
    browser = Browser(site.app, site.engine)
    browser.enter(address(name))
    return browser


def test_a_school_takes_part_brings_its_counts_up_to_date_and_stops(compared: tuple[SchoolSite, Compared]) -> None:
    site, _ = compared
    lead, path = of_school(site, 50)
    offered = page(lead.get(path))
    assert "Whoever publishes them sees no setting and no figure." in offered.text
    assert "What would be compared now" in offered.text
    assert "You take part in the comparison." in page(lead.post(path, follow_redirects=True)).text
    assert "Bring your counts up to date" in page(lead.get(path)).text
    asked = page(lead.get(path + "/stop"))
    assert "You can take part again until the comparison is published." in asked.text
    assert "Your counts were removed from it." in page(lead.post(path + "/stop", follow_redirects=True)).text
    assert "Take part" in page(lead.get(path)).text


def test_a_school_that_takes_part_sees_its_sections_as_text_drawing_and_table(
    compared: tuple[SchoolSite, Compared],
) -> None:
    site, schools = compared
    schools.close()
    schools.publish()
    lead, path = of_school(site, 4)
    with counting(site.engine) as seen:
        shown = page(lead.get(path))
    assert "You grade 4 of 6 (67%) as in place. The median of 13 similar settings is 50%." in shown.text
    assert "you are in the middle half" in shown.text
    drawn = [a for t, a in shown.tags if t == "svg"]
    assert [a["role"] for a in drawn] == ["img"] and drawn[0]["aria-describedby"] == "strip-culture-words"
    assert "Own value 67%; cohort median 50%" in shown.text
    assert "The same as a table" in shown.text
    assert not shown.faults and not shown.live_script()
    assert len(shown.ids()) == len(set(shown.ids()))
    assert len(seen.statements) <= 10


def test_the_report_of_a_school_that_takes_part_has_it_as_chart_table_and_words_and_another_s_has_not(
    compared: tuple[SchoolSite, Compared],
) -> None:
    site, schools = compared
    lead, path = of_school(site, 4)
    report = path.replace("where-we-stand", "report")
    assert "Where you stand among your like" not in page(lead.get(report)).text, "nothing before publication"
    schools.close()
    schools.publish()
    with counting(site.engine) as counted:
        shown = page(lead.get(report))
    assert len(counted.statements) <= 7, counted.statements
    assert "Where you stand among your like" in shown.text
    assert "4 of 6 (67%)" in shown.text and "The median of 13 similar settings is 50%." in shown.text
    assert "Own value 67%; cohort median 50%" in shown.text
    assert not shown.faults and not shown.live_script()
    assert len(shown.ids()) == len(set(shown.ids()))
    assert lead.get(report + ".docx").status_code == 200
    alone, other = of_school(site, 50)
    other_report = page(alone.get(other.replace("where-we-stand", "report")))
    assert "Where you stand" not in other_report.text and "%" not in other_report.text


def test_a_school_that_takes_no_part_and_one_of_another_mailbox_see_nothing(
    compared: tuple[SchoolSite, Compared],
) -> None:
    site, schools = compared
    schools.close()
    schools.publish()
    lead, path = of_school(site, 50)
    shown = page(lead.get(path))
    assert "You did not take part, so nothing is shown." in shown.text
    assert "median of" not in shown.text
    assert "published and no longer change" in page(lead.post(path, follow_redirects=True)).text
    other, _ = of_school(site, 3)
    assert other.get(path).status_code == 404


def test_leaving_after_publication_says_that_it_cannot_be_taken_back(compared: tuple[SchoolSite, Compared]) -> None:
    site, schools = compared
    schools.close()
    schools.publish()
    lead, path = of_school(site, 4)
    assert "Where you stand is deleted, and cannot be brought back." in page(lead.get(path + "/stop")).text
    lead.post(path + "/stop")
    assert "You did not take part" in page(lead.get(path)).text


def test_the_team_publishes_once_after_the_closing_and_is_asked_first(compared: tuple[SchoolSite, Compared]) -> None:
    site, schools = compared
    team = person(site, "team")
    shown = page(team.get(TEAM))
    assert "13 settings take part." in shown.text
    assert "Figures are published once, after this has closed." in shown.text
    assert "it has closed" in page(team.post(TEAM + "/publish", follow_redirects=True)).text
    schools.close()
    assert "This can be done once only." in page(team.get(TEAM + "/publish")).text
    told = page(team.post(TEAM + "/publish", follow_redirects=True)).text
    assert "The comparison is published to those that take part." in told
    assert "by Team. The figures no longer change." in told


def test_nobody_of_the_partnership_sees_a_figure_or_a_school(compared: tuple[SchoolSite, Compared]) -> None:
    site, schools = compared
    schools.close()
    schools.publish()
    for name in PEOPLE:
        browser = person(site, name)
        for path in (TEAM, TEAM + "/publish", "/cycles/six-2026/take-up", "/cycles/six-2026"):
            text = page(browser.get(path, follow_redirects=True)).text
            assert not any(word in text for word in ("School 4", "%", "middle half of them", "lower quarter")), (
                name,
                path,
            )
        assert browser.get(of_school(site, 4)[1]).status_code in (302, 404)


def test_only_the_business_team_may_publish(compared: tuple[SchoolSite, Compared]) -> None:
    site, schools = compared
    schools.close()
    for name in ("scrutineer", "executive", "lead", "administrator", "nobody"):
        assert person(site, name).post(TEAM + "/publish").status_code == 404
    assert schools.standing(1).published_at is None


def test_what_is_no_self_audit_has_no_such_page(compared: tuple[SchoolSite, Compared]) -> None:
    site, _ = compared
    assert person(site, "team").get("/cycles/tiny-2026/settings-compared").status_code == 404
