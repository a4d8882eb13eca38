"""The lab's socket: reads requests, writes answers, keeps connections, and can be cut short."""

from __future__ import annotations

import gzip
import socket
import socketserver
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from itertools import count
from threading import Event, Lock
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from tests.lab.transport import HungUp, Play, Wire, head
from tests.lab.wire import LabReply, LabRequest

SMALLEST_PACKED = 200
"""Bytes; below that no server takes the trouble of gzip."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done with a request: `reply` is sent, or `play`ed with on the socket."""

    reply: LabReply
    play: Play | None = None
    variant: str = ""
    pace: float = 0
    spares_first: bool = False


class Answering(Protocol):
    def deed(self, request: LabRequest, connection: int) -> Deed: ...

    def done(self, request: LabRequest) -> None: ...


class Listener(socketserver.ThreadingTCPServer):
    """Listens on 127.0.0.1. `errors` has what went wrong in an endpoint."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, answering: Answering) -> None:
        self.answering = answering
        self.closing = Event()
        self.errors: list[BaseException] = []
        self.numbers = count(1)
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def stop(self) -> None:
        """Cuts what is under way; every thread has ended when this returns."""
        self.closing.set()
        self.shutdown()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def process_request(self, request: object, client_address: object) -> None:
        if isinstance(request, socket.socket):
            with self._lock:
                self._open.add(request)
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def shutdown_request(self, request: object) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)  # type: ignore[arg-type]

    def handle_error(
        self,
        request: object,  # noqa: ARG002 - socketserver's signature
        client_address: object,  # noqa: ARG002
    ) -> None:
        """A client that hung up is nobody's error; an endpoint that raised is."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.errors.append(error)
            traceback.print_exception(error)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def setup(self) -> None:
        super().setup()
        self.number = next(self.server.numbers)
        self.answered = 0

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = _request(self.command, self.path, dict(self.headers.items()), body)
        deed = self.server.answering.deed(request, self.number)
        wire = Wire(self.connection, self.server.closing, deed.pace)
        try:
            if deed.play is None or (deed.spares_first and not self.answered):
                self.server.answering.done(request)
                self._send(wire, request, deed.reply)
            else:
                self._play(wire, request, deed, deed.play)
        except HungUp:
            self.close_connection = True
        self.answered += 1

    def do_POST(self) -> None:
        self.do_GET()

    def _play(self, wire: Wire, request: LabRequest, deed: Deed, play: Play) -> None:
        self.close_connection = True
        try:
            play(wire, deed.reply, deed.variant)
        finally:
            self.server.answering.done(request)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: the lab keeps its requests."""

    def _send(self, wire: Wire, request: LabRequest, reply: LabReply) -> None:
        headers = {"Date": formatdate(usegmt=True), "Content-Type": reply.media_type}
        headers |= reply.headers
        body = reply.body
        if len(body) >= SMALLEST_PACKED and _takes_gzip(request):
            body = gzip.compress(body, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        if reply.status != 304:
            headers["Content-Length"] = str(len(body))
        wire.send(head(reply.status, headers) + body)


def _request(method: str, target: str, headers: dict[str, str], body: bytes) -> LabRequest:
    """host is "" for what is not asked of an endpoint."""
    parts = urlsplit(target)
    host, path = "", parts.path
    if path.startswith("/__as/"):
        host, _, rest = path.removeprefix("/__as/").partition("/")
        path = f"/{rest}"
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    lowered = {name.lower(): value for name, value in headers.items()}
    return LabRequest(method, host.lower(), path, query, lowered, body)


def _takes_gzip(request: LabRequest) -> bool:
    for offer in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0")
    return False
