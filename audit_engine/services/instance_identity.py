"""What does an instance's partnership.yaml say of the deployment itself, and how is any of its files read?

What the file says of organisations is for ``instance_files.py``: a site starts without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from audit_engine.definition.faults import MOST_FAULTS, Fault, FaultLog, TooManyFaults
from audit_engine.definition.loading import Loaded, Unloadable, decoded, loaded

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
IDENTITY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_IDENTITY, LONGEST_NAME = 100, 200  # what the columns of the database hold
#: Days in which what people write is read where the file does not say, and the most that it may say.
READ_WITHIN, LONGEST_READING = 5, 60


class FaultyFile(Exception):
    """A file of an instance has faults; nothing was changed."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(f) for f in faults))
        self.faults = faults


class InstanceFile:
    """A file's values with a place for every fault."""

    def __init__(self, path: Path) -> None:
        self.log = FaultLog(path.name if path.parent.name != "cycles" else f"cycles/{path.name}")
        try:
            self.loaded: Loaded = loaded(decoded(path.read_bytes(), self.log), self.log)
        except (Unloadable, TooManyFaults):
            raise FaultyFile(tuple(self.log.faults)) from None

    @property
    def values(self) -> dict[str, Any]:
        """Return everything that the file says."""
        return self.loaded.values

    def fault(self, path: tuple[str | int, ...], sentence: str) -> None:
        """Note what is wrong at a place."""
        if len(self.log.faults) < MOST_FAULTS:
            with suppress(TooManyFaults):
                self.log.add(self.loaded.place(path), self.loaded.where(path), sentence)

    def unknown_keys(self, path: tuple[str | int, ...], mapping: Mapping[str, Any], known: frozenset[str]) -> None:
        """Note every key that is not known."""
        for key in mapping:
            if key not in known:
                self.fault((*path, key), f"“{key}” is not known here. Known: {', '.join(sorted(known))}.")

    def text(self, path: tuple[str | int, ...], default: str | None = None) -> str:
        """Return the text at a place; where it is missing the default, or a fault."""
        value = self.loaded.at(path)
        if value in (None, "") and default is not None:
            return default
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.fault(path, f"“{path[-1]}” is missing or is not text. If it is a number, put it in quotes.")
        return ""

    def name(self, path: tuple[str | int, ...]) -> str:
        """Return a text that fits the column of a name."""
        found = self.text(path)
        if len(found) > LONGEST_NAME:
            self.fault(path, f"“{found[:40]}...” has {len(found)} letters; at most {LONGEST_NAME} fit.")
        return found

    def identity(self, path: tuple[str | int, ...]) -> str:
        """Return a text that may be an id."""
        found = self.text(path)
        if found and not (IDENTITY.fullmatch(found) and len(found) <= LONGEST_IDENTITY):
            rule = f"small letters and figures, parted by single hyphens, at most {LONGEST_IDENTITY}"
            self.fault(path, f"“{found[:40]}” cannot be an id: an id has {rule}.")
        return found

    def mapping(self, path: tuple[str | int, ...]) -> Mapping[str, Any]:
        """Return the keys and values at a place; none where nothing stands there."""
        value = self.loaded.at(path)
        if value is None or isinstance(value, dict):
            return value or {}
        self.fault(path, f"“{path[-1]}” must hold keys and values, each “key: value”.")
        return {}

    def texts(self, path: tuple[str | int, ...]) -> tuple[str, ...]:
        """Return the list of texts at a place; none where nothing stands there."""
        value = self.loaded.at(path)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        self.fault(path, f"“{path[-1]}” must be a list of texts, such as [one, two].")
        return ()

    def day(self, path: tuple[str | int, ...]) -> date | None:
        """Return the day at a place; None where nothing stands there."""
        value = self.loaded.at(path)
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(path, f"“{value}” is not a date. Write it like 2026-09-01.")
            return None

    def rows(self, key: str) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
        """Yield the entries of a list, each with its place."""
        listed = self.values.get(key) or []
        if not isinstance(listed, list):
            self.fault((key,), f"“{key}” must be a list.")
            return
        for index, row in enumerate(listed):
            if isinstance(row, dict):
                yield (key, index), row
            else:
                self.fault((key, index), "Each entry must hold keys and values.")

    def finish(self) -> None:
        """Raise ``FaultyFile`` where anything was wrong."""
        refuse_faults([self])


def refuse_faults(files: Iterable[InstanceFile]) -> None:
    """Raise ``FaultyFile`` with the faults of all these files, where there are any."""
    faults = tuple(fault for file in files for fault in file.log.in_order()[0])
    if faults:
        raise FaultyFile(faults)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a deployment is called and how it works; ``contact`` is the e-mail address in its contact or ''.

    ``read_within`` is the number of days in which what people write must be
    read, ``risk_route`` to whom a text goes that suggests a risk.
    """

    name: str
    invented: bool
    contact: str
    read_within: int = READ_WITHIN
    risk_route: str = ""


def read_identity(path: Path) -> Identity:
    """Return what partnership.yaml says of the deployment itself, or raise ``FaultyFile``."""
    file = InstanceFile(path)
    name = file.text(("partnership", "name"))
    invented = flag(file, ("partnership", "invented"))
    address = EMAIL.search(file.text(("partnership", "contact"), ""))
    days = _days(file, ("partnership", "free_text", "read_within_days"))
    route = file.text(("partnership", "free_text", "risk_route"), "")
    file.finish()
    return Identity(name, invented, address.group() if address else "", days, route)


def _days(file: InstanceFile, path: tuple[str | int, ...]) -> int:
    value = file.loaded.at(path)
    if value is None:
        return READ_WITHIN
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LONGEST_READING:
        return value
    file.fault(path, f"“{value}” is no number of days. Write a whole number from 1 to {LONGEST_READING}.")
    return READ_WITHIN


def flag(file: InstanceFile, path: tuple[str | int, ...]) -> bool:
    """Return whether a place says yes; no where nothing stands there."""
    value = file.loaded.at(path)
    if value in (None, False, "no"):
        return False
    if value in (True, "yes"):
        return True
    file.fault(path, f"“{value}” is neither true nor false.")
    return False
