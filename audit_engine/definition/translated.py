"""How does one text carry its translations, so that whoever reads it as text sees the English?"""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH = "en"
LANGUAGE = "[a-z]{2,3}"


class Translated(str):
    """A text, English at first, that knows itself in other languages (``others``: language code to text)."""

    others: Mapping[str, str]

    def __new__(cls, text: str, others: Mapping[str, str]) -> Translated:
        """Return the text with its translations."""
        made = super().__new__(cls, text)
        made.others = others
        return made

    def in_language(self, now: str, wanted: str) -> Translated:
        """Return the text in the language wanted, itself where it is not there; ``now`` is the one it stands in."""
        if wanted not in self.others:
            return self
        others = {language: text for language, text in self.others.items() if language != wanted}
        return Translated(self.others[wanted], {**others, now: str(self)})

    def __getnewargs__(self) -> tuple[str, Mapping[str, str]]:  # type: ignore[override]
        """Return what a copy is made of."""
        return str(self), self.others
