"""Adverts: who may never have one here, and when one runs.

Whoever lives by sending, keeping, changing or lending money has an interest in what we show, and
may not pay for it. An advertiser says its sector from a list; a name that is known as a firm that
sends money, or that a register of licences has, is refused whatever sector it says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlsplit

from app.domain.licence import plain

LONGEST_TITLE = 60
LONGEST_TEXT = 240
LONGEST_NAME = 120
LONGEST_LINK = 300
LONGEST_REASON = 500
LONGEST_RUN_DAYS = 366
MOST_PAID = Decimal(1_000_000)
"""In euro, for one advert."""


class Sector(StrEnum):
    """What an advertiser lives by. The list is closed: what is not in it cannot advertise."""

    BOOKS_AND_MEDIA = "books_and_media"
    CHARITY = "charity"
    CLOTHING = "clothing"
    COURSES = "courses"
    CULTURE = "culture"
    FOOD = "food"
    HEALTH = "health"
    HOUSEHOLD = "household"
    LEGAL_HELP = "legal_help"
    PUBLIC_BODY = "public_body"
    TRAVEL = "travel"
    WORK = "work"
    BANK = "bank"
    MONEY_TRANSFER = "money_transfer"
    PAYMENT_INSTITUTION = "payment_institution"
    E_MONEY = "e_money"
    MOBILE_MONEY = "mobile_money"
    EXCHANGE_OFFICE = "exchange_office"
    LENDER = "lender"
    CRYPTO = "crypto"


REFUSED = frozenset(
    {
        Sector.BANK,
        Sector.MONEY_TRANSFER,
        Sector.PAYMENT_INSTITUTION,
        Sector.E_MONEY,
        Sector.MOBILE_MONEY,
        Sector.EXCHANGE_OFFICE,
        Sector.LENDER,
        Sector.CRYPTO,
    }
)
"""They stand in the list so that who belongs to one is told no, and does not pick what is near."""


class AdvertState(StrEnum):
    """WAITING for a second person; APPROVED; REJECTED by that person; STOPPED after it ran."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    STOPPED = "stopped"


