"""TransferGo: its fee is taken out, and a promotional rate is never the price."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.domain.corridor import Corridor
from app.domain.money import Money
from app.domain.quote import Derived, IncoherentQuote, Promotion
from app.domain.service import Speed
from scrapers.contract import Ask, NotOffered, Trouble, Unreadable, without_tokens
from scrapers.prices import transfergo
from tests.lab.direct import DirectHttp
from tests.lab.wire import example
from tests.lab.world import World
from tests.scrapers.prices.altered import Path, changed, recorded, saying
from tests.scrapers.prices.spoiled import BODIES, MIDS, PLACES, Spoiled, adds_up, ways

NL_TR = "transfergo_quotes_nl_tr_500.json"
NL_PH = "transfergo_quotes_nl_ph_1000_promo.json"
TOO_SMALL = "transfergo_error_422_too_small.json"

BANK = "bank_account_transfer"
TURKEY = Ask(Corridor("NL", "EUR", "TR", "TRY"), Decimal(500))
PHILIPPINES = Ask(Corridor("NL", "EUR", "PH", "PHP"), Decimal(1000))


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def lira(amount: str) -> Money:
    return Money(Decimal(amount), "TRY")


def test_every_number_of_the_recorded_answer() -> None:
    bank, card = (offer.quote for offer in transfergo.fetch(recorded(), TURKEY))
    assert ways(bank.service) == (BANK, "internet", "bank_account")
    assert ways(card.service) == ("", "internet", "bank_account")
    assert (bank.service.pay_in, card.service.pay_in) == ("", "card")
    assert (bank.service.speed, card.service.speed) == (Speed.NEXT_DAY, Speed.LESS_THAN_ONE_HOUR)
    assert (bank.paid, bank.fee, bank.sent) == (eur("500"), eur("0.99"), eur("499.01"))
    assert (card.paid, card.fee, card.sent) == (eur("500"), eur("2.99"), eur("497.01"))
    assert (bank.rate, card.rate) == (Decimal("55.74210"), Decimal("55.74210"))
    assert (bank.received, card.received) == (lira("27815.87"), lira("27704.38"))
    for quote in (bank, card):
        assert quote.service.provider == "transfergo"
        assert adds_up(quote)
        assert quote.promotion is None
        assert quote.derived == frozenset()


def test_where_only_a_promotion_is_published_there_is_no_price() -> None:
    with pytest.raises(NotOffered, match="bank-phWallet: only the rate of a promotion"):
        transfergo.fetch(recorded(), PHILIPPINES)


def test_options_with_a_promotional_rate_are_left_out() -> None:
    promoted = (("options", 0, "promotion", "isFxDiscountApplied"), True)
    (offer,) = transfergo.fetch(changed(NL_TR, promoted), TURKEY)
    assert offer.quote.service.pay_in == "card"


def test_a_discount_on_the_fee_is_a_promotion() -> None:
    before = (("options", 0, "fee", "valueBeforeDiscount"), "1.99")
    quote = transfergo.fetch(changed(NL_TR, before), TURKEY)[0].quote
    assert (quote.paid, quote.fee, quote.rate) == (eur("500"), eur("1.99"), Decimal("55.7421"))
    assert quote.received == lira("27760.12")  # 498.01 x 55.7421 = 27760.123221
    assert quote.derived == {Derived.RECEIVED}
    assert quote.promotion == Promotion(quote.rate, eur("0.99"), lira("27815.87"), "")


def test_the_question_is_the_documented_one() -> None:
    http = DirectHttp(World(MIDS))
    transfergo.fetch(http, TURKEY)
    (asked,) = http.asked
    assert (asked.method, asked.host) == ("GET", "my.transfergo.com")
    assert asked.path == "/api/booking/quotes"
    assert asked.query == {
        "fromCurrencyCode": "EUR",
        "toCurrencyCode": "TRY",
        "fromCountryCode": "NL",
        "toCountryCode": "TR",
        "amount": "500",
        "calculationBase": "sendAmount",
        "business": "0",
    }


def test_its_bookings_are_asked_for_slowly() -> None:
    assert transfergo.BUDGET.gap >= 30
    assert transfergo.BUDGET.per_hour * transfergo.BUDGET.gap <= 3600


@pytest.mark.parametrize(("country", "currency"), PLACES)
@pytest.mark.parametrize(("amount", "pairs"), [("40", 3), ("399.99", 3), ("2000", 2)])
def test_any_corridor(country: str, currency: str, amount: str, pairs: int) -> None:
    question = Ask(Corridor("NL", "EUR", country, currency), Decimal(amount))
    offers = transfergo.fetch(DirectHttp(World(MIDS)), question)
    assert len({offer.quote.service.identity for offer in offers}) == len(offers) == pairs
    for offer in offers:
        assert offer.quote.paid == eur(amount)
        assert adds_up(offer.quote)
        assert offer.quote.rate < MIDS[currency]


def test_a_slimmer_answer_will_do() -> None:
    changes: list[tuple[Path, object]] = [
        (("options", place, name), ...) for place in range(3) for name in ("corridor", "label")
    ]
    changes += [(("options", 0, "visibility", "estimateLabel"), None)]
    changes += [(("options", 1, "visibility", "estimateLabel"), "in_one_two_business_days")]
    first, second = transfergo.fetch(changed(NL_TR, *changes), TURKEY)
    assert (first.quote.service.speed, second.quote.service.speed) == (None, Speed.TWO_DAYS)


@pytest.mark.parametrize(
    ("code", "pickup"),
    [("phWallet", "mobile_wallet"), ("card", "card"), ("pigeon", "")],
)
def test_ways_to_be_paid(code: str, pickup: str) -> None:
    offers = transfergo.fetch(changed(NL_TR, (("options", 0, "payOut", "code"), code)), TURKEY)
    assert ways(offers[0].quote.service)[2] == pickup


def test_two_unknown_ways_at_two_prices_do_not_collide() -> None:
    pigeons = [(("options", place, "payOut", "code"), f"pigeon {place}") for place in (0, 1)]
    offers = transfergo.fetch(changed(NL_TR, *pigeons, (("options", 1, "payIn"), BANK_IN)), TURKEY)
    assert [offer.quote.service.variant for offer in offers] == [1, 2]
    assert len({offer.quote.service.identity for offer in offers}) == 2


def test_one_option_at_two_prices_contradicts_itself() -> None:
    again = (("options", 1, "code"), "bank-iban")
    with pytest.raises(Unreadable, match="bank-iban is there twice") as caught:
        transfergo.fetch(changed(NL_TR, again), TURKEY)
    assert caught.value.trouble is Trouble.CONTRADICTION


BANK_IN = {"code": "bank"}


def test_nothing_is_open() -> None:
    closed = [(("options", place, "availability", "isAvailable"), False) for place in (0, 1)]
    with pytest.raises(NotOffered) as caught:
        transfergo.fetch(changed(NL_TR, *closed), TURKEY)
    assert str(caught.value) == (
        "bank-iban: not available; card-iban: not available; card-card: max_amount_exceeded"
    )


@pytest.mark.parametrize("number", ["500", "500.0", "500.00"])
def test_numbers_may_be_written_in_any_way(number: str) -> None:
    http = Spoiled(recorded(), '"500.00"', f'"{number}"')
    assert len(transfergo.fetch(http, TURKEY)) == 2


OPTION: Path = ("options", 0)

FAULTS: list[tuple[Path, object, Trouble, str]] = [
    (("options",), ..., Trouble.SCHEMA, "no options, and no word why"),
    (("options",), [], Trouble.EMPTY, "no options, and no word why"),
    (("options",), {"a": 1}, Trouble.SCHEMA, "reply.options: should be a list"),
    ((*OPTION, "availability"), ..., Trouble.SCHEMA, "options[0]: no field 'availability'"),
    ((*OPTION, "availability", "isAvailable"), "true", Trouble.SCHEMA, "should be true or false"),
    ((*OPTION, "promotion", "isFxDiscountApplied"), ..., Trouble.SCHEMA, "isFxDiscountApplied"),
    ((*OPTION, "promotion", "isFxDiscountApplied"), 0, Trouble.SCHEMA, "should be true or false"),
    ((*OPTION, "payIn"), ..., Trouble.SCHEMA, "reply.options[0]: no field 'payIn'"),
    ((*OPTION, "payOut", "code"), 7, Trouble.SCHEMA, "options[0].payOut.code: should be a text"),
    ((*OPTION, "fee", "value"), 0.99, Trouble.SCHEMA, "options[0].fee.value: should be a number"),
    ((*OPTION, "fee", "value"), "0,99", Trouble.SCHEMA, "options[0].fee.value: should be a number"),
    ((*OPTION, "fee", "valueBeforeDiscount"), ..., Trouble.SCHEMA, "'valueBeforeDiscount'"),
    ((*OPTION, "fee", "valueBeforeDiscount"), "0.00", Trouble.CONTRADICTION, "fee: EUR 0.99 is"),
    ((*OPTION, "fee", "currency"), "TRY", Trouble.CONTRADICTION, "asked for EUR, answered for TRY"),
    ((*OPTION, "rate", "value"), 55.7421, Trouble.SCHEMA, "rate.value: should be a number"),
    ((*OPTION, "rate", "value"), "5.57421e1", Trouble.SCHEMA, "rate.value: should be a number"),
    ((*OPTION, "rate", "value"), None, Trouble.SCHEMA, "rate.value: should be a number"),
    ((*OPTION, "rate", "toCurrency"), "PHP", Trouble.CONTRADICTION, "options[0].rate.toCurrency"),
    ((*OPTION, "rate", "fromCurrency"), "GBP", Trouble.CONTRADICTION, "rate.fromCurrency"),
    ((*OPTION, "receivingAmount"), ..., Trouble.SCHEMA, "no field 'receivingAmount'"),
    ((*OPTION, "receivingAmount", "currency"), "EUR", Trouble.CONTRADICTION, "receivingAmount"),
    ((*OPTION, "sendingAmount", "value"), "400.00", Trouble.CONTRADICTION, "sendingAmount.value"),
    ((*OPTION, "sendingAmount", "currency"), "USD", Trouble.CONTRADICTION, "sendingAmount"),
    ((*OPTION, "corridor", "fromCountry"), "ES", Trouble.CONTRADICTION, "corridor.fromCountry"),
    ((*OPTION, "corridor", "toCountry"), "PH", Trouble.CONTRADICTION, "corridor.toCountry"),
]


@pytest.mark.parametrize(("path", "value", "trouble", "words"), FAULTS)
def test_what_is_wrong_is_named(path: Path, value: object, trouble: Trouble, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        transfergo.fetch(changed(NL_TR, (path, value)), TURKEY)
    assert caught.value.trouble is trouble
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("receivingAmount", "value"), "27871.05"),
        (("rate", "value"), "56.30"),
        (("fee", "value"), "0.00"),
    ],
)
def test_numbers_that_do_not_add_up_are_no_price(path: Path, value: str) -> None:
    with pytest.raises(IncoherentQuote, match="is not TRY"):
        transfergo.fetch(changed(NL_TR, ((*OPTION, *path), value)), TURKEY)


@BODIES
def test_bodies_without_sense(body: str, trouble: Trouble, says: str) -> None:
    with pytest.raises(Unreadable) as caught:
        transfergo.fetch(saying(body), TURKEY)
    assert caught.value.trouble is trouble
    assert (says if "repairs" not in body or body[0] == "[" else "repairs") in str(caught.value)


@pytest.mark.parametrize("new", ["NaN", "5.57e1", '"55.74210", "value": "55.74210"'])
def test_what_json_should_not_have(new: str) -> None:
    with pytest.raises(Unreadable) as caught:
        transfergo.fetch(Spoiled(recorded(), '"55.74210"', new), TURKEY)
    assert caught.value.trouble is Trouble.NOT_JSON


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0.10", "tooSmallAmount, AMOUNT_IS_TOO_SMALL"),
        ("1000000.01", "invalidAmount, AMOUNT_IS_TOO_LARGE"),
    ],
)
def test_amounts_outside_the_limits(amount: str, said: str) -> None:
    with pytest.raises(NotOffered, match=f"^{said}$"):
        transfergo.fetch(recorded(), Ask(TURKEY.corridor, Decimal(amount)))


def test_the_recorded_error_with_a_success_is_an_error_too() -> None:
    with pytest.raises(NotOffered, match="AMOUNT_IS_TOO_SMALL"):
        transfergo.fetch(saying(example(TOO_SMALL)), TURKEY)


@pytest.mark.parametrize("body", ['{"message": "invalidAmount"}', '{"error": "CORRIDOR_UNKNOWN"}'])
def test_errors_that_we_do_not_know_are_for_a_developer(body: str) -> None:
    with pytest.raises(Unreadable, match=r"quotes: (invalidAmount|CORRIDOR_UNKNOWN)$"):
        transfergo.fetch(saying(body, 422), TURKEY)


def test_the_token_of_a_booking_is_not_kept() -> None:
    kept = without_tokens(example(NL_PH))
    assert b"eyJEXAMPLE" not in kept
    assert b'"bookingToken": "[token removed]"' in kept
