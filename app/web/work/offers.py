"""How offers are named where they are worked on."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext, lazy_gettext

from app.domain.content import language_for
from app.domain.offer import Offer, OfferState, OfferWords, Terms
from app.web import clock
from app.web.locale import LANGUAGES, comma, country, day, language

STATES = {
    OfferState.WAITING: (lazy_gettext("to be read"), "warn"),
    OfferState.REFUSED: (lazy_gettext("refused"), "bad"),
    OfferState.COMING: (lazy_gettext("approved, not begun yet"), "good"),
    OfferState.LIVE: (lazy_gettext("readers see it"), "good"),
    OfferState.ENDED: (lazy_gettext("ended"), ""),
    OfferState.WITHDRAWN: (lazy_gettext("withdrawn"), ""),
}
"""Words and tone."""


def state_of(offer: Offer) -> OfferState:
    return offer.state(clock.now().date())


def title_of(offer: Offer) -> str:
    """In the language of who reads it, or another."""
    code = language_for(language(), offer.newest.texts)
    return offer.newest.texts[code].title if code else str(offer.number)


def countries_of(terms: Terms) -> str:
    return comma().join(map(country, terms.to)) or gettext("All countries")


def lines(terms: Terms) -> list[tuple[str, str]]:
    """All that it says, in rows: for who reads it, and to set two of them beside each other."""
    return list(_lines(terms))


def _lines(terms: Terms) -> Iterator[tuple[str, str]]:
    yield gettext("Sending to"), countries_of(terms)
    yield gettext("First day"), day(terms.starts)
    yield gettext("Last day of it"), day(terms.ends)
    yield gettext("Fee in euro"), terms.fee
    yield gettext("Exchange rate of it"), terms.rate
    for code in LANGUAGES:
        text = terms.texts.get(code, OfferWords("", "", ""))
        if code in terms.texts:
            yield f"{LANGUAGES[code]}: {gettext('Title')}", text.title
            yield f"{LANGUAGES[code]}: {gettext('What it is')}", text.words
            yield f"{LANGUAGES[code]}: {gettext('Terms of it')}", text.terms


def beside(theirs: Terms, mine: Terms) -> list[tuple[str, str, str]]:
    """Two of them, line by line."""
    one, other = dict(lines(theirs)), dict(lines(mine))
    return [
        (label, one.get(label, ""), other.get(label, "")) for label in dict.fromkeys([*one, *other])
    ]
