"""Do different answers merge, and is nothing overwritten that somebody else saved in the meantime?"""

from __future__ import annotations

from audit_engine.response.answers import Answer
from audit_engine.response.merging import merged

A, B = ("a", "", ""), ("b", "", "")


def said(item: str, version: int = 0) -> Answer:
    return Answer(item, commentary=f"version {version}", version=version)


def test_what_nobody_else_changed_is_kept_under_the_next_version() -> None:
    typed = {A: said("a"), B: said("b")}
    came = merged(typed, typed, {A: said("a", 3)}, {A: 3, B: 0})
    assert [(one.item, one.version) for one in came.kept] == [("a", 4), ("b", 1)]
    assert came.versions == {A: 4, B: 1}
    assert came.stale == frozenset()


def test_what_somebody_else_saved_first_is_never_overwritten() -> None:
    typed = {A: said("a"), B: said("b")}
    came = merged(typed, typed, {A: said("a", 4)}, {A: 3, B: 0})
    assert came.stale == {A}
    assert [one.item for one in came.kept] == ["b"]
    assert came.versions == {A: 4, B: 1}


def test_what_was_typed_as_it_stood_keeps_its_version() -> None:
    came = merged({}, {A: said("a")}, {A: said("a", 7)}, {A: 5})
    assert (came.stale, came.kept, came.versions) == (frozenset(), (), {A: 7})
