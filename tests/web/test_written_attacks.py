"""What people write can do nothing in a reader's browser, whatever it is: in every field of an
article and of an offer, with the content security policy out of the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from defusedxml import ElementTree
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from app.domain.content import Kind, Words
from app.domain.offer import OfferWords
from tests.db.made import SERVICE, price, save
from tests.postgres import free_port
from tests.web.attacks import ATTACKS
from tests.web.living import Living, living
from tests.web.written import TERMS, offer, publish

COUNTING = "window.ran = 0; window.alert = window.msgbox = () => { window.ran += 1 }"
ELSEWHERE = """[...document.querySelectorAll("[href],[src],[action]")].map(
    one => one.href?.baseVal ?? one.href ?? one.src ?? one.action
).filter(one => !/^https?:/.test(one))"""
"""Addresses on the page that are not of the web."""

ODD = """[...document.querySelectorAll("main *")].filter(one =>
    one.matches("script,iframe,object,embed,svg *,math,style,form,input,base,meta,link,img,video")
    && !one.closest("svg.icon")
    || [...one.attributes].some(its => its.name.startsWith("on") || its.name === "style")
).map(one => one.outerHTML)"""


@contextmanager
def served(site: Living) -> Iterator[str]:
    """The site at an address, in this process, so that its clock is the test's."""
    port = free_port()
    server = make_server("127.0.0.1", port, site.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def unguarded(browser: Browser) -> Iterator[Page]:
    """A page without a content security policy, that counts what runs."""
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(COUNTING)
    yield context.new_page()
    context.close()


@pytest.fixture
def attacked(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    """Every attack in every field of an article of its own, and of an offer of its own."""
    with living(templates, tmp_path) as site:
        save(site.database, price())
        for number, attack in enumerate(ATTACKS):
            publish(
                site.database,
                (Kind.NEWS, Kind.GUIDE, Kind.INITIATIVE)[number % 3],
                f"attack-{number}",
                link=attack[:300],
                source=attack,
                en=Words(attack[:150], attack, f"{attack}\n\n# {attack}\n\n[x]({attack})"),
            )
            text = OfferWords(attack[:120], attack, attack)
            offer(site.database, SERVICE.provider, replace(TERMS, texts={"en": text}))
        yield site


def harmless(page: Page, address: str) -> None:
    page.goto(address)
    page.mouse.move(200, 400)
    assert page.evaluate("window.ran") == 0, address
    assert page.evaluate(ELSEWHERE) == [], address
    assert page.evaluate(ODD) == [], address


def test_nothing_that_is_written_runs(attacked: Living, unguarded: Page) -> None:
    folders = ("news", "guides", "initiatives")
    assert len(ATTACKS) >= 60
    with served(attacked) as site:
        for number in range(len(ATTACKS)):
            harmless(unguarded, f"{site}/en/{folders[number % 3]}/attack-{number}")
        for path in (*folders, "offers", f"provider/{SERVICE.provider}"):
            harmless(unguarded, f"{site}/en/{path}")
            assert unguarded.locator("main").inner_text().count("<script>alert(1)</script>") > 5
        harmless(unguarded, f"{site}/fr/news")
        unguarded.goto(f"{site}/en/offers")
        assert "{{7*7}}" in unguarded.locator("main").inner_text()
        feed = unguarded.request.get(f"{site}/en/news.atom").body()
    entries = ElementTree.fromstring(feed).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == len(ATTACKS[::3])


def test_these_attacks_do_run_where_they_are_not_stopped(unguarded: Page) -> None:
    ran = 0
    for attack in ATTACKS:
        unguarded.goto("about:blank")
        unguarded.evaluate(COUNTING)
        unguarded.evaluate("html => { document.write(html); document.close() }", attack)
        unguarded.wait_for_timeout(20)
        ran += unguarded.evaluate("window.ran") > 0
    assert ran >= 20
