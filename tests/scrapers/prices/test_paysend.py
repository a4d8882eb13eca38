"""Paysend: a price only where no fee is charged, for nobody knows where a fee would go."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.domain.corridor import Corridor
from app.domain.money import Money
from app.domain.quote import Derived, IncoherentQuote
from scrapers.contract import Ask, NotOffered, Trouble, Unreadable
from scrapers.prices import paysend as source
from tests.lab.direct import DirectHttp
from tests.lab.sources.paysend import fee
from tests.lab.world import World
from tests.scrapers.prices.spoiled import BODIES, MIDS, PLACES, Spoiled, adds_up, ways

NIGERIA = Ask(Corridor("NL", "EUR", "NG", "NGN"), Decimal(100))


def recorded() -> DirectHttp:
    return DirectHttp(World(MIDS, recorded=True))


def test_the_recorded_price_without_a_fee() -> None:
    http = recorded()
    [offer] = source.fetch(http, NIGERIA)
    quote = offer.quote
    assert (quote.paid, quote.fee) == (Money(Decimal(100), "EUR"), Money(Decimal(0), "EUR"))
    assert (str(quote.rate), str(quote.received)) == ("1603.947", "NGN 160394.70")
    assert quote.service.provider == "paysend"
    assert ways(quote.service) == ("", "internet", "")
    assert quote.promotion is None
    assert quote.derived == {Derived.RECEIVED}
    assert (offer.stated_at, offer.firm) == (None, None)
    assert adds_up(quote)
    [asked] = http.asked
    assert asked.query == {
        "lang": "en",
        "country": "nl",
        "operation": "send",
        "amount": "100",
        "sourceCountry": "nl",
        "targetCountry": "ng",
        "sourceCurrency": "eur",
        "targetCurrency": "ngn",
    }


def test_the_recorded_fee_is_not_guessed_at() -> None:
    morocco = Ask(Corridor("NL", "EUR", "MA", "MAD"), Decimal(100))
    with pytest.raises(NotOffered, match=r"fee model not known: it asks 1\.5"):
        source.fetch(recorded(), morocco)


@pytest.mark.parametrize("written", ["0", "0.0", "0.00"])
def test_nothing_however_written(written: str) -> None:
    http = Spoiled(recorded(), '"commissionAmount": 0', f'"commissionAmount": {written}')
    [offer] = source.fetch(http, NIGERIA)
    assert (offer.quote.fee.amount, offer.quote.paid.amount) == (Decimal(0), Decimal(100))


def test_a_fee_below_zero_is_a_mistake_of_theirs() -> None:
    http = Spoiled(recorded(), '"commissionAmount": 0', '"commissionAmount": -1')
    with pytest.raises(Unreadable, match="never below zero"):
        source.fetch(http, NIGERIA)


@pytest.mark.parametrize("written", ["0.01", "99"])
def test_any_other_fee_is_not_shown(written: str) -> None:
    http = Spoiled(recorded(), '"commissionAmount": 0', f'"commissionAmount": {written}')
    with pytest.raises(NotOffered, match="fee model not known"):
        source.fetch(http, NIGERIA)


@pytest.mark.parametrize(("country", "currency"), PLACES)
@pytest.mark.parametrize("amount", ["40", "345.55"])
def test_any_corridor(country: str, currency: str, amount: str) -> None:
    world = World(MIDS)
    ask = Ask(Corridor("NL", "EUR", country, currency), Decimal(amount))
    if fee(country.lower()):
        with pytest.raises(NotOffered, match="fee model not known"):
            source.fetch(DirectHttp(world), ask)
        return
    [offer] = source.fetch(DirectHttp(world), ask)
    quote = offer.quote
    assert adds_up(quote)
    assert quote.paid.amount == Decimal(amount)
    assert quote.received == quote.received.floor()
    assert quote.received.amount <= Decimal(amount) * quote.rate
    assert Decimal("0.96") < quote.rate / world.mid(currency) < 1


def test_the_lab_has_corridors_of_both_kinds() -> None:
    assert len({fee(country.lower()) for country, _ in PLACES}) == 2


@pytest.mark.parametrize(
    ("old", "new", "trouble", "says"),
    [
        ('"calculator"', '"calc"', Trouble.SCHEMA, "reply: no field 'calculator'"),
        ('"transaction"', '"trans"', Trouble.SCHEMA, "reply.calculator: no field 'transaction'"),
        ('"conversionRate"', '"rate"', Trouble.SCHEMA, "transaction: no field 'conversionRate'"),
        ('"commissionAmount"', '"fee"', Trouble.SCHEMA, "no field 'commissionAmount'"),
        ('"1603.947"', "1603.947", Trouble.SCHEMA, "conversionRate: should be a number in quotes"),
        ('"1603.947"', '"1,603.947"', Trouble.SCHEMA, "conversionRate: should be a number in quo"),
        ('"1603.947"', "null", Trouble.SCHEMA, "conversionRate: should be a number in quotes"),
        ('"commissionAmount": 0', '"commissionAmount": "0"', Trouble.SCHEMA, "should be a number"),
        ('"commissionAmount": 0', '"commissionAmount": null', Trouble.SCHEMA, "should be a numbe"),
        ('"commissionAmount": 0', '"commissionAmount": false', Trouble.SCHEMA, "should be a numb"),
        ('"commissionAmount": 0', '"commissionAmount": NaN', Trouble.NOT_JSON, "NaN is no number"),
        ('"commissionAmount": 0', '"commissionAmount": 0e1', Trouble.NOT_JSON, "an exponent"),
        (
            '"commissionAmount": 0',
            '"commissionAmount": 1.5, "commissionAmount": 0',
            Trouble.NOT_JSON,
            "'commissionAmount' is there twice",
        ),
    ],
)
def test_what_cannot_be_read(old: str, new: str, trouble: Trouble, says: str) -> None:
    with pytest.raises(Unreadable) as error:
        source.fetch(Spoiled(recorded(), old, new), NIGERIA)
    assert error.value.trouble is trouble
    assert says in str(error.value)


@BODIES
def test_bodies_that_make_no_sense(body: str, trouble: Trouble, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as error:
        source.fetch(Spoiled(recorded(), "", body), NIGERIA)
    assert error.value.trouble is trouble


@pytest.mark.parametrize("rate", ["0", "-1603.947", "0.00001"])
def test_a_rate_that_gives_nothing(rate: str) -> None:
    with pytest.raises(IncoherentQuote):
        source.fetch(Spoiled(recorded(), '"1603.947"', f'"{rate}"'), NIGERIA)


def test_what_it_says_of_a_corridor_that_it_does_not_serve_is_passed_on() -> None:
    zambia = Ask(Corridor("NL", "EUR", "ZM", "ZMW"), Decimal(100))
    with pytest.raises(Unreadable, match=r"status 422, \{.error.:.unknown currency.\}"):
        source.fetch(recorded(), zambia)


@pytest.mark.parametrize(
    ("name", "value"), [("operation", "get"), ("targetCountry", "NG"), ("targetCurrency", "NGN")]
)
def test_a_strict_lab(name: str, value: str) -> None:
    http = recorded()
    source.fetch(http, NIGERIA)
    reply = http.get(source.URL, params={**http.asked[0].query, name: value}, also=(400,))
    assert reply.status == 400
