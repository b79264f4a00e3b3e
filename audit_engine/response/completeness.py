"""What is done, and what is still needed before a return can be submitted?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.nearest import shortened
from audit_engine.definition.questionnaire import Item, Questionnaire, ResponseRule, Section
from audit_engine.response.answers import Answer, State
from audit_engine.response.earlier import Earlier
from audit_engine.response.unfinished import unfinished_in

Field = Literal["value", "reason", "commentary", "evidence", "action-what", "action-who", "action-by", "action-how"]
NOTHING = Answer(item="")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing; ``field`` is the part of the form it is missing from.

    ``repeat`` is the case, or the entry of a section that repeats; '' elsewhere,
    and where a whole entry is missing.
    """

    item: str
    field: Field
    sentence: str
    area: str = ""
    repeat: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a section or a return has come.

    ``asked`` counts the questions that need an answer, and those in which
    something is wrong; ``done`` those of them that want nothing more.
    ``optional`` counts the others, which may be left empty, and ``answered``
    every answer that is there.
    """

    asked: int
    answered: int
    done: int
    optional: int = 0

    @classmethod
    def total(cls, parts: Sequence[Progress]) -> Progress:
        """Return how far all parts together have come."""
        counts = zip(*((p.asked, p.answered, p.done, p.optional) for p in parts), strict=True)
        return cls(*(sum(count) for count in counts)) if parts else cls(0, 0, 0)

    @property
    def state(self) -> Literal["not started", "in progress", "completed", "optional", "nothing to answer"]:
        """Return the state in the words of a task list."""
        if self.asked == 0 and not self.answered:
            return "optional" if self.optional else "nothing to answer"
        if self.done == self.asked:
            return "completed"
        return "in progress" if self.answered else "not started"


def holds(rule: ResponseRule, item: Item, answer: Answer, earlier: Earlier | None) -> bool:
    """Tell whether any of a rule's conditions holds for this answer."""
    for token in rule.required_when:
        truth = _TRUTHS.get(token)
        if token == answer.value if truth is None else truth(item, answer, earlier):
            return True
    return False


def _is_changed(item: Item, answer: Answer, earlier: Earlier | None) -> bool:
    before, now = earlier.counts_as if earlier else None, item.counts_as(answer.value)
    return before is not None and now is not None and before != now


_TRUTHS: Mapping[str, Callable[[Item, Answer, Earlier | None], bool]] = {
    "always": lambda _item, _answer, _earlier: True,
    "critical": lambda item, _answer, _earlier: item.critical,
    "new": lambda _item, _answer, earlier: earlier is None or earlier.counts_as is None,
    "changed": _is_changed,
}


def may_confirm(item: Item, answer: Answer, earlier: Earlier | None) -> bool:
    """Tell whether "still true, nothing material changed" may stand in place of commentary."""
    asks = bool(item.commentary.required_when)
    said_before = earlier is not None and earlier.counts_as is not None
    return asks and said_before and not holds(item.commentary, item, answer, earlier)


def takes_answer(item: Item) -> bool:
    """Tell whether somebody gives an answer to an item: it does more than say something, and nothing works it out."""
    return item.type not in ("information", "calculated") and not item.is_worked_out


def gaps(item: Item, answer: Answer, earlier: Earlier | None) -> tuple[Gap, ...]:
    """Return what is missing from one asked item's answer, and what was typed there that is none."""
    if not takes_answer(item):
        return ()
    missing = _missing_parts(item, answer, earlier)
    if not answer.unfinished:
        return missing
    wrong = {one.part or "value": one.sentence for one in unfinished_in(answer.unfinished)}
    put_right = [Gap(item.id, cast(Field, part), sentence, answer.area) for part, sentence in wrong.items()]
    return (*put_right, *(gap for gap in missing if gap.field not in wrong))


def _called(item: Item) -> str:
    """Return what a page calls a question: only criteria stand there with their number."""
    return item.short_id if item.is_criterion else f"“{shortened(item.text)}”"


def _missing_parts(item: Item, answer: Answer, earlier: Earlier | None) -> tuple[Gap, ...]:
    if answer.state is State.UNANSWERED:
        return (Gap(item.id, "value", _unanswered(item), answer.area),) if item.required and not answer.area else ()
    option = item.option(answer.value)
    if option is not None and option.counts_as == "not-applicable":
        reasoned = answer.reason.strip() or option.needs != "reason"
        why = f"{_called(item)}: say why this does not apply to you"
        return () if reasoned else (Gap(item.id, "reason", why, answer.area),)
    return tuple(_missing_in_area(item, answer) if answer.area else _missing(item, answer, earlier))


