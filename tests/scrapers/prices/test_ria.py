"""Ria: the rate for everyone is the price, whichever rate the amount was worked out at."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import pytest

from app.domain.corridor import Corridor
from app.domain.currencies import MINOR_DIGITS
from app.domain.money import Money
from app.domain.quote import Derived, IncoherentQuote, Promotion
from app.domain.service import PaymentInstrument, PickupMethod
from scrapers.contract import Ask, NotOffered, Refused, Trouble, Unreadable, without_tokens
from scrapers.prices import ria
from tests.lab.direct import DirectHttp
from tests.lab.sources import ria as lab
from tests.lab.wire import LabRequest, example
from tests.lab.world import World

MIDS = {
    "MAD": Decimal("10.7516"),
    "XOF": Decimal("655.957"),
    "VND": Decimal("30105.5"),
    "TND": Decimal("3.38"),
    "JOD": Decimal("0.8214"),
}
Details = dict[str, Any]


def ask(country: str = "MA", currency: str = "MAD", amount: str = "100") -> Ask:
    return Ask(Corridor("NL", "EUR", country, currency), Decimal(amount))


@dataclass(slots=True)
class Saying(DirectHttp):
    """A session and a price of our choice; None for the lab's own session."""

    body: bytes = b""
    session: bytes | None = None
    bearer: str = ""

    def _ask(self, *args: Any) -> Any:
        reply = DirectHttp._ask(self, *args)
        if self.asked[-1].path == lab.CALCULATE:
            return type(reply)(reply.url, self.body, reply.media_type)
        if self.session is None:
            return reply
        headers = {"bearer": self.bearer} if self.bearer else {}
        return type(reply)(reply.url, self.session, reply.media_type, 200, headers)


def saying(body: bytes) -> Saying:
    return Saying(World(MIDS), body=body)


def changed(change: Callable[[Details], object]) -> bytes:
    """The recorded price as the only way to be paid, changed."""
    shape = json.loads(example(lab.EXAMPLE))
    details = shape["model"]["transferDetails"]
    details["transferOptions"] = {"deliveryMethods": [{"value": "BankDeposit"}]}
    change(details)
    return json.dumps(shape).encode()


def numbers(**changes: object) -> bytes:
    return changed(lambda details: details["calculations"].update(changes))


def test_the_recorded_price() -> None:
    offers = ria.fetch(DirectHttp(World(MIDS, recorded=True)), ask())
    quote = offers[0].quote
    assert quote.service.provider == "ria"
    assert quote.service.payment_instruments == (PaymentInstrument.BANK_ACCOUNT_TRANSFER,)
    assert quote.service.pickup_methods == (PickupMethod.BANK_ACCOUNT,)
    assert quote.service.speed is None
    assert quote.paid == Money(Decimal("100.49"), "EUR")
    assert quote.fee == Money(Decimal("0.49"), "EUR")
    assert quote.rate == Decimal("10.5361")
    assert quote.received == Money(Decimal("1053.61"), "MAD")
    assert quote.derived == {Derived.RECEIVED}
    assert quote.promotion == Promotion(
        Decimal("10.9949"),
        Money(Decimal("0.49"), "EUR"),
        Money(Decimal("1099.49"), "MAD"),
        "promotional rate",
    )
    assert offers[0].stated_at is None
    assert offers[1].quote.service.pickup_methods == (PickupMethod.CASH,)
    assert offers[1].quote.promotion is None
    assert len(offers) == 2


def test_the_questions() -> None:
    http = DirectHttp(World(MIDS, recorded=True))
    ria.fetch(http, ask())
    session, first, second = http.asked
    assert (session.method, session.path, session.body) == ("GET", lab.SESSION, b"")
    assert session.headers == {"isocode": "NL", "culturecode": "nl-NL"}
    assert first.headers["authorization"] == f"Bearer {lab.GUEST}"
    assert json.loads(first.body) == {
        "selections": {
            "countryFrom": "NL",
            "countryTo": "MA",
            "amountFrom": 100,
            "currencyFrom": "EUR",
            "currencyTo": "MAD",
            "paymentMethod": "BankAccount",
            "deliveryMethod": "BankDeposit",
            "shouldCalcAmountFrom": False,
            "shouldCalcVariableRates": True,
            "promoId": 0,
        }
    }
    assert json.loads(second.body)["selections"]["deliveryMethod"] == "OfficePickup"


def test_ways_that_are_not_listed_are_not_asked_for() -> None:
    http = saying(numbers())
    assert len(ria.fetch(http, ask())) == 1
    assert [one.path for one in http.asked] == [lab.SESSION, lab.CALCULATE]


def test_no_token_in_any_evidence() -> None:
    for http in (
        DirectHttp(World(MIDS)),
        Saying(World(MIDS), body=numbers(), session=example(lab.SESSION_EXAMPLE)),
    ):
        for offer in ria.fetch(http, ask()):
            assert offer.reply.url == ria.URL
            assert b"eyJ" not in offer.reply.body
            assert b"authToken" not in offer.reply.body
    assert b"eyJ" not in without_tokens(example(lab.SESSION_EXAMPLE))


