"""Do replies wait until nobody can be picked out of them, and do the counts stay right?"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from audit_engine.services import survey_batches
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.survey_results import Recount, recount
from audit_engine.storage import anonymous
from audit_engine.storage.engine import reading, writing
from tests.services.pulse import AFTER_TURN, BEFORE_TURN, YES, Pulse, lay_pulse


@pytest.fixture
def pulse(tmp_path: Path, engine: Engine) -> Pulse:
    return lay_pulse(tmp_path, engine).open()


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


def stored_ids(pulse: Pulse) -> set[str]:
    return {row["id"] for name in ("survey_reply", "survey_text") for row in pulse.rows(name)}


def test_replies_wait_until_the_survey_closes_however_many_there_are(pulse: Pulse) -> None:
    for number in range(12):
        pulse.reply(YES, "badgers" if number % 4 == 0 else "otters")
    assert (len(pulse.waiting()), pulse.rows("survey_reply"), counted(pulse)) == (12, [], 0)
    sealed = {row["id"] for row in pulse.rows("survey_sealed_reply")}
    pulse.close()
    assert (pulse.rows("survey_sealed_reply"), pulse.rows("survey_sealed_words")) == ([], [])
    assert (len(pulse.rows("survey_reply")), counted(pulse)) == (12, 12)
    assert not sealed & stored_ids(pulse), "they come back under new ids"
    with reading(pulse.engine) as connection:
        by_organisation = anonymous.tallies_by_organisation(connection, pulse.cycle)
    assert {o: tally["", ""] for o, tally in by_organisation.items()} == {"badgers": 3, "otters": 9}


def test_closing_a_large_survey_takes_replies_a_lot_at_a_time(pulse: Pulse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey_batches, "AT_ONCE", 4)
    for _ in range(5):
        pulse.replies([YES] * 2)
    pulse.close()
    assert recounted(pulse) == Recount(10, {})


def test_closing_shuffles_what_counted_before(pulse: Pulse) -> None:
    pulse.replies([{"p.2": "yes", "p.7": "More time"}] * 13)
    before = stored_ids(pulse)
    pulse.close()
    assert len(before) == len(stored_ids(pulse)) == 26
    assert not before & stored_ids(pulse)


def test_a_reviewer_gets_words_at_every_eleventh_reply_where_eleven_have_written(pulse: Pulse) -> None:
    with_words = {4, *range(6, 40)}
    seen = []
    for number in range(1, 34):
        words = {"p.7": f"text {number}"} if number in with_words else {}
        pulse.reply({"p.2": "yes", **words}, "otters" if number % 2 else "badgers")
        seen.append((len(pulse.rows("survey_text")), pulse.words_waiting().get("p.7", 0)))
    written = [len([n for n in with_words if n <= number]) for number in range(1, 34)]
    assert [out + left for out, left in seen] == written
    assert [out for out, _ in seen] == [0] * 21 + [18] * 11 + [29]
    pulse.close()
    assert len(pulse.rows("survey_text")) == 29


def test_words_that_wait_come_out_at_closing(pulse: Pulse) -> None:
    pulse.reply({"p.2": "yes", "p.7": "More time"})
    assert pulse.rows("survey_text") == []
    pulse.close()
    assert [row["text"] for row in pulse.rows("survey_text")] == ["More time"]


def test_words_to_one_question_do_not_help_another_s_batch(pulse: Pulse) -> None:
    for number in range(6):
        other = {"options": ["other"], "text": f"other {number}"}
        pulse.reply({"p.2": "yes", "p.3": other, "p.7": f"text {number}"})
    assert pulse.rows("survey_text") == []
    assert pulse.words_waiting() == {"p.3": 6, "p.7": 6}


def test_many_replies_at_once_count_at_once(pulse: Pulse) -> None:
    pulse.replies([YES] * 11)
    assert (pulse.waiting(), counted(pulse)) == ([], 11)
    pulse.replies([YES] * 10)
    assert (len(pulse.waiting()), counted(pulse)) == (10, 11)
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
