"""Hand claimed work to huey: SQLite beside the database, or Redis for larger sites.

The outbox in our own database is the truth; the queue only spreads the work
over threads, so losing it loses nothing.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path

from huey import Huey, RedisHuey, SqliteHuey

Claim = Callable[[], tuple[int, ...]]
Do = Callable[[int], object]
POLL_SECONDS = 0.5


def make_queue(folder: Path, redis_url: str | None) -> Huey:
    """Return the queue: Redis where an address is given, else a SQLite file in ``folder``."""
    if redis_url:
        return RedisHuey("audit-engine", url=redis_url)
    return SqliteHuey("audit-engine", filename=str(folder / "queue.sqlite3"))


def run_worker(queue: Huey, claim: Claim, do: Do, workers: int = 1) -> None:
    """Claim work and do it until SIGTERM or Ctrl-C; only from the main thread."""
    task = queue.task(name="do_work")(do)
    stopping = threading.Event()

    def relay() -> None:
        while not stopping.wait(POLL_SECONDS):
            for work_id in claim():
                task(work_id)

    thread = threading.Thread(target=relay, name="outbox", daemon=True)
    consumer = queue.create_consumer(workers=workers, periodic=False, initial_delay=0.05, max_delay=0.5)
    thread.start()
    consumer.start()
    _handle_signals(stopping)  # in place of huey's own, which end the process in the middle of a task
    stopping.wait()
    consumer.stop(graceful=True)
    thread.join(timeout=5)


def _handle_signals(stopping: threading.Event) -> None:
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
