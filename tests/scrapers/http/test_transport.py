"""What the wire can do to us. Numbers like F02 are those of the list of faults in docs."""

from __future__ import annotations

import contextlib
import socket
import threading
import time as real
import tracemalloc
import zlib

import pytest

from scrapers.contract import Trouble, Unreachable, Unreadable
from tests.scrapers.http.conftest import Connect, Lab, Serve
from tests.scrapers.http.world import (
    BUDGET,
    JSON,
    URL,
    Behaviour,
    Received,
    Server,
    gzipped,
    in_turn,
    raw,
    reply,
    reset,
    unmeasured,
)

SHORT = 0.6
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def test_good_answers(lab: Lab) -> None:
    server, http = lab()
    assert http.get(URL).body == JSON
    assert (http.requests, len(http.exchanges), http.waiting) == (2, 2, None)
    assert [one.target for one in server.asked] == ["/__as/api.example.org/prices"]
    assert server.asked[0].headers["user-agent"].startswith("HuiswaartsBot/1.0 (+https://")
    assert server.asked[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    "answer",
    [
        reply(gzipped(JSON), content_encoding="gzip"),
        reply(gzipped(JSON), content_encoding="X-GZip"),
        reply(gzipped(JSON[:5]) + gzipped(JSON[5:]), content_encoding="gzip"),
        reply(content_encoding="identity"),
        HEAD
        + b"transfer-encoding: chunked\r\n\r\n5\r\n"
        + JSON[:5]
        + b"\r\n8\r\n"
        + JSON[5:]
        + b"\r\n0\r\n\r\n",
        unmeasured(JSON),
    ],
)
def test_every_honest_way_to_say_it(lab: Lab, answer: bytes) -> None:
    _, http = lab(answer)
    assert http.get(URL).body == JSON


@pytest.mark.parametrize("where", ["headers", "body", "status line"])
def test_dripping(lab: Lab, where: str) -> None:
    """F02, F03: each byte comes soon, the whole never does."""
    server, http = lab(deadline=SHORT)

    def drip(_: Received, connection: socket.socket) -> None:
        head = {"headers": HEAD, "body": HEAD + b"content-length: 999\r\n\r\n"}
        connection.sendall(head.get(where, b"HTTP/1.1 200 "))
        server.drip(connection, b"x" * 999)

    server.behave = drip
    began = real.monotonic()
    with pytest.raises(Unreachable, match="no whole answer in good time") as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.TIMEOUT
    assert SHORT * 0.9 < real.monotonic() - began < SHORT * 4
    assert len(server.asked) == 1


@pytest.mark.parametrize("callers", [0, 3])
def test_nobody_at_the_other_end(connect: Connect, callers: int) -> None:
    """F01: a server that never says a word of TLS, and one whose queue is full, so that not even
    the connection comes about."""
    with contextlib.ExitStack() as opened:
        quiet = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(callers):
            caller = opened.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(quiet.getsockname())
        client = connect(
            deadline=SHORT,
            resolve=lambda _host, _port: [quiet.getsockname()],
            public=lambda _: True,
        )
        began = real.monotonic()
        with pytest.raises(Unreachable, match="no connection in good time") as caught:
            client.asking("example", BUDGET).get(URL)
        assert caught.value.trouble is Trouble.TIMEOUT
        assert real.monotonic() - began < SHORT * 4


def test_a_server_that_says_nothing(lab: Lab) -> None:
    held = threading.Event()

    def silent(_: Received, __: socket.socket) -> None:
        held.wait(5)

    _, http = lab(silent, deadline=SHORT)
    with pytest.raises(Unreachable, match="in good time"):
        http.post(URL, json={"text": "x" * 30_000})
    held.set()