class Rule(StrEnum):
    """By which rule an advert is refused. NAME: the advertiser's name has that of a firm that
    sends money in it; LINK: it leads to such a firm's site; LICENCE: a register of licences has a
    holder of that name."""

    SECTOR = "sector"
    NAME = "name"
    LICENCE = "licence"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`known` is the name or site that was met; "" for a sector."""

    rule: Rule
    known: str = ""


@dataclass(frozen=True, slots=True)
class Advert:
    """languages: codes of the pages on which it may stand; starts, ends: its first and last day;
    paid: in euro, for everyone to read; made_by, decided_by: numbers of accounts."""

    advertiser: str
    sector: Sector
    title: str
    text: str
    link: str
    languages: tuple[str, ...]
    starts: date
    ends: date
    paid: Decimal
    number: int = 0
    version: int = 1
    state: AdvertState = AdvertState.WAITING
    reason: str = ""
    made_by: int | None = None
    decided_by: int | None = None
    approved_at: datetime | None = None
    stopped_at: datetime | None = None

    def is_due(self, day: date) -> bool:
        return self.state is AdvertState.APPROVED and self.starts <= day <= self.ends


@dataclass(frozen=True, slots=True)
class Interested:
    """Whom the rule keeps out: firms that send money, and holders of licences.

    firms    plain name of a firm, as it or a source writes it -> the firm's name
    holders  plain name of the holder of a licence -> as the register writes it
    sites    host of a firm's site -> the firm's name
    """

    firms: Mapping[str, str]
    holders: Mapping[str, str]
    sites: Mapping[str, str]


FORMS = frozenset(
    {
        *("ab", "ag", "as", "asa", "bv", "bvba", "cv", "eood", "gmbh", "inc", "kg", "limited"),
        *("llc", "llp", "ltd", "nv", "oy", "plc", "sa", "sab", "sarl", "sas", "se", "sia"),
        *("spa", "srl", "sro", "uab", "vof"),
    }
)
"""Words of a name that only say what kind of company it is."""

LINK = re.compile(r"https://[!#-&(-;=?-\[\]-~]+")
"""Printable ASCII without quotes, brackets of HTML and backslashes."""

LEGAL = re.compile(r"\b([a-z])\s(?=[a-z]\b)")
"""Between single letters: "s a" is "sa"."""


def is_latin(name: str) -> bool:
    """Whether a name has only plain letters, with or without accents. A letter of another script
    that looks like ours would make another name of it, and a known firm would not be met."""
    parts = unicodedata.normalize("NFKD", name)
    return all(sign.isascii() or unicodedata.combining(sign) for sign in parts)


def bare(name: str) -> str:
    """A firm's name without accents, marks and the kind of company: "Wise Europe S.A." is
    "wise europe". As it is where nothing would be left."""
    words = LEGAL.sub(r"\1", plain(name)).split()
    return " ".join(word for word in words if word not in FORMS) or " ".join(words)


def refused_by(advert: Advert, interested: Interested) -> Refusal | None:
    """The rule that keeps an advert out, if any."""
    if advert.sector in REFUSED:
        return Refusal(Rule.SECTOR)
    firm = _in_it(advert.advertiser, interested.firms)
    if firm:
        return Refusal(Rule.NAME, firm)
    holder = _in_it(advert.advertiser, interested.holders)
    if holder:
        return Refusal(Rule.LICENCE, holder)
    site = _site(advert.link, interested.sites)
    return Refusal(Rule.LINK, site) if site else None


def _in_it(name: str, known: Mapping[str, str]) -> str:
    """The first known name whose words stand in `name`, one after another, or that is it but for
    spaces; "" if there is none. "Wise Owl Books" has Wise in it: no reader knows better."""
    inside = f" {bare(name)} "
    joined = inside.replace(" ", "")
    for one, called in sorted(known.items()):
        words = bare(one)
        if words and (f" {words} " in inside or words.replace(" ", "") == joined):
            return called
    return ""


def _site(link: str, sites: Mapping[str, str]) -> str:
    host = host_of(link)
    for site, called in sorted(sites.items()):
        if host == site or host.endswith(f".{site}"):
            return called
    return ""


def host_of(link: str) -> str:
    """Without "www."; "" if it is no address."""
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


def is_safe_link(link: str) -> bool:
    """An https address of a named site, without a user's name, a port or odd signs in it."""
    if len(link) > LONGEST_LINK or not LINK.fullmatch(link):
        return False
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return False
    named = re.fullmatch(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]+", (parts.hostname or ""))
    return bool(named) and port is None and "@" not in parts.netloc


@dataclass(frozen=True, slots=True)
class Switched:
    """Adverts as a whole: turned on or off, when (aware UTC), why and by whom."""

    is_on: bool
    at: datetime
    reason: str
    by: str = ""


def is_on(switches: Sequence[Switched]) -> bool:
    """As the newest says; off until somebody turned adverts on. Oldest first."""
    return bool(switches) and switches[-1].is_on


@dataclass(frozen=True, slots=True)
class Ran:
    """The days on which an advert could be seen, the first and the last."""

    first: date
    last: date


def ran(advert: Advert, switches: Sequence[Switched], now: datetime) -> list[Ran]:
    """When an advert could be seen, up to `now` (aware UTC), oldest first. `switches` are all of
    them, oldest first."""
    if advert.approved_at is None:
        return []
    until = min(advert.stopped_at or now, now)
    found = []
    for since, end in _on(switches, until):
        first = max(since, advert.approved_at)
        if first > end:
            continue
        days = Ran(max(first.date(), advert.starts), min(end.date(), advert.ends))
        if days.first <= days.last:
            found.append(days)
    return found


def _on(switches: Sequence[Switched], until: datetime) -> Iterable[tuple[datetime, datetime]]:
    """Stretches of time in which adverts were on."""
    since: datetime | None = None
    for one in switches:
        if one.is_on and since is None:
            since = one.at
        elif not one.is_on and since is not None:
            yield since, min(one.at, until)
            since = None
    if since is not None:
        yield since, until


def todays(adverts: Iterable[Advert], language: str, day: date) -> Advert | None:
    """The one that stands on the pages of a language on a day: each in its turn, one a day, the
    same for every reader."""
    due = sorted(
        (one for one in adverts if one.is_due(day) and language in one.languages),
        key=lambda one: one.number,
    )
    return due[day.toordinal() % len(due)] if due else None
