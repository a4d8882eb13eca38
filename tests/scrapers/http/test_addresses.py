"""Where a request may go: only to the open internet, only where it was looked, only by https."""

from __future__ import annotations

import socket
import ssl

import pytest

from scrapers.client.addresses import Ways, is_public, same_site
from scrapers.contract import Refused, SourceError, Trouble
from tests.scrapers.http.conftest import Connect, Lab, Secure, Serve
from tests.scrapers.http.world import BUDGET, HOST, JSON, URL, in_turn, reply

SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",  # noqa: S104
    "127.255.255.254",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "0xa9fea9fe",
    "198.18.0.1",
    "224.0.0.1",
    "192.88.99.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::a9fe:a9fe]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::1]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fc00::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "localhost",
    "localhost.",
]
"""Hosts that are this machine, its network or a cloud's own metadata."""


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_leads_inside(connect: Connect, host: str) -> None:
    """The machine's own look-up is asked what each means; not one is connected to."""
    http = connect().asking("example", BUDGET)
    with pytest.raises(SourceError, match=r"not on the public internet|no such host") as caught:
        http.get(f"https://{host}/latest/meta-data")
    assert caught.value.trouble in (Trouble.PRIVATE_ADDRESS, Trouble.DNS)


def test_most_spellings_are_understood() -> None:
    """So that the test above is about addresses, not about names that nobody knows."""
    assert sum(_resolves(host.strip("[]")) for host in SPELLINGS) >= 28


def _resolves(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, 443))
    except OSError:
        return False


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "104.16.1.1", "192.0.66.2", "2606:4700::6810:1", "2a00:1450::1"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address", ["", "name", "64:ff9b::808:808", "2002:808:808::", "::ffff:8.8.8.8", "1.2.3"]
)
def test_addresses_that_may_hide_another(address: str) -> None:
    assert not is_public(address)


def test_one_hidden_address_spoils_all(connect: Connect) -> None:
    both = [("93.184.215.14", 443), ("10.0.0.1", 443)]
    http = connect(resolve=lambda _host, _port: both).asking("example", BUDGET)
    with pytest.raises(Refused, match=r"leads to 10\.0\.0\.1") as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.PRIVATE_ADDRESS
    assert http.exchanges[0].failed.endswith("not on the public internet")


def test_rebinding(secure: Secure, serve: Serve, certificate: ssl.SSLContext) -> None:
    """The second look-up of a name leads elsewhere: a connection goes where was looked, and
    what was checked once is checked again."""
    inside = serve(tls=certificate)
    answers: list[list[tuple[str, int]]] = []
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[tuple[str, int]]:
        asked.append(host)
        return answers.pop(0)

    server, client = secure(resolve=resolve)
    http = client.asking("example", BUDGET)
    good, bad = [("127.0.0.1", server.port)], [("10.0.0.1", inside.port)]
    answers += [good, good, bad]
    assert http.get(URL).body == JSON
    assert asked == [HOST, HOST]
    with pytest.raises(Refused, match=r"leads to 10\.0\.0\.1"):
        http.get(f"{URL}/again")
    assert (len(server.asked), inside.connections) == (1, 0)


def test_next_address_if_one_is_dead(secure: Secure) -> None:
    addresses = [("127.0.0.1", 1)]
    server, client = secure(resolve=lambda _host, _port: addresses)
    addresses.append(("127.0.0.1", server.port))
    assert client.asking("example", BUDGET).get(URL).body == JSON


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        (f"http://{HOST}/", Trouble.TLS),
        (f"https://{HOST}:8443/", Trouble.PRIVATE_ADDRESS),
        (f"https://user:word@{HOST}/", Trouble.PRIVATE_ADDRESS),
        (f"https://{HOST}@127.0.0.1/", Trouble.PRIVATE_ADDRESS),
        (f"https://{HOST}\\@127.0.0.1/", Trouble.PRIVATE_ADDRESS),
        (f"https://{HOST}/a b", Trouble.PRIVATE_ADDRESS),
        (f"https://{HOST}/\r\nx: y", Trouble.PRIVATE_ADDRESS),
        ("https:///path", Trouble.PRIVATE_ADDRESS),
        ("https://[::1/", Trouble.PRIVATE_ADDRESS),
        (f"https://{HOST}:99999/", Trouble.PRIVATE_ADDRESS),
        ("file:///etc/passwd", Trouble.PRIVATE_ADDRESS),
        ("//example.org/", Trouble.PRIVATE_ADDRESS),
        ("https://пример.example/", Trouble.PRIVATE_ADDRESS),
    ],
)
def test_addresses_that_are_not_asked(connect: Connect, url: str, trouble: Trouble) -> None:
    http = connect().asking("example", BUDGET)
    with pytest.raises(Refused) as caught:
        http.get(url)
    assert caught.value.trouble is trouble
    assert http.requests == 0
    assert "word" not in str(caught.value)


