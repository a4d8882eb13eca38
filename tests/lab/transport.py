"""Faults of transport: what a connection can do to whoever listens. F02 to F16.

Each writes bytes to the socket as they are, and leaves a connection that is of no more use.
"""

from __future__ import annotations

import socket
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from threading import Event

from tests.lab.wire import LabReply

BLOCK = 1 << 20
BOMB = 200 * BLOCK
"""Bytes of the gzip bomb once it is open; some 200 kB on the wire."""

HUGE_HEADER = 2 << 20


class HungUp(Exception):
    """Nobody is there any more: the client has gone, or the lab closes."""


@dataclass(frozen=True, slots=True)
class Wire:
    """One end of a connection. `pace` is the seconds between two drips."""

    sock: socket.socket
    closing: Event
    pace: float

    def send(self, data: bytes) -> None:
        """Raises HungUp."""
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise HungUp from error

    def drip(self, data: bytes) -> None:
        """One byte at a time. Raises HungUp."""
        for place in range(len(data)):
            if place and self.closing.wait(self.pace):
                raise HungUp
            self.send(data[place : place + 1])

    def reset(self) -> None:
        """Close at once with RST: the other end gets an error, not an end."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.sock.detach())


Play = Callable[[Wire, LabReply, str], None]
"""Does the fault, in this variant, instead of sending the good reply."""


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """The status line and the headers, with the empty line."""
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Odd"
    lines = [
        f"HTTP/1.1 {status} {phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def dripping_body(wire: Wire, good: LabReply, variant: str) -> None:
    wire.send(_head(good, {"Content-Length": str(len(good.body))}))
    wire.drip(good.body)


def dripping_head(wire: Wire, good: LabReply, variant: str) -> None:
    wire.drip(_head(good, {"Content-Length": str(len(good.body))}))
    wire.send(good.body)


def endless_body(wire: Wire, good: LabReply, variant: str) -> None:
    """A list of zeros without an end, 64 kB at a time."""
    zeros = b"0," * (1 << 15)
    if variant == "chunked":
        wire.send(_head(good, {"Transfer-Encoding": "chunked"}))
        zeros = f"{len(zeros):x}\r\n".encode() + zeros + b"\r\n"
    else:
        wire.send(_head(good, {}))
    while not wire.closing.is_set():
        wire.send(zeros)


def gzip_bomb(wire: Wire, good: LabReply, variant: str) -> None:
    """The good reply after 200 MB of spaces: right for whoever has the memory to read it."""
    packed = bomb(good.body)
    wire.send(_head(good, {"Content-Encoding": "gzip", "Content-Length": str(len(packed))}))
    wire.send(packed)


def cut_gzip(wire: Wire, good: LabReply, variant: str) -> None:
    packed = zlib.compress(good.body, wbits=31)
    wire.send(_head(good, {"Content-Encoding": "gzip"}) + packed[: len(packed) // 2])


def short_body(wire: Wire, good: LabReply, variant: str) -> None:
    wire.send(_head(good, {"Content-Length": str(len(good.body))}) + _half(good))


def cut_body(wire: Wire, good: LabReply, variant: str) -> None:
    wire.send(_head(good, {}) + _half(good))


def no_gzip(wire: Wire, good: LabReply, variant: str) -> None:
    length = str(len(good.body))
    wire.send(_head(good, {"Content-Encoding": "gzip", "Content-Length": length}) + good.body)


def reset_in_body(wire: Wire, good: LabReply, variant: str) -> None:
    wire.send(_head(good, {"Content-Length": str(len(good.body))}) + _half(good))
    wire.reset()


def reset_at_once(wire: Wire, good: LabReply, variant: str) -> None:
    wire.reset()


def silent_close(wire: Wire, good: LabReply, variant: str) -> None:
    """The connection ends as it should, without a byte of an answer."""


def huge_header(wire: Wire, good: LabReply, variant: str) -> None:
    length = str(len(good.body))
    wire.send(_head(good, {"X-Padding": "a" * HUGE_HEADER, "Content-Length": length}) + good.body)


@cache
def _spaces() -> tuple[bytes, int]:
    """A block of packed spaces that can be repeated, and the checksum of all of them."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(b" " * BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(BOMB // BLOCK):
        checksum = zlib.crc32(b" " * BLOCK, checksum)
    return block, checksum


def bomb(body: bytes) -> bytes:
    """`body` in gzip after BOMB bytes of spaces."""
    block, checksum = _spaces()
    packer = zlib.compressobj(9, wbits=-15)
    packed = block * (BOMB // BLOCK) + packer.compress(body) + packer.flush()
    trailer = struct.pack("<II", zlib.crc32(body, checksum), (BOMB + len(body)) & 0xFFFFFFFF)
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + packed + trailer


def _head(good: LabReply, other: Mapping[str, str]) -> bytes:
    return head(good.status, {"Content-Type": good.media_type, "Connection": "close", **other})


def _half(good: LabReply) -> bytes:
    return good.body[: len(good.body) // 2]
