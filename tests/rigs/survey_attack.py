"""What can somebody work out who reads every output of a survey, and is any of it about too few people?

The attacker knows the questionnaire, who belongs to which sector, and every
number and symbol that any filter shows; not who anybody is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

from audit_engine.analysis.suppression import LEAST_BASE, SMALL, TELLING_BASE
from tests.rigs.solver import Knowledge, whole
from tests.rigs.survey_world import ORGANISATIONS, Output, Person

Atom = tuple[str, str, str]
ROLES, AGES = ("front", "manager", "trainee"), ("young", "old", "prefer-not")
BLANK, TICKED_ANY, BASE = "blank", "ticked any", "base"


@dataclass(frozen=True)
class Asked:
    """What a questionnaire says of one question: its answers, and of whom it is asked."""

    inside: tuple[str, ...]
    outside: tuple[str, ...] = ()
    gate: tuple[str, str] | None = None
    sensitive: bool = False
    several: bool = False
    shares: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ()


QUESTIONS: Mapping[str, Asked] = {
    "r.role": Asked(ROLES),
    "r.age": Asked(AGES[:2], AGES[2:], sensitive=True),
    "r.know": Asked(("yes", "no", "unsure"), shares={"favourable": ("yes",), "dont-know-share": ("unsure",)}),
    "r.how": Asked(("told", "read"), ("not-mine",), ("r.know", "yes"), shares={"favourable": ("told",)}),
    "r.harm": Asked(
        ("often", "once", "never"), ("prefer-not",), sensitive=True, shares={"favourable": ("never",)}
    ),
    "r.after": Asked(("glad", "same"), gate=("r.harm", "never")),
    "r.what": Asked(("words", "deeds", "nothing"), sensitive=True, several=True),
    "r.safe": Asked(("1", "2", "3", "4", "5"), sensitive=True),
    "r.fact": Asked(
        ("true", "false", "dont-know"), outcomes=("correct", "misconception", "gap"),
        shares={"dont-know-share": ("dont-know",)},
    ),
}  # fmt: skip
#: Questions that say something of one another.
BLOCKS = (("r.know", "r.how"), ("r.harm", "r.after"), ("r.what",), ("r.safe",), ("r.fact",))
OUTCOME_OF = {"correct": "true", "misconception": "false", "gap": "dont-know"}


@dataclass(frozen=True)
class Leak:
    """A number that could be worked out and ought not."""

    question: str
    group: str
    answer: str
    count: int
    base: int
    least: int
    most: int

    def __str__(self) -> str:
        return (
            f"{self.question}: {self.count} of {self.base} of {self.group} said {self.answer}; "
            f"what is shown leaves {self.least} to {self.most}"
        )


@dataclass(frozen=True)
class Attack:
    """One survey, its truth and its outputs; ``splits`` are the profile questions that the attacker minds.

    A ``thorough`` attack knows that people are whole, and asks of crossings too
    (the front line of one organisation).
    """

    people: Sequence[Person]
    outputs: Sequence[Output]
    splits: tuple[str, ...] = ("r.role",)
    thorough: bool = True

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        roles = (*ROLES, "") if "r.role" in self.splits else ("",)
        ages = (*AGES, "") if "r.age" in self.splits else ("",)
        return tuple(product(sorted({p.organisation for p in self.people}), roles, ages))

    @cached_property
    def truth(self) -> Mapping[str, Mapping[Atom, Counter[str]]]:
        """Return, by question, how people of each kind answered."""
        found: dict[str, dict[Atom, Counter[str]]] = {name: {} for name in QUESTIONS}
        for person in self.people:
            for name, asked in QUESTIONS.items():
                own = found[name].setdefault(self.atom(person), Counter())
                own.update(_counted(asked, person, person.answers.get(name)))
        return found

    def atom(self, person: Person) -> Atom:
        role = person.answers.get("r.role", "") if "r.role" in self.splits else ""
        age = person.answers.get("r.age", "") if "r.age" in self.splits else ""
        return person.organisation, role, age

    def members(self, by: str, group: str) -> tuple[Atom, ...]:
        return tuple(a for a in self.atoms if _BELONGS[by](a, group))

    def leaks(self) -> Iterator[Leak]:
        """Yield whatever can be worked out of too few people."""
        profile = () if "r.age" in self.splits else (("r.age",),)
        for block in (*BLOCKS, *profile):
            yield from _Block(self, block).leaks()


_BELONGS: Mapping[str, Callable[[Atom, str], bool]] = {
    "": lambda atom, group: True,
    "sector": lambda atom, group: ORGANISATIONS[atom[0]] == group,
    "organisation": lambda atom, group: atom[0] == group,
    "r.role": lambda atom, group: atom[1] == group,
    "r.age": lambda atom, group: atom[2] == group,
}


class _Block:
    """The attack on questions that say something of one another."""

    def __init__(self, attack: Attack, questions: Sequence[str]) -> None:
        self.attack, self.questions = attack, questions
        self.outputs = [
            o
            for o in attack.outputs
            if o.audience == "panel" and (o.by in ("", "sector", "organisation", *attack.splits))
        ]
        self.known = Knowledge(attack.thorough)
        self._counted: dict[tuple[str, tuple[Atom, ...]], Counter[str]] = {}
        self._rules()
        for output in self.outputs:
            self._read(output)

    # --- what everybody knows ------------------------------------------------

    def _rules(self) -> None:
        for atom in self.attack.atoms:
            for name in self.questions:
                asked = QUESTIONS[name]
                self.known.equal(
                    {**self._cells(name, (BLANK, *self._marks(name)), [atom]), **self._asked(name, atom, -1)}, 0
                )
                if asked.several:
                    self._ticks(name, atom)
                for outcome in asked.outcomes:
                    self.known.learn({(name, OUTCOME_OF[outcome], atom): 1, (name, outcome, atom): -1}, 0)

    def _marks(self, name: str) -> tuple[str, ...]:
        asked = QUESTIONS[name]
        return (TICKED_ANY,) if asked.several else (*asked.inside, *asked.outside)

    def _ticks(self, name: str, atom: Atom) -> None:
        ticks = QUESTIONS[name].inside
        for one in ticks:
            self.known.learn({(name, TICKED_ANY, atom): 1, (name, one, atom): -1}, 0)
        self.known.learn({**dict.fromkeys(((name, t, atom) for t in ticks), 1), (name, TICKED_ANY, atom): -1}, 0)
        for other in ticks[:-1]:  # the last rules out the others
            self.known.learn({(name, TICKED_ANY, atom): 1, (name, other, atom): -1, (name, ticks[-1], atom): -1}, 0)

    def _asked(self, name: str, atom: Atom, times: int = 1) -> dict[object, int]:
        gate = QUESTIONS[name].gate
        return {("replies", atom): times} if gate is None else {(*gate, atom): times}

    @staticmethod
    def _cells(name: str, marks: Sequence[str], atoms: Sequence[Atom]) -> dict[object, int]:
        return {(name, mark, atom): 1 for mark in marks for atom in atoms}

    # --- what an output says ---------------------------------------------------

    def _read(self, output: Output) -> None:
        atoms = self.attack.members(output.by, output.group)
        if output.replies is not None:
            self.known.equal({("replies", atom): 1 for atom in atoms}, output.replies)
        for split, place, marks in (("r.role", 1, ROLES), ("r.age", 2, AGES)):
            if split in self.attack.splits:
                for mark in marks:
                    self._figure(output.questions[split], mark, {("replies", a): 1 for a in atoms if a[place] == mark})
        for name in self.questions:
            self._question(name, output.questions[name], atoms)

    def _figure(self, told: Mapping[str, Any], mark: str, sum_of: Mapping[object, int]) -> None:
        for figure in (*told["answers"], *told["outside_the_base"]):
            if figure["id"] == mark and figure["count"] is not None:
                self.known.equal(sum_of, figure["count"])

    def _question(self, name: str, told: Mapping[str, Any], atoms: Sequence[Atom]) -> None:
        asked = QUESTIONS[name]
        base = (TICKED_ANY,) if asked.several else asked.inside
        if told["base"] is None:
            if told["shown_as"] == "[low]":
                self.known.learn(self._cells(name, base, atoms), 0, LEAST_BASE - 1)
            return
        self.known.equal(self._cells(name, base, atoms), told["base"])
        self.known.equal(self._cells(name, (BLANK, *self._marks(name)), atoms), told["asked"])
        if told["answered"] is not None:
            self.known.equal(self._cells(name, self._marks(name), atoms), told["answered"])
        for figure in (*told["answers"], *told["outside_the_base"]):
            self._count(figure, told["base"], self._cells(name, (figure["id"],), atoms))
        for figure in told["shares"]:
            marks = asked.shares.get(figure["id"], (figure["id"],))
            self._count(figure, told["base"], self._cells(name, marks, atoms))
            if figure["id"] in asked.outcomes and figure["base"] is not None:
                self.known.equal(self._cells(name, asked.outcomes, atoms), figure["base"])

    def _count(self, figure: Mapping[str, Any], base: int, sum_of: Mapping[object, int]) -> None:
        if figure["count"] is not None:
            self.known.equal(sum_of, figure["count"])
        elif figure["percent"] == "5% or fewer":
            self.known.learn(sum_of, 0, base / 20)
        elif figure["percent"] == "95% or more":
            self.known.learn(sum_of, base - base / 20, base)

    # --- what ought to stay unknown --------------------------------------------

    def leaks(self) -> Iterator[Leak]:
        every = [secret for name in self.questions for secret in self._secrets(name)]
        wanted = list({(s.question, s.answer, frozenset(s.atoms)): s for s in every}.values())
        sums = [self._cells(s.question, (s.answer,), s.atoms) for s in wanted]
        ranges = self.known.widths(sums, [s.apart for s in wanted], [s.count for s in wanted])
        for secret, (least, most) in zip(wanted, whole(ranges), strict=True):
            if most - least < secret.apart and self._is_result(secret):
                assert least <= secret.count <= most, f"what was published is wrong: {secret}"
                yield Leak(secret.question, secret.group, secret.answer, secret.count, secret.base, least, most)

    def _is_result(self, secret: _Secret) -> bool:
        """Tell whether how many were judged at all is known too: without that a count is no result."""
        if not secret.of:
            return True
        ((least, most),) = whole(self.known.widths([self._cells(secret.question, secret.of, secret.atoms)], [1]))
        return most == least

    def _secrets(self, name: str) -> Iterator[_Secret]:
        asked = QUESTIONS[name]
        for group, atoms in self._groups(name):
            numbers, base = self._truth(name, atoms)
            for answer in asked.inside:
                apart = self._apart(name, atoms, answer, numbers, base)
                if apart:
                    yield _Secret(name, group, answer, atoms, numbers[answer], base, apart)
            for answer in asked.outside if asked.sensitive else ():
                if 0 < numbers[answer] < SMALL:
                    yield _Secret(name, group, answer, atoms, numbers[answer], base, 1)
            scored = sum(numbers[outcome] for outcome in asked.outcomes)
            for outcome in asked.outcomes if 0 < scored < LEAST_BASE else ():
                if 0 < numbers[outcome] < numbers[OUTCOME_OF[outcome]]:  # else it says no more than the answer does
                    yield _Secret(name, group, outcome, atoms, numbers[outcome], scored, 1, asked.outcomes)

    def _groups(self, name: str) -> Iterator[tuple[str, tuple[Atom, ...]]]:
        """Yield everything that somebody might want to know of: groups, what shown groups leave, and crossings."""
        yield "everybody", self.attack.atoms
        for by in ("sector", "organisation", *self.attack.splits):
            there = [o for o in self.outputs if o.by == by]
            for group in sorted({o.group for o in there}):
                yield f"{by} {group}", self.attack.members(by, group)
            for rest in self._rests(name, by):
                yield f"{by} that is not shown", rest
        if QUESTIONS[name].sensitive and self.attack.thorough:
            yield from ((" and ".join(filter(None, atom)), (atom,)) for atom in self.attack.atoms)

    def _rests(self, name: str, by: str, *, counted: bool = False) -> Iterator[tuple[Atom, ...]]:
        """Yield what the shown groups leave; ``counted``: those of which a count is shown, and not the base alone."""
        shown = {a for o in self._shown(name, by, counted=counted) for a in self.attack.members(by, o.group)}
        sectors = [o.group for o in self._shown(name, "sector", counted=counted)] if by == "organisation" else []
        if sectors:
            shown_too = {a for s in sectors for a in self.attack.members("sector", s)} | shown
            yield from ((rest,) if (rest := tuple(a for a in self.attack.atoms if a not in shown_too)) else ())
        for within in (("", ""), *(("sector", s) for s in sectors)):
            rest = tuple(a for a in self.attack.members(*within) if a not in shown)
            if rest:
                yield rest

    def _shown(self, name: str, by: str, *, counted: bool = False) -> list[Output]:
        there = [o for o in self.outputs if o.by == by and o.questions[name]["base"] is not None]
        return [o for o in there if not counted or any(f["count"] is not None for f in o.questions[name]["answers"])]

    def _truth(self, name: str, atoms: Sequence[Atom]) -> tuple[Mapping[str, int], int]:
        key = name, tuple(atoms)
        if key not in self._counted:
            found = self.attack.truth[name]
            self._counted[key] = sum((found[atom] for atom in atoms if atom in found), Counter())
        return self._counted[key], self._counted[key][BASE]

    def _apart(self, name: str, atoms: tuple[Atom, ...], answer: str, numbers: Mapping[str, int], base: int) -> int:
        """Return how far apart the limits of a number must be; 0 where anybody may know it."""
        asked, n = QUESTIONS[name], numbers[answer]
        if base == 0 or self._told_by_all(name, atoms, answer, numbers, asked.inside):
            return 0
        if not asked.sensitive:
            return int(n > 0 and base < LEAST_BASE)  # a nought is safe where nothing is sensitive (methods section 10)
        telling = 0 < n < SMALL or 0 < base - n < SMALL or (base < TELLING_BASE and n in (0, base))
        if not telling:
            return 0
        # Nothing is published of a crossing: what a group shows limits those in it who are nearly all of it.
        return 1 if len(atoms) == 1 < len(self.attack.splits) + 1 or self._in_words(name) else min(SMALL, base)

    def _in_words(self, name: str) -> bool:
        """Tell whether "5% or fewer" stands of everybody: that is as much as it hides."""
        return any(
            figure["percent"][-1] in "rs" and figure["count"] is None and "%" in figure["percent"]
            for o in self._shown(name, "") for figure in o.questions[name]["answers"]
        )  # fmt: skip

    def _told_by_all(
        self, name: str, atoms: Sequence[Atom], answer: str, numbers: Mapping[str, int], answers: Sequence[str]
    ) -> bool:
        """Tell whether noughts of larger groups that are shown, or left, say it: nobody there gave the other answer."""
        noughts = (answer,) if numbers[answer] == 0 else [a for a in answers if a != answer]
        if any(numbers[a] for a in noughts):
            return False
        there = [atom for atom in atoms if self._truth(name, (atom,))[1]]
        return all(self._is_told(name, a, atoms) or all(self._is_told(name, a, (p,)) for p in there) for a in noughts)

    def _is_told(self, name: str, answer: str, atoms: Sequence[Atom]) -> bool:
        return any(self._is_nought(name, answer, unit) for unit in self._units(name, atoms))

    def _is_nought(self, name: str, answer: str, unit: Sequence[Atom]) -> bool:
        numbers, base = self._truth(name, unit)
        least = TELLING_BASE if QUESTIONS[name].sensitive else LEAST_BASE
        return numbers[answer] == 0 and base >= least

    def _units(self, name: str, atoms: Sequence[Atom]) -> Iterator[tuple[Atom, ...]]:
        """Yield the groups around these people that are shown, or left by those that are."""
        for by in ("", "sector", "organisation", *self.attack.splits):
            every = [self.attack.members(by, o.group) for o in self._shown(name, by)]
            left = (*self._rests(name, by), *self._rests(name, by, counted=True)) if by else ()
            for unit in (*every, *left):
                if set(atoms) <= set(unit):
                    yield unit


@dataclass(frozen=True)
class _Secret:
    question: str
    group: str
    answer: str
    atoms: tuple[Atom, ...]
    count: int
    base: int
    apart: int
    of: tuple[str, ...] = ()


def _counted(asked: Asked, person: Person, value: Any) -> Iterator[str]:
    """Yield everything that an answer counts as."""
    if value is None:
        return
    yield from value if asked.several else (value,)
    if asked.several or value in asked.inside:
        yield BASE
    for outcome in asked.outcomes if person.scored else ():
        if OUTCOME_OF[outcome] == value:
            yield outcome
