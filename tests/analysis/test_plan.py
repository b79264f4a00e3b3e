"""Are the figures of a promise read as they were typed, and judged only as far as they can tell?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from audit_engine.analysis.plan import Outcome, TypedFigure, in_use, survey_verdict, typed_verdict

FIRST, LAST = date(2025, 3, 31), date(2026, 3, 31)


def figure(id_: int = 1, as_at: date = FIRST, kind: Any = "count", number: int | None = 5, **more: Any) -> TypedFigure:
    return TypedFigure(id_, "o", as_at, kind, number, more.pop("base", None), more.pop("percentage", ""), "s", **more)


def pair(kind: Any, then: tuple[int, int | None], now: tuple[int, int | None]) -> list[TypedFigure]:
    return [figure(1, FIRST, kind, then[0], base=then[1]), figure(2, LAST, kind, now[0], base=now[1])]


def judged(wants: Any, figures: list[TypedFigure]) -> tuple[str, str]:
    found = typed_verdict(Outcome("o", "Words", wants), figures)
    return found.kind, found.sentence


def test_a_figure_prints_with_its_base() -> None:
    assert figure(number=1204).text == "1,204"
    assert figure(kind="share", number=41, base=122).text == "41 of 122 (34%)"
    assert figure(kind="sample", number=None, base=146, percentage="65.8").text == "65.8% of 146"


def test_a_percentage_gives_its_number_where_only_one_can() -> None:
    assert figure(kind="sample", number=None, base=146, percentage="65.8").count == 96
    assert figure(kind="sample", number=None, base=196, percentage="65.1").count is None
    assert figure(kind="share", number=None, base=1000, percentage="50").count is None
    assert figure(kind="share", number=None, base=200, percentage="12.5").value == Fraction(1, 8)


def test_figures_that_were_corrected_or_taken_out_do_not_count() -> None:
    gone = replace(figure(3), withdrawn_at=datetime(2026, 4, 1, tzinfo=UTC), withdrawn_because="Wrong year")
    every = [figure(1, LAST), figure(2, FIRST, replaces=1), gone]
    assert [f.id for f in in_use(every)] == [2]


def test_nothing_typed_and_one_figure_are_told_as_such() -> None:
    assert judged("increase", []) == ("no-figure", "Nobody has typed in a figure yet.")
    assert judged("increase", [figure()]) == (
        "one-figure", "5 on 31 March 2025. A second figure is needed to compare.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "wants, then, now, kind, verb",
    [
        ("increase", 18, 27, "as-wanted", "rose"), ("increase", 27, 18, "otherwise", "fell"),
        ("decrease", 27, 18, "as-wanted", "fell"), ("decrease", 18, 27, "otherwise", "rose"),
        ("increase", 18, 18, "same", "was the same"),
    ],
)  # fmt: skip
def test_the_first_and_the_last_are_compared_with_what_is_wanted(
    wants: str, then: int, now: int, kind: str, verb: str
) -> None:
    found = judged(wants, pair("count", (then, None), (now, None)))
    assert found[0] == kind
    assert f"It {verb}" in found[1]
    assert f"from {then} on 31 March 2025 to {now} on 31 March 2026" in found[1]


def test_shares_are_compared_as_shares_whatever_their_bases() -> None:
    assert judged("decrease", pair("share", (212, 1390), (231, 1600)))[0] == "as-wanted"


def test_a_sample_needs_a_change_that_is_clear_of_chance() -> None:
    unclear = judged("increase", pair("sample", (20, 40), (24, 40)))
    assert unclear[0] == "not-clear"
    assert "There is no clear evidence of change" in unclear[1]
    assert "95% interval" in unclear[1]
    assert judged("increase", pair("sample", (20, 40), (38, 40)))[0] == "as-wanted"
    assert judged("increase", pair("sample", (38, 40), (20, 40)))[0] == "otherwise"


def test_a_sample_whose_numbers_are_not_known_cannot_be_judged() -> None:
    typed = figure(2, LAST, "sample", None, base=1000, percentage="50")
    assert judged("increase", [figure(1, FIRST, "sample", 20, base=40), typed])[0] == "cannot-be-judged"


def test_a_number_and_a_share_are_not_compared() -> None:
    mixed = [figure(1, FIRST, "count", 5), figure(2, LAST, "share", 5, base=10)]
    assert judged("increase", mixed)[0] == "cannot-be-judged"


@pytest.mark.parametrize(
    "wants, number, base, kind",
    [
        ("all", 3, 3, "as-wanted"), ("all", 2, 3, "not-reached"), ("all", 3, None, "cannot-be-judged"),
        ("done", 16, 16, "as-wanted"), ("done", 11, 16, "not-reached"), ("majority", 21, 40, "as-wanted"),
        ("majority", 20, 40, "not-reached"), ("majority", 20, None, "cannot-be-judged"),
        ("keep", 1, None, "as-wanted"), ("keep", 0, None, "otherwise"), ("", 3, None, "not-judged"),
    ],
)  # fmt: skip
def test_a_target_is_judged_by_the_last_figure(wants: str, number: int, base: int | None, kind: str) -> None:
    last = figure(1, LAST, "share" if base else "count", number, base=base)
    assert judged(wants, [last])[0] == kind


@pytest.mark.parametrize(
    "wants, verdict, kind",
    [
        ("increase", "rose", "as-wanted"), ("increase", "fell", "otherwise"), ("decrease", "fell", "as-wanted"),
        ("increase", "may-have-risen", "not-clear"), ("increase", "no-clear-evidence", "not-clear"),
        ("increase", "not-directly-comparable", "cannot-be-judged"), ("", "rose", "not-judged"),
    ],
)  # fmt: skip
def test_a_survey_is_judged_by_the_permitted_verdicts(wants: Any, verdict: str, kind: str) -> None:
    assert survey_verdict(wants, verdict, "Because.").kind == kind
