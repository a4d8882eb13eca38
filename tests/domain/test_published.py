"""Published figures: texts, rounded once, with the keys that were promised."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.comparison import Comparison, Question
from app.domain.indicators import Average, Indicators
from app.domain.ladder import Answer, Ladder
from app.domain.midrate import MidRate
from app.domain.money import Money
from app.domain.published import (
    amount,
    number,
    published_comparison,
    published_indicators,
    published_price,
)
from app.domain.quote import Age, Observed, Promotion
from app.domain.ranking import Priority, rank
from app.domain.service import PaymentInstrument
from tests.domain.strategies import (
    MID,
    MOROCCO,
    NOW,
    SERVICE,
    answer,
    dirham,
    euro,
    ladders,
    price,
    provider,
    quote,
    whole_money,
)

WORKED = price(quote("200", "3.10", "2152.12", "10.93"), service_id=12)
PROMOTION = Promotion(Decimal("11.00"), euro("0"), dirham("2200"), "first transfer")
FIGURES = (
    *("paid", "fee", "rate", "received", "total_cost"),
    *("total_cost_percent", "fee_percent", "margin_percent"),
)
KEYS = [
    *("provider", "provider_name", "provider_type", "service"),
    *("payment_instrument", "access_point", "pickup_method", "pay_in", "speed", "coverage"),
    *FIGURES,
    *("exact", "origin", "source", "via", "mid_rate", "observed_at", "age", "promotion"),
    "evidence",
]


def published(of: Answer) -> dict[str, object]:
    return published_price(of, provider(), Age.FRESH)


def leaves(of: object) -> Iterator[object]:
    if isinstance(of, dict):
        for value in of.values():
            yield from leaves(value)
    elif isinstance(of, list):
        for value in of:
            yield from leaves(value)
    else:
        yield of


def test_the_worked_example() -> None:
    assert published(answer(WORKED)) == {
        "provider": "wise",
        "provider_name": "Wise",
        "provider_type": "mto",
        "service": 12,
        "payment_instrument": "bank_account_transfer",
        "access_point": "internet",
        "pickup_method": "bank_account",
        "pay_in": None,
        "speed": "next_day",
        "coverage": "high",
        "paid": "200.00",
        "fee": "3.10",
        "rate": "10.93",
        "received": "2152.12",
        "total_cost": "3.65",
        "total_cost_percent": "1.83",
        "fee_percent": "1.55",
        "margin_percent": "0.28",
        "exact": True,
        "origin": "live",
        "source": "wise",
        "via": None,
        "mid_rate": "10.96078761",
        "observed_at": "2026-11-20T12:00:00Z",
        "age": "fresh",
        "promotion": None,
        "evidence": "sha256:ab12",
    }


def test_the_keys_of_a_price_do_not_change() -> None:
    assert list(published(answer(WORKED))) == KEYS


@pytest.mark.parametrize(("fee", "percent"), [("3.09", "1.55"), ("3.07", "1.54"), ("3.05", "1.53")])
def test_percentages_are_rounded_half_up(fee: str, percent: str) -> None:
    received = str((200 - Decimal(fee)) * 10)
    assert published(answer(price(quote("200", fee, received, "10"))))["fee_percent"] == percent


def test_percentages_are_of_what_is_paid() -> None:
    made = published(answer(price(quote("110", "10", "1096.08", "10.9608"))))
    assert (made["fee_percent"], made["total_cost_percent"]) == ("9.09", "9.09")


def test_better_than_the_mid_rate_is_shown_as_it_is() -> None:
    made = published(answer(price(quote("200", "0", "2214.08", "11.0704"))))
    assert (made["total_cost"], made["margin_percent"]) == ("-2.00", "-1.00")


def test_nothing_is_not_published_as_less_than_nothing() -> None:
    made = published(answer(price(quote("200", "0", "2192.16", "10.9608"))))
    figures = (made["total_cost"], made["total_cost_percent"], made["margin_percent"])
    assert figures == ("0.00", "0.00", "0.00")


def test_what_is_unknown_says_so() -> None:
    vague = replace(
        SERVICE,
        payment_instruments=(),
        access_points=(),
        pickup_methods=(),
        speed=None,
        coverage=None,
    )
    made = published(answer(price(quote("200", "0", "2000", "10", vague))))
    kinds = ("payment_instrument", "access_point", "pickup_method", "speed", "coverage")
    assert {made[kind] for kind in kinds} == {"unknown"}


def test_several_methods_are_joined() -> None:
    both = (PaymentInstrument.CASH, PaymentInstrument.DEBIT_CARD)
    service = replace(SERVICE, payment_instruments=both)
    made = published(answer(price(quote("200", "0", "2000", "10", service))))
    assert made["payment_instrument"] == "cash+debit_card"


def test_a_promotion_stands_beside_the_price() -> None:
    promoted = replace(WORKED, quote=replace(WORKED.quote, promotion=PROMOTION))
    made, plain = published(answer(promoted)), published(answer(WORKED))
    assert made.pop("promotion") == {
        "rate": "11",
        "fee": "0.00",
        "received": "2200.00",
        "terms": "first transfer",
    }
    assert made == {key: value for key, value in plain.items() if key != "promotion"}


def test_an_estimate_does_not_borrow_the_promotion_of_another_amount() -> None:
    promoted = replace(WORKED, quote=replace(WORKED.quote, promotion=PROMOTION))
    upper = price(quote("400", "4", "4328.28", "10.93"))
    found = Ladder([promoted, upper]).at_paid(euro("300"))
    assert isinstance(found, Answer)
    made = published(found)
    assert (made["exact"], made["promotion"]) == (False, None)


def test_amounts_have_the_places_of_their_currency() -> None:
    yen, dinar = Money(Decimal("1.5"), "JPY"), Money(Decimal("1.5"), "TND")
    assert [amount(one) for one in (yen, dinar, euro("1E+3"))] == ["2", "1.500", "1000.00"]


@pytest.mark.parametrize("text", ["1E+3", "1E-7", "0.00000001", "12345678901.123456789"])
def test_rates_have_no_exponent(text: str) -> None:
    assert "E" not in number(Decimal(text)).upper()
    assert Decimal(number(Decimal(text))) == Decimal(text)


@given(ladders(), st.data())
def test_every_figure_is_a_text_that_reads_back(of: Ladder, data: st.DataObject) -> None:
    low, high = of.rungs[0].quote.paid, of.rungs[-1].quote.paid
    found = of.at_paid(data.draw(whole_money(low, high)))
    assert isinstance(found, Answer)
    made = json.loads(json.dumps(published(found)))
    for key in FIGURES:
        text = made[key]
        assert isinstance(text, str)
        assert f"{Decimal(text):f}" == text
        assert not text.startswith("-0.00")
    assert Money(Decimal(made["received"]), found.received.currency) == found.received
    parts = Decimal(made["fee_percent"]) + Decimal(made["margin_percent"])
    assert abs(parts - Decimal(made["total_cost_percent"])) <= Decimal("0.01")


def comparison(question: Question) -> Comparison:
    ranked = rank([(answer(WORKED), provider())], Priority.CHEAP, NOW)
    return Comparison(question, Priority.CHEAP, ranked, [])


def test_a_comparison() -> None:
    found = comparison(Question(MOROCCO, euro("200")))
    made = published_comparison(found, MID, ["rpw"], {"ria": "no price there"})
    (result,) = found.results
    assert made == {
        "corridor": {
            "from": "NL",
            "send_currency": "EUR",
            "to": "MA",
            "receive_currency": "MAD",
        },
        "asked": {"pay": "200.00"},
        "ranked_by": "cheap",
        "mid_rate": {
            "rate": "10.96078761",
            "sources": ["fawazahmed0"],
            "observed_at": "2026-09-29T00:00:00Z",
        },
        "results": [{"rank": 1, **published(result.answer)}],
        "coverage": {
            "asked": ["rpw"],
            "missing": [{"provider": "ria", "why": "no price there"}],
            "sources": [],
            "state": None,
            "reason": None,
        },
    }
    assert not [leaf for leaf in leaves(made) if isinstance(leaf, float | Decimal)]
    assert json.loads(json.dumps(made)) == made


def test_what_must_arrive_is_echoed_as_asked() -> None:
    question = Question(MOROCCO, dirham("2000"), pays=False)
    made = published_comparison(comparison(question), None, [], {})
    assert (made["asked"], made["mid_rate"]) == ({"receive": "2000.00"}, None)


def test_a_mid_rate_that_never_changes_has_no_time() -> None:
    peg = MidRate(Decimal("655.957"), ("peg",), None)
    made = published_comparison(comparison(Question(MOROCCO, euro("200"))), peg, [], {})
    assert made["mid_rate"] == {"rate": "655.957", "sources": ["peg"], "observed_at": None}


def test_times_are_published_in_utc() -> None:
    amsterdam = timezone(timedelta(hours=1))
    elsewhere = replace(WORKED, observed=Observed(NOW.astimezone(amsterdam)))
    assert published(answer(elsewhere))["observed_at"] == "2026-11-20T12:00:00Z"


def test_indicators() -> None:
    whole = Average(3, 2, {200: Decimal("5.515"), 500: Decimal("3.4449")})
    part = Average(1, 1, {200: Decimal("-0.001"), 500: None})
    found = Indicators(whole, {"MA": part}, {"bank": part}, {}, {})
    assert published_indicators("NL", "2025_3Q", found) == {
        "from": "NL",
        "period": "2025_3Q",
        "services": 3,
        "firms": 2,
        "average": {"200": "5.52", "500": "3.44"},
        "by_firm_type": {"bank": {"services": 1, "average": {"200": "0.00", "500": None}}},
        "corridors": [
            {"to": "MA", "services": 1, "firms": 1, "average": {"200": "0.00", "500": None}}
        ],
    }
