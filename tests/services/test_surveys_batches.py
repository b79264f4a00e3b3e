"""Do replies count only in batches that nobody can be picked out of, and do the counts stay right?"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.survey_results import Recount, recount
from audit_engine.storage import anonymous
from audit_engine.storage.engine import reading, writing
from tests.services.pulse import AFTER_TURN, BEFORE_TURN, YES, Pulse, lay_pulse


@pytest.fixture
def pulse(tmp_path: Path, engine: Engine) -> Pulse:
    return lay_pulse(tmp_path, engine).open()


def released(pulse: Pulse) -> list[bool]:
    return sorted(bool(row["released"]) for row in pulse.rows("survey_reply"))


def counted(pulse: Pulse) -> int:
    with reading(pulse.engine) as connection:
        return anonymous.tally(connection, pulse.cycle).get(("", ""), 0)


def recounted(pulse: Pulse) -> Recount:
    with reading(pulse.engine) as connection:
        return recount(connection, pulse.world.definitions, cycle_named(connection, pulse.cycle))


def anything(rng: random.Random) -> dict[str, Any]:
    """Return a random reply, as values."""
    answers: dict[str, Any] = {"p.2": rng.choice(["yes", "no", "unsure"])}
    choices = {"p.1": ["front", "manager"], "p.4": ["yes", "no", "prefer-not"], "p.5": ["true", "false", "dont-know"],
               "p.8": ["always", "never", "not-mine"], "p.9": ["yes", "no"]}  # fmt: skip
    answers |= {item: rng.choice(options) for item, options in choices.items() if rng.random() < 0.8}
    if rng.random() < 0.7:
        answers["p.3"] = tuple(o for o in ("manager", "poster", "other") if rng.random() < 0.5) or None
    if rng.random() < 0.7:
        answers["p.6"] = tuple((row, rng.choice(["low", "high"])) for row in ("peer", "boss") if rng.random() < 0.8)
    return answers


def test_ten_replies_wait_and_the_eleventh_lets_all_count(pulse: Pulse) -> None:
    for _ in range(10):
        pulse.reply(YES)
    waiting = {row["id"] for row in pulse.rows("survey_reply")}
    assert (released(pulse), counted(pulse)) == ([False] * 10, 0)
    pulse.reply(YES)
    assert (released(pulse), counted(pulse)) == ([True] * 11, 11)
    assert not waiting & {row["id"] for row in pulse.rows("survey_reply")}, "they come back under new ids"


def test_organisations_do_not_fill_one_another_s_batches(pulse: Pulse) -> None:
    for _ in range(6):
        pulse.reply(YES, "otters")
        pulse.reply(YES, "badgers")
    assert (released(pulse), counted(pulse)) == ([False] * 12, 0)


def test_closing_lets_the_rest_count_and_shuffles_everything_again(pulse: Pulse) -> None:
    for _ in range(13):
        pulse.reply({"p.2": "yes", "p.7": "More time"})
    before = {row["id"] for row in pulse.rows("survey_reply")} | {row["id"] for row in pulse.rows("survey_text")}
    assert released(pulse) == [False] * 2 + [True] * 11
    pulse.close()
    assert (released(pulse), counted(pulse)) == ([True] * 13, 13)
    after = {row["id"] for row in pulse.rows("survey_reply")} | {row["id"] for row in pulse.rows("survey_text")}
    assert not before & after


def test_a_reviewer_gets_words_once_eleven_have_written_or_at_closing(pulse: Pulse) -> None:
    for number in range(12):
        pulse.reply({"p.2": "yes", "p.7": f"text {number}"}, "otters" if number % 2 else "badgers")
        waiting = [row for row in pulse.rows("survey_text") if not row["released"]]
        assert len(waiting) == (number + 1 if number < 10 else number - 10)
    pulse.close()
    assert all(row["released"] for row in pulse.rows("survey_text"))


def test_words_to_one_question_do_not_help_another_s_batch(pulse: Pulse) -> None:
    for number in range(6):
        other = {"options": ["other"], "text": f"other {number}"}
        pulse.reply({"p.2": "yes", "p.3": other, "p.7": f"text {number}"})
    assert not any(row["released"] for row in pulse.rows("survey_text"))


def test_many_replies_at_once_count_at_once(pulse: Pulse) -> None:
    pulse.replies([YES] * 11)
    assert (released(pulse), counted(pulse)) == ([True] * 11, 11)
    pulse.replies([YES] * 10)
    assert (released(pulse).count(False), counted(pulse)) == (10, 11)
    assert [row["replies"] for row in pulse.rows("survey_turnout")] == [21]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_counts_equal_a_recount_of_the_replies(pulse: Pulse, seed: int) -> None:
    rng = random.Random(seed)
    for organisation in ("otters", "badgers", "office"):
        pulse.replies([anything(rng) for _ in range(rng.randrange(12, 40))], organisation, BEFORE_TURN)
        for _ in range(rng.randrange(0, 14)):
            pulse.replies([anything(rng)], organisation, AFTER_TURN)
    total = sum(row["replies"] for row in pulse.rows("survey_turnout"))
    assert recounted(pulse).wrong == {}
    assert recounted(pulse).replies < total, "some still wait"
    pulse.close()
    assert recounted(pulse) == Recount(total, {})


def test_a_count_that_is_wrong_is_found(pulse: Pulse) -> None:
    pulse.replies([YES] * 12).close()
    with writing(pulse.engine) as connection:
        connection.exec_driver_sql("UPDATE survey_count SET n = 13 WHERE item_id = 'p.2' AND option = 'yes'")
    assert recounted(pulse).wrong == {("p.2", "yes"): (13, 12)}


def test_replies_that_come_in_at_the_same_moment_all_count_once(pulse: Pulse) -> None:
    tokens = {o: pulse.token(o) for o in ("otters", "badgers")}

    def one(number: int) -> bool:
        organisation = "otters" if number % 2 else "badgers"
        return pulse.reply({"p.2": "no", "p.7": f"text {number}"}, organisation, token=tokens[organisation]).done

    with ThreadPoolExecutor(8) as people:
        assert all(people.map(one, range(60)))
    pulse.close()
    assert recounted(pulse) == Recount(60, {})
    assert sorted(row["replies"] for row in pulse.rows("survey_turnout")) == [30, 30]
    assert len({row["text"] for row in pulse.rows("survey_text")}) == 60


def test_the_packed_reply_says_the_same_as_the_marks(pulse: Pulse) -> None:
    from audit_engine.analysis.survey_codes import columns_of, packed

    rng = random.Random(9)
    pulse.replies([anything(rng) for _ in range(40)])
    with reading(pulse.engine) as connection:
        columns = columns_of(pulse.world.definitions.opened(connection, "pulse").questionnaire)
        for row in connection.execute(anonymous.reply.select()):
            assert row.coded == packed(columns, row.answers)
