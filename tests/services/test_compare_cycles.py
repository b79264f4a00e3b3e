"""Does a comparison say the same from the stored answers, as values, as text and as CSV?"""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from typing import Any

import pytest

from audit_engine.analysis.change import Comparison, Filters
from audit_engine.analysis.comparison_json import as_json
from audit_engine.services.compare_cycles import compare_cycles
from audit_engine.services.definitions import NotOpened
from audit_engine.services.export_cycle import STARTS_A_FORMULA
from audit_engine.services.find_results import find_results
from audit_engine.services.run_cycle import CycleRefused, cycle_named
from audit_engine.services.save_answers import Draft
from audit_engine.services.show_comparison import COLUMNS, MOVEMENT, as_csv, as_text
from audit_engine.storage.engine import reading
from tests.services.tiny import DURING, World

KEYS = ("matched", "counts", "gained", "lost", "net", "widened_narrowed", "reconciliation", "measures", "not_compared")


@pytest.fixture
def returned(world: World) -> World:
    """Three organisations returned both times; what each said is in the table below.

              A.1 then, now        A.2 then, now       A.3 A.4 -> A.5          B.2 then, now
    otters    not met, met         met, met            met, not met -> met     met, partly met
    badgers   met, not met         met, met            met, met     -> met     not met, met
    joint     not met, met         partly met, met     met, met     -> not met met, met
    """
    then = {
        "otters": {"t.A.1": "not-met", "t.A.4": "not-met"},
        "badgers": {"t.B.2": "not-met"},
        "joint": {"t.A.1": "not-met", "t.A.2": "partly-met"},
    }
    now = {"otters": {"t.B.2": "partly-met"}, "badgers": {"t.A.1": "not-met"}, "joint": {"t.A.5": "not-met"}}
    for organisation in then:
        world.returned(organisation, "tiny-2024", then[organisation])
        world.returned(organisation, "tiny-2026", now[organisation])
    return world


def compared(world: World, basis: Any = "final", **filters: str) -> Comparison:
    with reading(world.engine) as connection:
        return compare_cycles(connection, world.definitions, "tiny-2024", "tiny-2026", Filters(**filters), basis)


def moved(comparison: Comparison) -> tuple[int, int, int, int, int]:
    one = comparison.headline
    return one.pairs, one.met_then, one.met_now, one.gained, one.lost


def test_the_headline_counts_same_questions_answered_by_the_same_organisations(returned: World) -> None:
    found = compared(returned)
    assert moved(found) == (6, 3, 5, 3, 1)
    assert (found.gained, found.lost, found.net) == (3, 1, 2)
    assert found.matched.organisations == 3


def test_widened_and_merged_questions_stay_out_of_the_headline(returned: World) -> None:
    found = compared(returned)
    widened = found.widened_narrowed.total
    assert (widened.pairs, widened.met_then, widened.met_now, widened.gained, widened.lost) == (3, 2, 2, 1, 1)
    (bridge,) = found.bridged
    assert (bridge.relation, bridge.old, bridge.new) == ("merged", ("t.A.3", "t.A.4"), ("t.A.5",))
    assert (bridge.weakest.met_then, bridge.weakest.met_now, bridge.weakest.gained, bridge.weakest.lost) == (2, 2, 1, 1)


def test_who_returned_once_is_in_no_pair(returned: World) -> None:
    returned.returned("office", "tiny-2026")
    assert moved(compared(returned)) == (6, 3, 5, 3, 1)


@pytest.mark.parametrize(
    "filters, expected",
    [
        ({"area": "south"}, (4, 2, 3, 2, 1)),
        ({"area": "north"}, (4, 1, 4, 3, 0)),
        ({"sector": "police"}, (2, 0, 2, 2, 0)),
        ({"standard": "leading"}, (6, 3, 5, 3, 1)),
        ({"standard": "working"}, (0, 0, 0, 0, 0)),
        ({"tag": "sharing"}, (3, 1, 2, 2, 1)),
        ({"area": "south", "sector": "education"}, (2, 2, 1, 0, 1)),
    ],
)
def test_filters_narrow_the_comparison(
    returned: World, filters: dict[str, str], expected: tuple[int, int, int, int, int]
) -> None:
    assert moved(compared(returned, **filters)) == expected


