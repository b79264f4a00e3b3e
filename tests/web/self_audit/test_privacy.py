"""Does anything of a school's own answers reach anybody of the partnership: by a page, a file, a report, an export?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import pytest
from flask import url_for
from werkzeug.routing import BuildError, Rule
from werkzeug.test import TestResponse

from audit_engine.services.clock import now
from audit_engine.services.do_work import claim_work, do_work
from audit_engine.services.export_cycle import export_to
from audit_engine.services.run_cycle import CycleRefused, close_cycle
from audit_engine.services.save_answers import Draft
from audit_engine.services.self_audit_save import NoteDraft, save_notes
from audit_engine.services.self_audit_sharing import share
from audit_engine.storage import outbox
from audit_engine.storage.engine import writing
from audit_engine.web.policy import POLICIES, OfSetting
from tests.services.own import IN_2026
from tests.web.browser import PEOPLE, Browser, address, page
from tests.web.self_audit.conftest import SchoolSite

CANARY = "canary"
SCHOOL = "Yellowbird School"
CYCLES = ("own-2026", "own-2024", "tiny-2026", "tiny-2024")


def fill(site: SchoolSite, schools: int = 12) -> list[int]:
    """Let so many primary schools answer, share with the partnership and write a canary wherever they can write."""
    audits = []
    for n in range(schools):
        school = site.schools.school(
            f"{SCHOOL} {n}", f"{CANARY}{n}@school.example.org", f"{CANARY}office{n}@school.example.org",
            trust=f"{CANARY} trust",
        )  # fmt: skip
        audit, lead = site.schools.start(school), site.schools.lead_of(school)
        site.schools.save(
            audit,
            Draft("own.A1", 0, "embedded", commentary=f"{CANARY} in commentary", evidence=CANARY, action_what=CANARY,
                  action_who=CANARY, action_by=date(2027, 3, 1), action_how_known=CANARY),
            Draft("own.B1", 0, "not-yet"),
        )  # fmt: skip
        notes = [NoteDraft(k, p, 0, CANARY, CANARY) for k, p in
                 (("strength", "1"), ("priority", "1"), ("action", "1"), ("section-gap", "culture"))]  # fmt: skip
        save_notes(site.engine, audit, notes, lead, IN_2026)
        share(site.engine, site.schools.opened(audit), "", lead, IN_2026)
        audits.append(audit)
    return audits


def betrays(text: str) -> list[str]:
    return [word for word in (CANARY, SCHOOL) if word.lower() in text.lower()]


def texts_in(content: bytes) -> str:
    """Return what a file says: a Word or Excel file is a zip of texts."""
    try:
        with ZipFile(BytesIO(content)) as package:
            return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    except BadZipFile:
        return content.decode("utf-8", "replace")


def addresses(site: SchoolSite, rule: Rule) -> Iterator[str]:
    """Return the addresses of a route for everything that there is, and for the first of what others may have."""
    known: dict[str, list[object]] = {
        "cycle_id": list(CYCLES), "return_id": [1, 2], "audit_id": [1], "setting_id": [1], "report_id": [1, 2],
        "section_id": ["leading", "culture"], "work_id": [1, 2], "questionnaire": ["own"], "form": ["json"],
    }  # fmt: skip
    names = sorted(rule.arguments)
    found: list[dict[str, object]] = [{}]
    for name in names:
        found = [{**f, name: v} for f in found for v in known.get(name, [1, "x"])]
    for values in found:
        try:
            with site.app.test_request_context():
                yield url_for(rule.endpoint, **values)  # type: ignore[arg-type]
        except (BuildError, ValueError):
            continue


def reports_made(site: SchoolSite) -> None:
    """Ask for reports as the business team does, and let the worker make them."""
    browser = Browser(site.app, site.engine)
    browser.enter(address("team"))
    for cycle in ("own-2026", "tiny-2026"):
        browser.post(f"/cycles/{cycle}/reports", {"kind": "analysis", "area": ""})
    for number in claim_work(site.engine):
        do_work(site.engine, site.schools.world.definitions, site.schools.world.instance, number)


def test_no_page_of_the_partnership_holds_a_word_of_a_school(site: SchoolSite) -> None:
    fill(site)
    site.schools.world.returned("otters", "tiny-2026")
    close_cycle(site.engine, "own-2026", None, now())
    reports_made(site)
    # Who asks is not the database's business: on PostgreSQL one asks who reaches most, and one who reaches least.
    for name in PEOPLE if site.engine.dialect.name == "sqlite" else ("team", "nobody"):
        browser = Browser(site.app, site.engine)
        browser.enter(address(name))
        seen = 0
        for rule in site.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            for path in addresses(site, rule):
                answer: TestResponse = browser.get(path)
                assert answer.status_code < 500, path
                assert not betrays(texts_in(answer.data)), path
                seen += answer.status_code == 200
                if isinstance(POLICIES[rule.endpoint], OfSetting):
                    assert answer.status_code in (302, 404), path
        assert seen > 5, name


def test_no_form_of_the_business_team_answers_with_a_word_of_a_school(site: SchoolSite) -> None:
    fill(site)
    browser = Browser(site.app, site.engine)
    for name in ("team", "administrator"):
        browser.enter(address(name))
        for rule in site.app.url_map.iter_rules():
            if "POST" in (rule.methods or ()) and not rule.endpoint.startswith("security."):
                for path in addresses(site, rule):
                    answer = browser.post(path, follow_redirects=True)
                    assert not betrays(texts_in(answer.data)), path


def test_no_export_and_no_report_holds_a_word_of_a_school(site: SchoolSite, tmp_path: Path) -> None:
    fill(site)
    world = site.schools.world
    for cycle in CYCLES:
        for style in ("csv", "json"):
            out = tmp_path / f"{cycle}.{style}"
            try:
                export_to(world.engine, world.definitions, cycle, style, out)
            except CycleRefused as refusal:
                assert not betrays(str(refusal))
                continue
            assert not betrays(out.read_text(encoding="utf-8"))
    reports_made(site)
    for file in world.instance.exports.rglob("*"):
        assert not file.is_file() or not betrays(texts_in(file.read_bytes()))


def test_no_command_prints_a_word_of_a_school(site: SchoolSite, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from audit_engine.cli import main

    fill(site)
    if site.engine.dialect.name != "sqlite":
        pytest.skip("the command line is tried on SQLite")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{site.engine.url.database}")
    place = ["--root", str(site.schools.world.instance.root), "--instance", "tiny"]
    for command in (
        ["cycles"], ["cycles", "--format", "json"], ["export", "own-2026", "--format", "json"], ["user", "list"],
        ["export", "own-2026"], ["results", "own-2026"], ["compare", "own-2024", "own-2026"],
        ["report", "analysis", "own-2026"],
    ):  # fmt: skip
        shown = CliRunner().invoke(main, [*place, *command])
        assert not betrays(shown.output), command


def test_the_trail_and_the_outbox_name_no_school(site: SchoolSite) -> None:
    fill(site, 2)
    site.schools.school("Yellowbird School", "canary@x.example.org", "o@x.example.org")
    with writing(site.engine) as connection:
        from sqlalchemy import select

        from audit_engine.storage import models

        for table in (models.trail, models.outbox, models.person, models.organisation):
            assert not betrays(str(connection.execute(select(table)).all()))
        assert outbox.latest(connection, "mail") == ()


# --- take-up -------------------------------------------------------------------------------


def take_up(site: SchoolSite) -> str:
    browser = Browser(site.app, site.engine)
    browser.enter(address("team"))
    answer = browser.get("/cycles/own-2026", follow_redirects=True)
    assert answer.request.path == "/cycles/own-2026/take-up"
    return page(answer).text


def test_take_up_is_shown_by_phase_from_eleven_on(site: SchoolSite) -> None:
    fill(site, 10)
    assert "Primary school[low]" in take_up(site)
    fill_more(site, 1, "primary")
    assert "Primary school11" in take_up(site)


def fill_more(site: SchoolSite, schools: int, phase: str) -> None:
    for n in range(schools):
        school = site.schools.school(f"More {phase} {n}", f"m{phase}{n}@x.example.org", "o@x.example.org", phase)
        site.schools.grade(site.schools.start(school), A1="embedded")


def test_the_sum_over_all_phases_never_tells_a_number_that_is_hidden(site: SchoolSite) -> None:
    fill(site, 11)
    fill_more(site, 3, "secondary")
    text = take_up(site)
    assert "Primary school11" in text and "Secondary school[low]" in text and "All kinds[c]" in text
    assert "14" not in text.replace("2014", "")


def test_shared_counts_are_shown_once_the_round_has_closed_and_never_of_fewer_than_eleven(site: SchoolSite) -> None:
    audits = fill(site, 11)
    assert "rounded to five" not in take_up(site)
    close_cycle(site.engine, "own-2026", None, now())
    assert "rounded to five" in take_up(site)
    from audit_engine.services.self_audit_sharing import withdraw

    withdraw(site.engine, audits[0], "", now())
    text = take_up(site)
    assert "rounded to five" not in text and "Fewer than eleven share" in text
