from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from audit_engine.definition.expressions import (
    Expression,
    ExpressionFault,
    ValueType,
    compile_condition,
    compile_expression,
)
from audit_engine.definition.expressions.value_types import DATE, NUMBER, OTHER, TEXT, TEXTS, YES_NO

TYPES = {
    "s11.OS.6": ValueType("text", {"yes": "Yes", "no": "No", "unsure": "Not sure"}),
    "ss.12": NUMBER,
    "ss.13": NUMBER,
    "osf.6": DATE,
    "osf.9": ValueType("texts", {"grooming": "Grooming", "gaming": "Gaming"}),
    "osf.3": OTHER,
    "osf.14": TEXT,
    "organisation.areas": TEXTS,
    "organisation.direct_work": YES_NO,
    "organisation.sector": ValueType("text", {"police": "Police", "education": "School"}),
}


def compiled(source: str) -> Expression:
    return compile_expression(source, TYPES)


def fault(source: str) -> ExpressionFault:
    with pytest.raises(ExpressionFault) as caught:
        compile_condition(source, TYPES)
    return caught.value


@pytest.mark.parametrize(
    ("source", "values", "expected"),
    [
        ('s11.OS.6 == "yes"', {"s11.OS.6": "yes"}, True),
        ('s11.OS.6 == "yes"', {"s11.OS.6": "no"}, False),
        ('s11.OS.6 != "yes"', {"s11.OS.6": "no"}, True),
        ('s11.OS.6 in ["yes", "unsure"]', {"s11.OS.6": "unsure"}, True),
        ('s11.OS.6 not in ["yes", "unsure"]', {"s11.OS.6": "no"}, True),
        ('"gaming" in osf.9', {"osf.9": ("grooming", "gaming")}, True),
        ('"gaming" not in osf.9', {"osf.9": ("grooming",)}, True),
        ('"kent" in organisation.areas', {"organisation.areas": frozenset({"kent"})}, True),
        ("organisation.direct_work", {"organisation.direct_work": True}, True),
        ("organisation.direct_work", {"organisation.direct_work": "yes"}, True),
        ("not organisation.direct_work", {"organisation.direct_work": "no"}, True),
        ("ss.12 in [1, 2.5]", {"ss.12": Decimal("2.5")}, True),
        ("1 < ss.12 <= 3", {"ss.12": 3}, True),
        ("1 < ss.12 <= 3", {"ss.12": 1}, False),
        ("ss.12 + 2 * ss.13 == 8", {"ss.12": 2, "ss.13": 3}, True),
        ("(ss.12 + 2) * ss.13 == 12", {"ss.12": 2, "ss.13": 3}, True),
        ("ss.12 / 4 == 0.25", {"ss.12": 1}, True),
        ("-ss.12 < 0", {"ss.12": 1}, True),
        ('osf.6 >= "2026-09-14"', {"osf.6": date(2026, 9, 14)}, True),
        ('osf.6 < "2026-09-14"', {"osf.6": date(2026, 9, 14)}, False),
        ("true", {}, True),
        ("false or not false", {}, True),
        ("ss.12 == 1 or ss.13 == 1 and ss.12 == 2", {"ss.12": 1, "ss.13": 5}, True),
        ("answered(osf.3)", {"osf.3": (("row", "yes"),)}, True),
        ("not answered(osf.14)", {"osf.14": ""}, True),
    ],
)
def test_expressions_give_what_they_say(source: str, values: dict[str, object], expected: bool) -> None:
    assert compiled(source).holds(values) is expected


@pytest.mark.parametrize(
    "source",
    [
        's11.OS.6 == "yes"',
        's11.OS.6 != "yes"',
        's11.OS.6 in ["yes"]',
        's11.OS.6 not in ["yes"]',
        '"gaming" in osf.9',
        '"gaming" not in osf.9',
        "ss.12 < 3",
        "ss.12 >= 3",
        "ss.12 != 3",
        "ss.12 == ss.13",
        "ss.12 + 1 > 0",
        'osf.6 != "2026-09-14"',
        "organisation.direct_work",
        "answered(ss.12)",
    ],
)
def test_an_unanswered_value_makes_any_comparison_false(source: str) -> None:
    assert compiled(source).holds({}) is False
    assert compiled(f"not ({source})").holds({}) is True


