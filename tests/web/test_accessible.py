"""Every kind of page, in every language, width and colour scheme, is accessible and fits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.conftest import running_site
from tests.web.browsing import LIVE, OPEN_ALL, PAGES, SELDOM, Scheme, opened, scrolls_sideways
from tests.web.living import fill, living
from tests.web.reading import LANGUAGES

WIDTHS = (360, 1280)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
NARROW = {"320 px": (320, 640), "200 % on a laptop": (640, 360)}


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


def violations(axe: Axe, page: Page) -> list[str]:
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def check(browser: Browser, axe: Axe, address: str, width: int, scheme: Scheme) -> None:
    size = {"width": width, "height": 800}
    with opened(browser, viewport=size, color_scheme=scheme) as (page, watch):
        page.goto(address)
        assert violations(axe, page) == []
        if page.locator("details").count():
            page.evaluate(OPEN_ALL)
            assert violations(axe, page) == []
        assert scrolls_sideways(page) == []
        assert watch.errors == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [*product(WIDTHS, SCHEMES)])
def test_axe_finds_nothing_folded_or_open(
    browser: Browser, site: str, axe: Axe, kind: str, lang: str, width: int, scheme: Scheme
) -> None:
    check(browser, axe, site + PAGES[kind].format(lang=lang), width, scheme)


@pytest.fixture(scope="module")
def live(templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with a price of each age and origin, a promotion, and each line of the ledger."""
    now = datetime.now(UTC)
    with living(templates, tmp_path_factory.mktemp("live")) as made:
        fill(made, now)
        with running_site(made.url, LAB_URL="http://127.0.0.1:9") as address:
            yield address


@pytest.mark.parametrize("kind", LIVE)
@pytest.mark.parametrize(("lang", "width", "scheme"), [("nl", 360, "dark"), ("en", 1280, "light")])
def test_axe_finds_nothing_where_prices_are_live(
    browser: Browser, live: str, axe: Axe, kind: str, lang: str, width: int, scheme: Scheme
) -> None:
    check(browser, axe, live + LIVE[kind].format(lang=lang), width, scheme)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_live_pages_fit_a_small_phone_and_show_the_first_answer(
    browser: Browser, live: str, lang: str
) -> None:
    with opened(browser, viewport={"width": 320, "height": 800}) as (page, _watch):
        for address in LIVE.values():
            page.goto(live + address.format(lang=lang))
            page.evaluate(OPEN_ALL)
            assert scrolls_sideways(page) == [], address
    with opened(browser, viewport={"width": 360, "height": 800}) as (page, _watch):
        page.goto(live + LIVE["mixed result"].format(lang=lang))
        assert page.locator(".demo").is_visible()
        assert page.locator(".age").count() == 3
        assert page.locator(".promo").count() == 1


@pytest.mark.parametrize("kind", SELDOM)
@pytest.mark.parametrize(("lang", "width", "scheme"), [("nl", 360, "dark"), ("en", 1280, "light")])
def test_axe_finds_nothing_on_variants_either(
    browser: Browser, site: str, axe: Axe, kind: str, lang: str, width: int, scheme: Scheme
) -> None:
    check(browser, axe, site + SELDOM[kind].format(lang=lang), width, scheme)


def test_axe_is_awake(browser: Browser, axe: Axe) -> None:
    with opened(browser) as (page, _watch):
        page.set_content('<html lang="nl"><title>x</title><p style="color:#ccc">bleek<img src="">')
        found = " ".join(violations(axe, page))
        assert "color-contrast" in found
        assert "image-alt" in found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", NARROW.values(), ids=NARROW)
def test_no_page_scrolls_sideways(
    browser: Browser, site: str, lang: str, size: tuple[int, int]
) -> None:
    with opened(browser, viewport={"width": size[0], "height": size[1]}) as (page, _watch):
        for address in [*PAGES.values(), *SELDOM.values(), "/{lang}/send/nl/id?receive=3900000"]:
            page.goto(site + address.format(lang=lang))
            page.evaluate(OPEN_ALL)
            assert scrolls_sideways(page) == [], address


def test_a_page_that_is_too_wide_is_found(browser: Browser) -> None:
    with opened(browser, viewport={"width": 320, "height": 640}) as (page, _watch):
        page.set_content('<html><body><p style="width: 400px">breed</p>')
        assert scrolls_sideways(page)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["home", "result"])
def test_what_is_pressed_is_large_enough_for_a_finger(
    browser: Browser, site: str, lang: str, kind: str
) -> None:
    with opened(browser, viewport={"width": 360, "height": 800}) as (page, _watch):
        page.goto(site + PAGES[kind].format(lang=lang))
        for pressed in page.locator("button, select, input, summary, a.button").all():
            box = pressed.bounding_box()
            assert box is not None
            assert box["height"] >= 44
            assert box["width"] >= 44
