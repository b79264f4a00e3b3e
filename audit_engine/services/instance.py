"""Where does a deployment keep its things, and which is in use?"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from audit_engine.storage import engine as engines
from audit_engine.storage import schema

SHORTEST_SECRET = 32


class InstanceFault(Exception):
    """An instance that cannot be used; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One deployment: its folder, whether its answers are invented, and the business team's e-mail address or ''.

    What people write is read within so many days; ``risk_route`` says to whom a
    text goes that suggests a risk, '' where the file does not.
    """

    root: Path
    id: str
    name: str
    invented: bool
    contact: str = ""
    read_within: int = 5
    risk_route: str = ""

    @property
    def folder(self) -> Path:
        """Return instances/<id>."""
        return self.root / "instances" / self.id

    @property
    def var(self) -> Path:
        """Return the folder of what must not be in version control."""
        return self.folder / "var"

    @property
    def exports(self) -> Path:
        """Return where documents go: exports/<id>."""
        return self.root / "exports" / self.id

    def database_url(self, environment: Mapping[str, str] = os.environ) -> str:
        """Return DATABASE_URL, or the instance's own SQLite file."""
        return environment.get("DATABASE_URL") or f"sqlite:///{self.var / 'audit.sqlite3'}"

    def open_database(self, environment: Mapping[str, str] = os.environ) -> Engine:
        """Open the database, making it or bringing it up to date."""
        self.var.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = engines.create(self.database_url(environment), lambda: self.secrets(environment))
        schema.upgrade(database)
        if database.dialect.name == "sqlite" and database.url.database:
            Path(database.url.database).chmod(0o600)
        return database

    def secret_key(self, environment: Mapping[str, str] = os.environ) -> str:
        """Return AUDIT_SECRET_KEY, or the key that the instance made for itself; raise when it is too short."""
        given = environment.get("AUDIT_SECRET_KEY")
        file = self.var / "secret"
        if given is None and not file.exists():
            self.var.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as handle:
                handle.write(secrets.token_urlsafe(48))
        key = given if given is not None else file.read_text().strip()
        if len(key) < SHORTEST_SECRET:
            source = "AUDIT_SECRET_KEY" if given is not None else str(file.relative_to(self.root))
            raise InstanceFault(
                f"The secret key in {source} is shorter than {SHORTEST_SECRET} characters, so the site does not start. "
                "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return key

    def secrets(self, environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
        """Return the secret key, then those before it, with which replies may still be sealed."""
        key = self.secret_key(environment)
        return (key, *(k for k in engines.secrets_in_environment(environment) if k != key))


def find_root(given: str | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the root: the one given, AUDIT_ROOT, the current folder if it holds instances/, else the checkout."""
    named = given or environment.get("AUDIT_ROOT")
    if named:
        root = Path(named).resolve()
        if not (root / "instances").is_dir():
            raise InstanceFault(f"{named} holds no folder called instances. Point --root at the checkout.")
        return root
    here = Path.cwd()
    return here if (here / "instances").is_dir() else Path(__file__).resolve().parents[2]


def find_instance(root: Path, given: str | None = None, environment: Mapping[str, str] = os.environ) -> Instance:
    """Return the instance: the one given, AUDIT_INSTANCE, else demo."""
    from audit_engine.services.instance_identity import read_identity

    name = given or environment.get("AUDIT_INSTANCE") or "demo"
    known = {path.parent.name: path for path in sorted((root / "instances").glob("*/partnership.yaml"))}
    if name not in known:
        raise InstanceFault(f"There is no instance called “{name[:60]}”. Instances: {', '.join(known) or 'none'}.")
    said = read_identity(known[name])
    return Instance(root, name, said.name, said.invented, said.contact, said.read_within, said.risk_route)
