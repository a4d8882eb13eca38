"""Headers: safe, cacheable, and no more of either than is true."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from app.factory import create_app
from app.web.static_files import TYPES, find, names, static_url
from tests.conftest import settings
from tests.web.browsing import opened
from tests.web.reading import CORRIDORS, Reader

PAGES = [
    "/nl/",
    "/en/send/nl/ma?pay=200",
    "/nl/send/nl/ma?pay=9000",
    "/en/price/1",
    "/nl/how-we-work",
    "/api/v1/compare?from=NL&to=MA&pay=200",
    "/api/v1/indicators?from=NL&period=2025_3Q",
]
ERRORS = ["/nl/nothing", "/nl/send/nl/ma", "/nl/send/nl/fr?pay=200", "/api/v1/compare"]
EVERY = [*PAGES, *ERRORS, "/", "/robots.txt", "/health/live", "/nl/send/NL/MA?pay=200"]
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_kept_a_minute_and_then_compared(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    etag = first.headers["ETag"]
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag
    assert client.get(path, headers={"If-None-Match": '"other"'}).data == first.data


def test_pages_that_differ_have_tags_that_differ(client: FlaskClient) -> None:
    paths = [*PAGES, *(f"/nl/send/nl/{to.lower()}?pay=200" for to in CORRIDORS)]
    assert len({client.get(path).headers["ETag"] for path in paths}) == len(paths)


@pytest.mark.parametrize("path", ERRORS)
def test_an_error_is_never_kept(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


@pytest.mark.parametrize("path", EVERY)
def test_every_answer_is_safe_and_sets_no_cookie(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers={"Cookie": "session=stolen"}).headers
    assert {name: headers[name] for name in SAFE} == SAFE
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    loads = dict(part.split(" ", 1) for part in policy.split("; "))
    assert loads["script-src"] == "'self'", "a script of ours from a file, and no other"
    assert set(loads.values()) == {"'self'", "'none'"}
    assert "unsafe" not in policy
    assert "http" not in policy
    for needed in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert needed in policy
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")
    assert "Strict-Transport-Security" not in headers


def test_a_site_on_https_keeps_browsers_there(app: Flask) -> None:
    url = app.extensions["settings"].database_url
    secure = create_app(settings(url, public_url="https://huiswaarts.example"))
    for path in ("/nl/", "/nothing", "/"):
        headers = secure.test_client().get(path).headers
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "https://huiswaarts.example/nl/" in secure.test_client().get("/nl/").text
    secure.extensions["database"].engine.dispose()


@pytest.mark.parametrize("path", EVERY)
def test_head_has_the_headers_of_get_and_no_body(client: FlaskClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.data == b""
    assert head.status_code == get.status_code
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control", "Location"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("name", sorted(names()))
def test_a_static_file_is_kept_for_ever_under_its_hash(
    app: Flask, client: FlaskClient, name: str
) -> None:
    with app.test_request_context("/nl/"):
        address = static_url(name)
    assert hashlib.sha256(find(name).body).hexdigest()[:10] in address
    with client.get(address) as response:
        assert response.data == find(name).body
        assert "immutable" in response.headers["Cache-Control"]
        assert response.mimetype == TYPES[Path(name).suffix]


NAMED_IN = {
    "receipt.js": "/nl/receipt",
    "kept.js": "/nl/offline",
    "icon-512.png": "/nl/manifest.webmanifest",
}
NAMED_NOWHERE = {"sw.js", "noto-ethiopic.woff2", "passkey.js", "sheet.css", "work.css"}
"""But at an address of its own, in the stylesheet, and at the portal and the desk."""


@pytest.mark.parametrize("name", sorted(names() - NAMED_NOWHERE))
def test_a_page_names_the_files_that_it_needs(app: Flask, client: FlaskClient, name: str) -> None:
    with app.test_request_context("/nl/"):
        address = static_url(name)
    assert address in client.get(NAMED_IN.get(name, "/nl/")).text


def test_the_stylesheet_loads_nothing_but_a_font_of_our_own(client: FlaskClient) -> None:
    css = find("site.css").body.decode()
    assert "@import" not in css
    (loaded,) = re.findall(r"url\(\s*(?!#)([^)]*)\)", css)
    assert css.index("local(") < css.index(loaded), "what the device has comes first"
    font = client.get(f"/static/{loaded.removeprefix('../')}")
    assert font.mimetype == "font/woff2"
    assert font.data.startswith(b"wOF2")
    assert "immutable" in font.headers["Cache-Control"]


def test_evidence_is_the_very_bytes_that_its_address_names(client: FlaskClient) -> None:
    for to in CORRIDORS:
        rows = client.get(f"/api/v1/compare?from=NL&to={to}&pay=200").get_json()["results"]
        for row in rows[:5]:
            sha256 = row["evidence"].removeprefix("sha256:")
            response = client.get(f"/evidence/{sha256}")
            assert hashlib.sha256(response.data).hexdigest() == sha256
            assert response.mimetype == "text/csv"
            assert response.headers["Content-Disposition"].startswith("attachment;")
            assert "immutable" in response.headers["Cache-Control"]


def test_the_price_page_links_to_its_evidence_and_spreads_it_out(client: FlaskClient) -> None:
    html = client.get("/nl/price/1").text
    link = next(link for link in Reader(html).links if link.startswith("/evidence/"))
    names, cells = csv.reader(client.get(link).text.splitlines())
    assert names[:2] == ["id", "period"]
    for name, cell in zip(names, cells, strict=True):
        assert f'<th scope="row">{name}</th><td>{cell or "<span"}' in html


def test_the_page_of_an_estimate_names_its_two_rungs_and_leads_to_both(
    client: FlaskClient,
) -> None:
    html = client.get("/en/send/nl/ma?pay=200").text
    link = next(link for link in Reader(html).links if "/price/" in link)
    page = client.get(link)
    estimated = Reader(page.text)
    rungs = {link for link in estimated.links if re.fullmatch(r"/en/price/\d+", link)}
    assert len(rungs) == 2
    assert "€140" in estimated.text
    assert "€345" in estimated.text
    shown = [client.get(rung).text for rung in sorted(rungs)]
    assert all("€140.00" in one or "€345.00" in one for one in shown)
    upper = max(rungs, key=lambda rung: int(rung.rpartition("/")[2]))
    assert client.get(f"{upper}?pay=200").status_code == 404


def test_our_font_is_one_that_browsers_read_and_that_most_never_ask_for(
    browser: Browser, site: str
) -> None:
    address = f"/static/{find('noto-ethiopic.woff2').digest}/noto-ethiopic.woff2"
    with opened(browser) as (page, watch):
        page.goto(f"{site}/nl/")
        page.locator(".langs summary").click()
        assert not any(one.endswith(".woff2") for one in watch.requests)
        load = "new FontFace('x', 'url({})').load().then(one => one.status)"
        assert page.evaluate(load.format(address)) == "loaded"
        assert watch.errors == []
