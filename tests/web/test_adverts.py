"""Adverts on readers' pages: in their places only, the same for everybody; who paid is told."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from app.db import adverts
from app.domain.account import Role
from app.domain.advert import Advert
from app.web.adverts.views import PLACES
from app.web.locale import LANGUAGES
from config import ROOT
from tests.db.test_adverts import ADVERT
from tests.work import Workplace

TITLE = "Books in your own language"
TELLING = {"adverts.index", "learn.checks"}
"""Endpoints that say whether adverts are on. They show none among their own words."""

MAY_HAVE = {"learn", "read"}
"""Blueprints of pages of text. Those of prices, firms, countries and sums are not among them."""

INCLUDING = {
    *("app/web/learn/templates/learn/how_we_work.html", "app/web/learn/templates/learn/bot.html"),
    *("app/web/read/templates/read/listing.html", "app/web/read/templates/read/article.html"),
}
EACH = 4
"""Pages of one endpoint and language that are looked at."""

API = [
    "/api/v1/compare?from=NL&to=MA&pay=200",
    "/api/v1/compare?from=NL&to=SR&pay=500&first=fast",
    "/api/v1/compare?from=NL&to=TR&receive=2000",
    "/api/v1/indicators?from=NL&period=2025_3Q",
    "/sitemap.xml",
    "/robots.txt",
]
LISTS = [
    f"/{lang}/send/nl/{to}?pay={pay}&first={first}"
    for lang in ("nl", "ar")
    for to, pay in (("ma", "200"), ("sr", "500"), ("tr", "345"))
    for first in ("cheap", "fast", "safe")
]


def made(work: Workplace, **changed: object) -> Advert:
    """An advert of today that two people let through."""
    maker, other = work.account(Role.EDITOR), work.account(Role.ADMINISTRATOR)
    today = work.now.date()
    wanted = replace(ADVERT, starts=today, ends=today, languages=tuple(LANGUAGES))
    with work.database.writing() as session:
        kept = adverts.add_advert(session, replace(wanted, **changed), maker, work.now)  # type: ignore[arg-type]
        return adverts.approve(session, kept, other, work.now)


def switch(work: Workplace, on: bool) -> None:
    by = work.account(Role.ADMINISTRATOR)
    with work.database.writing() as session:
        adverts.switch(session, on, "A test.", by, work.now)


def endpoint(app: Flask, address: str) -> str:
    """ "" of what is no page."""
    try:
        found = app.url_map.bind("localhost").match(address.partition("?")[0])
    except HTTPException:
        return ""
    return str(found[0])


def crawled(work: Workplace, lang: str) -> list[str]:
    """Pages that links lead to from the first one, a few of each kind."""
    waiting, seen, count = [f"/{lang}/"], {f"/{lang}/"}, Counter[str]()
    found = []
    client = work.client()
    while waiting:
        address = waiting.pop(0)
        name = endpoint(work.app, address)
        if not name or name.startswith(("sign_in", "outbound")) or count[name] >= EACH:
            continue
        count[name] += 1
        response = client.get(address)
        if response.mimetype != "text/html" or response.status_code != 200:
            continue
        found.append(address)
        for link in re.findall(r'href="(/[^"#]*)', response.text):
            to = unescape(link)
            if to.startswith(f"/{lang}/") and to not in seen:
                seen.add(to)
                waiting.append(to)
    return found


def bodies(work: Workplace, addresses: list[str]) -> dict[str, tuple[int, bytes]]:
    client = work.client()
    return {
        address: (response.status_code, response.data)
        for address in addresses
        for response in [client.get(address)]
    }


@pytest.fixture
def pages(work: Workplace) -> list[str]:
    """Of every kind, in two directions of writing, the API, and many lists."""
    found = [*crawled(work, "en"), *crawled(work, "ar"), *LISTS, *API]
    assert len(found) > 100
    kinds = {endpoint(work.app, address) for address in found}
    assert kinds >= {
        *("compare.home", "compare.results", "compare.price", "providers.index"),
        *("providers.provider", "countries.other_ways", "learn.how_we_work"),
    }
    return found


def test_adverts_change_no_page_but_their_places(work: Workplace, pages: list[str]) -> None:
    made(work)
    off = bodies(work, pages)
    switch(work, True)
    on = bodies(work, pages)
    changed = {endpoint(work.app, address) for address in pages if on[address] != off[address]}
    assert "learn.how_we_work" in changed
    assert changed <= PLACES | TELLING
    with_advert = {
        endpoint(work.app, address) for address in pages if TITLE.encode() in on[address][1]
    }
    assert with_advert <= PLACES | {"adverts.index"}
    assert not any(TITLE.encode() in body for _status, body in off.values())
    switch(work, False)
    back = bodies(work, pages)
    assert [address for address in pages if back[address] != off[address]] == [
        address for address in pages if endpoint(work.app, address) == "adverts.index"
    ]


def test_no_page_with_a_price_is_among_the_places(work: Workplace) -> None:
    assert {name.partition(".")[0] for name in PLACES} <= MAY_HAVE
    assert set(work.app.view_functions) >= PLACES
    assert "read.offers" not in PLACES


def test_no_other_template_has_the_place() -> None:
    templates = (ROOT / "app" / "web").rglob("*.html")
    found = {
        str(path.relative_to(ROOT))
        for path in templates
        if "_advert.html" in path.read_text(encoding="utf-8")
        or "advert_here" in path.read_text(encoding="utf-8")
    }
    assert found == INCLUDING | {"app/web/adverts/templates/_advert.html"}


def test_even_a_template_that_has_the_place_shows_none_elsewhere(work: Workplace) -> None:
    made(work)
    switch(work, True)
    for name in ("learn.how_we_work", "compare.home"):
        address = "/en/how-we-work" if name == "learn.how_we_work" else "/en/"
        with work.app.test_request_context(address):
            work.app.preprocess_request()
            html = work.app.jinja_env.get_template("_advert.html").render(lang="en")
        assert (TITLE in html) == (name in PLACES)


def test_an_advert_is_called_one_and_is_text_from_here(work: Workplace) -> None:
    advert = made(work, text="Novels & <b>more</b>.")
    switch(work, True)
    text = work.client().get("/en/how-we-work").text
    part = text.partition('class="notice advert"')[2].partition("</aside>")[0]
    assert "Advert, paid for by Boekhandel Van Dijk" in part
    assert "Novels &amp; &lt;b&gt;more&lt;/b&gt;." in part
    assert f'href="{advert.link}" rel="sponsored nofollow external noreferrer noopener"' in part
    assert not re.search(r"<(img|script|iframe|link|style|video|object)|src=|onclick|ping=", part)


def test_it_is_the_same_for_everybody(work: Workplace) -> None:
    made(work)
    made(work, title="Another advert")
    switch(work, True)
    heads = [{"User-Agent": "A"}, {"User-Agent": "B", "Accept-Language": "nl"}, {"DNT": "1"}]
    client = work.client()
    shown = {client.get("/en/how-we-work", headers=one).data for one in heads}
    assert len(shown) == 1
    work.later(days=1)
    assert TITLE not in client.get("/en/how-we-work").text


def test_who_paid_stands_on_a_page_for_as_long_as_the_site_is_there(work: Workplace) -> None:
    client = work.client()
    assert "No advert ever stood here." in client.get("/en/adverts").text
    made(work)
    assert TITLE not in client.get("/en/adverts").text
    switch(work, True)
    for _time in range(2):
        text = client.get("/en/adverts").text
        for words in (TITLE, "Boekhandel Van Dijk", "€150.00", "20 November 2026"):
            assert words in text
        work.later(days=700)
    assert "Adverts are turned on." in text
    switch(work, False)
    text = client.get("/en/adverts").text
    assert "Adverts are turned off." in text
    assert TITLE in text


def test_the_self_check_says_so(work: Workplace) -> None:
    made(work)
    before = work.client().get("/en/how-we-work/checks").text
    switch(work, True)
    after = work.client().get("/en/how-we-work/checks").text
    assert "Adverts are turned off." in before
    assert "Adverts are turned on." in after
    assert after.count("verdict--partly") == before.count("verdict--partly") + 1


def test_every_language_has_its_place(work: Workplace) -> None:
    made(work)
    switch(work, True)
    client = work.client()
    for lang in LANGUAGES:
        assert TITLE in client.get(f"/{lang}/how-we-work").text
        assert TITLE in client.get(f"/{lang}/news").text
        assert client.get(f"/{lang}/adverts").status_code == 200
