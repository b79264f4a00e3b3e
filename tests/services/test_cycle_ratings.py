"""Does the table of ratings say of every organisation and criterion exactly what was submitted?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from audit_engine.analysis.ratings import Code, CycleRatings
from audit_engine.services.cycle_ratings import cycle_ratings, organisation_links
from audit_engine.services.run_cycle import CycleRefused, cycle_named, extend
from audit_engine.services.save_answers import Draft
from audit_engine.services.submit import reopen
from audit_engine.storage import partnership
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import CLOSES, DURING, LATER, OPENED, THEN_OPENED, World

NOT_ASKED, UNANSWERED, NOT_APPLICABLE = Code.NOT_ASKED, Code.UNANSWERED, Code.NOT_APPLICABLE
NOT_MET, PARTLY_MET, MET = Code.NOT_MET, Code.PARTLY_MET, Code.MET


def table(world: World, cycle: str = "tiny-2026", **more: object) -> CycleRatings:
    with reading(world.engine) as connection:
        return cycle_ratings(connection, world.definitions, cycle_named(connection, cycle), **more)  # type: ignore[arg-type]


def row(found: CycleRatings, organisation: str, own: bool = False) -> dict[str, Code]:
    at = [o.id for o in found.organisations].index(organisation)
    codes = (found.self_codes if own else found.codes)[at]
    return {item.removeprefix("t."): Code(int(code)) for item, code in zip(found.items, codes, strict=True)}


def marked(found: CycleRatings, name: str) -> list[tuple[str, str]]:
    marks = getattr(found, name)
    return [
        (o.id, item) for r, o in enumerate(found.organisations) for c, item in enumerate(found.items) if marks[r, c]
    ]


def test_each_answer_is_the_code_of_what_it_counts_as(world: World) -> None:
    world.returned("otters", "tiny-2026", {"t.A.1": "partly-met", "t.A.2": "not-met", "t.A.5": "not-applicable"})
    found = table(world)
    assert found.items == ("t.A.1", "t.A.2", "t.A.5", "t.B.2", "t.B.3", "t.B.5")
    assert row(found, "otters") == {
        "A.1": PARTLY_MET, "A.2": NOT_MET, "A.5": NOT_APPLICABLE, "B.2": MET, "B.3": MET, "B.5": NOT_ASKED,
    }  # fmt: skip
    assert (found.cycle, found.title, found.basis, found.area) == ("tiny-2026", "Tiny 2026", "final", None)


def test_what_the_profile_rules_out_is_not_asked(world: World) -> None:
    world.returned("office", "tiny-2026")
    assert row(table(world), "office")["B.3"] is NOT_ASKED


def test_everyone_in_scope_has_a_row_and_who_has_not_submitted_says_nothing(world: World) -> None:
    world.returned("otters", "tiny-2026")
    world.answer("badgers", "tiny-2026", {})
    found = table(world)
    assert [o.id for o in found.organisations] == ["badgers", "joint", "otters", "office"]
    assert found.returned.tolist() == [False, False, True, False]
    assert set(row(found, "badgers").values()) == set(row(found, "joint").values()) == {NOT_ASKED}


def test_a_reopened_return_counts_as_not_returned_until_it_is_submitted_again(world: World) -> None:
    world.returned("otters", "tiny-2026")
    reopen(world.engine, world.return_of().id, "A slip", world.somebody, DURING)
    assert not table(world).returned.any()
    world.save(
        Draft("t.A.1", 1, "not-met", commentary="No", action_what="a", action_who="b", action_by=date(2027, 1, 1))
    )
    world.submit(now=LATER)
    assert row(table(world), "otters")["A.1"] is NOT_MET


def test_what_is_not_required_and_left_empty_is_unanswered(own_world: World) -> None:
    path = own_world.instance.root / "questionnaires/tiny/2026.yaml"
    path.write_text(path.read_text().replace("text: Somebody leads", "text: Somebody leads, required: false"))
    own_world.load().open("tiny-2026")
    items = own_world.opened().questionnaire.items
    own_world.answer("otters", "tiny-2026", {})
    own_world.save(Draft("t.A.1", 1))
    assert not items[0].required
    own_world.submit()
    assert row(table(own_world), "otters")["A.1"] is UNANSWERED


def test_a_criterion_that_another_answer_asks_counts_and_no_longer_when_it_is_taken_back(world: World) -> None:
    world.answer("otters", "tiny-2026", {"t.B.5": "not-met"}, gate="yes")
    world.submit()
    assert row(table(world), "otters")["B.5"] is NOT_MET
    reopen(world.engine, world.return_of().id, "A slip", world.somebody, DURING)
    world.save(Draft("t.B.4", 1, "no"))
    world.submit()
    assert row(table(world), "otters")["B.5"] is NOT_ASKED


def test_an_areas_own_answer_counts_in_that_area_and_nowhere_else(world: World) -> None:
    world.answer("joint", "tiny-2026", {"t.A.1": "met"})
    world.save(Draft("t.A.1", 0, "not-met", area="south", commentary="No team there"), organisation="joint")
    world.submit("joint")
    assert row(table(world), "joint")["A.1"] is MET
    assert row(table(world, area="north"), "joint")["A.1"] is MET
    assert row(table(world, area="south"), "joint")["A.1"] is NOT_MET
    assert row(table(world, area="south"), "joint")["A.2"] is MET


def test_an_areas_figures_hold_the_organisations_that_work_there(world: World) -> None:
    assert [o.id for o in table(world, area="south").organisations] == ["badgers", "joint"]
    assert [o.id for o in table(world, area="north").organisations] == ["joint", "otters", "office"]


def test_an_organisation_in_both_areas_is_counted_once(world: World) -> None:
    world.answer("joint", "tiny-2026", {})
    world.save(Draft("t.A.1", 0, "not-met", area="south", commentary="No"), organisation="joint")
    world.submit("joint")
    found = table(world)
    assert [o.id for o in found.organisations].count("joint") == 1
    assert found.codes.shape == (4, 6)
    assert int((found.codes != NOT_ASKED).sum()) == 5


def test_an_area_answer_taken_back_leaves_the_general_one_standing(world: World) -> None:
    world.answer("joint", "tiny-2026", {})
    world.save(Draft("t.A.1", 0, "not-met", area="south", commentary="No"), organisation="joint")
    world.save(Draft("t.A.1", 1, None, area="south"), organisation="joint")
    world.submit("joint")
    assert row(table(world, area="south"), "joint")["A.1"] is MET


def test_the_panels_rating_is_the_final_one_and_the_organisations_own_is_kept_beside_it(world: World) -> None:
    world.returned("otters", "tiny-2026", {"t.A.2": "not-met"})
    world.panel("otters", "tiny-2026", "t.A.1", "partly-met")
    world.panel("otters", "tiny-2026", "t.A.2", "not-met")
    found = table(world)
    assert (row(found, "otters")["A.1"], row(found, "otters", own=True)["A.1"]) == (PARTLY_MET, MET)
    assert marked(found, "moderated") == [("otters", "t.A.1"), ("otters", "t.A.2")]


def test_self_ratings_know_nothing_of_the_panel(world: World) -> None:
    world.returned("otters", "tiny-2026")
    world.panel("otters", "tiny-2026", "t.A.1", "not-met")
    found = table(world, basis="self")
    assert row(found, "otters")["A.1"] is MET
    assert (found.codes == found.self_codes).all()
    assert not found.moderated.any()


def test_the_panels_rating_of_an_area_counts_in_that_area_alone(world: World) -> None:
    world.returned("joint", "tiny-2026")
    world.panel("joint", "tiny-2026", "t.A.1", "partly-met")
    world.panel("joint", "tiny-2026", "t.A.1", "not-met", area="south")
    codes = [row(table(world, area=a), "joint")["A.1"] for a in (None, "north", "south")]
    assert codes == [PARTLY_MET, PARTLY_MET, NOT_MET]


def test_a_panels_rating_of_a_return_that_is_not_submitted_waits(world: World) -> None:
    world.answer("otters", "tiny-2026", {})
    world.panel("otters", "tiny-2026", "t.A.1", "not-met")
    assert set(row(table(world), "otters").values()) == {NOT_ASKED}


def test_what_was_confirmed_unchanged_is_marked(world: World) -> None:
    world.returned("otters", "tiny-2024")
    world.answer("otters", "tiny-2026", {})
    world.save(Draft("t.A.1", 1, "met", evidence="File", confirmed=True))
    world.submit()
    assert marked(table(world), "confirmed") == [("otters", "t.A.1")]


def test_late_is_marked_and_an_extension_is_not_late(world: World) -> None:
    for organisation in ("otters", "badgers"):
        world.returned(organisation, "tiny-2026")
        reopen(world.engine, world.return_of(organisation).id, "A slip", world.somebody, DURING)
    extend(world.engine, world.return_of("badgers").id, LATER, "A flood", world.somebody, DURING)
    for organisation in ("otters", "badgers"):
        world.submit(organisation, now=LATER)
    found = table(world)
    assert LATER > CLOSES
    assert {o.id: bool(late) for o, late in zip(found.organisations, found.late, strict=True)} == {
        "badgers": False, "joint": False, "office": False, "otters": True,
    }  # fmt: skip


def test_only_some_organisations_may_be_asked_for(world: World) -> None:
    assert [o.id for o in table(world, only=["otters"]).organisations] == ["otters"]


def test_a_cycle_that_was_never_opened_has_no_ratings(own_world: World) -> None:
    own_world.load()
    with pytest.raises(CycleRefused, match="Tiny 2026 has not been opened yet"):
        table(own_world)


def test_the_analysis_knows_an_organisation_as_it_was_when_the_cycle_opened(world: World) -> None:
    found = {o.id: o for o in table(world).organisations}["joint"]
    assert (found.name, found.sector, found.areas) == ("Joint Police", "police", ("north", "south"))
    assert found.facts["direct_work"] is True
    assert found.facts["areas"] == frozenset({"north", "south"})


def test_links_between_organisations_hold_from_the_day_after_the_first_to_the_last(world: World) -> None:
    days = (THEN_OPENED.date(), date(2024, 3, 5), OPENED.date(), date(2026, 9, 15))
    with writing(world.engine) as connection:
        lines = [
            partnership.LineageRow("closed", o, "merged", day, "note")
            for o, day in zip(("otters", "badgers", "joint", "office"), days, strict=True)
        ]
        partnership.keep_lineage(connection, lines)
        found = organisation_links(connection, THEN_OPENED, OPENED)
        assert organisation_links(connection, date(2024, 3, 4), datetime(2026, 9, 14, tzinfo=UTC)) == found
    assert [(one.successor, one.effective) for one in found] == [("badgers", "2024-03-05"), ("joint", "2026-09-14")]
