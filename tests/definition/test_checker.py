from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit_engine.definition.checker import Report, check
from audit_engine.definition.library import Library
from tests.definition.small import FACTS_TEXT, SMALL, changed

ROOT = Path(__file__).parents[2]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    put(tmp_path, "facts.yaml", FACTS_TEXT)
    put(tmp_path, "small/2.yaml", SMALL)
    return Library(tmp_path)


def put(root: Path, name: str, content: str) -> Path:
    path = root / "questionnaires" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def lines(report: Report) -> list[str]:
    return list(report.lines())


def example(gives: str, answers: str = "{t.1: met, t.2: yes}", facts: str = "{}") -> str:
    return SMALL + f"examples:\n  - {{title: One case, facts: {facts}, answers: {answers}, gives: {gives}}}\n"


def test_a_sound_library_is_sound(library: Library) -> None:
    report = check([], library)
    assert report.is_sound
    assert lines(report) == ["2 files checked: no faults, no warnings."]


def test_what_ships_is_sound_and_its_examples_come_true() -> None:
    assert check([], Library(ROOT)).faults == ()


def test_faults_of_all_files_are_told_at_once(library: Library, tmp_path: Path) -> None:
    first = put(tmp_path, "small/2.yaml", changed(("kind: audit", "kind: adit")))
    put(tmp_path, "other/1.yaml", "[")
    report = check([first, tmp_path / "questionnaires" / "other", tmp_path / "gone.yaml"], library)
    assert [str(fault).split(" ")[0] for fault in report.faults] == [
        "gone.yaml:1:1",
        "questionnaires/small/2.yaml:4:7",
        "questionnaires/other/1.yaml:2:1",
    ]
    assert lines(report)[-1] == "2 files checked: 3 faults, no warnings."


def test_the_report_is_json_too(library: Library, tmp_path: Path) -> None:
    put(tmp_path, "small/2.yaml", changed(("kind: audit", "kind: adit")))
    found = json.loads(json.dumps(check([], library).as_json()))
    assert (found["ok"], found["files"], found["warnings"]) == (False, 2, [])
    assert {key: found["faults"][0][key] for key in ("path", "line", "column", "where", "level")} == {
        "path": "questionnaires/small/2.yaml",
        "line": 4,
        "column": 7,
        "where": "kind",
        "level": "fault",
    }


def test_faulty_facts_stop_the_check_of_questionnaires(library: Library, tmp_path: Path) -> None:
    put(tmp_path, "facts.yaml", "facts: 3")
    assert [fault.path for fault in check([], library).faults] == ["questionnaires/facts.yaml"]


@pytest.mark.parametrize(
    "gives",
    [
        "{grade: {first: met}, met: 1, partly_met: 0, not_met: 0, applicable: 1, unanswered: 0, not_applicable: 0}",
        "{points: 2, asked: [t.1, t.2], not_asked: [], problems: 0, failed_checks: [], values: {t.2: 'Yes'}}",
    ],
)
def test_an_example_that_comes_true_is_no_fault(library: Library, tmp_path: Path, gives: str) -> None:
    put(tmp_path, "small/2.yaml", example(gives))
    assert check([], library).faults == ()


@pytest.mark.parametrize(
    ("gives", "words"),
    [
        ("{grade: {first: partly-met}}", "the grade of first should be partly-met, but is met."),
        ("{met: 2}", "met should be 2, but is 1."),
        ("{points: 3}", "the points should be 3, but are 2."),
        ("{not_asked: [t.1]}", "t.1 should not be asked."),
        ("{values: {t.2: 'No'}}", "t.2 should come to “No”, but comes to “Yes”."),
        ("{problems: 1}", "1 answers should be refused, but 0 are."),
    ],
)
def test_an_example_that_does_not_come_true_is_a_fault_at_its_line(
    library: Library, tmp_path: Path, gives: str, words: str
) -> None:
    put(tmp_path, "small/2.yaml", example(gives))
    (fault,) = check([], library).faults
    assert (fault.line, fault.where) == (30, "examples[0]")
    assert fault.sentence == f"“One case”: {words}"


def test_an_answer_in_an_example_that_is_refused_is_a_fault(library: Library, tmp_path: Path) -> None:
    put(tmp_path, "small/2.yaml", example("{met: 0}", answers="{t.1: splendid}"))
    assert "the answer is refused (t.1: “splendid” is not one of the choices" in check([], library).faults[0].sentence


