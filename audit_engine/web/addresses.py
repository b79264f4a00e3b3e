"""Which address has a route? Worked out once, since templates ask a dozen times a page, and only when asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import g, request
from flask import url_for as build
from werkzeug.routing import Rule


class PlainRule(Rule):
    """A route whose address is put together by a function that is compiled at its first use.

    Werkzeug compiles two for each route at start: with two hundred routes that is a tenth of a second.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled: Callable[..., tuple[str, str]] | None = None

        def built(rule: Rule, *values: Any, **named: Any) -> tuple[str, str]:
            nonlocal compiled
            if compiled is None:
                compiled = super(PlainRule, self)._compile_builder(append_unknown)
            return compiled(rule, *values, **named)

        return built


def url_for(endpoint: str, **values: Any) -> str:
    """Return the address of a route, as Flask's own function does."""
    return _built(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=8192)
def _built(_mounted_at: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return build(endpoint, **dict(values))


def this_address(**more: str) -> str:
    """Return the address of the page that is shown, with more in its query; '' takes a name out.

    It holds what is shown also where the address did not say so, so that it shows the same to whom it is given.
    """
    shown = {**request.args.to_dict(), **g.get("shown", {})}
    query = {name: value for name, value in shown.items() if name not in more}
    query |= {name: value for name, value in more.items() if value}
    return f"{request.script_root}{request.path}{'?' + urlencode(query) if query else ''}"


def is_shown(**chosen: str | None) -> None:
    """Note what the page shows, which the address may leave open, such as the one area that somebody may see."""
    g.shown = {**g.get("shown", {}), **{name: value for name, value in chosen.items() if value}}
