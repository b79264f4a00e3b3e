"""How is a half-finished reply kept so that only the person who holds its code can read it?

The database gets a hash of the code and what is sealed with it, never the code.
What is sealed is filled up to one length for nearly everybody: how much
somebody has written would tell later which words are theirs.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping

# Letters and digits that nobody confuses when a code is copied from one telephone to another.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 16, 4
LINK_LENGTH = 12
#: A draft takes so many bytes, or twice, or four times as many ...
DRAFT_ROOM = 8192
_NONCE = 12


def new_code() -> str:
    """Return a code such as ``7K2M-QX4P-9TRW-3HVD``: 78 bits that nobody can guess."""
    return _grouped("".join(secrets.choice(LETTERS) for _ in range(LENGTH)))


def new_link() -> str:
    """Return the end of an open link: 58 bits, short enough to be typed from a poster."""
    return "".join(secrets.choice(LETTERS.lower()) for _ in range(LINK_LENGTH))


def code_as_typed(text: str) -> str:
    """Return a code as it was given out, whatever case, blanks and hyphens somebody types it with."""
    return _grouped("".join(c for c in text.upper() if c in LETTERS))


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def hash_of(secret: str) -> str:
    """Return the hash under which a code or a ticket is known."""
    return hashlib.sha256(b"known as " + secret.encode()).hexdigest()


def sealed(code: str, content: Mapping[str, object]) -> bytes:
    """Return the content, readable with the code alone."""
    return locked(_key(code), doubled(as_bytes(content), DRAFT_ROOM))


def unsealed(code: str, content: bytes) -> dict[str, object]:
    """Return what was sealed with the code."""
    found: dict[str, object] = json.loads(unlocked(_key(code), content))
    return found


def as_bytes(content: object) -> bytes:
    """Return JSON; blanks after it change nothing."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def filled(content: bytes, room: int) -> bytes:
    """Return JSON filled up with blanks to this length or, where it is longer, to the next multiple of it."""
    return content.ljust(-(-len(content) // room) * room)


def doubled(content: bytes, room: int) -> bytes:
    """Return JSON filled up with blanks to this length or, where it is longer, to twice, four times ... as much."""
    while len(content) > room:
        room *= 2
    return content.ljust(room)


def locked(key: bytes, content: bytes, about: str = "") -> bytes:
    """Return content sealed with a key, to be opened for the same purpose alone."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, about.encode())


def unlocked(key: bytes, content: bytes, about: str = "") -> bytes:
    """Return what was sealed with the key for this purpose; raise SealBroken where it was not."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(content[:_NONCE], content[_NONCE:], about.encode())
    except (InvalidTag, ValueError):
        raise SealBroken from None


class SealBroken(ValueError):
    """Something that was changed after it was sealed, or that is not what it is taken for."""

    def __init__(self) -> None:
        super().__init__("What was sealed was changed in the database since, or put in another's place.")


def _key(code: str) -> bytes:
    return hashlib.sha256(b"opened by " + code.encode()).digest()
