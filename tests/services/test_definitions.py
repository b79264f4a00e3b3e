"""Does an open cycle keep the questions it was opened with, whatever becomes of their file?"""

from __future__ import annotations

import pytest

from audit_engine.definition.library import Library
from audit_engine.response.answers import Answer
from audit_engine.services.answering import open_return
from audit_engine.services.definitions import Definitions, MissingDefinition, as_values
from audit_engine.storage import cycles, models
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import CYCLES, NOW_ASKED, THEN_OPENED, World, lay


def again(world: World) -> World:
    """Return the same partnership in a process that has read nothing yet."""
    return World(world.instance, world.engine, Library(world.instance.root))


def test_changing_the_file_of_an_open_cycle_changes_nothing(own_world: World) -> None:
    own_world.load().open("tiny-2026")
    path = own_world.instance.root / "questionnaires/tiny/2026.yaml"
    before = own_world.opened().questionnaire
    path.write_text(path.read_text().replace("Somebody leads", "Nobody leads").replace("critical: true, ", ""))
    after = again(own_world).opened()
    assert after.questionnaire.items_by_id["t.A.1"].text == "Somebody leads"
    assert after.questionnaire.content_hash == before.content_hash
    assert after.questionnaire.source == NOW_ASKED


@pytest.mark.parametrize("change", ["removed", "broken"])
def test_an_open_cycle_goes_on_when_its_file_is_removed_or_broken(own_world: World, change: str) -> None:
    own_world.load().open("tiny-2026")
    path = own_world.instance.root / "questionnaires/tiny/2026.yaml"
    path.write_text("no: [") if change == "broken" else path.unlink()
    fresh = again(own_world)
    fresh.returned("otters", "tiny-2026")
    assert fresh.return_of().state == "submitted"


def test_a_cycle_opened_later_pins_what_the_file_says_then(own_world: World) -> None:
    text = CYCLES["tiny-2026"].replace("tiny-2026", "tiny-2027")
    lay(own_world.instance.root, cycles={**CYCLES, "tiny-2027": text})
    own_world.load().open("tiny-2026")
    path = own_world.instance.root / "questionnaires/tiny/2026.yaml"
    path.write_text(path.read_text().replace("Somebody leads", "Everybody leads"))
    fresh = again(own_world).open("tiny-2027")
    texts = [fresh.opened("otters", c).questionnaire.items_by_id["t.A.1"].text for c in ("tiny-2026", "tiny-2027")]
    assert texts == ["Somebody leads", "Everybody leads"]
    assert fresh.count(models.cycle_definition) == 2


def test_the_same_definition_is_kept_once(own_world: World) -> None:
    text = CYCLES["tiny-2026"].replace("tiny-2026", "tiny-2027")
    lay(own_world.instance.root, cycles={**CYCLES, "tiny-2027": text})
    own_world.load().open("tiny-2026").open("tiny-2027")
    assert own_world.count(models.cycle_definition) == 1


def test_a_definition_missing_from_the_database_says_to_restore_a_back_up(world: World) -> None:
    with reading(world.engine) as connection, pytest.raises(MissingDefinition, match="restore a back-up"):
        Definitions(world.library).of(connection, "0" * 64)


def test_a_pinned_definition_is_read_from_the_database_once(world: World) -> None:
    definitions = Definitions(world.library)
    with reading(world.engine) as connection:
        first = definitions.of_cycle(connection, "tiny-2026")
        assert definitions.of_cycle(connection, "tiny-2026") is first
        assert definitions.of_cycle(connection, "tiny-1999") is None
        assert definitions.of_cycle(connection, None) is None


def test_a_cycle_opened_after_it_was_asked_for_is_found(own_world: World) -> None:
    own_world.load()
    with reading(own_world.engine) as connection:
        assert own_world.definitions.of_cycle(connection, "tiny-2026") is None
    own_world.open("tiny-2026")
    with reading(own_world.engine) as connection:
        assert own_world.definitions.of_cycle(connection, "tiny-2026") is not None


