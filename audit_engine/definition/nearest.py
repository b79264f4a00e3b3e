"""Which known word did the author probably mean?"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST_CANDIDATES = 200


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word closest to ``word``, or None where none is close."""
    by_folded = {name.casefold(): name for name in known if abs(len(name) - len(word)) <= 3}
    folded = word.casefold()
    if folded in by_folded:
        return by_folded[folded]
    candidates = [name for name in by_folded if set(name) & set(folded)][:MOST_CANDIDATES]
    close = get_close_matches(folded, candidates, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean “x”?`` or '' where nothing is close."""
    close = nearest(word, known)
    return f" Did you mean “{close}”?" if close else ""


def listed(words: Iterable[str], joiner: str = "and") -> str:
    """Return ``a, b and c``."""
    every = list(words)
    if len(every) < 2:
        return "".join(every)
    return f"{', '.join(every[:-1])} {joiner} {every[-1]}"


def shortened(text: str, limit: int = 60) -> str:
    """Return the text in one line, cut to ``limit`` characters with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
