from __future__ import annotations

import tracemalloc
from decimal import Decimal
from typing import Any

import pytest
import yaml

from audit_engine.definition import loading
from audit_engine.definition.faults import MOST_FAULTS, FaultLog, TooManyFaults
from audit_engine.definition.loading import Loaded, Unloadable, decoded, loaded


def load(raw: str | bytes) -> Loaded:
    log = FaultLog("t.yaml")
    file = loaded(decoded(raw, log), log)
    assert not log.faults
    return file


def refusals(raw: str | bytes) -> list[str]:
    log = FaultLog("t.yaml")
    try:
        loaded(decoded(raw, log), log)
    except Unloadable:
        assert log.faults
    return [str(fault) for fault in log.faults]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("3", 3),
        ("-3", -3),
        ("0.75", Decimal("0.75")),
        ("0.50", Decimal("0.50")),
        ("1e5", "1e5"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        ("2026-11-01", "2026-11-01"),
        (".5", ".5"),
        (".inf", ".inf"),
        ("=", "="),
        ("'3'", "3"),
        ('"true"', "true"),
        ("9999999999999999999999", "9999999999999999999999"),
        ("١", "١"),
    ],
)
def test_plain_values_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    value = load(f"a: {written}").values["a"]
    assert value == meant
    assert type(value) is type(meant)


def test_keys_are_always_text() -> None:
    assert load("1: a\nyes: b\nnull: c").values == {"1": "a", "yes": "b", "null": "c"}


@pytest.mark.parametrize("raw", [b"a: 1\r\nb: no\r\n", b"\xef\xbb\xbfa: 1\nb: no\n", "\ufeffa: 1\nb: no"])
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(raw: str | bytes) -> None:
    assert load(raw).values == {"a": 1, "b": "no"}


def test_every_value_and_key_knows_its_line_and_column() -> None:
    file = load("a: 1\nb:\n  - x: {y: 2}\n  - [3,  4]\n")
    assert file.place(("a",)) == (1, 4)
    assert file.place(("b",), of_key=True) == (2, 1)
    assert file.place(("b", 0, "x", "y")) == (3, 12)
    assert file.place(("b", 0, "x"), of_key=True) == (3, 5)
    assert file.place(("b", 1, 1)) == (4, 10)


def test_what_is_missing_stands_where_its_nearest_parent_does() -> None:
    file = load("a: 1\nb:\n  - x: 1\n")
    assert file.place(("b", 0, "missing")) == (3, 5)
    assert file.place(("b", 7, "missing")) == (3, 3)
    assert file.place(("none", 1)) == (1, 1)


def test_a_character_in_a_text_on_one_line_has_its_own_place() -> None:
    file = load("a: abc def\nb: 'abc def'\nc: >-\n  abc\n  def\n")
    assert file.place_in(("a",), "abc def", 5) == (1, 8)
    assert file.place_in(("b",), "abc def", 5) == (2, 9)
    assert file.place_in(("c",), "abc def", 5) == (3, 4)


