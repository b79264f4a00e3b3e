"""What is wrong with a file, where, and what should its author do?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["fault", "warning"]
MOST_FAULTS = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong (``fault``) or legal but odd (``warning``); line and column count from 1."""

    path: str
    line: int
    column: int
    where: str
    sentence: str
    level: Level = "fault"

    def __str__(self) -> str:
        """Return ``file:line:column where: sentence``."""
        place = f"{self.path}:{self.line}:{self.column}"
        return f"{place} {self.where}: {self.sentence}" if self.where else f"{place} {self.sentence}"


class FaultyDefinition(Exception):
    """A definition was asked for that has faults, so that it cannot be used."""

    def __init__(self, name: str, faults: Iterable[Fault]) -> None:
        self.name = name
        self.faults = tuple(faults)
        count = len(self.faults)
        things = "one fault" if count == 1 else f"{count} faults"
        super().__init__(f"{name} has {things}, so it cannot be used. The first is: {self.faults[0]}")


class TooManyFaults(Exception):
    """A file has so many faults that looking for more would help nobody."""


class FaultLog:
    """Collects the faults and warnings of one file, at most MOST_FAULTS of each."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self._said: set[Fault] = set()

    def add(self, place: tuple[int, int], where: str, sentence: str, level: Level = "fault") -> None:
        """Add what is wrong at (line, column); raise TooManyFaults when the log is full of faults."""
        entry = Fault(self.path, *place, where, sentence, level)
        if entry in self._said:
            return
        self._said.add(entry)
        if level == "warning":
            if len(self.warnings) < MOST_FAULTS:
                self.warnings.append(entry)
            return
        self.faults.append(entry)
        if len(self.faults) >= MOST_FAULTS:
            last = f"This file has more than {MOST_FAULTS - 1} faults. Put these right, then check again."
            self.faults.append(Fault(self.path, *place, "", last))
            raise TooManyFaults

    def in_order(self) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
        """Return faults and warnings as they stand in the file."""
        return tuple(sorted(self.faults, key=_place)), tuple(sorted(self.warnings, key=_place))


def _place(fault: Fault) -> tuple[int, int, str]:
    return fault.line, fault.column, fault.where
