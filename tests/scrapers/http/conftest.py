"""Clients and servers that are closed when a test is over."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scrapers.http import Asking, Client
from tests.scrapers.http.world import AGENT, BUDGET, HOST, Authority, Behaviour, Server, Time

Serve = Callable[..., Server]
Connect = Callable[..., Client]


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def certificate(authority: Authority) -> ssl.SSLContext:
    """Of HOST, its subdomains and another."""
    return authority.server(HOST, f"www.{HOST}", f"deep.{HOST}", "other.example.org")


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a Server."""
    started: list[Server] = []

    def start(*arguments: Any, **options: Any) -> Server:
        started.append(Server(*arguments, **options))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def connect(time: Time) -> Iterator[Connect]:
    """Makes a Client on the clock `time`, by default with no jitter and a short deadline."""
    made: list[Client] = []

    def start(lab_url: str | None = None, **options: Any) -> Client:
        usual: dict[str, Any] = {
            "clock": time.clock,
            "monotonic": time.monotonic,
            "sleep": time.sleep,
            "jitter": lambda _: 0.0,
            "deadline": 5,
        }
        made.append(Client(AGENT, lab_url, **usual | options))
        return made[-1]

    yield start
    for client in made:
        client.close()


Lab = Callable[..., tuple[Server, Asking]]


@pytest.fixture
def lab(serve: Serve, connect: Connect) -> Lab:
    """A server behind LAB_URL, and one who asks it."""

    def start(
        behave: Behaviour | bytes = b"", *, robots: Any = None, caps: Any = None, **options: Any
    ) -> tuple[Server, Asking]:
        server = serve(behave, robots) if robots is not None else serve(behave)
        client = connect(server.url, **options)
        return server, client.asking("example", BUDGET, **caps or {})

    return start


Secure = Callable[..., tuple[Server, Client]]


@pytest.fixture
def secure(
    serve: Serve, connect: Connect, certificate: ssl.SSLContext, authority: Authority
) -> Secure:
    """A server as on the open internet, with TLS, and a client that finds it under any name."""

    def start(
        behave: Behaviour | bytes = b"", *, robots: Any = None, tls: Any = None, **options: Any
    ) -> tuple[Server, Client]:
        server = serve(behave, tls=tls or certificate, **({"robots": robots} if robots else {}))
        usual: dict[str, Any] = {
            "tls": authority.trusted(),
            "resolve": lambda _host, _port: [("127.0.0.1", server.port)],
            "public": lambda address: address == "127.0.0.1",
        }
        return server, connect(**usual | options)

    return start
