"""What tests of a survey's pages may ask for: a survey that is open, and somebody at one of its links."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from audit_engine.services import run_survey
from audit_engine.storage.engine import reading
from tests.services.tiny import PARTNERSHIP
from tests.web.browser import Web
from tests.web.respondent import Respondent
from tests.web.sites import cycle_text, site_with

TALK = """
questionnaire: talk
version: "1"
title: {en: How we talk, cy: Sut rydym yn siarad}
standing: model content
kind: survey
respondent: person
anonymity: anonymous
minutes: 5
languages: [en, cy]
introduction: |
  It is for everybody who works with children.

  You can skip most questions.
closing: "Thank you. <b>Read</b> the policy."
support:
  - {name: A helpline, contact: 0800 000 000, when: You want to talk.}
defaults:
  long-text: {required: false}
sections:
  - id: you
    title: About you
    items:
      - {id: t.1, type: information, text: Your link belongs to your organisation.}
      - {id: t.2, type: single-choice, text: {en: Do you know who leads?, cy: Ydych chi'n gwybod pwy sy'n arwain?},
         guidance: One answer., options: [{id: "yes", label: {en: "Yes", cy: Ydw}}, {id: "no", label: "No"}]}
      - {id: t.3, type: multiple-choice, text: Who told you?, required: false, enable_when: t.2 == "yes", other: true,
         options: [{id: poster, label: A poster}, {id: other, label: Other}]}
  - id: used
    title: Using it
    items:
      - {id: t.4, type: grid, text: How sure are you?, required: false, enable_when: t.2 == "yes",
         rows: [{id: peer, label: With a colleague}, {id: boss, label: With your manager}],
         options: [{id: low, label: Low}, {id: high, label: High}]}
  - id: words
    title: In your words
    items:
      - {id: t.5, type: knowledge, text: Consent is always needed, required: false, key: [
          {answer: "false", ref: Law, as_at: 2026-09-01}]}
      - {id: t.6, type: number, text: How many days did it take?, required: false, maximum: 90}
      - {id: t.7, type: long-text, text: What would you change?,
         guidance: "You said {answer:t.2}. In {area.name} the desk is {area.front_door}."}
      - {id: t.8, type: single-choice, text: Do you see children?, required: false,
         applies_when: organisation.direct_work, options: [{id: "yes", label: "Yes"}, {id: "no", label: "No"}]}
"""
WITH_DOORS = PARTNERSHIP.replace("north LADO", "north LADO, front_door: 'North desk, 01632 960001'")
assert "front_door" in WITH_DOORS
YOU = {"t.2-version": "0", "t.3-version": "0", "t.2": "yes", "t.3": ["poster", "other"], "t.3-other": "A friend"}
NO = {"t.2-version": "0", "t.2": "no"}
CARRIED = {f"t.{number}-version": "0" for number in (5, 6, 7, 8)}


@pytest.fixture
def site(tmp_path: Path, database_url: str, changing_app: Flask) -> Iterator[Web]:
    with site_with(
        tmp_path, database_url, questionnaires={"talk/1": TALK}, partnership=WITH_DOORS, app=changing_app,
        cycles={"own": cycle_text("talk", "1", "Talking 2026"), "later": cycle_text("talk", "1", "Later", "later")},
    ) as web:  # fmt: skip
        yield web


def token(web: Web, organisation: str = "otters", cycle: str = "own") -> str:
    with reading(web.world.engine) as connection:
        links = run_survey.links_of(connection, cycle)
    return next(link.path.rsplit("/", 1)[1] for link in links if link.organisation == organisation and not link.ended)


@pytest.fixture
def person(site: Web) -> Respondent:
    return Respondent(site.app, token(site))


def rows(web: Web, table: str) -> list[dict[str, Any]]:
    with reading(web.world.engine) as connection:
        return [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()]