@pytest.mark.parametrize(("session", "bearer"), [(b"", lab.GUEST), (b"{}", lab.GUEST)])
def test_the_token_in_a_header(session: bytes, bearer: str) -> None:
    assert (
        len(ria.fetch(Saying(World(MIDS), body=numbers(), session=session, bearer=bearer), ask()))
        == 1
    )


def test_the_token_in_the_body() -> None:
    """The older variant, as recorded."""
    http = Saying(World(MIDS), body=numbers(), session=example(lab.SESSION_EXAMPLE))
    assert len(ria.fetch(http, ask())) == 1
    assert http.asked[-1].headers["authorization"] == f"Bearer {lab.GUEST}"


@pytest.mark.parametrize(
    ("session", "says"),
    [
        (b"{}", "an empty answer"),
        (b'{"authToken": null}', r"reply\.authToken: should be an object"),
        (b'{"authToken": {}}', r"reply\.authToken: no field 'jwtToken'"),
        (b'{"authToken": {"jwtToken": 7}}', r"jwtToken: should be a text"),
        (b'{"authToken": {"jwtToken": "a\\r\\nX: y"}}', "odd signs"),
        (b'{"authToken": {"jwtToken": ""}}', "odd signs"),
        (b"<html>", "not the JSON it should be"),
    ],
)
def test_no_token(session: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        ria.fetch(Saying(World(MIDS), body=numbers(), session=session), ask())


def test_an_old_token_is_refused() -> None:
    http = Saying(World(MIDS), session=b"{}", bearer="eyJOLD00.TOKEN")
    with pytest.raises(Refused, match="401"):
        ria.fetch(http, ask())


@pytest.mark.parametrize("amount", ["40", "345.50", "2000"])
@pytest.mark.parametrize(
    ("country", "currency", "ways"),
    [("SN", "XOF", 3), ("VN", "VND", 2), ("TN", "TND", 2), ("JO", "JOD", 2)],
)
def test_any_corridor(country: str, currency: str, ways: int, amount: str) -> None:
    offers = ria.fetch(DirectHttp(World(MIDS)), ask(country, currency, amount))
    assert len({one.quote.service.identity for one in offers}) == len(offers) == ways
    for quote in (offer.quote for offer in offers):
        grain = Decimal(1).scaleb(-MINOR_DIGITS[currency])
        exactly = Decimal(amount) * quote.rate
        deposit = quote.service.pickup_methods == (PickupMethod.BANK_ACCOUNT,)
        assert quote.paid - quote.fee == Money(Decimal(amount), "EUR")
        assert abs(quote.received.amount - exactly) <= grain
        assert bool(quote.promotion) == bool(quote.derived) == deposit
        if quote.promotion:
            assert quote.received.amount == exactly.quantize(grain, ROUND_FLOOR)
            assert quote.promotion.received > quote.received


@pytest.mark.parametrize("amount", ["100", "100.0", "100.00"])
def test_amounts_in_any_spelling(amount: str) -> None:
    body = numbers().replace(b'"amountFrom": 100,', f'"amountFrom": {amount},'.encode())
    assert len(ria.fetch(saying(body), ask(amount=amount))) == 1


@pytest.mark.parametrize("promo", [None, 0, 10.5361, 10.5])
def test_no_better_rate_is_no_promotion(promo: float | None) -> None:
    body = numbers(exchangeRatePromo=promo, amountTo=1053.61)
    quote = ria.fetch(saying(body), ask())[0].quote
    assert quote.promotion is None
    assert quote.derived == frozenset()
    assert quote.received == Money(Decimal("1053.61"), "MAD")


def test_a_reply_without_a_promotional_rate() -> None:
    body = changed(
        lambda details: (
            details["calculations"].pop("exchangeRatePromo"),
            details["calculations"].update(amountTo=1053.61),
        )
    )
    assert ria.fetch(saying(body), ask())[0].quote.promotion is None


def test_an_amount_at_the_standard_rate_stays_as_published() -> None:
    quote = ria.fetch(saying(numbers(amountTo=1053.61)), ask())[0].quote
    assert quote.received == Money(Decimal("1053.61"), "MAD")
    assert quote.derived == frozenset()
    assert quote.promotion is not None
    assert quote.promotion.received == Money(Decimal("1099.49"), "MAD")


@pytest.mark.parametrize("amount", [1060, 1076, 1090, 1200, 900])
def test_an_amount_at_neither_rate(amount: int) -> None:
    with pytest.raises(IncoherentQuote):
        ria.fetch(saying(numbers(amountTo=amount)), ask())


def test_an_unsupported_corridor_and_too_large_an_amount() -> None:
    with pytest.raises(NotOffered, match="BankDeposit: This country is not supported"):
        ria.fetch(DirectHttp(World(MIDS)), ask("IR", "IRR"))
    with pytest.raises(NotOffered, match="Amount exceeds the maximum"):
        ria.fetch(DirectHttp(World(MIDS)), ask(amount="3001"))


def test_errors_in_unknown_words_are_for_a_developer() -> None:
    body = b'{"model": null, "errorResponse": {"errors": [{"message": "Oops"}]}}'
    with pytest.raises(Unreadable, match="says 'Oops'"):
        ria.fetch(saying(body), ask())


@pytest.mark.parametrize(
    "options",
    [
        {"deliveryMethods": [{"value": "HomeDelivery"}]},
        {"deliveryMethods": [{"value": "BankDeposit"}], "paymentMethods": [{"value": "DebitCard"}]},
    ],
)
def test_what_is_not_listed_is_not_offered(options: Details) -> None:
    body = changed(lambda details: details.update(transferOptions=options))
    with pytest.raises(NotOffered, match="is not among the ways that Ria lists"):
        ria.fetch(saying(body), ask())


def test_empty_error_responses_are_none() -> None:
    shape = json.loads(numbers())
    nothings: list[object] = [None, {}, {"errors": []}, {"errors": None}]
    for nothing in nothings:
        body = json.dumps({**shape, "errorResponse": nothing}).encode()
        assert len(ria.fetch(saying(body), ask())) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda details: details.pop("calculations"), "transferDetails: no field 'calculations'"),
        (lambda details: details.update(calculations=None), "calculations: should be an object"),
        (lambda details: details.pop("selections"), "transferDetails: no field 'selections'"),
        (lambda details: details["calculations"].pop("amountTo"), "no field 'amountTo'"),
        (lambda details: details["calculations"].pop("totalAmount"), "no field 'totalAmount'"),
        (lambda details: details["calculations"].pop("exchangeRate"), "no field 'exchangeRate'"),
        (
            lambda details: details["selections"].update(countryTo="TN"),
            r"selections\.countryTo: asked for MA, answered for TN",
        ),
        (
            lambda details: details["selections"].update(countryFrom="DE"),
            "countryFrom: asked for NL",
        ),
        (
            lambda details: details["selections"].update(currencyTo="EUR"),
            "currencyTo: asked for MAD",
        ),
        (
            lambda details: details["selections"].update(currencyFrom="USD"),
            "currencyFrom: asked for",
        ),
        (
            lambda details: details["selections"].update(paymentMethod="DebitCard"),
            "paymentMethod: asked for BankAccount",
        ),
        (
            lambda details: details["selections"].update(deliveryMethod="OfficePickup"),
            "deliveryMethod: asked for BankDeposit",
        ),
        (
            lambda details: details["transferOptions"].update(deliveryMethods="all"),
            r"deliveryMethods: should be a list",
        ),
    ],
)
def test_unreadable(change: Callable[[Details], object], says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        ria.fetch(saying(changed(change)), ask())


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (numbers(amountFrom=1000), r"calculations\.amountFrom: asked for 100, answered for 1000"),
        (numbers(amountTo="1099.49"), "amountTo: should be a number"),
        (numbers(exchangeRate="10.5361"), "exchangeRate: should be a number"),
        (numbers(exchangeRatePromo="10.99"), "exchangeRatePromo: should be a number"),
        (numbers(exchangeRate=None), "exchangeRate: should be a number"),
        (numbers(totalFeesAndTaxes=True), "totalFeesAndTaxes: should be a number"),
        (numbers(totalAmount=100), r"totalAmount: EUR 100 is not 100 and EUR 0\.49 on top of it"),
        (b"{}", "an empty answer"),
        (b"[]", "an empty answer"),
        (b"null", "an empty answer"),
        (b'{"model": null}', r"reply\.model: should be an object"),
        (b'{"model": {"transferDetails": []}}', "transferDetails: should be an object"),
        (b"<html>", "not the JSON it should be"),
        (numbers().replace(b"1099.49", b"NaN"), "NaN is no number"),
        (numbers().replace(b"1099.49", b"1.09949e3"), "has an exponent"),
        (numbers().replace(b'"transferFee"', b'"amountTo"'), "'amountTo' is there twice"),
    ],
)
def test_unreadable_bodies(body: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        ria.fetch(saying(body), ask())


def test_contradictions_are_named_so() -> None:
    for body in (numbers(totalAmount=100), numbers(amountFrom=1)):
        with pytest.raises(Unreadable) as error:
            ria.fetch(saying(body), ask())
        assert error.value.trouble is Trouble.CONTRADICTION


def test_the_lab_is_strict() -> None:
    http = DirectHttp(World(MIDS))
    ria.fetch(http, ask())
    session, price = http.asked[:2]
    wrong = [
        LabRequest("GET", lab.HOST, lab.SESSION, {}, {}, b""),
        LabRequest("POST", lab.HOST, lab.SESSION, {}, session.headers, b""),
        LabRequest("POST", lab.HOST, lab.CALCULATE, {}, price.headers, b'{"selections": {}}'),
        LabRequest("POST", lab.HOST, lab.CALCULATE, {}, price.headers, b"[]"),
        LabRequest("POST", lab.HOST, lab.CALCULATE, {}, session.headers, price.body),
    ]
    replies = [lab.answer(request, World(MIDS)) for request in wrong]
    assert [one.status for one in replies if one is not None] == [400, 400, 400, 400, 401]
    assert lab.answer(LabRequest("GET", lab.HOST, "/", {}, {}, b""), World(MIDS)) is None
