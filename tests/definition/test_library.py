from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from audit_engine.definition.faults import FaultyDefinition
from audit_engine.definition.library import Library, UnknownQuestionnaire
from tests.definition.small import FACTS_TEXT, SMALL, changed
from tests.definition.versions import text


@pytest.fixture
def library(tmp_path: Path) -> Library:
    put(tmp_path, "facts.yaml", FACTS_TEXT)
    put(tmp_path, "small/2.yaml", SMALL)
    put(tmp_path, "v/1.yaml", text("1", {"v.1": ""}))
    put(tmp_path, "v/2.yaml", text("2", {"v.1": "relation: same"}, continues="1"))
    put(tmp_path, "v/10.yaml", text("10", {"v.1": "relation: same"}, continues="2"))
    return Library(tmp_path)


def put(root: Path, name: str, content: str | bytes) -> Path:
    path = root / "questionnaires" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_version_is_loaded_by_id_and_label(library: Library) -> None:
    assert library.load("small", "2").title == "Small audit"
    assert library.named("v@10").continues == "2"
    assert [q.name for q in library.all()] == ["small@2", "v@1", "v@2", "v@10"]


def test_versions_are_in_the_order_a_person_would_give_them(library: Library) -> None:
    assert library.versions("v") == ("1", "2", "10")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("smal@2", "There is no questionnaire “smal”. There are small and v. Did you mean “small”?"),
        ("small@3", "There is no version “3” of small. There are 2."),
        ("small", "names no version. Write it as section-11@2026."),
        ("../../etc@passwd", "There is no questionnaire “../../etc”."),
        ("small@../v/1", "There is no version “../v/1” of small."),
    ],
)
def test_what_is_not_there_is_told_with_what_is(library: Library, name: str, words: str) -> None:
    with pytest.raises(UnknownQuestionnaire) as caught:
        library.named(name)
    assert words in str(caught.value)


def test_a_faulty_version_is_refused_with_its_first_fault(library: Library, tmp_path: Path) -> None:
    put(tmp_path, "small/2.yaml", changed(("kind: audit", "kind: adit")))
    with pytest.raises(FaultyDefinition, match=r"small@2 has one fault.*questionnaires/small/2.yaml:4:7 kind"):
        library.load("small", "2")


def test_a_text_is_read_once_and_again_when_it_changes(library: Library, tmp_path: Path) -> None:
    first = library.load("small", "2")
    assert library.load("small", "2") is first
    put(tmp_path, "small/2.yaml", changed(("Small audit", "Other audit")))
    assert library.load("small", "2").title == "Other audit"


def test_a_version_is_read_again_when_the_one_before_it_changes(library: Library, tmp_path: Path) -> None:
    assert library.load("v", "2")
    put(tmp_path, "v/1.yaml", text("1", {"v.1": "", "v.2": ""}))
    with pytest.raises(FaultyDefinition, match=r"“v\.2” of version 1 is neither carried nor retired"):
        library.load("v", "2")


def test_a_version_is_read_again_when_the_facts_change(library: Library, tmp_path: Path) -> None:
    put(tmp_path, "small/2.yaml", changed(("tags: [one]", "applies_when: organisation.direct_work")))
    assert library.load("small", "2")
    put(tmp_path, "facts.yaml", "facts: {other: {type: text, label: Other}}")
    with pytest.raises(FaultyDefinition, match=r"organisation\.direct_work"):
        library.load("small", "2")


def test_faulty_facts_are_told(library: Library, tmp_path: Path) -> None:
    put(tmp_path, "facts.yaml", "facts: 3")
    with pytest.raises(FaultyDefinition, match=r"facts\.yaml has one fault"):
        library.load("small", "2")


def test_versions_that_continue_one_another_are_refused(library: Library, tmp_path: Path) -> None:
    put(tmp_path, "v/1.yaml", text("1", {"v.1": "relation: same"}, continues="2"))
    with pytest.raises(FaultyDefinition, match="continue one another"):
        library.load("v", "2")


def test_a_fault_in_the_earlier_version_is_told_once_at_continues(library: Library, tmp_path: Path) -> None:
    put(tmp_path, "v/1.yaml", "questionnaire: v")
    reading = library.reading(library.path_of("v", "2"))
    assert len(reading.faults) == 1
    assert "Version 1 has faults of its own" in reading.faults[0].sentence


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("small/3.yaml", "The file is called “3” and the version “2”."),
        ("other/2.yaml", "The folder is called “other” and the questionnaire “small”."),
    ],
)
def test_a_file_lies_where_its_id_and_version_say(library: Library, tmp_path: Path, name: str, words: str) -> None:
    reading = library.reading(put(tmp_path, name, SMALL))
    assert [words in fault.sentence for fault in reading.faults] == [True]


def test_a_file_elsewhere_is_read_with_the_versions_beside_it(library: Library, tmp_path: Path) -> None:
    elsewhere = tmp_path / "drafts"
    elsewhere.mkdir()
    (elsewhere / "1.yaml").write_text(text("1", {"v.7": ""}))
    draft = elsewhere / "draft.yaml"
    draft.write_text(text("2", {"v.7": "relation: same"}, continues="1"))
    assert library.reading(draft).faults == ()
    (elsewhere / "1.yaml").unlink()
    assert any("There is no item “v.7” in version 1" in fault.sentence for fault in library.reading(draft).faults)


def test_a_stored_definition_is_read_without_its_ancestors(library: Library) -> None:
    stored = text("99", {"v.1": "relation: same"}, continues="98")
    assert library.read_stored(stored).version == "99"
    assert library.read_stored(stored) is library.read_stored(stored)
    with pytest.raises(FaultyDefinition, match="the stored definition has"):
        library.read_stored("questionnaire: v")


def test_a_huge_file_is_not_read_to_its_end(library: Library, tmp_path: Path) -> None:
    reading = library.reading(put(tmp_path, "small/2.yaml", b"a" * 10_000_000))
    assert "larger than 4 MB" in reading.faults[0].sentence


def test_an_empty_root_has_no_questionnaires_and_no_facts(tmp_path: Path) -> None:
    empty = Library(tmp_path)
    assert empty.names() == ()
    assert empty.facts.facts == ()
    with pytest.raises(UnknownQuestionnaire, match="The folder questionnaires holds none"):
        empty.load("small", "2")


def test_marshmallow_is_imported_only_when_a_file_is_read() -> None:
    script = """
import sys
from audit_engine.definition import applicability, calculated, checker, difference, grades, library, lineage, schema
print("marshmallow" in sys.modules)
"""
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
