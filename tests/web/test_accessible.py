"""Every kind of page is accessible and fits, in every language.

Each page is looked at in one size and colour scheme, which differ from language to language; in
Dutch and Arabic in all of them. `make axe` looks at every combination.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.web.access import Audience
from app.web.locale import LANGUAGES
from tests.axe.looking import COLOURS, measured, misdone, unfold, violations
from tests.axe.sites import NO_LAB, furnish
from tests.conftest import running_site
from tests.web.browsing import (
    ENLARGE,
    FILLED,
    LIVE,
    PAGES,
    SELDOM,
    Filled,
    Scheme,
    opened,
    visit,
)
from tests.web.living import living

SIZES = (360, 1280)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LOOKS = [*product(SIZES, SCHEMES)]
WHOLLY = ("nl", "ar")
"""Languages in which each page is looked at in every size and scheme: one of each direction."""

SMALL, LAPTOP = {"width": 320, "height": 640}, {"width": 640, "height": 400}
"""A small phone, and a laptop whose reader zooms to 200 %."""

EVERYWHERE: dict[str, str | Filled] = {**PAGES, **FILLED}
NOT_LOOKED_AT = {
    "compare.home_without_slash": "leads on to the home page",
    "compare.send": "leads on to a list; where it asks again it is among SELDOM",
    "learn.report": "needs a report: among LIVE",
    "outbound.go": "leads on to a firm",
    "campaigns.go": "leads on to a page of ours",
    "read.news_item": "nothing ships; made as a guide, which is looked at",
    "read.initiative": "nothing ships; made as a guide, which is looked at",
    "read.page": "nothing ships; made as a guide, which is looked at",
    "start.front_door": "leads on to the home page",
    "start.robot": "leads on to the page of our robot",
}
"""Views that are no kind of page of the seeded site."""

NO_PAGES = ("application/", "text/plain", "text/csv", "image/", "font/", "text/javascript")


@pytest.fixture(scope="module")
def live(templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with a price of each age and origin, a promotion, and each line of the ledger."""
    with living(templates, tmp_path_factory.mktemp("live")) as made:
        furnish(made, datetime.now(UTC))
        with running_site(made.url, LAB_URL=NO_LAB) as address:
            yield address


def fits(page: Page) -> Iterator[str]:
    """What does not fit a small phone, a zoomed laptop, or text of twice the size."""
    for name, size in (("320 px", SMALL), ("200 %", LAPTOP)):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        yield from (f"{name}: {one}" for one in measured(page))
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(ENLARGE, "200%")
    yield from (f"text of 200 %: {one}" for one in measured(page))


def faults(
    browser: Browser,
    site: str,
    what: str | Filled,
    lang: str,
    looks: list[tuple[int, Scheme]],
) -> list[str]:
    """Everything that is wrong with a page whose folds are open."""
    width, scheme = looks[0]
    size = {"width": width, "height": 800}
    with opened(browser, viewport=size, color_scheme=scheme) as (page, watch):
        visit(page, site, what, lang)
        unfold(page)
        found = violations(page) + measured(page)
        for width, scheme in looks[1:]:
            same_size = page.viewport_size and page.viewport_size["width"] == width
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            found += violations(page, COLOURS if same_size else None) + measured(page)
        return [*found, *fits(page), *misdone(page, watch, site, lang)]


def looks_in(lang: str, number: int) -> list[tuple[int, Scheme]]:
    """All of them, or one that differs from language to language and from kind to kind."""
    if lang in WHOLLY:
        return LOOKS
    return [LOOKS[(number + list(LANGUAGES).index(lang)) % len(LOOKS)]]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in EVERYWHERE if kind != "components"])
def test_a_page_is_accessible_and_fits(browser: Browser, site: str, kind: str, lang: str) -> None:
    looks = looks_in(lang, list(EVERYWHERE).index(kind))
    assert faults(browser, site, EVERYWHERE[kind], lang, looks) == []


def test_the_parts_of_every_page_are_accessible(browser: Browser, site: str) -> None:
    assert faults(browser, site, PAGES["components"], "en", LOOKS) == []


@pytest.mark.parametrize(("lang", "look"), [("nl", LOOKS[1]), ("ar", LOOKS[2])])
@pytest.mark.parametrize("kind", SELDOM)
def test_a_variant_is_accessible_and_fits(
    browser: Browser, site: str, kind: str, lang: str, look: tuple[int, Scheme]
) -> None:
    assert faults(browser, site, SELDOM[kind], lang, [look]) == []


@pytest.mark.parametrize(("lang", "look"), [("nl", LOOKS[1]), ("ar", LOOKS[2])])
@pytest.mark.parametrize("kind", LIVE)
def test_a_page_with_live_prices_is_accessible_and_fits(
    browser: Browser, live: str, kind: str, lang: str, look: tuple[int, Scheme]
) -> None:
    assert faults(browser, live, LIVE[kind], lang, [look]) == []


