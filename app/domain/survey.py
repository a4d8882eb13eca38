"""The World Bank's survey of remittance prices: what one row of it says.

The survey gives the amount sent, the fee on top of it and the exchange margin. It records
neither the rate nor what arrived nor in which currency, so a quote made from it derives them.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

from app.domain.corridor import Corridor
from app.domain.midrate import MidRate
from app.domain.money import EXACT, Money
from app.domain.provider import ProviderKind
from app.domain.quote import (
    Derived,
    IncoherentQuote,
    Observed,
    Origin,
    Precision,
    Price,
    Quote,
)
from app.domain.service import (
    AccessPoint,
    Coverage,
    PaymentInstrument,
    PickupMethod,
    Service,
    Speed,
)

PERIOD = re.compile(r"(20\d\d)_([1-4])Q", re.ASCII)

PRICE_POINTS = (200, 500)
"""The two amounts, in US dollars, at which the survey asks every price."""


class UnknownPeriod(ValueError):
    """Not a survey round. `str()` says how to write one."""


def quarter_start(period: str) -> datetime:
    """The first moment of "2025_3Q", in UTC. Raises UnknownPeriod."""
    found = PERIOD.fullmatch(period)
    if not found:
        raise UnknownPeriod(f"a survey round is written like 2025_3Q, not {period[:40]!r}")
    return datetime(int(found[1]), 3 * int(found[2]) - 2, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tier:
    """The price at one price point. `margin` is in percent of the mid rate, fee on top of sent."""

    sent: Money
    fee: Money
    margin: Decimal

    @property
    def total_percent(self) -> Decimal:
        """RPW total cost: fee / sent x 100 + margin. The World Bank's convention."""
        share = EXACT.divide(EXACT.multiply(self.fee.amount, Decimal(100)), self.sent.amount)
        return EXACT.add(share, self.margin)

    def quote(self, service: Service, mid: MidRate) -> Quote:
        """A quote at today's mid rate, less the survey's margin; what arrives is rounded down.

        Rate, received and pay-out currency are ours, and are marked as derived. Raises
        IncoherentQuote where so little is sent that nothing arrives.
        """
        kept = EXACT.divide(EXACT.subtract(Decimal(100), self.margin), Decimal(100))
        rate = EXACT.multiply(mid.rate, kept)
        arrives = EXACT.multiply(self.sent.amount, rate)
        return Quote(
            service=service,
            paid=self.sent + self.fee,
            fee=self.fee,
            received=Money(arrives, service.corridor.receive_currency).floor(),
            rate=rate,
            derived=frozenset(Derived),
        )


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One service in one round. Countries are ISO 3166-1 alpha-2; `row` is the file's own id.

    tiers        by price point, 200 and 500 US dollars; one may be missing
    transparent  whether the provider disclosed its rate; if not, the margin is unknown
    surveyed_on  None where the file does not say
    raw          the row as the file has it, column by column; {} when read back from the
                 database, where it is kept apart as evidence
    """

    row: str
    period: str
    send_country: str
    receive_country: str
    firm: str
    firm_types: tuple[ProviderKind, ...]
    payment_instruments: tuple[PaymentInstrument, ...]
    access_points: tuple[AccessPoint, ...]
    pickup_methods: tuple[PickupMethod, ...]
    speed: Speed | None
    coverage: Coverage | None
    transparent: bool
    surveyed_on: date | None
    tiers: dict[int, Tier]
    raw: dict[str, str]

    @property
    def evidence(self) -> bytes:
        """The raw row with its column names, as CSV in UTF-8."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.raw.keys())
        writer.writerow(self.raw.values())
        return text.getvalue().encode()

    @property
    def currency(self) -> str:
        """Of the amounts sent."""
        return next(iter(self.tiers.values())).sent.currency

    @property
    def observed(self) -> Observed:
        """The day of the survey, or its quarter where the day is not recorded."""
        if self.surveyed_on is None:
            return Observed(quarter_start(self.period), Precision.QUARTER)
        day = self.surveyed_on
        return Observed(datetime(day.year, day.month, day.day, tzinfo=UTC), Precision.DAY)


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A row, whose it is, and the sha256 of its raw text."""

    row: SurveyRow
    provider: str
    evidence: str


def survey_prices(
    corridor: Corridor, rows: Iterable[Surveyed], mid: MidRate, source: str, findings: list[str]
) -> Iterator[Price]:
    """The prices that the rows of one corridor give, one per tier, in the rows' order.

    A row that hides its exchange rate gives none: its margin of 0 means unknown. Services that
    the survey lists twice, alike in all but their price, are told apart by their order. A tier
    that makes no coherent quote is left out, and a sentence about it is added to `findings`.
    """
    seen: Counter[tuple[object, ...]] = Counter()
    for one in rows:
        row = one.row
        if not row.transparent:
            continue
        service = _service(one, corridor)
        seen[service.identity] += 1
        service = replace(service, variant=seen[service.identity])
        for tier in row.tiers.values():
            try:
                quote = tier.quote(service, mid)
            except IncoherentQuote as error:
                findings.append(f"{corridor.slug}, survey row {row.row}: not shown, {error}")
                continue
            yield Price(
                quote=quote,
                source=source,
                origin=Origin.SURVEY,
                observed=row.observed,
                mid=mid,
                evidence=one.evidence,
                rung=tier.sent.amount,
            )


def _service(one: Surveyed, corridor: Corridor) -> Service:
    row = one.row
    return Service(
        one.provider,
        corridor,
        row.payment_instruments,
        row.access_points,
        row.pickup_methods,
        speed=row.speed,
        coverage=row.coverage,
    )


def percent(value: Decimal) -> Decimal:
    """To two places, halves up: how percentages are published. Never -0.00."""
    return EXACT.plus(value.quantize(Decimal("0.01"), ROUND_HALF_UP, EXACT))