def _missing_in_area(item: Item, answer: Answer) -> Iterable[Gap]:
    # Evidence and action are given once, for the whole organisation.
    if not answer.commentary.strip():
        yield Gap(item.id, "commentary", f"Say what is different there for {_called(item)}", answer.area)


def _unanswered(item: Item) -> str:
    choosing = ITEM_TYPES[item.type].control == "radio"
    return (
        f"Choose a rating for {_called(item)}"
        if item.is_criterion
        else (f"Choose an answer to {_called(item)}" if choosing else f"Answer {_called(item)}")
    )


def _missing(item: Item, answer: Answer, earlier: Earlier | None) -> Iterable[Gap]:
    def gap(field: Field, sentence: str) -> Gap:
        return Gap(item.id, field, sentence)

    said = bool(answer.commentary.strip())
    if holds(item.commentary, item, answer, earlier):
        if not said:
            yield gap("commentary", f"Add commentary to {_called(item)}: {_why_commentary(item, answer, earlier)}")
    elif may_confirm(item, answer, earlier) and not said and answer.confirmed_on is None:
        yield gap("commentary", f"For {_called(item)}, confirm that nothing material changed, or say what did")
    if holds(item.evidence, item, answer, earlier) and not answer.evidence.strip():
        yield gap("evidence", f"Say what evidence you hold for {_called(item)}")
    if holds(item.action, item, answer, earlier):
        if not answer.action_what.strip():
            yield gap("action-what", f"Say what you will do about {_called(item)}")
        if not answer.action_who.strip():
            yield gap("action-who", f"Say who will act on {_called(item)}")
        if answer.action_by is None:
            yield gap("action-by", f"Say by when you will act on {_called(item)}")


def _why_commentary(item: Item, answer: Answer, earlier: Earlier | None) -> str:
    tokens = item.commentary.required_when
    option = item.option(answer.value)
    if option is not None and option.id in tokens:
        return f"it is needed where the rating is {option.label.lower()}"
    before = earlier.counts_as if earlier else None
    if "changed" in tokens and before is not None and before != item.counts_as(answer.value):
        return "the rating changed since last time"
    if "critical" in tokens and item.critical:
        return "this is a critical criterion"
    if "new" in tokens and before is None:
        return "there is no earlier answer to confirm"
    return "it is always needed here"


def all_gaps(
    questionnaire: Questionnaire,
    asked: Iterable[str],
    answers: Mapping[tuple[str, str, str], Answer],
    earlier: Mapping[str, Earlier],
) -> tuple[Gap, ...]:
    """Return what is missing from the whole return, in the order of the questionnaire; area answers included.

    Sections that repeat are left out: ``repeats.entry_gaps`` looks at those.
    """
    wanted = set(asked).difference(questionnaire.repeating)
    elsewhere = _in_areas(answers)
    found: list[Gap] = []
    for item in questionnaire.items:
        if item.id in wanted:
            found += _gaps_everywhere(item, answers, elsewhere, earlier)
    return tuple(found)


def _in_areas(answers: Mapping[tuple[str, str, str], Answer]) -> Mapping[str, Sequence[Answer]]:
    """Return, by item, the answers that differ in one area."""
    found: dict[str, list[Answer]] = {}
    for (item, _repeat, area), answer in answers.items():
        if area and (answer.state is not State.UNANSWERED or answer.unfinished):
            found.setdefault(item, []).append(answer)
    return found


def _gaps_everywhere(
    item: Item,
    answers: Mapping[tuple[str, str, str], Answer],
    elsewhere: Mapping[str, Sequence[Answer]],
    earlier: Mapping[str, Earlier],
) -> tuple[Gap, ...]:
    said = (answers.get((item.id, "", ""), Answer(item.id)), *elsewhere.get(item.id, ()))
    return tuple(gap for answer in said for gap in gaps(item, answer, earlier.get(item.id)))


def progress(
    section: Section,
    asked: Iterable[str],
    answers: Mapping[tuple[str, str, str], Answer],
    earlier: Mapping[str, Earlier],
) -> Progress:
    """Return how far a section has come; an answer that differs in one area must be complete too."""
    wanted = set(asked)
    items = [i for i in section.items if i.id in wanted and takes_answer(i)]
    elsewhere = _in_areas(answers)
    said = (answers.get((i.id, "", "")) for i in items)
    answered = sum(a is not None and a.state is not State.UNANSWERED for a in said)
    return progress_of(items, [not _gaps_everywhere(i, answers, elsewhere, earlier) for i in items], answered)


def progress_of(items: Sequence[Item], want_nothing: Sequence[bool], answered: int) -> Progress:
    """Return how far items have come, each with whether it wants nothing more."""
    counted = [at_rest for item, at_rest in zip(items, want_nothing, strict=True) if item.required or not at_rest]
    return Progress(len(counted), answered, sum(counted), len(items) - len(counted))
