"""What does the partnership's strategic plan promise, as its file plan.yaml says?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from audit_engine.analysis.plan import WANTS, AuditMeasure, Outcome, Plan, Priority, SurveyQuestion
from audit_engine.definition.faults import FaultLog, TooManyFaults
from audit_engine.definition.loading import Loaded, Unloadable, decoded, loaded
from audit_engine.definition.nearest import listed
from audit_engine.services.instance import Instance

FILE = "plan.yaml"
IDENTITY = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
LONGEST_IDENTITY = 100
KEYS: Mapping[str, frozenset[str]] = {
    "file": frozenset({"plan", "priorities"}),
    "plan": frozenset({"id", "title", "source", "invented"}),
    "priority": frozenset({"id", "title", "outcomes"}),
    "outcome": frozenset({"id", "text", "wants", "audit", "survey", "unit", "note"}),
    "audit": frozenset({"questionnaire", "measure"}),
    "survey": frozenset({"questionnaire", "question"}),
}
Where = tuple[str | int, ...]


class FaultyPlan(ValueError):
    """The plan's file has faults; the text says where and what to do."""


def read_plan(instance: Instance) -> Plan | None:
    """Return the plan of an instance, None where it has no file; raise FaultyPlan."""
    file = instance.folder / FILE
    return _Reader(file).plan() if file.is_file() else None


class _Reader:
    """Reads the file and collects every fault before it refuses."""

    def __init__(self, file: Path) -> None:
        self.log = FaultLog(file.name)
        self.outcomes: set[str] = set()
        try:
            self.loaded: Loaded = loaded(decoded(file.read_bytes(), self.log), self.log)
        except (Unloadable, TooManyFaults):
            raise FaultyPlan("\n".join(map(str, self.log.faults))) from None

    def plan(self) -> Plan:
        """Return the plan; raise FaultyPlan for all faults together."""
        self._known(("plan",), "plan")
        self._only((), self.loaded.values, "file")
        priorities = tuple(self._priority(("priorities", n)) for n in self._places(("priorities",)))
        invented = self.loaded.at(("plan", "invented")) is True
        identity, title = self._identity(("plan", "id")), self._text(("plan", "title"))
        found = Plan(identity, title, self._text(("plan", "source")), priorities, invented)
        if self.log.faults:
            raise FaultyPlan("\n".join(map(str, self.log.faults)))
        return found

    def _priority(self, where: Where) -> Priority:
        self._known(where, "priority")
        outcomes = tuple(self._outcome((*where, "outcomes", n)) for n in self._places((*where, "outcomes")))
        return Priority(self._identity((*where, "id")), self._text((*where, "title")), outcomes)

    def _outcome(self, where: Where) -> Outcome:
        found = self._known(where, "outcome")
        identity = self._identity((*where, "id"))
        if identity in self.outcomes:
            self._fault((*where, "id"), f"“{identity}” is there twice. Every outcome needs an id of its own.")
        self.outcomes.add(identity)
        wants = found.get("wants", "")
        if wants not in WANTS:
            offered = listed([w for w in WANTS if w], "or")
            self._fault((*where, "wants"), f"“{wants}” is no direction. Write {offered}, or leave it out.")
            wants = ""
        unit, note = (self._text((*where, key), "") for key in ("unit", "note"))
        return Outcome(identity, self._text((*where, "text")), wants, self._followed(where, found), unit, note)

    def _followed(self, where: Where, found: Mapping[str, Any]) -> AuditMeasure | SurveyQuestion | None:
        if "audit" in found and "survey" in found:
            self._fault(where, "It is followed by an audit or by a survey, not by both. Take one out.")
        for kind, last, make in (("audit", "measure", AuditMeasure), ("survey", "question", SurveyQuestion)):
            if kind in found:
                self._known((*where, kind), kind)
                return make(self._text((*where, kind, "questionnaire")), self._text((*where, kind, last)))
        return None

    def _known(self, where: Where, kind: str) -> Mapping[str, Any]:
        """Return a mapping, and say which of its keys nobody knows."""
        found = self.loaded.at(where)
        if not isinstance(found, dict):
            self._fault(where, f"Here stands a {kind} with the keys {listed(sorted(KEYS[kind]))}.")
            return {}
        self._only(where, found, kind)
        return found

    def _only(self, where: Where, found: Mapping[str, Any], kind: str) -> None:
        for key in found:
            if key not in KEYS[kind]:
                self._fault((*where, key), f"“{key}” is not known here. Known: {', '.join(sorted(KEYS[kind]))}.")

    def _places(self, where: Where) -> range:
        found = self.loaded.at(where)
        if not isinstance(found, list) or not found:
            self._fault(where, f"“{where[-1]}” must be a list with at least one entry.")
            return range(0)
        return range(len(found))

    def _identity(self, where: Where) -> str:
        found = self._text(where)
        if found and not (IDENTITY.fullmatch(found) and len(found) <= LONGEST_IDENTITY):
            rule = "small letters and figures, parted by single hyphens or full stops"
            self._fault(where, f"“{found[:40]}” cannot be an id: an id has {rule}, at most {LONGEST_IDENTITY}.")
        return found

    def _text(self, where: Where, default: str | None = None) -> str:
        found = self.loaded.at(where)
        if found is None and default is not None:
            return default
        if isinstance(found, str) and found.strip():
            return " ".join(found.split())
        self._fault(where, f"“{where[-1]}” is missing or is not text. If it is a number, put it in quotes.")
        return ""

    def _fault(self, where: Where, sentence: str) -> None:
        with suppress(TooManyFaults):
            self.log.add(self.loaded.place(where), self.loaded.where(where), sentence)
