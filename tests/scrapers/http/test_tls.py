"""F13: whoever cannot prove to be the host is not asked, and there is no second way."""

from __future__ import annotations

import ssl
import warnings
from pathlib import Path

import pytest

from scrapers.contract import Trouble, Unreachable
from tests.scrapers.http.conftest import Connect, Secure, Serve
from tests.scrapers.http.world import BUDGET, HOST, JSON, URL, Authority


def old_protocol(authority: Authority) -> ssl.SSLContext:
    context = authority.server(HOST, days=29)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def test_good_certificate(secure: Secure) -> None:
    server, client = secure()
    http = client.asking("example", BUDGET)
    assert http.get(URL).body == JSON
    assert server.asked[0].headers["host"] == HOST
    assert server.asked[0].target == "/prices"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("expired", "expired"),
        ("host", "Hostname mismatch"),
        ("unknown", "self-signed certificate|unable to get local issuer"),
        ("old", "(?i)protocol|alert|version|TLS failed"),
    ],
)
def test_wrong_certificates(
    secure: Secure, authority: Authority, tmp_path: Path, wrong: str, words: str
) -> None:
    contexts = {
        "expired": lambda: authority.server(HOST, days=-1),
        "host": lambda: authority.server("wrong.example.org"),
        "unknown": lambda: Authority(tmp_path).server(HOST),
        "old": lambda: old_protocol(authority),
    }
    server, client = secure(tls=contexts[wrong]())
    http = client.asking("example", BUDGET)
    with pytest.raises(Unreachable, match=words) as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.TLS
    assert (len(server.asked), len(server.robots_asked)) == (0, 0)
    assert server.connections == 1, "there is no second try, with less care or otherwise"


def test_only_known_authorities_by_default(
    serve: Serve,
    connect: Connect,
    certificate: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
    authority: Authority,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority._folder / "ca.pem"))
    server = serve(tls=certificate)
    client = connect(
        resolve=lambda _host, _port: [("127.0.0.1", server.port)], public=lambda _: True
    )
    with pytest.raises(Unreachable) as caught:
        client.asking("example", BUDGET).get(URL)
    assert caught.value.trouble is Trouble.TLS


def test_plain_text_where_tls_should_be(serve: Serve, connect: Connect) -> None:
    server = serve()
    client = connect(
        resolve=lambda _host, _port: [("127.0.0.1", server.port)], public=lambda _: True
    )
    with pytest.raises(Unreachable):
        client.asking("example", BUDGET).get(URL)
    assert server.asked == []


def test_hosts_at_one_address_do_not_share_a_connection(secure: Secure) -> None:
    """Nor a certificate: each proves to be who it is."""
    server, client = secure()
    http = client.asking("example", BUDGET)
    http.get(URL)
    http.get("https://other.example.org/")
    assert server.connections == 2
    with pytest.raises(Unreachable) as caught:
        http.get("https://unnamed.example.org/")
    assert caught.value.trouble is Trouble.TLS
