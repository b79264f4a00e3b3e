"""Who replies to the demo's surveys, what have reviewers read, and what has nobody read yet?

Some organisations are larger than others, some are too few to be shown, from
some nobody replies, and in one staff say otherwise than its audit claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from sqlalchemy import Connection

from audit_engine.services.clock import LOCAL
from audit_engine.services.demo_cycles import SEED, DemoCycle, DemoPlace, Filled
from audit_engine.services.invented_replies import Crowd, Shares, invent_replies
from audit_engine.services.survey_batches import Origin, facts_for, take_in
from audit_engine.storage import anonymous, partnership
from audit_engine.storage.engine import reading, writing

EVERYBODY = ""
#: Replies from one organisation; the others have some number between these.
FEWEST, MOST = 12, 46
REPLIES: Mapping[str, int] = {
    "northmarsh-county-council": 118, "northmarsh-police": 74, "saltreach-council": 61, "tallow-hill-academy-trust": 52,
    "marshlight-mental-health": 44,
    "thistlegate-domestic-abuse-support": 11, "saltreach-junior-sports-league": 9, "tiny-tides-nursery": 6,
    "marsh-lane-childminders": 3, "saltreach-faith-forum": 0, "northmarsh-police-and-crime-commissioner": 0,
}  # fmt: skip
OPEN_LINK: Mapping[str, int] = {
    "escalation-awareness-2021": 158, "escalation-awareness-2023": 213, "escalation-awareness-2026": 97,
    "ehe-knowledge-2024": 284, "ehe-knowledge-2026": 121,
}  # fmt: skip
USUAL_OPEN_LINK = 60
#: Nobody wrote down how many these invited, in the newest survey.
UNCOUNTED = ("diocese-of-northmarsh", "mudlark-leisure-trust")
SHARES: Mapping[str, Mapping[str, Shares]] = {
    "escalation-awareness-2021": {"es.5": {"yes": 0.38, "no": 0.62}},
    "escalation-awareness-2023": {"es.5": {"yes": 0.41, "no": 0.59}},
    "escalation-awareness-2026": {"es.5": {"yes": 0.57, "no": 0.43}},
    "section-11-staff-2022": {"ss.18": {"yes": 0.36, "no": 0.46, "unsure": 0.18}},
    "section-11-staff-2024": {"ss.18": {"yes": 0.44, "no": 0.40, "unsure": 0.16}},
    "section-11-staff-2026": {"ss.18": {"yes": 0.58, "no": 0.29, "unsure": 0.13}},
}
# What this organisation says of itself is met; its staff see it otherwise, which is a question for its panel.
CONTRARY: Mapping[str, Shares] = {
    "marshlight-mental-health": {
        "ss.6": 0.3, "ss.8": 0.22, "ss.11": 0.25, "ss.14": 0.28, "ss.21": 0.32, "ss.25": 0.3,
    },
}  # fmt: skip
SAID: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]] = {
    ("section-11-staff-2026", "northmarsh-county-council"): {
        "ss.25b": (
            "Invented example: when Robin Inventson (7) from the blue class told us about home, nobody rang us back. "
            "Tell us what happened.",
        ),
    },
    ("section-11-staff-2026", "marshlight-mental-health"): {
        "ss.25b": (
            "Invented example: I saw a colleague shut a child in the store room on Tuesday. I have told nobody yet.",
        ),
    },
}
REVIEWER = "Invented business team"
RISK = "Invented: designated nurse, by telephone and secure mail"
#: In the newest survey that has closed, every so many-th text has been read.
READ_EVERY = 2
HIDDEN_EVERY, REDACTED_EVERY = 17, 11
REDACTED = "Invented example: [name taken out] should ring back when a referral was made."


def fill_replies(place: DemoPlace, cycle: DemoCycle) -> Iterator[Filled]:
    """Store invented replies of each organisation, as if they had come by its link."""
    with reading(place.engine) as connection:
        questionnaire = place.definitions.opened(connection, cycle.facts.id).questionnaire
        organisations = [link.organisation for link in anonymous.links(connection, cycle.facts.id)]
    opened = (cycle.facts.opened_at or cycle.facts.opens_at).astimezone(LOCAL).date()
    last = min(cycle.facts.closes_at, place.now).astimezone(LOCAL).date()
    day = opened + (last - opened) // 2
    with writing(place.engine) as connection:
        for organisation in organisations:
            found = partnership.organisation_of(connection, organisation) if organisation else None
            origin = Origin(questionnaire, cycle.facts.id, opened, organisation, facts_for(found))
            yield Filled(replies=_reply(connection, origin, cycle, day))


def _reply(connection: Connection, origin: Origin, cycle: DemoCycle, day: date) -> int:
    crowd = _crowd(cycle, origin.organisation)
    _invite(connection, cycle, crowd)
    return take_in(connection, origin, invent_replies(origin.questionnaire, crowd, SEED, day), day)


def _crowd(cycle: DemoCycle, organisation: str) -> Crowd:
    name = cycle.facts.id
    dice = Random(f"{SEED}:{name}:{organisation}:crowd")
    usual = OPEN_LINK.get(name, USUAL_OPEN_LINK) if organisation == EVERYBODY else dice.randint(FEWEST, MOST)
    steadiness = Random(f"{SEED}:{organisation}").betavariate(5, 2)  # as in the organisation's return
    return Crowd(
        name, organisation, REPLIES.get(organisation, usual), mood=0.38 + 0.42 * steadiness + 0.04 * cycle.number,
        moods=CONTRARY.get(organisation, {}), shares=SHARES.get(name, {}), said=SAID.get((name, organisation), {}),
    )  # fmt: skip


def _invite(connection: Connection, cycle: DemoCycle, crowd: Crowd) -> None:
    """Write down how many were invited, where somebody counted."""
    newest_unknown = cycle.facts.baseline is not None and cycle.number > 1 and crowd.organisation in UNCOUNTED
    if crowd.organisation == EVERYBODY or newest_unknown:
        return
    share = Random(f"{SEED}:{crowd.cycle}:{crowd.organisation}:invited").uniform(0.22, 0.7)
    anonymous.set_invited(connection, crowd.cycle, crowd.organisation, round(crowd.replies / share) or 14)


def read_texts(place: DemoPlace, cycle: DemoCycle, *, newest: bool) -> None:
    """Let an invented reviewer read what people wrote in a survey that has closed; of the newest, only some."""
    with writing(place.engine) as connection:
        waiting = anonymous.texts(connection, cycle.facts.id, [""])
        kept = {said for texts in SAID.values() for many in texts.values() for said in many}
        plain = [t for t in sorted(waiting, key=lambda t: (t.item, t.text, t.id)) if t.text not in kept]
        read_on = cycle.facts.closes_at.astimezone(LOCAL).date() + timedelta(days=3)
        for number, text in enumerate(plain[:: READ_EVERY if newest else 1], 1):
            decided = {"reviewer": REVIEWER, "reviewed_on": read_on, **_decision(number)}
            anonymous.review_text(connection, cycle.facts.id, text.id, decided)


def _decision(number: int) -> Mapping[str, object]:
    if number % HIDDEN_EVERY == 0:
        return {"outcome": "hidden", "reason": "Invented: says too much about one person.", "risk": RISK}
    if number % REDACTED_EVERY == 0:
        return {"outcome": "redacted", "reason": "Invented: a name was taken out.", "text": REDACTED}
    return {"outcome": "shown"}
