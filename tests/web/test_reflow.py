"""Nothing overlaps, is cut off or scrolls sideways: on small phones, and with large text."""

from __future__ import annotations

from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from app.web.locale import LANGUAGES
from tests.web.browsing import ENLARGE, OPEN_ALL, PAGES, opened, scrolls_sideways
from tests.web.reading import CORRIDORS

AMOUNTS = {"ID": "3915020", "NG": "1500000"}
PHONES = (320, 360, 390)
WIDTHS = (320, 360, 1280)
FOLD = {"nl": 740, "en": 740}
"""How high the window is in which the first answer shows; languages with longer words
take one swipe more."""

SIZES = ("125%", "150%", "200%")
KINDS = ("home", "result", "price", "how we work", "empty", "unknown corridor")

SENTENCE = """() => {
    const field = document.querySelector('#amount'), box = field.getBoundingClientRect()
    const range = document.createRange()
    const lines = [...document.querySelectorAll('.unit--pay, .unit--receive')].flatMap(unit => {
        range.selectNodeContents(unit)
        return [...range.getClientRects()]
    })
    return {
        lines: lines.length,
        overlap: lines.some(line => line.left < box.right && line.right > box.left
            && line.top < box.bottom && line.bottom > box.top),
        outside: lines.some(line => line.right > innerWidth),
        cut: field.scrollWidth > field.clientWidth,
    }
}"""
WHOLE = {"lines": 1, "overlap": False, "outside": False, "cut": False}
ROOM = """select => {
    const style = getComputedStyle(select), pen = document.createElement('canvas').getContext('2d')
    pen.font = style.font
    return select.clientWidth - parseFloat(style.paddingInlineStart)
        - parseFloat(style.paddingInlineEnd) - pen.measureText(select.selectedOptions[0].text).width
}"""
STEPS = """() => [...document.querySelectorAll('.way li')].map(step => {
    const range = document.createRange()
    range.selectNodeContents(step.lastChild)
    const label = range.getBoundingClientRect()
    range.selectNodeContents(step.querySelector('strong'))
    const amount = range.getBoundingClientRect()
    const side = getComputedStyle(step).direction === 'rtl' ? 'right' : 'left'
    return Math.abs(label[side] - amount[side])
})"""

languages = pytest.mark.parametrize("lang", LANGUAGES)


def narrow(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})


@languages
def test_the_amount_and_its_unit_stand_whole_beside_or_below_each_other(
    browser: Browser, site: str, lang: str
) -> None:
    with opened(browser) as (page, _watch):
        for country in CORRIDORS:
            amount = AMOUNTS.get(country, "6000")
            page.goto(f"{site}/{lang}/send/nl/{country.lower()}?receive={amount}")
            for width in PHONES:
                narrow(page, width)
                assert page.evaluate(SENTENCE) == WHOLE, (country, width)
        page.goto(f"{site}/{lang}/")
        page.select_option("#side", "receive")
        page.fill("#amount", "1234567890")
        for width in PHONES:
            narrow(page, width)
            assert page.evaluate(SENTENCE) == WHOLE, width


@languages
def test_question_and_first_answer_fit_on_a_small_phone(
    browser: Browser, site: str, lang: str
) -> None:
    height = FOLD.get(lang, 920)
    with opened(browser, viewport={"width": 360, "height": height}) as (page, _watch):
        page.goto(f"{site}/{lang}/send/nl/sr?pay=200")
        answer = page.locator(".result .arrives strong").first.bounding_box()
        assert answer is not None
        assert answer["y"] + answer["height"] <= height
        assert page.evaluate(SENTENCE) == WHOLE


@pytest.mark.parametrize("lang", ["nl", "ar"])
def test_the_list_of_languages_opens_within_the_window(
    browser: Browser, site: str, lang: str
) -> None:
    with opened(browser) as (page, _watch):
        page.goto(f"{site}/{lang}/send/nl/sr?pay=200")
        page.locator(".langs summary").click()
        for width in WIDTHS:
            narrow(page, width)
            box = page.locator(".langs ul").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width


@languages
def test_large_text_does_not_scroll_sideways(browser: Browser, site: str, lang: str) -> None:
    addresses = [PAGES[kind] for kind in KINDS] + ["/{lang}/send/nl/id?receive=3915020"]
    with opened(browser) as (page, _watch):
        for address in addresses:
            page.goto(site + address.format(lang=lang))
            page.evaluate(OPEN_ALL)
            for width, size in product(WIDTHS, SIZES):
                narrow(page, width)
                page.evaluate(ENLARGE, size)
                assert scrolls_sideways(page) == [], (address, width, size)


@languages
@pytest.mark.parametrize("kind", ["home", "result"])
def test_the_chosen_countries_can_be_read_in_text_of_any_size(
    browser: Browser, site: str, lang: str, kind: str
) -> None:
    with opened(browser) as (page, _watch):
        page.goto(site + PAGES[kind].format(lang=lang))
        for width, size in product((360, 1280), ("100%", *SIZES)):
            if (width, size) == (360, "200%") and (kind == "home" or lang not in FOLD):
                continue  # a choice is one line, and some are longer than such a window
            narrow(page, width)
            page.evaluate(ENLARGE, size)
            for name in ("side", "from", "to"):
                room = page.locator(f"#{name}").evaluate(ROOM)
                assert room >= -0.5, (name, width, size)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("kind", ["home", "price"])
def test_each_step_of_the_way_starts_at_one_side(
    browser: Browser, site: str, kind: str, direction: str, width: int
) -> None:
    with opened(browser, viewport={"width": width, "height": 800}) as (page, _watch):
        page.goto(site + PAGES[kind].format(lang="nl"))
        page.evaluate("side => { document.documentElement.dir = side }", direction)
        apart = page.evaluate(STEPS)
        assert len(apart) == 4
        if width == 1280:
            assert max(apart) < 1
        assert scrolls_sideways(page) == []
