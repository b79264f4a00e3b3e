"""Which parts of libraries are loaded only when something needs them?

To start, SQLAlchemy and Flask-Security import all they may ever use.  Three of
these parts take an eighth of a process's memory, and of the time to its first
page.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

CIPHER = "cryptography.hazmat.primitives.ciphers"
#: By module, its functions that are fetched, though not called, as soon as it is imported: what keeps the secrets
#: behind sign-in codes unreadable; what looks at the form of an e-mail address; what a site of this kind never uses.
WAITING: Mapping[str, Sequence[str]] = {
    CIPHER: (), f"{CIPHER}.algorithms": (), f"{CIPHER}.modes": (), "email_validator": (), "asyncio": ("iscoroutine",),
}  # fmt: skip


class StandIn(ModuleType):
    """A module to whoever holds it; the real one is loaded when something of it is first used."""

    def __init__(self, name: str, functions: Sequence[str] = ()) -> None:
        super().__init__(name)
        for function in functions:
            setattr(self, function, self._called_later(function))

    def __getattr__(self, part: str) -> Any:
        """Return a part of the real module, or a module below it."""
        module = self._real()
        if hasattr(module, part) or part.startswith("__"):
            return getattr(module, part)
        return import_module(f"{self.__name__}.{part}")

    def _real(self) -> ModuleType:
        if sys.modules.get(self.__name__) is self:
            sys.modules.pop(self.__name__, None)
        return import_module(self.__name__)

    def _called_later(self, function: str) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            return getattr(self._real(), function)(*given, **named)

        return call


@contextmanager
def standing_in(waiting: Mapping[str, Sequence[str]] = WAITING) -> Iterator[None]:
    """Give stand-ins to whoever imports these modules meanwhile; all others get the real ones."""
    missing = {name: StandIn(name, functions) for name, functions in waiting.items() if name not in sys.modules}
    sys.modules.update(missing)
    try:
        yield
    finally:
        for name, stand_in in missing.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]
