"""What kind of questionnaire is a text, before it is read whole?"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A key of the file itself stands at the margin: whatever lies within another is indented.
_KEYS = re.compile(r"^(kind|respondent|anonymity):[ \t]*[\"']?([a-z-]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Headline:
    """The keys that say what a questionnaire is; '' for one that the file leaves out."""

    kind: str
    respondent: str = ""
    anonymity: str = ""

    @property
    def is_survey(self) -> bool:
        """Tell whether it is a survey, or people answer it, each for themselves."""
        return self.kind == "survey" or self.respondent == "person"

    @property
    def is_of_settings(self) -> bool:
        """Tell whether schools and other settings start it for themselves."""
        return self.kind == "self-audit" or (self.kind == "audit" and self.anonymity == "confidential")

    @property
    def is_of_cases(self) -> bool:
        """Tell whether it is answered once for each case."""
        return self.kind == "case-audit" or self.respondent == "case"


def headline_of(text: str) -> Headline | None:
    """Return what a text says of itself; None where it is not written as our files are."""
    found = dict(_KEYS.findall(text))
    return Headline(**found) if "kind" in found else None
