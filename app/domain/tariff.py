"""Tariffs: price lists that firms publish on paper or on a page, and the quotes they make.

A list states fees, and sometimes how far the firm's rate lies below the mid rate. With that
margin there is a price at any mid rate; without it there is none: a margin that is not
published is unknown, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.corridor import Corridor
from app.domain.fees import FeeSchedule
from app.domain.midrate import MidRate
from app.domain.money import EXACT, Money
from app.domain.quote import Derived, Observed, Precision, Quote, converted
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Service, Speed


class ChargeOption(StrEnum):
    """Who pays the banks between the sender's and the receiver's: both, the sender, the
    receiver; or there are none, because the firm pays out itself."""

    SHA = "SHA"
    OUR = "OUR"
    BEN = "BEN"
    NONE = "none"


class FeeModel(StrEnum):
    """Whether the fee is paid on top of the amount, or taken out of it."""

    ON_TOP = "on_top"
    TAKEN_OUT = "taken_out"


@dataclass(frozen=True, slots=True)
class TariffService:
    """One service of a price list.

    name      as the list calls it, to speak of it
    to        countries (ISO 3166-1 alpha-2); None for every country
    schedule  the fee by amount: the amount sent where the fee comes on top of it, the amount
              paid where it is taken out
    margin    percent of the mid rate that the firm's rate keeps; None is unknown. 0 where the
              currencies are the same
    """

    name: str
    to: frozenset[str] | None
    receive_currency: str
    payment_instruments: tuple[PaymentInstrument, ...]
    access_points: tuple[AccessPoint, ...]
    pickup_methods: tuple[PickupMethod, ...]
    schedule: FeeSchedule
    fee_model: FeeModel
    charges: ChargeOption
    margin: Decimal | None = None
    pay_in: str = ""
    speed: Speed | None = None

    @property
    def less_may_arrive(self) -> bool:
        """Whether banks on the way may take a part, and nobody says how much: the received
        amount of its quotes is then the most that can arrive."""
        return self.charges in (ChargeOption.SHA, ChargeOption.BEN)

    @property
    def title(self) -> str:
        """Tells it apart from its neighbours: "iDEAL", "SHA", "iDEAL, OUR"."""
        option = "" if self.charges is ChargeOption.NONE else self.charges.value
        return ", ".join(part for part in (self.pay_in, option) if part)

    def serves(self, corridor: Corridor) -> bool:
        reached = self.to is None or corridor.receive_country in self.to
        return reached and corridor.receive_currency == self.receive_currency


@dataclass(frozen=True, slots=True)
class Tariff:
    """A price list, as a person copied it.

    provider     the provider's slug
    page         where it is published
    valid_from, valid_until
                 first and last day that it holds; None if it names no last day
    checked_on   the day on which a person last compared it with the page
    checked_by   who that was
    evidence     the file that it was read from, byte for byte
    """

    provider: str
    page: str
    valid_from: date
    valid_until: date | None
    checked_on: date
    checked_by: str
    send_country: str
    send_currency: str
    services: tuple[TariffService, ...]
    evidence: bytes = field(repr=False)

    @property
    def observed(self) -> Observed:
        """The day on which it was last checked."""
        day = self.checked_on
        return Observed(datetime(day.year, day.month, day.day, tzinfo=UTC), Precision.DAY)

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def serving(self, corridor: Corridor) -> list[TariffService]:
        """Its services on a corridor, priced or not, in the list's order."""
        sender = (corridor.send_country, corridor.send_currency)
        if sender != (self.send_country, self.send_currency):
            return []
        return [service for service in self.services if service.serves(corridor)]


@dataclass(frozen=True, slots=True)
class TariffQuote:
    """A quote made from a price list, for the amount `rung` in the send currency.

    less_may_arrive  the received amount is the most that can arrive, not what will
    """

    quote: Quote
    rung: Decimal
    less_may_arrive: bool


def tariff_quotes(
    tariff: Tariff, corridor: Corridor, mid: MidRate, rungs: Iterable[Decimal]
) -> Iterator[TariffQuote]:
    """What a price list charges on a corridor, service by service and rung by rung.

    The rate is the mid rate less the margin and what arrives is rounded down; both are marked
    as derived. No quote for a service whose margin is unknown, for an amount outside its
    schedule, or for one so small that nothing arrives. Ask `in_force` first.
    """
    amounts = [Money(rung, corridor.send_currency) for rung in rungs]
    for service in tariff.serving(corridor):
        if service.margin is None:
            continue
        rate = _rate(mid, service.margin)
        for amount in amounts:
            if service.schedule.covers(amount):
                yield from _quote(tariff.provider, service, corridor, rate, amount)


def _rate(mid: MidRate, margin: Decimal) -> Decimal:
    kept = EXACT.divide(EXACT.subtract(Decimal(100), margin), Decimal(100))
    return EXACT.multiply(mid.rate, kept)


def _quote(
    provider: str, listed: TariffService, corridor: Corridor, rate: Decimal, amount: Money
) -> Iterator[TariffQuote]:
    fee = listed.schedule.fee(amount)
    on_top = listed.fee_model is FeeModel.ON_TOP
    paid = amount + fee if on_top else amount
    arrives = Money(converted(paid - fee, rate), corridor.receive_currency).floor()
    if not (paid > fee and arrives.amount > 0):
        return
    quote = Quote(
        service=Service(
            provider,
            corridor,
            listed.payment_instruments,
            listed.access_points,
            listed.pickup_methods,
            pay_in=listed.title,
            speed=listed.speed,
        ),
        paid=paid,
        fee=fee,
        received=arrives,
        rate=rate,
        derived=frozenset({Derived.RATE, Derived.RECEIVED}),
        schedule=listed.schedule if on_top else None,
    )
    yield TariffQuote(quote, amount.amount, listed.less_may_arrive)
