"""Which address has a route? Worked out once, since templates ask a dozen times a page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import request
from flask import url_for as build


def url_for(endpoint: str, **values: Any) -> str:
    """Return the address of a route, as Flask's own function does."""
    return _built(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=8192)
def _built(_mounted_at: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return build(endpoint, **dict(values))
