"""What is asked of every page in a browser: by axe, by its measures, and by what it does."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from babel import Locale
from playwright.sync_api import Page

from tests.web.browsing import OPEN_ALL, Watch, scrolls_sideways

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""WCAG 2.2, levels A and AA, and what axe holds to be good practice besides."""

COLOURS = ["color-contrast", "link-in-text-block"]
"""Rules that hang on the colour scheme; all others see the same page in both."""

RUN = """options => axe.run(options).then(found => found.violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 120)}`)))"""
READY = "() => document.fonts.ready.then(() => true)"
CUT_OFF = """() => {
    const short = one => one.outerHTML.slice(0, 100)
    const seen = one => one.checkVisibility() && !one.closest('.hidden, .scroll, .trap')
    const clipped = one => {
        const style = getComputedStyle(one)
        const across = ['hidden', 'clip'].includes(style.overflowX)
        const down = ['hidden', 'clip'].includes(style.overflowY)
        return across && one.scrollWidth > one.clientWidth + 1
            || down && one.scrollHeight > one.clientHeight + 1
    }
    const outside = one => {
        const box = one.getBoundingClientRect()
        return box.width > 0 && (box.left < -0.5 || box.right > innerWidth + 0.5)
    }
    const found = [...document.querySelectorAll('body *:not(svg *)')].filter(seen)
        .filter(one => clipped(one) || outside(one)).map(short)
    for (const drawing of document.querySelectorAll('svg')) {
        if (!drawing.checkVisibility() || drawing.closest('.scroll')) continue
        const frame = drawing.getBoundingClientRect()
        for (const text of drawing.querySelectorAll('text')) {
            const box = text.getBoundingClientRect()
            if (box.left < frame.left - 1 || box.right > frame.right + 1
                || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) found.push(short(text))
        }
    }
    return found
}"""
"""Text that its box hides, that stands outside the window, or that leaves its drawing."""

MEANT = "document.documentElement.lang + ' ' + getComputedStyle(document.body).direction"


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds: with these rules, else with all that we hold to."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    asked: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": rules or TAGS}
    found: list[str] = page.evaluate(RUN, asked)
    return found


def measured(page: Page) -> list[str]:
    """What is too wide for the window, or cannot be read whole."""
    sideways = [f"scrolls sideways: {one}" for one in scrolls_sideways(page)]
    return sideways + [f"cut off: {one}" for one in page.evaluate(CUT_OFF)]


def misdone(page: Page, watch: Watch, site: str, lang: str) -> list[str]:
    """What is wrong with how it speaks, whom it asks, and what it leaves behind."""
    found = [f"in the console: {one}" for one in watch.errors]
    spoken = f"{lang} {Locale(lang).text_direction}"
    if page.evaluate(MEANT) != spoken:
        found.append(f"is {page.evaluate(MEANT)!r} and not {spoken!r}")
    ours = urlsplit(site).netloc
    found += [f"asks another: {url}" for url in watch.requests if urlsplit(url).netloc != ours]
    found += [f"leaves a cookie: {one}" for one in page.context.cookies()]
    return found


def unfold(page: Page) -> bool:
    """Open every fold; whether there was one."""
    page.evaluate(OPEN_ALL)
    return page.locator("details").count() > 0
