"""What stands on the pages of news, guides, initiatives and offers, in the language it has."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from babel import Locale
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from app.db import content, offers, providers
from app.db.content import Head
from app.db.to_read import live_now
from app.domain.content import DIRECTORY, LINK, Article, Kind, Version, language_for
from app.domain.money import Money
from app.domain.offer import Offer, OfferWords
from app.domain.reach import SEND_CURRENCY
from app.web import clock
from app.web.database import session
from app.web.locale import LANGUAGES, language
from app.web.markdown import markdown

log = logging.getLogger(__name__)

MOST_LISTED = 100
"""Articles in a list, the newest first."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where articles of some kinds stand. one: the page of a single one."""

    kinds: tuple[Kind, ...]
    listing: str
    one: str
    name: str


NEWS = Shelf((Kind.NEWS,), "read.news", "read.news_item", lazy_gettext("News"))
GUIDES = Shelf((Kind.GUIDE,), "read.guides", "read.guide", lazy_gettext("Guides"))
INITIATIVES = Shelf(
    DIRECTORY, "read.initiatives", "read.initiative", lazy_gettext("Initiatives and partners")
)
PAGES = Shelf((Kind.PAGE,), "", "read.page", "")
SHELVES = (GUIDES, NEWS, INITIATIVES)
OFFERS = ("read.special_offers", lazy_gettext("Special offers"))


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list, in the language that it is given in."""

    article: Article
    language: str
    title: str
    summary: str
    saved_at: datetime

    @property
    def changed_at(self) -> datetime:
        """Since when it stands as it does: aware UTC."""
        return max(self.saved_at, self.article.schedule.publish_at or self.saved_at)


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as a reader sees it."""

    article: Article
    language: str
    title: str
    summary: str
    body: Markup
    source: Markup
    saved_at: datetime

    @property
    def link(self) -> str:
        """Where it leads; "" if that is no place on the web, whatever came into the database."""
        link = self.article.facts.link
        return link if LINK.fullmatch(link) else ""


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """An offer that was approved, in the language that it is given in."""

    number: int
    provider: str
    name: str
    language: str
    words: OfferWords
    offer: Offer
    fee: Money | None


def direction_of(code: str) -> str:
    return Locale(code).text_direction


def own_name(code: str) -> Markup:
    """Of a language, in that language."""
    name = Markup('<span lang="{0}" dir="{1}">{2}</span>')
    return name.format(code, direction_of(code), LANGUAGES.get(code, code))


def listed(shelf: Shelf) -> list[Listed]:
    """The last published first."""
    found = content.live(session(), shelf.kinds, clock.now(), MOST_LISTED)
    return [one for one in map(_listed, found) if one]


def _listed(head: Head) -> Listed | None:
    code = language_for(language(), head.words)
    return Listed(head.article, code, *head.words[code]) if code else None


def found(shelf: Shelf, slug: str) -> Shown | None:
    """What readers see under this address, if anything."""
    article = content.find_by_slug(session(), slug, shelf.kinds)
    if article is None or not article.schedule.is_live(clock.now()):
        return None
    live = {code: text.shown for code, text in article.texts.items() if text.shown is not None}
    code = language_for(language(), live)
    if code is None:
        return None
    version = content.find_version(session(), article.number, code, live[code])
    return shown(article, version) if version else None


def shown(article: Article, version: Version) -> Shown:
    """A version as readers would see it."""
    words = version.words
    return Shown(
        article=article,
        language=version.language,
        title=words.title,
        summary=words.summary,
        body=markdown(words.body),
        source=markdown(article.facts.source),
        saved_at=version.saved_at,
    )


def shown_offers(provider: str | None = None) -> list[ShownOffer]:
    """The first to end first; of one firm, or of all."""
    live = offers.live_offers(session(), clock.now(), provider)
    names = providers.all_providers(session()) if live else {}
    return [one for offer in live if (one := _shown_offer(offer, names[offer.provider].name))]


def _shown_offer(offer: Offer, name: str) -> ShownOffer | None:
    approved = offer.approved
    code = language_for(language(), approved.texts) if approved else None
    if approved is None or code is None:
        return None
    fee = Money(Decimal(approved.fee), SEND_CURRENCY) if approved.fee else None
    return ShownOffer(offer.number, offer.provider, name, code, approved.texts[code], offer, fee)


def to_read() -> list[tuple[str, str]]:
    """Endpoint and name of what has something live, for the foot of every page. A page is worth
    more than its foot: if this cannot be told, the page comes without."""
    try:
        kinds, offered = live_now(session(), clock.now())
    except SQLAlchemyError:
        log.warning("the foot of a page comes without what there is to read", exc_info=True)
        return []
    live = [(one.listing, str(one.name)) for one in SHELVES if kinds.intersection(one.kinds)]
    return [*live, (OFFERS[0], str(OFFERS[1]))] if offered else live
