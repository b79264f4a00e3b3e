"""What was typed after a return was locked, and where?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.response.unfinished import unfinished_in
from audit_engine.services.read_history import SOMEBODY
from audit_engine.storage import returns

#: The texts of an answer that came too late, in the order in which they are kept.
TEXTS = (
    "commentary", "evidence", "reason", "what will be done", "who will do it", "by when", "how it will be known",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LateText:
    """What somebody typed after the return was locked: (where it was typed, the text)."""

    at: datetime
    who: str
    said: tuple[tuple[str, str], ...]


def late_texts_of(connection: Connection, questionnaire: Questionnaire, return_id: int) -> tuple[LateText, ...]:
    """Return what came too late to be an answer, the newest first; nothing of it counts anywhere."""
    return tuple(
        LateText(row["made_at"], row["name"] or SOMEBODY, tuple(_texts(questionnaire, row["content"]["answers"])))
        for row in returns.late_drafts(connection, return_id)
    )


def _texts(questionnaire: Questionnaire, answers: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for said in answers:
        item = questionnaire.items_by_id.get(said["item"])
        where = (item.short_id if item else said["item"]) + (f" in {said['area']}" if said["area"] else "")
        parts = [("answer", _value(item, said["value"]))]
        parts += zip(TEXTS, (said["commentary"], said["evidence"], said["reason"], *said["action"]), strict=True)
        parts += [("also typed there", _boxes(one.typed)) for one in unfinished_in(said.get("unfinished", ""))]
        yield from ((f"{where}, {part}", text) for part, text in parts if text)


def _value(item: Item | None, value: object) -> str:
    if item is None or value is None:
        return str(value or "")
    kind = ITEM_TYPES[item.type]
    return kind.text(kind.from_json(value), item)


def _boxes(typed: object) -> str:
    """Return what stood in the boxes of what is no answer."""
    if isinstance(typed, Mapping):
        return _boxes(list(typed.values()))
    return " ".join(filter(None, map(_boxes, typed))) if isinstance(typed, list) else str(typed)
