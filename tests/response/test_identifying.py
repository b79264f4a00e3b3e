"""Is a reference that names somebody found out, and is a code left alone?"""

from __future__ import annotations

import pytest

from audit_engine.response.identifying import doubt_about, identifying, is_nhs_number


@pytest.mark.parametrize(
    "code", ["A17", "CIN 0042", "case 7", "2026/13", "TN-12", "B3", "x9", "Case file 12 b", "30214455"]
)
def test_a_code_is_left_alone(code: str) -> None:
    assert doubt_about(code) is None


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("943 476 5919", "an NHS number"),
        ("9434765919", "an NHS number"),
        ("12/03/2015", "a date of birth"),
        ("AB 2015-03-12", "a date of birth"),
        ("b. 3rd March 2015", "a date of birth"),
        ("ME14 1XX", "a postcode"),
        ("x@example.org", "an e-mail address"),
    ],
)
def test_what_tells_who_a_child_is_cannot_stand(reference: str, told: str) -> None:
    doubt = doubt_about(reference)
    assert doubt is not None and doubt.certain
    assert told in doubt.sentence


@pytest.mark.parametrize("name", ["Anna Smith", "Zoë O’Hara", "Smith", "Anna Smith 12", "anna smith", "Đặng"])
def test_what_looks_like_a_name_is_doubted_and_can_be_confirmed(name: str) -> None:
    doubt = doubt_about(name)
    assert doubt is not None and not doubt.certain
    assert "a name" in doubt.sentence


def test_ten_digits_are_an_nhs_number_only_with_the_right_last_one() -> None:
    assert is_nhs_number("9434765919")
    assert not is_nhs_number("9434765918")
    assert not is_nhs_number("943476591")
    assert doubt_about("9434765918") is None


def test_a_text_may_hold_dates_but_not_the_one_of_birth() -> None:
    assert identifying("The visit on 3 March 2026 was late.") == ()
    assert identifying("Born on 3/4/2015, seen on 3 March 2026.") == ("a date of birth",)
    assert identifying("NHS 943 476 5919, lives at ME14 1XX") == ("an NHS number", "a postcode")
    assert identifying("Call 01632 960100 about 12 children; KCSIE 2024 part 2") == ()