@pytest.mark.parametrize(
    ("first", "onward", "same"),
    [
        ("https://example.org/", "https://example.org/x", True),
        ("https://example.org/", "https://www.example.org/", True),
        ("https://www.example.org/", "https://example.org/", True),
        ("https://www.example.org/", "https://api.example.org/", True),
        ("https://api.example.org/", "https://eu.api.example.org/", True),
        ("https://api.example.org/", "https://example.org/", False),
        ("https://api.example.org/", "https://www.example.org/", False),
        ("https://example.org/", "https://example.org.evil.example/", False),
        ("https://example.org/", "https://notexample.org/", False),
        ("https://example.org/", "http://example.org/", False),
        ("https://www.org/", "https://evil.org/", False),
        ("https://10.0.0.1/", "https://1.10.0.0.1/", False),
    ],
)
def test_same_site(first: str, onward: str, same: bool) -> None:
    assert same_site(first, onward) is same


@pytest.mark.parametrize("lab", ["http://127.0.0.1:8999", "http://127.0.0.1:8999/"])
def test_ways_to_the_lab(lab: str) -> None:
    ways = Ways(lab)
    way = ways.to("https://api.example.org/a%20b?x=1&y=é#part")
    assert (way.scheme, way.host, way.port, way.checked) == ("http", "127.0.0.1", 8999, False)
    assert way.target == "/__as/api.example.org/a%20b?x=1&y=%C3%A9"
    for location in (
        "/next?q",
        "https://api.example.org/next?q",
        "http://127.0.0.1:8999/__as/api.example.org/next?q",
        "/__as/api.example.org/next?q",
    ):
        assert ways.onward(way.url, location) == "https://api.example.org/next?q"


def test_redirects_in_the_house(lab: Lab) -> None:
    server, http = lab(
        in_turn(
            reply(b"", "301 Moved Permanently", location="/b?x=%20"),
            reply(b"", "302 Found", location=f"https://{HOST}/c"),
            reply(b"", "307 Temporary Redirect", location=f"https://deep.{HOST}/d"),
            reply(),
        )
    )
    answer = http.get(URL, headers={"Authorization": "Bearer secret"})
    assert (answer.body, answer.url) == (JSON, URL)
    assert [one.target.removeprefix("/__as/") for one in server.asked] == [
        f"{HOST}/prices",
        f"{HOST}/b?x=%20",
        f"{HOST}/c",
        f"deep.{HOST}/d",
    ]
    assert ["authorization" in one.headers for one in server.asked] == [True, True, True, False]
    assert len(server.robots_asked) == 2, "each host has its own rules"


@pytest.mark.parametrize(
    "location",
    [
        "https://other.example.org/",
        "http://127.0.0.1/secret",
        "http://169.254.169.254/latest/meta-data",
        f"http://{HOST}/",
        "//evil.example/",
        f"https://{HOST}.evil.example/",
        "https://[::1/",
        "javascript:alert(1)",
    ],
)
def test_redirects_out_of_the_house(lab: Lab, location: str) -> None:
    """F18."""
    server, http = lab(reply(b"", "302 Found", location=location))
    with pytest.raises(Refused, match="redirected to") as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.REDIRECTED
    assert len(server.asked) == 1
    assert http.requests == 2


def test_redirect_to_a_name_that_leads_inside(secure: Secure) -> None:
    away = reply(b"", "302 Found", location=f"https://deep.{HOST}/")

    def resolve(host: str, _port: int) -> list[tuple[str, int]]:
        return [("127.0.0.1", ports[0])] if host == HOST else [("169.254.169.254", 443)]

    server, client = secure(away, resolve=resolve)
    ports = [server.port]
    with pytest.raises(Refused, match=r"leads to 169\.254\.169\.254") as caught:
        client.asking("example", BUDGET).get(URL)
    assert caught.value.trouble is Trouble.PRIVATE_ADDRESS
    assert len(server.asked) == 1


def test_redirect_loop(lab: Lab) -> None:
    """F17."""
    server, http = lab(reply(b"", "302 Found", location="/prices"))
    with pytest.raises(Refused, match="which is not followed") as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.REDIRECTED
    assert len(server.asked) == 4
    assert http.exchanges[-1].failed == str(caught.value)


@pytest.mark.parametrize("status", ["302 Found", "307 Temporary Redirect", "308 Permanent"])
def test_a_post_is_never_redirected(lab: Lab, status: str) -> None:
    server, http = lab(reply(b"", status, location="/elsewhere"))
    with pytest.raises(Refused) as caught:
        http.post(URL, json={})
    assert caught.value.trouble is Trouble.REDIRECTED
    assert len(server.asked) == 1
