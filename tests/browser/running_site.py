"""How does a test get the real site: started as people start it, on an invented partnership of its own?

A demonstration is filled once a run and copied for each test process.  The
site of a process runs as long as the tests; each test finds the database as it
was at the start, with everybody signed in already.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import Engine, text

from audit_engine.response.people import Held
from audit_engine.services import clock, keep_people
from audit_engine.services.demo import EVERYWHERE, LEADS, PASSWORD
from audit_engine.storage import engine as storage_engine

ROOT = Path(__file__).resolve().parents[2]
OTTERFELL, QUILLHAVEN = "otterfell-borough-council", "quillhaven-district-council"
# It works in both areas and has begun.
LITTLE_OTTERS = "little-otters-nurseries"
# Leads whom the demonstration does not have: for that organisation, and a colleague of Otterfell's.
MORE_LEADS: Mapping[str, tuple[str, str]] = {
    "joint lead": ("joint.lead@demo.example.org", LITTLE_OTTERS),
    "colleague": ("colleague@demo.example.org", OTTERFELL),
}
CYCLE, BASELINE = "section-11-2026", "section-11-2024"
PEOPLE: Mapping[str, str] = {
    "lead": LEADS[OTTERFELL],
    "second lead": LEADS[QUILLHAVEN],
    **{who: email for who, (email, _) in MORE_LEADS.items()},
    "business team": EVERYWHERE["business-team"],
    "executive": EVERYWHERE["executive"],
    "administrator": EVERYWHERE["administrator"],
}
# What would send a program elsewhere than to the folder that it is given.
ELSEWHERE = ("DATABASE_URL", "AUDIT_ROOT", "AUDIT_INSTANCE", "AUDIT_SECRET_KEY", "REDIS_URL", "PORT")
PATIENCE = 60.0


def surroundings() -> dict[str, str]:
    """Return the environment without what names another database or folder."""
    return {name: value for name, value in os.environ.items() if name not in ELSEWHERE}


def command(root: Path, *words: str) -> list[str]:
    """Return a command line of the program, on a root of its own."""
    return [sys.executable, "-m", "audit_engine", "--root", str(root), *words]


def run(root: Path, *words: str) -> str:
    """Run a command and return what it printed."""
    finished = subprocess.run(
        command(root, *words), cwd=root, env=surroundings(), capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, f"{' '.join(words)}: {finished.stderr}"
    return finished.stdout


def fill(root: Path) -> None:
    """Lay out the invented partnership in an empty folder, filled, with two leads more."""
    shutil.copytree(ROOT / "questionnaires", root / "questionnaires")
    demo = root / "instances" / "demo"
    shutil.copytree(ROOT / "instances" / "demo", demo, ignore=shutil.ignore_patterns("var"))
    run(root, "demo")
    engine = storage_engine.create(f"sqlite:///{demo / 'var' / 'audit.sqlite3'}")
    for who, (email, organisation) in MORE_LEADS.items():
        held = Held("organisation-lead", organisation)
        keep_people.add_person(engine, email, f"Invented {who}", PASSWORD, [held], None, clock.now())
    engine.dispose()


@dataclass
class RunningSite:
    """The site of this test process; ``signed_in`` holds the cookies of each of ``PEOPLE``."""

    address: str
    root: Path
    signed_in: dict[str, Any] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """Return the SQLite file that the site uses."""
        return self.root / "instances" / "demo" / "var" / "audit.sqlite3"

    @cached_property
    def engine(self) -> Engine:
        """Return a way into the site's database that is not the site's own."""
        return storage_engine.create(f"sqlite:///{self.database}")

    def rows(self, statement: str, **values: object) -> Sequence[Any]:
        """Return what stands in the database now, whatever a page says."""
        with storage_engine.reading(self.engine) as connection:
            return connection.execute(text(statement), values).all()

    def change(self, statement: str, **values: object) -> None:
        """Change the database behind the site's back, as another person or the clock would."""
        with storage_engine.writing(self.engine) as connection:
            connection.execute(text(statement), values)

    def return_of(self, organisation: str, cycle: str = CYCLE) -> int:
        """Return the number of an organisation's return."""
        found = self.rows(
            "select id from response where organisation_id = :organisation and cycle_id = :cycle",
            organisation=organisation,
            cycle=cycle,
        )
        return int(found[0].id)

    def answer(self, organisation: str, item: str, area: str = "") -> Any:
        """Return one stored answer of the open audit, or None."""
        found = self.rows(
            "select * from answer where response_id = :number and item_id = :item and area = :area",
            number=self.return_of(organisation), item=item, area=area,
        )  # fmt: skip
        return found[0] if found else None

    def keep(self, file: Path) -> None:
        """Copy the database as it stands."""
        _copy(self.database, file)

    def put_back(self, file: Path) -> None:
        """Make the database what it was when it was kept; the running site simply reads on."""
        _copy(file, self.database)


def _copy(source: Path, target: Path) -> None:
    driver = storage_engine.sqlite_module()
    reading, writing = driver.connect(str(source)), driver.connect(str(target), timeout=30)
    try:
        writing.execute("PRAGMA synchronous=OFF")
        reading.backup(writing)
    finally:
        reading.close()
        writing.close()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(root: Path) -> Iterator[RunningSite]:
    """Start site and worker as ``make run`` does, and stop both."""
    port = free_port()
    log = root / "site.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command(root, "serve", "--port", str(port)), cwd=root, env=surroundings(), stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    site = RunningSite(f"http://127.0.0.1:{port}", root)
    try:
        _wait(site, process, log)
        yield site
    finally:
        # Its own session: the worker that it started goes with it.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=PATIENCE)
        if "engine" in site.__dict__:
            site.engine.dispose()


def _wait(site: RunningSite, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            with urlopen(f"{site.address}/health", timeout=5) as reply:
                if reply.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"The site did not start:\n{log.read_text()}")
