"""Let somebody say that they want no more messages, from the link at the end of each.

The link holds the address's hash and proof that it came from us, so that nobody
else can ask for it, and so that it works when the address is long forgotten.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import date

from sqlalchemy import Connection, Engine

from audit_engine.services.mail_addresses import address_hash
from audit_engine.storage import mailings
from audit_engine.storage.engine import writing

_PROOF = 32


def stop_path(address: str, secret: str) -> str:
    """Return the address of the page on which to ask for no more messages, from the site's root."""
    hashed = address_hash(address)
    return f"/no-more-mail/{hashed}{_proof(hashed, secret)}"


def hash_in(code: str, secret: str) -> str | None:
    """Return the address's hash in a link that came from us; None for any other."""
    hashed, proof = code[:-_PROOF], code[-_PROOF:]
    return hashed if hmac.compare_digest(proof.encode(), _proof(hashed, secret).encode()) else None


def _proof(hashed: str, secret: str) -> str:
    return hmac.new(secret.encode(), b"no more mail " + hashed.encode(), hashlib.sha256).hexdigest()[:_PROOF]


def has_stopped(connection: Connection, hashed: str) -> bool:
    """Tell whether somebody asked for no more already."""
    return bool(mailings.stopped(connection, [hashed]))


def stop(engine: Engine, hashed: str, today: date) -> None:
    """Write down that somebody wants no more messages."""
    with writing(engine) as connection:
        mailings.add_stop(connection, hashed, today)
