"""What a first and a second visit weigh, and when the largest part stands on a slow phone.

Chromium with a slow 4G line (150 ms, 1.6 Mbit/s down) and a processor four times slower, at 360 px,
without a worker that keeps pages. Bytes are those on the wire, headers included.
"""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import running_site

PAGES = {"home": "/nl/", "list of 30 ways": "/nl/send/nl/gh?pay=200", "home in Tigrinya": "/ti/"}
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 200_000,
    "uploadThroughput": 93_750,
}
SLOWER = 4
LARGEST = """() => new Promise(done => {
    let last = 0
    new PerformanceObserver(list => { for (const one of list.getEntries()) last = one.startTime })
        .observe({type: 'largest-contentful-paint', buffered: true})
    setTimeout(() => done(last), 600)
})"""
LOADED = """() => {
    const kinds = ['navigation', 'resource'].map(kind => performance.getEntriesByType(kind))
    return kinds.flat().map(one => one.transferSize)
}"""


def measure(database_url: str) -> dict[str, float]:
    """Per page: requests, bytes cold and warm, and milliseconds to the largest paint."""
    figures: dict[str, float] = {}
    with running_site(database_url) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, path in PAGES.items():
            figures |= {f"{name}, {what}": one for what, one in _visit(browser, site + path)}
        browser.close()
    return figures


def _visit(browser: Browser, address: str) -> list[tuple[str, float]]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address)
    largest: float = page.evaluate(LARGEST)
    cold = _sizes(page)
    page.goto(address)
    warm = _sizes(page)
    context.close()
    return [
        ("largest paint, ms", round(largest)),
        ("requests", len(cold)),
        ("bytes cold", sum(cold)),
        ("bytes warm", sum(warm)),
    ]


def _sizes(page: Page) -> list[int]:
    found: list[int] = page.evaluate(LOADED)
    return found
