"""People without a mouse: with keys only, with less motion, and with colours of their own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.web.browsing import OPEN_ALL, PAGES, opened
from tests.web.keys import FOCUS, STOPS, backwards, choose, focused, tab, tab_onto, tab_to, walk

PHONE = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 800}
DIRECTIONS = {"nl": "ltr", "ar": "rtl"}
IN_BOTH = ("home", "result", "price", "receipt", "complain", "country", "year")
"""Kinds that are walked through in Arabic too."""

both = pytest.mark.parametrize("lang", DIRECTIONS)


@both
@pytest.mark.parametrize("scripts", [True, False])
def test_one_asks_and_reaches_a_price_and_comes_back(
    browser: Browser, site: str, lang: str, scripts: bool
) -> None:
    with opened(browser, viewport=PHONE, java_script_enabled=scripts) as (page, watch):
        page.goto(f"{site}/{lang}/")
        tab_to(page, name="amount")
        page.keyboard.type("200")
        tab_to(page, name="to")
        choose(page, "SR")
        tab_to(page, tag="BUTTON")
        page.keyboard.press("Enter")
        page.wait_for_url("**/send/nl/sr?pay=200")

        tab_onto(page, ".order a.fast")
        page.keyboard.press("Enter")
        page.wait_for_url("**first=fast*")
        expect(page.locator(".order a.fast")).to_have_attribute("aria-current", "true")

        tab_onto(page, ".filters summary")
        page.keyboard.press("Enter")
        tab_onto(page, ".filters [type=checkbox]")
        page.keyboard.press("Space")
        if not scripts:
            tab_onto(page, ".filters button")
            page.keyboard.press("Enter")
        page.wait_for_url("**by=*")
        expect(page.locator(".chips a").first).to_be_visible()

        tab_onto(page, ".result summary")
        page.keyboard.press("Enter")
        expect(page.locator(".result details[open]")).to_have_count(1)
        tab_onto(page, ".result .folds > a")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{lang}/price/*")
        tab_onto(page, "a.back")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{lang}/send/nl/sr?pay=200*")
        assert watch.errors == []


@both
def test_the_focus_stays_where_it_was_when_the_answer_changes(
    browser: Browser, site: str, lang: str
) -> None:
    with opened(browser, viewport=WIDE) as (page, _watch):
        page.goto(f"{site}/{lang}/send/nl/sr?pay=200")
        page.locator(".order a.safe").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**first=safe*")
        assert focused(page, ".order a.safe")
        page.evaluate(OPEN_ALL)
        page.locator(".filters [type=checkbox]").first.focus()
        page.keyboard.press("Space")
        page.wait_for_url("**by=*")
        assert focused(page, ".filters [type=checkbox]:checked")


@both
def test_the_skip_link_shows_itself_and_leads_past_the_menu(
    browser: Browser, site: str, lang: str
) -> None:
    for kind in ("home", "result", "price"):
        with opened(browser, viewport=PHONE) as (page, _watch):
            page.goto(site + PAGES[kind].format(lang=lang))
            first = tab(page)
            assert focused(page, "a.skip")
            assert first["right"] - first["left"] > 40
            page.keyboard.press("Enter")
            page.wait_for_url("**#main")
            assert tab(page)["inMain"], kind


@both
def test_the_menu_of_languages_opens_closes_and_keeps_the_question(
    browser: Browser, site: str, lang: str
) -> None:
    with opened(browser, viewport=PHONE) as (page, _watch):
        page.goto(f"{site}/{lang}/send/nl/sr?pay=200&first=fast")
        tab_onto(page, ".langs summary")
        page.keyboard.press("Enter")
        tab(page)
        assert focused(page, ".langs li:first-child a")
        page.keyboard.press("Escape")
        expect(page.locator(".langs[open]")).to_have_count(0)
        assert focused(page, ".langs summary"), "who closes a menu stands where it was opened"
        page.keyboard.press("Enter")
        tab_onto(page, ".langs a[lang=uk]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/uk/send/nl/sr?pay=200&first=fast")


@both
def test_an_error_in_the_receipt_is_told_where_the_focus_goes(
    browser: Browser, site: str, lang: str
) -> None:
    with opened(browser, viewport=PHONE) as (page, watch):
        page.goto(f"{site}/{lang}/receipt")
        tab_to(page, name="to")
        choose(page, "SR")
        tab_to(page, name="paid")
        page.keyboard.type("abc")
        tab_to(page, tag="BUTTON")
        page.keyboard.press("Enter")
        where = page.evaluate(FOCUS)
        assert where["name"] == "paid"
        assert where["outline"] >= 2
        field = page.locator("#paid")
        expect(field).to_have_attribute("aria-invalid", "true")
        described = field.get_attribute("aria-describedby") or ""
        told = [page.locator(f"#{one}") for one in described.split() if one.endswith("-error")]
        assert len(told) == 1
        expect(told[0]).to_be_visible()
        assert told[0].inner_text().strip()
        assert watch.errors == []


@both
@pytest.mark.parametrize(
    ("address", "values"),
    [("/{lang}/receipt", {"paid": "abc"}), ("/{lang}/complain", {"which": "x"})],
)
def test_what_is_wrong_leads_to_its_field(
    browser: Browser, site: str, lang: str, address: str, values: dict[str, str]
) -> None:
    with opened(browser, viewport=PHONE, java_script_enabled=False) as (page, _watch):
        page.goto(site + address.format(lang=lang))
        for name, text in values.items():
            page.fill(f"#{name}", text)
        page.locator("main form[method=post] button").focus()
        page.keyboard.press("Enter")
        alert = page.get_by_role("alert")
        expect(alert).to_be_visible()
        (name,) = values
        tab_onto(page, f"[role=alert] a[href='#{name}']")
        page.keyboard.press("Enter")
        assert page.evaluate(FOCUS)["name"] == name


WALKS = [(kind, "nl") for kind in PAGES] + [(kind, "ar") for kind in IN_BOTH]


@pytest.mark.parametrize(("kind", "lang"), WALKS)
def test_the_keyboard_goes_through_a_page_as_one_reads_it(
    browser: Browser, site: str, kind: str, lang: str
) -> None:
    with opened(browser, viewport=PHONE) as (page, _watch):
        page.goto(site + PAGES[kind].format(lang=lang))
        wanted = page.evaluate(STOPS)
        stops = walk(page)
        places = [one["place"] for one in stops]
        assert places == sorted(places), "the order is not that of the page"
        missed = [html for place, html in wanted if place not in places]
        assert missed == []
        assert backwards(stops, DIRECTIONS[lang]) == []


@both
@pytest.mark.parametrize("kind", ["home", "result"])
def test_the_keyboard_goes_back_the_way_it_came(
    browser: Browser, site: str, kind: str, lang: str
) -> None:
    with opened(browser, viewport=WIDE, color_scheme="dark") as (page, _watch):
        page.goto(site + PAGES[kind].format(lang=lang))
        there = [one["place"] for one in walk(page)]
        back = [tab(page, "Shift+Tab")["place"] for _stop in there]
        assert back == there[::-1]


MOVING = """() => [...document.querySelectorAll('*')].flatMap(one => ['', '::before', '::after']
    .map(part => getComputedStyle(one, part))
    .filter(style => style.animationName !== 'none' && style.animationDuration !== '0s'
        || style.transitionDuration.split(', ').some(time => time !== '0s')
        || style.scrollBehavior === 'smooth')
    .map(() => one.outerHTML.slice(0, 80)))"""
UNMARKED = """() => [...document.querySelectorAll('input, select, textarea, button, .button')]
    .filter(one => one.checkVisibility() && !one.closest('.trap, .hidden'))
    .filter(one => !['checkbox', 'radio'].includes(one.type))
    .filter(one => {
        const style = getComputedStyle(one)
        return !['Top', 'Right', 'Bottom', 'Left'].some(side =>
            style[`border${side}Style`] !== 'none' && parseFloat(style[`border${side}Width`]) >= 1
            && style[`border${side}Color`] !== style.backgroundColor)
    }).map(one => one.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("kind", PAGES)
def test_nothing_moves_for_who_wants_less_motion_and_fields_keep_their_borders(
    browser: Browser, site: str, kind: str
) -> None:
    with opened(browser, reduced_motion="reduce", forced_colors="active") as (page, _watch):
        page.goto(site + PAGES[kind].format(lang="nl"))
        page.evaluate(OPEN_ALL)
        assert page.evaluate(MOVING) == []
        assert page.evaluate("document.getAnimations().length") == 0
        assert page.evaluate(UNMARKED) == []


FAULTY = {
    "outline": "<style>a:focus { outline: none }</style>",
    "contrast": "<style>a:focus { outline: 3px solid #ddd }</style>",
    "uncovered": "<style>body::before { content: ''; position: fixed; inset: 0 }</style>",
    "place": "<a href='#x' tabindex='1'>x</a>",
    "back": "<style>body { display: flex; flex-direction: row-reverse }</style>",
    "up": "<style>a:nth-of-type(1) { position: absolute; inset-block-start: 200px }</style>",
}
LINKS = (
    "<style>:focus { outline: 3px solid #00f }</style><a href='#1'>one</a> <a href='#2'>two</a> "
)


@pytest.mark.parametrize("fault", FAULTY)
def test_a_stop_that_cannot_be_seen_or_comes_too_early_is_found(
    browser: Browser, fault: str
) -> None:
    page_html = f"<!doctype html><html><body>{LINKS}<a href='#3'>three</a>"
    with opened(browser, viewport=WIDE) as (page, _watch):
        page.set_content(page_html)
        assert backwards(walk(page), "ltr") == []
        page.set_content(page_html + FAULTY[fault])
        found = ""
        try:
            stops = walk(page)
            places = [one["place"] for one in stops]
            found = "place" if places != sorted(places) else " ".join(backwards(stops, "ltr"))
        except AssertionError as error:
            found = str(error)
        assert fault in found


def test_what_moves_or_loses_its_border_is_found(browser: Browser) -> None:
    with opened(browser, reduced_motion="reduce", forced_colors="active") as (page, _watch):
        page.set_content("<input><button>x</button>")
        assert page.evaluate(MOVING) == page.evaluate(UNMARKED) == []
        page.set_content(
            "<style>input { border: 0 } button { transition: color 1s }</style>"
            "<input><button>x</button>"
        )
        assert len(page.evaluate(MOVING)) == len(page.evaluate(UNMARKED)) == 1
