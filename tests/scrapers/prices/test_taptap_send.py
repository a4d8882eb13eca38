"""Taptap Send: one reply for all, the fee schedule of each corridor, and no sender but ours."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.domain.corridor import Corridor
from app.domain.fees import BadSchedule, FeeSchedule, FeeTier
from app.domain.money import Money
from app.domain.quote import Derived, IncoherentQuote
from scrapers.contract import Ask, NotOffered, Trouble, Unreadable
from scrapers.prices import taptap_send as source
from tests.lab.direct import DirectHttp
from tests.lab.world import World
from tests.scrapers.prices.spoiled import BODIES, MIDS, PLACES, Spoiled, adds_up, ways

NO_FEE = FeeTier(Decimal(0))
MOROCCO = ("MA", "MAD")
PAKISTAN = ("PK", "PKR")
COLOMBIA = ("CO", "COP")


def asking(country: str, currency: str, amount: str = "200") -> Ask:
    return Ask(Corridor("NL", "EUR", country, currency), Decimal(amount))


def recorded() -> DirectHttp:
    return DirectHttp(World(MIDS, recorded=True))


def schedule(*tiers: FeeTier) -> FeeSchedule:
    return FeeSchedule(tiers, Decimal(40), Decimal(2000))


@pytest.mark.parametrize(
    ("country", "currency", "rate", "received"),
    [
        ("MA", "MAD", "10.61", "2122.00"),
        ("TR", "TRY", "55.90", "11180.00"),
        ("GH", "GHS", "12.80", "2560.00"),
        ("NG", "NGN", "1570.00", "314000.00"),
        ("ET", "ETB", "178.00", "35600.00"),
        ("IN", "INR", "110.15", "22030.00"),
        ("PH", "PHP", "70.20", "14040.00"),
        ("BD", "BDT", "142.39", "28478.00"),
        ("SN", "XOF", "655.957", "131191"),
        ("CM", "XAF", "655.957", "131191"),
        ("GM", "GMD", "79.50", "15900.00"),
        ("KE", "KES", "147.00", "29400.00"),
        ("EG", "EGP", "59.80", "11960.00"),
        ("VN", "VND", "30200.00", "6040000"),
        ("DO", "DOP", "66.49", "13298.00"),
        ("ID", "IDR", "20600.00", "4120000.00"),
        ("LK", "LKR", "386.00", "77200.00"),
    ],
)
def test_recorded_corridors_without_a_fee(
    country: str, currency: str, rate: str, received: str
) -> None:
    http = recorded()
    [offer] = source.fetch(http, asking(country, currency))
    quote = offer.quote
    assert (quote.paid, quote.fee) == (Money(Decimal(200), "EUR"), Money(Decimal(0), "EUR"))
    assert (str(quote.rate), str(quote.received.amount)) == (rate, received)
    assert quote.schedule == schedule(NO_FEE)
    assert quote.service.provider == "taptap-send"
    assert ways(quote.service) == ("", "mobile_app", "")
    assert quote.promotion is None
    assert quote.derived == {Derived.RECEIVED}
    assert (offer.stated_at, offer.firm) == (None, None)
    [asked] = http.asked
    assert (asked.method, asked.path, asked.query) == ("GET", "/api/fxRates", {})


@pytest.mark.parametrize(
    ("amount", "fee", "paid", "received"),
    [
        ("100", "0.99", "100.99", "32290.00"),
        ("124.99", "0.99", "125.98", "40359.27"),
        ("125", "0.00", "125.00", "40362.50"),
        ("200", "0.00", "200.00", "64580.00"),
    ],
)
def test_the_recorded_tiers(amount: str, fee: str, paid: str, received: str) -> None:
    [offer] = source.fetch(recorded(), asking(*PAKISTAN, amount))
    quote = offer.quote
    assert [str(one.amount) for one in (quote.fee, quote.paid)] == [fee, paid]
    assert str(quote.received.amount) == received
    assert quote.schedule == schedule(
        FeeTier(Decimal(0), fixed=Decimal("0.99")), FeeTier(Decimal(125), fixed=Decimal(0))
    )
    assert adds_up(quote)


def test_tiers_in_any_order() -> None:
    swapped = Spoiled(
        Spoiled(recorded(), '"minValue": "0.00"', '"minValue": "x"'),
        '"minValue": "125.00"',
        '"minValue": "0.00"',
    )
    http = Spoiled(swapped, '"minValue": "x"', '"minValue": "125.00"')
    [offer] = source.fetch(http, asking(*PAKISTAN, "100"))
    assert offer.quote.schedule == schedule(
        FeeTier(Decimal(0), fixed=Decimal(0)), FeeTier(Decimal(125), fixed=Decimal("0.99"))
    )
    assert offer.quote.fee.amount == 0


def test_the_recorded_flat_fee() -> None:
    [offer] = source.fetch(recorded(), asking(*COLOMBIA))
    quote = offer.quote
    assert [one.amount for one in (quote.fee, quote.paid)] == [Decimal("1.99"), Decimal("201.99")]
    assert (str(quote.rate), quote.received.amount) == ("4000.00", Decimal(800_000))
    assert quote.schedule == schedule(FeeTier(Decimal(0), fixed=Decimal("1.99")))


def test_a_flat_fee_that_stands_alone() -> None:
    http = Spoiled(
        recorded(), '"fxRate": "10.61"', '"fxRate": "10.61", "senderCurrencyFlatFee": "2"'
    )
    [offer] = source.fetch(http, asking(*MOROCCO))
    assert (offer.quote.fee.amount, offer.quote.paid.amount) == (Decimal(2), Decimal(202))
    assert offer.quote.schedule == schedule(FeeTier(Decimal(0), fixed=Decimal(2)))


def test_a_fee_by_share_with_a_most() -> None:
    http = Spoiled(
        recorded(),
        '"flatFee": "1.99"',
        '"flatFee": "1.99", "feePercent": "1.00", "maxFee": "4.50"',
    )
    [low] = source.fetch(http, asking(*COLOMBIA, "200"))
    [high] = source.fetch(http, asking(*COLOMBIA, "500"))
    assert [low.quote.fee.amount, high.quote.fee.amount] == [Decimal("3.99"), Decimal("4.50")]
    assert low.quote.schedule == schedule(
        FeeTier(Decimal(0), Decimal("1.99"), Decimal(1), maximum=Decimal("4.5"))
    )


def test_an_unknown_type_of_fee_is_never_nothing() -> None:
    with pytest.raises(Unreadable, match="that we do not know, 'percentOnly'"):
        source.fetch(recorded(), asking("BR", "BRL"))


def test_a_fee_as_large_as_what_is_sent_is_no_price() -> None:
    http = Spoiled(recorded(), '"fee": "0.99"', '"fee": "100.00"')
    with pytest.raises(Unreadable, match=r"a fee of EUR 100\.00 for sending EUR 100"):
        source.fetch(http, asking(*PAKISTAN, "100"))


def test_a_fee_of_another_name_is_never_nothing() -> None:
    http = Spoiled(recorded(), '"senderCurrencyFlatFee": ', '"receiverFee": ')
    with pytest.raises(Unreadable, match="a fee that we do not know, among receiverFee"):
        source.fetch(http, asking(*COLOMBIA))


def test_only_our_own_sender() -> None:
    """Without a Dutch sender there is no price, whatever is listed for others."""
    with pytest.raises(NotOffered, match="lists no sender in NL with EUR"):
        source.fetch(Spoiled(recorded(), '"NL"', '"BE"'), asking(*MOROCCO))
    british = Ask(Corridor("GB", "GBP", "PK", "PKR"), Decimal(200))
    [offer] = source.fetch(recorded(), british)
    assert (str(offer.quote.rate), offer.quote.received.currency) == ("373.75", "PKR")
    with pytest.raises(NotOffered, match="no sender in GB with EUR"):
        source.fetch(recorded(), Ask(Corridor("GB", "EUR", "PK", "PKR"), Decimal(200)))


@pytest.mark.parametrize(("country", "currency"), [("SR", "SRD"), ("MA", "EUR"), ("CI", "XOF")])
def test_a_corridor_that_is_not_listed(country: str, currency: str) -> None:
    with pytest.raises(NotOffered, match=f"lists no receiver in {country} with {currency}"):
        source.fetch(recorded(), asking(country, currency))


@pytest.mark.parametrize("amount", ["39.99", "2000.01"])
def test_amounts_that_nobody_vouches_for(amount: str) -> None:
    with pytest.raises(NotOffered, match="only 40 to 2000 are worked out"):
        source.fetch(recorded(), asking(*MOROCCO, amount))


@pytest.mark.parametrize(("country", "currency"), PLACES)
@pytest.mark.parametrize("amount", ["40", "345.55", "2000"])
def test_any_corridor(country: str, currency: str, amount: str) -> None:
    world = World(MIDS)
    [offer] = source.fetch(DirectHttp(world), asking(country, currency, amount))
    quote = offer.quote
    assert adds_up(quote)
    assert quote.paid.amount - quote.fee.amount == Decimal(amount)
    assert quote.received.amount <= Decimal(amount) * quote.rate
    assert quote.received == quote.received.floor()
    assert Decimal("0.96") < quote.rate / world.mid(currency) < 1


@pytest.mark.parametrize("written", ["200", "200.0", "200.00"])
def test_amounts_however_written(written: str) -> None:
    [offer] = source.fetch(recorded(), asking(*MOROCCO, written))
    assert (offer.quote.paid.amount, offer.quote.received.amount) == (Decimal(200), Decimal(2122))


@pytest.mark.parametrize(
    ("place", "old", "new", "trouble", "says"),
    [
        (MOROCCO, '"fxRate": "10.61"', '"rate": "1"', Trouble.SCHEMA, "[0]: no field 'fxRate'"),
        (MOROCCO, '"10.61"', "10.61", Trouble.SCHEMA, "corridors[0].fxRate: should be a number in"),
        (MOROCCO, '"10.61"', "null", Trouble.SCHEMA, "corridors[0].fxRate: should be a number in"),
        (MOROCCO, '"10.61"', '"10,61"', Trouble.SCHEMA, "fxRate: should be a number in quotes"),
        (MOROCCO, '"10.61"', '"1e1"', Trouble.SCHEMA, "fxRate: should be a number in quotes"),
        (MOROCCO, '"10.61"', "NaN", Trouble.NOT_JSON, "NaN is no number"),
        (MOROCCO, '"fxRate"', '"fxRate": "1", "fxRate"', Trouble.NOT_JSON, "'fxRate' is there tw"),
        (MOROCCO, '"TR"', "7", Trouble.SCHEMA, "corridors[1].isoCountryCode: should be a text"),
        (
            MOROCCO,
            '"GB",\n      "countryDisplayName": "United Kingdom",\n      "currency": "GBP"',
            '"NL", "currency": "EUR"',
            Trouble.CONTRADICTION,
            "reply.availableCountries: NL EUR is there twice",
        ),
        (
            MOROCCO,
            '"TR",\n          "countryDisplayName": "Turkey",\n          "currency": "TRY"',
            '"MA", "currency": "MAD"',
            Trouble.CONTRADICTION,
            "availableCountries[0].corridors: MA MAD is there twice",
        ),
        (
            MOROCCO,
            '"availableCountries": [',
            '"availableCountries": [], "x": [',
            Trouble.EMPTY,
            "reply.availableCountries: an empty list",
        ),
        (
            MOROCCO,
            '"corridors": [',
            '"corridors": [], "x": [',
            Trouble.EMPTY,
            "availableCountries[0].corridors: an empty list",
        ),
        (PAKISTAN, '"fee": "0.99"', '"fee": 0.99', Trouble.SCHEMA, "tiers[0].fee: should be"),
        (PAKISTAN, '"fee": "0.99"', '"fees": "1"', Trouble.SCHEMA, "do not know, 'fees'"),
        (PAKISTAN, '"fee": "0.99"', '"x": 1, "fee": "1"', Trouble.SCHEMA, "do not know, 'x'"),
        (PAKISTAN, '"minValue": "0.00"', '"minValue": null', Trouble.SCHEMA, "tiers[0].minValue"),
        (PAKISTAN, '"type": "tiered"', '"typ": "tiered"', Trouble.SCHEMA, "no field 'type'"),
        (PAKISTAN, '"tiers": [', '"maxFee": "1", "tiers": [', Trouble.SCHEMA, "know, 'maxFee'"),
        (PAKISTAN, '"type": "tiered"', '"type": "x"', Trouble.SCHEMA, "do not know, 'x'"),
        (COLOMBIA, '"flatFee"', '"minFee": "3", "flatFee"', Trouble.SCHEMA, "know, 'minFee'"),
        (
            COLOMBIA,
            '"senderCurrencyFlatFee": "1.99"',
            '"senderCurrencyFlatFee": "2.99"',
            Trouble.CONTRADICTION,
            "feeSchedule: a flat fee of 1.99, but 2.99 beside it",
        ),
    ],
)
def test_what_cannot_be_read(
    place: tuple[str, str], old: str, new: str, trouble: Trouble, says: str
) -> None:
    with pytest.raises(Unreadable) as error:
        source.fetch(Spoiled(recorded(), old, new), asking(*place))
    assert error.value.trouble is trouble
    assert says in str(error.value)


@BODIES
def test_bodies_that_make_no_sense(body: str, trouble: Trouble, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as error:
        source.fetch(Spoiled(recorded(), "", body), asking(*MOROCCO))
    assert error.value.trouble is trouble


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"fee": "0.99"', '"fee": "-0.99"', "below zero"),
        ('"minValue": "125.00"', '"minValue": "0.00"', "rising amounts"),
        ('"minValue": "0.00"', '"minValue": "50.00"', "no fee for amounts from 40"),
    ],
)
def test_tiers_that_contradict_each_other(old: str, new: str, says: str) -> None:
    with pytest.raises(BadSchedule, match=says):
        source.fetch(Spoiled(recorded(), old, new), asking(*PAKISTAN))


@pytest.mark.parametrize("rate", ["0", "-10.61"])
def test_no_rate_at_or_below_zero(rate: str) -> None:
    with pytest.raises(IncoherentQuote):
        source.fetch(Spoiled(recorded(), '"10.61"', f'"{rate}"'), asking(*MOROCCO))


def test_the_headers_that_it_demands() -> None:
    http = recorded()
    for name in source.HEADERS:
        others = {other: value for other, value in source.HEADERS.items() if other != name}
        reply = http.get(source.URL, headers=others, also=(400,))
        assert (reply.status, b"BAD_HEADER" in reply.body) == (400, True)
        with pytest.raises(Unreadable, match="BAD_HEADER"):
            source.fetch(Spoiled(http, "", reply.body.decode(), status=400), asking(*MOROCCO))
