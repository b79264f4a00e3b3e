"""What does a request carry, once characters that no database keeps are taken out?"""

from __future__ import annotations

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.utils import cached_property

NOTHING = "\x00"


class KeepableRequest(Request):
    """A request whose form holds no NUL characters: PostgreSQL keeps none, and nobody types one."""

    @cached_property
    def form(self) -> ImmutableMultiDict[str, str]:
        """Return the form without NUL characters."""
        sent: ImmutableMultiDict[str, str] = super().form
        if not any(NOTHING in value for _, value in sent.items(multi=True)):
            return sent
        return ImmutableMultiDict([(name, value.replace(NOTHING, "")) for name, value in sent.items(multi=True)])
