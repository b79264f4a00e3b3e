"""Which pages must not know who is looking?

Somebody may answer a survey in a browser in which they are signed in.  On
these pages nobody is looked up, so that no session row tells when they did.
"""

from __future__ import annotations

from flask import has_request_context, request

SURVEYS = "/s/"


def is_unwatched() -> bool:
    """Tell whether the page that is asked for is one of these."""
    return has_request_context() and request.path.startswith(SURVEYS)
