"""What does a message about a survey say?

Somebody writes the subject and the opening words; what follows is ours, so
that the link, the closing date and the promise are always there and right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from audit_engine.services.survey_words import SurveySaid, about, day_in_words


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about: the survey, whose link it is ('' everybody's), the link, and whom to ask.

    ``first_on`` and ``first_subject`` are of the invitation that a reminder
    reminds of.
    """

    survey: SurveySaid
    organisation: str
    link: str
    contact: str
    first_on: date | None = None
    first_subject: str = ""


def paragraphs(kind: str, purpose: str, words: str, what: About) -> tuple[str, ...]:
    """Return a message's paragraphs: the opening words, then what every such message says."""
    opening = tuple(" ".join(line.strip() for line in p.splitlines()) for p in words.split("\n\n") if p.strip())
    return (*opening, *_BODIES[kind, purpose](what), *_questions(what))


def _to_contacts(what: About) -> tuple[str, ...]:
    whom = f"everybody who works for {what.organisation}" if what.organisation else "your colleagues"
    return f"Please pass this link on to {whom}:", what.link, *about(what.survey)


def _reminder_to_contacts(what: About) -> tuple[str, ...]:
    return (
        "This reminder goes to everybody who had our first message, whether many or few of their colleagues have "
        "answered. We cannot see who has. If you have passed the link on already, thank you: a word to colleagues is "
        "all that is left to do, and nobody needs to say whether they have answered.",
        *_to_contacts(what),
    )


def _to_people(what: About) -> tuple[str, ...]:
    return (
        "This link is yours and serves once. Please do not pass it on:",
        what.link,
        *about(what.survey),
        "We keep a list of the addresses that we wrote to. We do not keep which link went to which address, so nobody "
        "can see whether you have answered.",
    )


def _reminder_to_people(what: About) -> tuple[str, ...]:
    when = f" of {day_in_words(what.first_on)}" if what.first_on else ""
    return (
        "If you have answered, thank you. We cannot see who has, so this reminder goes to everybody.",
        f"If you have not, please use the link in our message{when} with the subject “{what.first_subject}”. This "
        "message holds no link, because we do not know yours.",
        *about(what.survey),
    )


_BODIES: Mapping[tuple[str, str], Callable[[About], tuple[str, ...]]] = {
    ("contacts", "invitation"): _to_contacts,
    ("contacts", "reminder"): _reminder_to_contacts,
    ("people", "invitation"): _to_people,
    ("people", "reminder"): _reminder_to_people,
}


def _questions(what: About) -> tuple[str, ...]:
    return (f"If you have a question, write to {what.contact}.",) if what.contact else ()


def to_copy(what: About) -> tuple[str, ...]:
    """Return a text for whoever sends a survey's link to staff by hand."""
    return (f"Please answer our short survey: {what.survey.title}.", what.link, *about(what.survey), *_questions(what))


def suggested(kind: str, purpose: str, survey: SurveySaid) -> tuple[str, str]:
    """Return a subject and opening words to begin with."""
    subject = survey.title if purpose == "invitation" else f"Reminder: {survey.title}"
    return subject, _OPENINGS[kind, purpose].format(title=survey.title)


_OPENINGS: Mapping[tuple[str, str], str] = {
    ("contacts", "invitation"): (
        "We are asking staff what they know and what helps them to keep children safe, in a short survey: {title}.\n\n"
        "You can forward this message. There is a poster with the link to print as well: ask us for it."
    ),
    ("contacts", "reminder"): (
        "Our survey is still open: {title}. There is time to answer it for everybody who would like to."
    ),
    ("people", "invitation"): (
        "We would like to know what you see in your daily work to keep children safe. Please answer our short survey: "
        "{title}."
    ),
    ("people", "reminder"): "A short while ago we asked you to answer our survey: {title}.",
}  # fmt: skip
