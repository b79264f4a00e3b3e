"""Serve any WSGI application the same way: so many processes, each its own port and waitress.

``python -m benchmarks.server MODULE:FACTORY --processes 2`` prints its
processes' ids and ports once they listen, and stops with its standard input.
A proxy that deals out connections in turn would stand before them; here the
load generator does.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROCESSES = 2
THREADS = 4
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """A running application."""

    processes: tuple[int, ...]
    ports: tuple[int, ...]

    def processor_seconds(self) -> float:
        """Return the processor time that the processes have used so far."""
        total = 0
        for process in self.processes:
            fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def memory(self) -> float:
        """Return the largest resident memory of a process, in MB."""
        sizes = []
        for process in self.processes:
            lines = Path(f"/proc/{process}/status").read_text().splitlines()
            sizes.append(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024)
        return max(sizes)


@contextmanager
def serving(factory: str, environment: Mapping[str, str] | None = None, processes: int = PROCESSES) -> Iterator[Served]:
    """Run the application in processes of its own and give their ports."""
    children = [_child(factory, environment or {}) for _ in range(processes)]
    try:
        yield Served(tuple(child.pid for child in children), tuple(_port(child) for child in children))
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(10)


def _child(factory: str, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    # Byte code is compiled, as it is on a server: some machines switch that off.
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server", factory],
        cwd=ROOT,
        env=inherited | dict(environment),
        stdout=subprocess.PIPE,
        text=True,
    )


def _port(child: subprocess.Popen[str]) -> int:
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        raise RuntimeError("The application did not start; what it said stands above.")
    return int(line)


def cold_start(factory: str, address: str, environment: Mapping[str, str] | None = None) -> float:
    """Return the seconds from the start command to the first page."""
    began = time.perf_counter()
    with serving(factory, environment, processes=1) as served:
        connection = HTTPConnection("127.0.0.1", served.ports[0], timeout=60)
        connection.request("GET", address)
        page = connection.getresponse().read()
        took = time.perf_counter() - began
        connection.close()
    if b"<h1" not in page:
        raise RuntimeError(f"{address} is not a page: {page[:300]!r}")
    return took


def main() -> None:
    """Serve one application until terminated."""
    from waitress import create_server

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full queue is what a load test makes
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("factory")
    module, _, function = parser.parse_args().factory.partition(":")
    application = getattr(import_module(module), function)()
    server = create_server(application, host="127.0.0.1", port=0, threads=THREADS)
    print(server.effective_port, flush=True)
    server.run()


if __name__ == "__main__":
    main()
