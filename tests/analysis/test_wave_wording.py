"""Do the sentences about waves claim no more than the methods permit?"""

from __future__ import annotations

import re

import pytest

from audit_engine.analysis.wave_change import WORDS
from audit_engine.analysis.wave_wording import WAVE_PATTERNS
from audit_engine.analysis.wording import BANNED

CODE_WORDS = ("item", "option", "counts_as", "lineage", "response", "cycle", "cohort")


@pytest.mark.parametrize("name", WAVE_PATTERNS)
def test_no_figure_is_typed_into_a_pattern(name: str) -> None:
    assert not re.search(r"\d", WAVE_PATTERNS[name].fixed_words)


@pytest.mark.parametrize("name", WAVE_PATTERNS)
def test_no_pattern_uses_a_banned_word_or_one_that_only_the_code_knows(name: str) -> None:
    for word in (*BANNED, *(f"{one}s?" for one in CODE_WORDS)):
        assert not re.search(rf"\b{word}\b", WAVE_PATTERNS[name].fixed_words, re.IGNORECASE), word


@pytest.mark.parametrize("verdict", WORDS)
def test_every_verdict_has_its_words_and_none_is_banned(verdict: str) -> None:
    assert verdict == "not-directly-comparable" or f"wave-{verdict}" in WAVE_PATTERNS
    for word in BANNED:
        assert not re.search(rf"\b{word}\b", WORDS[verdict]), word  # type: ignore[index]


@pytest.mark.parametrize("verdict", ["rose", "fell", "may-have-risen", "may-have-fallen", "no-clear-evidence"])
def test_a_series_has_a_sentence_for_every_verdict(verdict: str) -> None:
    assert f"series-{verdict}" in WAVE_PATTERNS


def test_wherever_no_clear_evidence_is_found_the_detectable_size_stands_beside_it() -> None:
    assert "mde" in WAVE_PATTERNS["wave-no-clear-evidence"].slots
    assert "mde" in WAVE_PATTERNS["wave-others"].slots
