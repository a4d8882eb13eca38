"""Going through a page with the keyboard, and what is asked of every stop."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

LEAST_CONTRAST = 3
"""Of the mark of the focus with what lies around it: WCAG 2.2, 1.4.11."""

FOCUS = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect()
    const style = getComputedStyle(one)
    const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true})
    const light = colour => {
        pen.fillStyle = colour
        pen.fillRect(0, 0, 1, 1)
        return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3)
            .map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0)
    }
    let below = parseFloat(style.outlineOffset) < 0 ? one : one.parentElement
    while (below && /, 0\\)$|transparent/.test(getComputedStyle(below).backgroundColor)) {
        below = below.parentElement
    }
    const [mark, back] = [style.outlineColor, below ? getComputedStyle(below).backgroundColor
        : 'white'].map(light)
    const [line] = one.getClientRects(), half = (from, to, most) =>
        (Math.max(from, 0) + Math.min(to, most)) / 2
    const middle = line && document.elementFromPoint(half(line.left, line.right, innerWidth),
        half(line.top, line.bottom, innerHeight))
    return {
        name: one.id || one.textContent.trim(), tag: one.tagName,
        place: [...document.querySelectorAll('*')].indexOf(one),
        top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right,
        inResult: !!one.closest('.result'), inMain: !!one.closest('main'),
        outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
        contrast: (Math.max(mark, back) + 0.05) / (Math.min(mark, back) + 0.05),
        inWindow: box.width > 0 && box.height > 0 && box.top < innerHeight && box.bottom > 0,
        uncovered: [one, ...one.labels || []].some(part => part.contains(middle))
            || style.pointerEvents === 'none' && middle?.contains(one),
        byBrowser: one.type === 'date',
    }
}"""
STOPS = """() => {
    const groups = new Set()
    return [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
        .filter(one => one.checkVisibility() && !one.disabled && one.type !== 'hidden'
            && one.tabIndex >= 0)
        .filter(one => {
            if (one.type !== 'radio') return true
            const group = [...document.querySelectorAll(`[type=radio][name="${one.name}"]`)]
            const chosen = group.find(other => other.checked)
            const first = !groups.has(one.name)
            groups.add(one.name)
            return chosen ? one === chosen : first
        })
        .map(one => [[...document.querySelectorAll('*')].indexOf(one), one.outerHTML.slice(0, 90)])
}"""
"""What can be reached: where it stands in the document, and what it is."""


def tab(page: Page, key: str = "Tab") -> Any:
    """One step on with the keyboard. Where one stands can be seen.

    The parts of a date are stops inside its field, which the browser itself marks.
    """
    page.keyboard.press(key)
    where = page.evaluate(FOCUS)
    if where["tag"] != "BODY":
        assert where["outline"] >= 2 or where["byBrowser"], where
        assert where["contrast"] >= LEAST_CONTRAST, where
        assert where["inWindow"], where
        assert where["uncovered"], where
    return where


def tab_to(page: Page, **wanted: object) -> Any:
    for _step in range(60):
        where = tab(page)
        if all(where[key] == value for key, value in wanted.items()):
            return where
    raise AssertionError(f"{wanted} was not reached with the keyboard")


def tab_onto(page: Page, selector: str) -> None:
    """Step on until one stands on what the selector names."""
    while not focused(page, selector):
        assert tab(page)["tag"] != "BODY", f"{selector} was not reached with the keyboard"


def focused(page: Page, selector: str) -> bool:
    found: bool = page.evaluate("one => document.activeElement.matches(one)", selector)
    return found


def choose(page: Page, value: str) -> None:
    """In the list that one stands on, with the arrow keys."""
    for _option in range(300):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not in the list")


def walk(page: Page, key: str = "Tab", most: int = 400) -> list[Any]:
    """Every stop from one end of the page to the other."""
    stops: list[Any] = []
    while (where := tab(page, key))["tag"] != "BODY":
        if not stops or where["place"] != stops[-1]["place"]:
            stops.append(where)
        else:
            assert where["byBrowser"], f"caught at {where}"
        assert len(stops) < most, "the keyboard is caught"
    return stops


def backwards(stops: list[Any], direction: str) -> list[str]:
    """Steps that go against the way of reading: up, or on one line back."""
    found = []
    for before, after in pairwise(stops):
        both = min(before["bottom"], after["bottom"]) - max(before["top"], after["top"])
        lower = min(before["bottom"] - before["top"], after["bottom"] - after["top"])
        if after["bottom"] <= before["top"]:
            found.append(f"up from {before['name'][:30]!r} to {after['name'][:30]!r}")
        elif both > lower * 0.6:
            back = (
                after["right"] <= before["left"]
                if direction == "ltr"
                else after["left"] >= before["right"]
            )
            if back:
                found.append(f"back from {before['name'][:30]!r} to {after['name'][:30]!r}")
    return found
