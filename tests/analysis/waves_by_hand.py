"""Small surveys answered by so many people each way, so that a test shows all its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from audit_engine.analysis.breakdown import Breakdown, release_groups
from audit_engine.analysis.disclosure import Audience, Counts
from audit_engine.analysis.survey import (
    GroupResults,
    QuestionResult,
    SurveyResults,
    asked_of,
    counts_of,
    reply_counts,
)
from audit_engine.analysis.survey_codes import Tally
from audit_engine.analysis.survey_marks import counted, marks_of, questions_of
from audit_engine.analysis.waves import Wave
from audit_engine.definition.applicability import resolved
from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Questionnaire
from tests.sound import sound_questionnaire

HEAD = """
questionnaire: pulse
version: "{version}"
title: Pulse {version}
standing: model content
kind: survey
respondent: person
{continues}sections:
  - id: all
    title: All
    items:
"""
ROLE = """
      - {{id: p.1, type: single-choice, text: Your role?, profile: true, breakdown: true, {lineage}
         options: [{{id: front, label: Front line}}, {{id: lead, label: Lead}}, {{id: support, label: Support}}]}}
"""
KNOW = """
      - {{id: p.2, type: single-choice, text: Did you know of the policy?, {lineage}
         options: [{{id: "yes", label: "Yes", favourable: true}}, {{id: "no", label: "No"}}]}}
"""
Replies = Sequence[tuple[int, Mapping[str, object]]]


def survey(version: str, *items: str, continues: str = "") -> Questionnaire:
    """Return a version of the survey out of its items' YAML; with ``continues`` they are the same as before."""
    lineage = "lineage: {relation: same}," if continues else ""
    head = HEAD.format(version=version, continues=f'continues: "{continues}"\n' if continues else "")
    return sound_questionnaire(head + "".join(item.format(lineage=lineage) for item in items))


def wave(
    questionnaire: Questionnaire, replies: Replies, *, by: str = "", audience: Audience = "panel", year: int = 0
) -> Wave:
    """Return a wave of replies, each (how many people, what they answered); "p_1" stands for item p.1."""
    tallies: dict[str, Counter[tuple[str, str]]] = {"": Counter()}
    for people, typed in replies:
        values = {name.replace("_", "."): value for name, value in typed.items()}
        parsed = {id_: _parsed(questionnaire, id_, value) for id_, value in values.items()}
        marks = marks_of(questionnaire, resolved(questionnaire, {}, parsed), date(2026, 1, 1))
        for tally in (tallies[""], tallies.setdefault(str(values.get(by, "?")), Counter())):
            for one in counted(marks):
                tally[one] += people
    whole = tallies.pop("")
    tallies.pop("?", None)
    labels = _labels(questionnaire, by)
    groups = {mark: tallies.get(mark, Counter()) for mark in labels}
    found = [
        (q, asked_of(q, questionnaire), _breakdown(partial(counts_of, q), whole, groups, audience))
        for q in questions_of(questionnaire)
    ]
    all_replies = _breakdown(reply_counts, whole, groups, audience)
    results = SurveyResults(
        title=questionnaire.title, cycle=f"pulse-{questionnaire.version}", questionnaire=questionnaire,
        organisation="", by=by, replies=all_replies.whole, took_part="", score=None, texts_waiting=0,
        questions=tuple(QuestionResult(q, of, one.whole) for q, of, one in found),
        groups=tuple(
            GroupResults(g, labels[g], all_replies.groups[g],
                         tuple(QuestionResult(q, of, one.groups[g]) for q, of, one in found))
            for g in groups
        ),
    )  # fmt: skip
    return Wave(questionnaire.version, year or int(questionnaire.version), results)


def _parsed(questionnaire: Questionnaire, item_id: str, typed: object) -> object:
    item = questionnaire.items_by_id[item_id]
    return ITEM_TYPES[item.type].parse(typed, item)


def _labels(questionnaire: Questionnaire, by: str) -> dict[str, str]:
    return {o.id: o.label for o in questionnaire.items_by_id[by].options} if by else {}


def _breakdown(
    counts: Callable[[Tally], Counts], whole: Tally, groups: Mapping[str, Tally], audience: Audience
) -> Breakdown:
    return release_groups(counts(whole), {name: counts(tally) for name, tally in groups.items()}, audience)
