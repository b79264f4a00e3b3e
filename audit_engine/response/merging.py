"""What becomes of what somebody typed, when somebody else may have saved in the meantime?

Different keys merge; what was changed since the page was shown is stale, and
is never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from audit_engine.response.answers import Answer
from audit_engine.response.settings import Note

Key = TypeVar("Key", bound=tuple[str, ...])
Said = TypeVar("Said", Answer, Note)


@dataclass(frozen=True, slots=True)
class Merged(Generic[Key, Said]):
    """The keys that somebody else changed first, what is to be kept with its new version, and all versions then."""

    stale: frozenset[Key]
    kept: tuple[Said, ...]
    versions: Mapping[Key, int]


def merged(
    changed: Mapping[Key, Said], typed: Mapping[Key, Said], stored: Mapping[Key, Said], started_from: Mapping[Key, int]
) -> Merged[Key, Said]:
    """Return what becomes of those of the ``typed`` that were ``changed``.

    ``started_from`` has, by key, the version that the page showed (0: none).
    """
    stale = frozenset(k for k in changed if k in stored and stored[k].version != started_from[k])
    versions = {k: stored[k].version if k in stored else 0 for k in typed}
    after = {k: versions[k] + 1 for k in changed if k not in stale}
    kept = tuple(replace(changed[k], version=version) for k, version in after.items())
    return Merged(stale, kept, versions | after)
