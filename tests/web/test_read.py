"""News, guides, initiatives and offers: what is live is shown in the language that it has, what is
not is not there, and no price moves for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree
from flask import Flask
from flask.testing import FlaskClient

from app.db import content
from app.domain.content import Kind
from app.domain.offer import OfferWords
from app.web.locale import LANGUAGES
from tests.db.made import NL_MA, NOON, SERVICE, price, save
from tests.web.living import EXACT, Living, living
from tests.web.written import DAY, HOUR, TERMS, ends, offer, publish, words

ATOM = "{http://www.w3.org/2005/Atom}"
LISTS = ("news", "guides", "initiatives", "offers")


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        yield made


def foot(html: str) -> str:
    return html.partition('<nav id="menu"')[2]


def main(html: str) -> str:
    return html.partition('<main id="main">')[2].partition("</main>")[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_empty_says_so_and_is_not_in_the_foot(site: Living, lang: str) -> None:
    for name in LISTS:
        response = site.client.get(f"/{lang}/{name}")
        assert response.status_code == 200
        assert "<ul class" not in main(response.text)
        for other in LISTS:
            assert f'href="/{lang}/{other}"' not in foot(response.text)


@pytest.mark.parametrize(
    ("kind", "folder"),
    [
        (Kind.NEWS, "news"),
        (Kind.GUIDE, "guides"),
        (Kind.INITIATIVE, "initiatives"),
        (Kind.PARTNER, "initiatives"),
    ],
)
def test_what_is_live_is_listed_shown_and_in_the_foot(
    site: Living, kind: Kind, folder: str
) -> None:
    publish(site.database, kind, nl=words("Een ding", "**Vet** woord."))
    listing = site.client.get(f"/nl/{folder}").text
    assert "Een ding" in main(listing)
    assert f'href="/nl/{folder}/a-thing"' in listing
    assert f'href="/nl/{folder}"' in foot(listing)
    page = site.client.get(f"/nl/{folder}/a-thing").text
    assert "<strong>Vet</strong>" in page
    assert '<article class="article written" lang="nl" dir="ltr">' in page
    assert "noindex" not in page
    for other in {"news", "guides", "initiatives", "pages"} - {folder}:
        assert site.client.get(f"/nl/{other}/a-thing").status_code == 404


def test_a_page_stands_at_its_address_and_in_no_list(site: Living) -> None:
    publish(site.database, Kind.PAGE, "about-us", nl=words("Over ons"))
    assert "Over ons" in site.client.get("/nl/pages/about-us").text
    assert "about-us" not in "".join(site.client.get(f"/nl/{name}").text for name in LISTS)


def test_what_is_not_live_is_not_there(site: Living) -> None:
    publish(site.database, slug="draft", at=None, nl=words("Nog niet"))
    publish(site.database, slug="later", at=NOON + HOUR, nl=words("Later"))
    publish(site.database, slug="ended", end=NOON, nl=words("Voorbij"))
    for slug in ("draft", "later", "ended", "no-such-thing", "x" * 80, "X", "a_b"):
        assert site.client.get(f"/nl/news/{slug}").status_code == 404
    assert not re.search("Nog niet|Later|Voorbij", site.client.get("/nl/news").text)
    site.at(NOON + HOUR)
    assert "Later" in site.client.get("/nl/news/later").text


def test_a_version_that_was_not_let_go_is_not_read(site: Living) -> None:
    number = publish(site.database, nl=words("Een ding"))
    with site.database.writing() as session:
        content.save_text(session, number, "nl", words("Geheim"), NOON, base=1, made_from=None)
    for path in ("/nl/news", "/nl/news/a-thing", "/nl/news.atom"):
        text = site.client.get(path).text
        assert "Geheim" not in text
        assert "Een ding" in text


@pytest.mark.parametrize(
    ("lang", "have", "given", "direction"),
    [
        ("fr", ["nl", "en", "ar"], "en", "ltr"),
        ("fr", ["ar", "nl"], "nl", "ltr"),
        ("fr", ["ar"], "ar", "rtl"),
        ("ar", ["nl"], "nl", "ltr"),
    ],
)
def test_who_has_no_text_in_their_language_is_told_and_gets_another(
    site: Living, lang: str, have: list[str], given: str, direction: str
) -> None:
    texts: Any = {code: words(f"Title in {code}") for code in have}
    publish(site.database, **texts)
    page = site.client.get(f"/{lang}/news/a-thing").text
    assert f'<article class="article written" lang="{given}" dir="{direction}">' in page
    assert f"Title in {given}" in page
    assert 'class="notice"' in page
    assert LANGUAGES[given] in main(page)
    assert '<meta name="robots" content="noindex">' in page
    listing = main(site.client.get(f"/{lang}/news").text)
    assert f'<li lang="{given}" dir="{direction}">' in listing


def test_a_guide_names_its_source_and_its_day(site: Living) -> None:
    publish(
        site.database,
        Kind.GUIDE,
        source="- [The law](https://law.example/)",
        checked_on=NOON.date(),
        en=words("A guide"),
    )
    page = main(site.client.get("/en/guides/a-thing").text)
    assert 'href="https://law.example/" rel="external noreferrer noopener nofollow"' in page
    assert "20 November 2026" in page or f"{NOON:%-d %B %Y}" in page


def test_an_initiative_leads_to_its_own_site_without_telling_it_anything(site: Living) -> None:
    publish(site.database, Kind.INITIATIVE, link="https://group.example/", en=words("A group"))
    page = site.client.get("/en/initiatives/a-thing").text
    assert 'href="https://group.example/" rel="external noreferrer noopener nofollow"' in page


def test_readers_get_no_cookie_and_a_page_that_may_be_kept(site: Living) -> None:
    publish(site.database, nl=words("Een ding"))
    for path in (*(f"/nl/{name}" for name in LISTS), "/nl/news/a-thing", "/nl/news.atom"):
        response = site.client.get(path)
        assert response.headers["Cache-Control"].startswith("public")
        tag = response.headers["ETag"]
        assert site.client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_the_feed_is_news_and_nothing_else(site: Living) -> None:
    publish(site.database, nl=words("Tom & <b>Jerry</b>"), en=words("Tom"))
    publish(site.database, Kind.GUIDE, "guide", nl=words("Gids"))
    publish(site.database, slug="older", at=NOON - DAY, ar=words("Ouder"))
    response = site.client.get("/nl/news.atom")
    assert response.mimetype == "application/atom+xml"
    tree = ElementTree.fromstring(response.data)
    entries = tree.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in entries] == ["Tom & <b>Jerry</b>", "Ouder"]
    languages = [one.get("{http://www.w3.org/XML/1998/namespace}lang") for one in entries]
    assert languages == ["nl", "ar"]
    assert entries[0].findtext(f"{ATOM}id") == "http://127.0.0.1:8000/nl/news/a-thing"
    for one in (tree, *entries):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one.findtext(f"{ATOM}updated"))


def test_an_empty_feed_is_a_feed(site: Living) -> None:
    tree = ElementTree.fromstring(site.client.get("/ti/news.atom").data)
    assert tree.findall(f"{ATOM}entry") == []


def test_search_engines_are_told_of_what_is_live_in_their_language(site: Living) -> None:
    publish(site.database, nl=words("Een ding"))
    publish(site.database, Kind.GUIDE, "later", at=NOON + HOUR, nl=words("Later"))
    dutch = site.client.get("/nl/sitemap.xml").text
    assert "/nl/news<" in dutch
    assert "/nl/news/a-thing<" in dutch
    assert "/nl/guides" not in dutch
    assert "/fr/news/a-thing" not in site.client.get("/fr/sitemap.xml").text


@pytest.fixture
def priced(site: Living) -> Living:
    save(site.database, price(), price(replace(SERVICE, provider="beta")))
    return site


def test_an_offer_stands_with_its_terms_and_its_end(priced: Living) -> None:
    offer(priced.database)
    for path in ("/en/offers", "/en/provider/alpha"):
        page = main(priced.client.get(path).text)
        assert "No fee at first" in page
        assert "New customers, once." in page
        assert f"{TERMS.ends:%-d %B %Y}" in page
    assert "No fee at first" not in priced.client.get("/en/provider/beta").text
    assert 'href="/en/offers"' in foot(priced.client.get("/en/").text)


def test_an_offer_that_nobody_read_is_nowhere(priced: Living) -> None:
    offer(priced.database, approved=False)
    for path in ("/en/offers", "/en/provider/alpha", "/en/"):
        page = priced.client.get(path).text
        assert "No fee at first" not in page
        assert 'href="/en/offers"' not in foot(page)


def test_an_offer_is_gone_the_day_after_its_last(priced: Living) -> None:
    offer(priced.database, terms=ends(TERMS, NOON.date() + DAY))
    priced.at(NOON + DAY)
    assert "No fee at first" in priced.client.get("/en/offers").text
    priced.at(NOON + 2 * DAY)
    for path in ("/en/offers", "/en/provider/alpha", "/en/"):
        assert "No fee at first" not in priced.client.get(path).text
        assert 'href="/en/offers"' not in foot(priced.client.get(path).text)


def ranked(client: FlaskClient) -> list[str]:
    """Every list and answer about prices, as they are sent, but for the foot of the pages."""
    pages = [
        main(client.get(f"/{lang}{EXACT}{first}").text)
        for lang in ("nl", "ar")
        for first in ("", "&first=fast", "&first=cheap", "&first=safe")
    ]
    answers = [
        client.get(f"/api/v1/compare?from=NL&to=MA&pay=203.10{first}").text
        for first in ("", "&first=fast", "&first=cheap", "&first=safe")
    ]
    assert all(one.count('class="arrives"') == 2 for one in pages)
    assert all(len(json.loads(one)["results"]) == 2 for one in answers)
    return pages + answers


def test_no_offer_moves_or_marks_a_price(priced: Living) -> None:
    """The best offer there can be, for the firm and for its rival: every list stays as it was,
    byte for byte."""
    before = ranked(priced.client)
    best = OfferWords("Free for ever", "Nothing to pay.", "Everybody.")
    for firm in ("beta", "alpha"):
        terms = replace(TERMS, fee="0", rate="999999", to=(), texts={"en": best, "nl": best})
        offer(priced.database, firm, terms)
        offer(priced.database, firm, replace(terms, to=(NL_MA.receive_country,)))
        assert "Free for ever" in priced.client.get("/en/offers").text
        assert ranked(priced.client) == before


def test_offers_are_in_the_order_in_which_they_end(priced: Living) -> None:
    for firm, days in (("alpha", 20), ("beta", 3), ("alpha", 9)):
        title = OfferWords(f"Ends in {days}", "x", "y")
        terms = replace(ends(TERMS, NOON.date() + days * DAY), texts={"en": title})
        offer(priced.database, firm, terms)
    found = re.findall(r"Ends in (\d+)", main(priced.client.get("/en/offers").text))
    assert found == ["3", "9", "20"]


def test_a_page_comes_without_its_foot_rather_than_not_at_all(site: Living) -> None:
    publish(site.database, nl=words("Een ding"))
    site.app.extensions["database"].engine.dispose()
    with site.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE article_text RENAME TO gone")
    response = site.client.get("/nl/how-we-work")
    assert response.status_code == 200
    assert 'href="/nl/news"' not in foot(response.text)


def test_what_ships_is_shown(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "clock", lambda: NOON + 30 * DAY)
    for lang in ("nl", "en"):
        listing = client.get(f"/{lang}/guides").text
        for slug in ("read-a-price", "your-rights", "scams"):
            assert f'href="/{lang}/guides/{slug}"' in listing
            page = client.get(f"/{lang}/guides/{slug}").text
            assert f'<article class="article written" lang="{lang}" dir="ltr">' in page
            for own in re.findall(r"<article.*?</article>", page, re.DOTALL):
                for path in re.findall(r'href="(/[^"]+)"', own):
                    assert client.get(path).status_code == 200, path


def test_what_is_told_of_an_article_is_text(site: Living) -> None:
    publish(site.database, nl=words("</script><script>alert(1)</script>"))
    page = site.client.get("/nl/news/a-thing").text
    (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert "alert(1)" in json.loads(told)["itemListElement"][1]["name"]
