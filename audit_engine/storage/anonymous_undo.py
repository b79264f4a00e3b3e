"""Take answers without names out again, where whole organisations and whole questions are meant.

No reply says where it came from, so nothing less can be told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, func, select, update

from audit_engine.storage import anonymous_models as models

reply, words = models.survey_reply, models.survey_text
sealed, turnout, count = models.survey_sealed_reply, models.survey_turnout, models.survey_count


def words_by_item(connection: Connection, cycle_id: str) -> Mapping[str, int]:
    """Return, by item, how many texts of a survey a reviewer may read or has read."""
    query = select(words.c.item_id, func.count()).where(words.c.cycle_id == cycle_id).group_by(words.c.item_id)
    return {item: int(n) for item, n in connection.execute(query)}


def forget_replies(connection: Connection, cycle_id: str, organisations: Iterable[str]) -> None:
    """Take out the replies of these organisations, what was counted of them and their turnout; invitations stay."""
    wanted = list(organisations)
    for one in (reply, sealed, count):
        connection.execute(delete(one).where(one.c.cycle_id == cycle_id, one.c.organisation_id.in_(wanted)))
    mine = (turnout.c.cycle_id == cycle_id, turnout.c.organisation_id.in_(wanted))
    connection.execute(delete(turnout).where(*mine, turnout.c.invited.is_(None)))
    connection.execute(update(turnout).where(*mine).values(replies=0))


def forget_words(connection: Connection, cycle_id: str, items: Iterable[str]) -> None:
    """Take out every text to these questions that a reviewer may read or has read."""
    connection.execute(delete(words).where(words.c.cycle_id == cycle_id, words.c.item_id.in_(list(items))))