def test_an_areas_comparison_uses_the_areas_own_answers(returned: World) -> None:
    from audit_engine.services.submit import reopen

    reopen(returned.engine, returned.return_of("joint").id, "A slip", returned.somebody, DURING)
    returned.save(Draft("t.A.1", 0, "not-met", area="south", commentary="Not there"), organisation="joint")
    returned.submit("joint")
    assert moved(compared(returned, area="south")) == (4, 2, 2, 1, 1)
    assert moved(compared(returned, area="north")) == (4, 1, 4, 3, 0)
    assert moved(compared(returned)) == (6, 3, 5, 3, 1)


def test_the_panels_rating_counts_in_final_and_not_in_self(returned: World) -> None:
    returned.panel("otters", "tiny-2026", "t.A.1", "not-met")
    assert moved(compared(returned)) == (6, 3, 4, 2, 1)
    assert moved(compared(returned, "self")) == (6, 3, 5, 3, 1)


def test_the_reconciliation_adds_up(returned: World) -> None:
    returned.returned("office", "tiny-2026")
    found = compared(returned).reconciliation
    assert found.met_then + sum(line.net for line in found.lines) == found.met_now


def test_json_has_the_keys_that_others_build_on(returned: World) -> None:
    found = json.loads(json.dumps(as_json(compared(returned))))
    assert set(KEYS) <= set(found)
    assert (found["gained"], found["lost"], found["net"]) == (3, 1, 2)
    assert found["widened_narrowed"]["net"] == 0
    assert {c["new"] for c in found["widened_narrowed"]["criteria"]} == {"t.B.2"}


def test_the_same_answers_give_the_same_json_every_time(returned: World) -> None:
    assert json.dumps(as_json(compared(returned))) == json.dumps(as_json(compared(returned)))


def rows(comparison: Comparison) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(as_csv(comparison))))


def test_csv_agrees_with_json(returned: World) -> None:
    found = compared(returned)
    plain: Any = as_json(found)
    listed = rows(found)
    assert tuple(listed[0]) == COLUMNS

    def counts(table: str, identity: str = "") -> dict[str, int]:
        (row,) = (r for r in listed if r["table"] == table and r["id"] == identity)
        return {name: int(row[name]) for name in MOVEMENT}

    def of(movement: Any) -> dict[str, int]:
        return {name: movement[name] for name in MOVEMENT}

    assert counts("headline") == of(plain["matched"])
    for one in plain["by_criterion"]:
        assert counts("by criterion", one["new"]) == of(one)
    for group in plain["by_standard"]:
        assert counts("by standard", group["id"]) == of(group)
    for one in plain["widened_narrowed"]["criteria"]:
        assert counts("widened or narrowed", one["new"]) == of(one)
    for one in plain["by_organisation"]:
        assert counts("by organisation", one["id"]) == of(one)
    assert {r["table"] for r in listed} >= {"headline", "by standard", "by criterion", "by organisation", "measure"}


def test_text_agrees_with_json(returned: World) -> None:
    found = compared(returned)
    plain: Any = as_json(found)
    text = as_text(found)
    assert text.startswith("Tiny 2026 compared with Tiny 2024, final ratings\n")
    for sentence in plain["sentences"]:
        assert sentence in text
    assert f"Met in Tiny 2024: {plain['reconciliation']['met_then']}\n" in text
    assert f"Met in Tiny 2026: {plain['reconciliation']['met_now']}\n" in text
    assert re.search(r"^Leading +6 +3 +5 +3 +1 +\+2$", text, re.MULTILINE)
    assert "Dropped: B.1" in text