@pytest.mark.parametrize("lang", WHOLLY)
def test_live_pages_say_what_they_are(browser: Browser, live: str, lang: str) -> None:
    with opened(browser, viewport={"width": 360, "height": 800}) as (page, _watch):
        page.goto(live + LIVE["mixed result"].format(lang=lang))
        assert page.locator(".demo").is_visible()
        assert page.locator(".age").count() == 3
        assert page.locator(".promo").count() == 1


def test_each_look_is_taken_in_some_language() -> None:
    for number in range(len(EVERYWHERE)):
        taken = [
            look for lang in LANGUAGES if lang not in WHOLLY for look in looks_in(lang, number)
        ]
        assert set(taken) == set(LOOKS)


def test_every_view_that_gives_a_page_is_looked_at(app: Flask) -> None:
    """A new view stands in PAGES, or among the few that are no page, with the reason."""
    client, router = app.test_client(), app.url_map.bind("127.0.0.1")
    looked_at = set()
    for what in EVERYWHERE.values():
        address = (what if isinstance(what, str) else what.address).format(lang="nl")
        path = address.partition("?")[0]
        if path == "/nl/nothing":
            continue
        looked_at.add(router.match(path)[0])
        assert client.get(address).mimetype == "text/html"
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in looked_at | set(NOT_LOOKED_AT):
            continue
        view: Any = app.view_functions[rule.endpoint]
        if view.audience is not Audience.ANYBODY:
            continue  # see test_work_accessible.py
        assert not rule.arguments - {"lang", "digest", "name", "sha256"}, f"{rule} is no kind yet"
        if not rule.arguments - {"lang"}:
            answer = client.get(rule.rule.replace("<lang:lang>", "nl"))
            assert (answer.mimetype or "").startswith(NO_PAGES), f"{rule} is no kind yet"
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= looked_at | set(NOT_LOOKED_AT)


FAULTY = {
    "color-contrast": '<p style="color:#ccc">bleek</p>',
    "image-alt": '<img src="">',
    "label": '<input name="x">',
    "target-size": '<p><button style="height:12px;padding:0;font-size:8px">a</button><br>'
    '<button style="height:12px;padding:0;font-size:8px">b</button></p>',
    "region": "<p>outside every landmark</p>",
    "button-name": "<button></button>",
}


@pytest.mark.parametrize("rule", FAULTY)
def test_axe_is_awake(browser: Browser, rule: str) -> None:
    html = f'<!doctype html><html lang="nl"><title>x</title><main><h1>x</h1></main>{FAULTY[rule]}'
    with opened(browser) as (page, _watch):
        page.set_content(html)
        assert rule in " ".join(violations(page))
        assert ("color-contrast" in " ".join(violations(page, COLOURS))) == (rule in COLOURS)


MISFITS = {
    "scrolls sideways: <p": '<p style="width: 400px">breed',
    "cut off: <p": '<p style="inline-size: 60px; overflow: hidden; white-space: nowrap">too long',
    "cut off: <i": '<i style="position: absolute; right: 100%">gone</i>',
    "cut off: <text": '<svg width="50" height="20"><text y="10">far too long for it</text></svg>',
}


@pytest.mark.parametrize("fault", MISFITS)
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_page_that_does_not_fit_is_found(browser: Browser, fault: str, direction: str) -> None:
    html = f"<!doctype html><html dir={direction}><body><p>fits</p>"
    with opened(browser, viewport=SMALL) as (page, _watch):
        page.set_content(html)
        assert measured(page) == []
        page.set_content(
            html + MISFITS[fault].replace("right", {"ltr": "right", "rtl": "left"}[direction])
        )
        assert any(one.startswith(fault) for one in measured(page))


def test_what_a_page_does_besides_is_found(browser: Browser, site: str) -> None:
    with opened(browser) as (page, watch):
        page.goto(f"{site}/ar/")
        assert misdone(page, watch, site, "ar") == []
        assert misdone(page, watch, site, "fa")
        assert misdone(page, watch, "http://elsewhere.example", "ar")
        page.evaluate("document.documentElement.dir = 'ltr'")
        assert misdone(page, watch, site, "ar")
        page.evaluate("document.documentElement.dir = 'rtl'; console.error('x')")
        assert "x at" in misdone(page, watch, site, "ar")[0]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["home", "result"])
def test_what_is_pressed_is_large_enough_for_a_finger(
    browser: Browser, site: str, lang: str, kind: str
) -> None:
    with opened(browser, viewport={"width": 360, "height": 800}) as (page, _watch):
        page.goto(site + PAGES[kind].format(lang=lang))
        unfold(page)
        pressed = "button, select, input:not([type=checkbox], [type=radio]), summary, a.button"
        for one in page.locator(pressed).locator("visible=true").all():
            box = one.bounding_box()
            assert box is not None
            assert min(box["height"], box["width"]) >= 44, one.evaluate("one => one.outerHTML")
        for choice in page.locator(".filters label").locator("visible=true").all():
            box = choice.bounding_box()
            assert box is not None
            assert box["height"] >= 36
