"""What goes out is packed as the browser asks, and is the same when it is unpacked."""

from __future__ import annotations

import gzip

import brotli
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app.web.packing import PACKERS, SMALLEST, accepted, pack
from app.web.static_files import find, names, static_url

UNPACK = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress}
PAGE = "/en/send/nl/ma?pay=200"
BIG = ["/en/", PAGE, "/en/how-we-work", "/api/v1/compare?from=NL&to=MA&pay=200"]
ERRORS = ["/en/nothing", "/en/send/nl/ma?pay=x"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("", ""),
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP, Br", "br"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0", ""),
        ("deflate, zstd", ""),
        ("identity, br;q=0.2", ""),
        ("br;q=x", ""),
        ("\N{SNOWMAN};;;,,=", ""),
    ],
)
def test_the_best_that_the_browser_takes_is_chosen(header: str, name: str) -> None:
    assert accepted(header) == name


@given(st.text(max_size=60))
def test_no_header_breaks_the_choice(header: str) -> None:
    assert accepted(header) in UNPACK


def asked(app: Flask, path: str, name: str, **headers: str) -> TestResponse:
    """As a browser that takes this packing alone, and unpacks nothing."""
    client = FlaskClient(app, app.response_class)
    return client.get(path, headers={"Accept-Encoding": name} | headers)


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("path", [*BIG, *ERRORS])
def test_a_packed_page_is_the_page(app: Flask, path: str, name: str) -> None:
    plain, packed = asked(app, path, ""), asked(app, path, name)
    assert packed.headers["Content-Encoding"] == name
    assert UNPACK[name](packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert packed.content_length == len(packed.data)
    assert "Content-Encoding" not in plain.headers
    for one in (plain, packed):
        assert "Accept-Encoding" in one.vary


@pytest.mark.parametrize("path", BIG)
def test_each_packing_has_a_tag_of_its_own_and_is_compared_by_it(app: Flask, path: str) -> None:
    tags = {name: asked(app, path, name).headers["ETag"] for name in UNPACK}
    assert len(set(tags.values())) == len(UNPACK)
    for name, tag in tags.items():
        again = asked(app, path, name, **{"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert "Accept-Encoding" in again.vary
        other = next(one for one in UNPACK if one != name)
        assert asked(app, path, other, **{"If-None-Match": tag}).status_code == 200


def test_what_is_small_or_packed_already_stays_as_it_is(app: Flask) -> None:
    assert "Content-Encoding" not in asked(app, "/health/live", "br").headers
    for response in (
        Response("x" * (SMALLEST - 1)),
        Response("x" * 9999, mimetype="image/png"),
        Response("x" * 9999, headers={"Content-Encoding": "zstd"}),
        Response(iter(["x" * 9999])),
    ):
        before = response.headers.get("Content-Encoding")
        pack(response, "br")
        assert response.headers.get("Content-Encoding") == before
    large = Response("x" * SMALLEST)
    pack(large, "br")
    assert large.headers["Content-Encoding"] == "br"


@pytest.mark.parametrize("name", sorted(names()))
def test_a_static_file_was_packed_before(app: Flask, name: str) -> None:
    file = find(name)
    with app.test_request_context("/nl/"):
        address = static_url(name)
    assert bool(file.packed) == (not name.endswith((".png", ".woff2")))
    for encoding in UNPACK:
        response = asked(app, address, encoding)
        assert UNPACK[response.headers.get("Content-Encoding", "")](response.data) == file.body
        assert response.headers.get("Content-Encoding", "") == (encoding if file.packed else "")
        assert ("Accept-Encoding" in response.vary) == bool(file.packed)
        again = asked(app, address, encoding, **{"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
