"""A source on trial: what it reads when all is well, and what is wrong with what it reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic, TypeVar

from app.domain.corridor import Corridor
from app.domain.fees import BadSchedule
from app.domain.gates import completeness, duplicates
from app.domain.licence import LicenceEntry
from app.domain.midrate import MidRate, MidReading, NoMidRate, mid_rate
from app.domain.quote import IncoherentQuote, Promotion, Quote
from scrapers import RATES
from scrapers.contract import Ask, LicenceSource, Offer, PriceSource, RateSource, SourceError
from scrapers.http import Client
from tests.domain.gated import Collector
from tests.lab.direct import DirectHttp, endpoints
from tests.lab.world import World

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SLOT = timedelta(minutes=15)
READINGS = 3
"""So often a wrong answer is read: gates that let a second equal reading pass are no help."""

OFF = Decimal("0.001")
"""A price is wrong if it is so much off, as a share of what arrives for what is paid."""


def _asks(*places: tuple[str, str]) -> tuple[Ask, ...]:
    return tuple(Ask(Corridor("NL", "EUR", *place), Decimal(1000)) for place in places)


TURKEY, INDIA, COLOMBIA, PAKISTAN = ("TR", "TRY"), ("IN", "INR"), ("CO", "COP"), ("PK", "PKR")
ASKS = {"sendwave": _asks(INDIA, TURKEY), "taptap_send": _asks(TURKEY, COLOMBIA, PAKISTAN)}
"""Where a campaign runs and where none does; without a fee, with one, and with tiers."""


Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is not as when all is well. held: nobody would see it."""

    says: str
    held: bool


def hosts_of(slug: str) -> list[str]:
    """A module that begins like a source's is its lab endpoint, or its second one."""
    names = {module.__name__.rpartition(".")[2]: str(module.HOST) for module in endpoints()}
    return [host for name, host in names.items() if name in (slug, f"{slug}_pages")]


class Trial(ABC, Generic[Answer]):
    """One source. `well` is what it reads when all is well."""

    well: Answer
    world: World

    def __init__(self, slug: str) -> None:
        self.slug, self.hosts = slug, hosts_of(slug)

    @abstractmethod
    def ask(self, client: Client) -> Answer:
        """One run of the source. Raises SourceError, IncoherentQuote and BadSchedule."""

    @abstractmethod
    def wrongs(self, found: Answer) -> list[Wrong]:
        """None if it is all right."""

    def get_ready(self, client: Client, world: World) -> None:
        """Read what is right in this world."""
        self.well, self.world = self.ask(client), world

    def frozen(self, answers: Sequence[tuple[World, Answer]]) -> list[Wrong]:
        """What is wrong with one answer, given again and again while the world moved. Here it
        tells its own time, and was right then."""
        return [one for _, answer in answers for one in self.wrongs(answer)]


class PriceTrial(Trial[list[Offer]]):
    """Gates look at each price, after a good reading and without anybody else's."""

    def __init__(self, source: PriceSource) -> None:
        super().__init__(source.SLUG)
        self.source = source
        self.questions = ASKS.get(source.SLUG, _asks(TURKEY))

    def ask(self, client: Client) -> list[Offer]:
        """What it says to any of the questions; what it raised last if to none."""
        http = client.asking(self.slug, self.source.BUDGET)
        found: list[Offer] = []
        for question in self.questions:
            try:
                found += self.source.fetch(http, question)
            except (SourceError, IncoherentQuote, BadSchedule):
                if question is self.questions[-1] and not found:
                    raise
        return found

    def wrongs(self, found: list[Offer]) -> list[Wrong]:
        lost = completeness(len(found), [len(self.well)]) is not None
        twice = duplicates([offer.quote for offer in found])
        known = {offer.quote.service.identity: offer for offer in self.well}
        wrong = []
        for place, offer in enumerate(found):
            good = known.get(offer.quote.service.identity)
            says = "a service at two prices" if place in twice else _difference(offer, good)
            if says:
                wrong.append(Wrong(says, lost or place in twice or self._held(offer, good)))
        return wrong

    def _held(self, offer: Offer, good: Offer | None) -> bool:
        """Whether each of several readings is held, after a good one."""
        collector, mid = Collector(), _mid(self.world, offer)
        if good is not None:
            before = good.stated_at and good.stated_at - SLOT
            findings = collector.read(good.quote, mid, NOW - SLOT, before)
            assert not any(one.holds for one in findings), f"{self.slug}: what is right is held"
        return all(
            any(one.holds for one in collector.read(offer.quote, mid, at, stated_at))
            for at, stated_at in _moments(offer)
        )

    def frozen(self, answers: Sequence[tuple[World, list[Offer]]]) -> list[Wrong]:
        """Whether the last reading of each service is held."""
        wrong = []
        for offer in answers[0][1]:
            collector, findings = Collector(), []
            for place, (world, offers) in enumerate(answers):
                same = next(one for one in offers if one.quote.service == offer.quote.service)
                findings = collector.read(
                    same.quote,
                    _mid(world, same),
                    NOW + place * SLOT,
                    same.stated_at,
                    same.reply.sha256,
                )
            says = f"{offer.quote.service.provider}: {offer.quote.rate} for ever"
            wrong.append(Wrong(says, any(one.holds for one in findings)))
        return wrong