def test_deadline_is_for_all_hops_together(lab: Lab) -> None:
    server, http = lab(deadline=SHORT)

    def slow(received: Received, connection: socket.socket) -> bytes:
        server.stopping.wait(SHORT * 0.4)
        onward = f"/hop{len(server.asked)}"
        return reply(b"", "302 Found", location=onward) if len(server.asked) < 4 else reply()

    server.behave = slow
    began = real.monotonic()
    with pytest.raises(Unreachable) as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.TIMEOUT
    assert real.monotonic() - began < SHORT * 2


def test_endless_body(lab: Lab) -> None:
    """F04: no more is taken than is allowed."""
    sent: list[int] = []

    def pour(_: Received, connection: socket.socket) -> None:
        connection.sendall(HEAD + b"\r\n")
        with contextlib.suppress(OSError):
            while len(sent) < 1000:
                connection.sendall(b" " * 65536)
                sent.append(65536)

    _, http = lab(pour)
    with pytest.raises(Unreadable, match=r"more than 2,000,000 bytes") as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.TOO_LARGE
    assert sum(sent) < 20_000_000


def test_announced_too_large(lab: Lab) -> None:
    server, http = lab(raw(HEAD + b"content-length: 2000001\r\n\r\n"), deadline=SHORT)
    with pytest.raises(Unreadable, match="more than 2,000,000 bytes"):
        http.get(URL)
    assert len(server.asked) == 1


@pytest.mark.parametrize("pad", [0, 1])
def test_limits_are_exact(lab: Lab, pad: int) -> None:
    caps = {"most_wire": 1000, "most_decoded": 1000}
    _, http = lab(reply(b"x" * (1000 + pad)), caps=caps)
    if not pad:
        assert len(http.get(URL).body) == 1000
        return
    with pytest.raises(Unreadable, match="more than 1,000 bytes"):
        http.get(URL)


def test_source_may_declare_more(lab: Lab) -> None:
    body = b" " * 3_000_000
    _, http = lab(reply(body), caps={"most_wire": 4_000_000})
    assert http.get(URL).body == body


