"""What tests of the self-audits' pages may ask for: a site of schools, and browsers in which a mailbox was proved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from audit_engine.services import self_audit_people
from audit_engine.services.clock import now
from audit_engine.services.definitions import Definitions
from audit_engine.web.site import Site
from tests.services.own import LEAD, Schools
from tests.services.tiny import THEN_OPENED
from tests.web.browser import Browser, add_people, token_of

LINK = re.compile(r'href="(/self-audit/link/[^"]+)"')


@dataclass
class SchoolSite:
    """The site of a partnership whose schools audit themselves."""

    app: Flask
    schools: Schools

    @property
    def engine(self) -> Engine:
        return self.schools.engine

    def stranger(self) -> Browser:
        return Browser(self.app, self.engine)

    def as_mailbox(self, email: str = LEAD) -> Browser:
        """Return a browser in which that mailbox was proved, the way a person does it."""
        browser = self.stranger()
        secret = self_audit_people.make_link(self.engine, email, "", now())
        enter(browser, f"/self-audit/link/{secret}")
        return browser

    def audit_of(self, browser: Browser, school: int, questionnaire: str = "own") -> int:
        """Start an audit through the pages and return its number."""
        path = f"/self-audit/schools/{school}/start/{questionnaire}"
        answer = browser.post(path, {"sixth_form": "no"})
        assert answer.status_code == 302, answer.get_data(as_text=True)[:2000]
        return int(answer.location.rsplit("/", 1)[-1])


def enter(browser: Browser, link: str) -> TestResponse:
    """Open a link and press its button."""
    browser.token = token_of(browser.get(link))
    answer = browser.post(link)
    if answer.status_code == 302:
        browser.token = token_of(browser.get("/self-audit/schools"))
    return answer


def shown_link(answer: TestResponse) -> str:
    """Return the link that an invented site shows in place of sending it."""
    found = LINK.search(answer.get_data(as_text=True))
    assert found, answer.get_data(as_text=True)[:2000]
    return found[1]


def ask(browser: Browser, email: str, questionnaire: str = "") -> TestResponse:
    """Ask for a link on the page."""
    browser.token = token_of(browser.get("/self-audit"))
    return browser.post("/self-audit", {"email": email, "questionnaire": questionnaire})


@pytest.fixture
def site(changing_app: Flask, tmp_path: Path, engine: Engine, hashed: str) -> Iterator[SchoolSite]:
    """Schools may start; nobody has; the partnership's people are known."""
    schools = Schools.in_folder(tmp_path, engine).open("own-2024", "own-2026")
    schools.world.open("tiny-2024", THEN_OPENED).open("tiny-2026")
    add_people(schools.world, hashed)
    changing_app.extensions["audit"] = Site(engine, Definitions(schools.world.library), schools.world.instance)
    yield SchoolSite(changing_app, schools)


Begun = tuple[SchoolSite, Browser, str]


@pytest.fixture
def begun(site: SchoolSite) -> Begun:
    """A school with an audit: its site, its lead's browser, the audit's address."""
    school = site.schools.school()
    lead = site.as_mailbox()
    return site, lead, f"/self-audit/audits/{site.audit_of(lead, school)}"