def test_a_calculation_with_something_unanswered_is_unanswered() -> None:
    assert compiled("ss.12 + ss.13").evaluate({"ss.12": 1}) is None


def test_division_by_nought_is_unanswered_not_an_error() -> None:
    assert compiled("ss.12 / ss.13").evaluate({"ss.12": 1, "ss.13": 0}) is None
    assert compiled("ss.12 / ss.13 > 1").holds({"ss.12": 1, "ss.13": 0}) is False


def test_decimal_fractions_are_exact() -> None:
    assert compiled("ss.12 * 3 == 0.3").holds({"ss.12": Decimal("0.1")})
    assert compiled("ss.12 * 3 == 0.3").holds({"ss.12": 0.1})


def test_a_stored_value_of_the_wrong_kind_counts_as_unanswered() -> None:
    assert not compiled("ss.12 > 1").holds({"ss.12": "many"})
    assert not compiled("ss.12 > 1").holds({"ss.12": True})
    assert not compiled("ss.12 > 1").holds({"ss.12": float("nan")})
    assert not compiled("organisation.direct_work").holds({"organisation.direct_work": "perhaps"})


def test_names_are_known_apart_from_those_only_asked_about() -> None:
    expression = compiled('answered(ss.12) and s11.OS.6 == "yes"')
    assert expression.names == {"ss.12", "s11.OS.6"}
    assert expression.compared == {"s11.OS.6"}


def test_a_name_compared_and_asked_about_counts_as_compared() -> None:
    assert compiled("ss.12 > 1 and answered(ss.12)").compared == {"ss.12"}
    assert compiled("answered(ss.12) and ss.12 > 1").compared == {"ss.12"}


def test_the_names_that_made_a_condition_fail_are_those_of_the_failing_parts() -> None:
    expression = compiled('organisation.direct_work and s11.OS.6 == "yes"')
    values = {"organisation.direct_work": True, "s11.OS.6": "no"}
    assert expression.failing_names(values) == {"s11.OS.6"}
    assert compiled("ss.12 == 1 or ss.13 == 1").failing_names({}) == {"ss.12", "ss.13"}


def test_equal_sources_make_equal_expressions() -> None:
    assert compiled("ss.12 > 1") == compiled("ss.12 > 1")
    assert len({compiled("ss.12 > 1"), compiled("ss.12 > 1"), compiled("ss.12 > 2")}) == 2


