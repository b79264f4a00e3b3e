"""Does a text say of which kind it is, in the words with which it would be read whole?"""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_engine.definition.headline import Headline, headline_of
from audit_engine.definition.library import Library

ROOT = Path(__file__).parents[2]


def test_every_shipped_questionnaire_says_the_same_as_when_it_is_read_whole() -> None:
    library = Library(ROOT)
    for name, version in library.names():
        whole, found = library.load(name, version), library.headline(name, version)
        assert found is not None
        assert (found.kind, found.respondent) == (whole.kind, whole.respondent), name
        assert found.is_of_settings == (
            whole.kind == "self-audit" or (whole.kind == "audit" and whole.anonymity == "confidential")
        ), name


@pytest.mark.parametrize(
    "text, found",
    [
        ("questionnaire: a\nkind: survey\nrespondent: person\n", Headline("survey", "person")),
        ('kind: "audit"  # as ever\nanonymity: confidential\n', Headline("audit", anonymity="confidential")),
        ("introduction: |\n  kind: survey\nkind: audit\n", Headline("audit")),
        ("{questionnaire: a, kind: survey}", None),
        ("", None),
    ],
)
def test_only_keys_of_the_file_itself_are_looked_at(text: str, found: Headline | None) -> None:
    assert headline_of(text) == found


def test_a_version_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert Library(tmp_path).headline("none", "2026") is None
