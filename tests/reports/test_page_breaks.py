"""Do pages break where a reader can bear it: no row, no notes and no list's first line alone?"""

from __future__ import annotations

import io
import re
import zipfile

from audit_engine.reports.blocks import Block, BulletList, Chart, Series, paragraph, text
from tests.reports.samples import chart, document, table, written


def xml_of(*blocks: Block) -> str:
    with zipfile.ZipFile(io.BytesIO(written(document(*blocks)))) as package:
        return package.read("word/document.xml").decode()


def rows_kept(xml: str) -> list[bool]:
    """Tell of each row of the last table but its heading whether it stays with what follows."""
    rows = re.findall(r"<w:tr>.*?</w:tr>", xml[xml.rindex("<w:tbl>") :], re.DOTALL)
    kept = ["<w:keepNext/>" in row for row in rows]
    assert all(row.count("<w:keepNext/>") in (0, row.count("<w:tc>")) for row in rows), "a whole row or none of it"
    return kept[1:]


def test_a_table_s_first_and_last_rows_stay_together_and_the_last_with_its_notes() -> None:
    assert rows_kept(xml_of(table(rows=6))) == [True, False, False, False, True, True]
    assert rows_kept(xml_of(table(rows=1))) == [True]
    bare = table(rows=3)
    plain = type(bare)(bare.id, bare.caption, bare.columns, bare.rows)
    assert rows_kept(xml_of(plain)) == [True, True, False]


def test_a_paragraph_that_ends_with_a_colon_stays_with_its_list() -> None:
    listed = BulletList((text("One."),))
    for words, stays in (("Criteria listed as gaps:", True), ("There are gaps.", False)):
        xml = xml_of(paragraph(words), listed)
        start = xml.rindex("<w:p>", 0, xml.index(words))
        assert ("<w:keepNext/>" in xml[start : xml.index(words)]) is stays, words


def labels(drawn: Chart) -> int:
    with zipfile.ZipFile(io.BytesIO(written(document(drawn)))) as package:
        (part,) = (name for name in package.namelist() if re.search(r"charts/chart\d+\.xml$", name))
        return package.read(part).decode().count("<c:dLbl>")


def test_dots_that_stand_close_bear_no_numbers_since_the_table_has_them() -> None:
    few, many = (
        Chart(
            "dots", "Dots", "interval", tuple(f"Line {n}" for n in range(number)),
            tuple(Series(year, tuple(float(n) for n in range(number)), tuple(float(n) - 1 for n in range(number)),
                         tuple(float(n) + 1 for n in range(number))) for year in ("2024", "2026")), "Nothing",
        )
        for number in (12, 13)
    )  # fmt: skip
    assert (labels(few), labels(many)) == (12 * 3, 13), "the names of the lines stay"
    assert labels(chart("dumbbell")) > 6


def test_a_scale_of_points_ends_where_it_is_told_to() -> None:
    drawn = Chart(
        "share", "Shares", "interval", ("A",), (Series("You", (97.0,), (90.0,), (99.0,)),), "Nothing", end=100
    )
    with zipfile.ZipFile(io.BytesIO(written(document(drawn)))) as package:
        (part,) = (name for name in package.namelist() if re.search(r"charts/chart\d+\.xml$", name))
        assert '<c:max val="100' in package.read(part).decode()
