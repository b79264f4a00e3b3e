"""Which characters may a text have in an XML file, and how are they written?"""

from __future__ import annotations

import re

# XML 1.0 section 2.2 names what a file may hold; the rest cannot even be escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Direction overrides in an answer would turn round the text that follows it.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def clean(text: str) -> str:
    """Return the text without what XML forbids; a lone surrogate becomes the replacement character."""
    if text.isascii() and text.isprintable():
        return text
    readable = _FORBIDDEN.sub("", _SURROGATE.sub("\ufffd", text))
    return _DIRECTION.sub("", readable).replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")


def escaped(text: str) -> str:
    """Return the cleaned text, ready to stand in an element or in a double-quoted attribute."""
    return clean(text).translate(_ESCAPES)


def one_line(text: str) -> str:
    """Return the cleaned text with every run of white space as one blank."""
    return " ".join(clean(text).split())
