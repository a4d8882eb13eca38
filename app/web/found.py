"""How the site is found: the one address of each page, a map of all pages for search engines, and
what they are told of a page beside its text. Nothing here says a price, for those age."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for

from app.db import coverage, providers, reach
from app.domain.provider import ProviderStatus
from app.domain.reach import SEND_COUNTRY
from app.web import clock
from app.web.access import anybody
from app.web.compare.addresses import list_address, suggested
from app.web.compare.pieces import Destination, destinations
from app.web.database import session
from app.web.locale import LANGUAGES, countries, language
from app.web.pages import in_language, is_demonstration
from app.web.read.pieces import SHELVES, listed, to_read

bp = Blueprint("found", __name__)

ASKED = frozenset({"pay", "receive", "currency", "from", "to"})
"""What of a question makes another page. How a list is sorted and narrowed makes none."""

ALWAYS = (
    "compare.home",
    "providers.index",
    "countries.other_ways",
    "calculate.receipt",
    "learn.how_we_work",
    "learn.checks",
    "learn.coverage",
    "learn.corrections",
    "learn.bot",
    "adverts.index",
    "counting.how_we_count",
)
"""Pages that are there whatever we know."""

CLOSED = "User-agent: *\nDisallow: /\n"
"""Of a site with made-up prices: nobody should find those."""

OPEN = """User-agent: *
Disallow: /*/send?
Disallow: /*?*by=
Disallow: /*?*first=
Disallow: /go/
Disallow: /evidence/
Sitemap: {site}/sitemap.xml
"""

Structured = dict[str, object]


def setup(app: Flask) -> None:
    app.jinja_env.globals.update(canonical=canonical, structured=structured)


@bp.get("/robots.txt")
@anybody
def robots() -> Response:
    text = CLOSED if is_demonstration(current_app) else OPEN.format(site=_site())
    return Response(text, mimetype="text/plain")


@bp.get("/sitemap.xml")
@anybody
def sitemap() -> Response:
    """The maps of all languages."""
    maps = [_site() + url_for("found.sitemap_of", lang=lang) for lang in LANGUAGES]
    return _xml(render_template("sitemaps.xml", maps=maps))


@bp.get("/<lang:lang>/sitemap.xml")
@anybody
def sitemap_of() -> Response:
    """Every page in one language that answers a question of its own. That they change is not said:
    lists do so all day."""
    return _xml(render_template("sitemap.xml", pages=[_site() + page for page in _pages()]))


def canonical(lang: str) -> str:
    """The one address of this page in a language, with all that makes it another page."""
    return _site() + in_language(lang, ASKED)


def structured(title: str) -> Structured:
    """What this page is, in the words of schema.org, for whoever reads no HTML. `title` as HTML."""
    lang, home = language(), _site() + url_for("compare.home", lang=language())
    if request.endpoint == "compare.home":
        said: Structured = {"@type": "WebSite", "name": "Huiswaarts", "url": home}
        return {"@context": "https://schema.org", **said, "inLanguage": lang}
    steps = [("Huiswaarts", home), (unescape(title), canonical(lang))]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, start=1)
        ],
    }


def _pages() -> Iterator[str]:
    lang = language()
    for endpoint in ALWAYS:
        yield url_for(endpoint, lang=lang)
    yield from _read()
    for send in coverage.send_countries(session()):
        for place in _places(send):
            yield from _pages_of(send, place)
    for provider in providers.all_providers(session()).values():
        if provider.status is ProviderStatus.ACTIVE:
            yield url_for("providers.provider", lang=lang, slug=provider.slug)


def _read() -> Iterator[str]:
    """What we wrote ourselves, where it is in this language, and where offers stand."""
    lang = language()
    for endpoint, _name in to_read():
        yield url_for(endpoint, lang=lang)
    for shelf in SHELVES:
        for one in listed(shelf):
            if one.language == lang:
                yield url_for(shelf.one, lang=lang, slug=one.article.facts.slug)


def _pages_of(send: str, place: Destination) -> Iterator[str]:
    """Of one country to send to, if a price is known there."""
    if place.corridor is None:
        return
    lang, to = language(), place.code.lower()
    yield list_address(place.corridor, suggested(place.corridor), currency=place.currency)
    yield url_for(
        "history.corridor",
        lang=lang,
        send_country=send.lower(),
        receive_country=to,
        currency=place.currency,
    )
    if send == SEND_COUNTRY:
        yield url_for("countries.country", lang=lang, code=to)


def _places(send: str) -> list[Destination]:
    covered = coverage.covered(session(), send, clock.now())
    return destinations(covered, reach.reach_from(session(), send), dict(countries()))


def _xml(text: str) -> Response:
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(text, mimetype="application/xml", headers=headers)


def _site() -> str:
    site: str = current_app.extensions["settings"].public_url
    return site
