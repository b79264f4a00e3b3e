"""What does a request need that outlives it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app, g
from sqlalchemy import Connection, Engine

from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.storage.engine import reading_one_by_one


@dataclass(frozen=True)
class Site:
    """The running site: one a process.

    ``prepared`` keeps the HTML of questions by definition, standard and what the
    pages of a return share; a definition never changes under its hash.
    ``frames`` keeps what surrounds a page's own content, see ``frames.py``.
    """

    engine: Engine
    definitions: Definitions
    instance: Instance
    prepared: dict[tuple[Any, ...], Mapping[str, Any]] = field(default_factory=dict)
    frames: dict[tuple[Any, ...], Any] = field(default_factory=dict)


@contextmanager
def page() -> Iterator[Connection]:
    """Give the connection that all reading of one request shares; each statement sees what is committed by then."""
    if "page_connection" not in g:
        g.page_connection = reading_one_by_one(site().engine)
    yield g.page_connection


def close_page(_problem: BaseException | None) -> None:
    """Give the request's connection back."""
    connection: Connection | None = g.pop("page_connection", None)
    if connection is not None:
        connection.close()


def site() -> Site:
    """Return the running site."""
    return cast(Site, current_app.extensions["audit"])
