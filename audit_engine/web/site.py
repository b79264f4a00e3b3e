"""What does a request need that outlives it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app
from sqlalchemy import Engine

from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance


@dataclass(frozen=True)
class Site:
    """The running site: one a process.

    ``prepared`` keeps the HTML of questions by definition, standard and what the
    pages of a return share; a definition never changes under its hash.
    """

    engine: Engine
    definitions: Definitions
    instance: Instance
    prepared: dict[tuple[Any, ...], Mapping[str, Any]] = field(default_factory=dict)


def site() -> Site:
    """Return the running site."""
    return cast(Site, current_app.extensions["audit"])
