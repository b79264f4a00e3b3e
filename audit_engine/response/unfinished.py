"""What did somebody type that is no answer yet, and what is wrong with it?

An answer keeps it as one text, so that nothing that was typed is lost when
the page is left: a day that does not exist, a number that is none, a text
that is too long.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Unfinished:
    """One part of a question's form: ``part`` is '' for the answer itself, else as the form calls it.

    ``typed`` is what stood in its boxes: a text, a list of texts, or texts by
    box; ``sentence`` says what is wrong.
    """

    part: str
    typed: object
    sentence: str


def written(parts: Iterable[Unfinished]) -> str:
    """Return the parts as the text that an answer keeps; '' for none."""
    rows = [[one.part, one.typed, one.sentence] for one in parts]
    return json.dumps(rows) if rows else ""


@lru_cache(maxsize=64)
def unfinished_in(text: str) -> tuple[Unfinished, ...]:
    """Return the parts that an answer keeps."""
    return tuple(Unfinished(part, typed, sentence) for part, typed, sentence in json.loads(text)) if text else ()
