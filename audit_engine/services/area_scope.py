"""In which areas must somebody work to act on what several organisations share: their words, a file of answers?"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from audit_engine.storage import anonymous, partnership


def areas_of_texts(connection: Connection, cycle_id: str) -> tuple[str, ...]:
    """Return the areas of which any lets somebody read what people wrote in a survey.

    Words say of no organisation whose they are, so whoever works for one that
    replied reads them all.  Replies of nobody in particular are every area's.
    """
    replied = {o for o, (replies, _) in anonymous.turnouts(connection, cycle_id).items() if replies}
    if "" in replied or not replied:
        return tuple(a.id for a in partnership.areas(connection))
    places = partnership.areas_of(connection, replied)
    return tuple(sorted({area for own in places.values() for area in own}))


def areas_of_file(connection: Connection, organisations: Collection[str]) -> tuple[str, ...]:
    """Return the areas in which all organisations of a file of answers work: it is brought in and undone as one.

    None where it holds replies of nobody in particular: that is for who works for every area.
    """
    if not organisations:
        return tuple(a.id for a in partnership.areas(connection))
    if "" in organisations:
        return ()
    places = partnership.areas_of(connection, organisations)
    return tuple(sorted(set.intersection(*(set(places.get(o, ())) for o in organisations))))
