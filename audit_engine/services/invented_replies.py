"""Invent replies to a survey that look like life: seeded, of any number, and never anybody's real answers.

Everybody is asked everything here; whoever takes the replies in drops what was
not asked of somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from random import Random

from audit_engine.definition.item_types import ITEM_TYPES, OtherChoice
from audit_engine.definition.knowledge import key_on
from audit_engine.definition.questionnaire import Item, Option, Questionnaire

Shares = Mapping[str, float]
SKIPPED, DID_NOT_KNOW, LEFT_BASE, TICKED = 0.03, 0.07, 0.08, 0.28
WROTE = 0.06
SHORT_LIST = 6
OTHER = "other"
THINGS = (
    "tell us what became of a referral", "give new starters time with the safeguarding lead",
    "keep one list of whom to ring", "make the form for a worry shorter", "talk about it in every team meeting",
    "let us shadow the duty desk for a day", "write down who decided and why", "answer the advice line after five",
    "ask fathers as well as mothers", "share what practice reviews found", "check that agency workers were told",
    "give supervisors an hour a month for it", "practise what to do when agencies disagree",
    "put the policy where telephones can open it", "say thank you when somebody speaks up",
    "bring the training to night shifts",
)  # fmt: skip
PLACES = (
    "in our team",
    "on my site",
    "for night staff",
    "for volunteers",
    "in the smaller offices",
    "across the service",
)
DID = (
    "I ask who else lives at home", "I write down why I shared something", "I ring the lead before I go home",
    "I ask the child first", "I look at the whole year and not only at the last visit", "I check who collects a child",
)  # fmt: skip
BESIDE = ("a neighbour service told us", "at a network meeting", "from a leaflet at the desk", "somebody rang me back")


@dataclass(frozen=True, slots=True)
class Crowd:
    """The people of one organisation ('' for everybody) who answered one survey.

    ``mood`` (0 to 1) is how often they give the favourable answer, ``moods`` the
    same for single questions, ``shares`` how often each option of a question is
    chosen.  ``said`` are texts for the first people to write, by question.
    """

    cycle: str
    organisation: str
    replies: int
    mood: float = 0.7
    moods: Shares = field(default_factory=dict)
    shares: Mapping[str, Shares] = field(default_factory=dict)
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Respondent:
    """One of the crowd while answering; ``number`` counts from nought."""

    seed: str
    crowd: Crowd
    number: int
    day: date
    dice: Random
    mood: float

    def favours(self, item: Item) -> float:
        """Return how likely a favourable or right answer to an item is."""
        given = self.crowd.moods.get(item.id)
        wanted = self.mood - _difficulty(self.seed, item.id) if given is None else given
        return min(0.97, max(0.03, wanted))


def invent_replies(questionnaire: Questionnaire, crowd: Crowd, seed: str, day: date) -> Iterator[dict[str, object]]:
    """Yield each person's answers as values by item id; knowledge is judged by the key of the day."""
    items = [i for i in questionnaire.items if _control(i) in _ANSWERS and not i.is_worked_out]
    parted = next((i for i in items if i.breakdown), None)
    dice = Random(f"{seed}:{crowd.cycle}:{crowd.organisation}")
    for number in range(crowd.replies):
        answers: dict[str, object] = {}
        mood = crowd.mood
        if parted is not None:
            group = _weighted(parted.options, _habit(seed, crowd, parted), dice)
            answers[parted.id] = group.id
            mood += _leaning(seed, parted.id, group.id)
        one = _Respondent(seed, crowd, number, day, dice, mood)
        for item in items:
            if item is not parted and (value := _answer(item, one)) is not None:
                answers[item.id] = value
        yield answers


def _answer(item: Item, one: _Respondent) -> object:
    if one.dice.random() < SKIPPED and not _next_said(item, one):
        return None
    return _ANSWERS[_control(item)](item, one)


def _control(item: Item) -> str:
    return ITEM_TYPES[item.type].control


def _one_of(item: Item, one: _Respondent) -> object:
    return _chosen(item, one).id


