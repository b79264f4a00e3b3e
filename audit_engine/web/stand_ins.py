"""Which parts of the sign-in library are loaded only when somebody signs in?

To start, Flask-Security imports all it may ever use.  Two of these parts take
a tenth of a process's memory and of the time to its first page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

CIPHER = "cryptography.hazmat.primitives.ciphers"
#: What keeps the secrets behind sign-in codes unreadable, and what looks at the form of an e-mail address.
WAITING = (CIPHER, f"{CIPHER}.algorithms", f"{CIPHER}.modes", "email_validator")


class StandIn(ModuleType):
    """A module to whoever holds it; the real one is loaded when something of it is first used."""

    def __getattr__(self, part: str) -> Any:
        """Return a part of the real module, or a module below it."""
        if part.startswith("__"):
            raise AttributeError(part)
        module = import_module(self.__name__)
        return getattr(module, part) if hasattr(module, part) else import_module(f"{self.__name__}.{part}")


@contextmanager
def standing_in(names: tuple[str, ...] = WAITING) -> Iterator[None]:
    """Give stand-ins to whoever imports these modules meanwhile; all others get the real ones."""
    missing = {name: StandIn(name) for name in names if name not in sys.modules}
    sys.modules.update(missing)
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]
