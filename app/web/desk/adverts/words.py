"""What the pages of adverts call things, and why an advert is refused."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext, lazy_gettext

from app.domain.advert import Advert, AdvertState, Refusal, Rule, Sector
from app.domain.money import Money
from app.domain.reach import SEND_CURRENCY
from app.web.locale import LANGUAGES, comma, day, money

SECTORS = {
    Sector.BOOKS_AND_MEDIA: lazy_gettext("Books, newspapers, radio"),
    Sector.CHARITY: lazy_gettext("Charity"),
    Sector.CLOTHING: lazy_gettext("Clothing"),
    Sector.COURSES: lazy_gettext("Courses and schools"),
    Sector.CULTURE: lazy_gettext("Music, theatre, festivals"),
    Sector.FOOD: lazy_gettext("Food and restaurants"),
    Sector.HEALTH: lazy_gettext("Health"),
    Sector.HOUSEHOLD: lazy_gettext("Household"),
    Sector.LEGAL_HELP: lazy_gettext("Legal help"),
    Sector.PUBLIC_BODY: lazy_gettext("Public bodies"),
    Sector.TRAVEL: lazy_gettext("Travel"),
    Sector.WORK: lazy_gettext("Work"),
    Sector.BANK: lazy_gettext("Bank"),
    Sector.MONEY_TRANSFER: lazy_gettext("Money transfer operator"),
    Sector.PAYMENT_INSTITUTION: lazy_gettext("Payment institution"),
    Sector.E_MONEY: lazy_gettext("E-money institution"),
    Sector.MOBILE_MONEY: lazy_gettext("Mobile money"),
    Sector.EXCHANGE_OFFICE: lazy_gettext("Exchange office"),
    Sector.LENDER: lazy_gettext("Lender"),
    Sector.CRYPTO: lazy_gettext("Crypto firm"),
}
STATES = {
    AdvertState.WAITING: lazy_gettext("waits for a second person"),
    AdvertState.APPROVED: lazy_gettext("approved"),
    AdvertState.REJECTED: lazy_gettext("rejected"),
    AdvertState.STOPPED: lazy_gettext("stopped"),
}
TONES = {
    AdvertState.WAITING: "warn",
    AdvertState.APPROVED: "good",
    AdvertState.REJECTED: "bad",
    AdvertState.STOPPED: "",
}
FIELDS = {
    Rule.SECTOR: "sector",
    Rule.NAME: "advertiser",
    Rule.LICENCE: "advertiser",
    Rule.LINK: "link",
}
"""Where it is said that a rule keeps an advert out."""


def why(refusal: Refusal) -> str:
    known = refusal.known
    return {
        Rule.SECTOR: gettext(
            "No adverts of banks, money transfer operators, payment and e-money institutions, "
            "mobile money, exchange offices, lenders or crypto firms: they have an interest in "
            "what we show."
        ),
        Rule.NAME: gettext(
            "This name has that of %(firm)s in it, a firm that sends money. No adverts of such "
            "firms, or of what can be taken for one.",
            firm=known,
        ),
        Rule.LICENCE: gettext(
            "This name is in the register of licences, as %(holder)s. No adverts of whoever has a "
            "licence to send or keep money.",
            holder=known,
        ),
        Rule.LINK: gettext(
            "This link leads to the site of %(firm)s, a firm that sends money. No adverts of such "
            "firms.",
            firm=known,
        ),
    }[refusal.rule]


def link(advert: Advert) -> str:
    return url_for("desk_adverts.advert", number=advert.number)


def paid(one: Advert) -> str:
    return money(Money(one.paid, SEND_CURRENCY))


def said(of: Advert) -> list[tuple[str, str]]:
    """All that stands in an advert, in words."""
    return [
        (gettext("Who pays"), of.advertiser),
        (gettext("Sector"), str(SECTORS[of.sector])),
        (gettext("Title"), of.title),
        (gettext("Text"), of.text),
        (gettext("Link"), of.link),
        (gettext("Languages"), comma().join(LANGUAGES[code] for code in of.languages)),
        (gettext("From"), day(of.starts)),
        (gettext("Until"), day(of.ends)),
        (gettext("Paid"), paid(of)),
    ]
