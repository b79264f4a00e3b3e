"""Do the charts and tables of a survey's results show the same numbers, and only what was let out?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from audit_engine.analysis.breakdown import release_groups
from audit_engine.analysis.disclosure import release
from audit_engine.analysis.survey import GroupResults, QuestionResult, SurveyResults, counts_of, reply_counts
from audit_engine.analysis.survey_marks import questions_of
from audit_engine.definition.questionnaire import Item, Option, Questionnaire, Section
from audit_engine.reports.blocks import Block, Chart, Heading, Table
from audit_engine.reports.survey_blocks import blocks_of

YES, NO, UNSURE = (
    Option("yes", "Yes", favourable=True),
    Option("no", "No"),
    Option("unsure", "Not sure", dont_know=True),
)
ITEM = Item("q.1", "single-choice", "Do you know who leads?", "all", options=(YES, NO, UNSURE))
ROLE = Item("q.2", "single-choice", "Your role?", "all", options=(Option("a", "A"), Option("b", "B")), breakdown=True)
QUESTIONNAIRE = Questionnaire(
    id="q", version="1", title="Q", standing="model content", kind="survey", respondent="person",
    sections=(Section("all", "All of it", (ITEM, ROLE)),),
)  # fmt: skip
Tally = Mapping[tuple[str, str], int]


def tally(yes: int, no: int, unsure: int) -> Tally:
    people = yes + no + unsure
    return {
        ("", ""): people, ("", "?"): people, ("", "~complete"): people, ("q.1", "?"): people, ("q.1", ""): people,
        ("q.1", "yes"): yes, ("q.1", "no"): no, ("q.1", "unsure"): unsure, ("q.2", "?"): people, ("q.2", ""): people,
        ("q.2", "a"): people,
    }  # fmt: skip


def results(whole: Tally, groups: Mapping[str, Tally] | None = None, item: Item = ITEM) -> SurveyResults:
    questions = [replace(q, item=item) if q.id == "q.1" else q for q in questions_of(QUESTIONNAIRE)]
    found = SurveyResults(
        "Q 2026", "q-2026", QUESTIONNAIRE, "", "sector" if groups else "", release(reply_counts(whole), "panel"),
        "Some took part.", tuple(QuestionResult(q, "", release(counts_of(q, whole), "panel")) for q in questions),
        None, (), 0,
    )  # fmt: skip
    if not groups:
        return found
    split = [
        release_groups(counts_of(q, whole), {n: counts_of(q, t) for n, t in groups.items()}, "panel") for q in questions
    ]
    return replace(
        found,
        groups=tuple(
            GroupResults(name, name.title(), release(reply_counts(one), "panel"),
                         tuple(QuestionResult(q, "", b.groups[name]) for q, b in zip(questions, split, strict=True)))
            for name, one in groups.items()
        ),
    )  # fmt: skip


def charts(blocks: tuple[Block, ...]) -> list[Chart]:
    return [b for b in blocks if isinstance(b, Chart)]


def tables(blocks: tuple[Block, ...]) -> dict[str, Table]:
    return {b.id: b for b in blocks if isinstance(b, Table)}


def per_cent(words: str) -> float | None:
    return float(words[:-1]) if re.fullmatch(r"\d+%", words) else None


def test_a_chart_shows_the_numbers_of_its_table() -> None:
    blocks = blocks_of(results(tally(30, 15, 5)))
    chart, table = charts(blocks)[0], tables(blocks)["table-q-1"]
    shown = [(row[0].text, per_cent(row[2].text)) for row in table.rows]
    assert list(zip(chart.categories, chart.series[0].values, strict=True)) == shown[:3]
    assert shown[:3] == [("Yes", 60.0), ("No", 30.0), ("Not sure", 10.0)]
    assert ("Favourable answers, together", 60.0) in shown
    assert chart.table == table.id
    assert len({b.id for b in (*charts(blocks), *tables(blocks).values())}) == 4


def test_shares_of_all_questions_are_drawn_on_one_scale() -> None:
    for people in (tally(20, 80, 30), tally(2, 90, 11)):
        drawn = charts(blocks_of(results(people)))
        assert drawn
        assert {chart.end for chart in drawn} == {100}, "35% looks shorter than 77%, from question to question"


def test_what_is_hidden_is_a_gap_in_the_chart_and_a_sign_in_the_table() -> None:
    blocks = blocks_of(results(tally(30, 15, 2), item=replace(ITEM, sensitive=True)))
    chart, table = charts(blocks)[0], tables(blocks)["table-q-1"]
    assert chart.series[0].values[1:] == (None, None)
    assert [row[1].text for row in table.rows][1:3] == ["[c]", "[c]"]
    assert any(note.startswith("[c]: ") for note in table.notes)


def test_too_few_replies_have_neither_chart_nor_table() -> None:
    blocks = blocks_of(results(tally(5, 3, 2)))
    assert not charts(blocks) and not tables(blocks)
    assert [b.text for b in blocks if isinstance(b, Heading)][1] == ITEM.text


def test_groups_stand_beside_the_whole_and_only_those_that_may_be_seen_are_drawn() -> None:
    groups = {"schools": tally(30, 10, 0), "police": tally(5, 15, 5), "courts": tally(1, 2, 0), "fire": tally(9, 3, 0)}
    blocks = blocks_of(results(tally(45, 30, 5), groups))
    chart, table = charts(blocks)[0], tables(blocks)["table-q-1"]
    hidden = [row[0].text for row in table.rows if row[1].text == "[c]"]
    assert "Courts" in hidden and len(hidden) > 1
    assert chart.categories == tuple(row[0].text for row in table.rows if row[1].text != "[c]")
    assert [per_cent(row[2].text) for row in table.rows if row[1].text != "[c]"] == list(chart.series[0].values)
    assert table.columns == ("Group", "Counted", "Favourable answers", "95% interval", "Don't know")


def test_a_question_that_makes_the_groups_is_left_out_beside_them() -> None:
    found = replace(results(tally(30, 15, 5)), by="q.2")
    assert [b.text for b in blocks_of(found) if isinstance(b, Heading)] == ["All of it", ITEM.text]


@pytest.mark.parametrize(("skipped", "told"), [(0, False), (6, True)])
def test_a_question_that_many_left_out_says_so(skipped: int, told: bool) -> None:
    whole = {**tally(30, 15, 5), ("q.1", "?"): 50 + skipped}
    blocks = blocks_of(results(whole))
    assert any("left it out" in str(b) for b in blocks) is told
