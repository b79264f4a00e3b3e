"""Which questionnaires are there, and what does each version say?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from audit_engine.definition.faults import FaultyDefinition
from audit_engine.definition.headline import Headline, headline_of
from audit_engine.definition.loading import MOST_BYTES
from audit_engine.definition.nearest import listed, suggestion

# What reads a definition is loaded with the first that is read: a site starts without any.
if TYPE_CHECKING:
    from audit_engine.definition.facts import Facts, FactsReading
    from audit_engine.definition.questionnaire import Questionnaire
    from audit_engine.definition.reader import Finder, Reading

FOLDER = "questionnaires"
FACTS_FILE = "facts.yaml"


class UnknownQuestionnaire(LookupError):
    """A questionnaire or a version was asked for that is not there; the message names what is."""


class Library:
    """The questionnaires in a root folder; each text is read once."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.folder = self.root / FOLDER
        self._readings: dict[tuple[str, ...], Reading] = {}
        self._facts: tuple[bytes, FactsReading] | None = None
        self._being_read: list[Path] = []

    @property
    def facts(self) -> Facts:
        """Return the facts that conditions may use; raise FaultyDefinition where their file has faults."""
        reading = self.facts_reading()
        if reading.faults:
            raise FaultyDefinition(FACTS_FILE, reading.faults)
        return reading.facts

    def facts_reading(self) -> FactsReading:
        """Return what came of reading facts.yaml; no file means no facts."""
        from audit_engine.definition.facts import read_facts

        path = self.folder / FACTS_FILE
        raw = start_of(path) if path.is_file() else b"facts: {}"
        if self._facts is None or self._facts[0] != raw:
            self._facts = (raw, read_facts(raw, self.shown(path)))
        return self._facts[1]

    def load(self, questionnaire: str, version: str) -> Questionnaire:
        """Return a version; raise UnknownQuestionnaire or FaultyDefinition."""
        return _sound(self.reading(self.path_of(questionnaire, version)), f"{questionnaire}@{version}")

    def headline(self, questionnaire: str, version: str) -> Headline | None:
        """Return of which kind a version is, without reading it whole; None where there is none that says."""
        try:
            text = start_of(self.path_of(questionnaire, version)).decode()
        except (UnknownQuestionnaire, OSError, UnicodeDecodeError):
            return None
        return headline_of(text)

    def named(self, name: str) -> Questionnaire:
        """Return the version called ``section-11@2026``."""
        questionnaire, at, version = name.partition("@")
        if not at:
            raise UnknownQuestionnaire(f"“{name[:80]}” names no version. Write it as section-11@2026.")
        return self.load(questionnaire, version)

    def read_stored(self, text: str) -> Questionnaire:
        """Return a definition kept in the database, whose lineage was checked before it was kept."""
        from audit_engine.definition.reader import read_questionnaire

        key = ("stored", _hash(text.encode()))
        if key not in self._readings:
            self._readings[key] = read_questionnaire(text, "stored definition", self.facts)
        return _sound(self._readings[key], "the stored definition")

    def reading(self, path: Path) -> Reading:
        """Return what came of reading a file, here or elsewhere; earlier versions are looked for beside it first."""
        from audit_engine.definition.reader import read_questionnaire

        raw = start_of(path)
        is_ours = path.resolve().is_relative_to(self.folder.resolve())
        key = (str(path), _hash(raw), *self._around(path))
        if key not in self._readings:
            expected = (path.parent.name, path.stem) if is_ours else None
            self._being_read.append(path)
            try:
                found = read_questionnaire(raw, self.shown(path), self.facts, self._finder(path.parent), expected)
            finally:
                self._being_read.pop()
            self._readings[key] = found
        return self._readings[key]

    def versions(self, questionnaire: str) -> tuple[str, ...]:
        """Return the versions of a questionnaire, the oldest label first; raise UnknownQuestionnaire."""
        known = self._files()
        if questionnaire not in known:
            there = f"There are {listed(known)}." if known else f"The folder {self.folder.name} holds none."
            near = suggestion(questionnaire, known)
            raise UnknownQuestionnaire(f"There is no questionnaire “{questionnaire[:80]}”. {there}{near}")
        return tuple(known[questionnaire])

    def names(self) -> tuple[tuple[str, str], ...]:
        """Return every (questionnaire, version), in order."""
        return tuple((name, version) for name, versions in self._files().items() for version in versions)

    def all(self) -> tuple[Questionnaire, ...]:
        """Return every version of every questionnaire; raise FaultyDefinition for the first with faults."""
        return tuple(self.load(name, version) for name, version in self.names())

    def path_of(self, questionnaire: str, version: str) -> Path:
        """Return the file of a version; raise UnknownQuestionnaire naming those there are."""
        versions = self.versions(questionnaire)
        if version not in versions:
            told = f"There is no version “{version[:40]}” of {questionnaire}. There are {listed(versions)}."
            raise UnknownQuestionnaire(told)
        return self.folder / questionnaire / f"{version}.yaml"

    def shown(self, path: Path) -> str:
        """Return a path as faults show it: from the root where it lies below."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)

    def _files(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted(self.folder.glob("*/*.yaml"), key=lambda p: (p.parent.name, _natural(p.stem))):
            found.setdefault(path.parent.name, []).append(path.stem)
        return found

    def _around(self, path: Path) -> tuple[str, ...]:
        """Return the hashes of what a reading may rest on: the facts and the versions beside it."""
        beside = [p for p in sorted(path.parent.glob("*.yaml")) if p != path]
        facts = self.folder / FACTS_FILE
        return tuple(_hash(start_of(p)) for p in [*beside, *([facts] if facts.is_file() else [])])

    def _finder(self, folder: Path) -> Finder:
        def find(questionnaire: str, version: str) -> Questionnaire:
            beside = folder / f"{version}.yaml"
            path = beside if beside.is_file() else self.path_of(questionnaire, version)
            if path in self._being_read:
                raise UnknownQuestionnaire(f"Version {version} and this one continue one another. Change one of them.")
            found = _sound(self.reading(path), f"{questionnaire}@{version}")
            if (found.id, found.version) != (questionnaire, version):
                raise UnknownQuestionnaire(f"The file {path.name} holds {found.name}, not {questionnaire}@{version}.")
            return found

        return find


def start_of(path: Path) -> bytes:
    """Return the bytes of a file, no more than it takes to see that it is too large."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _natural(label: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"([0-9]+)", label) if part]


def _sound(reading: Reading, name: str) -> Questionnaire:
    if reading.questionnaire is None:
        raise FaultyDefinition(name, reading.faults)
    return reading.questionnaire
