"""What search engines and sites that show a link are told: true, whole, and without a price."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel import Locale
from defusedxml import ElementTree
from flask import Flask
from flask.testing import FlaskClient
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser

from app.domain.countries import PAYOUT_CURRENCY
from app.web import social
from app.web.locale import LANGUAGES
from tests.web.browsing import opened
from tests.web.living import living
from tests.web.reading import CORRIDORS

SITE = "http://127.0.0.1:8000"
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LIST = "/en/send/nl/ma?pay=200"
PAGES = ["/en/", LIST, "/en/price/1", "/en/provider/wise", "/en/country/ma", "/en/how-we-work"]


def head(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.text.partition("</head>")[0]


def meta(html: str, name: str) -> str:
    found = re.search(rf'<meta (?:name|property)="{re.escape(name)}" content="([^"]*)">', html)
    assert found, name
    return unescape(found[1])


def structured(html: str) -> dict[str, object]:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    said: dict[str, object] = json.loads(found)
    return said


def canonical(html: str) -> str:
    (found,) = re.findall(r'<link rel="canonical" href="([^"]*)">', html)
    return unescape(str(found))


@pytest.mark.parametrize(
    ("path", "one"),
    [
        (LIST, LIST),
        (LIST + "&first=fast", LIST),
        (LIST + "&utm_source=x&first=safe", LIST),
        ("/en/send/nl/sr?pay=200&currency=USD", "/en/send/nl/sr?pay=200&currency=USD"),
        ("/en/send/nl/ma?receive=2000", "/en/send/nl/ma?receive=2000"),
        ("/en/?gclid=1", "/en/"),
        ("/en/how-we-work?x=y", "/en/how-we-work"),
    ],
)
def test_a_page_has_one_address_in_each_language(client: FlaskClient, path: str, one: str) -> None:
    html = head(client, path)
    assert canonical(html) == SITE + one
    others = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html))
    assert set(others) == {*LANGUAGES, "x-default"}
    for lang in LANGUAGES:
        assert unescape(others[lang]) == SITE + one.replace("/en/", f"/{lang}/", 1)
    assert others["x-default"] == others["en"]


@pytest.mark.parametrize("path", PAGES)
def test_what_is_told_of_a_page_is_what_stands_on_it(client: FlaskClient, path: str) -> None:
    html = head(client, path)
    title = unescape(re.findall(r"<title>(.*) · Huiswaarts</title>", html)[0])
    assert meta(html, "og:title") == title
    assert meta(html, "og:description") == meta(html, "description")
    assert meta(html, "og:url") == canonical(html)
    assert meta(html, "og:locale") == "en_GB"
    said = structured(html)
    assert said["@context"] == "https://schema.org"
    if path == "/en/":
        assert said["@type"] == "WebSite"
        assert said["url"] == f"{SITE}/en/"
    else:
        assert said["@type"] == "BreadcrumbList"
        steps = said["itemListElement"]
        assert isinstance(steps, list)
        assert [step["position"] for step in steps] == [1, 2]
        assert [step["item"] for step in steps] == [f"{SITE}/en/", canonical(html)]
        assert steps[1]["name"] == title


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_told_that_nobody_measured(client: FlaskClient, path: str) -> None:
    told = json.dumps(structured(head(client, path)))
    for word in ("Rating", "Review", "Offer", "price", "Product", "FAQ"):
        assert f'"@type": "{word}' not in told
        assert word == "price" or word not in told


def test_what_somebody_types_cannot_end_the_script(client: FlaskClient) -> None:
    bad = "</script><script>alert(1)</script>"
    html = client.get("/en/send/nl/ma", query_string={"pay": "200", "from": bad}).text
    assert "<script>alert" not in html
    assert structured(html.partition("</head>")[0])


def test_an_error_tells_nothing(client: FlaskClient) -> None:
    html = client.get("/en/nothing").text
    for part in ("canonical", 'hreflang="x-default"', "og:", "ld+json"):
        assert part not in html.partition("</head>")[0]


def test_a_browser_takes_what_is_told_without_complaint(browser: Browser, site: str) -> None:
    """The content policy lets no script run but our own files; what is told is data."""
    with opened(browser) as (page, watch):
        page.goto(f"{site}{LIST}")
        assert page.locator("script[type='application/ld+json']").count() == 1
        assert watch.errors == []


def locations(client: FlaskClient, path: str) -> list[str]:
    response = client.get(path)
    assert response.mimetype == "application/xml"
    root = ElementTree.fromstring(response.data)
    found = [one.text or "" for one in root.iter(f"{SITEMAPS}loc")]
    assert all(address.startswith(f"{SITE}/") for address in found)
    return [address.removeprefix(SITE) for address in found]


def test_the_map_has_a_map_of_each_language(client: FlaskClient) -> None:
    assert locations(client, "/sitemap.xml") == [f"/{lang}/sitemap.xml" for lang in LANGUAGES]


def test_every_page_on_the_map_is_there_under_its_one_address(client: FlaskClient) -> None:
    pages = locations(client, "/en/sitemap.xml")
    assert len(pages) == len(set(pages)) > 60
    for to in CORRIDORS:
        assert f"/en/send/nl/{to.lower()}?pay=200" in pages
    kinds: dict[str, list[str]] = {}
    for page in pages:
        kinds.setdefault("/".join(page.split("?")[0].split("/")[:3]), []).append(page)
    assert {"/en/send", "/en/provider", "/en/country", "/en/history", "/en/"} <= set(kinds)
    for some in kinds.values():
        for page in (*some[:2], some[-1]):
            assert canonical(head(client, page)) == SITE + page


def test_the_maps_of_all_languages_are_of_the_same_pages(client: FlaskClient) -> None:
    known = [locations(client, f"/{lang}/sitemap.xml") for lang in LANGUAGES]
    written = re.compile("/(guides|news|initiatives)/")  # listed where there is a translation
    bare = [[page[3:] for page in pages if not written.search(page)] for pages in known]
    assert len({tuple(sorted(pages)) for pages in bare}) == 1


def allowed(rules: str, path: str) -> bool:
    """As search engines read a Disallow line with stars in it."""
    lines = re.findall(r"^Disallow: (.+)$", rules, re.MULTILINE)
    return not any(re.match(re.escape(one).replace(r"\*", ".*"), path) for one in lines)


def test_robots_are_led_to_the_map_and_away_from_what_is_no_page(client: FlaskClient) -> None:
    rules = client.get("/robots.txt").text
    assert f"Sitemap: {SITE}/sitemap.xml" in rules
    for page in (*locations(client, "/nl/sitemap.xml"), "/social/nl/nl-ma.png", "/sitemap.xml"):
        assert allowed(rules, page), page
    for page in (
        "/nl/send?side=pay",
        "/go/1",
        "/nl/send/nl/ma?pay=200&by=cash",
        "/nl/send/nl/ma?pay=200&first=fast",
        f"/evidence/{'0' * 64}",
    ):
        assert not allowed(rules, page), page


def test_made_up_prices_are_not_to_be_found(templates: dict[str, str], tmp_path: Path) -> None:
    with living(templates, tmp_path, lab_url="http://127.0.0.1:9") as made:
        rules = made.client.get("/robots.txt").text
    assert not allowed(rules, "/")
    assert "Sitemap" not in rules


def size(png: bytes) -> tuple[int, ...]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize("path", ["/en/", LIST, "/en/price/1", "/ar/send/nl/sr?pay=200"])
def test_a_page_has_a_picture_in_its_language(client: FlaskClient, path: str) -> None:
    html = head(client, path)
    address = meta(html, "og:image").removeprefix(SITE)
    assert address.startswith(f"/social/{path[1:3]}/")
    assert address.endswith("site.png") == (path == "/en/")
    response = client.get(address)
    assert response.mimetype == "image/png"
    assert size(response.data) == (1200, 630)
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    shown = (meta(html, "og:image:width"), meta(html, "og:image:height"))
    assert shown == ("1200", "630")


def test_pictures_differ_by_language_and_country(client: FlaskClient) -> None:
    paths = ["nl/nl-ma", "ar/nl-ma", "nl/nl-sr", "nl/site", "ar/site"]
    assert len({client.get(f"/social/{path}.png").data for path in paths}) == len(paths)


@pytest.mark.parametrize(
    "name", ["nl-zz.png", "nl-fr.png", "NL-MA.png", "nl-ma.svg", "x", "....png"]
)
def test_there_is_no_picture_of_what_is_not_there(client: FlaskClient, name: str) -> None:
    assert client.get(f"/social/nl/{name}").status_code == 404


def test_no_price_is_on_a_picture(app: Flask) -> None:
    for lang in LANGUAGES:
        with app.test_request_context(f"/{lang}/"):
            words = re.sub(r"<[^>]*>", "", social.drawing("NL", "MA"))
        assert not re.search(r"\d|€|EUR|%", words)


def fonts(weight: str) -> Iterator[TTFont]:
    for family in ("NotoSans", "NotoSansArabic", "NotoSansEthiopic"):
        yield TTFont(social.FONTS / f"{family}-{weight}.ttf")


@pytest.mark.parametrize("weight", ["Bold", "Regular"])
def test_the_fonts_have_every_letter_and_every_name_fits(app: Flask, weight: str) -> None:
    widths: dict[str, float] = {}
    for font in fonts(weight):
        for code, glyph in font.getBestCmap().items():
            widths.setdefault(chr(code), font["hmtx"][glyph][0] / font["head"].unitsPerEm)
    for lang in LANGUAGES:
        names = Locale(lang).territories
        for code in PAYOUT_CURRENCY:
            name = names.get(code, code)
            assert set(name) <= set(widths), (lang, name)
            drawn = sum(widths[sign] for sign in name) * social.size_of(name)
            joined = 1.08 if lang in ("ar", "fa") else 1  # letters that join are narrower
            assert drawn <= social.ROOM * joined, (lang, name)
        with app.test_request_context(f"/{lang}/"):
            lines = re.findall(r'font-size="36">([^<]*)<', social.drawing("NL", "MA"))
        assert 1 < len(lines) <= 3, lang
        for line in lines:
            plain = unescape(line).strip("\u202b\u202c")
            assert set(plain) <= set(widths), (lang, plain)
            if weight == "Regular":
                assert sum(widths[sign] for sign in plain) * social.LINE <= social.ROOM


def test_the_fonts_say_whose_they_are() -> None:
    licence = (social.FONTS / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    files = [*social.FONTS.glob("*.ttf"), social.FONTS.parent / "static" / "noto-ethiopic.woff2"]
    assert len(files) == 7
    for file in files:
        names = TTFont(file)["name"]
        assert "Google" in str(names.getDebugName(0))
        assert "SIL Open Font License" in str(names.getDebugName(13))


def test_the_site_s_address_is_that_of_its_settings(client: FlaskClient) -> None:
    html = client.get("/en/", base_url="http://evil.example").text
    for name in ("og:url", "og:image"):
        assert urlsplit(meta(html, name)).netloc == "127.0.0.1:8000"
    assert "evil.example" not in html
