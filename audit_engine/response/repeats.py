"""What was said in a section that may be answered several times, and what is still missing from it?

Each answering is called an entry; its number stands in the answers' ``repeat``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from audit_engine.definition.questionnaire import Item, Section
from audit_engine.response.answers import Answer, State
from audit_engine.response.completeness import Gap, Progress, gaps, progress_of, takes_answer

Answers = Mapping[tuple[str, str, str], Answer]
AskedIn = Callable[[str], Iterable[str]]
FIRST = "1"


def entries(section: Section, answers: Answers) -> tuple[str, ...]:
    """Return the entries in which something is said, in the order in which they were begun."""
    items = {i.id for i in section.items}
    return tuple(sorted({a.repeat for a in answers.values() if a.item in items and a.repeat and says(a)}, key=_number))


def next_entry(section: Section, answers: Answers) -> str:
    """Return the number of an entry that was never used, not even by one that was removed."""
    items = {i.id for i in section.items}
    used = (_number(a.repeat) for a in answers.values() if a.item in items and a.repeat)
    return str(max(used, default=0) + 1)


def says(answer: Answer) -> bool:
    """Tell whether an answer holds anything at all."""
    texts = (answer.commentary, answer.evidence, answer.reason, answer.action_what, answer.action_who)
    return answer.state is not State.UNANSWERED or any(texts) or answer.action_by is not None or bool(answer.unfinished)


def entry_gaps(section: Section, asked_in: AskedIn, answers: Answers) -> tuple[Gap, ...]:
    """Return what is missing from the entries, and whether there are too few; ``asked_in`` gives what an entry asks."""
    repeat, numbers = section.repeat, entries(section, answers)
    found = [replace(gap, repeat=number) for number in numbers for gap in _missing(section, asked_in, answers, number)]
    needed = repeat.minimum - len(numbers) if repeat else 0
    asked = _asked(section, asked_in(""))
    if repeat and needed > 0 and asked:
        more = f"{needed} more" if numbers else str(needed)
        sentence = f"Add {more}: {repeat.label} (at least {repeat.minimum} in “{section.title}”)"
        found.append(Gap(asked[0].id, "value", sentence))
    return tuple(found)


def entry_progress(section: Section, asked_in: AskedIn, answers: Answers) -> Progress:
    """Return how far the entries have come; those that are needed and not begun count as asked."""
    numbers = entries(section, answers)
    begun = []
    for number in numbers:
        items = _asked(section, asked_in(number))
        answered = sum(_said(answers, i, number).state is not State.UNANSWERED for i in items)
        wanting = {gap.item for gap in _missing(section, asked_in, answers, number)}
        begun.append(progress_of(items, [i.id not in wanting for i in items], answered))
    items = _asked(section, asked_in(""))
    still = progress_of(items, [not i.required for i in items], 0)
    needed = max(0, (section.repeat.minimum if section.repeat else 0) - len(numbers))
    return Progress.total([*begun, *[still] * needed])


def _missing(section: Section, asked_in: AskedIn, answers: Answers, number: str) -> tuple[Gap, ...]:
    items = _asked(section, asked_in(number))
    return tuple(gap for item in items for gap in gaps(item, _said(answers, item, number), None))


def _asked(section: Section, asked: Iterable[str]) -> tuple[Item, ...]:
    wanted = set(asked)
    return tuple(i for i in section.items if i.id in wanted and takes_answer(i))


def _said(answers: Answers, item: Item, number: str) -> Answer:
    return answers.get((item.id, number, "")) or Answer(item.id, repeat=number)


def _number(repeat: str) -> int:
    return int(repeat) if repeat.isascii() and repeat.isdigit() else 0
