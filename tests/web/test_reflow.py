"""Nothing overlaps, is cut off or scrolls sideways: on small phones, and with large text."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.web.browsing import OPEN_ALL, PAGES, opened, scrolls_sideways
from tests.web.reading import CORRIDORS, LANGUAGES

AMOUNTS = {"ID": "3915020", "NG": "1500000"}
PHONES = (320, 360, 390)
WIDTHS = (320, 360, 1280)
SIZES = ("125%", "150%", "200%")
KINDS = ("home", "result", "price", "how we work", "empty", "unknown corridor")

ENLARGE = "size => { document.documentElement.style.fontSize = size }"
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


def enlarged(page: Page, address: str, size: str) -> None:
    page.goto(address)
    page.evaluate(OPEN_ALL)
    page.evaluate(ENLARGE, size)


@languages
@pytest.mark.parametrize("width", PHONES)
def test_the_amount_and_its_unit_stand_whole_beside_or_below_each_other(
    browser: Browser, site: str, lang: str, width: int
) -> None:
    with opened(browser, viewport={"width": width, "height": 740}) as (page, _watch):
        for country in CORRIDORS:
            amount = AMOUNTS.get(country, "6000")
            page.goto(f"{site}/{lang}/send/nl/{country.lower()}?receive={amount}")
            assert page.evaluate(SENTENCE) == WHOLE, country
        page.goto(f"{site}/{lang}/")
        page.select_option("#side", "receive")
        page.fill("#amount", "1234567890")
        assert page.evaluate(SENTENCE) == WHOLE


@languages
def test_question_and_first_answer_fit_on_a_small_phone(
    browser: Browser, site: str, lang: str
) -> None:
    with opened(browser, viewport={"width": 360, "height": 740}) as (page, _watch):
        page.goto(f"{site}/{lang}/send/nl/sr?pay=200")
        box = page.locator("form.ask").bounding_box()
        assert box is not None
        assert box["height"] < 150
        answer = page.locator(".result .arrives strong").first.bounding_box()
        assert answer is not None
        assert answer["y"] + answer["height"] <= 740
        assert page.evaluate(SENTENCE) == WHOLE


@languages
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("size", SIZES)
def test_large_text_does_not_scroll_sideways(
    browser: Browser, site: str, lang: str, width: int, size: str
) -> None:
    with opened(browser, viewport={"width": width, "height": 740}) as (page, _watch):
        for kind in KINDS:
            enlarged(page, site + PAGES[kind].format(lang=lang), size)
            assert scrolls_sideways(page) == [], kind
        enlarged(page, f"{site}/{lang}/send/nl/id?receive=3915020", size)
        assert scrolls_sideways(page) == []


@languages
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("size", SIZES)
def test_the_chosen_countries_can_be_read_in_large_text(
    browser: Browser, site: str, lang: str, width: int, size: str
) -> None:
    with opened(browser, viewport={"width": width, "height": 740}) as (page, _watch):
        enlarged(page, f"{site}/{lang}/send/nl/ma?pay=200", size)
        for name in ("side", "from", "to"):
            assert page.locator(f"#{name}").evaluate(ROOM) >= -0.5, name


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
