"""Sendwave: the base price is the price, the campaign is beside it, one per way to be paid."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.domain.corridor import Corridor
from app.domain.money import Money
from app.domain.quote import Derived, IncoherentQuote, Promotion
from scrapers.contract import Ask, NotOffered, Offer, Refused, Trouble, Unreadable
from scrapers.prices import sendwave as source
from tests.lab.direct import DirectHttp
from tests.lab.sources.sendwave import promoted
from tests.lab.wire import example
from tests.lab.world import World
from tests.scrapers.prices.spoiled import BODIES, MIDS, PLACES, Spoiled, adds_up, ways

FRENCH = Ask(Corridor("FR", "EUR", "MA", "MAD"), Decimal(100))
BELGIAN = Ask(Corridor("BE", "EUR", "PH", "PHP"), Decimal(1000))
BANK, CASH = "segmentName=ma_umb_bank_ma", "segmentName=ma_chaabicash"
LIMIT = example("sendwave_error_400_limit.json").decode()


def recorded() -> DirectHttp:
    return DirectHttp(World(MIDS, recorded=True))


def spoiled(old: str, new: str, where: str = BANK, status: int = 0) -> list[Offer]:
    return source.fetch(Spoiled(recorded(), old, new, where, status), FRENCH)


def amounts(offer: Offer) -> list[str]:
    quote = offer.quote
    figures = (quote.paid.amount, quote.fee.amount, quote.received.amount, quote.rate)
    return [str(one) for one in figures]


def test_the_recorded_campaign_is_beside_the_price() -> None:
    """French example: what arrives at the base rate is ours, as 1087.24 is at the campaign's."""
    http = recorded()
    offers = source.fetch(http, FRENCH)
    assert [ways(offer.quote.service) for offer in offers] == [
        ("", "mobile_app", "cash"),
        ("", "mobile_app", "bank_account"),
    ]
    bank = offers[1].quote
    assert bank.service.provider == "sendwave"
    assert amounts(offers[1]) == ["100.00", "0.00", "1065.74", "10.65740"]
    assert bank.derived == {Derived.RECEIVED}
    assert bank.promotion == Promotion(
        rate=Decimal("10.87243"),
        fee=Money(Decimal("0.00"), "EUR"),
        received=Money(Decimal("1087.24"), "MAD"),
        terms="Intro Rate Discount",
    )
    assert all(adds_up(offer.quote) for offer in offers)
    assert (offers[1].stated_at, offers[1].firm) == (None, None)
    assert [one.path for one in http.asked] == ["/v2/pricing-segments", *["/v2/pricing-public"] * 2]
    question = {
        "amount": "100",
        "amountType": "SEND",
        "sendCountryIso2": "fr",
        "sendCurrency": "EUR",
        "receiveCountryIso2": "ma",
        "receiveCurrency": "MAD",
    }
    assert http.asked[0].query == question
    assert http.asked[1].query == question | {"segmentName": "ma_chaabicash"}
    assert http.asked[2].query == question | {"segmentName": "ma_umb_bank_ma"}
    assert {one.headers["accept-language"] for one in http.asked} == {"en"}


def test_the_recorded_fee_comes_on_top() -> None:
    bank = source.fetch(recorded(), BELGIAN)[1]
    assert amounts(bank) == ["1000.99", "0.99", "69949.60", "69.94960"]
    assert (bank.quote.promotion, bank.quote.derived) == (None, frozenset())
    assert adds_up(bank.quote)


def test_a_campaign_on_the_fee() -> None:
    """The base fee is the price; that a new customer pays none is the promotion."""
    offers = spoiled('"baseFeeAmount": "0.00"', '"baseFeeAmount": "1.99"')
    assert amounts(offers[1]) == ["101.99", "1.99", "1065.74", "10.65740"]
    assert offers[1].quote.promotion is not None
    assert offers[1].quote.promotion.fee == Money(Decimal(0), "EUR")


def test_a_campaign_on_nothing_but_the_fee() -> None:
    same_rate = Spoiled(recorded(), '"10.65740"', '"10.87243"', BANK)
    http = Spoiled(same_rate, '"baseFeeAmount": "0.00"', '"baseFeeAmount": "1.99"', BANK)
    bank = source.fetch(http, FRENCH)[1]
    assert amounts(bank) == ["101.99", "1.99", "1087.24", "10.87243"]
    assert bank.quote.promotion is not None


def test_a_better_price_that_nobody_explains() -> None:
    with pytest.raises(Unreadable, match="no campaign that would say why") as error:
        spoiled('"campaignsApplied": [', '"campaignsApplied": [], "were": [')
    assert error.value.trouble is Trouble.CONTRADICTION


