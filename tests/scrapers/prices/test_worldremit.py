"""WorldRemit: fee on top, surcharges by way to pay, and the standard rate behind an offer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from app.domain.corridor import Corridor
from app.domain.currencies import MINOR_DIGITS
from app.domain.money import Money
from app.domain.quote import Derived, IncoherentQuote, Promotion
from app.domain.service import PaymentInstrument, PickupMethod, Speed
from scrapers.contract import Ask, NotOffered, Refused, SourceError, Trouble, Unreadable
from scrapers.prices import worldremit
from tests.lab.direct import DirectHttp
from tests.lab.sources import worldremit as lab
from tests.lab.wire import LabRequest, example
from tests.lab.world import World

MIDS = {
    "GHS": Decimal("12.8694"),
    "XOF": Decimal("655.957"),
    "VND": Decimal("30105.5"),
    "TND": Decimal("3.38"),
    "JOD": Decimal("0.8214"),
}
Calculation = dict[str, Any]


def ask(country: str = "GH", currency: str = "GHS", amount: str = "100") -> Ask:
    return Ask(Corridor("NL", "EUR", country, currency), Decimal(amount))


@dataclass(slots=True)
class Saying(DirectHttp):
    """The recorded ways to be paid, and then always the same answer."""

    ways: bytes = example(lab.WAYS_EXAMPLE)
    body: bytes = example(lab.EXAMPLE)

    def _ask(self, *args: Any) -> Any:
        reply = DirectHttp._ask(self, *args)
        is_first = b'"payOutMethods"' in self.asked[-1].body
        return type(reply)(reply.url, self.ways if is_first else self.body, reply.media_type)


def saying(body: bytes, ways: bytes = example(lab.WAYS_EXAMPLE)) -> Saying:
    return Saying(World(MIDS), ways=ways, body=body)


def changed(
    change: Callable[[Calculation], object], name: str = lab.EXAMPLE, **top: object
) -> bytes:
    shape = json.loads(example(name))
    change(shape["data"]["createCalculation"]["calculation"])
    return json.dumps({**shape, **top}).encode()


def test_the_recorded_price() -> None:
    offers = worldremit.fetch(saying(example(lab.EXAMPLE)), ask())
    services = [
        (one.quote.service.pickup_methods[0].value, one.quote.service.pay_in) for one in offers
    ]
    assert services == [
        ("bank_account", "iDEAL"),
        ("bank_account", ""),
        ("mobile_wallet", "iDEAL"),
        ("mobile_wallet", ""),
        ("cash", "iDEAL"),
        ("cash", ""),
    ]
    ideal, card = offers[2].quote, offers[3].quote
    assert ideal.service.provider == "worldremit"
    assert ideal.service.payment_instruments == (PaymentInstrument.BANK_ACCOUNT_TRANSFER,)
    assert ideal.service.pickup_methods == (PickupMethod.MOBILE_WALLET,)
    assert ideal.service.speed is Speed.LESS_THAN_ONE_HOUR
    assert ideal.paid == Money(Decimal("100.99"), "EUR")
    assert ideal.fee == Money(Decimal("0.99"), "EUR")
    assert ideal.received == Money(Decimal("1264.37"), "GHS")
    assert ideal.rate == Decimal("12.6437")
    assert ideal.derived == frozenset()
    assert ideal.promotion is None
    assert card.service.payment_instruments == (PaymentInstrument.CREDIT_CARD,)
    assert card.paid == Money(Decimal("102.99"), "EUR")
    assert card.fee == Money(Decimal("2.99"), "EUR")
    assert card.received == ideal.received
    assert offers[2].stated_at is None
    assert b"1264.37" in offers[2].reply.body


def test_the_recorded_questions() -> None:
    http = DirectHttp(World(MIDS, recorded=True))
    offers = worldremit.fetch(http, ask())
    assert len(offers) == 6
    assert offers[2].quote.received == Money(Decimal("1264.37"), "GHS")
    questions = [json.loads(one.body)["variables"] for one in http.asked]
    assert questions[0] == {"sendCountry": "NL", "receiveCountry": "GH", "receiveCurrency": "GHS"}
    assert questions[2] == {
        "amount": 100,
        "type": "SEND",
        "sendCountryCode": "NL",
        "sendCurrencyCode": "EUR",
        "receiveCountryCode": "GH",
        "receiveCurrencyCode": "GHS",
        "payOutMethodCode": "MOB",
        "correspondentId": "3310",
    }


def test_a_question_has_one_number() -> None:
    """Else nothing could know that it was asked before."""
    first, second = DirectHttp(World(MIDS)), DirectHttp(World(MIDS))
    worldremit.fetch(first, ask())
    worldremit.fetch(second, ask())
    assert first.asked == second.asked
    numbers = [one.headers["x-wr-requestid"] for one in first.asked]
    assert len(set(numbers)) == len(numbers) == 4
    assert [str(UUID(number)) for number in numbers] == numbers
    other = DirectHttp(World(MIDS))
    worldremit.fetch(other, ask(amount="200"))
    assert other.asked[0] == first.asked[0]
    assert other.asked[1].headers != first.asked[1].headers


def test_the_recorded_promotion_has_no_standard_fee() -> None:
    """Its rate is promotional and its fee waived: the usual fee is not in the reply."""
    with pytest.raises(NotOffered, match="BNK: only the price of an offer is published"):
        worldremit.fetch(saying(example(lab.PROMO_EXAMPLE)), ask())


def test_a_promotional_rate_is_beside_the_standard_one() -> None:
    def with_fee(found: Calculation) -> None:
        found["isFree"] = False
        found["informativeSummary"]["fee"]["value"]["amount"] = 0.99
        found["informativeSummary"]["totalToPay"]["amount"] = 100.99
        for option in found["payInMethodsCalculations"]:
            option["totalToPay"]["amount"] = 100.99

    body = changed(with_fee, lab.PROMO_EXAMPLE)
    quote = worldremit.fetch(saying(body), ask())[0].quote
    assert quote.rate == Decimal("12.6437")
    assert quote.fee == Money(Decimal("0.99"), "EUR")
    assert quote.received == Money(Decimal("1264.37"), "GHS")
    assert quote.derived == {Derived.RECEIVED}
    assert quote.promotion == Promotion(
        Decimal("12.901"), quote.fee, Money(Decimal("1290.1"), "GHS"), "promotional rate"
    )


@pytest.mark.parametrize(
    ("name", "value"), [("discount", {"value": {"amount": 1}}), ("appliedPromotions", ["3FREE"])]
)
def test_a_lowered_fee_is_not_the_standard_one(name: str, value: object) -> None:
    body = changed(lambda found: found["informativeSummary"].update({name: value}))
    with pytest.raises(NotOffered, match="without the standard fee"):
        worldremit.fetch(saying(body), ask())


def test_no_applied_promotions_is_none() -> None:
    body = changed(lambda found: found["informativeSummary"].update(appliedPromotions=[]))
    assert len(worldremit.fetch(saying(body), ask())) == 6


@pytest.mark.parametrize("amount", ["40", "345.50", "2000"])
@pytest.mark.parametrize(
    ("country", "currency"), [("SN", "XOF"), ("VN", "VND"), ("TN", "TND"), ("JO", "JOD")]
)
def test_any_corridor(country: str, currency: str, amount: str) -> None:
    offers = worldremit.fetch(DirectHttp(World(MIDS)), ask(country, currency, amount))
    assert len({one.quote.service.identity for one in offers}) == len(offers) == 6
    for quote in (offer.quote for offer in offers):
        grain = Decimal(1).scaleb(-MINOR_DIGITS[currency])
        assert quote.paid - quote.fee == Money(Decimal(amount), "EUR")
        assert abs(quote.received.amount - Decimal(amount) * quote.rate) <= grain
        cash = quote.service.pickup_methods == (PickupMethod.CASH,)
        assert (quote.promotion is not None) == cash
        if quote.promotion:
            assert quote.promotion.rate > quote.rate
            assert quote.promotion.received > quote.received


@pytest.mark.parametrize("amount", ["100", "100.0", "100.00"])
def test_amounts_in_any_spelling(amount: str) -> None:
    body = example(lab.EXAMPLE).replace(b'"amount": 100,', f'"amount": {amount},'.encode())
    assert len(worldremit.fetch(saying(body), ask(amount=amount))) == 6


@pytest.mark.parametrize(
    ("words", "speed"),
    [
        ("⚡ Within 5 minutes", Speed.LESS_THAN_ONE_HOUR),
        ("Within 1 hour", Speed.LESS_THAN_ONE_HOUR),
        ("Within 90 minutes", Speed.NEXT_DAY),
        ("within 24 hours", Speed.NEXT_DAY),
        ("Within 48 hours", Speed.TWO_DAYS),
        ("Within 1 day", Speed.NEXT_DAY),
        ("Within 3 days", Speed.THREE_TO_FIVE_DAYS),
        ("Soon", None),
        (None, None),
    ],
)
def test_speed(words: str | None, speed: Speed | None) -> None:
    ways = json.loads(example(lab.WAYS_EXAMPLE))
    for way in ways["data"]["payOutMethods"]:
        way["payOutTimeEstimate"] = words
    offers = worldremit.fetch(saying(example(lab.EXAMPLE), json.dumps(ways).encode()), ask())
    assert {one.quote.service.speed for one in offers} == {speed}


def test_ways_that_we_do_not_know_are_left_out() -> None:
    ways = json.loads(example(lab.WAYS_EXAMPLE))
    ways["data"]["payOutMethods"][0]["code"] = "ATP"
    ways["data"]["payOutMethods"][1]["correspondents"] = []
    body = changed(
        lambda found: found["payInMethodsCalculations"][0]["payInMethod"].update(name="Poli")
    )
    http = saying(body, json.dumps(ways).encode())
    offers = worldremit.fetch(http, ask())
    pickups = [one.quote.service.pickup_methods[0] for one in offers]
    assert pickups == [PickupMethod.MOBILE_WALLET, PickupMethod.CASH]
    assert {one.quote.service.pay_in for one in offers} == {""}
    assert json.loads(http.asked[1].body)["variables"]["correspondentId"] == ""


def test_the_recorded_limit() -> None:
    with pytest.raises(NotOffered) as error:
        worldremit.fetch(DirectHttp(World(MIDS)), ask(amount="6000"))
    assert str(error.value) == (
        "BNK: Amount is above the maximum; MOB: Amount is above the maximum; "
        "CSH: Amount is above the maximum"
    )


def test_the_recorded_unsupported_corridor() -> None:
    with pytest.raises(NotOffered, match=r"^Corridor not supported$"):
        worldremit.fetch(DirectHttp(World(MIDS)), ask("IR", "IRR"))


def failing(kind: str, message: str) -> bytes:
    shape = json.loads(example(lab.LIMIT_EXAMPLE))
    shape["data"]["createCalculation"]["errors"][0] |= {"__typename": kind, "message": message}
    return json.dumps(shape).encode()


def test_other_errors_are_for_a_developer() -> None:
    with pytest.raises(Unreadable, match="says 'Oops'"):
        worldremit.fetch(saying(failing("GenericCalculationError", "Oops")), ask())
    with pytest.raises(NotOffered, match=r"^Method not available$"):
        worldremit.fetch(saying(failing("GenericCalculationError", "Method not available")), ask())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda found: found.pop("isFree"), r"calculation: no field 'isFree'"),
        (lambda found: found.pop("receive"), "calculation: no field 'receive'"),
        (lambda found: found["exchangeRate"].pop("value"), "exchangeRate: no field 'value'"),
        (
            lambda found: found["exchangeRate"].pop("crossedOutValue"),
            "exchangeRate: no field 'crossedOutValue'",
        ),
        (lambda found: found["exchangeRate"].update(value="12.6437"), "value: should be a number"),
        (
            lambda found: found["exchangeRate"].update(crossedOutValue="12.6"),
            "crossedOutValue: should be a number",
        ),
        (lambda found: found["receive"].update(amount=None), r"receive\.amount: should be a"),
        (lambda found: found.update(isFree="no"), "isFree: should be true or false"),
        (lambda found: found["send"].update(amount=101), r"send\.amount: asked for 100, answered"),
        (lambda found: found["send"].update(currency="GBP"), r"send\.currency: asked for EUR"),
        (lambda found: found["receive"].update(currency="NGN"), r"receive\.currency: asked for"),
        (
            lambda found: found["informativeSummary"]["totalToPay"].update(amount=100),
            r"totalToPay\.amount: 100 is not 100 and the fee on top of it",
        ),
        (
            lambda found: found["informativeSummary"]["fee"]["value"].update(currency="USD"),
            r"fee\.value\.currency: asked for EUR",
        ),
        (
            lambda found: found["payInMethodsCalculations"][0]["totalToPay"].update(currency="USD"),
            r"payInMethodsCalculations\[0\]\.totalToPay\.currency: asked for EUR",
        ),
        (
            lambda found: found["payInMethodsCalculations"][1]["payInMethod"].update(name=7),
            r"\[1\]\.payInMethod\.name: should be a text, is '7'",
        ),
        (lambda found: found.update(payInMethodsCalculations={}), "should be a list, is 'dict'"),
        (lambda found: found.update(payInMethodsCalculations=[]), "no way to pay or to be paid"),
    ],
)
def test_unreadable(change: Callable[[Calculation], object], says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        worldremit.fetch(saying(changed(change)), ask())


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{}", "an empty answer"),
        (b"[]", "an empty answer"),
        (b"null", "an empty answer"),
        (b"<html>", "not the JSON it should be"),
        (b'{"data": null}', r"reply\.data: should be an object"),
        (
            b'{"data": {"createCalculation": {"errors": [], "calculation": null}}}',
            "calculation: sho",
        ),
        (b'{"data": {"createCalculation": {"errors": null}}}', r"errors: should be a list"),
        (b'{"errors": [{"message": "Cannot query field"}]}', "says 'Cannot query field'"),
        (b'{"errors": [{}]}', r"reply\.errors\[0\]: no field 'message'"),
        (example(lab.EXAMPLE).replace(b"1264.37", b"NaN"), "NaN is no number"),
        (example(lab.EXAMPLE).replace(b"1264.37", b"1.26437e3"), "has an exponent"),
        (example(lab.EXAMPLE).replace(b'"rounding"', b'"isFree"'), "'isFree' is there twice"),
    ],
)
def test_unreadable_bodies(body: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        worldremit.fetch(saying(body), ask())


@pytest.mark.parametrize("ways", [b"{}", b'{"data": {"payOutMethods": null}}', b'{"data": []}'])
def test_unreadable_ways_to_be_paid(ways: bytes) -> None:
    with pytest.raises(Unreadable):
        worldremit.fetch(saying(b"{}", ways), ask())


def test_troubles() -> None:
    wrong: list[tuple[bytes, Trouble]] = [
        (changed(lambda found: found["send"].update(currency="GBP")), Trouble.CONTRADICTION),
        (
            changed(lambda found: found["informativeSummary"]["totalToPay"].update(amount=1)),
            Trouble.CONTRADICTION,
        ),
        (changed(lambda found: found.update(payInMethodsCalculations=[])), Trouble.EMPTY),
    ]
    for body, trouble in wrong:
        with pytest.raises(SourceError) as error:
            worldremit.fetch(saying(body), ask())
        assert error.value.trouble is trouble


def test_a_rate_that_does_not_give_the_amount() -> None:
    body = changed(lambda found: found["exchangeRate"].update(value=12.9))
    with pytest.raises(IncoherentQuote):
        worldremit.fetch(saying(body), ask())


def test_the_lab_is_strict() -> None:
    http = DirectHttp(World(MIDS))
    worldremit.fetch(http, ask())
    good = http.asked[1]
    for headers in ({}, {"x-wr-platform": "Web"}, {**good.headers, "x-wr-requestid": "1"}):
        reply = lab.answer(
            LabRequest("POST", lab.HOST, lab.PATH, {}, headers, good.body), World(MIDS)
        )
        assert reply is not None
        assert reply.status == 400
    with pytest.raises(Refused):
        http.post(worldremit.URL, json={"query": "{}"}, headers=dict(good.headers))
    assert lab.answer(LabRequest("POST", lab.HOST, "/", {}, {}, b""), World(MIDS)) is None


def test_the_lab_answers_what_was_asked_for() -> None:
    query = "mutation f($a: B!) { one(in: {a: $a}) { two three { four } ... on Kind { five } } }"
    value = {
        "one": {"__typename": "Kind", "two": 2, "three": [{"four": 4, "x": 1}], "five": 5, "six": 6}
    }
    found = lab.selected(value, lab.selection(query))
    assert found == {"one": {"two": 2, "three": [{"four": 4}], "five": 5}}