@pytest.mark.parametrize(
    ("source", "column", "words"),
    [
        ("", 1, "empty"),
        ("ss.99 > 1", 1, "Did you mean “ss.1"),
        ("ss.12 > 1 and sector", 15, "Nothing called “sector”"),
        ('s11.OS.6 == "Yes"', 13, "has no option “Yes”"),
        ('"yse" == s11.OS.6', 1, "Did you mean “yes”?"),
        ('s11.OS.6 in ["yes", "maybe"]', 21, "has no option “maybe”"),
        ('"knitting" in osf.9', 1, "has no option “knitting”"),
        ('ss.12 > "met"', 1, "cannot be compared"),
        ('s11.OS.6 > "no"', 1, "Only numbers and dates have an order"),
        ('organisation.areas == "kent"', 1, 'Write "kent" in organisation.areas'),
        ('organisation.direct_work == "yes"', 1, "Write it alone"),
        ('ss.12 in ["a"]', 11, "may hold only a number"),
        ("ss.12 in []", 10, "list is empty"),
        ("ss.12 in ss.13", 10, "After “in” write a list"),
        ("osf.9 in organisation.areas", 1, "Text is needed before “in”"),
        ("osf.6 > 3", 1, "cannot be compared"),
        ('osf.6 > "2026-02-30"', 9, "“2026-02-30” is not a date"),
        ("osf.3 == osf.3", 1, "answered(...)"),
        ("ss.12", 1, "A condition is needed"),
        ("ss.12 and true", 1, "A condition is needed here, not a number. Compare it"),
        ("not ss.12", 5, "A condition is needed"),
        ("osf.14 + 1 > 1", 1, "A number is needed"),
        ("ss.12 ** 2 > 1", 1, "Only + - * /"),
        ("ss.12 // 2 > 1", 1, "Only + - * /"),
        ("ss.12 % 2 == 1", 7, "0.75 for 75%"),
        ("+ss.12 > 1", 1, "plus sign"),
        ("ss.12 = 1", 7, "Write =="),
        ("ss.12 > 1 && ss.13 > 1", 11, "“and”"),
        ("!organisation.direct_work", 1, "“not”"),
        ("ss.12 > 1 or", 12, "something is missing after it"),
        ("ss.12 > > 1", 9, "does not read"),
        ("(ss.12 > 1", 10, "never closed"),
        ("ss.12 > 1)", 10, "never opened"),
        ("1) or (1", 2, "never opened"),
        ('s11.OS.6 == "yes', 13, "never closed"),
        ("s11.OS.6 == “yes”", 13, "straight quotation marks"),
        ('s11.OS.6 == "a\\x41"', 13, "never closed"),
        ("answered(3)", 1, "takes the id"),
        ("answered(ss.12, ss.13)", 1, "takes the id"),
        ("answered(true)", 1, "takes the id"),
        ("answered", 1, "Nothing called"),
        ("len(ss.12) > 1", 1, "Nothing can be called but answered"),
        ("True", 1, "Write true"),
        ("ss.12 == None", 10, "not answered"),
        ("ss.12 is 3", 7, "not part of the language"),
        ("ss.12 if true else 3", 7, "not part of the language"),
        ("0123 > ss.12", 1, "begin with 0"),
        ("9999999999999999 > ss.12", 1, "at most 15 figures"),
        ("5km > ss.12", 2, "side by side"),
        ('"a" "b" == osf.14', 5, "side by side"),
        ("ss.12 > 1; ss.13", 10, "The character ;"),
        ("ss\u00b712 > 1", 3, "not part of the language"),
        ("ss.12 > 1\u0000", 10, "U+0000"),
        ("[1, 2]", 1, "only after “in”"),
    ],
)
def test_what_is_refused_says_why_and_where(source: str, column: int, words: str) -> None:
    refused = fault(source)
    assert words in refused.sentence
    assert refused.column == column


@pytest.mark.parametrize(
    "source",
    [
        '__import__("os").system("id")',
        "().__class__.__bases__[0].__subclasses__()",
        "s11.OS.6.__class__",
        "organisation.direct_work.__init__",
        "9**9**9**9",
        '"a" * 1000000000',
        "[x for x in [1]]",
        "lambda: true",
        "(y := 3)",
        "{1: 2}",
        "{1}",
        'f"{ss.12}"',
        'b"a"',
        "ss.12[0]",
        "answered(*ss.12)",
        "answered(x=ss.12)",
        "answered(answered(ss.12))",
        "answered.__globals__",
        "print(1)",
        "...",
        "1j > 2",
        "await ss.12",
        "yield",
        "`id`",
        "@ss.12",
        "# comment",
        "ss.12 > 1 # comment",
        "\ud800",
    ],
)
def test_hostile_expressions_are_refused(source: str) -> None:
    assert fault(source).sentence


def test_size_is_limited_in_characters_brackets_and_parts() -> None:
    assert "500" in fault("ss.12 > 1 or " * 40 + "true").sentence
    assert "20 deep" in fault("(" * 21 + "true" + ")" * 21).sentence
    assert compiled("(" * 20 + "true" + ")" * 20).holds({})
    assert "too many parts" in fault("not " * 110 + "true").sentence
    assert "too many parts" in fault("-" * 120 + "1 > 0").sentence
    assert compiled(" or ".join(["true"] * 60)).holds({})


def test_a_long_sum_is_still_read() -> None:
    assert compiled(" + ".join(["ss.12"] * 55)).evaluate({"ss.12": 2}) == 110


def test_line_breaks_and_blanks_do_not_matter() -> None:
    assert compiled("ss.12 > 1\n  and\tss.13 > 1").holds({"ss.12": 2, "ss.13": 2})
    assert compiled("  true ").holds({})


