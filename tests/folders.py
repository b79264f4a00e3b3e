"""Where do a run's databases and files lie: in memory where there is room, else on the disk?

Every commit waits for the disk, on purpose; tests make tens of thousands of
them, and what they write dies with the run.  ``PYTEST_DEBUG_TEMPROOT`` or
pytest's ``--basetemp`` name another place for the files.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDERS_VARIABLE = "PYTEST_DEBUG_TEMPROOT"
MEMORY = Path("/dev/shm")
# A run takes some hundreds of megabytes; a small machine, or a container with the usual 64 MB, stays with its disk.
ROOM = 3 * 1024**3


def quickest() -> Path:
    """Return the folder below which a run makes its own."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        return MEMORY
    return Path(tempfile.gettempdir())


def once_a_run(factory: pytest.TempPathFactory, worker: str, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that ``make`` fills once a run, however many test processes there are."""
    base = factory.getbasetemp()
    folder = (base if worker == "master" else base.parent) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            make(making)
            making.rename(folder)
    return folder
