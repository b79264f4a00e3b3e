"""Does a text look as if it tells who a child is?

It only looks at patterns, so it finds what people write without thinking and
misses what somebody hides.  For free text it is a warning, never a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*"
_DAY = re.compile(
    rf"\b\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}\s+\d{{2,4}}\b",
    re.IGNORECASE,
)
_BORN = re.compile(r"\b(?:born|birthday|d\.?o\.?b\.?|date of birth)\b", re.IGNORECASE)
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_WORD = re.compile(r"[^\W\d_][^\W\d_'’-]+")
# Words of a reference that name nobody.
_PLAIN = frozenset(
    {"audit", "case", "child", "cin", "cla", "cpp", "early", "ehcp", "episode", "family", "file", "help", "lac",
     "number", "panel", "plan", "record", "ref", "reference", "referral", "request", "school", "social", "sample",
     "team", "unit", "and", "the", "for", "of"}
)  # fmt: skip
_WEIGHTS = range(10, 1, -1)
BIRTH = "a date of birth"
NHS = "an NHS number"
POSTCODE = "a postcode"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is wrong with a reference; ``certain`` where it cannot stand whatever anybody says."""

    sentence: str
    certain: bool


def doubt_about(reference: str) -> Doubt | None:
    """Return what speaks against a reference of a case, or None."""
    if "@" in reference:
        return Doubt("This looks like an e-mail address. Use a number or code that only you can trace.", True)
    told = next(_certain(reference), "")
    if told:
        return Doubt(f"This looks like {told}. Use a number or code that only your organisation can trace.", True)
    words = [w for w in _WORD.findall(reference) if w.lower() not in _PLAIN]
    if len(words) > 1 or (words and not any(c.isdigit() for c in reference) and len(words[0]) > 2):
        return Doubt("This looks like a name. Use a number or code that only your organisation can trace.", False)
    return None


def _certain(reference: str) -> Iterator[str]:
    if _DAY.search(reference):
        yield BIRTH
    if any(map(is_nhs_number, _TEN_DIGITS.findall(reference))):
        yield NHS
    if _POSTCODE.search(reference):
        yield POSTCODE


def identifying(text: str) -> tuple[str, ...]:
    """Return what a free text seems to hold, in words such as "an NHS number"; () for nothing."""
    born = _BORN.search(text) is not None and _DAY.search(text) is not None
    nhs = any(map(is_nhs_number, _TEN_DIGITS.findall(text)))
    found = ((BIRTH, born), (NHS, nhs), (POSTCODE, _POSTCODE.search(text) is not None))
    return tuple(what for what, there in found if there)


def is_nhs_number(text: str) -> bool:
    """Tell whether ten digits, in any grouping, have the check digit of an NHS number (modulus 11)."""
    digits = [int(c) for c in text if c.isdigit()]
    if len(digits) != 10:
        return False
    check = -sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11
    return check == digits[9]
