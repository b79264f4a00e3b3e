"""Which e-mail addresses are in a text that somebody pasted or a file that they uploaded?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from audit_engine.definition.nearest import shortened

LONGEST = 254
MOST_TOLD = 10
_SEPARATORS = re.compile(r"[\s,;<>\"'()\[\]]+")
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]{1,64}")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of a text, each once and in small letters, and what is wrong with it."""

    found: tuple[str, ...]
    faults: tuple[str, ...] = ()
    twice: int = 0


def addresses_in(text: str) -> Addresses:
    """Return the addresses of a text: one a line, or with names and other columns beside them.

    The first line may be a heading.  A line without an address, and one with
    something that is no address, is told by its number.
    """
    found: dict[str, None] = {}
    faults: list[str] = []
    twice = 0
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        written = [word.removeprefix("mailto:").strip(".:") for word in _SEPARATORS.split(line) if "@" in word]
        if not written and line.strip() and number > 1:
            faults.append(f"Line {number} holds no e-mail address: “{shortened(line, 60)}”.")
        for word in written:
            address = address_of(word)
            if address is None:
                faults.append(
                    f"Line {number}: “{shortened(word, 60)}” is not an e-mail address that can be written to."
                )
            elif address in found:
                twice += 1
            else:
                found[address] = None
    return Addresses(tuple(found), _few(faults), twice)


def _few(faults: list[str]) -> tuple[str, ...]:
    if len(faults) <= MOST_TOLD:
        return tuple(faults)
    return (*faults[:MOST_TOLD], f"{len(faults) - MOST_TOLD:,} more lines have such faults.")


def address_of(text: str) -> str | None:
    """Return an address in small letters; None where it is none, or one that not every mail server takes."""
    local, at, domain = text.strip().rpartition("@")
    dotted = not local.startswith(".") and not local.endswith(".") and ".." not in local
    if not at or len(text) > LONGEST or not dotted or not _LOCAL.fullmatch(local):
        return None
    labels = domain.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit():
        return None
    return f"{local}@{domain}".lower()


def address_hash(address: str) -> str:
    """Return the hash by which it is known that an address asked for no more messages."""
    return hashlib.sha256(b"no more mail to " + address.lower().encode()).hexdigest()


def hashes_of(addresses: Iterable[str]) -> dict[str, str]:
    """Return the addresses' hashes, by address."""
    return {address: address_hash(address) for address in addresses}


def decoded(content: bytes) -> str:
    """Return the text of an uploaded file, as spreadsheets and text editors on Windows write it too.

    Raise UnicodeError for what is no text at all, such as a workbook.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    if b"\x00" in content:
        raise UnicodeError("no text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")
