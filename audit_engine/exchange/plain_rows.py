"""How are the rows of a sheet read several times faster where they are written as plainly as programs write them?

Nearly every row is cells with a value and nothing else.  Such a row is taken
apart by one pattern, which must account for every character of it.  Everything
else (headings, formulas, odd rows, all that stands around the rows) goes to
the parser in its order, so that it hears a whole document with fewer rows.
Where a comment, a processing instruction or another encoding could hide what
is a row, the parser hears all the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from audit_engine.exchange.outside import MOST_COLUMNS, letter_of
from audit_engine.exchange.sheet import SheetReader

ROWS, ROW_ENDS = b"<sheetData>", b"</row>"
#: Nothing plain goes on for so long without a row's end.
LONGEST = 1 << 20
LONGEST_ROW = 90_000
_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?(?: standalone="(?:yes|no)")?\s*\?>)?'
)
_HIDES_ROWS = (b"<!", b"<?")
_NAME = "[A-Za-z_:][A-Za-z0-9_:.-]*"
_ATTRIBUTES = rf'(?: {_NAME}="[^"<>&]*")*'
_ATTRIBUTE = re.compile(rf' ({_NAME})="([^"<>&]*)"')
_ROW = re.compile(rf"\s*<row({_ATTRIBUTES})>")
_TEXT = r"([^<&\x00-\x08\x0b-\x1f\ufffe\uffff]*)"
_CELL = re.compile(
    rf'<c r="([A-Z]{{1,3}})[0-9]{{1,7}}"({_ATTRIBUTES})'
    rf'(?:/>|>(?:<v>{_TEXT}</v>|<is><t(?: xml:space="preserve")?>{_TEXT}</t></is>)?</c>)'
)
_GROUPS = 5  # what stands before a cell, then the four groups of its pattern


class PlainRows:
    """Hears a sheet bit by bit; gives rows to the reader, by itself or by the parser."""

    def __init__(self, reader: SheetReader, parse: Callable[[bytes], None]) -> None:
        self.reader, self._parse = reader, parse
        self.rest = b""
        self.is_plain, self.in_rows = True, False
        self.letters = [letter_of(n) for n in range(MOST_COLUMNS)]
        self.kinds: dict[str, tuple[str, str]] = {}

    def parse(self, some: bytes) -> None:
        """Hear a little more."""
        if not self.is_plain:
            self._parse(some)
            return
        self.rest += some
        if not self.in_rows:
            self._begin()
        if self.in_rows:
            self._go_on()
        if len(self.rest) > LONGEST:
            self._leave_it()

    def end(self) -> None:
        """Hear that nothing more comes."""
        self._leave_it()

    def _leave_it(self) -> None:
        """Let the parser hear all the rest."""
        self.is_plain = self.in_rows = False
        rest, self.rest = self.rest, b""
        self._parse(rest)

    def _begin(self) -> None:
        head, mark, rest = self.rest.partition(ROWS)
        if mark:
            declared = _HEAD.match(head)
            after = head[declared.end() :] if declared else head
            self.in_rows = not any(sign in after for sign in _HIDES_ROWS)
            self._parse(head + mark)
            self.rest = rest
            if not self.in_rows:
                self._leave_it()

    def _go_on(self) -> None:
        cut = self.rest.rfind(ROW_ENDS) + len(ROW_ENDS)
        if any(sign in self.rest for sign in _HIDES_ROWS):
            self._leave_it()
        elif cut >= len(ROW_ENDS):
            whole, self.rest = self.rest[:cut], self.rest[cut:]
            try:
                rows = whole.decode().split(ROW_ENDS.decode())
            except UnicodeDecodeError:
                self.rest = whole + self.rest
                self._leave_it()
                return
            for row in rows[:-1]:
                if not self._read(row):
                    self._parse(row.encode() + ROW_ENDS)

    def _read(self, row: str) -> bool:
        """Read a row that is plain; tell whether it was."""
        head = _ROW.match(row)
        if head is None or len(row) > LONGEST_ROW:
            return False
        parts = _CELL.split(row[head.end() :])
        if "".join(parts[::_GROUPS]).strip():
            return False
        letters, attributes = parts[1::_GROUPS], parts[2::_GROUPS]
        kinds = [self.kinds.get(one) or self._kind(one) for one in attributes]
        reader = self.reader
        reader.start_row(dict(_ATTRIBUTE.findall(head[1])))
        value = reader.value
        values = [
            value(kind, style, typed or written or "")
            for (kind, style), typed, written in zip(kinds, parts[3::_GROUPS], parts[4::_GROUPS], strict=True)
        ]
        if letters == self.letters[: len(letters)]:
            reader.cells = values
        else:
            for letter, one in zip(letters, values, strict=True):
                reader.position = reader.places[letter] if letter in reader.places else reader.place(letter)
                reader.put(one)
        reader.end_row()
        return True

    def _kind(self, attributes: str) -> tuple[str, str]:
        """Return the kind and the style that a cell's attributes say."""
        said = dict(_ATTRIBUTE.findall(attributes))
        self.kinds[attributes] = said.get("t", "n"), said.get("s", "")
        return self.kinds[attributes]