def test_lineage_is_followed_between_what_was_pinned(world: World) -> None:
    with reading(world.engine) as connection:
        then = world.definitions.of_cycle(connection, "tiny-2024")
        now = world.definitions.of_cycle(connection, "tiny-2026")
    assert then is not None and now is not None
    lineage = world.definitions.lineage(then.questionnaire, now.questionnaire)
    assert lineage is not None
    assert {p.relation: (p.old, p.new) for p in lineage.pairs}["merged"] == (("t.A.3", "t.A.4"), ("t.A.5",))
    assert world.definitions.lineage(now.questionnaire, then.questionnaire) is None


def test_an_answer_to_an_item_that_the_definition_does_not_have_is_left_as_it_is(world: World) -> None:
    stored = Answer("t.Z.9", value=["x"])
    assert as_values(world.opened().questionnaire, [stored]) == {stored.key: stored}


def test_last_times_answers_stand_beside_todays_questions(world: World) -> None:
    world.returned("otters", "tiny-2024", {"t.A.4": "not-met", "t.B.2": "partly-met"})
    whole = world.opened()
    found = {item: (e.relation, e.counts_as) for item, e in whole.earlier.items()}
    assert whole.earlier_title == "Tiny 2024"
    assert found == {
        "t.A.1": ("same", "met"), "t.A.2": ("same", "met"), "t.A.5": ("merged", "not-met"),
        "t.B.2": ("widened", "partly-met"),
    }  # fmt: skip


def test_last_time_means_what_was_submitted(world: World) -> None:
    world.answer("otters", "tiny-2024", {})
    assert world.opened().earlier == {}


def test_an_organisation_that_was_renamed_sees_what_it_said_under_its_old_name(own_world: World) -> None:
    path = own_world.instance.folder / "partnership.yaml"
    line = "lineage:\n  - {from: closed, to: otters, relation: renamed, effective: 2025-01-01}\n"
    path.write_text(path.read_text() + line)
    lay_old = CYCLES["tiny-2024"].replace("[otters, badgers, joint, office]", "[closed]")
    (own_world.instance.folder / "cycles/tiny-2024.yaml").write_text(lay_old)
    own_world.load().open("tiny-2024", THEN_OPENED).open("tiny-2026")
    own_world.returned("closed", "tiny-2024", {"t.A.1": "not-met"})
    assert own_world.opened("otters").earlier["t.A.1"].counts_as == "not-met"
    assert own_world.opened("badgers").earlier == {}


def test_one_standard_is_opened_with_its_own_answers_and_what_its_conditions_look_at(world: World) -> None:
    world.returned("otters", "tiny-2024")
    world.answer("otters", "tiny-2026", {}, gate="yes")
    with reading(world.engine) as connection:
        part = open_return(connection, world.definitions, world.return_of(), "working")
    whole = world.opened()
    items = [i.id for i in whole.questionnaire.sections_by_id["working"].items]
    assert [part.answer(i) for i in items] == [whole.answer(i) for i in items]
    assert [part.asked[i].asked for i in items] == [whole.asked[i].asked for i in items]
    assert {i: part.earlier.get(i) for i in items} == {i: whole.earlier.get(i) for i in items}
    assert part.answer("t.A.1").version == 0


def test_a_condition_that_looks_into_another_standard_is_kept_when_one_standard_is_opened(own_world: World) -> None:
    path = own_world.instance.root / "questionnaires/tiny/2026.yaml"
    text = path.read_text().replace("""enable_when: 't.B.4 == "yes"'""", """enable_when: 't.A.1 == "met"'""")
    path.write_text(text)
    own_world.load().open("tiny-2026").answer("otters", "tiny-2026", {})
    with reading(own_world.engine) as connection:
        part = open_return(connection, own_world.definitions, own_world.return_of(), "working")
        assert part.asked["t.B.5"].asked
        assert cycles.cycle_of(connection, "tiny-2026") is not None
    with writing(own_world.engine):
        pass
