"""What each fault of meaning does to a reply."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.lab.faults import FAULTS, MeaningFault
from tests.lab.meaning import About
from tests.lab.server import Lab, asked_currency, lab_world
from tests.lab.talking import HOST, told
from tests.lab.tree import Kind, Raw, Twice, parse, spots, written
from tests.lab.wire import LabRequest

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def lab() -> Iterator[Lab]:
    world = lab_world()
    world.now = NOW
    with Lab(world) as running:
        yield running


def about(variant: str = "") -> About:
    return About(variant, "", lab_world())


def bent(lab: Lab, number: str, variant: str = "") -> Any:
    lab.fault(HOST, number, variant)
    return json.loads(told(lab).body, parse_float=Decimal, parse_int=Decimal)


@pytest.fixture
def good(lab: Lab) -> Any:
    found = parse(told(lab).body)
    lab.clear()
    return found


def holds(reply: Any) -> bool:
    """Whether the arithmetic of every option of Wise's is right to the cent."""
    return all(
        abs(
            (option["sourceAmount"] - option["fee"]["total"]) * reply["rate"]
            - option["targetAmount"]
        )
        <= Decimal("0.01")
        for option in reply["paymentOptions"]
    )


def test_names(lab: Lab, good: Any) -> None:
    reply = bent(lab, "F31")
    assert "rate" not in reply
    assert reply["rateV2"] == good["rate"]
    assert "total" not in bent(lab, "F31", "fee")["paymentOptions"][0]["fee"]


def test_types(lab: Lab, good: Any) -> None:
    assert bent(lab, "F32")["rate"] == f"{good['rate']:f}"
    assert bent(lab, "F32", "list")["rate"] == [good["rate"]]
    assert bent(lab, "F32", "object")["rate"] == {"value": good["rate"]}


def test_spellings(lab: Lab, good: Any) -> None:
    rate, received = f"{good['rate']:f}", good["paymentOptions"][0]["targetAmount"]
    assert bent(lab, "F33")["rate"] == rate.replace(".", ",")
    dotted = bent(lab, "F34")
    assert dotted["rate"] == Decimal(f"1.{rate[1:4]}")
    assert dotted["paymentOptions"][0]["targetAmount"].replace(".", "") == f"{int(received)}"
    assert {name: bent(lab, "F35", name)["rate"] for name in FAULTS["F35"].variants} == {
        "narrow space": f"{rate[0]}\u202f{rate[1:]}",
        "no-break space": f"{rate[0]}\u00a0{rate[1:]}",
        "apostrophe": f"{rate[0]}'{rate[1:]}",
        "dash": f"{int(good['rate'])}.-",
        "minus sign": f"\u2212{rate}",
        "parentheses": f"({rate})",
        "euro sign": f"\u20ac{rate.replace('.', ',')}",
        "zero width": f"{rate}\u200b",
        "plus": f"+{rate}",
        "space around": f" {rate} ",
        "line end": f"{rate}\n",
        "currency behind": f"{rate} EUR",
    }


def test_digits(lab: Lab, good: Any) -> None:
    for variant in ("full width", "arabic-indic"):
        rate = bent(lab, "F36", variant)["rate"]
        assert not rate.isascii()
        assert Decimal(rate) == good["rate"]
    assert bent(lab, "F36", "underscore")["rate"].startswith("0_1")
    assert bent(lab, "F36", "exponent")["rate"] == good["rate"]
    assert b'"rate":' + f"{good['rate']:e}".encode() in told(lab).body


@pytest.mark.parametrize("token", ["NaN", "Infinity", "1e400"])
def test_no_numbers(token: str, lab: Lab) -> None:
    lab.fault(HOST, "F37", token)
    assert b'"rate":' + token.encode() in told(lab).body


def test_a_key_twice(lab: Lab, good: Any) -> None:
    lab.fault(HOST, "F38")
    body = told(lab).body
    assert body.count(b'"rate":') == 2
    assert json.loads(body, parse_float=Decimal)["rate"] == (good["rate"] + 1) * 2


def test_units(lab: Lab, good: Any) -> None:
    times_100 = bent(lab, "F39")
    assert times_100["rate"] == good["rate"] * 100
    assert holds(times_100)
    hundredth = bent(lab, "F39", "hundredth")
    assert hundredth["rate"] == good["rate"] / 100
    assert holds(hundredth)
    cents = bent(lab, "F39", "cents")
    assert cents["rate"] == good["rate"]
    assert cents["sourceAmount"] == 100_000
    assert cents["paymentOptions"][0]["fee"]["total"] == 1440


def test_upside_down_and_too_good_are_coherent(lab: Lab, good: Any) -> None:
    inverse = bent(lab, "F40")
    assert abs(inverse["rate"] * good["rate"] - 1) < Decimal("0.0001")
    assert holds(inverse)
    better = bent(lab, "F43")
    assert better["rate"] == good["rate"] * Decimal("1.02")
    assert holds(better)


def test_currencies(lab: Lab) -> None:
    reply = bent(lab, "F41")
    assert (reply["targetCurrency"], reply["sourceCurrency"]) == ("USD", "EUR")
    reply = bent(lab, "F41", "direction")
    assert (reply["targetCurrency"], reply["sourceCurrency"]) == ("EUR", "NGN")


