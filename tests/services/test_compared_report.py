"""Does a setting's own report show where it stands among its like, only where it takes part and all is frozen?"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.reports.blocks import Chart, Table
from audit_engine.reports.setting_compared import Compared as Shown
from audit_engine.reports.setting_compared import compared_blocks
from audit_engine.reports.structure import structure_faults
from audit_engine.services.benchmarks import compared_of, stop_taking_part
from audit_engine.services.self_audit_report import report_blocks, word_report
from tests.services.compared import AFTER, Compared


@pytest.fixture
def schools(tmp_path: Path, engine: Engine) -> Iterator[Compared]:
    yield Compared.in_folder(tmp_path, engine)


def shown(schools: Compared, audit: int) -> Shown | None:
    return compared_of(schools.standing(audit))


def words(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return " ".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", package.read("word/document.xml").decode()))


def test_the_report_says_nothing_of_others_before_publication_and_to_those_that_take_no_part(
    schools: Compared,
) -> None:
    audits, alone = schools.cohort(range(13)), schools.answered(99, 3)
    assert shown(schools, audits[4]) is None, "nothing before publication"
    schools.close()
    schools.publish()
    assert shown(schools, audits[4]) is not None
    assert shown(schools, alone) is None
    stop_taking_part(schools.engine, audits[4])
    assert shown(schools, audits[4]) is None
    assert "similar settings" not in str(report_blocks(schools.opened(alone), shown(schools, alone)))


def test_chart_table_and_sentences_hold_what_the_page_shows(schools: Compared) -> None:
    audits = schools.cohort(range(13))
    schools.close()
    schools.publish()
    (row,), found = schools.standing(audits[4]).rows, shown(schools, audits[4])
    assert found is not None
    blocks = tuple(compared_blocks(found))
    (chart,) = (b for b in blocks if isinstance(b, Chart))
    (table,) = (b for b in blocks if isinstance(b, Table))
    median, you = chart.series
    assert (median.values, median.lower, median.upper) == ((50.0,), (17.0,), (67.0,))
    assert you.values == (67.0,) and not you.lower
    assert chart.alt == row.alt and chart.table == table.id
    assert [c.text for c in table.rows[0]] == ["Culture", row.own, row.median, row.middle, "13"]
    assert all(sentence in str(blocks) for sentence in row.said)
    made = word_report(schools.opened(audits[4]), AFTER, invented=True, compared=found)
    assert not structure_faults(made)
    assert "The figures were frozen on" in words(made) and row.own in words(made)


def test_a_small_cohort_shows_its_median_alone_and_a_smaller_one_nothing(schools: Compared) -> None:
    audits = schools.cohort(range(6))
    few = schools.cohort(range(3), phase="nursery")
    schools.close()
    schools.publish()
    middle, none = shown(schools, audits[0]), shown(schools, few[0])
    assert middle is not None and none is not None
    tables = [next(b for b in compared_blocks(found) if isinstance(b, Table)) for found in (middle, none)]
    assert [c.text for c in tables[0].rows[0]][2:] == ["42%", "[c]", "6"]
    assert [c.text for c in tables[1].rows[0]][2:] == ["[c]", "[c]", "[c]"]
    assert not [b for b in compared_blocks(none) if isinstance(b, Chart)]
    assert "too few similar settings" in str(tuple(compared_blocks(none)))


def test_the_alternative_text_of_several_sections_says_where_they_lie(schools: Compared) -> None:
    audits = schools.cohort(range(13))
    schools.close()
    schools.publish()
    found = shown(schools, audits[4])
    assert found is not None
    (one,) = found.sections
    three = replace(found, sections=(one, replace(one, title="Voice"), replace(one, title="Staff")))
    chart = next(b for b in compared_blocks(three) if isinstance(b, Chart))
    assert "in 3 sections. You are: 3 in the middle half." in chart.alt and len(chart.alt) <= 250
