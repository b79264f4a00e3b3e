"""Which style sheet, script and picture does the site serve, and under which name?

The two style sheets travel as one, so that a page needs three requests.  A
name carries the hash of its content: browsers keep it for ever.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from flask import Flask, Response, abort, request

from audit_engine.web.addresses import url_for

FOLDER = Path(__file__).parent / "static"
# Name on a page -> the files it is made of, and its media type.
PARTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "look.css": (("govuk.css", "site.css"), "text/css; charset=utf-8"),
    "poster.css": (("poster.css",), "text/css; charset=utf-8"),
    "copy.js": (("copy.js",), "text/javascript; charset=utf-8"),
    "autosave.js": (("autosave.js",), "text/javascript; charset=utf-8"),
    "eatsafe.js": (("eatsafe.js",), "text/javascript; charset=utf-8"),
    "forget.js": (("forget.js",), "text/javascript; charset=utf-8"),
    "table-worker.js": (("table-worker.js",), "text/javascript; charset=utf-8"),
    "icon.svg": (("icon.svg",), "image/svg+xml"),
}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One served file; ``version`` is the start of its SHA-256."""

    name: str
    version: str
    media_type: str
    plain: bytes

    @cached_property
    def packed(self) -> bytes:
        """Return it packed, which takes its time and is done for the first browser that asks."""
        return gzip.compress(self.plain, 9, mtime=0)


@cache
def assets() -> Mapping[str, Asset]:
    """Read every asset once."""
    return {name: _read(name, files, media_type) for name, (files, media_type) in PARTS.items()}


def _read(name: str, files: tuple[str, ...], media_type: str) -> Asset:
    plain = b"\n".join((FOLDER / f).read_bytes() for f in files)
    return Asset(name, hashlib.sha256(plain).hexdigest()[:12], media_type, plain)


def asset(name: str) -> str:
    """Return the address of an asset, for templates."""
    return url_for("static", version=assets()[name].version, name=name)


def serve(version: str, name: str) -> Response:
    """Answer with an asset; an old version's name is not found."""
    found = assets().get(name)
    if found is None or found.version != version:
        abort(404)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    reply = Response(found.packed if packed else found.plain, content_type=found.media_type)
    reply.headers["Cache-Control"] = FOR_EVER
    reply.headers["Vary"] = "Accept-Encoding"
    if packed:
        reply.headers["Content-Encoding"] = "gzip"
    return reply


def register(app: Flask) -> None:
    """Serve the assets as the endpoint ``static``, in an app made with ``static_folder=None``."""
    app.add_url_rule("/assets/<version>/<name>", "static", serve)
    app.jinja_env.globals["asset"] = asset
