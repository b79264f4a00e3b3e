"""How many requests a second does a site answer, how fast, and with the right page?

A closed loop: each connection sends its next request when the last answer is
whole.  One thread watches all connections, so the measuring takes little of
the processors that it measures.  Every body is checked, never only the status.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import quantiles

END_OF_HEAD = b"\r\n\r\n"
CLOSES = b"connection: close"
LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    head: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Script:
    """What one connection says: ``request(n)`` is its n-th request, ``is_right`` judges the answer."""

    request: Callable[[int], bytes]
    is_right: Callable[[Answer], bool]


@dataclass(frozen=True, slots=True)
class Run:
    """What a timed stretch came to; seconds for each request, in no order."""

    seconds: float
    latencies: tuple[float, ...]
    wrong: int

    @property
    def answered(self) -> int:
        """Return how many answers came, wrong ones included."""
        return len(self.latencies)

    @property
    def rate(self) -> float:
        """Return right answers a second."""
        return (self.answered - self.wrong) / self.seconds

    def percentile(self, percent: int) -> float:
        """Return a percentile of the latencies, in seconds."""
        if len(self.latencies) < 2:
            return self.latencies[0] if self.latencies else float("nan")
        return quantiles(self.latencies, n=100, method="inclusive")[percent - 1]


class WrongAnswers(RuntimeError):
    """Answers that are not the page asked for; a rate of those means nothing."""

    def __init__(self, example: Answer) -> None:
        text = example.body[:300].decode("utf-8", "replace")
        super().__init__(f"The first wrong answer had status {example.status} and began: {text}")


def get(address: str, cookie: str = "") -> bytes:
    """Return a GET request that keeps its connection."""
    lines = [f"GET {address} HTTP/1.1", "Host: 127.0.0.1"]
    return "\r\n".join([*lines, *([f"Cookie: {cookie}"] if cookie else []), "", ""]).encode()


def post(address: str, body: bytes, cookie: str = "") -> bytes:
    """Return a form's POST request that keeps its connection."""
    lines = [f"POST {address} HTTP/1.1", "Host: 127.0.0.1", *([f"Cookie: {cookie}"] if cookie else [])]
    lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def repeated(request: bytes, expected: bytes) -> Script:
    """Return the script that sends one request for ever and looks for ``expected`` in each body."""
    return Script(lambda _n: request, lambda answer: answer.status == 200 and expected in answer.body)


@dataclass
class _Connection:
    port: int
    script: Script
    sent: int = 0
    began: float = 0.0
    received: bytearray = field(default_factory=bytearray)
    socket: socket.socket | None = None

    def send(self, watched: selectors.BaseSelector) -> None:
        """Send the next request, over a new connection where the server closed the last."""
        message = self.script.request(self.sent)
        self.sent += 1
        self.received.clear()
        self.began = time.perf_counter()
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            watched.register(self.socket, selectors.EVENT_READ, self)
        self.socket.sendall(message)

    def close(self, watched: selectors.BaseSelector) -> None:
        if self.socket is not None:
            watched.unregister(self.socket)
            self.socket.close()
            self.socket = None

    def receive(self) -> Answer | None:
        """Take what has come; return the answer once it is whole."""
        assert self.socket is not None
        piece = self.socket.recv(262_144)
        if not piece:
            raise ConnectionError(f"The server closed the connection; it had said: {bytes(self.received[:300])!r}")
        self.received += piece
        end = self.received.find(END_OF_HEAD)
        if end < 0:
            return None
        head = bytes(self.received[:end])
        at = head.lower().find(LENGTH)
        if at < 0:
            raise ConnectionError(f"An answer without Content-Length cannot be timed: {head[:300]!r}")
        length = int(head[at + len(LENGTH) :].split(b"\r\n", 1)[0])
        start = end + len(END_OF_HEAD)
        if len(self.received) < start + length:
            return None
        return Answer(int(head[9:12]), head, bytes(self.received[start : start + length]))


def drive(port: int, scripts: Sequence[Script], seconds: float, warm: float = 0.5) -> Run:
    """Keep a connection for each script busy and report on what came after the warm-up."""
    watched = selectors.DefaultSelector()
    connections = [_Connection(port, script) for script in scripts]
    latencies: list[float] = []
    wrong, example = 0, None
    began = time.perf_counter() + warm
    for connection in connections:
        connection.send(watched)
    while time.perf_counter() < began + seconds:
        for key, _ in watched.select(timeout=1):
            connection = key.data
            answer = connection.receive()
            if answer is None:
                continue
            now = time.perf_counter()
            if now >= began:
                latencies.append(now - connection.began)
            if not connection.script.is_right(answer):
                wrong, example = wrong + 1, example or answer
            if CLOSES in answer.head.lower():
                connection.close(watched)
            connection.send(watched)
    for connection in connections:
        connection.close(watched)
    watched.close()
    if example is not None and wrong > len(latencies) / 2:
        raise WrongAnswers(example)
    return Run(seconds, tuple(latencies), wrong)
