"""Do README's commands work in a fresh clone?

Every line of a fence marked ``sh`` is one command, run by itself at the top of
the clone; other fences are for reading.  A `make run` is started, asked for its
page and stopped with Ctrl-C.  The last line counts what passed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parent.parent
FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
LONGEST_COMMAND = 900
LONGEST_START = 600
LONGEST_STOP = 20
# A machine where one is root often has no sudo.
SUDO = 'command -v sudo >/dev/null || sudo() { "$@"; }\n'

Outcome = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where commands run and which of them need not run here."""

    clone: Path
    environment: dict[str, str]
    done: frozenset[str]
    has_apt: bool


def commands(text: str) -> Iterator[str]:
    """Yield the commands of a README, continued lines joined."""
    for block in FENCE.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            if line.strip() and not line.lstrip().startswith("#"):
                yield line.strip()


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(command: str, here: Circumstances, environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own, its output going to ``log``."""
    with log.open("wb") as out:
        return subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", SUDO + command],
            cwd=here.clone,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes]) -> bool:
    """Press Ctrl-C; tell whether everything had stopped in time."""
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(LONGEST_STOP)
        return True
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return False


def page(port: int) -> str:
    """Return the site's first page, redirects followed, or '' where nothing answers."""
    address = "/"
    for _ in range(4):
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", address)
            answer = connection.getresponse()
            body = answer.read().decode("utf-8", "replace")
        except (OSError, HTTPException):
            return ""
        finally:
            connection.close()
        if answer.status == 200:
            return body
        address = answer.getheader("Location") or address
    return ""


def run_once(command: str, here: Circumstances, log: Path) -> str:
    """Run a command to its end; return what was wrong with it, or ''."""
    process = start(command, here, here.environment, log)
    try:
        code = process.wait(LONGEST_COMMAND)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return f"did not end within {LONGEST_COMMAND} s"
    return f"ended with exit code {code}" if code else ""


def run_site(command: str, here: Circumstances, log: Path) -> str:
    """Start the site, wait for its page, stop it; return what was wrong, or ''."""
    asked = re.search(r"\bPORT=(\d+)", command)
    port = int(asked[1]) if asked else free_port()
    process = start(command, here, here.environment | {"PORT": str(port)}, log)
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_START:
        if "<h1" in page(port):
            stopped = stop(process)
            if not stopped:
                return "did not stop on Ctrl-C"
            return "left something listening after Ctrl-C" if page(port) else ""
        if process.poll() is not None:
            return f"ended before it answered, with exit code {process.returncode}"
        time.sleep(0.5)
    stop(process)
    return f"did not answer within {LONGEST_START} s"


def carry_out(command: str, here: Circumstances, log: Path) -> Outcome:
    """Run one command and say how it went."""
    if command in here.done:
        print(f"- {command}: run already, not again")
        return "skipped"
    if "apt-get" in command and not here.has_apt:
        print(f"- {command}: no apt-get to be had here")
        return "skipped"
    began = time.monotonic()
    is_site = re.search(r"\bmake\b.*\brun\b", command) is not None
    fault = (run_site if is_site else run_once)(command, here, log)
    took = time.monotonic() - began
    print(f"- {command}: {fault or 'works'} ({took:.0f} s)", flush=True)
    if fault:
        print("\n".join("    " + line for line in log.read_text("utf-8", "replace").splitlines()[-40:]))
    return "failed" if fault else "passed"


def main() -> int:
    """Clone, run, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--done", action="append", default=[], help="a command that was run already")
    parser.add_argument("--without-apt", action="store_true", help="skip apt-get lines")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="audit-readme-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "VIRTUAL_ENV")}
        environment["DEBIAN_FRONTEND"] = "noninteractive"
        has_apt = shutil.which("apt-get") is not None and not chosen.without_apt
        here = Circumstances(clone, environment, frozenset(chosen.done), has_apt)
        found = list(commands((clone / "README.md").read_text(encoding="utf-8")))
        outcomes = [carry_out(command, here, Path(folder) / "log") for command in found]
    counted = {outcome: outcomes.count(outcome) for outcome in ("passed", "failed", "skipped")}
    print(f"README: {counted['passed']} passed, {counted['failed']} failed, {counted['skipped']} skipped")
    return 1 if counted["failed"] or not found else 0


if __name__ == "__main__":
    sys.exit(main())
