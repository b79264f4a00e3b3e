"""How does one text carry its translations, so that whoever reads it as text sees the English?"""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH = "en"


class Translated(str):
    """An English text that knows itself in other languages (``others``: language code to text)."""

    others: Mapping[str, str]

    def __new__(cls, english: str, others: Mapping[str, str]) -> Translated:
        """Return the text with its translations."""
        text = super().__new__(cls, english)
        text.others = others
        return text

    def __getnewargs__(self) -> tuple[str, Mapping[str, str]]:  # type: ignore[override]
        """Return what a copy is made of."""
        return str(self), self.others
