"""What a reader's device keeps and sends: the month of the last visit, and nothing to anybody else;
of who does not want that, nothing at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request

from app.db import traffic
from app.db.engine import Database
from app.domain.traffic import Period, Span, Subject
from tests.traffic.served import Served, served
from tests.web.counted import AGENT

JOURNEY = [
    *("/nl/", "/nl/send/nl/sr?pay=200", "/nl/send/nl/sr?pay=345&first=fast", "/nl/price/1"),
    *("/nl/provider/western-union", "/nl/country/sr", "/nl/history/nl/sr", "/nl/receipt"),
    *("/nl/year?from=NL&to=SR&pay=200", "/nl/how-we-work", "/nl/how-we-count", "/ar/"),
]
STORED = """async () => ({
    local: {...localStorage},
    session: {...sessionStorage},
    databases: (await indexedDB.databases()).map((one) => one.name),
    caches: await caches.keys(),
})"""
UNWILLING = "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"
FOLLOWED_NOT = "Object.defineProperty(navigator, 'doNotTrack', {value: '1'})"


@pytest.fixture
def it(seeded_file: Path, tmp_path: Path) -> Iterator[Served]:
    file = tmp_path / "site.db"
    shutil.copy(seeded_file, file)
    with served(f"sqlite:///{file}", tmp_path, workers=1) as made:
        yield made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(user_agent=AGENT, locale="nl-NL")
    yield context.new_page()
    context.close()


def journey(page: Page, it: Served) -> list[Request]:
    """A reader looks at a page of each kind; all that their browser asked for."""
    asked: list[Request] = []
    page.context.on("request", lambda one: asked.append(one))  # noqa: PLW0108 - it marks it
    for path in JOURNEY:
        page.goto(f"http://127.0.0.1:{it.port}{path}", wait_until="networkidle")
    return asked


def counts(it: Served) -> dict[str, int]:
    """The totals, once the site has ended."""
    it.end()
    database = Database(it.url)
    period = Period.of(Span.DAY, datetime.now(UTC).date())
    with database.reading() as session:
        found = traffic.counts_of(session, period, Subject.TOTAL)
    database.engine.dispose()
    return found


def test_a_whole_journey_leaves_the_month_and_reaches_nobody_else(page: Page, it: Served) -> None:
    asked = journey(page, it)
    stored: Any = page.evaluate(STORED)
    assert stored["local"] == {"month": f"{datetime.now(UTC):%Y-%m}"}
    assert stored["session"] == {}
    assert stored["databases"] == []
    assert set(stored["caches"]) <= {"pages-1", "files-1"}, "copies of our own pages"
    assert page.context.cookies() == []
    ours = f"http://127.0.0.1:{it.port}/"
    assert [one.url for one in asked if not one.url.startswith(ours)] == []
    beacons = [one for one in asked if one.url == f"{ours}count"]
    assert [(one.method, one.post_data) for one in beacons] == [("POST", "year")]
    assert "cookie" not in beacons[0].all_headers()
    found = counts(it)
    assert found == {
        "views": len(JOURNEY),
        "visits": 1,
        "months": 1,
        "years": 1,
    }, "the worker that keeps copies asks for pages too, and they are not counted"


@pytest.mark.parametrize(
    ("before", "sent"), [("2025-12", "year"), (f"{datetime.now(UTC):%Y}-00", "month")]
)
def test_a_device_says_once_what_is_new_to_it(
    page: Page, it: Served, before: str, sent: str
) -> None:
    home = f"http://127.0.0.1:{it.port}/nl/"
    page.context.add_init_script(
        f"if (!localStorage.getItem('month')) localStorage.setItem('month', '{before}')"
    )
    asked: list[Request] = []
    page.context.on("request", lambda one: asked.append(one))  # noqa: PLW0108 - it marks it
    for _time in range(3):
        page.goto(home, wait_until="networkidle")
    assert [one.post_data for one in asked if one.method == "POST"] == [sent]
    found = counts(it)
    assert found.get("months") == 1
    assert found.get("years", 0) == (sent == "year")


@pytest.mark.parametrize("script", [UNWILLING, FOLLOWED_NOT])
def test_of_who_asks_not_to_be_followed_nothing_is_kept_or_sent(
    page: Page, it: Served, script: str
) -> None:
    page.context.add_init_script(script)
    page.context.set_extra_http_headers({"Sec-GPC": "1"})
    asked = journey(page, it)
    assert page.evaluate(STORED)["local"] == {}
    assert page.context.cookies() == []
    assert [one for one in asked if one.method == "POST"] == []
    assert counts(it) == {}


def test_who_says_so_on_the_page_is_not_counted_from_then_on(page: Page, it: Served) -> None:
    page.goto(f"http://127.0.0.1:{it.port}/nl/how-we-count", wait_until="networkidle")
    assert page.evaluate("localStorage.length") == 1
    page.locator("button[value=no]").click()
    page.wait_for_url("**/how-we-count?counted=no")
    assert page.locator("[role=status].notice").is_visible()
    assert page.evaluate("localStorage.length") == 0
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["value"]) == ("count", "no")
    journey(page, it)
    assert page.evaluate("localStorage.length") == 0
    page.locator("html").evaluate("() => location.assign('/nl/how-we-count')")
    page.locator("button[value=yes]").click()
    page.wait_for_url("**/how-we-count?counted=yes")
    assert page.context.cookies() == []
    found = counts(it)
    assert found["views"] == 2, "before, and after"


def test_no_firm_hears_where_a_reader_comes_from(page: Page, it: Served) -> None:
    heard: list[dict[str, str]] = []

    def answer(route: Any) -> None:
        heard.append(route.request.all_headers())
        route.fulfill(body="a firm")

    page.context.route(lambda url: "127.0.0.1" not in url, answer)
    page.goto(f"http://127.0.0.1:{it.port}/nl/send/nl/sr?pay=200")
    page.locator(".result a.button").first.click()
    page.wait_for_url("https://**")
    assert heard
    assert all("referer" not in headers and "cookie" not in headers for headers in heard)
    found = counts(it)
    assert (found["views"], found["clicks"]) == (1, 1)
