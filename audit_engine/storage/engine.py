"""Open the database so that a committed answer survives and writers wait their turn.

SQLite: WAL with ``synchronous=FULL`` where the library is 3.51.3 or later
(older ones carry the WAL-reset bug), otherwise DELETE with EXTRA.  PostgreSQL:
as the server is set up.
"""

from __future__ import annotations

import os
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

try:
    import fcntl

    # Locks that belong to an open file, not to the process, so that threads hold their own.
    _LOCK = getattr(fcntl, "F_OFD_SETLKW", None)
except ImportError:  # Windows: one process at a time is all that SQLite is asked to serve there
    _LOCK = None

SAFE_WAL = (3, 51, 3)
Secrets = Callable[[], Sequence[str]]


@dataclass(frozen=True, slots=True)
class DatabaseMode:
    """What the database is and whether it is as safe as it can be."""

    product: str
    version: str
    journal: str
    synchronous: str
    advice: str = ""


def sqlite_module() -> ModuleType:
    """Return the newest SQLite driver at hand: the pysqlite3 wheel, else the standard library's."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        import sqlite3 as dbapi2
    return dbapi2  # type: ignore[no-any-return]


def create(url: str, secrets: Secrets | None = None) -> Engine:
    """Return an engine for ``url`` (``sqlite:///FILE`` or ``postgresql://...``).

    ``secrets`` gives the site's secret key, then those that it had before; None:
    as the environment says.
    """
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    options = {"secrets": secrets or secrets_in_environment}
    if url.startswith("postgresql://"):
        address = url.replace("postgresql://", "postgresql+psycopg://", 1)
        return create_engine(address, pool_pre_ping=True, execution_options=options)
    if not url.startswith("sqlite:///"):
        raise UnknownDatabase(url)
    engine = create_engine(
        url, module=sqlite_module(), connect_args={"timeout": 10}, pool_size=10, max_overflow=20,
        execution_options=options,
    )  # fmt: skip
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def secrets_of(connection: Connection) -> tuple[str, ...]:
    """Return the site's secret key, then those that it had before; none of them is in the database."""
    found = tuple(connection.get_execution_options()["secrets"]())
    if not found:
        raise NoSecret
    return found


def secrets_in_environment(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return AUDIT_SECRET_KEY, then what AUDIT_EARLIER_SECRET_KEYS names, apart by blanks."""
    earlier = environment.get("AUDIT_EARLIER_SECRET_KEYS", "").split()
    return tuple(secret for secret in (environment.get("AUDIT_SECRET_KEY", ""), *earlier) if secret)


class NoSecret(LookupError):
    """A database that was opened without the site's secret key, with which replies are sealed."""

    def __init__(self) -> None:
        super().__init__("Replies are sealed with the site's secret key, and none is known here: set AUDIT_SECRET_KEY.")


class UnknownDatabase(ValueError):
    """A database address of a kind that we do not open."""

    def __init__(self, url: str) -> None:
        kind = url.split(":", 1)[0] or "nothing"
        super().__init__(
            f"DATABASE_URL starts with {kind!r}: use sqlite:///FILE or postgresql://USER@HOST/NAME, or leave it out."
        )


def wal_is_safe() -> bool:
    """Tell whether the SQLite library is free of the WAL-reset bug."""
    return tuple(sqlite_module().sqlite_version_info) >= SAFE_WAL


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself, see _begin_sqlite
    journal, synchronous = ("WAL", "FULL") if wal_is_safe() else ("DELETE", "EXTRA")
    cursor = connection.cursor()
    for pragma in (
        f"journal_mode={journal}",
        f"synchronous={synchronous}",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "cache_size=-16000",
        "temp_store=MEMORY",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once with
    # "database is locked" whatever the time-out; an immediate one waits.
    options = connection.get_execution_options()
    if not options.get("one_by_one", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")


class _Turnstile:
    """Let threads through one at a time in the order of arrival.

    SQLite's own waiting is a race in which a writer can starve for seconds.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._busy = False
        self._waiting: deque[threading.Event] = deque()

    def enter(self) -> None:
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            mine = threading.Event()
            self._waiting.append(mine)
        mine.wait()

    def leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False


_turnstiles: dict[str, _Turnstile] = {}
_turnstiles_guard = threading.Lock()


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Hold the only right to write to a SQLite file, among threads and among processes."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file:
        yield
        return
    with _turnstiles_guard:
        turnstile = _turnstiles.setdefault(file, _Turnstile())
    turnstile.enter()
    try:
        with _turn_among_processes(Path(file + ".turn")):
            yield
    finally:
        turnstile.leave()


@contextmanager
def _turn_among_processes(path: Path) -> Iterator[None]:
    """Wait behind the process that came before; the kernel frees what a dead process held.

    Each arrival takes the next number, locks the byte of that number and waits
    for the byte of the number before.  One waiter a byte: nobody overtakes, and
    a leaving process wakes one other instead of all.  Should a waiting process
    die, its follower may come too early; SQLite's own lock then makes it wait.
    """
    if _LOCK is None:
        yield
        return
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(handle, 0)
        number = int.from_bytes(os.pread(handle, _COUNTER, 0), "big")
        _lock(handle, _COUNTER + number)
        os.pwrite(handle, (number + 1).to_bytes(_COUNTER, "big"), 0)
        _lock(handle, 0, release=True)
        if number:
            _lock(handle, _COUNTER + number - 1)
            _lock(handle, _COUNTER + number - 1, release=True)
        yield
    finally:
        os.close(handle)


_COUNTER = 8  # bytes


def _lock(handle: int, byte: int, *, release: bool = False) -> None:
    kind = fcntl.F_UNLCK if release else fcntl.F_WRLCK
    # struct flock: type, whence, start, length, process (0 for locks of an open file).
    fcntl.fcntl(handle, _LOCK or 0, struct.pack("hhqqi", kind, os.SEEK_SET, byte, 1, 0))


# PostgreSQL's own choice shows each statement a newer state; SQLite shows a transaction one state by itself.
_ONE_STATE: Mapping[str, Mapping[str, Any]] = {
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
}


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that only reads, seeing one state of the database throughout."""
    with engine.connect().execution_options(**_ONE_STATE.get(engine.dialect.name, {})) as connection:
        yield connection


def reading_one_by_one(engine: Engine) -> Connection:
    """Return a connection on which each statement sees what is committed by then; the caller closes it.

    For a page: its few statements need no common state, and no transaction has to be opened for each.
    """
    options: Mapping[str, Any] = (
        {"one_by_one": True} if engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
    )
    return engine.connect().execution_options(**options)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in one write transaction, committed on leaving, rolled back on any exception."""
    # The connection is fetched and given back outside the turn, which should be as short as it can.
    with engine.connect().execution_options(writes=True) as connection, _turn(engine), connection.begin():
        yield connection


def mode_of(engine: Engine) -> DatabaseMode:
    """Read back what the database says of itself."""
    with reading(engine) as connection:
        if engine.dialect.name != "sqlite":
            version = connection.exec_driver_sql("SHOW server_version").scalar_one()
            synchronous = connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
            advice = "" if synchronous != "off" else "Set synchronous_commit = on: a power cut may lose answers."
            return DatabaseMode("PostgreSQL", str(version), "WAL", str(synchronous), advice)
        journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
        synchronous = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}[
            int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
        ]
    version = ".".join(map(str, sqlite_module().sqlite_version_info))
    advice = (
        ""
        if wal_is_safe()
        else "SQLite is older than 3.51.3: install the pysqlite3 wheel. Running in the slower safe mode."
    )
    return DatabaseMode("SQLite", version, journal.upper(), synchronous, advice)
