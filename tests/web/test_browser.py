"""People with a browser: with keys only, without scripts, on paper, and with bad intentions."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.web.browsing import OPEN_ALL, PAGES, Scheme, opened
from tests.web.keys import tab, tab_to
from tests.web.reading import LANGUAGES

PHONE = {"width": 360, "height": 740}
BAD = (
    "\"'><img src=x onerror='window.hit=1'><svg onload='window.hit=1'><script>window.hit=1</script>"
)
THEIRS = """!!window.hit || !!document.querySelector('[onerror], [onload], img')
    || [...document.scripts].some(one => !one.src.startsWith(`${location.origin}/static/`)
        && one.type !== 'application/ld+json')"""

INSIDE = ":scope > :not(summary)"

languages = pytest.mark.parametrize("lang", LANGUAGES)


@languages
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_the_keyboard_alone_one_asks_and_reaches_the_first_result(
    browser: Browser, site: str, lang: str, scheme: Scheme
) -> None:
    with opened(browser, viewport=PHONE, color_scheme=scheme) as (page, _watch):
        page.goto(f"{site}/{lang}/")
        assert tab(page)["tag"] == "A"
        page.keyboard.press("Enter")
        page.wait_for_url("**#main")
        tab_to(page, name="amount")
        page.keyboard.type("200")
        tab_to(page, name="to")
        page.keyboard.type("Suriname")
        tab_to(page, tag="BUTTON")
        page.keyboard.press("Enter")
        page.wait_for_url("**/send/nl/sr?pay=200")
        tab_to(page, inResult=True)


def test_a_wrong_field_is_named_and_led_to(browser: Browser, site: str) -> None:
    with opened(browser, viewport=PHONE) as (page, _watch):
        page.goto(f"{site}/nl/send?side=pay&amount=abc&from=NL&to=MA")
        page.get_by_role("alert").get_by_role("link").click()
        assert page.evaluate("document.activeElement.id") == "amount"
        expect(page.locator("#amount")).to_have_attribute("aria-describedby", "amount-error")
        expect(page.locator("#amount")).to_have_value("abc")
        assert page.locator("#amount-error").inner_text().strip()


@languages
@pytest.mark.parametrize("scripts", [True, False])
def test_the_whole_journey_works_with_and_without_scripts_and_asks_no_other_site(
    browser: Browser, site: str, lang: str, scripts: bool
) -> None:
    other = {"nl": "en", "en": "nl"}[lang]
    with opened(browser, viewport=PHONE, java_script_enabled=scripts) as (page, watch):
        page.goto(f"{site}/{lang}/")
        page.select_option("#side", "receive")
        page.fill("#amount", {"nl": "6.000,50", "en": "6,000.50"}[lang])
        page.select_option("#to", "SR")
        page.locator("form.ask button").click()
        page.wait_for_url("**/send/nl/sr?receive=6000.50")
        firms = page.locator(".result").count()
        assert firms > 4
        page.locator(".order a.fast").click()
        page.wait_for_url("**first=fast*")
        page.locator(".result summary").first.click()
        page.locator(".langs summary").click()
        page.locator(f'.langs a[hreflang="{other}"]').click()
        page.wait_for_url(f"**/{other}/send/nl/sr?receive=6000.50&first=fast")
        assert page.locator(".result").count() == firms
        page.locator(".result .folds > a").first.click()
        page.wait_for_url(f"**/{other}/price/*")
        with page.expect_download() as evidence:
            page.locator("a[href^='/evidence/']").click()
        assert evidence.value.suggested_filename.endswith(".csv")
        page.locator("a.back").click()
        page.wait_for_url(f"**/{other}/send/nl/sr?receive=6000.50")
        page.locator("a.brand").click()
        page.wait_for_url(f"**/{other}/")
        assert {urlsplit(url).netloc for url in watch.requests} == {urlsplit(site).netloc}
        assert len(watch.requests) > 8
        assert watch.errors == []


@languages
def test_bad_input_without_scripts_keeps_what_was_typed(
    browser: Browser, site: str, lang: str
) -> None:
    with opened(browser, java_script_enabled=False) as (page, _watch):
        page.goto(f"{site}/{lang}/")
        page.fill("#amount", "two hundred")
        page.select_option("#to", "MA")
        page.locator("form.ask button").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("#amount")).to_have_value("two hundred")
        expect(page.locator("#to")).to_have_value("MA")


def test_the_page_is_the_same_with_and_without_scripts(browser: Browser, site: str) -> None:
    texts: list[list[str]] = []
    for scripts in (True, False):
        with opened(browser, java_script_enabled=scripts) as (page, _watch):
            texts.append([])
            for kind, address in PAGES.items():
                if kind not in ("receipt", "without connection"):  # say what a script does
                    page.goto(site + address.format(lang="nl"))
                    texts[-1].append(page.locator("body").inner_text())
    assert texts[0] == texts[1]


@languages
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_the_list_is_a_fact_sheet_in_ink(
    browser: Browser, site: str, lang: str, scheme: Scheme
) -> None:
    with opened(browser, viewport={"width": 800, "height": 1100}, color_scheme=scheme) as (
        page,
        _w,
    ):
        page.goto(f"{site}/{lang}/send/nl/sr?pay=200")
        page.emulate_media(media="print", color_scheme=scheme)
        for result in page.locator(".result").all():
            for part in ("h2", ".arrives strong", ".cost > p >> nth=0", ".origin", ".facts"):
                expect(result.locator(part)).to_be_visible()
        expect(page.locator("h1")).to_be_visible()
        for part in ("form.ask", ".langs", "nav.order", ".filters", ".more", ".top nav"):
            expect(page.locator(part)).to_be_hidden()
        expect(page.locator(".against").first).to_be_visible()
        body = page.locator("body")
        expect(body).to_have_css("background-color", "rgb(255, 255, 255)")
        expect(body).to_have_css("color", "rgb(0, 0, 0)")
        assert page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize(
    "path",
    [
        "/nl/send?side={}&amount=200&from=NL&to=MA",
        "/nl/send?side=pay&amount={}&from=NL&to=MA",
        "/nl/send?side=pay&amount=200&from={}&to=MA",
        "/nl/send?side=pay&amount=200&from=NL&to={}",
        "/nl/send/nl/ma?pay={}",
        "/nl/send/nl/ma?receive={}",
        "/nl/send/nl/ma?pay=200&first={}",
        "/nl/send/nl/ma?pay=200&{0}={0}",
        "/nl/send/{}/ma?pay=200",
        "/nl/send/nl/{}?pay=200",
        "/nl/price/{}",
        "/nl/price/1?pay={}",
        "/nl/?{0}={0}",
        "/evidence/{}",
        "/{}/",
    ],
)
def test_html_in_an_address_is_shown_and_never_run(browser: Browser, site: str, path: str) -> None:
    with opened(browser) as (page, watch):
        page.goto(site + path.format(quote(BAD, safe="")))
        assert page.evaluate(THEIRS) is False
        assert watch.errors == []


@languages
def test_the_first_answer_shows_on_a_phone_without_scrolling(
    browser: Browser, site: str, lang: str
) -> None:
    with opened(browser, viewport={"width": 360, "height": 800}) as (page, _watch):
        page.goto(f"{site}/{lang}/send/nl/sr?pay=200")
        box = page.locator(".result .arrives strong").first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 800


def test_what_is_folded_unfolds(browser: Browser, site: str) -> None:
    with opened(browser, viewport=PHONE) as (page, _watch):
        page.goto(f"{site}/nl/send/nl/sr?pay=200")
        folds = page.locator("details")
        assert folds.count() > 5
        for fold in folds.all():
            expect(fold.locator(INSIDE).first).to_be_hidden()
        page.evaluate(OPEN_ALL)
        for fold in folds.all():
            expect(fold.locator(INSIDE).first).to_be_visible()
