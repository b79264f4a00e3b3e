"""Which messages came back, by the delivery reports in a folder of mail?  (RFC 3464, RFC 6533)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from mailbox import mbox
from pathlib import Path

from audit_engine.mail.post import without_links

REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
LONGEST_ADDRESS = 254


class NotAMailFolder(ValueError):
    """A file that is no folder of mail in the mbox format."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path.name} is not a folder of mail: {why}. Save the messages that came back in the mbox format, whose "
            "first line starts with “From ”, and name that file."
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """An address that could not be reached, and the id of the message where the report names it."""

    address: str
    reason: str
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class FolderRead:
    """What a folder held: failures, reports of delay alone, and messages that are no delivery reports."""

    failures: tuple[Failure, ...]
    delays: int
    others: int


def read_folder(path: Path) -> FolderRead:
    """Read a folder of mail.  Raise NotAMailFolder for any other file."""
    with path.open("rb") as stream:
        start = stream.read(5)
    if start != b"From ":
        raise NotAMailFolder(path, "it is empty" if not start else "its first line does not start with “From ”")
    failures: list[Failure] = []
    delays = others = 0
    folder = mbox(path, create=False)
    try:
        for message in folder:
            outcomes = tuple(_outcomes(message))
            failed = [failure for failure, action in outcomes if action == "failed"]
            failures += failed
            delays += bool(outcomes) and not failed
            others += not outcomes
    finally:
        folder.close()
    return FolderRead(tuple(failures), delays, others)


def _outcomes(message: Message) -> Iterator[tuple[Failure, str]]:
    """Yield what a delivery report says of each address; nothing for any other message."""
    parts = list(message.walk())
    about = _id_of_what_came_back(parts)
    for part in parts:
        if part.get_content_type() in REPORTS:
            for block in _blocks(part):
                address = _address(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
                if address:
                    yield Failure(address, _reason(block), about), str(block.get("Action", "")).strip().lower()


def _blocks(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, str):
        yield from _parsed(payload)
        return
    for block in _messages(payload):
        yield block
        rest = block.get_payload()
        if isinstance(rest, str):
            yield from _parsed(rest)


def _messages(payload: object) -> Iterator[Message]:
    if isinstance(payload, list):
        yield from (block for block in payload if isinstance(block, Message))


def _parsed(text: str) -> Iterator[Message]:
    for block in text.replace("\r\n", "\n").split("\n\n"):
        if block.strip():
            yield HeaderParser().parsestr(block.lstrip("\n"))


def _address(field: object) -> str:
    kind, _, rest = str(field).partition(";")
    address = rest.strip().strip("<>").strip().lower()
    is_one = kind.strip().lower() in ("rfc822", "utf-8") and "@" in address and len(address) <= LONGEST_ADDRESS
    return address if is_one and address.isascii() and address.isprintable() and " " not in address else ""


def _reason(block: Message) -> str:
    status = str(block.get("Status", "")).strip()
    said = str(block.get("Diagnostic-Code", "")).partition(";")[2].strip()
    return without_links(f"{status} {said}".strip()) or "The mail server gave no reason."


def _id_of_what_came_back(parts: list[Message]) -> str:
    found = _named_id(parts)
    return found if found.isascii() and found.isprintable() else ""


def _named_id(parts: list[Message]) -> str:
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
            return str(HeaderParser().parsestr(text).get("Message-ID", "")).strip()
        if part.get_content_type() == "message/rfc822":
            return next((str(inner.get("Message-ID", "")).strip() for inner in _messages(part.get_payload())), "")
    return ""
