"""Is everything that was typed saved once, and nothing of anybody else's overwritten?"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from audit_engine.response.answers import State
from audit_engine.services import run_cycle
from audit_engine.services.save_answers import Draft, NoSuchReturn, TooLate, save_answers
from audit_engine.storage import answer_rows, models, returns
from audit_engine.storage.engine import reading
from tests.services.tiny import CLOSES, DURING, LATER, World

MINUTE = timedelta(minutes=1)
ACTION: dict[str, Any] = {
    "action_what": "Write it", "action_who": "Sam", "action_by": date(2027, 3, 31), "action_how_known": "Ask",
}  # fmt: skip
KEY = ("t.A.1", "", "")


def history(world: World, item: str = "t.A.1", area: str = "") -> list[dict[str, Any]]:
    with reading(world.engine) as connection:
        rows = returns.history_of(connection, world.return_of().id, item, area)
    return [dict(r) for r in reversed(rows)]


def test_the_first_save_starts_the_return_and_counts_from_one(world: World) -> None:
    saved = world.save(Draft("t.A.1", 0, "met", commentary="So it is"), now=DURING)
    facts, answer = world.return_of(), world.opened().answer("t.A.1")
    assert (saved.changed, saved.at, dict(saved.versions), dict(saved.conflicts)) == (1, DURING, {KEY: 1}, {})
    assert (facts.state, facts.started_at, facts.saved_at) == ("started", DURING, DURING)
    assert (answer.state, answer.value, answer.commentary, answer.version) == (State.ANSWERED, "met", "So it is", 1)
    assert (answer.saved_at, answer.saved_by) == (DURING, str(world.somebody))


def test_a_later_save_keeps_when_the_return_was_started(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met"), now=DURING)
    world.save(Draft("t.A.1", 1, "not-met"), now=DURING + MINUTE)
    assert (world.return_of().started_at, world.return_of().saved_at) == (DURING, DURING + MINUTE)


def test_every_save_of_an_answer_adds_exactly_one_line_of_history(world: World) -> None:
    for version, (value, text) in enumerate([("met", "One"), ("met", "Two"), ("not-met", "Two"), (None, "")]):
        world.save(Draft("t.A.1", version, value, commentary=text))
        assert world.count(models.answer_change) == version + 1
    assert [(c["version"], c["content"]["value"], c["content"]["commentary"]) for c in history(world)] == [
        (1, "met", "One"), (2, "met", "Two"), (3, "not-met", "Two"), (4, None, ""),
    ]  # fmt: skip
    assert {c["made_by"] for c in history(world)} == {world.somebody}


def test_saving_the_same_again_writes_nothing(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met", commentary="So", **ACTION))
    before = world.counts()
    again = world.save(Draft("t.A.1", 1, "met", commentary="So", **ACTION), now=DURING + MINUTE)
    assert (again.changed, dict(again.versions)) == (0, {KEY: 1})
    assert world.counts() == before
    assert world.return_of().saved_at == DURING


def test_an_empty_form_starts_nothing(world: World) -> None:
    saved = world.save(Draft("t.A.1", 0), Draft("t.A.2", 0))
    assert (saved.changed, set(saved.versions.values())) == (0, {0})
    assert world.return_of().state == "not-started"


def test_only_what_changed_gets_a_new_version(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met"), Draft("t.A.2", 0, "met"))
    saved = world.save(Draft("t.A.1", 1, "met"), Draft("t.A.2", 1, "not-met"))
    assert (saved.changed, dict(saved.versions)) == (1, {KEY: 1, ("t.A.2", "", ""): 2})


def test_two_people_on_different_questions_both_keep_their_words(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met", commentary="Ada's"), Draft("t.A.2", 0))
    world.save(Draft("t.A.1", 0), Draft("t.A.2", 0, "not-met", commentary="Ben's"))
    whole = world.opened()
    assert [whole.answer(i).commentary for i in ("t.A.1", "t.A.2")] == ["Ada's", "Ben's"]


def test_two_people_on_one_question_get_both_texts_and_nothing_is_overwritten(world: World) -> None:
    ada, ben = world.person("ada@example.org"), world.person("ben@example.org")
    world.save(Draft("t.A.1", 0, "met", commentary="Ada's"), by=ada)
    saved = world.save(
        Draft("t.A.1", 0, "not-met", commentary="Ben's"), Draft("t.A.2", 0, "met"), by=ben, now=DURING + MINUTE
    )
    conflict = saved.conflicts[KEY]
    assert (conflict.stored.commentary, conflict.typed.commentary, conflict.stored_by) == ("Ada's", "Ben's", ada)
    assert world.opened().answer("t.A.1").commentary == "Ada's"
    assert len(history(world)) == 1
    # The rest of the page is saved, and the version told is the stored one.
    assert (saved.changed, saved.versions[KEY]) == (1, 1)
    assert world.opened().answer("t.A.2").value == "met"


def test_whoever_decides_for_their_own_text_saves_over_the_version_they_saw(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met", commentary="Ada's"))
    clash = world.save(Draft("t.A.1", 0, "not-met", commentary="Ben's"))
    world.save(Draft("t.A.1", clash.versions[KEY], "not-met", commentary="Ben's"))
    assert [c["content"]["commentary"] for c in history(world)] == ["Ada's", "Ben's"]


def test_a_stale_page_on_which_nothing_was_typed_takes_the_others_words_silently(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met", commentary="First"))
    world.save(Draft("t.A.1", 1, "met", commentary="Second"))
    for stale in (Draft("t.A.1", 1, "met", commentary="First"), Draft("t.A.1", 0)):
        saved = world.save(stale)
        assert (saved.changed, dict(saved.conflicts), saved.versions[KEY]) == (0, {}, 2)
    assert world.opened().answer("t.A.1").commentary == "Second"


def test_both_typing_the_same_is_no_conflict(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met", commentary="Same"))
    saved = world.save(Draft("t.A.1", 0, "met", commentary="Same"))
    assert (saved.changed, dict(saved.conflicts)) == (0, {})


@pytest.mark.parametrize(
    "change",
    [{"value": "not-met"}, {"commentary": "Mine"}, {"evidence": "Mine"}, {"reason": "Mine"}, {"confirmed": True},
     {"action_what": "Mine"}, {"action_who": "Mine"}, {"action_by": date(2027, 1, 1)}, {"action_how_known": "Mine"}],
    ids=lambda c: next(iter(c)),
)  # fmt: skip
def test_a_clash_is_seen_in_every_part_of_an_answer(world: World, change: dict[str, Any]) -> None:
    first = Draft("t.A.1", 0, "met", commentary="First")
    world.save(first)
    world.save(replace(first, version=1, commentary="Second", evidence="Theirs"))
    saved = world.save(replace(first, version=1, **change))
    assert set(saved.conflicts) == {KEY}
    assert len(history(world)) == 2


def test_a_version_that_never_was_is_a_conflict_and_not_an_overwrite(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met", commentary="First"))
    saved = world.save(Draft("t.A.1", 41, "not-met", commentary="Mine"))
    assert set(saved.conflicts) == {KEY}
    assert world.opened().answer("t.A.1").commentary == "First"


def test_a_page_that_shows_a_version_of_an_answer_never_saved_still_saves(world: World) -> None:
    assert world.save(Draft("t.A.1", 3, "met")).changed == 1
    assert world.opened().answer("t.A.1").version == 1


def test_an_area_answers_beside_the_organisation_and_neither_touches_the_other(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met"), Draft("t.A.1", 0, "not-met", area="south"), organisation="joint")
    world.save(Draft("t.A.1", 1, "partly-met", area="south"), organisation="joint")
    whole = world.opened("joint")
    assert [whole.answer("t.A.1", area).value for area in ("", "south")] == ["met", "partly-met"]
    assert [whole.answer("t.A.1", area).version for area in ("", "south")] == [1, 2]


def test_questions_that_do_not_exist_are_ignored_and_the_rest_is_saved(world: World) -> None:
    saved = world.save(Draft("t.Z.9", 0, "met"), Draft("t.A.1", 0, "met"), Draft("t.B.1", 0, "met"))
    assert (saved.changed, set(saved.versions)) == (1, {KEY})
    assert world.count(models.answer) == 1


def test_a_return_that_does_not_exist_takes_nothing(world: World) -> None:
    with pytest.raises(NoSuchReturn):
        save_answers(world.engine, world.definitions, 999, [Draft("t.A.1", 0, "met")], world.somebody, DURING)
    assert world.count(models.answer) == world.count(models.kept_draft) == 0


@pytest.mark.parametrize("moment, why", [(CLOSES + MINUTE, "it has closed")])
def test_what_comes_after_closing_is_kept_aside_and_said_so(world: World, moment: datetime, why: str) -> None:
    with pytest.raises(TooLate, match=why) as refusal:
        world.save(Draft("t.A.1", 0, "met", commentary="Long work", **ACTION), now=moment)
    assert "What you typed is kept" in str(refusal.value)
    assert world.count(models.answer) == world.count(models.answer_change) == 0
    with reading(world.engine) as connection:
        (kept,) = connection.execute(select(models.kept_draft)).mappings()
    assert kept["content"]["answers"] == [
        {"item": "t.A.1", "repeat": "", "area": "", "value": "met", "commentary": "Long work", "evidence": "",
         "reason": "", "action": ["Write it", "Sam", "2027-03-31", "Ask"]},
    ]  # fmt: skip
    assert (kept["made_by"], kept["made_at"]) == (world.somebody, moment)


def test_what_comes_after_submission_is_kept_aside(world: World) -> None:
    world.returned("otters", "tiny-2026")
    before = world.counts()
    with pytest.raises(TooLate, match="it has been submitted"):
        world.save(Draft("t.A.1", 1, "not-met", commentary="Too late"))
    assert {k: v - before[k] for k, v in world.counts().items() if v != before[k]} == {"kept_draft": 1}


def test_the_last_instant_is_in_time(world: World) -> None:
    assert world.save(Draft("t.A.1", 0, "met"), now=CLOSES).changed == 1


def test_a_cycle_closed_by_hand_keeps_late_words_too(world: World) -> None:
    run_cycle.close_cycle(world.engine, "tiny-2026", None, DURING)
    with pytest.raises(TooLate, match="it has closed"):
        world.save(Draft("t.A.1", 0, "met"), now=DURING + MINUTE)
    assert world.count(models.kept_draft) == 1


def test_an_action_is_a_row_of_its_own_and_follows_its_answer(world: World) -> None:
    world.save(Draft("t.A.1", 0, "not-met", commentary="No", **ACTION))
    with reading(world.engine) as connection:
        (row,) = connection.execute(select(models.action)).mappings()
    assert (row["organisation_id"], row["item_id"], row["origin"], row["status"]) == (
        "otters", "t.A.1", "return", "proposed",
    )  # fmt: skip
    assert (row["what"], row["who"], row["due"], row["how_known"]) == ("Write it", "Sam", date(2027, 3, 31), "Ask")
    world.save(Draft("t.A.1", 1, "not-met", commentary="No", **{**ACTION, "action_who": "Kim"}))
    assert world.count(models.action) == 1
    assert world.opened().answer("t.A.1").action_who == "Kim"


def test_an_action_taken_out_is_emptied_and_its_words_stay_in_the_history(world: World) -> None:
    world.save(Draft("t.A.1", 0, "not-met", commentary="No", **ACTION), Draft("t.A.2", 0, "not-met", **ACTION))
    world.save(Draft("t.A.1", 1, "met", commentary="Yes"))
    answer = world.opened().answer("t.A.1")
    assert (answer.action_what, answer.action_who, answer.action_by, answer.action_how_known) == ("", "", None, "")
    assert world.count(models.action, status="withdrawn") == 1
    assert world.opened().answer("t.A.2").action_what == "Write it"
    assert [c["content"]["action"]["what"] for c in history(world)] == ["Write it", ""]
    world.save(Draft("t.A.1", 2, "not-met", commentary="No again", **ACTION))
    assert world.count(models.action, status="proposed") == 2


def test_a_confirmation_carries_the_day_on_which_it_was_first_made(world: World) -> None:
    late_evening = datetime(2026, 10, 5, 23, 30, tzinfo=DURING.tzinfo)  # half past midnight in London
    world.save(Draft("t.A.1", 0, "met", confirmed=True), now=late_evening)
    assert world.opened().answer("t.A.1").confirmed_on == date(2026, 10, 6)
    world.save(Draft("t.A.1", 1, "met", confirmed=True, evidence="File"), now=late_evening + timedelta(days=3))
    assert world.opened().answer("t.A.1").confirmed_on == date(2026, 10, 6)
    world.save(Draft("t.A.1", 2, "met", confirmed=False, evidence="File"))
    assert world.opened().answer("t.A.1").confirmed_on is None


def test_not_applicable_is_a_state_of_its_own(world: World) -> None:
    world.save(Draft("t.A.1", 0, "not-applicable", reason="We have none"))
    assert world.opened().answer("t.A.1").state is State.NOT_APPLICABLE
    world.save(Draft("t.A.1", 1, None))
    assert world.opened().answer("t.A.1").state is State.UNANSWERED


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "=1+1", "'; DROP TABLE answer; --", "ünïcödé 🦦 \u202e", "a\nb\n\n c", "%s {x}"],
)
def test_text_comes_back_exactly_as_it_was_typed(world: World, text: str) -> None:
    names = ("commentary", "evidence", "reason", "action_what", "action_who", "action_how_known")
    parts: dict[str, Any] = dict.fromkeys(names, text)
    world.save(Draft("t.A.1", 0, "met", **parts))
    answer = world.opened().answer("t.A.1")
    assert {name: getattr(answer, name) for name in parts} == parts


def test_a_save_that_fails_halfway_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(answer_rows.ReadyAnswers, "keep", broken)
    with pytest.raises(RuntimeError):
        world.save(Draft("t.A.1", 0, "not-met", **ACTION))
    counted = [world.count(m) for m in (models.answer, models.answer_change, models.action)]
    assert (counted, world.return_of().state) == ([0, 0, 0], "not-started")


def test_many_writers_of_one_return_lose_nothing(world: World) -> None:
    faults: list[BaseException] = []
    by, number = world.somebody, world.return_of().id
    items = ("t.A.1", "t.A.2", "t.A.5", "t.B.2")
    told: list[str] = []

    def write(item: str, writer: int) -> None:
        version = 0
        try:
            for step in range(5):
                text = f"{writer}-{step}"
                saved = save_answers(
                    world.engine, world.definitions, number, [Draft(item, version, "met", commentary=text)], by, DURING
                )
                version = saved.versions[item, "", ""]
                if not saved.conflicts:
                    told.append(text)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(items[n % 4], n), daemon=True) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []
    kept = [c["content"]["commentary"] for item in items for c in history(world, item)]
    assert sorted(kept) == sorted(told)
    versions = {item: [c["version"] for c in history(world, item)] for item in items}
    assert all(v == list(range(1, len(v) + 1)) for v in versions.values())


def test_an_extension_and_a_reopening_take_answers_again(world: World) -> None:
    run_cycle.extend(world.engine, world.return_of().id, LATER, "A flood", world.somebody, DURING)
    assert world.save(Draft("t.A.1", 0, "met"), now=LATER).changed == 1