def test_a_campaign_that_changes_nothing_is_no_promotion() -> None:
    http = Spoiled(
        recorded(),
        '"effectiveExchangeRate": "10.87243"',
        '"effectiveExchangeRate": "10.65740"',
        BANK,
    )
    plain = Spoiled(http, '"1087.24"', '"1065.74"', BANK)
    assert source.fetch(plain, FRENCH)[1].quote.promotion is None


@pytest.mark.parametrize("written", ["100", "100.0", "100.00"])
def test_numbers_however_written(written: str) -> None:
    offers = spoiled('"baseSendAmount": "100.00"', f'"baseSendAmount": "{written}"')
    assert amounts(offers[1])[2:] == ["1065.74", "10.65740"]


@pytest.mark.parametrize(("country", "currency"), PLACES)
@pytest.mark.parametrize("amount", ["40", "345.55"])
def test_any_corridor(country: str, currency: str, amount: str) -> None:
    world = World(MIDS)
    ask = Ask(Corridor("NL", "EUR", country, currency), Decimal(amount))
    offers = source.fetch(DirectHttp(world), ask)
    assert [ways(offer.quote.service)[2] for offer in offers] == ["cash", "bank_account"]
    for offer in offers:
        quote = offer.quote
        assert adds_up(quote)
        assert quote.paid.amount - quote.fee.amount == Decimal(amount)
        assert Decimal("0.96") < quote.rate / world.mid(currency) < 1
        assert (quote.promotion is not None) == promoted(country.lower())
        if quote.promotion:
            assert quote.promotion.rate > quote.rate
            assert quote.promotion.received > quote.received
            assert quote.received == quote.received.floor()
            assert quote.received.amount <= Decimal(amount) * quote.rate


def test_the_lab_has_corridors_of_both_kinds() -> None:
    assert {promoted(country.lower()) for country, _ in PLACES} == {True, False}


def test_beyond_the_limit() -> None:
    ask = Ask(Corridor("NL", "EUR", "MA", "MAD"), Decimal(2501))
    with pytest.raises(NotOffered, match="pricing-limit-violation"):
        source.fetch(DirectHttp(World(MIDS)), ask)


