"""What each fault of transport puts on the wire, seen byte by byte."""

from __future__ import annotations

import json
import socket
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.lab.server import Lab, lab_world
from tests.lab.talking import HOST, connected, heard, message, one_reply, told
from tests.lab.transport import BOMB


@pytest.fixture
def lab() -> Iterator[Lab]:
    world = lab_world()
    world.now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    with Lab(world) as running:
        yield running


@pytest.fixture
def good(lab: Lab) -> bytes:
    return told(lab).body


def until_it_waits(sock: socket.socket) -> bytes:
    """What comes before a pause that is longer than any on this machine."""
    sock.settimeout(0.3)
    data = b""
    try:
        while part := sock.recv(1 << 16):
            data += part
    except TimeoutError:
        return data
    raise AssertionError(f"it did not wait, it ended after {len(data)} bytes")


def test_a_body_drips_at_its_pace_and_is_whole_in_the_end(lab: Lab, good: bytes) -> None:
    lab.fault(HOST, "F02", pace=60)
    with connected(lab) as sock:
        sock.sendall(message())
        head, _, body = until_it_waits(sock).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(good)}".encode() in head
    assert body == good[:1]

    lab.fault(HOST, "F02", pace=0)
    assert told(lab).body == good


def test_a_pace_is_kept(lab: Lab) -> None:
    lab.fault(HOST, "F03", pace=0.01)
    with connected(lab) as sock:
        began = time.monotonic()
        sock.sendall(message())
        data = b""
        while len(data) < 20:
            data += sock.recv(1)
    assert time.monotonic() - began > 0.19


def test_a_head_drips_before_there_is_any_body(lab: Lab, good: bytes) -> None:
    lab.fault(HOST, "F03", pace=60)
    with connected(lab) as sock:
        sock.sendall(message())
        assert until_it_waits(sock) == b"H"

    lab.fault(HOST, "F03", pace=0)
    assert told(lab).body == good


@pytest.mark.parametrize("variant", ["until close", "chunked"])
def test_a_body_without_an_end(variant: str, lab: Lab) -> None:
    lab.fault(HOST, "F04", variant)
    with connected(lab) as sock:
        sock.sendall(message())
        data = bytearray()
        while len(data) < 8_000_000:
            part = sock.recv(1 << 20)
            assert part
            data += part
    head = bytes(data[:300])
    assert b"Content-Length" not in head
    assert (b"Transfer-Encoding: chunked" in head) == (variant == "chunked")


def test_a_gzip_bomb_is_small_until_it_is_opened(lab: Lab, good: bytes) -> None:
    lab.fault(HOST, "F05")
    bomb = told(lab)
    assert bomb.headers["content-encoding"] == "gzip"
    assert len(bomb.body) < 400_000

    opened = zlib.decompressobj(wbits=31)
    size, last = 0, b""
    waiting = bomb.body
    while waiting:
        part = opened.decompress(waiting, 1 << 22)
        waiting = opened.unconsumed_tail
        size, last = size + len(part), (last + part)[-len(good) :]
    assert opened.eof
    assert size == BOMB + len(good)
    assert last == good


def test_half_a_gzip(lab: Lab, good: bytes) -> None:
    lab.fault(HOST, "F06")
    cut = told(lab)
    assert "content-length" not in cut.headers
    opened = zlib.decompressobj(wbits=31)
    begun = opened.decompress(cut.body)
    assert not opened.eof
    assert begun
    assert good.startswith(begun)


def test_half_of_the_promised_length(lab: Lab, good: bytes) -> None:
    lab.fault(HOST, "F07")
    short = told(lab)
    assert int(short.headers["content-length"]) == len(good)
    assert short.body == good[: len(good) // 2]
    assert not short.reset


def test_half_a_body_without_a_length(lab: Lab, good: bytes) -> None:
    lab.fault(HOST, "F08")
    cut = told(lab)
    assert "content-length" not in cut.headers
    assert cut.body == good[: len(good) // 2]
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut.body)


def test_gzip_that_is_none(lab: Lab, good: bytes) -> None:
    lab.fault(HOST, "F09")
    lie = told(lab)
    assert lie.headers["content-encoding"] == "gzip"
    assert lie.body == good


def test_a_reset_in_the_body(lab: Lab, good: bytes) -> None:
    lab.fault(HOST, "F10")
    cut = told(lab)
    assert cut.reset
    assert len(cut.body) < len(good)


def test_a_reset_before_an_answer(lab: Lab) -> None:
    lab.fault(HOST, "F11")
    cut = told(lab)
    assert cut.reset
    assert cut.data == b""


def test_an_end_without_an_answer(lab: Lab) -> None:
    lab.fault(HOST, "F14")
    cut = told(lab)
    assert not cut.reset
    assert cut.data == b""


def test_a_kept_connection_is_good_once(lab: Lab, good: bytes) -> None:
    lab.fault(HOST, "F15")
    for _ in range(2):
        with connected(lab) as sock:
            sock.sendall(message(keep=True))
            assert one_reply(sock).body == good
            sock.sendall(message(keep=True))
            assert heard(sock).data == b""


def test_a_header_of_two_megabytes(lab: Lab, good: bytes) -> None:
    lab.fault(HOST, "F16")
    huge = told(lab)
    assert len(huge.headers["x-padding"]) == 2 << 20
    assert huge.body == good
