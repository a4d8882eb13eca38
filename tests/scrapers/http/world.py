"""Servers that behave badly on purpose, certificates of an authority of our own, and a clock."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from scrapers.contract import Budget

AGENT = "HuiswaartsBot/1.0 (+https://huiswaarts.example/bot; contact)"
BUDGET = Budget(per_hour=100, gap=3)
HOST = "api.example.org"
URL = f"https://{HOST}/prices"
JSON = b'{"rate":10.5}'


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


Behaviour = Callable[["Received", socket.socket], bytes | None]
"""The bytes to answer with; None if it did all itself, after which the connection is closed."""


def reply(
    body: bytes = JSON, status: str = "200 OK", kind: str = "application/json", **headers: str
) -> bytes:
    """A whole answer. Underscores in names of headers stand for hyphens."""
    head = {"content_type": kind, "content_length": str(len(body))} | headers
    lines = [f"{name.replace('_', '-')}: {text}" for name, text in head.items() if text]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


def unmeasured(body: bytes, **headers: str) -> bytes:
    """A whole answer that ends where the connection does."""
    return reply(body, content_length="", connection="close", **headers)


class Server:
    """On loopback. `robots` is what it answers for robots.txt, a 404 by default."""

    def __init__(
        self,
        behave: Behaviour | bytes = b"",
        robots: Behaviour | bytes = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.behave, self.robots, self.tls = behave or reply(), robots, tls
        self.asked: list[Received] = []
        self.robots_asked: list[Received] = []
        self.connections = 0
        self.stopping = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def stop(self) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    def drip(self, connection: socket.socket, data: bytes, every: float = 0.02) -> None:
        for place in range(len(data)):
            connection.sendall(data[place : place + 1])
            if self.stopping.wait(every):
                return

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            with connection, connection.makefile("rb") as stream:
                while (received := _received(stream)) is not None:
                    answer = self._answer(received, connection)
                    if answer is None:
                        return
                    connection.sendall(answer)
                    if b"content-length" not in answer and b"chunked" not in answer:
                        return

    def _answer(self, received: Received, connection: socket.socket) -> bytes | None:
        is_robots = received.target.endswith("/robots.txt")
        (self.robots_asked if is_robots else self.asked).append(received)
        chosen = self.robots if is_robots else self.behave
        return chosen if isinstance(chosen, bytes) else chosen(received, connection)


def _received(stream: BinaryIO) -> Received | None:
    line = stream.readline().decode()
    if not line.strip():
        return None
    method, target, _ = line.split(" ", 2)
    headers = {}
    while line := stream.readline().decode().strip():
        name, _, text = line.partition(":")
        headers[name.lower()] = text.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    return Received(method, target, headers, body)


def in_turn(*answers: Behaviour | bytes) -> Behaviour:
    """Each answer once, the last one for ever."""
    left = list(answers)

    def behave(received: Received, connection: socket.socket) -> bytes | None:
        chosen = left.pop(0) if len(left) > 1 else left[0]
        return chosen if isinstance(chosen, bytes) else chosen(received, connection)

    return behave


def raw(data: bytes) -> Behaviour:
    """Sends that, whatever it is, and hangs up."""

    def behave(_: Received, connection: socket.socket) -> None:
        connection.sendall(data)

    return behave


def reset(_: Received, connection: socket.socket) -> None:
    """Half an answer, and then the connection is torn down."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def gzipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


@dataclass(slots=True)
class Time:
    """Stands still but for who sleeps."""

    now: datetime = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.forward(timedelta(seconds=seconds))

    def forward(self, by: timedelta) -> None:
        self.now += by
        self.seconds += by.total_seconds()


class Authority:
    """A certificate authority that nobody trusts but who is told to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30"
            " -keyout ca.key -out ca.pem -subj /CN=Tests"
        )

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self._folder / "ca.pem"))

    def server(self, *names: str, days: int = 30) -> ssl.SSLContext:
        """For a server that says it is these hosts, valid for so many days from now."""
        name = f"{names[0]}.{days}"
        alternatives = ",".join(f"DNS:{one}" for one in names)
        (self._folder / "names").write_text(f"subjectAltName={alternatives}\n")
        self._openssl(
            "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            f" -keyout {name}.key -out {name}.csr -subj /CN={names[0]}"
        )
        self._openssl(
            f"x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial"
            f" -days {days} -extfile names -out {name}.pem"
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        return context

    def _openssl(self, arguments: str) -> None:
        command = ["openssl", *arguments.split()]
        subprocess.run(command, cwd=self._folder, check=True, capture_output=True)
