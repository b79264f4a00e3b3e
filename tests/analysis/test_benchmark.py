"""Does a setting learn where it stands, and never more than the size of its cohort allows?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from audit_engine.analysis.benchmark import (
    Entrant,
    Frozen,
    Measure,
    alt_text,
    freeze,
    grades_in_place,
    measure,
    own_text,
    sentences,
    worth_publishing,
)
from audit_engine.analysis.benchmark_values import Cohort, Place
from audit_engine.definition.questionnaire import Option
from tests.analysis.by_hand import VECTORS

VECTOR = {v["name"]: v for v in VECTORS}
STRENGTH = (
    Option("embedded", "Embedded", Decimal(3)), Option("in-place", "In place", Decimal(2)),
    Option("developing", "Developing", Decimal(1)), Option("not-yet", "Not yet", Decimal(0)),
    Option("not-applicable", "Not applicable", counts_as="not-applicable"),
)  # fmt: skip
MEALS = (
    Option("always", "Always", Decimal(3), "met"), Option("mostly", "Mostly", Decimal(2), "partly-met"),
    Option("never", "Never", Decimal(0), "not-met"),
)  # fmt: skip


def entrant(number: int, in_place: int, of: int = 100, *, kind: str = "primary", owner: str = "") -> Entrant:
    return Entrant(number, kind, frozenset([owner or f"owner {number}"]), {"a": Measure(in_place, of, 0)})


def cohort_of(values: Sequence[int]) -> tuple[Frozen, Cohort]:
    """Freeze a cohort of settings, each with a share in per cent."""
    frozen = freeze([entrant(n, value) for n, value in enumerate(values)])
    return frozen, frozen.cohorts[0]


def said(frozen: Frozen, number: int) -> str:
    return " ".join(sentences(frozen.places[number][0], frozen.cohorts[0]))


# --- the figures -------------------------------------------------------------------


def test_a_cohort_of_twelve_has_the_quartiles_of_the_vector() -> None:
    vector = VECTOR["benchmark_12_settings"]
    frozen, cohort = cohort_of(vector["input"]["values"])
    for name in ("n", "q1", "median", "q3"):
        assert getattr(cohort, name) == pytest.approx(vector["expected"][name]), name
    own = vector["input"]["values"].index(vector["input"]["own"])
    assert frozen.places[own][0].band == "middle", "a tie at a quartile belongs to the middle half"


def test_of_five_settings_nothing_is_kept_though_it_could_be_worked_out() -> None:
    _, cohort = cohort_of(VECTOR["benchmark_5_settings_math_only"]["input"]["values"])
    assert cohort == Cohort("primary", "a", 5, "too-few")


@pytest.mark.parametrize(
    ("n", "shows", "median", "quartiles", "percentile"),
    [(5, "too-few", False, False, False), (6, "median", True, False, False), (11, "median", True, False, False),
     (12, "quartiles", True, True, False), (19, "quartiles", True, True, False), (20, "percentile", True, True, True)],
)  # fmt: skip
def test_what_is_shown_grows_with_the_cohort(
    n: int, shows: str, median: bool, quartiles: bool, percentile: bool
) -> None:
    frozen, cohort = cohort_of([3 * k for k in range(n)])
    assert cohort.shows == shows
    assert (cohort.median is not None, cohort.q1 is not None, cohort.q3 is not None) == (median, quartiles, quartiles)
    places = [frozen.places[k][0] for k in range(n)]
    assert all((place.band is not None) is quartiles for place in places)
    assert all((place.percentile is not None) is percentile for place in places)


def test_bands_are_quarters_with_the_ties_in_the_middle() -> None:
    frozen, cohort = cohort_of([10, 20, 30, 40, 50, 60, 70, 80, 90, 91, 92, 93, 94])
    bands = [frozen.places[k][0].band for k in range(13)]
    assert (cohort.q1, cohort.q3) == (40, 91)
    assert bands == ["lower"] * 3 + ["middle"] * 7 + ["upper"] * 3


def test_a_percentile_is_rounded_to_five_and_nobody_is_told_to_be_first_or_last() -> None:
    frozen, _ = cohort_of(list(range(40)))
    found = [frozen.places[k][0].percentile for k in range(40)]
    assert found[0] == 5 and found[-1] == 95
    assert found[20] == 50  # mid-rank 51.25
    assert all(p is not None and p % 5 == 0 for p in found)


def test_a_value_on_an_interpolated_quartile_is_not_thrown_out_by_its_last_digit() -> None:
    thirds = [Entrant(n, "primary", frozenset([str(n)]), {"a": Measure(k, 3, 0)}) for n, k in enumerate([1, 2, 3] * 4)]
    frozen = freeze(thirds)
    assert frozen.cohorts[0].q1 == pytest.approx(100 / 3)
    assert {p[0].band for p in frozen.places.values() if p[0].own == "shown"} <= {"middle"}


# --- when nothing is shown -------------------------------------------------------------


def test_nothing_is_shown_where_most_settings_gave_the_same_answer() -> None:
    frozen, cohort = cohort_of([0, *[50] * 12, 100])
    assert cohort == Cohort("primary", "a", 14, "alike")
    assert said(frozen, 0) == "Most similar settings gave the same answer."


def test_nothing_is_shown_where_one_trust_has_more_than_half() -> None:
    trust = [entrant(n, 7 * n, owner="trust") for n in range(7)]
    others = [entrant(n, 7 * n) for n in range(7, 14)]
    assert freeze([*trust, *others]).cohorts[0].shows == "quartiles", "exactly half is not more than half"
    one_more = freeze([*trust, *others[1:]])
    assert one_more.cohorts[0].shows == "owners"
    assert "same trust or group" in said(one_more, 0)


def test_three_owners_are_the_least() -> None:
    two = [entrant(n, 8 * n, owner="ab"[n % 2]) for n in range(12)]
    assert freeze(two).cohorts[0].shows == "owners"
    assert freeze([*two[:11], entrant(11, 99, owner="c")]).cohorts[0].shows == "quartiles"


def test_settings_that_share_any_mark_have_one_owner() -> None:
    """A trust that sets up schools under several names still has one office, or one mailbox."""
    chain = [frozenset({f"mark {n}", f"mark {n + 1}"}) for n in range(7)]
    joined = [Entrant(n, "primary", marks, {"a": Measure(9 * n, 100, 0)}) for n, marks in enumerate(chain)]
    rest = [entrant(n, 7 * n) for n in range(7, 13)]
    assert freeze([*joined, *rest]).cohorts[0].shows == "owners"


def test_kinds_of_settings_are_never_put_together() -> None:
    frozen = freeze([*(entrant(n, 9 * n) for n in range(5)), *(entrant(n, n, kind="special") for n in range(5, 10))])
    assert {(c.kind, c.n, c.shows) for c in frozen.cohorts} == {("primary", 5, "too-few"), ("special", 5, "too-few")}


def test_a_setting_to_which_fewer_than_five_statements_apply_sees_nothing_of_the_others() -> None:
    few = Entrant(99, "primary", frozenset(["own"]), {"a": Measure(4, 4, 0)})
    frozen = freeze([*(entrant(n, 6 * n) for n in range(12)), few])
    assert frozen.places[99] == (Place("primary", "a", 4, 4, "few-statements"),)
    assert "Fewer than five" in " ".join(sentences(frozen.places[99][0], frozen.cohorts[0]))
    assert alt_text(frozen.places[99][0], frozen.cohorts[0]) == ""


def test_a_section_left_half_blank_stands_beside_nobody_and_counts_for_nobody() -> None:
    half = Entrant(99, "primary", frozenset(["own"]), {"a": Measure(5, 5, 5)})
    frozen = freeze([*(entrant(n, 6 * n) for n in range(12)), half])
    assert frozen.cohorts[0].n == 12
    assert frozen.places[99][0].own == "unanswered"


@pytest.mark.parametrize(
    ("applicable", "unanswered", "enough"),
    [(8, 1, True), (8, 2, False), (18, 2, True), (17, 2, False), (0, 1, False), (0, 0, False)],
)
def test_one_blank_does_not_keep_a_section_out_and_more_only_up_to_one_in_ten(
    applicable: int, unanswered: int, enough: bool
) -> None:
    assert Measure(0, applicable, unanswered).says_enough is enough


def test_it_is_not_worth_publishing_what_nobody_could_see() -> None:
    assert not worth_publishing([entrant(n, 9 * n) for n in range(5)])
    assert worth_publishing([entrant(n, 9 * n) for n in range(6)])


# --- what counts, and in which words ----------------------------------------------------


def test_grades_in_place_are_those_that_mean_met_or_lie_in_the_upper_half() -> None:
    assert grades_in_place(MEALS) == {"always"}
    assert grades_in_place(STRENGTH) == {"embedded", "in-place"}


def test_what_does_not_apply_is_in_no_share_and_what_has_no_grade_is_counted_apart() -> None:
    counts = {"embedded": 2, "in-place": 3, "developing": 1, "not-yet": 1, "not-applicable": 4, "": 2}
    assert measure(counts, STRENGTH) == Measure(5, 7, 2)


def test_what_is_said_holds_the_base_the_median_and_the_band() -> None:
    frozen, cohort = cohort_of([3 * k for k in range(20)])
    place = frozen.places[19][0]
    assert own_text(place) == "57 of 100 (57%)"
    assert said(frozen, 19) == (
        "The median of 20 similar settings is 29%. The middle half of them lies between 14% and 43%; you are in the "
        "upper quarter. Your percentile, to the nearest five, is 95."
    )
    assert alt_text(place, cohort) == (
        "Own value 57%; cohort median 29%; middle half 14% to 43%; 20 settings. Position: in the upper quarter."
    )


def test_nothing_that_is_said_names_a_rank_a_best_or_an_end() -> None:
    for n in (6, 12, 20, 40):
        frozen, cohort = cohort_of([2 * k for k in range(n)])
        for number in range(n):
            words = said(frozen, number) + alt_text(frozen.places[number][0], cohort)
            assert not any(
                w in words.lower() for w in ("best", "worst", "highest", "lowest", "rank", "minimum", "maximum")
            )
    assert own_text(Place("primary", "a", 0, 0)) == "no statement with a grade"
