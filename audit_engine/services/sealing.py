"""How is a half-finished reply kept so that only the person who holds its code can read it?

The database gets a hash of the code and what is sealed with it, never the code.
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
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key(code)).encrypt(nonce, json.dumps(content, ensure_ascii=False).encode(), None)


def unsealed(code: str, content: bytes) -> dict[str, object]:
    """Return what was sealed with the code."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    plain = AESGCM(_key(code)).decrypt(content[:_NONCE], content[_NONCE:], None)
    found: dict[str, object] = json.loads(plain)
    return found


def _key(code: str) -> bytes:
    return hashlib.sha256(b"opened by " + code.encode()).digest()
