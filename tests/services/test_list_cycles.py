"""Are cycles listed by their kind, those that are open first?"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.definition.headline import Headline
from audit_engine.services.definitions import Definitions
from audit_engine.services.list_cycles import (
    GROUPS,
    ListedCycle,
    _group_of,
    cycles_as_text,
    grouped_cycles,
    list_cycles,
)
from audit_engine.services.run_cycle import close_cycle
from tests.services.pulse import lay_pulse
from tests.services.tiny import CYCLES, LATER, THEN_OPENED, World
from tests.web.browser import counting

NEXT = CYCLES["tiny-2026"].replace("tiny-2026", "tiny-2030").replace("2026-09-14", "2030-09-14")


def titles(world: World) -> dict[str, list[str]]:
    found = grouped_cycles(world.engine, Definitions(world.library))
    return {group.title: [c.facts.id for c in group.cycles] for group in found}


def test_a_survey_of_people_stands_apart_from_the_audits(tmp_path: Path, engine: Engine) -> None:
    found = titles(lay_pulse(tmp_path, engine).open().world)
    assert "pulse" in found["Surveys of staff and others"]
    assert not [c for title, some in found.items() for c in some if "pulse" in c and title[:7] != "Surveys"]


def test_open_audits_come_first_then_planned_then_closed_and_in_each_the_newest(own_world: World) -> None:
    own_world.load().open("tiny-2024", THEN_OPENED).open("tiny-2026")
    (own_world.instance.folder / "cycles/tiny-2030.yaml").write_text(NEXT.replace("2098-12-19", "2098-12-20"))
    own_world.load()
    assert titles(own_world) == {"Other audits": ["tiny-2026", "tiny-2024", "tiny-2030"]}
    close_cycle(own_world.engine, "tiny-2026", None, LATER)
    assert titles(own_world) == {"Other audits": ["tiny-2024", "tiny-2030", "tiny-2026"]}


def test_kinds_are_asked_of_the_database_once(world: World) -> None:
    definitions = Definitions(world.library)
    grouped_cycles(world.engine, definitions)
    with counting(world.engine) as seen:
        grouped_cycles(world.engine, definitions)
    assert len(seen.statements) == 3


@pytest.mark.parametrize(
    "questionnaire, group", [("tiny", "Other audits"), ("section-11-of-ours", "Section 11 audits")]
)
def test_an_audit_of_section_11_has_its_own_heading(questionnaire: str, group: str) -> None:
    assert GROUPS[_group_of(questionnaire, Headline("audit", "organisation"))] == group


@pytest.mark.parametrize(
    "kind, respondent, anonymity, group",
    [("self-audit", "organisation", "", "settings"), ("audit", "organisation", "confidential", "settings"),
     ("case-audit", "case", "", "cases"), ("survey", "person", "", "surveys"),
     ("survey", "organisation", "", "surveys")],
)  # fmt: skip
def test_the_kind_decides_the_group(kind: str, respondent: str, anonymity: str, group: str) -> None:
    assert _group_of("any", Headline(kind, respondent, anonymity)) == group


def test_a_line_for_people_keeps_its_columns_apart_however_long_a_name_is(own_world: World) -> None:
    text = NEXT.replace("tiny-2030", "a-name-of-a-cycle-that-is-quite-long")
    (own_world.instance.folder / "cycles/long.yaml").write_text(text.replace("2098-12-19", "2098-12-20"))
    own_world.load().open("tiny-2024", THEN_OPENED)
    lines = cycles_as_text(own_world.engine, Definitions(own_world.library))
    assert {line.split()[1] for line in lines} == {"planned", "open"}
    assert len({line.index("closes ") for line in lines}) == 1


def test_settings_are_not_said_to_keep_away_from_what_they_begin_for_themselves(world: World) -> None:
    one = list_cycles(world.engine)[0]
    nobody = ListedCycle(one.facts, {})
    assert nobody.returned_text() == "nobody takes part yet"
    assert nobody.returned_text(of_settings=True) == "settings begin it for themselves"
    assert ListedCycle(one.facts, {}, 1).returned_text() == "1 reply"
