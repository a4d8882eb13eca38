"""Articles and offers that a test puts there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from app.db import content, offers
from app.db.engine import Database
from app.domain.content import Facts, Kind, Schedule, Words
from app.domain.offer import OfferWords, Terms
from tests.db.made import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def words(title: str, body: str = "What it says.") -> Words:
    return Words(title, f"In short: {title}.", body)


def publish(
    database: Database,
    kind: Kind = Kind.NEWS,
    slug: str = "a-thing",
    *,
    at: datetime | None = NOON - HOUR,
    end: datetime | None = None,
    link: str = "",
    source: str = "",
    checked_on: date | None = None,
    **texts: Words,
) -> int:
    """With a text in each language named, the first one the source; its number."""
    source_language = next(iter(texts))
    facts = Facts(kind, slug, source_language, link, source, checked_on)
    with database.writing() as session:
        number = content.add_article(session, facts)
        assert number is not None
        for language, text in texts.items():
            made_from = None if language == source_language else 1
            content.save_text(session, number, language, text, NOON, base=0, made_from=made_from)
        content.change_article(session, number, 1, facts, Schedule(at, end))
        content.show_newest(session, number)
    return number


TERMS = Terms(
    NOON.date(),
    NOON.date() + 30 * DAY,
    {"en": OfferWords("No fee at first", "Your first transfer is free.", "New customers, once.")},
    to=("MA",),
    fee="0.00",
)


def offer(
    database: Database, firm: str = "alpha", terms: Terms = TERMS, *, approved: bool = True
) -> int:
    with database.writing() as session:
        number = offers.propose(session, firm, terms, NOON, None)
        if approved:
            offers.approve(session, number, terms.hash(), NOON, None)
    return number


def ends(terms: Terms, day: date) -> Terms:
    return replace(terms, ends=day)
