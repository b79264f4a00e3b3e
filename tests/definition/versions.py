"""Three tiny versions of one questionnaire, written as the lineage of their items."""

from __future__ import annotations

from collections.abc import Mapping

from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.definition.reader import Reading, read_questionnaire
from tests.definition.small import FACTS

HEAD = """\
questionnaire: v
version: "{version}"
title: V {version}
kind: audit
respondent: organisation
{continues}
scales:
  met:
    - {{id: met, label: Met, counts_as: met}}
    - {{id: not-met, label: Not met, counts_as: not-met}}
defaults: {{rating: {{scale: met, guidance: Look}}}}
sections:
  - id: one
    title: One
    items:
"""


def text(version: str, items: Mapping[str, str], retired: str = "", continues: str = "") -> str:
    """Return a version; ``items`` maps each id to its lineage in flow style ('' for none), or to whole keys."""
    lines = [HEAD.format(version=version, continues=f'continues: "{continues}"' if continues else "")]
    for item_id, lineage in items.items():
        keys = f", lineage: {{{lineage}}}" if lineage else ""
        lines.append(f"      - {{id: {item_id}, type: rating, text: About {item_id}{keys}}}\n")
    return "".join(lines) + (f"retired:\n{retired}" if retired else "")


class Shelf:
    """Versions by label, found as the reader wants to find them."""

    def __init__(self, *texts: str) -> None:
        self.kept: dict[str, Questionnaire] = {}
        for one in texts:
            reading = self.reading(one)
            assert reading.faults == (), [str(fault) for fault in reading.faults]
            assert reading.questionnaire is not None
            self.kept[reading.questionnaire.version] = reading.questionnaire

    def find(self, questionnaire: str, version: str) -> Questionnaire:
        """Return a version, or raise LookupError."""
        if version not in self.kept:
            raise LookupError(f"There is no version {version}.")
        return self.kept[version]

    def reading(self, one: str) -> Reading:
        """Read a text against the versions kept."""
        return read_questionnaire(one, "v.yaml", FACTS, self.find)

    def faults(self, one: str) -> list[str]:
        """Return the faults of a text."""
        return [str(fault) for fault in self.reading(one).faults]

    def warnings(self, one: str) -> list[str]:
        """Return the warnings of a text."""
        return [str(warning) for warning in self.reading(one).warnings]
