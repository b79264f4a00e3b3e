"""How does an earlier answer, or a text of the area, come to stand in a question?

Plain replacement of ``{answer:ID}`` and ``{area.NAME}``; nothing is evaluated,
and what is put in is text that the page escapes like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

AREA_TEXTS = ("name", "lado", "escalation", "front_door", "thresholds")

_PLACEHOLDER = re.compile(r"\{([^{}\n]{0,80})\}")
_ANSWER = "answer:"
_AREA = "area."


def placeholders(text: str) -> tuple[str, ...]:
    """Return what stands between braces, in order."""
    return tuple(_PLACEHOLDER.findall(text)) if "{" in text else ()


def asked_answer(placeholder: str) -> str | None:
    """Return the id of ``answer:ID``, or None for another placeholder."""
    return placeholder.removeprefix(_ANSWER).strip() if placeholder.startswith(_ANSWER) else None


def is_area_text(placeholder: str) -> bool:
    """Tell whether it is ``area.NAME`` with a name that areas have."""
    return placeholder.startswith(_AREA) and placeholder.removeprefix(_AREA) in AREA_TEXTS


def filled(text: str, answers: Mapping[str, str], area: Mapping[str, str]) -> str:
    """Return the text with answers (by item id) and area texts (by name) put in; "..." for what is not there."""
    if "{" not in text:
        return text

    def replacement(match: re.Match[str]) -> str:
        placeholder = match.group(1)
        item = asked_answer(placeholder)
        if item is not None:
            return answers.get(item) or "..."
        if is_area_text(placeholder):
            return area.get(placeholder.removeprefix(_AREA)) or "..."
        return match.group()

    return _PLACEHOLDER.sub(replacement, text)
