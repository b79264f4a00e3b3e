"""Would a survey's questions about people make groups too small to stay anonymous?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Literal

from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.definition.nearest import listed, shortened
from audit_engine.definition.questionnaire import Item, Questionnaire


@dataclass(frozen=True, slots=True)
class LaunchWarning:
    """Something to think about before a survey is sent; it stops nobody."""

    kind: Literal["small groups", "small organisation", "size unknown", "replies needed"]
    sentence: str


def warn_before_launch(questionnaire: Questionnaire, sizes: Mapping[str, int | None]) -> tuple[LaunchWarning, ...]:
    """Return what to think about, given each organisation's number of staff by its name (None: not known)."""
    profile = tuple(i for i in questionnaire.items if i.profile and i.options)
    known = {name: size for name, size in sizes.items() if size is not None}
    found = [_too_small(name, size) for name, size in known.items() if size < LEAST_BASE]
    found += [
        warning
        for name, size in known.items()
        if size >= LEAST_BASE and (warning := _small_groups(name, size, profile)) is not None
    ]
    unknown = [name for name, size in sizes.items() if size is None]
    if unknown and profile:
        found.append(_unknown(unknown, profile))
    if sizes:
        found.append(_needed())
    return tuple(found)


def _too_small(name: str, size: int) -> LaunchWarning:
    told = (
        f"{name} has {size} people. No result is shown for fewer than {LEAST_BASE}, so it will see none of its own; "
        "its replies count only in larger groups."
    )
    return LaunchWarning("small organisation", told)


def _small_groups(name: str, size: int, profile: tuple[Item, ...]) -> LaunchWarning | None:
    groups = prod(len(i.options) for i in profile)
    if not profile or size >= LEAST_BASE * groups:
        return None
    told = (
        f"{name} has {size} people. {_about(profile)} {_verb(profile)} {groups} groups, of {_each(size, groups)}, "
        f"which is under {LEAST_BASE}. {_advice(size, profile)}"
    )
    return LaunchWarning("small groups", told)


def _unknown(names: list[str], profile: tuple[Item, ...]) -> LaunchWarning:
    groups = prod(len(i.options) for i in profile)
    told = (
        f"The number of staff is not known for {listed(sorted(names)[:12])}. {_about(profile)} {_verb(profile)} "
        f"{groups} groups: to keep {LEAST_BASE} people in each, an organisation needs {LEAST_BASE * groups:,} people."
    )
    return LaunchWarning("size unknown", told)


def _needed() -> LaunchWarning:
    told = (
        f"An organisation needs at least {LEAST_BASE} replies before what its staff say can be set beside its own "
        "ratings."
    )
    return LaunchWarning("replies needed", told)


def _about(profile: tuple[Item, ...]) -> str:
    asked = listed([f"“{shortened(i.text)}” ({len(i.options)} answers)" for i in profile])
    return f"The question {asked}" if len(profile) == 1 else f"The questions {asked}"


def _verb(profile: tuple[Item, ...]) -> str:
    return "makes" if len(profile) == 1 else "together make"


def _each(size: int, groups: int) -> str:
    if size < groups:
        return "less than one person each on average"
    each = size // groups
    return f"about {each} {'person' if each == 1 else 'people'} each"


def _advice(size: int, profile: tuple[Item, ...]) -> str:
    """Suggest coarser bands for the longest question, or leaving questions out, whichever is enough."""
    room = size // LEAST_BASE
    longest = max(profile, key=lambda i: len(i.options))
    others = prod(len(i.options) for i in profile if i is not longest)
    bands = room // others
    if bands >= 2:
        return f"Offer at most {bands} answers to “{shortened(longest.text)}”, in broader bands."
    kept = [i for i in sorted(profile, key=lambda i: len(i.options)) if len(i.options) <= room]
    if kept and len(profile) > 1:
        dropped = listed([f"“{shortened(i.text)}”" for i in profile if i is not kept[0]])
        return f"Leave out {dropped}, or offer fewer, broader answers."
    return "Leave such questions out, or offer two broad answers at most." if room >= 2 else "Leave such questions out."
