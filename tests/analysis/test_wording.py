from __future__ import annotations

import re

import pytest

from audit_engine.analysis.figures import count_figure, share_figure
from audit_engine.analysis.sentences import BadSlot, Names, Pattern, Ref, Sentence, joined
from audit_engine.analysis.wording import BANNED, PATTERNS, say


def pattern(words: str, **slots: object) -> Sentence:
    return Sentence(Pattern("test", words), tuple(slots.items()))  # type: ignore[arg-type]


def count(value: int) -> object:
    return count_figure("k", value, "a table")


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_holds_a_literal_digit(name: str) -> None:
    assert not re.search(r"\d", PATTERNS[name].fixed_words)


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_claims_more_than_counts_show(name: str) -> None:
    for word in BANNED:
        assert not re.search(rf"\b{word}\b", PATTERNS[name].fixed_words, re.IGNORECASE), word


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_uses_a_word_that_only_the_code_knows(name: str) -> None:
    for word in ("item", "option", "counts_as", "lineage", "response", "cycle", "cohort"):
        assert not re.search(rf"\b{word}s?\b", PATTERNS[name].fixed_words, re.IGNORECASE), word


@pytest.mark.parametrize("name", PATTERNS)
def test_sentences_are_short_enough_to_read(name: str) -> None:
    sentences = re.split(r"[.:;]\s", PATTERNS[name].words)
    assert max(len(sentence.split()) for sentence in sentences) <= 40


def test_words_follow_the_count() -> None:
    words = "{k} {k:organisation is|organisations are} late."
    assert pattern(words, k=count(1)).text == "1 organisation is late."
    assert pattern(words, k=count(0)).text == "0 organisations are late."


def test_a_small_count_may_stand_in_words_and_opens_with_a_capital() -> None:
    assert pattern("{k!w} {k:criterion|criteria} changed.", k=count(3)).text == "Three criteria changed."
    assert pattern("{k!w} {k:criterion|criteria} changed.", k=count(12)).text == "12 criteria changed."


def test_a_change_may_lose_its_sign() -> None:
    assert pattern("a net fall of {k!a}", k=count(-1200)).text == "A net fall of 1,200"


def test_every_stretch_says_what_it_is() -> None:
    sentence = pattern(
        "{k} of {names} met {ref}.", k=count(2), names=Names(("Unit 7", "B", "C")), ref=Ref("IS.3"), unused=count(2)
    )
    assert [(piece.text, piece.kind, piece.figure) for piece in sentence.pieces] == [
        ("2", "figure", "k"), (" of ", "words", None), ("Unit 7, B and C", "name", None), (" met ", "words", None),
        ("IS.3", "ref", None), (".", "words", None),
    ]  # fmt: skip
    assert sentence.figure_ids == ("k",)


def test_a_slot_without_a_figure_is_an_error() -> None:
    with pytest.raises(BadSlot, match="slot 'k' of the pattern 'test' was given nothing"):
        pattern("{k} late.")


def test_a_word_cannot_follow_something_that_is_no_count() -> None:
    share = share_figure("s", 1, 3, "a table")
    with pytest.raises(BadSlot, match="needs a count"):
        _ = pattern("{k} {k:return|returns}", k=share).text


def test_sentences_can_be_joined() -> None:
    assert joined(Pattern("a", "One."), Pattern("b", "Two.")).words == "One. Two."


def test_names_are_listed_as_people_do() -> None:
    assert say("not-returned", r=count_figure("r", 2, "t"), names=Names(("A", "B"))).text == "2 did not: A and B."
    assert pattern("{n}", n=Names(("A",))).text == "A"
    assert pattern("none{n}", n=Names(())).text == "None"
