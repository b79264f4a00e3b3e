"""What does a request carry, once characters that no database keeps are taken out?"""

from __future__ import annotations

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.utils import cached_property

NOTHING = "\x00"
#: Pages to which files are uploaded, and how many bytes a request to them may have.
LARGER = {"take_answers_file": 51_000_000, "add_photo": 13_000_000}


class KeepableRequest(Request):
    """A request whose form holds no NUL characters: PostgreSQL keeps none, and nobody types one."""

    @property
    def max_content_length(self) -> int | None:
        """Return how many bytes the request may have."""
        return LARGER.get(self.endpoint or "") or super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value

    @cached_property
    def form(self) -> ImmutableMultiDict[str, str]:
        """Return the form without NUL characters."""
        sent: ImmutableMultiDict[str, str] = super().form
        if not any(NOTHING in value for _, value in sent.items(multi=True)):
            return sent
        return ImmutableMultiDict([(name, value.replace(NOTHING, "")) for name, value in sent.items(multi=True)])
