"""How is what surrounds a page's own content rendered once for everybody who sees the same?

The frame around forty questions costs Jinja as much as the questions cost us.
Who is signed in, the form's token and the addresses of one return go into
slots; everything else about the frame is in its key.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

from flask import render_template, session
from markupsafe import escape

from audit_engine.response.people import PersonFacts
from audit_engine.web.cookies import form_token
from audit_engine.web.pieces import Pieces, slot
from audit_engine.web.site import site

VIEWER, TOKEN = "viewer", "token"
MOST_FRAMES = 500
WAITING = "_flashes"  # where Flask keeps what the next page is to say


def framed(
    template: str, key: Hashable, viewer: PersonFacts, filled: Mapping[str, str], shared: Mapping[str, Any]
) -> str:
    """Return a page: ``filled`` differs from one request to the next, ``shared`` follows from ``key``.

    Rendered as a whole where a message waits for whoever looks, which belongs to nobody else's page.
    """
    if session.get(WAITING):
        return render_template(template, **filled, **shared)
    frames = site().frames
    place = (template, key, tuple(held.role for held in viewer.held))
    if place not in frames:
        if len(frames) >= MOST_FRAMES:
            frames.clear()
        frames[place] = _cut(template, viewer, filled, shared)
    values = {name: str(escape(value)) for name, value in filled.items()}
    page: Pieces = frames[place]
    return page.filled(values | {VIEWER: str(escape(viewer.name)), TOKEN: form_token()})


def _cut(template: str, viewer: PersonFacts, filled: Mapping[str, str], shared: Mapping[str, Any]) -> Pieces:
    slots = {name: slot(name) for name in filled}
    html = render_template(template, viewer=replace(viewer, name=slot(VIEWER)), **slots, **shared)
    return Pieces.cut(html.replace(form_token(), slot(TOKEN)))