class RateTrial(Trial[list[MidReading]]):
    """Held is a rate that the other sources do not let become the mid rate."""

    def __init__(self, source: RateSource) -> None:
        super().__init__(source.SLUG)
        self.source = source
        self.others: list[MidReading] = []

    def ask(self, client: Client) -> list[MidReading]:
        return self.source.fetch(client.asking(self.slug, self.source.BUDGET))

    def get_ready(self, client: Client, world: World) -> None:
        super().get_ready(client, world)
        for other in RATES:
            if self.slug != other.SLUG:
                self.others += other.fetch(DirectHttp(world))

    def wrongs(self, found: list[MidReading]) -> list[Wrong]:
        known = {one.currency: one for one in self.well}
        return [
            Wrong(f"{one.currency}: {one.rate}", self._outvoted(one.currency, found))
            for one in found
            if abs(one.rate / known[one.currency].rate - 1) > OFF
            or one.observed_at > known[one.currency].observed_at
        ]

    def _outvoted(self, currency: str, found: list[MidReading]) -> bool:
        try:
            made = mid_rate("EUR", currency, [*self.others, *found]).rate
        except NoMidRate:
            return True
        right = mid_rate("EUR", currency, [*self.others, *self.well]).rate
        return abs(made / right - 1) <= OFF


class LicenceTrial(Trial[list[LicenceEntry]]):
    """Licences are the same, or they are wrong."""

    def __init__(self, source: LicenceSource) -> None:
        super().__init__(source.SLUG)
        self.source = source

    def ask(self, client: Client) -> list[LicenceEntry]:
        with TemporaryDirectory() as folder:
            http = client.asking(self.slug, self.source.BUDGET)
            return list(self.source.fetch(http, Path(folder), ()))

    def wrongs(self, found: list[LicenceEntry]) -> list[Wrong]:
        return [] if found == self.well else [Wrong("other licences", held=False)]


def _mid(world: World, offer: Offer) -> MidRate:
    return MidRate(world.mid(offer.quote.received.currency), ("lab",), NOW)


def _moments(offer: Offer) -> list[tuple[datetime, datetime | None]]:
    """When it is read, and what time it states then."""
    steps = [place * SLOT for place in range(READINGS)]
    return [(NOW + step, offer.stated_at and offer.stated_at + step) for step in steps]


def _difference(offer: Offer, good: Offer | None) -> str:
    quote = offer.quote
    if good is None:
        return f"{_told(quote)}: a service that is not there"
    if offer.stated_at != good.stated_at:
        return f"{_told(quote)}: of {offer.stated_at}, not of {good.stated_at}"
    amounts = (quote.paid.amount, good.quote.paid.amount)
    if _off(*amounts) or _off(_arrives(quote), _arrives(good.quote)):
        return f"{_told(quote)}: not {_told(good.quote)}"
    mine, theirs = quote.promotion, good.quote.promotion
    if (mine is None) != (theirs is None):
        return f"{_told(quote)}: a promotion {'more' if mine else 'less'}"
    if mine and theirs and _off(_offered(mine), _offered(theirs)):
        return f"{_told(quote)}: another promotion, {mine.rate} for {theirs.rate}"
    return ""


def _told(quote: Quote) -> str:
    return f"{quote.received} for {quote.paid} at {quote.rate}"


def _arrives(quote: Quote) -> Decimal:
    return quote.received.amount / quote.paid.amount


def _offered(promotion: Promotion) -> Decimal:
    return promotion.received.amount


def _off(found: Decimal, right: Decimal) -> bool:
    return abs(found / right - 1) > OFF
