"""Remitly: the base rate and the whole fee are the price; the offer is beside it."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from app.domain.corridor import Corridor
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.money import Money
from app.domain.quote import Derived, IncoherentQuote, Promotion, Quote, converted
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod
from scrapers.contract import Ask, NotOffered, Refused, SourceError, Trouble, Unreadable
from scrapers.prices import remitly
from tests.lab.direct import DirectHttp
from tests.lab.wire import example
from tests.lab.world import World
from tests.scrapers.prices.altered import Path, changed, recorded, saying
from tests.scrapers.prices.spoiled import BODIES, MIDS, PLACES, Spoiled, adds_up

PROMO = "remitly_estimate_nl_ma_100_promo.json"
CAPPED = "remitly_estimate_nl_ma_1500_promo_capped.json"
PLAIN = "remitly_estimate_nl_tr_100_nopromo.json"


def ask(country: str = "MA", currency: str = "MAD", amount: str = "100") -> Ask:
    return Ask(Corridor("NL", "EUR", country, currency), Decimal(amount))


def quotes(question: Ask) -> list[Quote]:
    return [offer.quote for offer in remitly.fetch(recorded(), question)]


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def mad(amount: str) -> Money:
    return Money(Decimal(amount), "MAD")


def test_standard_price_and_offer_are_apart() -> None:
    cash, bank = quotes(ask())
    assert cash.service.pickup_methods == (PickupMethod.CASH,)
    assert bank.service.pickup_methods == (PickupMethod.BANK_ACCOUNT,)
    for quote, paid, fee in ((cash, "101.99", "1.99"), (bank, "100.49", "0.49")):
        assert quote.service.provider == "remitly"
        assert quote.service.payment_instruments == (PaymentInstrument.DEBIT_CARD,)
        assert quote.service.access_points == (AccessPoint.INTERNET,)
        assert (quote.service.pay_in, quote.service.speed) == ("", None)
        assert (quote.paid, quote.fee, quote.sent) == (eur(paid), eur(fee), eur("100"))
        assert quote.rate == Decimal("10.54")
        assert quote.received == mad("1054")
        assert quote.derived == {Derived.RECEIVED}
        assert quote.promotion is not None
        assert quote.promotion.rate == Decimal("10.83")
        assert (quote.promotion.fee, quote.promotion.received) == (eur("0"), mad("1083"))
        assert quote.promotion.terms.startswith("New customers only. One per customer.")


def test_above_its_cap_the_offer_is_a_blend() -> None:
    (quote,) = quotes(ask(amount="1500"))
    assert (quote.paid, quote.fee) == (eur("1500.49"), eur("0.49"))
    assert (quote.rate, quote.received) == (Decimal("10.54"), mad("15810"))
    assert quote.promotion == Promotion(
        Decimal("10.83"),
        eur("0"),
        mad("16100"),
        "New customers only. Promotional FX rate applies to first 1.000,00 EUR sent.",
    )


def test_without_an_offer_the_stated_amount_stands() -> None:
    (quote,) = quotes(ask("TR", "TRY"))
    assert (quote.paid, quote.fee, quote.rate) == (eur("101.99"), eur("1.99"), Decimal("55.61"))
    assert quote.received == Money(Decimal(5561), "TRY")
    assert quote.derived == frozenset()
    assert quote.promotion is None
    assert quote.service.payment_instruments == (PaymentInstrument.BANK_ACCOUNT_TRANSFER,)
    assert quote.service.pay_in == "open banking"
    assert quote.service.pickup_methods == ()


def test_the_question_is_the_documented_one() -> None:
    http = DirectHttp(World(MIDS))
    remitly.fetch(http, ask(amount="100.50"))
    (asked,) = http.asked
    assert (asked.method, asked.host, asked.path) == ("GET", "api.remitly.io", asked.path)
    assert asked.query == {
        "conduit": "NLD:EUR-MAR:MAD",
        "anchor": "SEND",
        "amount": "100.50",
        "purpose": "OTHER",
        "customer_segment": "UNRECOGNIZED",
        "strict_promo": "false",
    }


@pytest.mark.parametrize(("country", "currency"), PLACES)
@pytest.mark.parametrize("amount", ["40", "999.99", "1000", "2000"])
def test_any_corridor(country: str, currency: str, amount: str) -> None:
    offers = remitly.fetch(DirectHttp(World(MIDS)), ask(country, currency, amount))
    assert len(offers) == 2
    for offer in offers:
        quote = offer.quote
        assert quote.sent == eur(amount)
        assert quote.received == Money(converted(quote.sent, quote.rate), currency).floor()
        assert adds_up(quote)
        assert quote.rate < MIDS[currency]
        assert quote.promotion is not None
        assert quote.promotion.received > quote.received
        assert offer.stated_at is None


def test_every_country_goes_by_its_own_code_of_today() -> None:
    assert set(PAYOUT_CURRENCY) == set(remitly.ALPHA3)
    former = ("MM", "CD", "DE", "FR", "XK", "PS", "RO", "TL", "YE")
    codes = ["MMR", "COD", "DEU", "FRA", "XKX", "PSE", "ROU", "TLS", "YEM"]
    assert [remitly.ALPHA3[country] for country in former] == codes


def test_only_the_fee_is_discounted() -> None:
    discount = (("estimate", "discount", "fee_discount_amount"), "1.00")
    total = (("estimate", "total_charge_amount"), "100.99")
    (offer,) = remitly.fetch(changed(PLAIN, discount, total), ask("TR", "TRY"))
    assert (offer.quote.fee, offer.quote.received.amount) == (eur("1.99"), Decimal(5561))
    assert offer.quote.derived == frozenset()
    arrives = Money(Decimal(5561), "TRY")
    assert offer.quote.promotion == Promotion(Decimal("55.61"), eur("0.99"), arrives, "")


def test_an_offer_without_a_cap_holds_for_all() -> None:
    cap: Path = ("exchange_rate", "capped_promotional_exchange_rate_amount")
    arrives = (("estimate", "receive_amount"), "16245.00")
    offers = remitly.fetch(changed(CAPPED, (("estimate", *cap), None), arrives), ask(amount="1500"))
    assert offers[0].quote.promotion is not None
    assert offers[0].quote.promotion.received == mad("16245")
    assert offers[0].quote.received == mad("15810")


def test_ways_that_we_do_not_know_are_not_guessed() -> None:
    pay_in = (("estimate", "pay_in_method"), "CARRIER_PIGEON")
    pay_out = (("estimate", "pay_out_method"), "DIRECT_TO_PHONE")
    (offer,) = remitly.fetch(changed(PLAIN, pay_in, pay_out), ask("TR", "TRY"))
    assert offer.quote.service.payment_instruments == ()
    assert offer.quote.service.pay_in == "CARRIER_PIGEON"
    assert offer.quote.service.pickup_methods == ()


def test_two_unknown_ways_at_two_prices_do_not_collide() -> None:
    other: Path = ("pay_out_price_estimates", "estimates", 0, "pay_out_method")
    first = (("estimate", "pay_out_method"), "")
    offers = remitly.fetch(changed(PROMO, first, (other, "DIRECT_TO_PHONE")), ask())
    assert [offer.quote.service.variant for offer in offers] == [1, 2]
    assert len({offer.quote.service.identity for offer in offers}) == 2


def test_the_first_estimate_listed_again_is_one_offer() -> None:
    first = json.loads(example(PROMO))["estimate"]
    again = changed(PROMO, (("pay_out_price_estimates", "estimates", 0), first))
    assert len(remitly.fetch(again, ask())) == 1


def test_long_terms_are_cut() -> None:
    long = (("disclaimer", "primary"), "x" * 900)
    offers = remitly.fetch(changed(PROMO, long), ask())
    assert offers[0].quote.promotion is not None
    assert len(offers[0].quote.promotion.terms) == 500


@pytest.mark.parametrize("number", ["100", "100.0", "100.00"])
def test_numbers_may_be_written_in_any_way(number: str) -> None:
    sent, charged = (("estimate", name) for name in ("send_amount", "total_charge_amount"))
    offers = remitly.fetch(changed(PROMO, (sent, number), (charged, number)), ask())
    assert offers[0].quote.paid == eur("101.99")


BASE: Path = ("estimate", "exchange_rate", "base_rate")
OTHER: Path = ("pay_out_price_estimates", "estimates", 0)

FAULTS: list[tuple[Path, object, Trouble, str]] = [
    (("estimate",), ..., Trouble.SCHEMA, "reply: no field 'estimate'"),
    (("pay_out_price_estimates",), ..., Trouble.SCHEMA, "no field 'pay_out_price_estimates'"),
    (BASE, ..., Trouble.SCHEMA, "reply.estimate.exchange_rate: no field 'base_rate'"),
    (BASE, None, Trouble.SCHEMA, "reply.estimate.exchange_rate.base_rate: should be a number"),
    (BASE, 10.54, Trouble.SCHEMA, "reply.estimate.exchange_rate.base_rate: should be a number"),
    (BASE, "1e1", Trouble.SCHEMA, "reply.estimate.exchange_rate.base_rate: should be a number"),
    (BASE, "10,54", Trouble.SCHEMA, "reply.estimate.exchange_rate.base_rate: should be a number"),
    (("estimate", "fee", "total_fee_amount"), ..., Trouble.SCHEMA, "no field 'total_fee_amount'"),
    (("estimate", "fee", "total_fee_amount"), 1.99, Trouble.SCHEMA, "total_fee_amount: should"),
    (("estimate", "fee", "total_fee_amount"), "2.99", Trouble.CONTRADICTION, "total_charge"),
    (("estimate", "discount"), ..., Trouble.SCHEMA, "no field 'discount'"),
    (("estimate", "discount", "fee_discount_amount"), "0.99", Trouble.CONTRADICTION, "charge"),
    (("estimate", "send_amount"), "200.00", Trouble.CONTRADICTION, "reply.estimate.send_amount"),
    (("estimate", "send_amount"), 1000, Trouble.CONTRADICTION, "reply.estimate.send_amount"),
    (("estimate", "receive_amount"), "1054.00", Trouble.CONTRADICTION, "estimate.receive_amount"),
    (("estimate", "receive_amount"), 1083, Trouble.SCHEMA, "receive_amount: should be a number"),
    (("estimate", "pay_in_method"), 1, Trouble.SCHEMA, "pay_in_method: should be a text"),
    (("estimate", "pay_out_method"), None, Trouble.SCHEMA, "pay_out_method: should be a text"),
    (("estimate", "conduit", "target_country"), "TUR", Trouble.CONTRADICTION, "target_country"),
    (("estimate", "conduit", "source_country"), "DEU", Trouble.CONTRADICTION, "source_country"),
    ((*OTHER, "conduit", "target_country"), "TUR", Trouble.CONTRADICTION, "estimates[0].conduit"),
    ((*OTHER, "conduit", "target_currency", "alpha3"), "USD", Trouble.CONTRADICTION, "alpha3"),
    ((*OTHER, "conduit", "source_currency", "alpha3"), "GBP", Trouble.CONTRADICTION, "alpha3"),
    ((*OTHER, "fee"), [], Trouble.SCHEMA, "estimates[0].fee: should be an object"),
    (("pay_out_price_estimates", "estimates"), {}, Trouble.SCHEMA, "should be a list"),
]


@pytest.mark.parametrize(("path", "value", "trouble", "words"), FAULTS)
def test_what_is_wrong_is_named(path: Path, value: object, trouble: Trouble, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        remitly.fetch(changed(PROMO, (path, value)), ask())
    assert caught.value.trouble is trouble
    assert words in str(caught.value)


def test_a_fee_as_large_as_what_is_sent_is_no_price() -> None:
    fee = (("estimate", "fee", "total_fee_amount"), "1000001.99")
    discount = (("estimate", "discount", "fee_discount_amount"), "1000001.99")
    with pytest.raises(Unreadable, match="total_fee_amount"):
        remitly.fetch(changed(PROMO, fee, discount), ask())


def test_one_way_at_two_prices_contradicts_itself() -> None:
    other: Path = ("pay_out_price_estimates", "estimates", 0, "pay_out_method")
    with pytest.raises(Unreadable, match="DEBIT to CASH_PICKUP is there twice") as caught:
        remitly.fetch(changed(PROMO, (other, "CASH_PICKUP")), ask())
    assert caught.value.trouble is Trouble.CONTRADICTION


def test_a_discount_above_the_fee_is_no_price() -> None:
    discount = (("estimate", "discount", "fee_discount_amount"), "2.99")
    charged = (("estimate", "total_charge_amount"), "99.00")
    with pytest.raises(Unreadable, match="total_charge_amount"):
        remitly.fetch(changed(PROMO, discount, charged), ask())


def test_a_rate_that_does_not_lead_to_the_amount_is_no_price() -> None:
    with pytest.raises(IncoherentQuote, match=r"54\.61 is not TRY 5561"):
        remitly.fetch(changed(PLAIN, (BASE, "54.61")), ask("TR", "TRY"))


@BODIES
def test_bodies_without_sense(body: str, trouble: Trouble, says: str) -> None:
    with pytest.raises(Unreadable) as caught:
        remitly.fetch(saying(body), ask())
    assert caught.value.trouble is trouble
    assert says in str(caught.value)


@pytest.mark.parametrize("new", ["NaN", "1.054e1", '"10.54", "base_rate": "10.54"'])
def test_what_json_should_not_have(new: str) -> None:
    with pytest.raises(Unreadable) as caught:
        remitly.fetch(Spoiled(recorded(), '"10.54"', new), ask())
    assert caught.value.trouble is Trouble.NOT_JSON


def test_not_allowed_is_for_an_operator() -> None:
    with pytest.raises(Refused, match="NOT_ALLOWED: Not allowed"):
        remitly.fetch(saying(example("remitly_error_not_allowed_200.json")), ask())


def test_another_error_in_a_success_is_for_a_developer() -> None:
    with pytest.raises(Unreadable, match="LIMIT: Too much"):
        remitly.fetch(saying('{"error_key": "LIMIT", "message": "Too much"}'), ask())


def test_a_corridor_that_is_not_served() -> None:
    with pytest.raises(NotOffered, match=r"^Invalid conduit$"):
        remitly.fetch(DirectHttp(World(MIDS)), ask("IR", "IRR"))


def test_other_messages_are_for_a_developer() -> None:
    body = '[{"message": "Invalid conduit"}, {"message": "Invalid purpose"}]'
    with pytest.raises(Unreadable, match="Invalid conduit; Invalid purpose"):
        remitly.fetch(saying(body, 400), ask())


def test_without_knocking_properly_the_lab_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remitly, "HEADERS", {})
    with pytest.raises(SourceError, match="Not allowed"):
        remitly.fetch(DirectHttp(World(MIDS)), ask())
