"""What is counted, in words for operators, and where each name leads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import current_app, url_for
from flask_babel import gettext, lazy_gettext

from app.db.counting import NoteKind
from app.db.traffic import OTHER
from app.domain.corridor import Corridor
from app.domain.suppression import LEAST, Line
from app.domain.traffic import Span, Subject, Whole
from app.web.compare.addresses import list_address, suggested
from app.web.locale import LANGUAGES, country, language

SPANS = {
    Span.DAY: lazy_gettext("Day"),
    Span.WEEK: lazy_gettext("Week"),
    Span.MONTH: lazy_gettext("Month"),
    Span.YEAR: lazy_gettext("Year"),
}
WHOLES = {
    Whole.VISITS: lazy_gettext("Visits"),
    Whole.VIEWS: lazy_gettext("Pages opened"),
    Whole.DEVICES: lazy_gettext("Devices each day"),
    Whole.ANSWERS: lazy_gettext("New answers on an open page"),
    Whole.CLICKS: lazy_gettext("Ways out to a firm"),
}
SUBJECTS = {
    Subject.PAGE: (lazy_gettext("Pages"), lazy_gettext("Kind of page")),
    Subject.CORRIDOR: (lazy_gettext("Corridors asked for"), lazy_gettext("Corridor")),
    Subject.LANGUAGE: (lazy_gettext("Languages"), lazy_gettext("Language")),
    Subject.ORIGIN: (lazy_gettext("Countries that money is sent from"), lazy_gettext("Country")),
    Subject.REFERRER: (lazy_gettext("Sites that readers came from"), lazy_gettext("Site")),
    Subject.CAMPAIGN: (lazy_gettext("Campaigns"), lazy_gettext("Code")),
    Subject.CLICK: (lazy_gettext("Ways out, by firm and place"), lazy_gettext("Firm and place")),
}
PAGES = {
    "compare.home": lazy_gettext("Home"),
    "compare.results": lazy_gettext("Ranked lists"),
    "compare.price": lazy_gettext("One price"),
    "learn.how_we_work": lazy_gettext("How we work"),
    "learn.checks": lazy_gettext("Our self-check"),
    "learn.coverage": lazy_gettext("Which prices we have"),
    "learn.corrections": lazy_gettext("Corrections"),
    "learn.complain": lazy_gettext("Tell us what is wrong"),
    "learn.bot": lazy_gettext("Our robot"),
    "calculate.receipt": lazy_gettext("Check your receipt"),
    "calculate.year": lazy_gettext("A year of sending"),
    "calculate.together": lazy_gettext("Sending together"),
    "providers.index": lazy_gettext("All firms"),
    "providers.provider": lazy_gettext("One firm"),
    "countries.country": lazy_gettext("One country"),
    "countries.other_ways": lazy_gettext("Other ways to send"),
    "history.corridor": lazy_gettext("How prices moved"),
    "counting.how_we_count": lazy_gettext("How we count"),
    "read.guides": lazy_gettext("All guides"),
    "read.guide": lazy_gettext("One guide"),
    "read.news": lazy_gettext("All news"),
    "read.news_item": lazy_gettext("One piece of news"),
    "read.special_offers": lazy_gettext("Special offers"),
    "learn.report": lazy_gettext("What came of a report"),
    "offline.without_connection": lazy_gettext("Without a connection"),
}
"""Kinds of pages by endpoint; one that is not here is shown by its endpoint."""

NOTES = {
    NoteKind.REASON: lazy_gettext("Reason"),
    NoteKind.KEY: lazy_gettext(
        "The key of the day was lost or not shared: devices may be counted twice."
    ),
    NoteKind.WRITE: lazy_gettext("Counts could not be written for a while. They were kept."),
    NoteKind.LATE: lazy_gettext("Counts came after the day was closed: some devices are missing."),
}


def count_of(cell: Line) -> object:
    """A number as it is told, or why it is not."""
    return under() if cell.count is None else cell.count


def under() -> str:
    return gettext("under %(least)s", least=LEAST)


def name_of(subject: Subject, name: str | None) -> str:
    if name is None:
        return gettext("not listed: under %(least)s, or held back with one that is", least=LEAST)
    if name == OTHER:
        return gettext("the end of a long list")
    found = NAMES.get(subject)
    return found(name) if found else name


def leads_to(subject: Subject, name: str | None) -> str | None:
    """The page that a number is about; None where there is no single one."""
    found = WAYS.get(subject)
    return None if found is None or name in (None, OTHER) else found(str(name))


def _corridor(name: str) -> str:
    corridor = Corridor(*name.split("-"))
    return list_address(corridor, suggested(corridor), currency=corridor.receive_currency)


def _page(name: str) -> str | None:
    """Those of which there is but one."""
    rule = next(current_app.url_map.iter_rules(name), None) if name in PAGES else None
    return url_for(name, lang=language()) if rule and rule.arguments == {"lang"} else None


def _click(name: str) -> str:
    return url_for("providers.provider", lang=language(), slug=name.rpartition(" ")[0])


def _work(endpoint: str, _name: str) -> str | None:
    return url_for(endpoint) if endpoint in current_app.view_functions else None


WAYS: dict[Subject, Callable[[str], str | None]] = {
    Subject.CORRIDOR: _corridor,
    Subject.PAGE: _page,
    Subject.CLICK: _click,
    Subject.CAMPAIGN: partial(_work, "desk_campaigns.index"),
}


def _corridor_name(name: str) -> str:
    send, send_currency, receive, currency = name.split("-")
    return f"{country(send)} ({send_currency}) → {country(receive)} ({currency})"


def _click_name(name: str) -> str:
    firm, _space, place = name.rpartition(" ")
    if place == "0":
        return gettext("%(firm)s, on no list", firm=firm)
    return gettext("%(firm)s, place %(place)s", firm=firm, place=place)


NAMES: dict[Subject, Callable[[str], str]] = {
    Subject.PAGE: lambda name: str(PAGES.get(name, name)),
    Subject.LANGUAGE: lambda name: LANGUAGES.get(name, name),
    Subject.ORIGIN: country,
    Subject.CORRIDOR: _corridor_name,
    Subject.CLICK: _click_name,
}
