"""For tests of the lab: a client that shows every byte, and a question that has an answer."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.lab.server import Lab

HOST = "api.wise.com"
PATH = "/v3/quotes/"
QUESTION = {"sourceCurrency": "EUR", "targetCurrency": "NGN", "sourceAmount": 1000}
PATIENCE = 10
"""Seconds until a test gives up waiting for the lab."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came until the end of the connection. `reset`: it ended with an error."""

    data: bytes
    reset: bool

    @property
    def head(self) -> str:
        return self.data.partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def status(self) -> int:
        return int(self.head.split(" ")[1])

    @property
    def headers(self) -> dict[str, str]:
        lines = [line.partition(": ") for line in self.head.split("\r\n")[1:]]
        return {name.lower(): value for name, _, value in lines}

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]


@contextmanager
def connected(lab: Lab) -> Iterator[socket.socket]:
    parts = urlsplit(lab.url)
    with socket.create_connection((parts.hostname, parts.port), PATIENCE) as sock:
        yield sock


def message(
    path: str = PATH,
    host: str = HOST,
    *,
    method: str = "POST",
    headers: str = "",
    keep: bool = False,
) -> bytes:
    """A request as bytes: Wise's question unless something else is asked for."""
    body = json.dumps(QUESTION).encode() if method == "POST" else b""
    lines = [
        f"{method} /__as/{host}{path} HTTP/1.1",
        f"Host: {host}",
        f"Content-Length: {len(body)}",
        "Content-Type: application/json",
        f"Connection: {'keep-alive' if keep else 'close'}",
        *headers.splitlines(),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def heard(sock: socket.socket) -> Heard:
    """Everything until the lab closes the connection."""
    data = b""
    try:
        while part := sock.recv(1 << 16):
            data += part
    except ConnectionError:
        return Heard(data, reset=True)
    return Heard(data, reset=False)


def told(
    lab: Lab, path: str = PATH, host: str = HOST, *, method: str = "POST", headers: str = ""
) -> Heard:
    """The whole answer to one request on a connection of its own."""
    with connected(lab) as sock:
        sock.sendall(message(path, host, method=method, headers=headers))
        return heard(sock)


def one_reply(sock: socket.socket) -> Heard:
    """One answer with a Content-Length, from a connection that stays open."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = sock.recv(1 << 16)
        assert part, f"the connection ended after {data!r}"
        data += part
    length = int(Heard(data, reset=False).headers["content-length"])
    while len(Heard(data, reset=False).body) < length:
        data += sock.recv(1 << 16)
    return Heard(data, reset=False)