def test_text_names_the_filters(returned: World) -> None:
    assert "Only: area south, sector education\n" in as_text(compared(returned, area="south", sector="education"))


def test_an_empty_comparison_can_be_written_in_every_way(world: World) -> None:
    found = compared(world)
    assert moved(found) == (0, 0, 0, 0, 0)
    assert as_text(found) and as_json(found)
    assert len(rows(found)) > 1


def test_no_cell_of_the_csv_starts_a_formula(own_world: World) -> None:
    path = own_world.instance.root / "questionnaires/tiny/2026.yaml"
    path.write_text(
        path.read_text().replace("text: Somebody leads", "text: '=1+1'").replace("title: Leading", "title: '@SUM(1)'")
    )
    own_world.load().open("tiny-2024").open("tiny-2026")
    for row in rows(compared(own_world)):
        assert not [c for c in row.values() if c.startswith(STARTS_A_FORMULA) and not re.fullmatch(r"-?\d+", c)]


@pytest.mark.parametrize(
    "filters, sentence",
    [
        ({"area": "west"}, "No area is called “west”. There are: north, south."),
        ({"sector": "army"}, "No sector is called “army”. There are: police, education."),
        ({"standard": "resting"}, "No standard is called “resting”. There are: leading, working."),
        ({"tag": "fun"}, "No tag is called “fun”. There are: sharing."),
    ],
)
def test_a_filter_that_names_nothing_is_refused_with_what_there_is(
    world: World, filters: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CycleRefused) as refusal:
        compared(world, **filters)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "baseline, cycle, sentence",
    [
        ("tiny-2026", "tiny-2024", "Swap them"),
        ("tiny-2024", "tiny-2024", "cannot be compared with itself"),
        ("tiny-1999", "tiny-2026", "no cycle called “tiny-1999”. Cycles: tiny-2026, tiny-2024"),
        ("tiny-2024", "tiny-2099", "no cycle called “tiny-2099”"),
    ],
)
def test_cycles_that_cannot_be_compared_say_why(world: World, baseline: str, cycle: str, sentence: str) -> None:
    with reading(world.engine) as connection, pytest.raises(CycleRefused, match=sentence):
        compare_cycles(connection, world.definitions, baseline, cycle, Filters())


def test_a_cycle_that_was_never_opened_cannot_be_compared(own_world: World) -> None:
    own_world.load()
    with pytest.raises(CycleRefused, match="Tiny 2026 has not been opened yet"):
        compared(own_world)
    own_world.open("tiny-2026")
    with pytest.raises((CycleRefused, NotOpened), match="has not been opened yet"):
        compared(own_world)


def test_versions_that_do_not_continue_one_another_are_not_compared(own_world: World) -> None:
    path = own_world.instance.root / "questionnaires/tiny/2026.yaml"
    alone = re.sub(r",?\s*lineage: \{[^}]*\}", "", path.read_text()).replace('continues: "2024"\n', "")
    path.write_text(alone.split("retired:")[0])
    own_world.load().open("tiny-2024").open("tiny-2026")
    with pytest.raises(CycleRefused, match="does not continue tiny@2024"):
        compared(own_world)


def test_what_pages_and_reports_say_of_a_cycle_holds_the_same_comparison(returned: World) -> None:
    with reading(returned.engine) as connection:
        cycle = cycle_named(connection, "tiny-2026")
        found = find_results(connection, returned.definitions, cycle, Filters(), DURING)
    assert found.comparison is not None
    assert as_json(found.comparison) == as_json(compared(returned))
    part = found.participation
    assert (part.returned, part.in_scope) == (3, 4)


def test_a_first_cycle_has_findings_without_a_comparison(returned: World) -> None:
    with reading(returned.engine) as connection:
        cycle = cycle_named(connection, "tiny-2024")
        assert find_results(connection, returned.definitions, cycle, Filters(), DURING).comparison is None
