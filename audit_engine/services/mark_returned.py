"""Mark the addresses to which messages came back, by the delivery reports in a folder of mail."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from audit_engine.mail.bounces import read_folder
from audit_engine.storage import mailings
from audit_engine.storage.engine import writing


@dataclass(frozen=True, slots=True)
class Returned:
    """What a folder of mail said: addresses marked, failures of messages that are not ours, delays and other mail."""

    marked: tuple[tuple[str, str], ...]
    not_ours: int
    delays: int
    others: int

    def sentences(self) -> tuple[str, ...]:
        """Return what was done and what is left to look at, for people."""
        lines = [f"{address}: {reason}" for address, reason in self.marked]
        lines.append(_said(len(self.marked), "address was", "addresses were", "marked: no reminder goes there."))
        if self.not_ours:
            lines.append(
                _said(self.not_ours, "failure is", "failures are", "of no message of ours, or marked already.")
            )
        if self.delays:
            lines.append(_said(self.delays, "report says", "reports say", "that delivery is late; nothing was marked."))
        if self.others:
            lines.append(
                _said(self.others, "message is", "messages are", "no delivery report. Look at what is written there.")
            )
        lines.append("Delete the folder now: what came back may hold somebody's own link.")
        return tuple(lines)


def _said(number: int, one: str, many: str, rest: str) -> str:
    return f"{number:,} {one if number == 1 else many} {rest}"


def mark_returned(engine: Engine, path: Path) -> Returned:
    """Mark who could not be reached, by a folder of mail in the mbox format; the same folder again marks nobody."""
    found = read_folder(path)
    marked: dict[str, str] = {}
    not_ours = 0
    with writing(engine) as connection:
        for failure in found.failures:
            if mailings.mark_returned(connection, failure.address, failure.reason, failure.message_id):
                marked[failure.address] = failure.reason
            else:
                not_ours += 1
    return Returned(tuple(sorted(marked.items())), not_ours, found.delays, found.others)
