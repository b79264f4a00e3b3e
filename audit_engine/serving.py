"""Serve the site with waitress, and keep a worker process beside it."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from audit_engine.services.instance import Instance


def serve(instance: Instance, host: str, port: int, threads: int, *, with_worker: bool) -> None:
    """Listen on host and port until interrupted; raise a sentence when the port is taken."""
    import waitress

    from audit_engine.web import create_app

    app = create_app(instance, loopback=_is_loopback(host))
    try:
        server = waitress.create_server(app, host=host, port=port, threads=threads, ident="audit-engine")
    except OSError as problem:
        raise click.ClickException(
            f"Port {port} on {host} cannot be used ({problem.strerror}). Choose another: PORT=8001 make run"
        ) from None
    signal.signal(signal.SIGTERM, _as_interrupted)
    try:
        with _worker(instance) if with_worker else _nothing():
            click.echo(f"The site is at http://{host}:{port}/  (stop with Ctrl-C)")
            server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        click.echo("Stopped.")


def _as_interrupted(_number: int, _frame: object) -> None:
    # A service manager's word: the worker must not outlive the site.
    raise KeyboardInterrupt


def _is_loopback(host: str) -> bool:
    try:
        addresses = {info[4][0] for info in socket.getaddrinfo(host, None)}
        return all(ipaddress.ip_address(a).is_loopback for a in addresses)
    except (OSError, ValueError):
        return False


@contextmanager
def _worker(instance: Instance) -> Iterator[None]:
    command = [sys.executable, "-m", "audit_engine", "--root", str(instance.root), "--instance", instance.id, "worker"]
    process = subprocess.Popen(command, env=os.environ.copy())  # noqa: S603 - our own program
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def _nothing() -> Iterator[None]:
    yield
