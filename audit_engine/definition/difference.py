"""What changed between two versions, in plain words?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from audit_engine.definition.expressions import Expression
from audit_engine.definition.lineage import CONTINUING, LineageMap, Pair, Unpaired, lineage_between
from audit_engine.definition.nearest import listed, shortened
from audit_engine.definition.questionnaire import (
    Item,
    KeyRow,
    Option,
    Questionnaire,
    Relation,
    ResponseRule,
    Section,
    Variant,
)

_LONGEST = 300
_MOST_NAMED = 6
_PROSE = ("guidance", "good evidence", "what to do today")


def difference_in_words(old: Questionnaire, new: Questionnaire) -> tuple[str, ...]:
    """Return a sentence for each thing that differs, most important first; empty where nothing does.

    Where ``new`` continues ``old`` items are followed by their lineage,
    otherwise by their ids.
    """
    if old.content_hash and old.content_hash == new.content_hash:
        return ()
    lineage = _lineage(old, new)
    return (
        *_totals(old, new, lineage),
        *_about_items(old, new, lineage),
        *_about_sections(old, new),
        *_about_scales(old, new),
        *_about_grades(old, new),
        *_about_measures(old, new),
        *_about_heads(old, new),
    )


def _lineage(old: Questionnaire, new: Questionnaire) -> LineageMap:
    if old.id == new.id and new.continues == old.version:
        return lineage_between(old, new, criteria_only=False)
    shared = [i.id for i in new.items if i.id in old.items_by_id]
    return LineageMap(
        old.version,
        new.version,
        tuple(Pair("same", (one,), (one,)) for one in shared),
        tuple(Unpaired(i.id) for i in new.items if i.id not in shared),
        tuple(Unpaired(i.id) for i in old.items if i.id not in shared),
    )


def _totals(old: Questionnaire, new: Questionnaire, lineage: LineageMap) -> Iterator[str]:
    if len(old.items) != len(new.items) or len(old.criteria) != len(new.criteria):
        yield (
            f"{old.name} has {_of(len(old.items), 'item')} ({_of(len(old.criteria), 'graded')}); "
            f"{new.name} has {_of(len(new.items), 'item')} ({_of(len(new.criteria), 'graded')})."
        )
    counts = [(relation, len(lineage.related(relation))) for relation in _RELATIONS]
    told = [f"{count} {relation}" for relation, count in counts if count]
    others = [(name, len(getattr(lineage, name))) for name in ("new", "folded", "moved", "dropped")]
    told += [f"{count} {name}" for name, count in others if count]
    if told:
        yield f"Of the items: {listed(told)}."


_RELATIONS: tuple[Relation, ...] = ("same", "reworded", "widened", "narrowed", "merged", "split")


def _of(count: int, word: str) -> str:
    return f"{count} {word}" if word == "graded" or count == 1 else f"{count} {word}s"


def _about_items(old: Questionnaire, new: Questionnaire, lineage: LineageMap) -> Iterator[str]:
    for pair in lineage.pairs:
        yield from _about_pair(old, new, pair)
    yield from _about_settings(old, new, lineage)
    for entry in lineage.new:
        text = shortened(new.items_by_id[entry.id].text, 120)
        yield f"{entry.id} is new: “{text}”{_because(entry.reason)}"
    for kind, done in (("folded", "is folded into"), ("moved", "has moved to"), ("dropped", "is dropped")):
        for entry in getattr(lineage, kind):
            goal = listed(filter(None, (entry.instrument, *entry.into))) if kind != "dropped" else ""
            yield f"{entry.id} {done}{' ' if goal else ''}{goal}{_because(entry.reason)}"


def _because(reason: str) -> str:
    return f": {reason.rstrip('.')}." if reason else "."


def _about_pair(old: Questionnaire, new: Questionnaire, pair: Pair) -> Iterator[str]:
    befores = [old.items_by_id[one] for one in pair.old]
    afters = [new.items_by_id[one] for one in pair.new]
    if pair.relation == "merged":
        yield f"{pair.new[0]} is merged from {listed(pair.old)}{_because(pair.note)}"
    elif pair.relation == "split":
        yield f"{pair.old[0]} is split into {listed(pair.new)}{_because(pair.note)}"
    else:
        yield from _about_one(befores[0], afters[0], pair)


def _about_one(before: Item, after: Item, pair: Pair) -> Iterator[str]:
    name = after.id if before.id == after.id else f"{after.id} (before: {before.id})"
    if pair.relation in ("reworded", "widened", "narrowed"):
        yield f"{name} is {pair.relation}{_because(pair.note)}"
    if _flat(before.text) != _flat(after.text):
        yield f"{name} was worded “{_shown(before.text)}” and is now worded “{_shown(after.text)}”."


def _about_settings(old: Questionnaire, new: Questionnaire, lineage: LineageMap) -> Iterator[str]:
    """Yield what else changed on continuing items, one sentence for all that changed alike."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for pair in lineage.related(*CONTINUING):
        before, after = old.items_by_id[pair.old[0]], new.items_by_id[pair.new[0]]
        for what, look in _LOOKS.items():
            was, now = look(before), look(after)
            if was != now:
                is_added = what in _PROSE and not was
                alike.setdefault((what, was, "written" if is_added else now), []).append(after.id)
    for (what, was, now), ids in alike.items():
        whose = ids[0] if len(ids) == 1 else f"{len(ids)} items ({_some(ids)})"
        yield f"{whose}: {what} changed from {was or 'none'} to {now or 'none'}."


