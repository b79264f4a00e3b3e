"""Are series told apart without colour, and scales round?"""

from __future__ import annotations

import pytest

from audit_engine.reports.blocks import Chart, Series
from audit_engine.reports.palette import (
    COLOURS,
    TEXT_ON,
    UndrawableChart,
    check_drawable,
    marks,
    number_text,
    scale_end,
)


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", COLOURS)
def test_a_label_on_a_segment_has_the_contrast_of_text(colour: str) -> None:
    assert contrast(colour, TEXT_ON[colour]) >= 4.5


@pytest.mark.parametrize(("one", "other"), list(zip(COLOURS, (*COLOURS[1:], "#FFFFFF"), strict=True)))
def test_neighbouring_colours_have_the_contrast_of_graphics(one: str, other: str) -> None:
    assert contrast(one, other) >= 3


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("Met", "Partly met", "Not met", "Blank"), ("M", "P", "N", "B")),
        (("2024", "2026"), ("2024", "2026")),
        (("Not met", "Not applicable"), ("NM", "NA")),
        (("Same", "Same"), ("A", "B")),
        (("Alone",), ("",)),
    ],
)
def test_every_series_has_a_mark_of_its_own(names: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert marks(names) == found


@pytest.mark.parametrize(("largest", "end"), [(0, 1), (1, 1), (7, 8), (12, 12), (13, 15), (99, 100), (101, 120)])
def test_a_scale_ends_at_the_next_round_number(largest: float, end: float) -> None:
    assert scale_end(largest) == end


@pytest.mark.parametrize(("value", "shown"), [(12.0, "12"), (1234.0, "1,234"), (0.05, "0.1"), (None, "[x]")])
def test_a_number_is_printed_without_a_point_that_it_does_not_need(value: float | None, shown: str) -> None:
    assert number_text(value) == shown


@pytest.mark.parametrize(
    "chart",
    [
        Chart("a", "A", "dumbbell", ("X",), (Series("Then", (1.0,)),), "alt"),
        Chart("a", "A", "bar", (), (Series("Then", ()),), "alt"),
        Chart("a", "A", "bar", ("X", "Y"), (Series("Then", (1.0,)),), "alt"),
        Chart("a", "A", "interval", ("X",), (Series("Then", (1.0,), (1.0, 2.0), (1.0,)),), "alt"),
        Chart("a", "A", "stacked", ("X",), tuple(Series(str(n), (1.0,)) for n in range(5)), "alt"),
    ],
)
def test_a_chart_whose_numbers_do_not_fit_its_kind_is_refused_in_a_sentence(chart: Chart) -> None:
    with pytest.raises(UndrawableChart, match=r'Chart "a".*\.'):
        check_drawable(chart)
