"""Western Union: every service and way to pay, each with its fee on top."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import product

import pytest

from app.domain.corridor import Corridor
from app.domain.money import Money
from app.domain.quote import IncoherentQuote
from app.domain.service import AccessPoint, Speed
from scrapers.contract import Ask, NotOffered, Trouble, Unreadable
from scrapers.prices import western_union
from tests.lab.direct import DirectHttp
from tests.lab.world import World
from tests.scrapers.prices.altered import Path, changed, recorded, saying
from tests.scrapers.prices.spoiled import BODIES, MIDS, PLACES, Spoiled, adds_up, ways

NL_MA = "westernunion_catalog_nl_ma_100.json"
UNSUPPORTED = "westernunion_catalog_error_unsupported.json"

CARD = "debit_card+credit_card"
BANK = "bank_account_transfer"

FIRST: Path = ("services_groups", 0, "pay_groups", 0)


def ask(country: str = "MA", currency: str = "MAD", amount: str = "100") -> Ask:
    return Ask(Corridor("NL", "EUR", country, currency), Decimal(amount))


def test_every_number_of_the_recorded_answer() -> None:
    found = [offer.quote for offer in western_union.fetch(recorded(), ask())]
    services = [quote.service for quote in found]
    assert [(*ways(one), one.pay_in, one.speed) for one in services] == [
        (CARD, "internet", "cash", "", Speed.LESS_THAN_ONE_HOUR),
        (BANK, "internet", "cash", "", Speed.TWO_DAYS),
        ("", "internet", "cash", "GP", None),
        (CARD, "internet", "bank_account", "", Speed.NEXT_DAY),
        (BANK, "internet", "bank_account", "", Speed.THREE_TO_FIVE_DAYS),
        ("", "internet", "bank_account", "GP", Speed.NEXT_DAY),
    ]
    numbers = [(one.paid, one.fee, one.rate, one.received) for one in found]
    assert [" ".join(map(str, row)) for row in numbers] == [
        "EUR 102.9 EUR 2.9 10.4423118 MAD 1044.23",
        "EUR 101.9 EUR 1.9 10.401127 MAD 1040.11",
        "EUR 102.9 EUR 2.9 10.4423118 MAD 1044.23",
        *["EUR 100.99 EUR 0.99 10.5984713 MAD 1059.85"] * 3,
    ]
    assert {quote.service.provider for quote in found} == {"western-union"}
    assert {quote.service.access_points for quote in found} == {(AccessPoint.INTERNET,)}
    assert all(adds_up(quote) and quote.promotion is None for quote in found)
    assert len({quote.service.identity for quote in found}) == 6


def test_the_question_is_the_documented_one() -> None:
    http = DirectHttp(World(MIDS))
    western_union.fetch(http, ask(amount="100.50"))
    (asked,) = http.asked
    assert (asked.method, asked.host) == ("POST", "www.westernunion.com")
    assert asked.path == "/wuconnect/prices/catalog"
    assert asked.json() == {
        "header_request": {"version": "0.5", "request_type": "PRICECATALOG"},
        "sender": {
            "client": "WUCOM",
            "channel": "WWEB",
            "funds_in": "*",
            "curr_iso3": "EUR",
            "cty_iso2_ext": "NL",
            "send_amount": "100.50",
        },
        "receiver": {"curr_iso3": "MAD", "cty_iso2_ext": "MA", "cty_iso2": "MA"},
    }


@pytest.mark.parametrize(("country", "currency"), PLACES)
@pytest.mark.parametrize("amount", ["40", "345.67", "2000"])
def test_any_corridor(country: str, currency: str, amount: str) -> None:
    question = ask(country, currency, amount)
    offers = western_union.fetch(DirectHttp(World(MIDS)), question)
    seen = [(*ways(offer.quote.service), offer.quote.service.pay_in) for offer in offers]
    pay_ins = [(CARD, ""), (BANK, ""), ("", "GP")]
    pickups = ["cash", "bank_account", "mobile_wallet"]
    assert sorted(seen) == sorted(
        (instrument, "internet", pickup, name)
        for (instrument, name), pickup in product(pay_ins, pickups)
    )
    for offer in offers:
        assert offer.quote.sent == Money(question.amount, "EUR")
        assert adds_up(offer.quote)
        assert offer.quote.rate < MIDS[currency]


def test_one_way_at_two_prices_contradicts_itself() -> None:
    again = (("services_groups", 0, "pay_groups", 1, "fund_in"), "CC")
    with pytest.raises(Unreadable, match="CC 000 000 is there twice") as caught:
        western_union.fetch(changed(NL_MA, again), ask())
    assert caught.value.trouble is Trouble.CONTRADICTION


def test_a_service_that_pays_out_in_two_ways_is_told_apart() -> None:
    offers = western_union.fetch(changed(NL_MA, (("services_groups", 1, "service"), "000")), ask())
    assert [offer.quote.service.variant for offer in offers] == [1, 1, 1, 2, 2, 2]
    assert len({offer.quote.service.identity for offer in offers}) == 6


def test_services_that_we_do_not_know_are_left_out() -> None:
    offers = western_union.fetch(changed(NL_MA, (("services_groups", 0, "service"), "901")), ask())
    assert {ways(offer.quote.service)[2] for offer in offers} == {"bank_account"}
    neither = [(("services_groups", place, "service"), "901") for place in (0, 1)]
    with pytest.raises(Unreadable, match="none of the services that we know"):
        western_union.fetch(changed(NL_MA, *neither), ask())


@pytest.mark.parametrize(
    ("stated", "speed"),
    [
        ("0", Speed.LESS_THAN_ONE_HOUR),
        ("1", Speed.NEXT_DAY),
        ("1-2", Speed.TWO_DAYS),
        ("3-7", Speed.SIX_DAYS_OR_MORE),
        ("soon", None),
        (None, None),
        (..., None),
    ],
)
def test_speed(stated: object, speed: Speed | None) -> None:
    offers = western_union.fetch(changed(NL_MA, ((*FIRST, "speed_indicator"), stated)), ask())
    assert offers[0].quote.service.speed is speed


def test_an_amount_outside_the_limits() -> None:
    limits: list[tuple[Path, object]] = [
        (("services_groups", service, "pay_groups", group, "max_amount"), 99.99)
        for service, group in product((0, 1), (0, 1, 2))
    ]
    assert len(western_union.fetch(changed(NL_MA, *limits[1:]), ask())) == 1
    with pytest.raises(NotOffered, match="100 is outside the limits"):
        western_union.fetch(changed(NL_MA, *limits), ask())
    offers = western_union.fetch(changed(NL_MA, ((*FIRST, "min_amount"), 100.01)), ask())
    assert len(offers) == 5


@pytest.mark.parametrize("number", ["100", "100.0", "100.00"])
def test_numbers_may_be_written_in_any_way(number: str) -> None:
    http = Spoiled(recorded(), '"send_amount": 100,', f'"send_amount": {number},')
    assert len(western_union.fetch(http, ask())) == 6


def test_the_echo_may_be_a_text() -> None:
    assert western_union.fetch(changed(NL_MA, (("sender", "send_amount"), "100.00")), ask())


def test_a_warning_is_not_an_error() -> None:
    assert western_union.fetch(changed(NL_MA, (("response_status", "status"), 1)), ask())


FAULTS: list[tuple[Path, object, Trouble, str]] = [
    (("response_status",), ..., Trouble.SCHEMA, "reply: no field 'response_status'"),
    (("response_status", "status"), "0", Trouble.SCHEMA, "status: should be a number"),
    (("response_status", "status"), 2, Trouble.SCHEMA, "status 2, P0000: OK.SUCCESSFUL"),
    (("services_groups",), ..., Trouble.SCHEMA, "reply: no field 'services_groups'"),
    (("services_groups",), [], Trouble.EMPTY, "none of the services that we know"),
    (("services_groups",), {}, Trouble.SCHEMA, "reply.services_groups: should be a list"),
    (("services_groups", 1, "pay_groups"), ..., Trouble.SCHEMA, "groups[1]: no field 'pay_groups'"),
    (("services_groups", 0, "service"), 0, Trouble.SCHEMA, "groups[0].service: should be a text"),
    (("sender", "cty_iso2_ext"), "DE", Trouble.CONTRADICTION, "asked for NL, answered for DE"),
    (("sender", "curr_iso3"), "USD", Trouble.CONTRADICTION, "reply.sender.curr_iso3"),
    (("sender", "send_amount"), 1000, Trouble.CONTRADICTION, "asked for 100, answered for 1000"),
    (("receiver", "cty_iso2_ext"), "TR", Trouble.CONTRADICTION, "reply.receiver.cty_iso2_ext"),
    (("receiver", "curr_iso3"), "EUR", Trouble.CONTRADICTION, "reply.receiver.curr_iso3"),
    ((*FIRST, "send_amount"), 102.9, Trouble.CONTRADICTION, "pay_groups[0].send_amount"),
    ((*FIRST, "fx_rate"), ..., Trouble.SCHEMA, "pay_groups[0]: no field 'fx_rate'"),
    ((*FIRST, "fx_rate"), "10.4423118", Trouble.SCHEMA, "fx_rate: should be a number"),
    ((*FIRST, "fx_rate"), None, Trouble.SCHEMA, "fx_rate: should be a number"),
    ((*FIRST, "gross_fee"), ..., Trouble.SCHEMA, "pay_groups[0]: no field 'gross_fee'"),
    ((*FIRST, "gross_fee"), "2.9", Trouble.SCHEMA, "gross_fee: should be a number"),
    ((*FIRST, "gross_fee"), 0, Trouble.CONTRADICTION, "gross_fee: 0 is below the base fee 2.9"),
    ((*FIRST, "gross_amount"), True, Trouble.SCHEMA, "gross_amount: should be a number"),
    ((*FIRST, "receive_amount"), [], Trouble.SCHEMA, "receive_amount: should be a number"),
    ((*FIRST, "fund_in"), None, Trouble.SCHEMA, "fund_in: should be a text"),
    ((*FIRST, "speed_indicator"), 0, Trouble.SCHEMA, "speed_indicator: should be a text"),
]


@pytest.mark.parametrize(("path", "value", "trouble", "words"), FAULTS)
def test_what_is_wrong_is_named(path: Path, value: object, trouble: Trouble, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        western_union.fetch(changed(NL_MA, (path, value)), ask())
    assert caught.value.trouble is trouble
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("gross_amount", 100), ("receive_amount", 1074.51), ("fx_rate", 10.98), ("gross_fee", 9.9)],
)
def test_numbers_that_do_not_add_up_are_no_price(name: str, value: float) -> None:
    with pytest.raises(IncoherentQuote, match="is not MAD"):
        western_union.fetch(changed(NL_MA, ((*FIRST, name), value)), ask())


@BODIES
def test_bodies_without_sense(body: str, trouble: Trouble, says: str) -> None:
    with pytest.raises(Unreadable) as caught:
        western_union.fetch(saying(body), ask())
    assert caught.value.trouble is trouble
    assert says in str(caught.value)


@pytest.mark.parametrize("new", ["NaN", "1.04423118e1", '10.4423118, "fx_rate": 10.4423118'])
def test_what_json_should_not_have(new: str) -> None:
    with pytest.raises(Unreadable) as caught:
        western_union.fetch(Spoiled(recorded(), "10.4423118", new), ask())
    assert caught.value.trouble is Trouble.NOT_JSON


def test_a_corridor_that_is_not_served() -> None:
    words = "MISSING PRICING SETUP FOR THIS CHANNEL AND CLIENT"
    with pytest.raises(NotOffered, match=f"^{re.escape(words)}$"):
        western_union.fetch(recorded(), ask("IR", "IRR"))


def test_other_errors_in_a_success_are_for_a_developer() -> None:
    message = (("response_status", "message"), "INTERNAL ERROR")
    with pytest.raises(Unreadable, match="status -1, P9999: INTERNAL ERROR"):
        western_union.fetch(changed(UNSUPPORTED, message), ask())


def test_words_of_no_prices_in_a_success_do_not_hide_prices() -> None:
    message = (("response_status", "message"), "MISSING PRICING SETUP FOR ONE SERVICE")
    assert len(western_union.fetch(changed(NL_MA, message), ask())) == 6
