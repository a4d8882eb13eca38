"""What tests of the domain share: example values, and Hypothesis strategies for more of them."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from app.domain.corridor import Corridor
from app.domain.currencies import MINOR_DIGITS
from app.domain.fees import FeeSchedule, FeeTier
from app.domain.ladder import Answer, Ladder
from app.domain.midrate import MidRate
from app.domain.money import Money
from app.domain.provider import Licence, Provider, ProviderKind
from app.domain.quote import Observed, Origin, Precision, Price, Promotion, Quote
from app.domain.service import (
    AccessPoint,
    Coverage,
    PaymentInstrument,
    PickupMethod,
    Service,
    Speed,
)

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CENT = Decimal("0.01")

MOROCCO = Corridor("NL", "EUR", "MA", "MAD")
SENEGAL = Corridor("NL", "EUR", "SN", "XOF")
TUNISIA = Corridor("NL", "EUR", "TN", "TND")
FROM_JAPAN = Corridor("JP", "JPY", "GB", "GBP")
SERVICE = Service(
    "wise",
    MOROCCO,
    (PaymentInstrument.BANK_ACCOUNT_TRANSFER,),
    (AccessPoint.INTERNET,),
    (PickupMethod.BANK_ACCOUNT,),
    speed=Speed.NEXT_DAY,
    coverage=Coverage.HIGH,
)
MID = MidRate(Decimal("10.96078761"), ("fawazahmed0",), datetime(2026, 9, 29, tzinfo=UTC))


def euro(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def dirham(text: str) -> Money:
    return Money(Decimal(text), "MAD")


def provider(slug: str = "wise", **changes: Any) -> Provider:
    return replace(Provider(slug, slug.title(), ProviderKind.MTO), **changes)


def quote(
    paid: str, fee: str, received: str, rate: str, service: Service = SERVICE, **others: Any
) -> Quote:
    """Amounts in the currencies of the service's corridor."""
    send, receive = service.corridor.send_currency, service.corridor.receive_currency
    return Quote(
        service,
        Money(Decimal(paid), send),
        Money(Decimal(fee), send),
        Money(Decimal(received), receive),
        Decimal(rate),
        **others,
    )


def price(of: Quote, **changes: Any) -> Price:
    made = Price(of, "wise", Origin.LIVE, Observed(NOW), MID, "ab12", of.paid.amount)
    return replace(made, **changes)


def ladder(*rungs: tuple[str, str, str, str], service: Service = SERVICE) -> Ladder:
    """Each rung as paid, fee, received, rate."""
    return Ladder([price(quote(*rung, service)) for rung in rungs])


def answer(of: Price) -> Answer:
    return Answer(of.quote.paid, of.quote.fee, of.quote.received, (of,))


