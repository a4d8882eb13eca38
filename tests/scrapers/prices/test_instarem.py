"""Instarem: the regular price is the price, the first transfer is beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import pytest

from app.domain.corridor import Corridor
from app.domain.currencies import MINOR_DIGITS
from app.domain.money import Money
from app.domain.quote import Derived, IncoherentQuote, Promotion
from app.domain.service import PaymentInstrument
from scrapers.contract import Ask, NotOffered, Trouble, Unreadable
from scrapers.prices import instarem
from tests.lab.direct import DirectHttp
from tests.lab.sources import instarem as lab
from tests.lab.sources.instarem import METHODS, PRICE
from tests.lab.wire import LabReply, LabRequest, example
from tests.lab.world import World

MIDS = {
    "INR": Decimal("110.212"),
    "VND": Decimal("30105.5"),
    "TND": Decimal("3.38"),
    "JOD": Decimal("0.8214"),
    "GBP": Decimal("0.8714"),
    "XOF": Decimal("655.957"),
    "USD": Decimal("1.16"),
}


def ask(country: str = "IN", currency: str = "INR", amount: str = "1000") -> Ask:
    return Ask(Corridor("NL", "EUR", country, currency), Decimal(amount))


def recorded() -> DirectHttp:
    return DirectHttp(World(MIDS, recorded=True))


def asked_of(http: DirectHttp) -> list[tuple[str, dict[str, str]]]:
    return [(one.path, dict(one.query)) for one in http.asked]


@dataclass(slots=True)
class Saying(DirectHttp):
    """The recorded answers, changed: texts by path."""

    bodies: dict[str, bytes] = field(default_factory=dict)

    def _ask(self, *args: Any) -> Any:
        reply = DirectHttp._ask(self, *args)
        path = self.asked[-1].path
        return type(reply)(reply.url, self.bodies.get(path, reply.body), reply.media_type)


def methods(*changes: dict[str, Any]) -> bytes:
    """The two recorded ways to pay, changed."""
    shape = json.loads(example("instarem_payment_methods_de_inr.json"))
    for method, change in zip(shape["data"], changes, strict=False):
        method.update(change)
    return json.dumps(shape).encode()


def price(**changes: object) -> bytes:
    """The recorded price, changed; ... removes a field."""
    shape = json.loads(example("instarem_computed_value_nl_inr_1000.json"))
    for name, value in changes.items():
        shape["data"][name] = value
        if value is ...:
            del shape["data"][name]
    return json.dumps(shape).encode()


def saying(price_body: bytes | None = None, methods_body: bytes | None = None) -> Saying:
    bodies = {PRICE: price_body, METHODS: methods_body}
    kept = {path: body for path, body in bodies.items() if body is not None}
    return Saying(World(MIDS, recorded=True), bodies=kept)


ONE_WAY = methods({}, {"text": "Cheque", "code": "CHEQUE"})
"""Only the bank transfer is left of the recorded ways to pay."""


def test_the_recorded_price() -> None:
    bank, card = instarem.fetch(recorded(), ask())
    quote = bank.quote
    assert quote.service.provider == "instarem"
    assert quote.service.payment_instruments == (PaymentInstrument.BANK_ACCOUNT_TRANSFER,)
    assert quote.service.pickup_methods == ()
    assert quote.service.speed is None
    assert quote.paid == Money(Decimal(1000), "EUR")
    assert quote.fee == Money(Decimal("5.5"), "EUR")
    assert quote.rate == Decimal("109.4617")
    # 994.50 x 109.4617 = 108859.66065, rounded down
    assert quote.received == Money(Decimal("108859.66"), "INR")
    assert quote.derived == {Derived.RECEIVED}
    assert quote.promotion == Promotion(
        Decimal("109.4617"),
        Money(Decimal(0), "EUR"),
        Money(Decimal("109461.7"), "INR"),
        "first transfer",
    )
    assert bank.stated_at is None
    assert json.loads(bank.reply.body)["data"]["transaction_fee_amount"] == 0
    assert card.quote.service.payment_instruments == (PaymentInstrument.DEBIT_CARD,)
    assert card.quote.fee == Money(Decimal("10.5"), "EUR")


def test_two_kinds_of_call() -> None:
    http = recorded()
    instarem.fetch(http, ask())
    question = {
        "source_currency": "EUR",
        "destination_currency": "INR",
        "country_code": "NL",
        "source_amount": "1000",
    }
    assert asked_of(http) == [
        (METHODS, question),
        (PRICE, {**question, "instarem_bank_account_id": "26"}),
        (PRICE, {**question, "instarem_bank_account_id": "301"}),
    ]


@pytest.mark.parametrize("amount", ["1000", "1000.0", "1000.00", "1E+3"])
def test_amounts_in_any_spelling(amount: str) -> None:
    http = recorded()
    assert instarem.fetch(http, ask(amount=amount))[0].quote.paid.amount == 1000
    assert {"e" in one.query["source_amount"].lower() for one in http.asked} == {False}


@pytest.mark.parametrize("amount", [1000, 1000.0])
def test_amounts_echoed_in_any_spelling(amount: float) -> None:
    http = saying(price(gross_source_amount=amount), ONE_WAY)
    assert len(instarem.fetch(http, ask())) == 1


@pytest.mark.parametrize("amount", ["40", "345", "500", "2000"])
@pytest.mark.parametrize(
    ("country", "currency"), [("VN", "VND"), ("TN", "TND"), ("JO", "JOD"), ("GB", "GBP")]
)
def test_any_corridor(country: str, currency: str, amount: str) -> None:
    offers = instarem.fetch(DirectHttp(World(MIDS)), ask(country, currency, amount))
    assert len(offers) == 2
    for quote in (offer.quote for offer in offers):
        grain = Decimal(1).scaleb(-MINOR_DIGITS[currency])
        exactly = (quote.paid - quote.fee).amount * quote.rate
        assert quote.fee.amount > 0
        assert abs(quote.received.amount - exactly) <= grain
        assert (quote.promotion is not None) == (Decimal(amount) >= 500)
        assert bool(quote.derived) == (Decimal(amount) >= 500)
        if quote.promotion:
            assert quote.received.amount == exactly.quantize(grain, ROUND_FLOOR)
            assert quote.promotion.received > quote.received


@pytest.mark.parametrize(
    ("country", "currency"), [("SN", "XOF"), ("EC", "USD"), ("DE", "EUR"), ("BT", "INR")]
)
def test_a_currency_of_several_countries_is_not_asked_for(country: str, currency: str) -> None:
    http = DirectHttp(World(MIDS))
    with pytest.raises(NotOffered, match=f"{currency} is not {country}'s alone"):
        instarem.fetch(http, ask(country, currency))
    assert http.asked == []


def test_without_an_offer_the_published_price_is_the_price() -> None:
    body = price(transaction_fee_amount=5.5, destination_amount=108859.66)
    (offer,) = instarem.fetch(saying(body, ONE_WAY), ask())
    assert offer.quote.promotion is None
    assert offer.quote.derived == frozenset()
    assert offer.quote.received.amount == Decimal("108859.66")


def test_a_better_rate_for_the_first_transfer_is_a_promotion() -> None:
    body = price(regular_instarem_fx_rate=108.5, regular_transaction_fee_amount=0)
    (offer,) = instarem.fetch(saying(body, ONE_WAY), ask())
    assert offer.quote.rate == Decimal("108.5")
    assert offer.quote.received.amount == Decimal("108500.00")
    assert offer.quote.promotion is not None
    assert offer.quote.promotion.rate == Decimal("109.4617")


def test_all_three_fees_count() -> None:
    body = price(
        payment_method_fee_amount=2,
        regular_payment_method_fee_amount=2,
        payout_method_fee_amount=1,
        regular_payout_method_fee_amount=1,
        destination_amount=109133.31,
    )
    (offer,) = instarem.fetch(saying(body, ONE_WAY), ask())
    assert offer.quote.fee.amount == Decimal("8.5")
    assert offer.quote.promotion is not None
    assert offer.quote.promotion.fee.amount == 3


def test_a_fee_on_top_is_not_shown() -> None:
    """The fee model is inferred; an answer that follows another one is refused."""
    with pytest.raises(IncoherentQuote):
        instarem.fetch(saying(price(transaction_fee_amount=5.5), ONE_WAY), ask())


def test_the_recorded_limit_message() -> None:
    with pytest.raises(NotOffered) as error:
        instarem.fetch(saying(example("instarem_computed_value_limit_message.json")), ask())
    assert str(error.value) == (
        "Bank Transfer: Maximum amount per transaction exceeded; "
        "Debit Card: Maximum amount per transaction exceeded"
    )


@pytest.mark.parametrize("name", ["source_validation", "destination_validation", "warning_message"])
def test_words_of_warning_refuse_one_way_to_pay(name: str) -> None:
    with pytest.raises(NotOffered, match="Bank Transfer: Not available"):
        instarem.fetch(saying(price(**{name: "Not available"}), ONE_WAY), ask())


def test_words_that_we_do_not_know_are_for_a_developer() -> None:
    with pytest.raises(Unreadable, match="Bank Transfer: Rates are delayed"):
        instarem.fetch(saying(price(warning_message="Rates are delayed"), ONE_WAY), ask())


def test_other_ways_to_pay_remain() -> None:
    limits = {"limit": {"individual": {"inward": {"min": 0, "max": 999}}}}
    (offer,) = instarem.fetch(saying(methods_body=methods({}, {"config": limits})), ask())
    assert offer.quote.service.payment_instruments == (PaymentInstrument.BANK_ACCOUNT_TRANSFER,)


def test_a_way_to_pay_is_known_by_its_code_too() -> None:
    body = methods({"text": "Overboeking"}, {"text": "Cheque", "code": "CHEQUE"})
    (offer,) = instarem.fetch(saying(methods_body=body), ask())
    assert offer.quote.service.payment_instruments == (PaymentInstrument.BANK_ACCOUNT_TRANSFER,)


def test_an_unsupported_currency() -> None:
    with pytest.raises(NotOffered, match="Currency pair is not supported"):
        instarem.fetch(DirectHttp(World(MIDS)), ask("TR", "TRY"))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (price(destination_amount=...), r"reply\.data: no field 'destination_amount'"),
        (price(regular_instarem_fx_rate=...), "no field 'regular_instarem_fx_rate'"),
        (
            price(regular_transaction_fee_amount=None),
            r"reply\.data\.regular_transaction_fee_amount",
        ),
        (price(source_validation=...), "no field 'source_validation'"),
        (price(source_validation=0), r"source_validation: should be a text, is '0'"),
        (price(destination_amount="109461.7"), "destination_amount: should be a number"),
        (price(instarem_fx_rate=True), "instarem_fx_rate: should be a number"),
        (price(gross_source_amount=True), r"gross_source_amount: asked for 1000, answered for"),
        (price(gross_source_amount=100), r"gross_source_amount: asked for 1000, answered for 100"),
        (price(country_code="DE"), r"reply\.data\.country_code: asked for NL, answered for DE"),
        (price(source_currency="USD"), "source_currency: asked for EUR"),
        (price(destination_currency="PKR"), "destination_currency: asked for INR"),
        (price(net_tax_amount=1.5), "net_tax_amount: a tax"),
        (b"{}", "an empty answer"),
        (b"[]", "an empty answer"),
        (b"null", "an empty answer"),
        (b"[1]", "reply: should be an object"),
        (b"<html>", "not the JSON it should be"),
        (price().replace(b"109461.7", b"NaN"), "NaN is no number"),
        (price().replace(b"109461.7", b"1.094617e5"), "has an exponent"),
        (
            price().replace(b'"fx_rate":', b'"instarem_fx_rate":'),
            "'instarem_fx_rate' is there twice",
        ),
        (b'{"success": true, "data": null}', r"reply\.data: should be an object"),
        (b'{"success": 1}', r"reply\.success: should be true or false"),
        (b'{"success": false}', "success is false, and not why"),
        (b'{"success": false, "message": "Oops"}', "says 'Oops'"),
    ],
)
def test_unreadable(body: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        instarem.fetch(saying(body, ONE_WAY), ask())


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"success": true, "data": []}', "no way to pay that we know"),
        (b'{"success": true, "data": {}}', r"reply\.data: should be a list"),
        (methods({"code": 26}), r"reply\.data\[0\]\.code: should be a text"),
        (methods({"key": "26"}), r"reply\.data\[0\]\.key: should be a number"),
        (methods({}, {"text": "Bank Transfer"}), r"\[1\]: a second way to pay"),
    ],
)
def test_unreadable_ways_to_pay(body: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        instarem.fetch(saying(methods_body=body), ask())


def test_troubles() -> None:
    with pytest.raises(Unreadable) as empty:
        instarem.fetch(saying(methods_body=b'{"success": true, "data": []}'), ask())
    assert empty.value.trouble is Trouble.EMPTY
    with pytest.raises(Unreadable) as wrong:
        instarem.fetch(saying(price(country_code="DE"), ONE_WAY), ask())
    assert wrong.value.trouble is Trouble.CONTRADICTION


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"source_currency": "EUR", "destination_currency": "INR", "country_code": "NL"},
        {
            "source_currency": "EUR",
            "destination_currency": "INR",
            "country_code": "NL",
            "source_amount": "lots",
        },
    ],
)
def test_the_lab_is_strict(query: dict[str, str]) -> None:
    request = LabRequest("GET", "www.instarem.com", METHODS, query, {}, b"")
    reply = lab.answer(request, World(MIDS))
    assert isinstance(reply, LabReply)
    assert reply.status == 400
    assert lab.answer(LabRequest("GET", lab.HOST, "/", {}, {}, b""), World(MIDS)) is None