def test_a_path_names_the_innermost_id() -> None:
    file = load("sections: [{id: one, items: [{id: s11.IS.3, scale: met}]}]")
    assert file.where(("sections", 0, "items", 0, "scale")) == "sections[0].items[0].scale (s11.IS.3)"
    assert file.where(("sections", 0, "title")) == "sections[0].title (one)"
    assert file.where(("title",)) == "title"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", "t.yaml:1:1 The file is empty"),
        ("# only a comment\n", "t.yaml:1:1 The file is empty"),
        ("just words", "t.yaml:1:1 The file must hold keys and values"),
        ("- a\n- b", "t.yaml:1:1 The file must hold keys and values"),
        ("a: 1\nb: 2\na: 3", "t.yaml:3:1 a: The key “a” stands here a second time; the first is in line 1."),
        ("a: &x 1\nb: 2", "t.yaml:1:4 The anchor &x is not read"),
        ("a: *x", "t.yaml:1:4 The alias *x is not read"),
        ("*x : 1", "t.yaml:1:1 The alias *x is not read"),
        ("<<: {a: 1}", "t.yaml:1:1 Merging with << is not read"),
        ("a: !!python/object/apply:os.system ['id']", "t.yaml:1:4 The tag !!python/object/apply:os.system is not read"),
        ("a: !include secret.yaml", "t.yaml:1:4 The tag !include is not read"),
        ("!!map {a: 1}", "t.yaml:1:1 The tag"),
        ("? [a]\n: 1", "t.yaml:1:3 A key must be a word"),
        ("? {a: 1}\n: 1", "t.yaml:1:3 A key must be a word"),
        ("a: 1\n---\nb: 2", "t.yaml:2:1 A second document begins here"),
        ("%TAG !a! x\n---\na: 1", "t.yaml:1:1 A line may not begin with %"),
        ("a: b: c", "t.yaml:1:5 A colon is not expected here"),
        ("a: [1, 2\nb: 3", "t.yaml:2:2 A comma or a closing bracket is missing"),
        ("a: 'one\n", "t.yaml:2:1 The file ends inside a quoted text"),
        ("\ta: 1", "t.yaml:1:1 No value begins with this character"),
        ("a:\n  - 1\n b: 3", "t.yaml:3:2 This line does not fit those above it"),
        ("a: @b", "t.yaml:1:4 No value begins with this character"),
        ('a: "\\q"', "t.yaml:1:5 A backslash in double quotes"),
        ('a: "\\0"', "t.yaml:1:4 A character stands here, written with a backslash"),
        ('"\\x07": 1', "t.yaml:1:1 A character stands here, written with a backslash"),
        (b"a: \xff\xfe", "t.yaml:1:4 The file is not UTF-8 text"),
        ("a: 1".encode("utf-16"), "t.yaml:1:1 The file is not UTF-8 text"),
        (b"PK\x03\x04 a Word file", "t.yaml:1:3 The character U+0003 cannot stand in a text file"),
        ("a: 1\nb: x\x00y", "t.yaml:2:5 The character U+0000"),
        ("a: \ud800", "t.yaml:1:4 The character U+D800"),
    ],
)
def test_what_is_not_read_is_refused_with_its_place(raw: str | bytes, expected: str) -> None:
    assert refusals(raw)[0].startswith(expected)


def test_several_faults_of_loading_are_told_at_once() -> None:
    found = refusals("a: &x 1\nb: *x\nc: !t 3\nc: 4\n")
    assert [line.split(" ")[0] for line in found] == ["t.yaml:1:4", "t.yaml:2:4", "t.yaml:3:4", "t.yaml:4:1"]


def test_more_than_two_hundred_faults_are_not_told() -> None:
    log = FaultLog("t.yaml")
    with pytest.raises(TooManyFaults):
        loaded("\n".join(["a: &x 1"] + ["b: *x"] * 900), log)
    assert len(log.faults) == MOST_FAULTS + 1
    assert "more than 199 faults" in log.faults[-1].sentence


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
@pytest.mark.parametrize("depth", [41, 2_000, 100_000])
def test_deep_nesting_is_refused_however_deep(opening: str, depth: int) -> None:
    found = refusals(opening * depth)
    assert any("nested more than 40 deep" in told or "A key must be a word" in told for told in found)


def test_forty_levels_are_read() -> None:
    file = load("{a: " * 40 + "1" + "}" * 40)
    value: Any = file.values
    for _ in range(40):
        value = value["a"]
    assert value == 1


def test_a_billion_laughs_is_refused_without_laughing() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    tracemalloc.start()
    log = FaultLog("t.yaml")
    with pytest.raises(Unloadable):
        loaded("\n".join(lines), log)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert log.faults[0].sentence.startswith("The anchor &a0")


@pytest.mark.parametrize("raw", [b"a" * 10_000_000, "a: b\n" * 2_000_000])
def test_ten_megabytes_are_refused(raw: str | bytes) -> None:
    assert refusals(raw) == ["t.yaml:1:1 The file is larger than 4 MB. No questionnaire is; split it."]


def test_too_many_values_lists_too_long_and_too_many_keys_are_refused() -> None:
    assert "200,000 values" in refusals("\n".join(f"a{n}: [" + "1," * 4_900 + "]" for n in range(45)))[0]
    assert "more than 5,000 entries" in refusals("a: [" + "1," * 5_001 + "]")[0]
    assert "more than 5,000 keys" in refusals("\n".join(f"k{n}: 1" for n in range(5_001)))[0]


def test_the_parser_written_in_python_gives_the_same_values_and_places(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: yes\nb:\n  - {c: 'x y', d: 0.5}\n  - >-\n    folded\n    text\n"
    by_c = load(text)
    monkeypatch.setattr(loading, "_LOADER", yaml.SafeLoader)
    by_python = load(text)
    assert by_python.values == by_c.values
    for path in (("a",), ("b", 0, "c"), ("b", 0, "d"), ("b", 1)):
        assert by_python.place(path) == by_c.place(path)
    assert refusals("[" * 100_000)[0].endswith("None needs that.")
    assert refusals("a: b: c")[0].startswith("t.yaml:1:5 A colon is not expected here")