def test_a_calculation_may_give_yes_or_no_or_text() -> None:
    assert compiled("ss.12 > 1").type.kind == "yes-no"
    assert compiled("osf.14").type.kind == "text"
    assert compiled("ss.12 + 1").type.kind == "number"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('s11.OS.6 == "yes"', "<s11.OS.6> is Yes"),
        ('s11.OS.6 != "unsure"', "<s11.OS.6> is not Not sure"),
        ('s11.OS.6 in ["yes", "unsure"]', "<s11.OS.6> is Yes or Not sure"),
        ('s11.OS.6 not in ["yes", "unsure"]', "<s11.OS.6> is none of Yes or Not sure"),
        ('s11.OS.6 not in ["yes"]', "<s11.OS.6> is not Yes"),
        ('"gaming" in osf.9', "<osf.9> includes Gaming"),
        ('"kent" not in organisation.areas', "<organisation.areas> does not include “kent”"),
        ("ss.12 >= 3 and ss.13 < 2", "<ss.12> is at least 3 and <ss.13> is less than 2"),
        ("ss.12 > 3 and (ss.13 < 2 or true)", "<ss.12> is more than 3 and (<ss.13> is less than 2 or always)"),
        ("1 <= ss.12 <= 3", "1 is at most <ss.12> and <ss.12> is at most 3"),
        ("organisation.direct_work", "<organisation.direct_work>: yes"),
        ("not organisation.direct_work", "<organisation.direct_work>: not yes"),
        ("answered(osf.3)", "<osf.3> is answered"),
        ("not answered(osf.3)", "<osf.3> is not answered"),
        ("not (ss.12 == 1)", "it is not so that (<ss.12> is 1)"),
        ("ss.12 + 2 * ss.13 > 0.5", "<ss.12> plus (2 times <ss.13>) is more than 0.5"),
        ("-ss.12 / 2 < 1", "minus <ss.12> over 2 is less than 1"),
    ],
)
def test_conditions_read_in_plain_english(source: str, words: str) -> None:
    assert compiled(source).in_words(lambda name: f"<{name}>") == words


def test_a_yes_no_fact_reads_in_its_own_phrase() -> None:
    phrases = {"yes": "you work with children", "no": "you do not work with children"}
    types = {"organisation.direct_work": ValueType("yes-no", phrases)}
    assert compile_expression("organisation.direct_work", types).in_words(str) == "you work with children"
    assert compile_expression("not organisation.direct_work", types).in_words(str) == "you do not work with children"


@pytest.mark.parametrize(
    ("source", "reach"),
    [
        ('s11.OS.6 == "yes"', "sometimes"),
        ('s11.OS.6 == "yes" and s11.OS.6 == "no"', "never"),
        ('s11.OS.6 == "yes" and not answered(s11.OS.6)', "never"),
        ('s11.OS.6 in ["yes", "no", "unsure"] or not answered(s11.OS.6)', "always"),
        ('s11.OS.6 in ["yes", "no", "unsure"]', "sometimes"),
        ("ss.12 > 3 and ss.12 < 2", "never"),
        ("ss.12 > 2 and ss.12 < 3", "sometimes"),
        ("ss.12 >= 2 and ss.12 <= 2", "sometimes"),
        ("ss.12 > -2 and ss.12 < -1", "sometimes"),
        ('osf.6 > "2026-01-01" and osf.6 < "2025-01-01"', "never"),
        ('"gaming" in osf.9 and "gaming" not in osf.9', "never"),
        ('"gaming" in osf.9 and "grooming" in osf.9', "sometimes"),
        ('"kent" in organisation.areas and "medway" in organisation.areas', "sometimes"),
        ('osf.14 == "a" and osf.14 != "a"', "never"),
        ("organisation.direct_work and not organisation.direct_work", "never"),
        ("ss.12 + 1 > ss.12", "unknown"),
        ("ss.12 > ss.13 and ss.13 > ss.12", "never"),
        ("true", "always"),
    ],
)
def test_dead_conditions_are_found(source: str, reach: str) -> None:
    assert compiled(source).reach()[0] == reach


def test_no_verdict_is_given_on_a_condition_too_wide_to_try() -> None:
    source = " or ".join(f"ss.{n} == 1" for n in range(20, 32))
    types = {f"ss.{n}": NUMBER for n in range(20, 32)}
    assert compile_expression(source, types).reach() == ("unknown", 0)
