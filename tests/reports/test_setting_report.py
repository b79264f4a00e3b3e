"""Is a setting's own report sound in Word, whatever was written, and does it hold no total and no percentage?"""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import pytest

from audit_engine.analysis.setting_picture import Moved, Picture, SectionCounts
from audit_engine.definition.questionnaire import Option
from audit_engine.reports.setting_report import HalfPage, OwnReport, Planned, own_document
from audit_engine.reports.structure import structure_faults
from audit_engine.reports.word import write_document
from tests.analysis.test_setting_picture import SCALE, compared

MADE = datetime(2026, 10, 5, 9, 30)
HOSTILE = "\x00]]><script>alert('1')</script> =1+1 \u202e" + "long " * 500


def report(words: str = "We listen", moved: Moved | None = None, grades: tuple[Option, ...] = SCALE) -> OwnReport:
    counts = tuple((g.id, n) for n, g in enumerate(grades))
    return OwnReport(
        title="How we listen 2026", setting=words, version="2026",
        picture=Picture(grades, (SectionCounts("s", "Culture", counts, 2),)),
        strengths=(words,), priorities=(words,), plan=(Planned(words, "", None, "Priority 1"),),
        halves=(HalfPage("s", "Culture", words, "", "", ("How do you know?",)),), moved=moved, last_time="2024",
    )  # fmt: skip


def written(made: OwnReport) -> bytes:
    buffer = BytesIO()
    write_document(own_document(made, MADE, invented=True), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("words", ["We listen", HOSTILE])
def test_the_word_file_is_sound_whatever_was_written(words: str) -> None:
    for moved in (None, compared("begun", "strong"), compared("strong", "begun")):
        assert not structure_faults(written(report(words, moved)))


def test_an_empty_audit_gives_a_sound_report() -> None:
    empty = OwnReport("T", "S", "1", Picture((), ()), (), (), (), ())
    assert not structure_faults(written(empty))


def test_more_grades_than_colours_stay_in_the_table() -> None:
    many = tuple(Option(f"g{n}", f"Grade {n}", SCALE[0].points) for n in range(6))
    assert not structure_faults(written(report(grades=many)))


def test_no_total_and_no_percentage_is_printed() -> None:
    with ZipFile(BytesIO(written(report(moved=compared("begun", "strong"))))) as package:
        xml = package.read("word/document.xml").decode()
    text = " ".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", xml))
    assert "Culture" in text and "%" not in text
    assert not re.search(r"\b(total|score|average)\b", text.replace("There is no total and no score", ""))


def test_the_report_says_whose_it_is_and_who_could_reach_it() -> None:
    text = str(own_document(report(), MADE).blocks)
    assert "It is yours" in text and "could reach the database" in text
    shared = own_document(OwnReport("T", "S", "1", Picture((), ()), (), (), (), (), private=False), MADE)
    assert "It is yours" not in str(shared.blocks)
