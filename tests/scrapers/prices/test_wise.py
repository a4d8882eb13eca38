"""Wise: every way to pay that is open, the fee taken out, its own words when it refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.corridor import Corridor
from app.domain.quote import IncoherentQuote
from app.domain.service import Speed
from scrapers.contract import Ask, NotOffered, Offer, Trouble, Unreadable
from scrapers.prices import wise as source
from tests.lab.direct import DirectHttp
from tests.lab.wire import example
from tests.lab.world import World
from tests.scrapers.prices.spoiled import BODIES, MIDS, PLACES, Spoiled, adds_up, ways

TURKEY = Ask(Corridor("NL", "EUR", "TR", "TRY"), Decimal(500))
REFUSAL = example("wise_quotes_v3_error_422_currency.json").decode()


def recorded() -> DirectHttp:
    return DirectHttp(World(MIDS, recorded=True))


def spoiled(old: str, new: str, status: int = 0) -> list[Offer]:
    return source.fetch(Spoiled(recorded(), old, new, status=status), TURKEY)


def amounts(offer: Offer) -> list[str]:
    quote = offer.quote
    figures = (quote.paid.amount, quote.fee.amount, quote.received.amount, quote.rate)
    return [str(one) for one in figures]


def test_the_recorded_reply() -> None:
    http = recorded()
    offers = source.fetch(http, TURKEY)
    services = [offer.quote.service for offer in offers]
    assert [(ways(one), one.pay_in, one.speed) for one in services] == [
        (("bank_account_transfer", "internet", "bank_account"), "", Speed.NEXT_DAY),
        (
            ("bank_account_transfer", "internet", "bank_account"),
            "iDEAL",
            Speed.LESS_THAN_ONE_HOUR,
        ),
        (("debit_card", "internet", "bank_account"), "", Speed.LESS_THAN_ONE_HOUR),
        (("credit_card", "internet", "bank_account"), "", Speed.NEXT_DAY),
    ]
    assert [amounts(offer) for offer in offers] == [
        ["500", "7.21", "27745.11", "56.3021"],
        ["500", "8.23", "27687.68", "56.3021"],
        ["500", "11.09", "27526.66", "56.3021"],
        ["500", "14.06", "27359.44", "56.3021"],
    ]
    for offer in offers:
        assert offer.stated_at == datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
        assert offer.quote.service.provider == "wise"
        assert offer.quote.promotion is None
        assert not offer.quote.derived
        assert adds_up(offer.quote)
    [asked] = http.asked
    assert (asked.method, asked.path) == ("POST", "/v3/quotes/")
    assert asked.json() == {"sourceCurrency": "EUR", "targetCurrency": "TRY", "sourceAmount": 500}


def test_ways_to_pay_that_are_closed_or_not_ours() -> None:
    """A balance that is open is left out as well, and so is a way whose name we do not know."""
    assert len(spoiled('"disabled": true', '"disabled": false')) == 4
    offers = spoiled('"payIn": "IDEAL"', '"payIn": "APPLE_PAY"')
    assert [offer.quote.service.pay_in for offer in offers] == ["", "", ""]
    with pytest.raises(Unreadable, match="no way to pay is open at a standard price"):
        spoiled('"disabled": false', '"disabled": true')


def test_a_discounted_fee_is_somebodys_special_price() -> None:
    with pytest.raises(Unreadable, match="no way to pay is open at a standard price"):
        spoiled('"discount": 0', '"discount": 1.00')
    assert len(spoiled('"discount": 0', '"discount": 0.00')) == 4


def test_a_pay_out_that_we_do_not_know() -> None:
    offers = spoiled('"payOut": "BANK_TRANSFER"', '"payOut": "SWIFT"')
    assert {ways(offer.quote.service)[2] for offer in offers} == {""}


@pytest.mark.parametrize("written", ["500", "500.0", "500.00"])
def test_numbers_however_written(written: str) -> None:
    offers = spoiled('"sourceAmount": 500', f'"sourceAmount": {written}')
    assert [amounts(offer)[2] for offer in offers][:2] == ["27745.11", "27687.68"]


@pytest.mark.parametrize(
    ("country", "currency"), [place for place in PLACES if place[1].startswith(place[0])]
)
@pytest.mark.parametrize("amount", ["40", "345.55"])
def test_any_corridor(country: str, currency: str, amount: str) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    world = World(MIDS, now=now)
    ask = Ask(Corridor("NL", "EUR", country, currency), Decimal(amount))
    offers = source.fetch(DirectHttp(world), ask)
    assert len(offers) == 4
    for offer in offers:
        assert adds_up(offer.quote)
        assert offer.quote.paid.amount == Decimal(amount)
        assert abs(offer.quote.rate - world.mid(currency)) < Decimal("0.000001")
        assert offer.stated_at == now


@pytest.mark.parametrize(("country", "currency"), [("SN", "XOF"), ("SO", "USD"), ("ME", "EUR")])
def test_a_currency_of_many_countries_says_nothing_of_one(country: str, currency: str) -> None:
    http = DirectHttp(World(MIDS))
    with pytest.raises(NotOffered, match=f"{currency} is not {country}'s alone"):
        source.fetch(http, Ask(Corridor("NL", "EUR", country, currency), Decimal(200)))
    assert not http.asked


@pytest.mark.parametrize(
    ("old", "new", "trouble", "says"),
    [
        ('"createdTime"', '"created"', Trouble.SCHEMA, "reply: no field 'createdTime'"),
        ("2026-11-19T09:30:00Z", "2026-11-19", Trouble.SCHEMA, "createdTime: should be a time wit"),
        ('"paymentOptions"', '"options"', Trouble.SCHEMA, "reply: no field 'paymentOptions'"),
        ('"paymentOptions": [', '"paymentOptions": [], "x": [', Trouble.SCHEMA, "no way to pay"),
        ('"rate": 56.3021', '"rate": "56.3021"', Trouble.SCHEMA, "reply.rate: should be a number"),
        ('"rate": 56.3021', '"rate": null', Trouble.SCHEMA, "reply.rate: should be a number"),
        ('"rate": 56.3021', '"rate": Infinity', Trouble.NOT_JSON, "Infinity is no number"),
        ('"rate": 56.3021', '"rate": 5.6e1', Trouble.NOT_JSON, "5.6e1 has an exponent"),
        ('"rate": 56.3021', '"rate": 1, "rate": 56', Trouble.NOT_JSON, "'rate' is there twice"),
        ('"total": 7.21', '"total": "7.21"', Trouble.SCHEMA, "[0].fee.total: should be a number"),
        ('"total": 7.21', '"x": 7.21', Trouble.SCHEMA, "paymentOptions[0].fee: no field 'total'"),
        ('"discount": 0', '"x": 0', Trouble.SCHEMA, "paymentOptions[0].fee: no field 'discount'"),
        ("27745.11", '"27745.11"', Trouble.SCHEMA, "[0].targetAmount: should be a number"),
        ('"disabled": false', '"disabled": 0', Trouble.SCHEMA, "[0].disabled: should be true or"),
        ('"payIn": "IDEAL"', '"payIn": 7', Trouble.SCHEMA, "paymentOptions[1].payIn: should be a"),
        (
            '"sourceAmount": 500',
            '"sourceAmount": 501',
            Trouble.CONTRADICTION,
            "reply.sourceAmount: asked for 500, answered for 501",
        ),
        (
            '"targetAmount": 27745.11,\n      "sourceCurrency": "EUR"',
            '"targetAmount": 27745.11,\n      "sourceCurrency": "GBP"',
            Trouble.CONTRADICTION,
            "paymentOptions[0].sourceCurrency: asked for EUR, answered for GBP",
        ),
        (
            '"targetCurrency": "TRY"',
            '"targetCurrency": "TND"',
            Trouble.CONTRADICTION,
            "reply.targetCurrency: asked for TRY, answered for TND",
        ),
        (
            '"sourceAmount": 500,\n      "targetAmount": 27745.11',
            '"sourceAmount": 600,\n      "targetAmount": 27745.11',
            Trouble.CONTRADICTION,
            "paymentOptions[0].sourceAmount: asked for 500, answered for 600",
        ),
    ],
)
def test_what_cannot_be_read(old: str, new: str, trouble: Trouble, says: str) -> None:
    with pytest.raises(Unreadable) as error:
        spoiled(old, new)
    assert error.value.trouble is trouble
    assert says in str(error.value)


@BODIES
def test_bodies_that_make_no_sense(body: str, trouble: Trouble, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as error:
        spoiled("", body)
    assert error.value.trouble is trouble


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"total": 7.21', '"total": 7.31'),
        ('"total": 7.21', '"total": -7.21'),
        ("27745.11", "27746.11"),
        ('"rate": 56.3021', '"rate": 0'),
    ],
)
def test_numbers_that_do_not_add_up(old: str, new: str) -> None:
    with pytest.raises(IncoherentQuote):
        spoiled(old, new)


def test_a_currency_that_it_does_not_send() -> None:
    zambia = Ask(Corridor("NL", "EUR", "ZM", "ZMW"), Decimal(100))
    with pytest.raises(NotOffered, match="Currency is not supported"):
        source.fetch(recorded(), zambia)
    with pytest.raises(NotOffered, match="wasn't a valid ISO-4217 currency code"):
        spoiled("", REFUSAL, status=422)
    with pytest.raises(NotOffered, match="wasn't a valid ISO-4217 currency code"):
        spoiled("", REFUSAL)


@pytest.mark.parametrize(
    ("errors", "says"),
    [
        ('[{"message": "Bad payload", "path": "body"}]', "status 400, Bad payload"),
        ('[{"message": "Bad payload", "path": null}]', "status 400, Bad payload"),
        ('[{"message": "Bad payload"}]', "status 400, Bad payload"),
        ('[{"message": "A", "path": "targetCurrency"}, {"message": "B"}]', "status 400, A; B"),
        ("[]", "status 400, no reason given"),
        ("null", "status 400, no reason given"),
        ("7", "reply.errors: should be a list"),
        ('[{"path": "targetCurrency"}]', r"reply.errors\[0\]: no field 'message'"),
    ],
)
def test_other_complaints_are_for_a_developer(errors: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        spoiled("", f'{{"errors": {errors}}}', status=400)


def test_no_errors_in_a_good_answer_are_no_refusal() -> None:
    assert len(spoiled('"status": "PENDING"', '"status": "PENDING", "errors": []')) == 4