def _some(ids: Sequence[str]) -> str:
    return listed([*ids[:_MOST_NAMED], *([f"{len(ids) - _MOST_NAMED} more"] if len(ids) > _MOST_NAMED else [])])


def _flat(text: str) -> str:
    return " ".join(text.split())


def _shown(text: str) -> str:
    return shortened(text, _LONGEST)


def _source(expression: Expression | None) -> str:
    return expression.source if expression else ""


def _rule(rule: ResponseRule) -> str:
    return listed(rule.required_when)


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _number(value: Decimal | int | None) -> str:
    return "" if value is None else str(value)


def _key_row(row: KeyRow) -> str:
    days = f"{f' from {row.since}' if row.since else ''}{f' to {row.until}' if row.until else ''}"
    return f"“{row.answer}”{days} ({row.ref})"


def _variant(variant: Variant) -> str:
    return f"when {variant.when.source}: “{_shown(variant.text or variant.guidance)}”"


_MARKS = ("profile", "breakdown", "sensitive", "trend", "other", "observed")
_LOOKS: Mapping[str, Callable[[Item], str]] = {
    "its standard": lambda item: item.section,
    "the type": lambda item: item.type,
    "the choices": lambda item: listed(option.label for option in item.options),
    "the rows": lambda item: listed(row.label for row in item.rows),
    "the condition on the profile": lambda item: _source(item.applies_when),
    "the condition on answers": lambda item: _source(item.enable_when),
    "the calculation": lambda item: _source(item.calculate),
    "being critical": lambda item: _yes(item.critical),
    "being graded": lambda item: _yes(item.is_criterion),
    "being required": lambda item: _yes(item.required),
    "refusing not applicable": lambda item: _yes(item.universal),
    "when commentary is asked": lambda item: _rule(item.commentary),
    "when evidence is asked": lambda item: _rule(item.evidence),
    "when an action is asked": lambda item: _rule(item.action),
    "the tags": lambda item: listed(sorted(item.tags)),
    "guidance": lambda item: f"“{_shown(item.guidance)}”" if item.guidance else "",
    "good evidence": lambda item: f"“{_shown(item.good_evidence)}”" if item.good_evidence else "",
    "the law": lambda item: listed(f"{law.ref} as at {law.as_at}" for law in item.law),
    "what staff are asked": lambda item: listed(f"{view.survey} {view.item}" for view in item.staff_view),
    "what a yes opens": lambda item: item.opens or "",
    "what it mirrors": lambda item: listed(item.mirrors),
    "the right answer": lambda item: listed(_key_row(row) for row in item.key),
    "the rules of its rating": lambda item: "; ".join(f"{row.option} when {row.when.source}" for row in item.rules),
    "the wording for some": lambda item: "; ".join(map(_variant, item.variants)),
    "the day of the duty": lambda item: f"{item.duty_from.date} ({item.duty_from.ref})" if item.duty_from else "",
    "what to do today": lambda item: f"“{_shown(item.do_today)}”" if item.do_today else "",
    "what the numbers are called": lambda item: f"{item.parts.headcount}, {item.parts.completed}",
    "its marks": lambda item: listed(mark for mark in _MARKS if getattr(item, mark)),
    "the minimum": lambda item: _number(item.minimum),
    "the maximum": lambda item: _number(item.maximum),
    "the maximum length": lambda item: _number(item.maximum_length),
    "the unit": lambda item: item.unit,
}


