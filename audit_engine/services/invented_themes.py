"""Which themes, codes and cards of promising practice are invented for the demo?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from random import Random

from sqlalchemy import Connection

from audit_engine.response.cycles import CycleFacts
from audit_engine.services import practice_cards, theme_book
from audit_engine.services.clock import LOCAL
from audit_engine.services.code_themes import PLACES, final_pairs, finish, take_place
from audit_engine.services.code_themes import Coder as Reader
from audit_engine.services.demo_cycles import SEED, DemoPlace
from audit_engine.services.practice_cards import Consent
from audit_engine.services.theme_texts import Text, sources_of, texts_of
from audit_engine.storage import beside, cycles, people, themes
from audit_engine.storage.engine import reading, writing
from audit_engine.storage.themes import ReadingRow

AUDIT, SURVEY = "section-11-2026", "section-11-staff-2026"
QUESTIONS = ((AUDIT, "s11.LG.1"), (AUDIT, "s11.AL.1"), (AUDIT, "s11.IR.2"), (SURVEY, "ss.25b"))
# What is in the words of a theme's texts; the first coder sees each, the second overlooks some.
SIGNS: Mapping[str, tuple[str, ...]] = {
    "Effect not looked at": ("not yet tested whether it helps",),
    "Services that joined lately": ("joined us last year",),
    "Gaps when a post is empty or a service moves": ("post was vacant", "when the service moved"),
    "Documents behind practice": ("document is out of date",),
    "Hearing what came of it": ("became of a referral", "who decided and why"),
    "Time with somebody who knows": ("time with the safeguarding lead", "give supervisors", "shadow the duty desk"),
    "Staff who work nights or for agencies": ("night", "agency workers"),
}  # fmt: skip
WORDS: Mapping[str, Mapping[str, str]] = {
    "Effect not looked at": {
        "definition": "Something is in place, and nobody has asked whether children are better off for it.",
        "heard": "Invented: several organisations have written procedures and trained staff, and say themselves that "
        "they have not looked at the effect.",
        "question": "Invented: how would you know within a year that children are helped sooner?",
        "priority": "Evidence of effect", "action": "Invented: share two ways of sampling records",
    },
    "Services that joined lately": {
        "definition": "Teams or services that came from elsewhere and are not covered yet.",
        "heard": "Invented: what holds elsewhere has not reached services that joined in the last year.",
        "question": "Invented: which of your services joined in the last two years, and what do they still work by?",
        "priority": "Local government reorganisation", "action": "",
    },
    "Gaps when a post is empty or a service moves": {
        "definition": "Practice that rested on one post or place and stopped with it.",
        "heard": "Invented: something stopped when a lead left or a service moved, and was not begun again.",
        "question": "", "priority": "", "action": "",
    },
    "Documents behind practice": {
        "definition": "Staff do something better than the written procedure says, or the procedure is old.",
        "heard": "Invented: staff work in newer ways than their procedures describe.",
        "question": "Invented: what would a new starter learn from the procedure that is no longer so?",
    },
    "Hearing what came of it": {"definition": "Whether somebody who raised a worry hears what was done, and why."},
    "Time with somebody who knows": {"definition": "Supervision, shadowing, or a talk with the safeguarding lead."},
    "Staff who work nights or for agencies": {"definition": "Staff whom training and news reach late or not at all."},
}  # fmt: skip
OVERLOOKED = 0.12
CARD: Mapping[str, str] = {
    "title": "Invented example: a call back within two days",
    "what": "Invented example: whoever raises a worry is rung back within two working days and told what was decided.",
    "who_for": "Invented example: all teams that take referrals; begun in one office.",
    "problem": "Invented example: those who refer did not hear, and rang again or gave up.",
    "outcome": "Invented example: of 40 records sampled in June, 34 show a call back; staff say so too.",
    "effort": "Invented example: about two hours a week of a duty worker's time; no money.",
    "adapt": "Invented example: name who rings, and write it into the record's form.",
    "contact": "Invented: duty team manager, duty@example.org",
}
SECOND_CARD: Mapping[str, str] = {
    "title": "Invented example: ten minutes of safeguarding in each team meeting",
    "what": "Invented example: one story from practice, and one question.",
}


def fill_themes(place: DemoPlace, first_email: str, second_email: str) -> None:
    """Let two invented people code some words of the newest audit, settle most differences and write two cards."""
    with reading(place.engine) as connection:
        cycle = cycles.cycle_of(connection, AUDIT)
        coders = [people.person_by(connection, email=email) for email in (first_email, second_email)]
    if cycle is None or cycle.opened_at is None:
        return
    first, second = (coder.facts.id for coder in coders if coder is not None)
    theme_book.choose_questions(place.engine, place.definitions, cycle, QUESTIONS, first, place.now)
    book = {
        theme_book.add_theme(place.engine, AUDIT, {"label": label, **WORDS[label]}, first, place.now): signs
        for label, signs in SIGNS.items()
    }
    for coder in (first, second):
        take_place(place.engine, AUDIT, coder, place.now)
    with writing(place.engine) as connection:
        _code(connection, place, cycle, book)
    for coder in (first, second):
        finish(place.engine, place.definitions, cycle, Reader(coder, None), place.now)
    with writing(place.engine) as connection:
        _settle(connection, place, cycle, second)
    _write_cards(place, cycle, first)


def _texts(connection: Connection, place: DemoPlace, cycle: CycleFacts) -> tuple[Text, ...]:
    sources = sources_of(connection, place.definitions, cycle)
    return texts_of(connection, sources, themes.questions(connection, cycle.id), None)


def _code(connection: Connection, place: DemoPlace, cycle: CycleFacts, book: Mapping[int, Sequence[str]]) -> None:
    for text in _texts(connection, place, cycle):
        dice = Random(f"{SEED}:code:{text.words}:{text.organisation}")
        found = [theme for theme, signs in book.items() if any(sign in text.words for sign in signs)]
        for coder in PLACES:
            kept = tuple(theme for theme in found if coder == 1 or dice.random() >= OVERLOOKED)
            themes.keep_reading(connection, cycle.id, ReadingRow(coder, text.id, kept, text.mark, False), place.now)


def _settle(connection: Connection, place: DemoPlace, cycle: CycleFacts, by: int) -> None:
    """Agree on all differences but the last."""
    book = theme_book.book_of(connection, cycle.id)
    pairs = final_pairs(connection, cycle.id, _texts(connection, place, cycle), book)
    for pair in [p for p in pairs if not p.same][:-1]:
        both = sorted(pair.first | pair.second)
        note = "Invented example: overlooked at the first reading."
        themes.keep_agreed(connection, cycle.id, pair.text.id, both, note, by, place.now)


def _write_cards(place: DemoPlace, cycle: CycleFacts, by: int) -> None:
    """Write a card that meets the bar and is agreed, and one that waits for consent."""
    with reading(place.engine) as connection:
        found = list(_promising(connection, place, cycle))
    given = Consent("Invented: chief officer", (place.now - timedelta(days=3)).astimezone(LOCAL).date(), True)
    for (organisation, item), words, consent in zip(found, (CARD, SECOND_CARD), (given, None), strict=False):
        number = practice_cards.keep_card(
            place.engine, place.definitions, cycle, None, organisation, item, words, consent, by, place.now
        )
        if consent:
            practice_cards.agree_card(place.engine, place.definitions, cycle, number, by, place.now)


def _promising(connection: Connection, place: DemoPlace, cycle: CycleFacts) -> Iterator[tuple[str, str]]:
    """Yield up to two organisations with a criterion of good evidence that staff see."""
    graded = sorted(
        (row.organisation_id, row.item_id)
        for row in beside.evidence_rows(connection, cycle.id, None)
        if int(row.value) >= practice_cards.ENOUGH_EVIDENCE
    )
    left = 2
    for organisation, rows in groupby(graded, key=itemgetter(0)):
        if left:
            found = practice_cards.set_beside(connection, place.definitions, cycle, organisation, place.now)
            for _, item in rows:
                checked = practice_cards.checked(found, organisation, item)
                if checked.staff == "yes" and not checked.against:
                    left -= 1
                    yield organisation, item
                    break
