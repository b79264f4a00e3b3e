"""Does a strip show a value among its like with shapes of their own, a name and words, and at every width?"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from audit_engine.reports.strip_chart import strip_svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(own: float = 67, median: float = 50, middle: tuple[float, float] | None = (25, 75)) -> ET.Element:
    return ET.fromstring(strip_svg("strip-a", "Voice & ways <to> report", "Own value 67%", own, median, middle))


def across(percent: str | None) -> float:
    """Return the value that stands at a place of the drawing."""
    assert percent is not None
    return (float(percent.rstrip("%")) - 6) / 0.88


def test_it_has_a_name_and_says_in_words_what_it_shows() -> None:
    chart = drawn()
    assert chart.attrib["role"] == "img"
    named = {chart.attrib["aria-labelledby"], chart.attrib["aria-describedby"]}
    words = {e.attrib["id"]: e.text for e in chart if "id" in e.attrib}
    assert set(words) == named
    assert set(words.values()) == {"Voice & ways <to> report", "Own value 67%"}


def test_the_band_the_median_and_the_own_value_stand_where_they_should() -> None:
    chart = drawn()
    band = chart.find(f"{SVG}rect")
    assert band is not None and round(across(band.attrib["x"])) == 25
    assert round(float(band.attrib["width"].rstrip("%")) / 0.88) == 50
    median = chart.findall(f"{SVG}line")[1]
    assert round(across(median.attrib["x1"])) == round(across(median.attrib["x2"])) == 50
    mark = next(t for t in chart.findall(f"{SVG}text") if t.text == "◆")
    assert round(across(mark.attrib["x"])) == 67


def test_without_quartiles_there_is_no_band() -> None:
    assert drawn(middle=None).find(f"{SVG}rect") is None


def test_ends_stay_inside_and_nothing_shrinks_with_the_page() -> None:
    for value in (0, 100):
        chart = drawn(own=value, median=value, middle=(0, 100))
        places = [e.attrib[k] for e in chart for k in ("x", "x1", "x2") if k in e.attrib]
        assert all(0 <= float(p.rstrip("%")) <= 100 for p in places)
        assert "viewBox" not in chart.attrib and "style" not in chart.attrib
