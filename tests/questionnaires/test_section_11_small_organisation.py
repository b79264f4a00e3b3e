"""Does the short check for small organisations ask, in plain words, what the full Section 11 audit asks?"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from audit_engine.definition.applicability import asked
from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.definition.worked_examples import run_example

LIBRARY = Library(Path(__file__).parents[2])
LEGAL_WORDS = ("statutory", "legislation", "section", "act", "duty", "lawful", "pursuant", "regulation", "compliance")
NOTES_CRITICAL = {"s11.LG.1", "s11.CU.1", "s11.IR.2", "s11.SR.3", "s11.SR.8", "s11.AL.1"}


@cache
def small() -> Questionnaire:
    return LIBRARY.load("section-11-small-organisation", "2026")


@cache
def full() -> Questionnaire:
    return LIBRARY.load("section-11", "2026")


def test_the_file_has_neither_faults_nor_warnings() -> None:
    reading = LIBRARY.reading(LIBRARY.path_of("section-11-small-organisation", "2026"))
    assert [str(told) for told in (*reading.faults, *reading.warnings)] == []


def test_the_worked_example_comes_to_what_it_says() -> None:
    found = {e.title: run_example(small(), e) for e in small().examples}
    assert found and not any(found.values()), found


def test_there_are_twenty_criteria_in_five_sections() -> None:
    assert [i.id for i in small().criteria] == [f"s11s.{n}" for n in range(1, 21)]
    assert small().criteria == small().items
    assert [len(s.items) for s in small().sections] == [4, 2, 5, 5, 4]


def test_each_mirrors_criteria_of_the_full_audit_and_none_twice() -> None:
    mirrored = [id_ for i in small().items for id_ in i.mirrors]
    assert all(i.mirrors for i in small().items)
    assert len(mirrored) == len(set(mirrored)) == 21
    assert set(mirrored) <= {c.id for c in full().criteria}


def test_every_critical_criterion_is_mirrored_and_stays_critical() -> None:
    assert {c.id for c in full().criteria if c.critical} >= NOTES_CRITICAL
    assert {id_ for i in small().items if i.critical for id_ in i.mirrors} == NOTES_CRITICAL


def test_what_is_universal_there_is_universal_here() -> None:
    for item in small().items:
        universal = any(full().items_by_id[id_].universal for id_ in item.mirrors)
        assert item.universal is universal, item.id


def test_four_plain_answers_count_as_the_three_of_the_full_audit() -> None:
    for item in small().items:
        assert {o.label: o.counts_as for o in item.options} == {
            "Yes, fully": "met",
            "Partly": "partly-met",
            "Not yet": "not-met",
            "Does not apply to us": "not-applicable",
        }


def test_only_a_next_step_is_asked_for_and_only_where_it_is_partly_or_not_yet() -> None:
    for item in small().items:
        assert set(item.action.required_when) == {"partly", "not-yet"}
        assert not item.commentary.required_when and not item.evidence.prompt and not item.law


def test_there_are_no_legal_words() -> None:
    shown = [small().title, small().introduction, small().declaration, small().closing]
    shown += [t for i in small().items for t in (i.text, i.guidance, i.good_evidence)]
    words = set(re.findall(r"[a-z]+", " ".join(shown).lower()))
    assert not {f"{w}s" for w in LEGAL_WORDS} & words
    assert not (set(LEGAL_WORDS) - {"act"}) & words
    assert not re.search(r"\bAct\b", " ".join(shown))


def test_texts_are_short_enough_to_read_once() -> None:
    for item in small().items:
        assert len(item.text) <= 140 and item.text.endswith("."), item.id
        assert max(len(item.guidance), len(item.good_evidence)) <= 240, item.id


def test_lettings_are_asked_about_only_where_rooms_or_money_are_given() -> None:
    assert not asked(small(), {"lets_or_grants": False}, {})["s11s.20"].asked
    assert all(state.asked for state in asked(small(), {"lets_or_grants": True}, {}).values())


def test_it_is_named_model_content_and_no_place_to_report() -> None:
    found = small()
    assert (found.kind, found.anonymity, found.standing, found.minutes) == ("audit", "named", "model content", 30)
    assert "This is not the place to report a child at risk" in " ".join(found.introduction.split())


def test_the_area_s_contacts_are_put_in() -> None:
    guidance = " ".join(i.guidance for i in small().items)
    assert all(f"{{area.{name}}}" in guidance for name in ("front_door", "lado", "escalation"))
