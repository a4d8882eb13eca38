"""Without a connection the last comparisons are still there, and say of themselves that they are
copies; with one, nothing but the site itself is shown."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Error, Page, expect

from app.web.locale import LANGUAGES
from tests.web.browsing import opened

LIST = "/en/send/nl/sr?pay=200"
HOME = "/en/"
KEPT = """async () => {
    const pages = await caches.open('pages-1')
    return (await pages.keys()).map(one => new URL(one.url).pathname + new URL(one.url).search)
}"""
LOOK = """async (address) => {
    const answer = await fetch(address, {headers: {Accept: 'text/html'}})
    await answer.text()
    return answer.status
}"""
STYLED = "getComputedStyle(document.body).display === 'flex'"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with opened(browser) as (made, _watch):
        yield made


def kept(page: Page, *wanted: str) -> list[str]:
    """The addresses of all copies, once these are among them."""
    page.wait_for_function(
        f"async (wanted) => {{ const all = await ({KEPT})();"
        " return wanted.every(one => all.includes(one)) }",
        arg=list(wanted),
    )
    found: list[str] = page.evaluate(KEPT)
    return found


def visit(page: Page, site: str, *paths: str) -> None:
    """Each of these pages, of which each is kept."""
    for path in paths:
        page.goto(site + path)
        kept(page, path)


def test_a_list_that_was_seen_once_is_there_without_a_connection(page: Page, site: str) -> None:
    visit(page, site, LIST)
    firms = page.locator(".result").count()
    expect(page.locator(".offline")).to_be_hidden()
    page.context.set_offline(True)
    page.reload()
    assert page.locator(".result").count() == firms > 4
    assert page.url == site + LIST
    expect(page.locator("body[data-offline] .offline")).to_be_in_viewport(ratio=1)
    page.mouse.wheel(0, 3000)
    expect(page.locator(".offline")).to_be_in_viewport(ratio=1)
    assert page.evaluate(STYLED), "its stylesheet was kept too"
    page.context.set_offline(False)
    page.reload()
    assert page.locator(".result").count() == firms
    expect(page.locator(".offline")).to_be_hidden()


@pytest.mark.parametrize("never", ["/en/send/nl/tr?pay=200", "/en/receipt", "/nl/", "/"])
def test_what_was_never_seen_leads_to_what_there_is(page: Page, site: str, never: str) -> None:
    visit(page, site, HOME, LIST)
    kept(page, "/en/offline", HOME, LIST)
    page.context.set_offline(True)
    page.goto(site + never)
    assert "There is no connection" in page.locator("h1").inner_text()
    links = page.locator("#kept a")
    expect(links).to_have_count(2)
    links.first.click()
    assert page.url == site + LIST
    expect(page.locator(".offline")).to_be_visible()


def test_forms_and_links_lead_on_as_they_do_without_it(page: Page, site: str) -> None:
    visit(page, site, HOME)
    page.reload()
    page.goto(f"{site}/en/send?side=pay&amount=200&from=NL&to=SR")
    assert page.url == site + LIST
    page.goto(f"{site}/en/send/NL/SR?pay=200")
    assert page.url == site + LIST
    page.go_back()
    kept(page, HOME, LIST)
    assert page.evaluate("!!navigator.serviceWorker.controller")


def test_a_script_never_gets_a_copy(page: Page, site: str) -> None:
    """It would show it without a word of its age."""
    visit(page, site, HOME, LIST)
    assert page.evaluate(LOOK, LIST) == 200
    page.context.set_offline(True)
    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate(LOOK, f"{LIST}&first=fast")
    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate("fetch(location, {cache: 'no-store'})")


def test_the_last_ten_lists_and_prices_are_kept_and_nothing_else(page: Page, site: str) -> None:
    visit(page, site, HOME)
    page.reload()
    lists = [f"/en/send/nl/sr?pay={amount}" for amount in range(200, 212)]
    for path in ("/en/nothing", "/en/send/nl/sr?pay=x", "/en/complain", "/en/bot", *lists):
        page.evaluate(LOOK, path)
    wanted = [HOME, "/en/offline", *lists[2:]]
    assert sorted(kept(page, *wanted)) == sorted(wanted)
    page.evaluate(LOOK, lists[2])
    page.evaluate(LOOK, "/en/price/1")
    left = kept(page, HOME, "/en/price/1")
    page.wait_for_function(f"async (gone) => !(await ({KEPT})()).includes(gone)", arg=lists[3])
    assert lists[2] in left, "what was seen again last goes last"


def test_without_scripts_nothing_is_kept_and_all_works(browser: Browser, site: str) -> None:
    with opened(browser, java_script_enabled=False) as (page, watch):
        page.goto(site + LIST)
        assert page.locator(".result").count() > 4
        expect(page.locator(".offline")).to_be_hidden()
        assert not any(one.endswith("/sw.js") for one in watch.requests)


def test_the_worker_stands_at_the_top_and_can_be_mended(client: FlaskClient) -> None:
    response = client.get("/sw.js")
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    again = client.get("/sw.js", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert "connect-src 'self'" in response.headers["Content-Security-Policy"]


def size(png: bytes) -> str:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return "{}x{}".format(*struct.unpack(">II", png[16:24]))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_site_can_stand_on_a_home_screen(client: FlaskClient, lang: str) -> None:
    html = client.get(f"/{lang}/").text
    address = f"/{lang}/manifest.webmanifest"
    assert f'<link rel="manifest" href="{address}">' in html
    response = client.get(address)
    assert response.mimetype == "application/manifest+json"
    said: dict[str, Any] = json.loads(response.text)
    assert (said["lang"], said["start_url"], said["name"]) == (lang, f"/{lang}/", "Huiswaarts")
    assert said["dir"] == ("rtl" if lang in ("ar", "fa") else "ltr")
    assert client.get(said["start_url"]).status_code == 200
    assert said["display"] == "minimal-ui", "a question lives in the address bar"
    for icon in said["icons"]:
        file = client.get(icon["src"])
        assert file.mimetype == icon["type"]
        assert icon["sizes"] == ("any" if file.mimetype == "image/svg+xml" else size(file.data))
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in said["icons"]}


def test_a_browser_can_install_it(browser: Browser, site: str) -> None:
    """What Chromium itself finds wrong with the manifest."""
    with opened(browser) as (page, watch):
        page.goto(site + HOME)
        found = page.context.new_cdp_session(page).send("Page.getAppManifest")
        assert found["errors"] == []
        assert found["url"] == f"{site}/en/manifest.webmanifest"
        assert watch.errors == []
