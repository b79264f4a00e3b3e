"""Do page, chart, report, CSV and JSON say the same of one result, sign for sign, and the same after things change?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from docx import Document as WordDocument
from sqlalchemy import update

from audit_engine.analysis.rounding import percent_text
from audit_engine.analysis.survey import SurveyResults
from audit_engine.reports.blocks import Chart, Table
from audit_engine.reports.charts import svg
from audit_engine.reports.survey_blocks import blocks_of
from audit_engine.reports.word import write_document
from audit_engine.services.show_survey import as_json
from audit_engine.storage import models
from audit_engine.storage.engine import writing
from tests.reports.samples import document
from tests.services.pulse import YES
from tests.web.browser import Page, page
from tests.web.test_survey_results import PATH, Surveyed, surveyed

__all__ = ["surveyed"]  # a fixture
NO: Mapping[str, Any] = {"p.2": "no"}
#: The question whose answers are hidden in part, and one that is shown whole.
SECRET, PLAIN = "p.4", "p.2"
Said = dict[tuple[str, str], str]


@pytest.fixture
def told(surveyed: Surveyed) -> Surveyed:
    """Own experience is hidden here and there; one organisation is too small to be seen."""
    pulse = surveyed.pulse
    pulse.replies([YES | {"p.4": "yes"}] * 9 + [NO | {"p.4": "no"}] * 31, "otters")
    pulse.replies([YES | {"p.4": "yes"}] * 3 + [NO | {"p.4": "no"}] * 22, "badgers")
    pulse.replies([NO | {"p.4": "no"}] * 20 + [YES | {"p.4": "prefer-not"}] * 2, "joint")
    pulse.replies([NO | {"p.4": "yes"}] * 4, "office").close()
    return surveyed


def in_csv(told: Surveyed, query: str) -> Said:
    text = told.as_("team").get(f"{PATH}?{query}&format=csv").get_data(as_text=True)
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["question"] in (SECRET, PLAIN)]
    return {(row["question"], row["label"]): percent_in(row) for row in rows if row["kind"] == "answer"}


def percent_in(row: dict[str, str]) -> str:
    """Return the percentage of a row as a page would print it, or what stands in its place."""
    if not row["count"]:
        assert not row["percent"]
        return row["shown_as"]
    count, base = int(row["count"]), int(row["base"])
    assert float(row["percent"]) == pytest.approx(100 * count / base, abs=0.051)
    return percent_text(count, base)


def in_json(told: Surveyed, query: str) -> Said:
    found = told.as_("team").get(f"{PATH}?{query}&format=json").get_json()
    questions = [q for q in found["questions"] if q["id"] in (SECRET, PLAIN)]
    return {(q["id"], a["label"]): a["percent"] for q in questions for a in q["answers"]}


def in_page(told: Surveyed, query: str) -> tuple[Page, str]:
    answer = told.as_("team").get(f"{PATH}?{query}")
    return page(answer), answer.get_data(as_text=True)


def in_tables(results: SurveyResults) -> Said:
    tables = {b.id: b for b in blocks_of(results) if isinstance(b, Table)}
    rows = [(q, row) for q in (SECRET, PLAIN) for row in tables[f"table-{q.replace('.', '-')}"].rows]
    return {(q, row[0].text): row[2].text for q, row in rows}


def in_charts(results: SurveyResults) -> Said:
    """Return what is drawn beside each bar: the number, or what stands in its place."""
    charts = [b for b in blocks_of(results) if isinstance(b, Chart)]
    found: Said = {}
    for chart in (c for c in charts if c.id.removeprefix("chart-").replace("-", ".") in (SECRET, PLAIN)):
        drawn = re.findall(r'<text class="chart-label" x="[^"]*" y="\d+" dx="6">([^<]*)</text>', svg(chart))
        question = chart.id.removeprefix("chart-").replace("-", ".")
        for label, words in zip(chart.categories, drawn, strict=True):
            found[question, label] = words if words.startswith("[") else f"{words}%"
    return found


def in_word(results: SurveyResults) -> Iterator[list[str]]:
    out = io.BytesIO()
    write_document(document(*blocks_of(results)), out)
    for table in WordDocument(out).tables:
        yield from ([cell.text for cell in row.cells] for row in table.rows)


@pytest.mark.parametrize("organisation", ["", "otters", "badgers"])
def test_five_outputs_of_one_result_say_the_same_sign_for_sign(told: Surveyed, organisation: str) -> None:
    results = told.pulse.results(**({"organisation": organisation} if organisation else {}))
    query = f"organisation={organisation}"
    said = in_csv(told, query)
    assert len(said) == 5
    assert in_json(told, query) == said
    assert {key: words for key, words in in_tables(results).items() if key in said} == said
    charted = in_charts(results)
    assert charted == {key: words for key, words in said.items() if key in charted}
    shown, _ = in_page(told, query)
    word = list(in_word(results))
    for (_, label), words in said.items():
        assert any(row[0] == label and row[2] == words for row in word if len(row) > 2), (label, words)
        assert words in shown.text


def test_what_is_hidden_bears_the_same_sign_in_all_five(told: Surveyed) -> None:
    for organisation, signs in (("otters", {"[c]"}), ("office", {"[c]"})):
        results = told.pulse.results(organisation=organisation)
        said = in_csv(told, f"organisation={organisation}")
        assert {words for (question, _), words in said.items() if question == SECRET} == signs, organisation
        assert in_json(told, f"organisation={organisation}") == said
        assert set(as_json(results)["symbols"]) >= signs  # type: ignore[call-overload]
    hidden = {words for (q, _), words in in_charts(told.pulse.results(organisation="otters")).items() if q == SECRET}
    assert hidden <= {"[c]"}


def test_every_sign_is_explained_in_the_page_the_report_and_json(told: Surveyed) -> None:
    results = told.pulse.results(organisation="otters")
    meaning = "not shown, because it would point to a few people"
    assert meaning in in_page(told, "organisation=otters")[0].text
    assert as_json(results)["symbols"]["[c]"] == meaning  # type: ignore[index]
    assert any(meaning in note for b in blocks_of(results) if isinstance(b, Table) for note in b.notes)


def test_a_group_says_in_the_table_of_all_groups_what_it_says_alone(told: Surveyed) -> None:
    together = told.pulse.results(by="organisation")
    for group in together.groups:
        alone = told.pulse.results(organisation=group.id)
        assert [q.released for q in group.questions] == [q.released for q in alone.questions], group.id


def test_an_organisation_that_moves_to_another_sector_leaves_the_results_as_they_were(told: Surveyed) -> None:
    before = [as_json(told.pulse.results(by=by)) for by in ("sector", "organisation")]
    with writing(told.pulse.engine) as connection:
        connection.execute(
            update(models.organisation).where(models.organisation.c.id == "office").values(sector_id="education")
        )
    assert [as_json(told.pulse.results(by=by)) for by in ("sector", "organisation")] == before