def test_ids_that_belong_to_another_questionnaire_are_a_fault(library: Library, tmp_path: Path) -> None:
    put(tmp_path, "zebra/1.yaml", changed(("questionnaire: small", "questionnaire: zebra"), ('"2"', '"1"')))
    found = check([], library).faults
    assert [fault.path for fault in found] == ["questionnaires/zebra/1.yaml"] * 2
    assert found[0].sentence == "The id “t.1” belongs to small. Give each questionnaire ids of its own."
    assert found[0].line == 16


VIEW = "staff_view: [{survey: staff-survey, item: ss.1, consistent: ['yes']}]"


def test_instruments_that_are_not_there_yet_are_one_warning_each(library: Library, tmp_path: Path) -> None:
    twice = f"{VIEW}\n      - {{id: t.3, type: rating, scale: met, text: A, guidance: B, {VIEW}}}"
    put(
        tmp_path,
        "small/2.yaml",
        changed(("tags: [one]", twice), ("text: Is there more?", "text: More?\n        opens: follow-up")),
    )
    report = check([], library)
    assert report.is_sound
    assert [warning.sentence for warning in report.warnings] == [
        "There is no questionnaire “staff-survey” yet; 2 items point to it.",
        "There is no questionnaire “follow-up” yet; 1 item points to it.",
    ]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("{id: ss.1, type: yes-no-unsure, text: A}", []),
        ("{id: ss.2, type: yes-no-unsure, text: A}", ["There is no question “ss.1” in staff-survey."]),
        (
            "{id: ss.1, type: single-choice, text: A, options: [{id: often, label: O}, {id: never, label: N}]}",
            ["“ss.1” has no answer “yes”. It has often and never."],
        ),
    ],
)
def test_what_staff_are_asked_must_be_there(library: Library, tmp_path: Path, item: str, expected: list[str]) -> None:
    survey = "questionnaire: staff-survey\nversion: '1'\ntitle: S\nkind: survey\nrespondent: person\nanonymity: named\n"
    put(tmp_path, "staff-survey/1.yaml", survey + f"sections: [{{id: a, title: A, items: [{item}]}}]\n")
    put(tmp_path, "small/2.yaml", changed(("tags: [one]", VIEW)))
    assert [warning.sentence for warning in check([], library).warnings] == expected


@pytest.mark.parametrize(
    ("mirrors", "fault", "warning"),
    [
        ("[t.1]", "", ""),
        ("[t.1, x.3, x.4]", "", "There is no questionnaire with ids “x. ...” yet; 2 mirrors point to it."),
        ("[t.11]", "There is no item “t.11” to mirror, in any version. Did you mean “t.1”?", ""),
        ("[m.2]", "“m.2” is of this questionnaire itself. Mirror items of another.", ""),
    ],
)
def test_what_an_item_mirrors_must_be_there(
    library: Library, tmp_path: Path, mirrors: str, fault: str, warning: str
) -> None:
    items = f"[{{id: m.1, type: text, text: A, mirrors: {mirrors}}}, {{id: m.2, type: text, text: B}}]"
    head = "questionnaire: mirror\nversion: '1'\ntitle: M\nkind: audit\nrespondent: organisation\n"
    put(tmp_path, "mirror/1.yaml", head + f"sections: [{{id: a, title: A, items: {items}}}]\n")
    report = check([], library)
    assert [found.sentence for found in report.faults] == ([fault] if fault else [])
    assert [found.sentence for found in report.warnings] == ([warning] if warning else [])


@pytest.mark.parametrize(
    ("gives", "words"),
    [
        ("{scored: {t.2: correct}}", "t.2 should be “correct”, but is “not scored”."),
        ("{duties: [t.2]}", "the duties should be t.2, but are none."),
        ("{wording: {t.2: Is there?}}", "t.2 should be worded “Is there?”, but is worded “Is there more?”."),
        ("{repeats: {'1': {values: {t.2: 'No'}}}}", "1: t.2 should come to “No”, but comes to “Yes”."),
    ],
)
def test_an_example_is_held_to_the_later_keys_too(library: Library, tmp_path: Path, gives: str, words: str) -> None:
    put(tmp_path, "small/2.yaml", example(gives).replace("facts:", "day: 2026-06-01, facts:"))
    (fault,) = check([], library).faults
    assert fault.sentence == f"“One case”: {words}"
