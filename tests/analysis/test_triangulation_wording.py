"""Are the sentences questions for a panel, with every number traced, and never an accusation?"""

from __future__ import annotations

import re

import pytest

from audit_engine.analysis.disclosure import Released
from audit_engine.analysis.figures import register
from audit_engine.analysis.triangulation import ASSURANCE, CLASSES
from audit_engine.analysis.triangulation_json import COLUMNS, as_json, rows_of
from audit_engine.analysis.triangulation_values import Triangulation
from audit_engine.analysis.triangulation_wording import (
    ASSURANCE_LABELS,
    ASSURANCE_MEANINGS,
    CLASS_LABELS,
    CLASS_MEANINGS,
    LETTERS,
    LIMITS,
    PATTERNS,
    SHORT_LABELS,
    SLUGS,
    agency_sentence,
    cell_sentences,
    overall_sentences,
)
from audit_engine.analysis.wording import BANNED
from tests.analysis.beside import counted, from_teams, said, together, view, views_of
from tests.analysis.by_hand import ratings

FIXED = {name: pattern.fixed_words for name, pattern in PATTERNS.items()}
FIXED |= {f"class {name}": words for name, words in {**CLASS_LABELS, **CLASS_MEANINGS}.items()}
FIXED |= {f"meaning {name}": words for name, words in {**CLASS_MEANINGS, **ASSURANCE_MEANINGS}.items()}
FIXED |= {"limits": LIMITS}
ACCUSING = ("fail", "failed", "false", "wrong", "lie", "overclaim", "untrue", "dishonest", "poor", "worst", "best")


@pytest.mark.parametrize("name", FIXED)
def test_no_words_hold_a_literal_digit(name: str) -> None:
    assert not re.search(r"\d", FIXED[name])


@pytest.mark.parametrize("name", FIXED)
def test_no_words_claim_more_than_counts_show_or_accuse(name: str) -> None:
    for word in (*BANNED, *ACCUSING):
        assert not re.search(rf"\b{word}\b", FIXED[name], re.IGNORECASE) or word == "lie", word


@pytest.mark.parametrize("name", FIXED)
def test_no_words_are_those_that_only_the_code_knows(name: str) -> None:
    for word in ("item", "option", "counts_as", "lineage", "response", "cycle", "cohort"):
        assert not re.search(rf"\b{word}s?\b", FIXED[name], re.IGNORECASE), word


@pytest.mark.parametrize("name", PATTERNS)
def test_sentences_are_short_enough_to_read(name: str) -> None:
    assert max(len(sentence.split()) for sentence in re.split(r"[.:;]\s", PATTERNS[name].words)) <= 40


def test_every_class_and_level_has_its_words() -> None:
    for labels in (CLASS_LABELS, SHORT_LABELS, CLASS_MEANINGS, LETTERS):
        assert set(labels) == set(CLASSES)
    assert set(SLUGS.values()) == set(CLASSES)
    assert len(set(LETTERS.values())) == len(CLASSES), "readable in black and white"
    for levels in (ASSURANCE_LABELS, ASSURANCE_MEANINGS):
        assert set(levels) == set(ASSURANCE)


def every_class() -> Triangulation:
    """Return one organisation of each class, and one whose answers came from one team."""
    rated = ratings(
        views_of({"A.1": (view(),)}),
        {"c": ["M"], "m": ["M"], "q": ["M"], "s": ["P"], "g": ["N"], "p": ["P"], "f": ["M"], "x": ["NA"], "t": ["M"]},
    )
    tallies = {
        "c": said(45, 5), "m": said(8, 3), "q": said(10, 40), "s": said(45, 5), "g": said(5, 45), "p": said(30, 20),
        "f": said(3, 2), "x": said(45, 5), "t": said(45, 5) | from_teams(40, 10), "other": said(4, 4),
    }  # fmt: skip
    return together(rated, counted(tallies))


def told(found: Triangulation, organisation: str) -> str:
    (criterion,) = found.criteria
    one = found.organisation(organisation)
    assert one is not None
    return " ".join(s.text for s in cell_sentences(one, criterion, found.cells[organisation, criterion.id]))


def test_each_class_has_a_sentence_and_what_is_not_compared_has_none() -> None:
    found = every_class()
    assert "consistent with the rating" in told(found, "c")
    assert "too few answers" in told(found, "m") or "so few answers" in told(found, "m")
    assert "it is a question for the panel" in told(found, "q")
    assert "higher than the organisation's own rating suggests" in told(found, "s")
    assert "see the same gap" in told(found, "g")
    assert "not so few as to speak against partly met" in told(found, "p")
    assert "too few to compare" in told(found, "f")
    assert "Not this organisation: of its sector's staff" in told(found, "f")
    assert told(found, "x") == ""
    assert "answered from one team, Day team" in told(found, "t")


def test_a_sentence_names_the_question_that_gave_the_class() -> None:
    counts = said(40, 10, item="ss.1") | said(5, 45, item="ss.2")
    needed = (view("ss.1", role="all-needed"), view("ss.2", role="all-needed"))
    rated = ratings(views_of({"A.1": needed}), {"otters": ["M"]})
    assert "5 of 50 of its staff (10%)" in told(together(rated, counted({"otters": counts}, "ss.1", "ss.2")), "otters")


def test_every_number_of_every_sentence_is_one_registered_figure() -> None:
    found = every_class()
    sentences = [s for row in found.rows() for s in cell_sentences(*row)]
    sentences += [agency_sentence(o, found.by_organisation[o.id]) for o in found.organisations]
    sentences += overall_sentences(found)
    register(figure for sentence in sentences for figure in sentence.figures)
    for sentence in sentences:
        words = "".join(piece.text for piece in sentence.pieces if piece.kind == "words")
        assert not re.search(r"\d", words), sentence.text


def test_where_nothing_could_be_compared_no_chance_is_spoken_of() -> None:
    rated = ratings(views_of({"A.1": (view(),)}), {"otters": ["M"]})
    (sentence,) = overall_sentences(together(rated, counted({"otters": said(4)})))
    assert sentence.text == "No comparison could be made."


def test_the_flags_that_chance_would_give_are_rounded_up() -> None:
    sentence = overall_sentences(every_class())[-1].text
    assert sentence.startswith("7 comparisons were made.")
    assert "chance alone would show up to 1 as claimed but not seen" in sentence


def test_flat_rows_have_the_columns_and_json_the_cells() -> None:
    found = every_class()
    assert all(len(row) == len(COLUMNS) for row in rows_of(found))
    plain = as_json(found)
    assert len(plain["cells"]) == len(list(rows_of(found))) == 9  # type: ignore[arg-type]
    assert not any(isinstance(value, Released) for value in plain.values())
