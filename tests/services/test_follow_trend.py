"""Do waves stand in order, and is nothing compared that may not be?"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services.choose_audit import audits
from audit_engine.services.follow_trend import ONE_WAVE, Trend, families, follow_trend
from audit_engine.storage.engine import reading
from tests.services.waved import Waved, lay_waved


@pytest.fixture
def waved(tmp_path: Path, engine: Engine) -> Waved:
    return lay_waved(tmp_path, engine)


def trend(waved: Waved) -> Trend:
    with reading(waved.engine) as connection:
        found = families(connection, waved.world.definitions, audits(connection, waved.world.definitions).surveys)
        assert [f.questionnaire for f in found] == ["pulse"]
        return follow_trend(connection, waved.world.definitions, found[0])


def figures(found: Trend, question: str = "p.2") -> list[str | None]:
    points = next(q for q in found.questions if q.id == question).points
    return [p.figure.percent if p.figure else None for p in points]


def test_a_survey_that_is_open_has_no_family(waved: Waved) -> None:
    waved.wave(2022, 20, 20, close=False)
    with reading(waved.engine) as connection:
        known = audits(connection, waved.world.definitions)
        assert len(known.surveys) == 1
        assert families(connection, waved.world.definitions, known.surveys) == ()


def test_one_wave_shows_its_level_and_says_that_there_is_one(waved: Waved) -> None:
    found = trend(waved.wave(2022, 30, 10))
    assert figures(found) == ["75%"]
    assert found.questions[0].notes == (ONE_WAVE,)


def test_two_waves_stand_in_order_with_the_sentence_of_the_comparison(waved: Waved) -> None:
    found = trend(waved.wave(2022, 20, 60).wave(2024, 70, 30))
    assert figures(found) == ["25%", "70%"]
    question = next(q for q in found.questions if q.id == "p.2")
    assert [p.label for p in question.points] == ["2022", "2024"]
    assert "rose from 25% (20 of 80)" in question.sentences[0]


def test_three_waves_are_a_series(waved: Waved) -> None:
    found = trend(waved.wave(2022, 20, 60).wave(2024, 50, 50).wave(2026, 70, 30))
    assert figures(found) == ["25%", "50%", "70%"]
    assert found.why_not == ""


def test_a_wave_of_few_people_shows_no_number(waved: Waved) -> None:
    found = trend(waved.wave(2022, 5, 4).wave(2024, 70, 30))
    assert figures(found) == ["[low]", "70%"]
