"""Are columns wide enough for their words, whatever the shares say?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_engine.reports.blocks import Cell, Table
from audit_engine.reports.column_widths import column_widths

WHOLE = 9638


def table(columns: tuple[str, ...], *rows: tuple[str, ...], widths: tuple[float, ...] = ()) -> Table:
    return Table("t", "T", columns, tuple(tuple(map(Cell, row)) for row in rows), widths=widths)


def test_shares_are_kept_where_every_word_fits() -> None:
    assert column_widths(table(("A", "B"), ("x", "y"), widths=(0.75, 0.25)), 8000) == [6000, 2000]


def test_a_column_is_never_narrower_than_its_longest_word() -> None:
    narrow, wide = column_widths(table(("Organisations", "B"), ("x", "y"), widths=(0.01, 0.99)), WHOLE)
    assert narrow > len("Organisations") * 100
    assert narrow + wide == WHOLE


def test_of_two_words_as_long_the_wider_one_counts() -> None:
    first, _ = column_widths(table(("Not met", "B"), ("x", "y"), widths=(0.01, 0.99)), WHOLE)
    second, _ = column_widths(table(("Not ill", "B"), ("x", "y"), widths=(0.01, 0.99)), WHOLE)
    assert first > second


def test_of_cells_as_long_the_widest_word_counts() -> None:
    body = (("IR.7", "x"), ("OS.1", "x"), ("IS.1", "x"))
    together, _ = column_widths(table(("A", "B"), *body, widths=(0.01, 0.99)), WHOLE)
    alone, _ = column_widths(table(("A", "B"), ("OS.1", "x"), widths=(0.01, 0.99)), WHOLE)
    assert together == alone


def test_a_word_without_end_does_not_push_the_other_columns_off_the_page() -> None:
    endless, other = column_widths(table(("A", "B"), ("x" * 10_000, "y"), widths=(0.1, 0.9)), WHOLE)
    assert endless < WHOLE / 2
    assert endless + other == WHOLE


@pytest.mark.parametrize("columns", [1, 8, 30])
def test_columns_without_shares_are_equal(columns: int) -> None:
    widths = column_widths(table(("A",) * columns, ("x",) * columns), WHOLE)
    assert max(widths) - min(widths) < columns + 1


@given(st.lists(st.text(max_size=40), min_size=1, max_size=12), st.data())
def test_widths_always_fill_the_table_and_none_is_nothing(words: list[str], data: st.DataObject) -> None:
    shares = data.draw(st.lists(st.floats(0.01, 1), min_size=len(words), max_size=len(words)))
    widths = column_widths(table(tuple(words), tuple(words), widths=tuple(shares)), WHOLE)
    assert sum(widths) == WHOLE
    assert min(widths) > 0
