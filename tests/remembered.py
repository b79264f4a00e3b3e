"""Reads each text of a questionnaire once a process, however many tests lay it out in a folder of their own.

A library reads a text once; hundreds of tests make a library each.  A reading
holds for the same text, under the same name, with the same facts, as long as
the earlier versions that it asked for are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from audit_engine.definition.facts import Facts
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.definition.reader import Finder, Reading, read_questionnaire

Name = tuple[str, str]
Key = tuple[str | bytes, str, Facts, Name | None, bool]


@dataclass
class Remembered:
    """Stands for ``read_questionnaire``."""

    readings: dict[Key, tuple[Reading, dict[Name, Questionnaire]]] = field(default_factory=dict)

    def read(
        self,
        text: str | bytes,
        path: str,
        facts: Facts,
        find: Finder | None = None,
        expected: Name | None = None,
    ) -> Reading:
        """Read a questionnaire, or return what came of it the last time."""
        key = (text, path, facts, expected, find is None)
        if key in self.readings:
            found, earlier = self.readings[key]
            if find is None or all(find(*name) is version for name, version in earlier.items()):
                return found
        asked: dict[Name, Questionnaire] = {}

        def noted(questionnaire: str, version: str) -> Questionnaire:
            assert find is not None
            asked[questionnaire, version] = find(questionnaire, version)
            return asked[questionnaire, version]

        found = read_questionnaire(text, path, facts, None if find is None else noted, expected)
        if not found.faults:
            self.readings[key] = (found, asked)
        return found


REMEMBERED = Remembered()
