"""Serve any WSGI application the same way: gunicorn with so many synchronous workers on one port.

A worker answers one request at a time, as docs/deploying.md advises: pages are
work for the processor, and threads of one Python process only get into each
other's way.  ``python -m benchmarks.server MODULE:FACTORY --workers 2`` prints
its port and stops when it is terminated.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
WORKERS = 2
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """A running application."""

    master: int
    port: int

    @property
    def processes(self) -> tuple[int, ...]:
        """Return the workers' process ids."""
        return tuple(map(int, Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()))

    def processor_seconds(self) -> float:
        """Return the processor time that the workers have used so far."""
        total = 0
        for process in self.processes:
            fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def memory(self) -> float:
        """Return the largest resident memory of a worker, in MB."""
        sizes = []
        for process in self.processes:
            lines = Path(f"/proc/{process}/status").read_text().splitlines()
            sizes.append(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024)
        return max(sizes)


@contextmanager
def serving(factory: str, environment: Mapping[str, str] | None = None, workers: int = WORKERS) -> Iterator[Served]:
    """Run the application in a server of its own and give its port."""
    master = _master(factory, environment or {}, workers)
    try:
        yield Served(master.pid, _port(master))
    finally:
        master.terminate()
        master.wait(20)


def _master(factory: str, environment: Mapping[str, str], workers: int) -> subprocess.Popen[str]:
    # Byte code is compiled, as it is on a server: some machines switch that off.
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server", factory, "--workers", str(workers)],
        cwd=ROOT,
        env=inherited | dict(environment),
        stdout=subprocess.PIPE,
        text=True,
    )


def _port(master: subprocess.Popen[str]) -> int:
    assert master.stdout is not None
    line = master.stdout.readline()
    if not line:
        raise RuntimeError("The application did not start; what it said stands above.")
    return int(line)


def cold_start(factory: str, address: str, environment: Mapping[str, str] | None = None) -> float:
    """Return the seconds from the start command to the first page."""
    began = time.perf_counter()
    with serving(factory, environment, workers=1) as served:
        connection = HTTPConnection("127.0.0.1", served.port, timeout=60)
        connection.request("GET", address)
        page = connection.getresponse().read()
        took = time.perf_counter() - began
        connection.close()
    if b"<h1" not in page:
        raise RuntimeError(f"{address} is not a page: {page[:300]!r}")
    return took


def main() -> None:
    """Serve one application until terminated."""
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("factory")
    parser.add_argument("--workers", type=int, default=WORKERS)
    asked = parser.parse_args()
    module, _, function = asked.factory.partition(":")
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    listening.set_inheritable(True)
    settings = {"bind": f"fd://{listening.fileno()}", "workers": asked.workers, "loglevel": "error", "timeout": 120}

    class Application(BaseApplication):  # type: ignore[misc]
        """gunicorn, told in code what its command line would say."""

        def load_config(self) -> None:
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return getattr(import_module(module), function)()

    print(listening.getsockname()[1], flush=True)
    Application().run()


if __name__ == "__main__":
    main()
