"""How is XML from outside read so that it can neither grow in memory nor reach for other files?

Expat alone: no document type, no entities of its own, no more bytes than the
part may have.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Protocol
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from audit_engine.exchange.outside import Unreadable

AT_ONCE = 1 << 16
Start = Callable[[str, dict[str, str]], None]

DAMAGED = "The workbook is damaged ({why}). Open it in Excel, save it again and bring in that file."
UNSAFE = (
    "The workbook holds a document type or entities of its own. No spreadsheet program writes them, so it is not read."
)


class Hearer(Protocol):
    """Hears a file bit by bit."""

    def parse(self, some: bytes) -> None:
        """Hear a little more."""

    def end(self) -> None:
        """Hear that nothing more comes."""


class Part:
    """One XML file inside a workbook, read bit by bit; names come without their prefix."""

    def __init__(self, archive: ZipFile, name: str, most: int) -> None:
        self.archive, self.name, self.most = archive, name, most
        self.parser: Any = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.EntityDeclHandler = _refuse

    def parse(self, some: bytes) -> None:
        """Hand the handlers what a little more of the file holds."""
        self.parser.Parse(some, False)

    def feed(self, hearer: Hearer | None = None) -> Iterator[None]:
        """Parse a little more at every step, or have it heard by somebody who parses what must be.

        Raise Unreadable for what is damaged, unsafe or too large.
        """
        try:
            with self.archive.open(self.name) as stream:
                yield from self._feed(stream, hearer or self)
        except (BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError, OSError, zlib.error) as problem:
            raise Unreadable(DAMAGED.format(why=" ".join(str(problem).split())[:100])) from None
        except expat.ExpatError as problem:
            raise Unreadable(DAMAGED.format(why=f"{self.name[:60]}: {problem}")) from None

    def _feed(self, stream: Any, hearer: Hearer) -> Iterator[None]:
        read = 0
        reader: BinaryIO = stream
        while some := reader.read(AT_ONCE):
            read += len(some)
            if read > self.most:
                raise Unreadable(too_large(self.name, self.most))
            hearer.parse(some)
            yield
        hearer.end()
        self.parser.Parse(b"", True)
        yield

    def end(self) -> None:
        """Hear that nothing more comes."""


def too_large(name: str, most: int) -> str:
    """Return the sentence for a part that unpacks to more than it may."""
    return (
        f"The workbook's part “{name[:60]}” unpacks to more than {most // 1_000_000} MB. If it really holds answers, "
        "save it as CSV UTF-8 and bring in that file."
    )


def _refuse(*_: object) -> None:
    raise Unreadable(UNSAFE)


def elements(archive: ZipFile, name: str, most: int) -> list[tuple[str, dict[str, str]]]:
    """Return the elements of a small part in order: local name, attributes by local name."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        found.append((local(tag), {local(k): v for k, v in attributes.items()}))

    part = Part(archive, name, most)
    part.parser.StartElementHandler = start
    for _ in part.feed():
        pass
    return found


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]
