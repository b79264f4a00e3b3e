"""Does a published figure come out as it was published, and is it said politely where it does not?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis.published import Change, Said, Share, Split, Twice, Waves, plausible_counts
from audit_engine.analysis.rounding import half_up, percent

KNOWN: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "data" / "published.yaml").read_text("utf-8"))


@pytest.mark.parametrize("share", KNOWN["shares"], ids=lambda s: f"{s['percent']} of {s['of']}")
def test_a_percentage_stands_for_these_counts_and_no_others(share: dict[str, Any]) -> None:
    found = plausible_counts(share["percent"], share["of"])
    assert list(found.counts) == share["counts"]
    assert found.elsewhere == (tuple(share["nearest"]) if "nearest" in share else None)


def test_a_percentage_that_cannot_be_is_said_politely_with_one_that_can() -> None:
    assert plausible_counts("65.1", 196).sentence == (
        "65.1% cannot come from 196 answers: 127 would be 64.8% and 128 would be 65.3%. "
        "127 of 195 would give it. Perhaps not everybody answered this question."
    )


@pytest.mark.parametrize(
    "given_percent, n, sentence",
    [("65.8", 146, "65.8% of 146 is 96."), ("99", 457, "99% of 457 is 451, 452, 453 or 454."),
     ("5", 1042, "5% of 1,042 is any number from 47 to 57."),
     ("40", 0, "40% needs the number of people that it is of."),
     ("33", 2, "33% cannot come from 2 answers: 0 would be 0% and 1 would be 50%. 1 of 3 would give it. "
               "Perhaps not everybody answered this question."),
     ("100.5", 10, "100.5% cannot come from 10 answers: 10 would be 100.0%. Perhaps not everybody answered this "
                   "question.")],
)  # fmt: skip
def test_what_a_percentage_can_stand_for_is_said_in_words(given_percent: str, n: int, sentence: str) -> None:
    assert plausible_counts(given_percent, n).sentence == sentence


@pytest.mark.parametrize("typed", ["half", "", "1e3", "65,1", "Infinity", "٣"])
def test_what_is_no_percentage_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match="is no percentage"):
        plausible_counts(typed, 10)


def test_a_percentage_may_be_typed_with_its_sign() -> None:
    assert plausible_counts(" 65.8 % ", 146) == plausible_counts("65.8", 146)


@given(st.integers(1, 3000), st.integers(0, 2), st.data())
def test_a_percentage_of_real_people_is_always_plausible(n: int, places: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, n))
    assert x in plausible_counts(str(half_up(percent(x, n), places)), n).counts


@pytest.mark.parametrize(
    "whole, parts, fits, sentence",
    [
        (366, (14, 158, 82, 95, 17), True, "14 + 158 + 82 + 95 + 17 = 366: the parts add up."),
        (122, (41, 61), False, "41 + 61 = 102, so 20 of the 122 are in none of the parts."),
        (10, (6, 7), False, "6 + 7 = 13, which is 3 more than 10. Perhaps some are counted twice."),
    ],
)
def test_parts_that_do_not_add_up_say_so(whole: int, parts: tuple[int, ...], fits: bool, sentence: str) -> None:
    found = Split(whole, parts).recomputed()
    assert (found.fits, found.sentence) == (fits, sentence)


def test_a_change_is_worked_out_from_its_numbers_or_back_to_the_one_before() -> None:
    assert Change("-60", 4, 10).recomputed().sentence == "From 10 to 4 is −60%, which is what was published."
    wrong = Change("14.5", 42100, 36000).recomputed()
    assert (wrong.fits, wrong.sentence) == (
        False,
        "From 36,000 to 42,100 is +16.9%, where +14.5% was published.",
    )
    assert Change("14.5", 42100).recomputed().sentence == (
        "+14.5% to 42,100 means that it was about 36,769 before (between 36,753 and 36,785)."
    )


def test_two_numbers_for_one_thing_are_held_together() -> None:
    assert Twice((41699, 42100)).recomputed().sentence == (
        "41,699 and 42,100 stand for the same thing and differ by 401."
    )
    assert Twice((7, 7)).recomputed().fits is True


def test_two_surveys_are_compared_with_an_interval() -> None:
    assert Waves((96, 146), (127, 195)).recomputed().sentence == (
        "96 of 146 (65.8%) to 127 of 195 (65.1%): −0.6 points, 95% interval −10.6 to +9.6: no clear evidence of change."
    )
    assert Waves((20, 100), (60, 100)).recomputed().sentence.endswith(": a clear change.")
    assert Waves((0, 0), (1, 2)).recomputed().sentence == "There is no base, so nothing can be compared."


def test_a_share_of_a_sample_has_its_interval() -> None:
    found = Share("28", 68, interval=True).recomputed()
    assert found.sentence == "28% of 68 is 19. As a sample: 95% interval 19% to 40%."
    assert Said("Nothing to say.").recomputed().fits is None
