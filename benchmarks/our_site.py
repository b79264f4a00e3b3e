"""The site as a server runs it, for `benchmarks.server`; AUDIT_ROOT and AUDIT_INSTANCE name the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit_engine import web

if TYPE_CHECKING:
    from flask import Flask


def create_app() -> Flask:
    """Return the site of a server that listens on this machine alone."""
    return web.create_app(loopback=True)
