"""How does a page's module wait until somebody asks for the page?

All pages together take twice as long to load as the rest of the site, and 25 MB,
and a process that only takes answers needs few of them.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

View = Callable[..., Any]


class Later:
    """A module of views; its functions are there by name, and the module is read when one is first called."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> View:
        """Return a view that loads the module's function of that name."""

        def found() -> View:
            view: View = getattr(import_module(self._module), name)
            return view

        def call(*given: Any, **values: Any) -> Any:
            return found()(*given, **values)

        call.found = found  # type: ignore[attr-defined]  # for a test: does the name lead to a view?
        self.__dict__[name] = call  # two addresses of one endpoint must name one function
        return call


def views(module: str) -> Later:
    """Return a module of ``web/views`` to be loaded later."""
    return Later(f"audit_engine.web.views.{module}")