def test_beyond_the_limit_of_one_way_to_be_paid() -> None:
    [bank] = spoiled("", LIMIT, CASH, status=400)
    assert ways(bank.quote.service)[2] == "bank_account"
    with pytest.raises(NotOffered, match="pricing-limit-violation"):
        spoiled("", LIMIT, "pricing-public", status=400)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('{"code": "invalid-country", "message": "nl"}', "invalid-country, nl"),
        ('{"code": "invalid-country"}', "invalid-country, no reason given"),
        ('{"error": "invalid-country"}', "no field 'code'"),
    ],
)
@pytest.mark.parametrize("where", ["pricing-segments", "pricing-public"])
def test_other_refusals_are_passed_on(where: str, body: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        spoiled("", body, where, status=400)


def test_a_corridor_that_the_lab_does_not_serve() -> None:
    with pytest.raises(Unreadable, match="unsupported-corridor, no ZMW in zm"):
        source.fetch(recorded(), Ask(Corridor("NL", "EUR", "ZM", "ZMW"), Decimal(100)))


def test_ways_to_be_paid_that_we_do_not_know() -> None:
    """An unknown one is left out; if there is no other, an operator hears its name."""
    [bank] = spoiled('"payoutMethod": "cash"', '"payoutMethod": "pigeon"', "segments")
    assert ways(bank.quote.service)[2] == "bank_account"
    other = Spoiled(recorded(), '"payoutMethod": "cash"', '"payoutMethod": "pigeon"', "segments")
    with pytest.raises(Unreadable, match="no way to be paid that we know: pigeon, raven"):
        source.fetch(Spoiled(other, '"bank"', '"raven"', "segments"), FRENCH)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"payoutMethodsAndPrices": [', '"payoutMethodsAndPrices": [], "x": [', "that we know: "),
        ('"payoutMethodsAndPrices": [', '"payoutMethods": [', "no field 'payoutMethodsAndPrices'"),
        ('"payoutMethod": "cash"', '"payoutMethod": "bank"', "a way to be paid twice"),
        ('"payoutMethod": "cash"', '"payoutMethod": null', "[0].payoutMethod: should be a text"),
        ('"ma_umb_bank_ma",\n      "has', 'null,\n      "has', "[1].bestPricedSegmentName: should"),
        ('"ma_umb_bank_ma",\n      "has', '"<b>",\n      "has', "'<b>' is no name of a segment"),
    ],
)
def test_ways_to_be_paid_that_cannot_be_read(old: str, new: str, says: str) -> None:
    with pytest.raises(Unreadable) as error:
        spoiled(old, new, "segments")
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "trouble", "says"),
    [
        ('"baseSendAmount": "100.00"', '"x": 1', Trouble.SCHEMA, "no field 'baseSendAmount'"),
        (
            '"baseSendAmount": "100.00"',
            '"baseSendAmount": "101.00"',
            Trouble.CONTRADICTION,
            "reply.baseSendAmount: asked for 100, answered for 101.00",
        ),
        (
            '"effectiveSendAmount": "100.00"',
            '"effectiveSendAmount": "99.00"',
            Trouble.CONTRADICTION,
            "reply.effectiveSendAmount: asked for 100, answered for 99.00",
        ),
        ('"baseFeeRateBps": 0', '"baseFeeRateBps": 50', Trouble.SCHEMA, "baseFeeRateBps: a fee by"),
        ('"effectiveFeeRateBps": 0', '"effectiveFeeRateBps": 1', Trouble.SCHEMA, "a fee by share"),
        ('"baseFeeRateBps": 0', '"baseFeeRateBps": "0"', Trouble.SCHEMA, "should be a number"),
        ('"10.65740"', "10.65740", Trouble.SCHEMA, "baseExchangeRate: should be a number in quo"),
        ('"10.65740"', "null", Trouble.SCHEMA, "baseExchangeRate: should be a number in quotes"),
        ('"10.65740"', '"1e1"', Trouble.SCHEMA, "baseExchangeRate: should be a number in quotes"),
        ('"baseExchangeRate"', '"base"', Trouble.SCHEMA, "no field 'baseExchangeRate'"),
        ('"baseFeeAmount": "0.00"', '"baseFeeAmount": 0', Trouble.SCHEMA, "baseFeeAmount: should"),
        ('"baseFeeAmount"', '"fee"', Trouble.SCHEMA, "no field 'baseFeeAmount'"),
        ('"1087.24"', "1087.24", Trouble.SCHEMA, "receiveAmount: should be a number in quotes"),
        ('"payAmount"', '"pay"', Trouble.SCHEMA, "no field 'payAmount'"),
        ('"campaignsApplied"', '"campaigns"', Trouble.SCHEMA, "no field 'campaignsApplied'"),
        (
            '"description": "Intro Rate Discount"',
            '"x": 1',
            Trouble.SCHEMA,
            "campaignsApplied[0]: n",
        ),
        ('"baseFeeRateBps": 0', '"baseFeeRateBps": NaN', Trouble.NOT_JSON, "NaN is no number"),
        ('"baseFeeRateBps": 0', '"baseFeeRateBps": 0e0', Trouble.NOT_JSON, "an exponent"),
        ('"maxFee"', '"payAmount": "1", "maxFee"', Trouble.NOT_JSON, "'payAmount' is there twice"),
    ],
)
def test_what_cannot_be_read(old: str, new: str, trouble: Trouble, says: str) -> None:
    with pytest.raises(Unreadable) as error:
        spoiled(old, new)
    assert error.value.trouble is trouble
    assert says in str(error.value)


@BODIES
@pytest.mark.parametrize("where", ["pricing-segments", "pricing-public"])
def test_bodies_that_make_no_sense(where: str, body: str, trouble: Trouble, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as error:
        spoiled("", body, where)
    assert error.value.trouble is trouble


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"payAmount": "100.00"', '"payAmount": "101.00"'),
        ('"1087.24"', '"1088.24"'),
        ('"effectiveExchangeRate": "10.87243"', '"effectiveExchangeRate": "10.95"'),
        ('"baseFeeAmount": "0.00"', '"baseFeeAmount": "-1.00"'),
        ('"baseExchangeRate": "10.65740"', '"baseExchangeRate": "0.00000"'),
    ],
)
def test_numbers_that_do_not_add_up(old: str, new: str) -> None:
    with pytest.raises(IncoherentQuote):
        spoiled(old, new)


def test_a_strict_lab() -> None:
    http = recorded()
    source.fetch(http, FRENCH)
    good = http.asked[2].query
    for name in sorted(good):
        shorter = {other: value for other, value in good.items() if other != name}
        reply = http.get(source.PRICE, params=shorter, also=(400,))
        assert reply.status == (200 if name == "segmentName" else 400)
    for change in ({"sendCountryIso2": "FR"}, {"amountType": "RECEIVE"}, {"amount": "x"}):
        assert http.get(source.PRICE, params={**good, **change}, also=(400,)).status == 400
    with pytest.raises(Refused, match="status 401"):
        http.get("https://app.sendwave.com/v2/pricing", params=good)
