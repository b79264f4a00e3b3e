"""Does a cycle open once, to the right organisations, and close and stretch as people say?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from audit_engine.definition.library import UnknownQuestionnaire
from audit_engine.services import run_cycle
from audit_engine.services.run_cycle import CycleRefused, cycle_named
from audit_engine.services.save_answers import Draft, TooLate
from audit_engine.storage import cycles, models, partnership, returns, trail
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import CLOSES, DURING, LATER, OPENED, World

DAY = timedelta(days=1)


def taking_part(world: World, cycle: str) -> list[str]:
    with reading(world.engine) as connection:
        return sorted(r.organisation for r in returns.returns_of_cycle(connection, cycle))


def noted(world: World, subject: str) -> list[str]:
    with reading(world.engine) as connection:
        return [entry["event"] for entry in trail.entries_about(connection, subject)]


def test_opening_pins_the_definition_and_makes_one_return_an_organisation(own_world: World) -> None:
    own_world.load()
    count = run_cycle.open_cycle(own_world.engine, own_world.library, "tiny-2026", None, OPENED)
    with reading(own_world.engine) as connection:
        cycle = cycle_named(connection, "tiny-2026")
        text = cycles.definition_text(connection, cycle.content_hash or "")
    assert count == 4
    assert (cycle.state, cycle.opened_at) == ("open", OPENED)
    assert text == (own_world.instance.root / "questionnaires/tiny/2026.yaml").read_text()
    assert taking_part(own_world, "tiny-2026") == ["badgers", "joint", "office", "otters"]
    assert noted(own_world, "cycle:tiny-2026") == ["opened"]


def test_everyone_who_exists_on_the_opening_day_takes_part(own_world: World) -> None:
    own_world.load()
    with writing(own_world.engine) as connection:
        for name, opened, closed in (
            ("opens-that-day", OPENED.date(), None), ("opens-next-day", OPENED.date() + DAY, None),
            ("closes-that-day", None, OPENED.date()), ("closes-next-day", None, OPENED.date() + DAY),
        ):  # fmt: skip
            row = partnership.OrganisationRow(name, name, "police", ("north",), {}, opened=opened, closed=closed)
            partnership.keep_organisations(connection, [row])
    own_world.open("tiny-2026")
    assert {o for o in taking_part(own_world, "tiny-2026") if "-" in o} == {"opens-that-day", "closes-next-day"}


def test_the_opening_day_is_the_day_in_the_united_kingdom(own_world: World) -> None:
    own_world.load()
    just_after_midnight = datetime(2026, 9, 13, 23, 30, tzinfo=UTC)
    with writing(own_world.engine) as connection:
        day = just_after_midnight.date() + DAY
        row = partnership.OrganisationRow("new", "New", "police", ("north",), {}, opened=day)
        partnership.keep_organisations(connection, [row])
    own_world.open("tiny-2026", just_after_midnight)
    assert "new" in taking_part(own_world, "tiny-2026")


def test_a_cycle_that_names_its_organisations_opens_to_those_alone(own_world: World) -> None:
    own_world.load().open("tiny-2024")
    assert taking_part(own_world, "tiny-2024") == ["badgers", "joint", "office", "otters"]


@pytest.mark.parametrize(
    "invited, sentence",
    [(["otters", "weasels", "stoats"], "No organisation is called weasels, stoats"), ([], "has no organisations")],
)
def test_a_list_of_organisations_that_is_wrong_opens_nothing(
    own_world: World, invited: list[str], sentence: str
) -> None:
    own_world.load()
    with writing(own_world.engine) as connection:
        cycles.change_cycle(connection, "tiny-2026", invited=invited)
    with pytest.raises(CycleRefused, match=sentence):
        own_world.open("tiny-2026")
    assert own_world.count(models.response) == own_world.count(models.cycle_definition) == 0


def test_a_cycle_opens_once(world: World) -> None:
    with pytest.raises(CycleRefused, match="was opened on 9am on Monday 14 September 2026") as refusal:
        world.open("tiny-2026")
    assert "already" in str(refusal.value)
    assert len(taking_part(world, "tiny-2026")) == 4


def test_what_was_true_of_an_organisation_on_the_opening_day_decides_what_it_is_asked(world: World) -> None:
    with writing(world.engine) as connection:
        row = partnership.OrganisationRow("office", "The Office", "education", ("south",), {"direct_work": True})
        partnership.keep_organisations(connection, [row])
    whole = world.opened("office")
    assert whole.facts.areas == ("north",)
    assert not whole.asked["t.B.3"].asked
    assert whole.asked["t.B.3"].why == "Not asked because your profile says: works directly with children: no."


def test_an_unknown_cycle_is_refused_with_those_that_there_are(world: World) -> None:
    with pytest.raises(CycleRefused, match=r"no cycle called “tiny-1999”. Cycles: tiny-2026, tiny-2024."):
        run_cycle.close_cycle(world.engine, "tiny-1999", None, DURING)


def test_a_version_that_does_not_exist_opens_nothing(own_world: World) -> None:
    own_world.load()
    (own_world.instance.root / "questionnaires/tiny/2026.yaml").unlink()
    with pytest.raises(UnknownQuestionnaire, match=r"no version “2026” of tiny. There are"):
        own_world.open("tiny-2026")
    assert own_world.count(models.response) == 0


def test_closing_ends_answering_and_loses_nothing(world: World) -> None:
    world.save(Draft("t.A.1", 0, "met"))
    run_cycle.close_cycle(world.engine, "tiny-2026", world.somebody, DURING)
    with pytest.raises(TooLate):
        world.save(Draft("t.A.2", 0, "met"), now=DURING + timedelta(minutes=1))
    assert world.opened().answer("t.A.1").value == "met"
    assert noted(world, "cycle:tiny-2026") == ["closed", "opened"]


def test_a_cycle_is_closed_once_and_opened_again_once(world: World) -> None:
    run_cycle.close_cycle(world.engine, "tiny-2026", None, DURING)
    with pytest.raises(CycleRefused, match="is closed, so it cannot be closed"):
        run_cycle.close_cycle(world.engine, "tiny-2026", None, DURING)
    run_cycle.reopen_cycle(world.engine, "tiny-2026", None, DURING)
    with pytest.raises(CycleRefused, match="is open, so it cannot be opened again"):
        run_cycle.reopen_cycle(world.engine, "tiny-2026", None, DURING)
    assert world.save(Draft("t.A.1", 0, "met")).changed == 1


def test_a_cycle_that_is_only_planned_can_be_neither_closed_nor_opened_again(own_world: World) -> None:
    own_world.load()
    for act in (run_cycle.close_cycle, run_cycle.reopen_cycle):
        with pytest.raises(CycleRefused, match="is planned, so it cannot be"):
            act(own_world.engine, "tiny-2026", None, DURING)


def test_an_extension_lets_one_organisation_answer_after_closing_and_no_other(world: World) -> None:
    until = LATER + DAY
    run_cycle.extend(world.engine, world.return_of("otters").id, until, " A flood ", world.somebody, DURING)
    run_cycle.close_cycle(world.engine, "tiny-2026", None, CLOSES)
    assert world.save(Draft("t.A.1", 0, "met"), now=until).changed == 1
    facts = world.return_of("otters")
    assert (facts.extended_to, facts.extension_reason, facts.closes_at) == (until, "A flood", until)
    with pytest.raises(TooLate):
        world.save(Draft("t.A.1", 0, "not-met"), now=until + timedelta(seconds=1))
    with pytest.raises(TooLate):
        world.save(Draft("t.A.1", 0, "met"), organisation="badgers", now=until)
    assert noted(world, f"return:{facts.id}") == ["extended"]


@pytest.mark.parametrize(
    "until, reason, sentence",
    [
        (LATER, "  ", "Say why this organisation gets longer"),
        (CLOSES, "A flood", "must be later than now and later than 5pm on Friday 19 December 2098"),
        (DURING, "A flood", "must be later than now"),
    ],
)
def test_an_extension_needs_a_reason_and_a_later_time(
    world: World, until: datetime, reason: str, sentence: str
) -> None:
    with pytest.raises(CycleRefused, match=sentence):
        run_cycle.extend(world.engine, world.return_of().id, until, reason, world.somebody, DURING)
    assert world.return_of().extended_to is None


def test_an_extension_must_end_in_the_future(world: World) -> None:
    with pytest.raises(CycleRefused, match="must be later than now"):
        run_cycle.extend(world.engine, world.return_of().id, LATER, "A flood", world.somebody, LATER + DAY)


def test_a_return_that_does_not_exist_cannot_be_extended(world: World) -> None:
    with pytest.raises(CycleRefused, match="There is no such return"):
        run_cycle.extend(world.engine, 999, LATER, "A flood", world.somebody, DURING)


def test_a_return_that_was_submitted_is_not_given_more_time(world: World) -> None:
    world.returned("otters", "tiny-2026")
    with pytest.raises(CycleRefused, match="Otter School has submitted"):
        run_cycle.extend(world.engine, world.return_of().id, LATER, "A flood", world.somebody, DURING)
