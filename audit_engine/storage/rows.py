"""How does a row become plain values by name?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row


def named(row: Row[Any]) -> dict[str, Any]:
    """Return a row's values by the names of its columns."""
    return {str(key): value for key, value in row._mapping.items()}
