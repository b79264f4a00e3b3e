"""Does what a triangulation shows of staff answers, beside the results of the survey, keep a few people unknown?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from audit_engine.analysis.breakdown import larger_groups, release_groups, release_larger
from audit_engine.analysis.disclosure import Released
from audit_engine.analysis.suppression import SMALL
from audit_engine.analysis.survey import counts_of
from audit_engine.analysis.triangulation_staff import (
    CONSISTENT,
    StaffAnswers,
    SurveyCounts,
    UncountableView,
    replies,
    staff_answers,
    teams,
)
from audit_engine.definition.questionnaire import Option
from tests.analysis.beside import counted, from_teams, said, view

CELLS = ("yes", "no", "unsure")


def answers(survey: SurveyCounts, **more: Any) -> StaffAnswers:
    return staff_answers(survey, view(**more), "panel")


def bases(found: StaffAnswers) -> dict[str, int | None]:
    return {o: released.base for o, released in found.organisations.items()}


def test_an_organisation_is_shown_where_the_results_of_the_survey_show_it() -> None:
    tallies = {"a": said(30, 5), "b": said(8, 4), "c": said(3, 2), "d": said(20, 20)}
    survey = counted(tallies, sectors={"d": "health"})
    found = answers(survey)
    question = found.question
    groups = {o: counts_of(question, t) for o, t in tallies.items()}
    results = release_groups(counts_of(question, survey.whole), groups, "panel", survey.sectors)
    assert bases(found) == {o: r.base for o, r in results.groups.items()} == {"a": 35, "b": None, "c": None, "d": 40}
    larger = release_larger(counts_of(question, survey.whole), groups, "panel", survey.sectors)
    assert {s: r.base for s, r in found.sectors.items()} == {s: r.base for s, r in larger.groups.items()}


def test_the_wording_is_that_of_the_answers_that_fit() -> None:
    assert answers(counted({"a": said(30, 5)}), consistent=("yes", "unsure")).wording == ("Yes", "Not sure")


def test_nobody_of_an_organisation_answered() -> None:
    assert answers(counted({"a": said(30, 5)})).of("b") is None
    assert answers(counted({"a": said(30, 5)})).of_sector("health") is None


def test_answers_that_fit_are_added_up_where_the_results_show_them_or_all_the_others() -> None:
    tallies = {"a": said(30, 9, 2), "b": said(20, 10, 3), "c": said(25, 5, 9)}
    found = answers(counted(tallies, sensitive=True), consistent=("no", "unsure"))
    shown = found.organisations["a"]
    assert [f.count for f in shown.cells] == [30, None, None]
    assert shown.figure(CONSISTENT).count == 11, "the others are thirty of forty-one"
    hidden = answers(counted(tallies, sensitive=True), consistent=("yes", "no")).organisations["a"]
    assert hidden.figure(CONSISTENT).count is None


def test_what_hardly_anybody_or_nearly_everybody_said_to_a_sensitive_question_is_hidden() -> None:
    found = answers(counted({"a": said(2, 38), "b": said(20, 20), "c": said(25, 25)}, sensitive=True))
    assert bases(found)["a"] == 40
    assert found.organisations["a"].figure(CONSISTENT).count is None


def test_dont_know_out_of_the_base_is_hidden_with_its_base() -> None:
    survey = counted({"a": said(30, 9, 3), "b": said(20, 10, 12), "c": said(30, 10, 20)}, sensitive=True)
    figure = answers(survey, dont_know="excluded").of("a")
    assert figure is not None
    assert (figure.count, figure.base) == (None, None)
    survey = counted({"a": said(30, 9, 6), "b": said(20, 10, 12)}, sensitive=True)
    figure = answers(survey, dont_know="excluded").of("a")
    assert figure is not None
    assert (figure.count, figure.base) == (30, 39)


def test_several_ticks_cannot_be_added_up() -> None:
    options = (Option("poster", "A poster"), Option("manager", "My manager"))
    survey = counted({"a": {}}, type="multiple-choice", options=options)
    with pytest.raises(UncountableView, match="Several answers could be ticked"):
        answers(survey, consistent=("poster", "manager"))


def test_a_team_is_named_only_where_it_gave_more_than_half_and_that_may_be_seen() -> None:
    survey = counted({
        "a": said(40) | from_teams(26, 14), "b": said(40) | from_teams(20, 20), "c": said(9) | from_teams(9, 0),
        "d": said(12) | from_teams(2, 10),
    })  # fmt: skip
    assert {o: (s.team, s.figure.count) for o, s in teams(survey, "panel").items()} == {"a": ("Day team", 26)}


def test_a_survey_that_asks_for_no_team_has_none() -> None:
    survey = counted({"a": said(40)})
    bare = SurveyCounts(survey.cycle, survey.title, _without_team(survey), survey.tallies, survey.sectors)
    assert teams(bare, "panel") == {}


def _without_team(survey: SurveyCounts) -> Any:
    (section,) = survey.questionnaire.sections
    return replace(survey.questionnaire, sections=(replace(section, items=section.items[1:]),))


def test_replies_are_counted_as_the_results_count_them() -> None:
    found = replies(counted({"a": said(40), "b": said(30), "c": said(4)}), "panel")
    assert {o: r.base for o, r in found.items()} == {"a": 40, "b": None, "c": None}


def few(survey: SurveyCounts) -> list[tuple[str, str, int]]:
    """Return the answers that one to four people of an organisation gave: what nobody may find out."""
    return [
        (o, cell, tally["ss.1", cell])
        for o, tally in survey.tallies.items()
        for cell in CELLS
        if 0 < tally["ss.1", cell] < SMALL
    ]


def published(survey: SurveyCounts) -> list[tuple[dict[tuple[str, str], int], int]]:
    """Return every equation that results and triangulation together give away: which unknowns sum to what."""
    found, equations = answers(survey), []
    groups = {o: counts_of(found.question, t) for o, t in survey.tallies.items()}
    whole = counts_of(found.question, survey.whole)
    small = release_groups(whole, groups, "panel", survey.sectors)
    large = release_larger(whole, groups, "panel", survey.sectors)
    members = {s: [o for o in groups if survey.sectors[o] == s] for s in larger_groups(groups, survey.sectors)}

    def told(of: list[str], released: Released, consistent: Released | None) -> None:
        for figure in released.cells:
            if figure.count is not None:
                equations.append(({(o, figure.id): 1 for o in of}, figure.count))
        if released.base is not None:
            equations.append(({(o, c): 1 for o in of for c in CELLS}, released.base))
        if consistent is not None and consistent.base is not None:
            equations.append(({(o, c): 1 for o in of for c in CELLS}, consistent.base))
            count = consistent.figure(CONSISTENT).count
            if count is not None:
                equations.append(({(o, "yes"): 1 for o in of}, count))

    told(list(groups), small.whole, found.whole)
    for organisation, released in small.groups.items():
        told([organisation], released, found.organisations[organisation])
    for sector, released in large.groups.items():
        told(members[sector], released, found.sectors[sector])
    return equations


def width(survey: SurveyCounts, secret: tuple[str, str], equations: list[Any]) -> float:
    """Return how far apart the least and the largest number lie that this answer could have had."""
    unknowns = [(o, c) for o in survey.tallies for c in CELLS]
    place = {key: n for n, key in enumerate(unknowns)}
    left = np.zeros((len(equations), len(unknowns)))
    for row, (parts, _) in enumerate(equations):
        for key, times in parts.items():
            left[row, place[key]] = times
    right = [total for _, total in equations]
    wanted = np.zeros(len(unknowns))
    wanted[place[secret]] = 1
    ends = [linprog(sign * wanted, A_eq=left, b_eq=right, bounds=(0, None)).fun for sign in (1, -1)]
    return float(-ends[1] - ends[0])


def invented(seed: int) -> SurveyCounts:
    dice = Random(seed)
    size = dice.randint(3, 7)
    tallies: dict[str, Mapping[Any, int]] = {}
    for n in range(size):
        tallies[f"o{n}"] = said(dice.randint(0, 40), dice.randint(0, 15), dice.randint(0, 12))
    sectors = {o: dice.choice(("police", "health")) for o in tallies}
    return counted(tallies, sectors=sectors, sensitive=True)


@pytest.mark.parametrize("seed", range(60))
def test_a_solver_that_knows_all_that_is_shown_narrows_no_answer_of_a_few(seed: int) -> None:
    survey = invented(seed)
    equations = published(survey)
    for organisation, cell, n in few(survey):
        assert width(survey, (organisation, cell), equations) >= SMALL, (organisation, cell, n)
