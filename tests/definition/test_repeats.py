from __future__ import annotations

from audit_engine.definition.calculated import failed_checks
from audit_engine.definition.repeats import resolved_by_repeat
from tests.definition.small import changed, sound

THEMES = """\
  - id: themes
    title: Themes
    repeat: {min: 0, max: 3, label: Theme}
    items:
      - {id: t.3, type: yes-no-unsure, text: Seen before?}
      - {id: t.4, type: number, text: "How often?", enable_when: t.3 == "yes" and t.2 == "yes"}
      - {id: t.5, type: calculated, text: Twice, calculate: 2 * t.4}
checks: [{id: few, holds: t.4 < 10, message: So many?}]
"""
QUESTIONNAIRE = sound(changed(("grades:", THEMES + "grades:")))
ANSWERS: dict[tuple[str, str], object] = {
    ("t.2", ""): "yes",
    ("t.3", "1"): "yes",
    ("t.4", "1"): 4,
    ("t.3", "2"): "no",
    ("t.4", "2"): 9,
}


def test_conditions_in_a_repeat_see_its_own_answers_and_what_is_asked_once() -> None:
    found = resolved_by_repeat(QUESTIONNAIRE, {}, ANSWERS)
    assert list(found) == ["", "1", "2"]
    assert [found[repeat].asked["t.4"].asked for repeat in ("", "1", "2")] == [False, True, False]
    assert [found[repeat].values["t.5"] for repeat in ("", "1", "2")] == [None, 8, None]
    assert found["1"].values["t.2"] == "yes"


def test_what_is_asked_once_knows_of_no_repeat() -> None:
    found = resolved_by_repeat(QUESTIONNAIRE, {}, {**ANSWERS, ("t.3", ""): "yes", ("t.2", "1"): "no"})
    assert found[""].values.get("t.3") is None
    assert [one.values["t.2"] for one in found.values()] == ["yes", "yes", "yes"]


def test_a_check_on_a_section_that_repeats_is_judged_in_each() -> None:
    found = resolved_by_repeat(QUESTIONNAIRE, {}, {**ANSWERS, ("t.4", "1"): 11})
    failed = {repeat: [c.id for c in failed_checks(QUESTIONNAIRE, one.values)] for repeat, one in found.items()}
    assert failed == {"": [], "1": ["few"], "2": []}


def test_the_section_says_how_often() -> None:
    repeat = QUESTIONNAIRE.repeating["t.4"].repeat
    assert repeat is not None
    assert (repeat.minimum, repeat.maximum, repeat.label) == (0, 3, "Theme")
    assert "t.2" not in QUESTIONNAIRE.repeating
