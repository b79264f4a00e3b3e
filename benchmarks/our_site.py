"""The site as a server runs it, for `benchmarks.server`; AUDIT_ROOT and AUDIT_INSTANCE name the world."""

from __future__ import annotations

from flask import Flask

from audit_engine import web


def create_app() -> Flask:
    """Return the site of a server that listens on this machine alone."""
    return web.create_app(loopback=True)