def test_gzip_bomb(lab: Lab) -> None:
    """F05: 200 MB in 200 kB are not unpacked."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(200)), packer.flush()])
    assert len(bomb) < 2_000_000
    _, http = lab(reply(bomb, content_encoding="gzip"))
    tracemalloc.start()
    with pytest.raises(Unreadable, match="more than 5,000,000 bytes") as caught:
        http.get(URL)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.trouble is Trouble.TOO_LARGE
    assert peak < 30_000_000
    assert len(http.exchanges[-1].body) == 64 * 1024


@pytest.mark.parametrize(
    ("body", "encoding", "words"),
    [
        (gzipped(JSON * 50)[:-20], "gzip", "ends in the middle"),  # F06
        (gzipped(JSON)[:-1], "gzip", "ends in the middle"),
        (gzipped(JSON)[:9], "gzip", "ends in the middle"),
        (JSON, "gzip", "not the gzip it says"),  # F09
        (gzipped(JSON) + b"more", "gzip", "not the gzip it says"),
        (gzipped(JSON)[:-8] + b"\0" * 8, "gzip", "not the gzip it says"),
        (JSON, "br", "encoded as 'br'"),
        (gzipped(gzipped(JSON)), "gzip, gzip", "encoded as 'gzip, gzip'"),
    ],
)
def test_broken_encodings(lab: Lab, body: bytes, encoding: str, words: str) -> None:
    _, http = lab(unmeasured(body, content_encoding=encoding))
    with pytest.raises(Unreachable, match=words) as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.BROKEN_REPLY


SHORTER = raw(HEAD + b"content-length: 100\r\n\r\nshort")
CHUNKS = raw(HEAD + b"transfer-encoding: chunked\r\n\r\n5\r\nshort\r\n")


@pytest.mark.parametrize("broken", [SHORTER, CHUNKS, raw(b""), reset])
def test_broken_off_is_asked_again_once(lab: Lab, broken: Behaviour) -> None:
    """F07, F10, F15."""
    server, http = lab(in_turn(broken, reply()))
    assert http.get(URL).body == JSON
    assert len(server.asked) == 2
    assert [bool(one.failed) for one in http.exchanges] == [False, True, False]


@pytest.mark.parametrize("broken", [SHORTER, CHUNKS, raw(b""), reset])
def test_broken_off_twice_is_a_failure(lab: Lab, broken: Behaviour) -> None:
    """However many second tries are saved up."""
    server, http = lab()
    for number in range(30):
        http.get(f"{URL}/{number}")
    server.asked.clear()
    server.behave = broken
    with pytest.raises(Unreachable) as caught:
        http.get(URL)
    assert caught.value.trouble in (Trouble.BROKEN_REPLY, Trouble.CONNECTION)
    assert len(server.asked) == 2


@pytest.mark.parametrize(("broken", "times"), [(raw(b""), 2), (SHORTER, 1), (reset, 1)])
def test_post_is_asked_again_only_if_no_answer_began(
    lab: Lab, broken: Behaviour, times: int
) -> None:
    server, http = lab(in_turn(broken, reply()))
    if times == 2:
        assert http.post(URL, json={}).body == JSON
    else:
        with pytest.raises(Unreachable):
            http.post(URL, json={})
    assert len(server.asked) == times


def test_stale_connection(lab: Lab) -> None:
    """F15: the server hangs up after its answer, without a word."""

    def once(_: Received, connection: socket.socket) -> None:
        connection.sendall(reply())

    server, http = lab(once)
    for number in range(3):
        assert http.get(f"{URL}/{number}").body == JSON
    assert len(server.asked) == 3


def test_connections_are_kept(lab: Lab) -> None:
    server, http = lab()
    for number in range(3):
        http.get(f"{URL}/{number}")
    assert server.connections == 1


def test_short_without_a_length_is_for_the_reader_to_see(lab: Lab) -> None:
    """F08: no check of the transport can."""
    _, http = lab(unmeasured(JSON[:5]))
    assert http.get(URL).body == JSON[:5]


def test_connection_refused(connect: Connect) -> None:
    """F11."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    http = connect(f"http://127.0.0.1:{port}").asking("example", BUDGET)
    with pytest.raises(Unreachable, match="cannot be connected to") as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.CONNECTION


def test_no_such_name(connect: Connect) -> None:
    """F12."""

    def resolve(_host: str, _port: int) -> list[tuple[str, int]]:
        raise socket.gaierror(-2, "Name or service not known")

    http = connect(resolve=resolve).asking("example", BUDGET)
    with pytest.raises(Unreachable, match=r"no such host .*not known") as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.DNS
    assert http.exchanges[0].status is None
    assert "no such host" in http.exchanges[0].failed


def test_a_look_up_that_never_ends(connect: Connect) -> None:
    held = threading.Event()

    def resolve(_host: str, _port: int) -> list[tuple[str, int]]:
        held.wait(5)
        return []

    http = connect(resolve=resolve, deadline=SHORT).asking("example", BUDGET)
    with pytest.raises(Unreachable, match="in good time"):
        http.get(URL)
    held.set()


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"x-long: " + b"x" * 2_000_000 + b"\r\n\r\n",  # F16
        b"220 mail.example.org ESMTP\r\n",
        HEAD + b"content-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        HEAD + b"content-length: -5\r\n\r\nhello",
        HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        b"HTTP/1.1 999999 What\r\n\r\n",
    ],
)
def test_no_http(lab: Lab, answer: bytes) -> None:
    _, http = lab(raw(answer))
    with pytest.raises(Unreachable) as caught:
        http.get(URL)
    assert caught.value.trouble in (Trouble.BROKEN_REPLY, Trouble.CONNECTION)


def test_proxies_of_the_environment_are_not_used(
    lab: Lab, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F19."""
    proxy: Server = serve()
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    _, http = lab()
    http.get(URL)
    assert proxy.connections == 0