def _chosen(item: Item, one: _Respondent) -> Option:
    shares = one.crowd.shares.get(item.id)
    if shares is not None:
        return _weighted(item.options, [shares.get(o.id, 0.0) for o in item.options], one.dice)
    for option in item.options:
        likely = DID_NOT_KNOW if option.dont_know else LEFT_BASE if _leaves_base(option) else 0.0
        if one.dice.random() < likely:
            return option
    inside = [o for o in item.options if not o.dont_know and not _leaves_base(o)]
    liked = _right(item, one.day) or {o.id for o in inside if o.favourable}
    if not liked:
        return _weighted(inside, _habit(one.seed, one.crowd, item)[: len(inside)], one.dice)
    wanted = one.dice.random() < one.favours(item)
    return one.dice.choice([o for o in inside if (o.id in liked) is wanted] or inside)


def _leaves_base(option: Option) -> bool:
    return option.prefer_not or option.counts_as == "not-applicable"


def _right(item: Item, day: date) -> set[str]:
    row = key_on(item, day) if item.key else None
    return {row.answer} if row else set()


def _several_of(item: Item, one: _Respondent) -> object:
    ticked = [o for o in item.options if not o.exclusive and one.dice.random() < _liking(one.seed, item.id, o.id)]
    most = int(item.maximum) if item.maximum is not None else len(ticked)
    chosen = ticked[:most] or [one.dice.choice(item.options)]
    return tuple(_with_words(item, o, one) for o in chosen) or None


def _with_words(item: Item, option: Option, one: _Respondent) -> str:
    if not (item.other and option.id == OTHER):
        return option.id
    return OtherChoice(_next_said(item, one) or f"Invented example: {one.dice.choice(BESIDE)}")


def _each_row(item: Item, one: _Respondent) -> object:
    return tuple((row.id, _chosen(item, one).id) for row in item.rows)


def _words(item: Item, one: _Respondent) -> object:
    said = _next_said(item, one)
    if said:
        return said
    if one.dice.random() >= WROTE:
        return None
    if item.enable_when is not None:  # asked because training changed something
        return f"Invented example: {one.dice.choice(DID)}, {one.dice.choice(PLACES)}."
    return f"Invented example: {one.dice.choice(THINGS)}, {one.dice.choice(PLACES)}."


def _next_said(item: Item, one: _Respondent) -> str:
    """Return the text that the crowd has ready for this person; '' where it has none."""
    ready = one.crowd.said.get(item.id, ())
    return ready[one.number] if one.number < len(ready) else ""


_ANSWERS: Mapping[str, Callable[[Item, _Respondent], object]] = {
    "radio": _one_of, "checkboxes": _several_of, "grid": _each_row, "text": _words, "textarea": _words,
}  # fmt: skip


def _weighted(options: Sequence[Option], weights: Sequence[float], dice: Random) -> Option:
    return dice.choices(options, weights)[0]


@lru_cache(maxsize=4096)
def _difficulty(seed: str, item: str) -> float:
    return Random(f"{seed}:{item}:asked").uniform(-0.12, 0.2)


@lru_cache(maxsize=4096)
def _liking(seed: str, item: str, option: str) -> float:
    return TICKED * Random(f"{seed}:{item}:{option}:ticked").uniform(0.3, 1.7)


@lru_cache(maxsize=4096)
def _leaning(seed: str, item: str, option: str) -> float:
    return Random(f"{seed}:{item}:{option}:leaning").uniform(-0.12, 0.12)


def _habit(seed: str, crowd: Crowd, item: Item) -> Sequence[float]:
    return _habits(seed, crowd.cycle, crowd.organisation, item.id, len(item.options))


@lru_cache(maxsize=4096)
def _habits(seed: str, cycle: str, organisation: str, item: str, options: int) -> tuple[float, ...]:
    """Return how often each option of a profile question is chosen; no two crowds are made up alike."""
    dice = Random(f"{seed}:{cycle}:{organisation}:{item}")
    lasting = Random(f"{seed}:{organisation}:{item}")
    # Short lists name the usual answer first; long ones, such as kinds of organisation, are in no order.
    falling = options <= SHORT_LIST
    return tuple((lasting.uniform(0.4, 1) + dice.uniform(0, 0.5)) / (2 + falling * n) for n in range(options))
