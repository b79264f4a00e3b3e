"""Is a return submitted once, only when it is complete, and kept as it stood?"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from audit_engine.response.workflow import NotPossible
from audit_engine.services import run_cycle
from audit_engine.services.save_answers import Draft, NoSuchReturn, TooLate
from audit_engine.services.submit import NotComplete, Receipt, reopen, submit
from audit_engine.storage import models, trail
from audit_engine.storage.engine import reading
from tests.services.tiny import CLOSES, DURING, LATER, World

MINUTE = timedelta(minutes=1)


def submissions(world: World) -> list[dict[str, Any]]:
    table = models.submission
    with reading(world.engine) as connection:
        return [dict(r) for r in connection.execute(select(table).order_by(table.c.number)).mappings()]


def noted(world: World) -> list[str]:
    with reading(world.engine) as connection:
        return [e["event"] for e in trail.entries_about(connection, f"return:{world.return_of().id}")]


def test_a_complete_return_is_submitted_with_a_receipt_and_a_hash_of_what_it_says(world: World) -> None:
    world.answer("otters", "tiny-2026", {"t.A.1": "not-met"})
    receipt = world.submit(now=DURING + MINUTE)
    (row,) = submissions(world)
    facts = world.return_of()
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}", receipt.number)
    assert (receipt.again, receipt.declared_name, receipt.declared_role) == (False, "Ada", "Head")
    assert (row["number"], row["receipt"], row["made_by"]) == (1, receipt.number, world.somebody)
    assert row["answers_hash"] == receipt.answers_hash == hashlib.sha256(row["answers"].encode()).hexdigest()
    assert (facts.state, facts.submitted_at, facts.receipt) == ("submitted", DURING + MINUTE, receipt.number)
    assert noted(world) == ["submitted"]


def test_what_was_submitted_is_kept_word_for_word(world: World) -> None:
    world.answer("otters", "tiny-2026", {"t.A.1": "not-met"})
    world.submit()
    (row,) = submissions(world)
    said = json.loads(row["answers"])
    assert said["questionnaire"] == "tiny@2026"
    assert said["definition"] == world.return_of().content_hash
    assert said["answers"]["t.A.1||"]["commentary"] == "About A.1"
    assert said["answers"]["t.A.1||"]["action"] == {
        "what": "Write it", "who": "Sam", "by": "2027-03-31", "how_known": "Ask",
    }  # fmt: skip
    # One digit a criterion, in the definition's order: A.1 not met, four met, B.5 not asked.
    assert row["ratings"] == {"": {"codes": "355550", "confirmed": "000000"}}


def test_submitting_again_gives_the_same_receipt_and_writes_nothing(world: World) -> None:
    world.answer("otters", "tiny-2026", {})
    first = world.submit()
    before = world.counts()
    again = world.submit(now=LATER)
    assert again == replace(first, again=True)
    assert world.counts() == before


def test_a_hundred_clicks_at_once_make_one_submission_and_one_receipt(world: World) -> None:
    world.answer("otters", "tiny-2026", {})
    number, by = world.return_of().id, world.somebody
    receipts: list[Receipt] = []
    faults: list[BaseException] = []

    def click() -> None:
        try:
            receipts.append(submit(world.engine, world.definitions, number, "Ada", "Head", by, DURING))
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=click, daemon=True) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []
    assert len(receipts) == 100
    assert {r.number for r in receipts} == {submissions(world)[0]["receipt"]}
    assert [r.again for r in receipts].count(False) == 1
    assert (world.count(models.submission), noted(world)) == (1, ["submitted"])


def test_an_incomplete_return_is_refused_with_everything_that_is_missing(world: World) -> None:
    world.save(Draft("t.A.1", 0, "not-met"), Draft("t.A.2", 0, "not-applicable"), Draft("t.B.4", 0, "yes"))
    with pytest.raises(NotComplete) as refusal:
        world.submit()
    missing = [(g.item, g.field) for g in refusal.value.gaps]
    assert missing == [
        ("t.A.1", "commentary"), ("t.A.1", "action-what"), ("t.A.1", "action-who"), ("t.A.1", "action-by"),
        ("t.A.2", "reason"), ("t.A.5", "value"), ("t.B.2", "value"), ("t.B.3", "value"), ("t.B.5", "value"),
    ]  # fmt: skip
    assert str(refusal.value) == "9 things still to complete before you can submit."
    assert world.count(models.submission) == 0
    assert world.return_of().state == "started"


def test_what_the_profile_rules_out_and_what_is_not_enabled_is_not_missing(world: World) -> None:
    world.answer("office", "tiny-2026", {})
    assert world.opened("office").asked_ids == ("t.A.1", "t.A.2", "t.A.5", "t.B.2", "t.B.4")
    assert world.submit("office").again is False


def test_a_return_that_nobody_started_is_refused_as_incomplete(world: World) -> None:
    with pytest.raises(NotComplete):
        world.submit()


def test_a_complete_return_is_refused_after_closing_and_nothing_changes(world: World) -> None:
    world.answer("otters", "tiny-2026", {})
    with pytest.raises(TooLate, match="it has closed"):
        world.submit(now=CLOSES + MINUTE)
    assert world.return_of().state == "started"
    assert world.submit(now=CLOSES).again is False


def test_an_extension_lets_a_return_be_submitted_after_closing_and_it_is_not_late(world: World) -> None:
    world.answer("otters", "tiny-2026", {})
    run_cycle.extend(world.engine, world.return_of().id, LATER, "A flood", world.somebody, DURING)
    world.submit(now=LATER)
    assert not world.return_of().late


def test_a_return_that_does_not_exist_cannot_be_submitted_or_reopened(world: World) -> None:
    with pytest.raises(NoSuchReturn):
        submit(world.engine, world.definitions, 999, "Ada", "Head", world.somebody, DURING)
    with pytest.raises(NoSuchReturn):
        reopen(world.engine, 999, "why", world.somebody, DURING)


def test_reopening_and_submitting_again_is_a_second_submission_beside_the_first(world: World) -> None:
    world.answer("otters", "tiny-2026", {})
    first = world.submit()
    reopen(world.engine, world.return_of().id, "A slip", world.somebody, DURING)
    assert (world.return_of().state, world.return_of().receipt) == ("reopened", first.number)
    world.save(Draft("t.A.1", 1, "met", commentary="Corrected", evidence="File"), now=LATER)
    second = world.submit(now=LATER)
    rows = submissions(world)
    assert [r["number"] for r in rows] == [1, 2]
    assert (rows[0]["receipt"], rows[1]["receipt"]) == (first.number, second.number)
    assert first.number != second.number
    assert first.answers_hash != second.answers_hash
    assert json.loads(rows[0]["answers"])["answers"]["t.A.1||"]["commentary"] == "About A.1"
    assert (world.return_of().receipt, world.return_of().submitted_at) == (second.number, LATER)
    assert noted(world) == ["submitted", "reopened", "submitted"]


def test_the_same_answers_have_the_same_hash(world: World) -> None:
    world.answer("otters", "tiny-2026", {})
    first = world.submit()
    reopen(world.engine, world.return_of().id, "A slip", world.somebody, DURING)
    assert world.submit(now=LATER).answers_hash == first.answers_hash


@pytest.mark.parametrize("started", [False, True])
def test_only_a_submitted_return_is_reopened(world: World, started: bool) -> None:
    if started:
        world.save(Draft("t.A.1", 0, "met"))
    with pytest.raises(NotPossible, match="there is nothing to reopen"):
        reopen(world.engine, world.return_of().id, "why", world.somebody, DURING)
    assert noted(world) == []


def test_a_second_reopening_says_that_it_is_open_already(world: World) -> None:
    world.returned("otters", "tiny-2026")
    reopen(world.engine, world.return_of().id, "A slip", world.somebody, DURING)
    with pytest.raises(NotPossible, match="already open for changes"):
        reopen(world.engine, world.return_of().id, "A slip", world.somebody, DURING)


def test_an_answer_to_a_question_that_is_no_longer_asked_is_no_rating(world: World) -> None:
    world.answer("otters", "tiny-2026", {}, gate="yes")
    assert world.opened().answer("t.B.5").value == "met"
    world.save(Draft("t.B.4", 1, "no"))
    world.submit()
    (row,) = submissions(world)
    assert row["ratings"][""]["codes"] == "555550"
    assert json.loads(row["answers"])["answers"]["t.B.5||"]["value"] == "met"


CHECKED = """
checks:
  - {id: leads, holds: 't.A.1 != "not-met" or t.A.2 == "not-met"', message: A board cannot ask whom nobody leads,
     items: [t.A.2]}
"""


def test_a_check_across_questions_that_fails_is_a_gap_at_its_first_question(own_world: World) -> None:
    path = own_world.instance.root / "questionnaires/tiny/2026.yaml"
    path.write_text(path.read_text() + CHECKED)
    own_world.load().open("tiny-2026")
    own_world.answer("otters", "tiny-2026", {"t.A.1": "not-met"})
    with pytest.raises(NotComplete) as refusal:
        own_world.submit()
    assert [(g.item, g.sentence) for g in refusal.value.gaps] == [("t.A.2", "A board cannot ask whom nobody leads")]
    assert str(refusal.value) == "1 thing still to complete before you can submit."
    own_world.answer("otters", "tiny-2026", {"t.A.1": "not-met", "t.A.2": "not-met"})
    assert own_world.submit().number
