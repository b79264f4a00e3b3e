"""Does any text survive as a readable part of an XML file?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from audit_engine.reports.xml_text import clean, escaped, one_line

ANY_TEXT = st.text(st.characters(blacklist_categories=()), max_size=60)


@given(ANY_TEXT)
def test_any_text_can_stand_in_an_element_and_in_an_attribute(words: str) -> None:
    parsed = etree.fromstring(f'<a b="{escaped(words)}">{escaped(words)}</a>')
    assert (parsed.text or "") == clean(words)


def test_what_xml_forbids_is_taken_out_and_a_lone_surrogate_is_shown_as_unreadable() -> None:
    assert clean("a\x00b\x0bc\ufffe\ud800d") == "abc\ufffdd"


def test_the_end_of_a_marked_section_is_escaped() -> None:
    assert escaped("]]>") == "]]&gt;"


def test_a_direction_override_cannot_turn_round_the_text_behind_it() -> None:
    assert clean("ab\u202ecd\u2066ef") == "abcdef"


def test_arabic_and_emoji_stay_as_they_are() -> None:
    assert clean("سلام 👋🏽") == "سلام 👋🏽"


def test_every_kind_of_line_end_becomes_one() -> None:
    assert clean("a\r\nb\rc\x85d") == "a\nb\nc\nd"
    assert one_line(" a\r\n\tb ") == "a b"
