"""Price lists make a price only where fee and margin are known, and never promise too much."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_FLOOR, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.corridor import Corridor
from app.domain.currencies import MINOR_DIGITS
from app.domain.fees import FeeSchedule, FeeTier
from app.domain.midrate import MidRate
from app.domain.money import Money
from app.domain.quote import Age, Derived, Origin, Precision
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Speed
from app.domain.tariff import (
    ChargeOption,
    FeeModel,
    Tariff,
    TariffQuote,
    TariffService,
    tariff_quotes,
)
from tests.domain.strategies import MOROCCO, NOW, SENEGAL, TUNISIA, dirham, euro

MID = MidRate(Decimal("10.80"), ("ecb",), NOW)
FLAT = FeeSchedule((FeeTier(Decimal(0), fixed=Decimal(5)),), Decimal(1), Decimal(5000))
SERVICE = TariffService(
    name="World payment",
    to=frozenset({"MA", "TN"}),
    receive_currency="MAD",
    payment_instruments=(PaymentInstrument.BANK_ACCOUNT_TRANSFER,),
    access_points=(AccessPoint.INTERNET, AccessPoint.MOBILE_APP),
    pickup_methods=(PickupMethod.BANK_ACCOUNT,),
    schedule=FLAT,
    fee_model=FeeModel.ON_TOP,
    charges=ChargeOption.OUR,
    margin=Decimal("1.5"),
    speed=Speed.TWO_DAYS,
)
TARIFF = Tariff(
    provider="some-bank",
    page="https://bank.example/",
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
    checked_on=date(2026, 11, 20),
    checked_by="JdB",
    send_country="NL",
    send_currency="EUR",
    services=(SERVICE,),
    evidence=b"the file",
)


def quotes(
    *services: TariffService, corridor: Corridor = MOROCCO, rungs: tuple[str, ...] = ("200",)
) -> list[TariffQuote]:
    tariff = replace(TARIFF, services=services)
    return list(tariff_quotes(tariff, corridor, MID, [Decimal(rung) for rung in rungs]))


def test_a_fee_on_top() -> None:
    (made,) = quotes(SERVICE)
    assert made.rung == 200
    assert made.less_may_arrive is False
    quote = made.quote
    assert quote.paid == euro("205")
    assert quote.fee == euro("5")
    assert quote.rate == Decimal("10.638")  # 10.80 less 1.5 percent
    assert quote.received == dirham("2127.60")
    assert quote.derived == {Derived.RATE, Derived.RECEIVED}
    assert quote.schedule == FLAT
    assert quote.promotion is None
    service = quote.service
    assert (service.provider, service.corridor) == ("some-bank", MOROCCO)
    assert service.payment_instruments == SERVICE.payment_instruments
    assert service.access_points == SERVICE.access_points
    assert service.pickup_methods == SERVICE.pickup_methods
    assert (service.speed, service.pay_in, service.variant) == (Speed.TWO_DAYS, "OUR", 1)


def test_a_fee_taken_out() -> None:
    """A published schedule is of fees on top: it would be read wrongly here."""
    (made,) = quotes(replace(SERVICE, fee_model=FeeModel.TAKEN_OUT))
    assert made.quote.paid == euro("200")
    assert made.quote.fee == euro("5")
    assert made.quote.received == dirham("2074.41")  # 195 x 10.638
    assert made.quote.schedule is None


def test_no_margin_is_no_price() -> None:
    unknown = replace(SERVICE, margin=None)
    assert quotes(unknown) == []
    assert replace(TARIFF, services=(unknown,)).serving(MOROCCO) == [unknown]


@pytest.mark.parametrize("charges", list(ChargeOption))
def test_banks_on_the_way_may_take_a_part(charges: ChargeOption) -> None:
    (made,) = quotes(replace(SERVICE, charges=charges))
    assert made.less_may_arrive is (charges in (ChargeOption.SHA, ChargeOption.BEN))


@pytest.mark.parametrize(
    ("pay_in", "charges", "title"),
    [
        ("", ChargeOption.NONE, ""),
        ("iDEAL", ChargeOption.NONE, "iDEAL"),
        ("", ChargeOption.SHA, "SHA"),
        ("iDEAL", ChargeOption.OUR, "iDEAL, OUR"),
    ],
)
def test_titles_tell_services_apart(pay_in: str, charges: ChargeOption, title: str) -> None:
    (made,) = quotes(replace(SERVICE, pay_in=pay_in, charges=charges))
    assert made.quote.service.pay_in == title


def test_each_option_is_a_service_of_its_own() -> None:
    options = [replace(SERVICE, charges=option) for option in ChargeOption]
    identities = {made.quote.service.identity for made in quotes(*options)}
    assert len(identities) == len(ChargeOption)


@pytest.mark.parametrize(
    ("corridor", "to", "served"),
    [
        (MOROCCO, frozenset({"MA"}), True),
        (MOROCCO, None, True),
        (MOROCCO, frozenset({"TN"}), False),
        (TUNISIA, None, False),
        (SENEGAL, frozenset({"SN"}), False),
        (Corridor("BE", "EUR", "MA", "MAD"), None, False),
        (Corridor("NL", "USD", "MA", "MAD"), None, False),
        (Corridor("NL", "EUR", "EH", "MAD"), None, True),
    ],
)
def test_where_it_serves(corridor: Corridor, to: frozenset[str] | None, served: bool) -> None:
    assert bool(quotes(replace(SERVICE, to=to), corridor=corridor)) is served


def test_rungs_within_the_schedule_only() -> None:
    schedule = replace(FLAT, lowest=Decimal(100), highest=Decimal(1000))
    made = quotes(
        replace(SERVICE, schedule=schedule), rungs=("99.99", "100", "1000", "1000.01", "2000")
    )
    assert [one.rung for one in made] == [Decimal(100), Decimal(1000)]


@pytest.mark.parametrize("rung", ["4.99", "5", "5.0001"])
def test_an_amount_that_the_fee_eats_up(rung: str) -> None:
    assert quotes(replace(SERVICE, fee_model=FeeModel.TAKEN_OUT), rungs=(rung,)) == []


def test_so_little_that_nothing_arrives() -> None:
    tiny = replace(TARIFF, services=(replace(SERVICE, receive_currency="XOF"),))
    mid = MidRate(Decimal("0.001"), ("ecb",), NOW)
    assert list(tariff_quotes(tiny, SENEGAL, mid, [Decimal(100)])) == []


@pytest.mark.parametrize(
    ("day", "until", "holds"),
    [
        (date(2025, 12, 31), date(2026, 12, 31), False),
        (date(2026, 1, 1), date(2026, 12, 31), True),
        (date(2026, 12, 31), date(2026, 12, 31), True),
        (date(2027, 1, 1), date(2026, 12, 31), False),
        (date(2036, 1, 1), None, True),
    ],
)
def test_in_force(day: date, until: date | None, holds: bool) -> None:
    assert replace(TARIFF, valid_until=until).in_force(day) is holds


def test_it_is_dated_by_its_check() -> None:
    observed = TARIFF.observed
    assert observed.at == datetime(2026, 11, 20, tzinfo=UTC)
    assert observed.precision is Precision.DAY
    assert observed.age(Origin.TARIFF, NOW) is Age.DATED


figures = st.decimals(0, 60, places=2)
percents = st.decimals(0, 9, places=3)


@st.composite
def listed(draw: st.DrawFn) -> TariffService:
    tiers = tuple(
        FeeTier(Decimal(start), draw(figures), draw(percents))
        for start in sorted(draw(st.sets(st.integers(0, 1500), min_size=1, max_size=3)))
    )
    return replace(
        SERVICE,
        to=None,
        schedule=FeeSchedule(tiers, tiers[0].starts_at, Decimal(3000)),
        fee_model=draw(st.sampled_from(FeeModel)),
        charges=draw(st.sampled_from(ChargeOption)),
        margin=draw(st.decimals(0, "9.99", places=2)),
    )


@given(
    service=listed(),
    corridor=st.sampled_from([MOROCCO, SENEGAL, TUNISIA]),
    rate=st.decimals("0.0900", "900", places=4),
    rung=st.decimals(1, 3000, places=2),
)
def test_arithmetic(
    service: TariffService, corridor: Corridor, rate: Decimal, rung: Decimal
) -> None:
    """What arrives is what is sent at the mid rate less the margin, rounded down and no more;
    the fee is the schedule's; and paid is the amount, with the fee on top where it is."""
    service = replace(service, receive_currency=corridor.receive_currency)
    mid = MidRate(rate, ("ecb",), NOW)
    made = list(tariff_quotes(replace(TARIFF, services=(service,)), corridor, mid, [rung]))
    amount = Money(rung, "EUR")
    if not service.schedule.covers(amount):
        assert made == []
        return
    fee = service.schedule.fee(amount)
    sent = rung if service.fee_model is FeeModel.ON_TOP else rung - fee.amount
    assert service.margin is not None
    exactly = sent * rate * (100 - service.margin) / 100
    grain = Decimal(1).scaleb(-MINOR_DIGITS[corridor.receive_currency])
    arrives = exactly.quantize(grain, ROUND_FLOOR)
    assert bool(made) is (arrives > 0)
    for one in made:
        assert one.quote.fee == fee
        assert one.quote.paid.amount == sent + fee.amount
        assert one.quote.rate * 100 == rate * (100 - service.margin)
        assert one.quote.received.amount == arrives
        assert one.rung == rung


@given(
    service=listed(),
    rung=st.decimals(1, 3000, places=2),
    smaller=st.decimals(0, "4.99", places=2),
    larger=st.decimals(5, "9.99", places=2),
)
def test_a_higher_margin_never_gives_more(
    service: TariffService, rung: Decimal, smaller: Decimal, larger: Decimal
) -> None:
    def arrives(margin: Decimal) -> list[Decimal]:
        made = quotes(replace(service, margin=margin), rungs=(str(rung),))
        return [one.quote.received.amount for one in made]

    assert arrives(larger) <= arrives(smaller)


@given(rungs=st.lists(st.decimals(1, 6000, places=2), max_size=6, unique=True))
def test_one_quote_for_each_covered_rung_in_order(rungs: list[Decimal]) -> None:
    made = quotes(SERVICE, rungs=tuple(str(rung) for rung in rungs))
    assert [one.rung for one in made] == [rung for rung in rungs if rung <= 5000]
