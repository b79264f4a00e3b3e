from __future__ import annotations

import copy
import pickle

import pytest

from audit_engine.definition.languages import UnknownLanguage, in_language
from audit_engine.definition.translated import Translated
from tests.definition.small import SMALL, changed, sound

ENGLISH = sound(
    changed(
        ("title: Small audit", "title: {en: Small audit, cy: Archwiliad bach}\nlanguages: [en, cy]"),
        ("label: Met,", "label: {en: Met, cy: Wedi'i fodloni},"),
        ("text: The first thing is done", "text: {en: The first thing is done, cy: Mae'r peth cyntaf wedi'i wneud}"),
        (
            "tags: [one]",
            "variants: [{when: organisation.staff == 1, text: {en: You do it, cy: Chi}}]\n        tags: [one]",
        ),
        ("title: First standard", "title: {en: First standard, cy: Safon gyntaf}"),
    )
)
WELSH = in_language(ENGLISH, "cy")


def test_every_translated_text_is_shown_in_its_language() -> None:
    assert WELSH.title == "Archwiliad bach"
    assert WELSH.sections[0].title == "Safon gyntaf"
    item = WELSH.items_by_id["t.1"]
    assert item.text == "Mae'r peth cyntaf wedi'i wneud"
    assert item.variants[0].text == "Chi"
    assert item.options[0].label == "Wedi'i fodloni"
    assert WELSH.scales[0].options[0].label == "Wedi'i fodloni"


def test_what_is_not_translated_stays_in_english() -> None:
    assert WELSH.items_by_id["t.2"].text == "Is there more?"
    assert WELSH.items_by_id["t.1"].options[1].label == "Partially met"


def test_the_answers_of_the_language_itself_are_translated_too() -> None:
    assert [option.label for option in WELSH.items_by_id["t.2"].options] == ["Ie", "Na", "Ddim yn siŵr"]


def test_the_content_is_the_same_and_yet_not_the_same_value() -> None:
    assert WELSH.content_hash == ENGLISH.content_hash
    assert (ENGLISH.language, WELSH.language) == ("en", "cy")
    assert hash(WELSH) != hash(ENGLISH)
    assert WELSH != ENGLISH
    assert WELSH.grades is not None
    assert WELSH.items_by_id["t.1"].variants[0].when == ENGLISH.items_by_id["t.1"].variants[0].when


def test_one_can_go_back_to_english() -> None:
    assert in_language(WELSH, "en") == ENGLISH
    assert in_language(ENGLISH, "en") is ENGLISH
    assert in_language(WELSH, "cy") is WELSH


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownLanguage, match=r"small@2 is not there in “fr”\. It is there in en and cy"):
        in_language(ENGLISH, "fr")
    with pytest.raises(UnknownLanguage, match="It is there in en"):
        in_language(sound(SMALL), "cy")


def test_a_translated_text_survives_copying() -> None:
    text = Translated("One", {"cy": "Un"})
    for again in (pickle.loads(pickle.dumps(text)), copy.copy(text), copy.deepcopy(text)):
        assert (again, again.others) == ("One", {"cy": "Un"})
