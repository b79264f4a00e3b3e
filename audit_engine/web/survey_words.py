"""What does a survey promise, and how is a person spoken to who answers one?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit_engine.definition.questionnaire import Anonymity
    from audit_engine.response.child_named import Sign
    from audit_engine.services.take_survey import SurveyDoor


@dataclass(frozen=True, slots=True)
class Promise:
    """What page one says about names; ``points`` are sentences."""

    title: str
    points: tuple[str, ...]


_NOT_KEPT = (
    "Your name, your e-mail address, your device and the time of day are not kept with your answers. Nobody signs in."
)
_WORDS = "What you write in your own words is kept apart from your other answers, and a few named people read it first."
PROMISES: Mapping[Anonymity, Promise] = {
    "anonymous": Promise(
        "Nobody can tell which answers are yours",
        (
            _NOT_KEPT,
            "Answers are only shown counted together. No result is shown for fewer than 11 people.",
            _WORDS,
        ),
    ),
    "confidential": Promise(
        "Your answers are kept in confidence",
        (_NOT_KEPT, "They are read by the people who run this survey and by nobody else.", _WORDS),
    ),
    "named": Promise(
        "Your answers count for your organisation",
        (_NOT_KEPT, "They are shown beside the name of your organisation, never beside yours.", _WORDS),
    ),
    "private": Promise(
        "Your answers stay with you",
        (_NOT_KEPT, "They are not counted with anybody else’s and not shown to anybody.", _WORDS),
    ),
}
UNSENT = (
    "Until you send them, your answers are locked with a code that only you have. "
    "What is not sent within 14 days is deleted."
)
# What stands in the box after "This is not the place to report a child at risk".
NOT_HERE = ". If you are worried about a child now, follow your safeguarding procedure today. In an emergency call 999."
_SAYS_NOT_HERE = re.compile(r"This\s+is\s+not\s+the\s+place\s+to\s+report\s+a\s+child\s+at\s+risk([.:].*)", re.DOTALL)
LANGUAGES: Mapping[str, str] = {
    "en": "English", "cy": "Cymraeg", "pl": "Polski", "ro": "Română", "ne": "नेपाली", "fr": "Français",
    "de": "Deutsch", "es": "Español", "pt": "Português", "uk": "Українська", "ar": "العربية", "ur": "اردو",
    "sk": "Slovenčina", "lt": "Lietuvių", "bg": "Български", "hu": "Magyar", "it": "Italiano", "tr": "Türkçe",
}  # fmt: skip
LOOKS_LIKE: Mapping[Sign, str] = {
    "names": "It looks as if this names a child.",
    "describes": "It looks as if this describes a child who could be recognised.",
    "identifies": "It looks as if this holds a number, a date of birth or a postcode by which a child could be found.",
}
CHANGE_OR_KEEP = "Please take that out. If it is not so, keep it as it is and continue."


def parted(introduction: str) -> tuple[str, str]:
    """Return an introduction without its word on where a child at risk is reported, and that word for the box.

    So a page says it once, in the survey's own words where it has some.
    """
    paragraphs, own = [], ""
    for paragraph in re.split(r"\n\s*\n", introduction.strip()):
        if found := _SAYS_NOT_HERE.search(paragraph):
            own, paragraph = " ".join(found[1].split()), paragraph[: found.start()].strip()
        paragraphs += [paragraph] if paragraph else []
    return ("\n\n".join(paragraphs), own) if own else (introduction, NOT_HERE)


def promise_of(anonymity: Anonymity, door: SurveyDoor) -> Promise:
    """Return what is promised behind a link, and what the link itself tells."""
    promise = PROMISES[anonymity]
    more = []
    if door.organisation:
        more.append(f"The link tells us that you answer for {door.organisation}, and nothing else.")
    if door.kind == "one-use link":
        more.append("Your link can be used once. Which link went to whom is not kept.")
    return Promise(promise.title, (*promise.points, *more))


def language_name(code: str) -> str:
    """Return what speakers of a language call it."""
    return LANGUAGES.get(code, code)