def test_xof_and_xaf_change_places() -> None:
    tree = {"currency": "XOF", "options": [{"toCurrency": "xaf"}, {"currency": "EUR"}]}
    fault = FAULTS["F41"]
    assert isinstance(fault, MeaningFault)
    fault.does(tree, about("code"))
    assert tree == {"currency": "XAF", "options": [{"toCurrency": "xof"}, {"currency": "EUR"}]}


def test_fees(lab: Lab) -> None:
    def fee(variant: str) -> Decimal:
        return Decimal(bent(lab, "F42", variant)["paymentOptions"][0]["fee"]["total"])

    assert fee("negative") == Decimal("-14.40")
    assert fee("above the amount") > 1000
    assert fee("zero") == 0


def test_times_of_the_day_before(lab: Lab, good: Any) -> None:
    reply = bent(lab, "F44")
    assert good["createdTime"] == "2026-11-20T12:00:00Z"
    assert reply["createdTime"] == "2026-11-19T12:00:00Z"
    assert reply["rate"] == good["rate"]


def test_another_corridor_is_right_in_itself(lab: Lab) -> None:
    reply = bent(lab, "F46")
    assert reply["targetCurrency"] == "INR"
    assert abs(reply["rate"] / lab.world.mid("INR") - 1) < Decimal("0.0001")
    assert holds(reply)


def test_rows(lab: Lab, good: Any) -> None:
    rows = len(good["paymentOptions"])
    doubled = bent(lab, "F47")["paymentOptions"]
    assert len(doubled) == rows + 1
    assert doubled[-1]["payIn"] == doubled[0]["payIn"]
    assert doubled[-1]["targetAmount"] != doubled[0]["targetAmount"]
    assert len(bent(lab, "F48")["paymentOptions"]) < rows * 0.5


def test_thirty_of_a_hundred_rows_stay() -> None:
    tree = {"quotes": [{"rate": Decimal(place)} for place in range(1, 101)]}
    fault = FAULTS["F48"]
    assert isinstance(fault, MeaningFault)
    fault.does(tree, about())
    assert len(tree["quotes"]) == 30


def test_limits(lab: Lab, good: Any) -> None:
    before = good["paymentOptions"][0]["fee"]["total"]
    assert bent(lab, "F49")["paymentOptions"][0]["fee"]["total"] == before + 1
    tree = {"max_amount": Decimal(500), "tiers": [{"max": "\u20ac400.00", "min": None}], "fee": "1"}
    fault = FAULTS["F49"]
    assert isinstance(fault, MeaningFault)
    fault.does(tree, about())
    expected = {"max_amount": 50, "tiers": [{"max": "\u20ac800.00", "min": None}], "fee": "1"}
    assert tree == expected


def test_texts(lab: Lab) -> None:
    assert "<script>" in bent(lab, "F50")["notice"]
    assert "\u202e" in bent(lab, "F50", "bidi")["notice"]
    assert len(bent(lab, "F50", "1 MB")["notice"]) == 1_000_000


def test_errors_and_pages_are_left_as_they_are(lab: Lab) -> None:
    lab.fault(HOST, "F31")
    assert told(lab, method="GET").status != 200
    assert told(lab, "/nowhere", method="GET").body == b"not found"
    assert lab.bites(HOST) == 0


@pytest.mark.parametrize(
    ("path", "query", "body", "currency"),
    [
        ("/estimate", {"conduit": "NLD:EUR-MAR:MAD"}, b"", "MAD"),
        ("/calculator", {"sourceCurrency": "eur", "targetCurrency": "ngn"}, b"", "NGN"),
        ("/catalog", {}, b'{"client":"WUCOM","curr":"EUR","to":"GHS"}', "GHS"),
        ("/fxRates", {}, b"", ""),
    ],
)
def test_the_currency_of_a_question(
    path: str, query: dict[str, str], body: bytes, currency: str
) -> None:
    assert asked_currency(LabRequest("GET", HOST, path, query, {}, body)) == currency


def test_trees_are_written_as_they_were_read() -> None:
    body = b'{"a":1.50,"b":[true,null,"\xc3\xa9"],"c":{}}'
    assert written(parse(body)).encode() == body
    assert written({"a": Raw("NaN"), "b": Twice(Decimal(1), "2")}) == '{"a":NaN,"b":1,"b":"2"}'


@pytest.mark.parametrize(
    ("tree", "kinds"),
    [
        ({"exchangeRate": {"value": Decimal(1), "crossedOutValue": None}}, ["rate"]),
        ({"fee": {"value": {"amount": Decimal(1), "currency": "EUR"}}}, ["fee", "currency"]),
        ({"baseFeeRateBps": Decimal(1), "isBestRate": True}, []),
        ({"receivingAmount": {"value": "27815.87"}}, ["received"]),
        ({"maxAmount": {"value": "1000000.00"}}, ["limit"]),
        ({"amountFrom": Decimal(1), "amountTo": Decimal(2)}, ["amount", "received"]),
        ({"price": {"total": {"value": {"amount": Decimal(1)}}}}, []),
        ({"rateText": "10.5 MAD", "rateTimestamp": Decimal(1)}, []),
    ],
)
def test_what_a_number_is_follows_from_its_name(tree: object, kinds: list[str]) -> None:
    assert [spot.kind for spot in spots(tree) if spot.kind is not Kind.OTHER] == kinds
