"""Threads that share a client: who waits for whom."""

from __future__ import annotations

import socket
import threading

import pytest

from scrapers.contract import Unreachable
from tests.scrapers.http.conftest import Connect, Serve
from tests.scrapers.http.world import BUDGET, JSON, URL, Received, reply


def test_a_slow_host_blocks_only_itself(serve: Serve, connect: Connect) -> None:
    began, release = threading.Event(), threading.Event()

    def slow(received: Received, _: socket.socket) -> bytes:
        if "slow.example.org" in received.target:
            began.set()
            release.wait(5)
        return reply()

    server = serve(slow)
    client = connect(server.url)
    other = client.asking("slow", BUDGET)
    thread = threading.Thread(target=lambda: other.get("https://slow.example.org/"))
    thread.start()
    assert began.wait(5)
    assert client.asking("example", BUDGET).get(URL).body == JSON
    assert thread.is_alive()
    release.set()
    thread.join(5)
    assert len(server.asked) == 2


def test_one_request_in_flight_to_a_host(serve: Serve, connect: Connect) -> None:
    busy, most, guard = [0], [0], threading.Lock()

    def count(_: Received, __: socket.socket) -> bytes:
        with guard:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        server.stopping.wait(0.02)
        with guard:
            busy[0] -= 1
        return reply()

    server = serve(count)
    client = connect(server.url)

    def ask(number: int) -> None:
        client.asking(f"source{number}", BUDGET).get(f"{URL}/{number}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(server.asked) == 8
    assert len(server.robots_asked) == 1
    assert most == [1]


def test_closing_ends_what_is_under_way(serve: Serve, connect: Connect) -> None:
    began, held = threading.Event(), threading.Event()

    def hang(_: Received, __: socket.socket) -> None:
        began.set()
        held.wait(5)

    server = serve(hang)
    client = connect(server.url)
    caught: list[Unreachable] = []

    def ask() -> None:
        try:
            client.asking("example", BUDGET).get(URL)
        except Unreachable as error:
            caught.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert began.wait(5)
    client.close()
    thread.join(5)
    held.set()
    assert "we are closing" in str(caught[0])


def test_nothing_is_asked_after_the_end(serve: Serve, connect: Connect) -> None:
    server = serve()
    client = connect(server.url)
    http = client.asking("example", BUDGET)
    client.close()
    client.close()
    with pytest.raises(Unreachable, match="we are closing"):
        http.get(URL)
    assert server.connections == 0
