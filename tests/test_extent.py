"""Does every test run, and every test of a database on each kind of database, whatever a run leaves out?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from audit_engine.definition.library import Library
from tests.conftest import DATABASES, ROOT
from tests.extent import later_cases
from tests.remembered import Remembered
from tests.services.tiny import lay


def test_every_test_of_a_database_runs_on_each_kind_that_is_asked_for(request: pytest.FixtureRequest) -> None:
    if request.config.option.keyword:
        pytest.skip("only some tests were asked for")
    kinds: dict[str, set[str]] = defaultdict(set)
    for item in request.session.items:
        parameters = getattr(item, "callspec", None) and item.callspec.params
        if parameters and "database_kind" in parameters:
            kinds[item.nodeid.partition("[")[0]].add(parameters["database_kind"])
    asked = set(DATABASES[request.config.getoption("--database")])
    assert [test for test, found in kinds.items() if found != asked] == []


@dataclass(frozen=True)
class Case:
    """What of a test's run decides whether it is left out."""

    nodeid: str
    marks: frozenset[str]

    @property
    def path(self) -> Path:
        return ROOT / self.nodeid.partition("::")[0]

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


@pytest.mark.parametrize(
    "file, mark, left",
    [
        ("tests/web/test_x.py", "", ["b", "c"]),
        ("tests/web/self_audit/test_x.py", "", ["b", "c"]),
        ("tests/web/test_x.py", "every_case", []),
        ("tests/services/test_x.py", "", []),
        ("tests/services/test_x.py", "first_case", ["b", "c"]),
    ],
)
def test_an_everyday_run_leaves_only_later_cases_on_postgresql(file: str, mark: str, left: list[str]) -> None:
    runs = [
        Case(f"{file}::{test}[{kind}-{case}]", frozenset({mark} | ({"postgres"} if kind == "postgresql" else set())))
        for test in ("test_one", "test_two") for kind in ("sqlite", "postgresql") for case in "abc"
    ]  # fmt: skip
    found = [run.nodeid for run in later_cases(runs)]  # type: ignore[arg-type]
    assert found == [f"{file}::{test}[postgresql-{case}]" for test in ("test_one", "test_two") for case in left]


def test_a_text_is_read_again_when_an_earlier_version_is_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read = Remembered()
    monkeypatch.setattr("audit_engine.definition.reader.read_questionnaire", read.read)
    first, second = (Library(lay(tmp_path / name).root).load("tiny", "2026") for name in "ab")
    assert first is second
    then = tmp_path / "b/questionnaires/tiny/2024.yaml"
    then.write_text(then.read_text().replace("t.B.1", "t.B.9"))
    reading = Library(tmp_path / "b").reading(tmp_path / "b/questionnaires/tiny/2026.yaml")
    assert any("t.B.1" in str(fault) for fault in reading.faults)
