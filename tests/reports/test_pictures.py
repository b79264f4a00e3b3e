"""Charts as pictures."""

from __future__ import annotations

from io import BytesIO
from typing import get_args

import pytest
from PIL import Image

from audit_engine.reports.blocks import Chart, Series
from audit_engine.reports.palette import UndrawableChart
from audit_engine.reports.pictures import DRAWN, picture

KINDS = get_args(Chart.__dataclass_fields__["kind"].type) or tuple(DRAWN)


def chart(kind: str, categories: int = 3) -> Chart:
    names = tuple(f"Standard {i}" for i in range(categories))
    values = tuple(float(i + 1) for i in range(categories))
    bounds = {"lower": tuple(v - 0.5 for v in values), "upper": tuple(v + 0.5 for v in values)}
    series = (Series("Then", values, **(bounds if kind == "interval" else {})), Series("Now", values[::-1]))
    return Chart("c", "A caption", kind, names, series[:1] if kind == "interval" else series, "A verdict", "Judgements")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_chart_becomes_a_picture_that_says_what_it_shows(kind: str) -> None:
    drawn = Image.open(BytesIO(picture(chart(kind))))
    assert drawn.format == "PNG" and drawn.width > 1_000
    assert drawn.info["Description"] == "A verdict"
    assert len(drawn.convert("RGB").getcolors(maxcolors=1_000_000) or ()) > 5


def test_a_chart_with_more_lines_is_taller() -> None:
    short, tall = (Image.open(BytesIO(picture(chart("bar", n)))) for n in (3, 12))
    assert tall.height > short.height + 300


def test_a_chart_without_categories_is_refused() -> None:
    with pytest.raises(UndrawableChart):
        picture(chart("bar", 0))
