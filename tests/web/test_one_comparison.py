"""Do page, JSON, CSV and Word report print one comparison with the same digits?"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import html

from audit_engine.services.issue_report import Order, issue_report
from tests.services.tiny import DURING
from tests.web.browser import Web

HERE = "/cycles/tiny-2026/comparison"
MOVEMENT = ("pairs", "met_then", "met_now", "gained", "lost", "net")
Rows = dict[str, tuple[int, ...]]


def number(text: str) -> int:
    return int(text.replace("−", "-").replace("+", "").replace(",", ""))


def moved(rows: Iterable[list[str]]) -> Rows:
    """Return a table's numbers by the name in its first column, without its heading."""
    return {name: tuple(map(number, numbers[: len(MOVEMENT)])) for name, *numbers in rows}


def of_json(answer: Any) -> Rows:
    rows = {g["title"]: tuple(g[name] for name in MOVEMENT) for g in answer["by_standard"]}
    whole = {**answer["matched"], **{name: answer[name] for name in ("gained", "lost", "net")}}
    return rows | {"All standards": tuple(whole[name] for name in MOVEMENT)}


def of_csv(text: str) -> Rows:
    rows: Rows = {}
    for row in csv.DictReader(StringIO(text)):
        if row["table"] in ("headline", "by standard"):
            name = "All standards" if row["table"] == "headline" else row["title"]
            rows[name] = tuple(number(row[column]) for column in MOVEMENT)
    return rows


def of_page(text: str) -> Rows:
    whole: Any = html.fromstring(text)
    (table,) = whole.xpath("//table[@id='like-for-like']")
    return moved([[" ".join(cell.itertext()).strip() for cell in row] for row in table.xpath("./tbody/tr")])


def of_word(content: bytes) -> Rows:
    tables = Document(BytesIO(content)).tables
    (table,) = [t for t in tables if [c.text for c in t.rows[0].cells][:2] == ["Standard", "Pairs"]]
    return moved([[cell.text.strip() for cell in row.cells] for row in table.rows[1:]])


@pytest.mark.parametrize("area", [None, "north"])
def test_page_json_csv_and_report_print_the_same_digits(standing: Web, tmp_path: Path, area: str | None) -> None:
    team, world = standing.as_("team"), standing.world
    query = {"area": area} if area else {}
    answer = of_json(team.get(HERE, query_string={**query, "format": "json"}).get_json())
    order = Order("tiny-2026", "analysis", area=area, out=tmp_path / "report.docx")
    issued = issue_report(world.engine, world.definitions, world.instance, order, DURING)
    assert answer["All standards"][0] > 0
    assert of_csv(team.get(HERE, query_string={**query, "format": "csv"}).text) == answer
    assert of_page(team.get(HERE, query_string=query).text) == answer
    assert of_word(issued.file.read_bytes()) == answer
