"""Which invented schools audit themselves in the demo, and what do they write?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import Connection

from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.answers import Answer, State
from audit_engine.response.settings import Note, is_private
from audit_engine.services.demo_cycles import SEED, DemoCycle, DemoPlace, Filled
from audit_engine.services.invented import FIRST, SECOND
from audit_engine.services.self_audit import OpenAudit, open_audit
from audit_engine.services.self_audit_report import picture_of
from audit_engine.storage import setting_answers, settings
from audit_engine.storage.engine import writing

#: The school whose lead a visitor of the demo can be; its office, and a trust with which some share.
LEAD, OFFICE, TRUST = "dsl@demo.example.org", "office@demo.example.org", "trust@demo.example.org"
DEPUTY = "deputy.dsl@demo.example.org"
PHASES: Mapping[str, int] = {"primary": 16, "secondary": 13, "special": 4, "sixth-form-or-college": 2}
KIND = {
    "primary": "Primary School", "secondary": "High School", "special": "Special School",
    "sixth-form-or-college": "Sixth Form College",
}  # fmt: skip
SAID = (
    "Invented example: pupils told us so in the autumn survey, and staff on duty say the same.",
    "Invented example: on the agenda each term; the minutes of May show it.",
    "Invented example: done in some year groups; we have not looked at the others.",
    "Invented example: not started; the lead for it changed in the summer.",
)
WHAT = ("Invented example: train lunchtime staff", "Invented example: ask pupils where they feel unsafe")
STRENGTHS = (
    "Invented example: pupils know whom to tell",
    "Invented example: leaders start from “it happens here”",
    "Invented example: records show patterns by place and time",
)
PRIORITIES = (
    "Invented example: lunchtime and transport staff are trained",
    "Invented example: a way to tell without a face-to-face talk",
    "Invented example: governors ask for figures each term",
)
SHARE_OF_SHARING = 0.75


@dataclass(frozen=True, slots=True)
class InventedSetting:
    """An invented school; ``steadiness`` (0 to 1) makes its grades, ``early`` says that it took part in 2023."""

    name: str
    phase: str
    email: str
    office: str
    trust: str
    steadiness: float
    early: bool

    @property
    def facts(self) -> dict[str, object]:
        """Return its profile."""
        large = self.phase in ("secondary", "sixth-form-or-college")
        return {"phase": self.phase, "sixth_form": large, "residential": False, "off_site_provision": large}


def invented_settings() -> tuple[InventedSetting, ...]:
    """Return the demo's schools, the same each time; the first is the one that a visitor can try."""
    found: list[InventedSetting] = []
    for phase, number in PHASES.items():
        for n in range(number):
            dice = Random(f"{SEED}:setting:{phase}:{n}")
            first = not found
            k = len(found)
            name = f"{FIRST[k % len(FIRST)]}{SECOND[(k * 5 + k // len(FIRST)) % len(SECOND)]} {KIND[phase]}"
            found.append(
                InventedSetting(
                    name, phase, LEAD if first else f"dsl{len(found)}@schools.example.org",
                    OFFICE if first else f"office{len(found)}@schools.example.org",
                    "Invented Learning Trust" if len(found) < 4 else "", 0.4 if first else 0.3 + 0.6 * dice.random(),
                    first or dice.random() < 0.92,
                )
            )  # fmt: skip
    return tuple(found)


def fill_settings(place: DemoPlace, cycle: DemoCycle) -> Iterator[Filled]:
    """Let invented schools audit themselves in one cycle; what is not private is not filled here."""
    with writing(place.engine) as connection:
        pinned = place.definitions.opened(connection, cycle.facts.id).questionnaire
    if not is_private(pinned):
        return
    with writing(place.engine) as connection:
        for number, school in enumerate(invented_settings()):
            if cycle.stays_open or school.early:
                _take_part(connection, place, cycle, pinned, school, number)
                yield Filled()