def _about_sections(old: Questionnaire, new: Questionnaire) -> Iterator[str]:
    for section in new.sections:
        before = old.sections_by_id.get(section.id)
        if before is None:
            yield f"The standard “{section.title}” is new."
        elif before.title != section.title:
            yield f"The standard “{before.title}” is now called “{section.title}”."
        if before is not None and _source(before.applies_when) != _source(section.applies_when):
            now = _source(section.applies_when) or "nothing"
            yield f"The standard “{section.title}” now depends on {now}."
        if before is not None and before.repeat != section.repeat:
            yield f"The standard “{section.title}” was answered {_times(before)} and is now answered {_times(section)}."
    for section in old.sections:
        if section.id not in new.sections_by_id:
            yield f"The standard “{section.title}” is gone."


def _times(section: Section) -> str:
    return f"{section.repeat.minimum} to {section.repeat.maximum} times" if section.repeat else "once"


def _about_scales(old: Questionnaire, new: Questionnaire) -> Iterator[str]:
    befores = {scale.id: scale.options for scale in old.scales}
    afters = {scale.id: scale.options for scale in new.scales}
    for scale_id, options in afters.items():
        if scale_id not in befores:
            yield f"The scale “{scale_id}” is new: {_options(options)}."
        elif befores[scale_id] != options:
            yield f"The scale “{scale_id}” was {_options(befores[scale_id])} and is now {_options(options)}."
    for scale_id in befores.keys() - afters.keys():
        yield f"The scale “{scale_id}” is gone."


def _options(options: Sequence[Option]) -> str:
    return "; ".join(f"{o.label} ({', '.join(_option(o))})" for o in options)


def _option(option: Option) -> Iterator[str]:
    yield f"counts as {option.counts_as or 'nothing'}"
    yield f"{option.points if option.points is not None else 'no'} points"
    marks = {"favourable": option.favourable, "don't know": option.dont_know, "prefer not to say": option.prefer_not}
    yield from (mark for mark, is_set in marks.items() if is_set)


def _about_grades(old: Questionnaire, new: Questionnaire) -> Iterator[str]:
    was = [f"{row.grade} when {row.when.source}" for row in old.grades.get("standard", ())]
    now = [f"{row.grade} when {row.when.source}" for row in new.grades.get("standard", ())]
    if was != now:
        yield f"The grade of a standard was: {'; '.join(was) or 'none'}. It is now: {'; '.join(now) or 'none'}."


def _about_measures(old: Questionnaire, new: Questionnaire) -> Iterator[str]:
    before = {measure.id: measure for measure in old.measures}
    for measure in new.measures:
        if measure.id not in before:
            yield f"The measure “{measure.title}” is new; it is compared with {measure.baseline}."
        elif before[measure.id] != measure:
            yield f"The measure “{measure.title}” is defined otherwise than before."
    for measure_id in before.keys() - {measure.id for measure in new.measures}:
        yield f"The measure “{before[measure_id].title}” is gone."


def _about_heads(old: Questionnaire, new: Questionnaire) -> Iterator[str]:
    for what, look in _HEADS.items():
        was, now = look(old), look(new)
        if was != now:
            yield f"{what} was “{_shown(was)}” and is now “{_shown(now)}”."


_HEADS: Mapping[str, Callable[[Questionnaire], str]] = {
    "The title": lambda q: q.title,
    "The kind": lambda q: q.kind,
    "Who answers": lambda q: q.respondent,
    "The standing": lambda q: q.standing,
    "How answers are treated": lambda q: q.anonymity,
    "The languages": lambda q: listed(q.languages),
    "How many minutes it takes": lambda q: _number(q.minutes),
    "The closing text": lambda q: _flat(q.closing),
    "The support named": lambda q: "; ".join(f"{s.name}: {s.contact}" for s in q.support),
    "The strengths and priorities asked for": lambda q: f"{q.reflections.strengths} and {q.reflections.priorities}",
    "The introduction": lambda q: _flat(q.introduction),
    "The declaration": lambda q: _flat(q.declaration),
    "The checks across items": lambda q: "; ".join(f"{c.id}: {c.holds.source}" for c in q.checks),
}
