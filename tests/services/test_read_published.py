"""Are all published figures of the seeds there, sound, and printed as published and as worked out?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from audit_engine.services.read_published import FaultyFigures, as_json, as_text, read_published
from tests.conftest import ROOT

KNOWN = yaml.safe_load((Path(__file__).parents[1] / "data" / "published.yaml").read_text("utf-8"))
GOOD = """
sources:
  - title: A report
    address: example.org
    figures:
      - {id: one, says: Something, published: "50% of 10", checks: [CHECK]}
"""


def test_every_row_of_the_domain_notes_has_its_figure_and_source() -> None:
    publications = read_published(ROOT / "instances" / "published")
    ids = [figure.id for publication in publications for figure in publication.figures]
    assert len(ids) == len(set(ids))
    assert set(KNOWN["b1"]) | set(KNOWN["b3"]) <= set(ids)
    assert all(publication.title and publication.address for publication in publications)


def test_what_does_not_come_out_as_published_is_exactly_what_is_known() -> None:
    publications = read_published(ROOT / "instances" / "published")
    odd = [f.id for p in publications for f in p.figures if any(one.fits is False for one in f.recomputed)]
    assert odd == KNOWN["do_not_fit"]


def test_each_figure_is_printed_as_published_and_as_worked_out() -> None:
    text = "\n".join(as_text(read_published(ROOT / "instances" / "published")))
    assert "    Published:   65.1% of 196 respondents\n    Worked out:  65.1% cannot come from 196 answers" in text
    assert "127 of 195 would give it" in text
    assert "41 + 61 = 102, so 20 of the 122 are in none of the parts." in text
    assert text.endswith("checks came out as published.")


def test_machines_get_the_same() -> None:
    found = json.loads(json.dumps(as_json(read_published(ROOT / "instances" / "published"))))
    figures = {figure["id"]: figure for source in found for figure in source["figures"]}
    assert figures["escalation-2023"]["recomputed"][0]["fits"] is False
    assert figures["home-education"]["recomputed"] == [
        {"sentence": "A count by itself: nothing to work out.", "fits": None}
    ]


@pytest.mark.parametrize(
    "check, sentence",
    [
        ("{kind: shares}", "one: a check is of one of the kinds share, parts, change, twice, waves and says, not “sh"),
        ('{kind: share, percent: "50"}', "one: the check share lacks “of”"),
        ('{kind: share, percent: "50", off: 10, of: 10}', "one: “off” is no key of share: interval, of and percent"),
        ('{kind: share, percent: "50", of: ten}', "one: “ten” is no whole number"),
        ("{kind: share, percent: half, of: 10}", "one: “half” is no percentage: write it like 65.1."),
        ("{kind: twice, values: 3}", "one: “3” is no list of whole numbers"),
        ("{kind: waves, first: [1, 2, 3], second: [1, 2]}", "one: "),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_figure(tmp_path: Path, check: str, sentence: str) -> None:
    (tmp_path / "a.yaml").write_text(GOOD.replace("CHECK", check))
    with pytest.raises(FaultyFigures) as refused:
        read_published(tmp_path)
    assert f"a.yaml: {sentence}" in str(refused.value)


def test_files_that_cannot_be_read_and_folders_without_any_are_told(tmp_path: Path) -> None:
    with pytest.raises(FaultyFigures, match="There are no published figures"):
        read_published(tmp_path)
    (tmp_path / "a.yaml").write_text("sources: [{title: A}]")
    with pytest.raises(FaultyFigures, match="source 1 lacks address and figures"):
        read_published(tmp_path)
    (tmp_path / "a.yaml").write_text("sources: {a: 1}")
    with pytest.raises(FaultyFigures, match="must be a list"):
        read_published(tmp_path)
    (tmp_path / "a.yaml").write_text("a: [")
    with pytest.raises(FaultyFigures, match=r"a\.yaml:2:1 This is not YAML"):
        read_published(tmp_path)