def _take_part(
    connection: Connection, place: DemoPlace, cycle: DemoCycle, asked: Questionnaire, school: InventedSetting, at: int
) -> None:
    dice = Random(f"{SEED}:{cycle.facts.id}:{school.name}")
    opened = cycle.facts.opened_at or cycle.facts.opens_at
    ends = min(cycle.facts.closes_at, place.now)
    moment = opened + (ends - opened) * (0.1 + 0.7 * dice.random())
    setting, member = _setting(connection, school, opened)
    audit = settings.add_audit(
        connection, setting_id=setting, cycle_id=cycle.facts.id, content_hash=asked.content_hash, facts=school.facts,
        started_at=moment, started_by=member,
    )  # fmt: skip
    facts = settings.audit_of(connection, audit)
    if facts is None:
        return
    whole = open_audit(connection, place.definitions, facts)
    begun_only = cycle.stays_open and at == 0
    blanks = 0.06 if cycle.stays_open else 0.02
    answers = tuple(_answers(whole, school, dice, lift=0.12 * cycle.number, half_done=begun_only, blanks=blanks))
    setting_answers.keep_answers(connection, audit, answers, member, moment)
    setting_answers.keep_notes(connection, audit, _notes(whole, dice, moment), member, moment)
    finished = None if cycle.stays_open else moment + timedelta(hours=2)
    settings.change_audit(connection, audit, saved_at=moment, finished_at=finished)
    _share(connection, place, audit, school, dice, member, moment)


def _setting(connection: Connection, school: InventedSetting, now: datetime) -> tuple[int, int]:
    """Return the numbers of the school and of its lead; both are made where they are not there yet."""
    for known in settings.settings_of(connection, school.email):
        return known.id, settings.members(connection, known.id)[0].id
    number = settings.add_setting(
        connection, name=school.name, phase=school.phase, trust=school.trust, office_email=school.office,
        facts=school.facts, made_at=now,
    )  # fmt: skip
    lead = settings.add_member(connection, number, school.email, "Invented safeguarding lead", lead=True, now=now)
    if school.email == LEAD:
        settings.add_member(connection, number, DEPUTY, "Invented deputy", lead=False, now=now)
    return number, lead


def _answers(
    whole: OpenAudit, school: InventedSetting, dice: Random, *, lift: float, half_done: bool, blanks: float
) -> Iterator[Answer]:
    sections = whole.questionnaire.sections
    for section in sections[: (len(sections) + 1) // 2] if half_done else sections:
        for item in section.items:
            if item.type != "rating" or not whole.asked[item.id].asked or dice.random() < blanks:
                continue
            difficulty = Random(f"{SEED}:difficulty:{item.id}").random()
            level = school.steadiness + lift - 0.5 * difficulty + 0.25 * dice.random()
            place = next((n for n, least in enumerate((0.55, 0.35, 0.12)) if level >= least), 3)
            option = item.options[place]
            planned = place >= 2 and dice.random() < 0.25
            yield Answer(
                item.id, State.ANSWERED, option.id, commentary=SAID[place] if dice.random() < 0.6 else "",
                action_what=dice.choice(WHAT) if planned else "",
                action_who="Invented: deputy head" if planned else "",
                action_by=date(2027, 3, 26) if planned else None, version=1,
            )  # fmt: skip


def _notes(whole: OpenAudit, dice: Random, moment: datetime) -> Sequence[Note]:
    wanted = whole.questionnaire.reflections
    notes = [Note("strength", str(n + 1), STRENGTHS[n % len(STRENGTHS)], version=1) for n in range(wanted.strengths)]
    notes += [
        Note("priority", str(n + 1), PRIORITIES[n % len(PRIORITIES)], "Invented: head",
             moment.date() + timedelta(days=120), version=1)
        for n in range(wanted.priorities if dice.random() < 0.9 else 1)
    ]  # fmt: skip
    first = whole.questionnaire.sections[0].id
    notes.append(Note("section-strength", first, "Invented example: adults sit with pupils at lunch.", version=1))
    notes.append(Note("section-next", first, "Invented example: ask pupils again in the spring.", version=1))
    return notes


def _share(
    connection: Connection, place: DemoPlace, audit: int, school: InventedSetting, dice: Random, member: int,
    moment: datetime,
) -> None:  # fmt: skip
    facts = settings.audit_of(connection, audit)
    if facts is None:
        return
    counts = picture_of(open_audit(connection, place.definitions, facts)).as_json()
    with_partnership = [""] if dice.random() < SHARE_OF_SHARING and school.email != LEAD else []
    for trust_email in (*with_partnership, *([TRUST] if school.trust and school.email != LEAD else [])):
        settings.add_share(
            connection, setting_id=facts.setting, audit_id=audit, trust_email=trust_email, counts=counts,
            granted_at=moment, granted_by=member,
        )  # fmt: skip
