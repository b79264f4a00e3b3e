"""Are cycles listed by their kind, those that are open first?"""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.services.definitions import Definitions
from audit_engine.services.list_cycles import ListedCycle, cycles_as_text, grouped_cycles, list_cycles
from audit_engine.services.run_cycle import close_cycle
from tests.services.pulse import lay_pulse
from tests.services.tiny import CYCLES, LATER, THEN_OPENED, World, lay
from tests.web.browser import counting
from tests.web.sites import cycle_text

NEXT = CYCLES["tiny-2026"].replace("tiny-2026", "tiny-2030").replace("2026-09-14", "2030-09-14")


# What each group holds: by the questionnaire's name, what it says of itself.
KINDS = {
    "Section 11 audits": {"section-11-of-ours": "kind: audit, respondent: organisation"},
    "Surveys of staff and others": {
        "of-people": "kind: survey, respondent: person",
        "of-organisations": "kind: survey, respondent: organisation",
    },
    "Self-audits of schools and settings": {
        "own": "kind: self-audit, respondent: organisation",
        "in-confidence": "kind: audit, respondent: organisation, anonymity: confidential",
    },
    "Case audits": {"files": "kind: case-audit, respondent: case"},
    "Other audits": {"of-ours": "kind: audit, respondent: organisation"},
}


def text_of(name: str, kind: str) -> str:
    """Return a questionnaire that says this of itself."""
    lines = [f"questionnaire: {name}", 'version: "1"', f"title: {name}", "standing: model content", *kind.split(", ")]
    item = "{id: k.1, type: text, text: What?}"
    return "\n".join([*lines, "sections:", "  - id: all", "    title: All", "    items:", f"      - {item}", ""])


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


def test_the_kind_of_a_questionnaire_decides_the_group_and_section_11_has_its_own(
    tmp_path: Path, engine: Engine
) -> None:
    questionnaires = {name: text_of(name, kind) for names in KINDS.values() for name, kind in names.items()}
    instance = lay(
        tmp_path, questionnaires={f"{name}/1": text for name, text in questionnaires.items()},
        cycles={name: cycle_text(name, "1", cycle=name) for name in questionnaires},
    )  # fmt: skip
    world = World(instance, engine, Library(tmp_path)).load()
    assert {title: sorted(some) for title, some in titles(world).items()} == {
        title: sorted(names) for title, names in KINDS.items()
    }


def test_a_planned_survey_whose_questionnaire_is_gone_is_listed_still(tmp_path: Path, engine: Engine) -> None:
    world = lay_pulse(tmp_path, engine).world
    assert titles(world) == {"Surveys of staff and others": ["pulse-open", "pulse"]}
    shutil.rmtree(tmp_path / "questionnaires/pulse")
    assert titles(world) == {"Other audits": ["pulse-open", "pulse"]}


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
