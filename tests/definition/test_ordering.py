from __future__ import annotations

from audit_engine.definition.ordering import circles, in_order


def test_each_comes_after_what_it_needs_and_otherwise_in_the_order_given() -> None:
    assert in_order({"a": ["b"], "b": [], "c": []}) == ("b", "c", "a")


def test_needs_that_are_not_among_the_names_do_not_matter() -> None:
    assert in_order({"a": ["elsewhere"]}) == ("a",)


def test_a_circle_is_left_out_of_the_order_and_found_once() -> None:
    needs = {"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"], "e": []}
    assert in_order(needs) == ("e",)
    assert circles(needs) == (("a", "b", "c"),)


def test_two_circles_are_two_and_one_on_itself_is_one() -> None:
    assert circles({"a": ["a"], "b": ["c"], "c": ["b"]}) == (("a",), ("b", "c"))
    assert circles({"a": ["b"], "b": []}) == ()


def test_a_chain_of_ten_thousand_is_no_trouble() -> None:
    needs = {str(n): [str(n + 1)] for n in range(10_000)}
    assert in_order(needs)[0] == "9999"
    assert circles({**needs, "9999": ["0"]}) != ()
