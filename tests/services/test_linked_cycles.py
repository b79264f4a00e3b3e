"""Are three audits linked from the stored answers, and the same by page and command line?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from audit_engine.analysis.chaining import ThreeCycles
from audit_engine.analysis.change import Filters
from audit_engine.cli import main
from audit_engine.services.compare_cycles import linked_cycles
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.storage.engine import reading
from tests.services.tiny import CYCLES, THEN, THEN_OPENED, World, lay

EARLY_OPENED = datetime(2022, 3, 7, 9, tzinfo=UTC)
EARLY = THEN.replace('"2024"', '"2022"').replace("audit 2024", "audit 2022")
MIDDLE = THEN.replace('version: "2024"', 'version: "2024"\ncontinues: "2022"').replace(
    "type: rating, ", "type: rating, lineage: {relation: same}, "
)
FIRST_CYCLE = """
cycle: tiny-2022
title: Tiny 2022
questionnaire: tiny
version: "2022"
opens: 2022-03-07 09:00
closes: 2022-05-31 17:00
organisations: [otters, badgers, joint]
"""
DURING = {
    f"tiny-{year}": datetime(year, month, 5, 12, tzinfo=UTC) for year, month in ((2022, 4), (2024, 4), (2026, 10))
}
NAMES = ("tiny-2022", "tiny-2024", "tiny-2026")


@pytest.fixture
def three(own_world: World) -> World:
    """Three organisations returned all three times; A.1 was met by none, then by one, then by all."""
    lay(
        own_world.instance.root,
        cycles={**CYCLES, "tiny-2022": FIRST_CYCLE},
        questionnaires={"tiny/2022": EARLY, "tiny/2024": MIDDLE},
    )
    own_world.load().open("tiny-2022", EARLY_OPENED).open("tiny-2024", THEN_OPENED).open("tiny-2026")
    for cycle, met in (("tiny-2022", ()), ("tiny-2024", ("otters",)), ("tiny-2026", ("otters", "badgers", "joint"))):
        for organisation in ("otters", "badgers", "joint"):
            said = {} if organisation in met else {"t.A.1": "not-met"}
            own_world.answer(organisation, cycle, said, now=DURING[cycle])
            own_world.submit(organisation, cycle, now=DURING[cycle])
    return own_world


def linked(world: World, names: tuple[str, str, str] = NAMES, **filters: str) -> ThreeCycles:
    with reading(world.engine) as connection:
        return linked_cycles(connection, world.definitions, names, Filters(**filters))


def test_each_link_stands_on_its_own_pairs_and_the_ends_on_what_stayed_the_same(three: World) -> None:
    found = linked(three)
    assert [(link.met1, link.met2, link.pairs) for link in found.linked.links] == [(15, 16, 18), (4, 6, 6)]
    direct = found.direct.headline
    assert (direct.met_then, direct.met_now, direct.pairs) == (3, 6, 6)


def test_the_command_line_prints_the_three_and_adds_them_to_its_values(three: World) -> None:
    def told(style: str) -> str:
        url = three.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        place = ["--root", str(three.instance.root), "--instance", "tiny", "compare", "tiny-2024", "tiny-2026"]
        found = CliRunner().invoke(
            main, [*place, "--through", "tiny-2022", "--format", style], env={"DATABASE_URL": url},
            catch_exceptions=False,
        )  # fmt: skip
        assert found.exit_code == 0, found.output
        return found.stdout

    plain: Any = json.loads(told("json"))
    text = told("text")
    assert [link["pairs"] for link in plain["linked"]["links"]] == [18, 6]
    for sentence in plain["linked"]["sentences"]:
        assert sentence in text


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("tiny-2024", "tiny-2022", "tiny-2026"), "not before"),
        (("tiny-2022", "tiny-2026", "tiny-2026"), "does not continue"),
    ],
)
def test_audits_that_do_not_follow_one_another_are_not_linked(
    three: World, names: tuple[str, str, str], reason: str
) -> None:
    with pytest.raises(CycleRefused, match=reason):
        linked(three, names)


def test_a_filter_that_names_nothing_is_refused(three: World) -> None:
    with pytest.raises(CycleRefused, match="No standard is called"):
        linked(three, standard="nowhere")