def survey_file() -> list[dict[str, str]]:
    """The shipped survey, read plainly."""
    with (ROOT / "data/rpw/rpw_nl_2025_3Q.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shipped_mid(currency: str) -> MidRate:
    """The mid rate of one euro in the shipped feed file."""
    path = ROOT / "data/fx/fawazahmed0_eur_2026-09-29.json"
    rates = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["eur"]
    return MidRate(rates[currency.lower()], ("fawazahmed0",), datetime(2026, 9, 29, tzinfo=UTC))


currencies = st.sampled_from(sorted(MINOR_DIGITS))
amounts = st.decimals(-(10**12), 10**12, places=6)


@st.composite
def money(draw: st.DrawFn, currency: str | None = None) -> Money:
    return Money(draw(amounts), currency or draw(currencies))


@st.composite
def whole_money(draw: st.DrawFn, low: Money, high: Money) -> Money:
    """A whole number of minor units from `low` to `high`, both included."""
    unit = low.minor_unit
    first, last = (int(one.amount / unit) for one in (low.ceiling(), high.floor()))
    return Money(unit * draw(st.integers(first, last)), low.currency)


@st.composite
def coherent_quotes(
    draw: st.DrawFn, service: Service | None = None, near: Decimal | None = None
) -> Quote:
    """Quotes as sources give them: any fee, what arrives rounded in any direction, or by the
    source's own habit up to a minor unit of the send currency."""
    corridor = draw(st.sampled_from([MOROCCO, SENEGAL, TUNISIA, FROM_JAPAN]))
    service = service or replace(SERVICE, corridor=corridor)
    unit = Money(Decimal(0), service.corridor.send_currency).minor_unit
    units = draw(st.integers(1_000, 300_000))
    fee = draw(st.one_of(st.integers(0, 600), st.integers(0, units * 9 // 10)))
    rate = draw(st.decimals("0.0900", "900", places=4))
    if near is not None:
        rate = (near * draw(st.decimals("0.9000", "1.1000", places=4))).quantize(Decimal("1E-6"))
    exactly = unit * (units - fee) * rate
    rounding = draw(st.sampled_from([ROUND_FLOOR, ROUND_HALF_UP, ROUND_CEILING]))
    grain = Decimal(10) ** -MINOR_DIGITS[service.corridor.receive_currency]
    habit = draw(st.booleans()) and exactly > 10 * unit * rate > 100 * grain
    received = (exactly - unit * rate * Decimal("0.9") if habit else exactly).quantize(
        grain, rounding
    )
    return Quote(
        service,
        Money(unit * units, service.corridor.send_currency),
        Money(unit * fee, service.corridor.send_currency),
        Money(max(received, grain), service.corridor.receive_currency),
        rate,
    )


@st.composite
def schedules(draw: st.DrawFn) -> FeeSchedule:
    """Up to three tiers whose fees rise or fall, fixed or in percent; whole cents."""
    cents = st.integers(0, 1_000).map(lambda number: number * CENT)
    starts = draw(st.lists(st.integers(1, 90_000), max_size=2, unique=True).map(sorted))
    tiers = tuple(
        FeeTier(
            start * CENT,
            fixed=draw(cents),
            percent=draw(st.sampled_from(["0", "0.35", "1.5", "2.9"]).map(Decimal)),
            minimum=draw(st.none() | cents),
        )
        for start in [0, *starts]
    )
    lowest = draw(st.integers(0, 50_000))
    return FeeSchedule(tiers, lowest * CENT, (lowest + draw(st.integers(1, 100_000))) * CENT)


@st.composite
def ladder_prices(draw: st.DrawFn, least: int = 1) -> list[Price]:
    """Prices of one service, in any order and each with a number; some may be dominated."""
    corridor = draw(st.sampled_from([MOROCCO, SENEGAL, TUNISIA, FROM_JAPAN]))
    service = replace(SERVICE, corridor=corridor)
    near = draw(st.decimals("0.5", "700", places=4))
    quotes = draw(
        st.lists(
            coherent_quotes(service, near),
            min_size=least,
            max_size=5,
            unique_by=lambda one: one.paid,
        )
    )
    return [price(one, service_id=7, id=number) for number, one in enumerate(quotes, 1)]


@st.composite
def ladders(draw: st.DrawFn, least: int = 1) -> Ladder:
    made = draw(ladder_prices(least).map(Ladder).filter(lambda one: len(one.rungs) >= least))
    assert isinstance(made, Ladder)
    return made


promotions = st.builds(
    Promotion,
    rate=st.decimals("1", "99", places=4),
    fee=st.decimals(0, 10, places=2).map(lambda amount: Money(amount, "EUR")),
    received=st.decimals(1, 9_999, places=2).map(lambda amount: Money(amount, "MAD")),
    terms=st.text(max_size=20),
)
observations = st.one_of(
    st.integers(0, 2_000).map(lambda minutes: Observed(NOW - timedelta(minutes=minutes))),
    st.just(Observed(NOW - timedelta(days=40), Precision.DAY)),
)


@st.composite
def offers(draw: st.DrawFn) -> list[tuple[Answer, Provider]]:
    """Answers to "I pay 200 euro", each of a service of its own; many of them tied."""
    numbers = draw(st.lists(st.integers(1, 50), max_size=6, unique=True))
    return [(draw(_answers(number)), draw(_providers(number))) for number in numbers]


@st.composite
def _answers(draw: st.DrawFn, number: int) -> Answer:
    service = replace(
        SERVICE,
        provider=f"firm-{number}",
        payment_instruments=draw(st.sampled_from([(), (PaymentInstrument.CASH,)])),
        pickup_methods=draw(st.sampled_from([(), (PickupMethod.CASH,)])),
        speed=draw(st.sampled_from([None, *Speed])),
        coverage=draw(st.sampled_from([None, *Coverage])),
    )
    sent = draw(st.sampled_from(["196", "197", "198"]))
    fee = str(200 - int(sent))
    rung = price(
        quote("200", fee, str(int(sent) * 10), "10", service),
        service_id=number,
        origin=draw(st.sampled_from(Origin)),
        observed=draw(observations),
    )
    exact = answer(rung)
    return draw(st.sampled_from([exact, replace(exact, rungs=(rung, rung))]))


@st.composite
def _providers(draw: st.DrawFn, number: int) -> Provider:
    return provider(
        f"firm-{number}", name=draw(st.text(max_size=8)), licence=draw(st.sampled_from(Licence))
    )
