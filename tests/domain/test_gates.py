"""The gates that weigh what else a source says, and those that look at many prices at once."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.gates import Before, Gate, HeldReading, Limits, Peers, completeness, duplicates
from app.domain.midrate import MidRate
from app.domain.money import Money
from app.domain.quote import Promotion
from tests.domain.gated import (
    NOW,
    gates,
    held,
    last,
    look,
    quoted,
)
from tests.domain.strategies import MOROCCO, ROOT, SERVICE, euro, quote

BEFORE_NOW = NOW - timedelta(minutes=15)


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        (None, []),
        (NOW, []),
        (NOW + timedelta(minutes=2), []),
        (NOW + timedelta(minutes=2, seconds=1), ["time"]),
        (BEFORE_NOW, []),
        (BEFORE_NOW - timedelta(seconds=1), ["time"]),
    ],
)
def test_a_stated_time_that_cannot_be(stated: datetime | None, found: list[str]) -> None:
    before = Before(stated_at=BEFORE_NOW)
    assert gates(look(quoted("10.6"), before=before, stated_at=stated)) == found


def test_a_time_before_2000_is_no_time() -> None:
    assert gates(look(quoted("10.6"), stated_at=datetime(1999, 12, 31, 23, 59, tzinfo=UTC))) == [
        "time"
    ]
    assert gates(look(quoted("10.6"), stated_at=datetime(2000, 1, 1, tzinfo=UTC))) == []


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        (NOW + timedelta(hours=1), "20 November 2026 13:00 UTC, is in the future: it is 20 Nov"),
        (datetime(1970, 1, 1, tzinfo=UTC), "1 January 1970 00:00 UTC, is before 2000; held"),
        (NOW - timedelta(days=1), "is older than that of the last price, 20 November 2026 11:45"),
    ],
)
def test_it_says_what_is_wrong_with_the_time(stated: datetime, says: str) -> None:
    (found,) = look(quoted("10.6"), before=Before(stated_at=BEFORE_NOW), stated_at=stated)
    assert says in found.says


@pytest.mark.parametrize(
    ("alike", "first", "found"),
    [
        (4, "10.0", []),
        (5, "10.0", ["frozen"]),
        (5, "11.5", ["frozen"]),
        (5, "10.70", []),
        (5, "10.69", ["frozen"]),
        (50, None, []),
    ],
)
def test_the_same_answer_over_and_over(alike: int, first: str | None, found: list[str]) -> None:
    before = Before(alike=alike, alike_mid=Decimal(first) if first else None)
    assert gates(look(quoted("10.6"), before=before)) == found


def test_it_says_how_often() -> None:
    (found,) = look(quoted("10.6"), before=Before(alike=6, alike_mid=Decimal(10)))
    assert found.says.startswith("6 readings in a row have the same time or the same text")
    assert "the mid rate moved 7.5 %" in found.says


def offer(rate: str, fee: str, received: str) -> Promotion:
    return Promotion(Decimal(rate), euro(fee), Money(Decimal(received), "MAD"), "first transfer")


@pytest.mark.parametrize(
    ("promotion", "found"),
    [
        (offer("10.8", "2.99", "2127.70"), []),
        (offer("10.6", "0", "2120"), []),  # no fee, taken out: 200 sent
        (offer("10.6", "0", "2088.30"), []),  # no fee, on top: 197.01 sent
        (offer("10.6", "2.99", "2088.30"), ["promotion?"]),
        (offer("10.5", "2.99", "2068.60"), ["promotion"]),
        (offer("10.6", "4.99", "2067.10"), ["promotion"]),
        (offer("10.599", "2.99", "2088.10"), ["promotion?"]),
    ],
)
def test_a_promotion_that_is_none(promotion: Promotion, found: list[str]) -> None:
    assert gates(look(quoted("10.6", promotion=promotion))) == found


def test_it_says_that_they_may_be_swapped() -> None:
    (found,) = look(quoted("10.6", promotion=offer("10.4", "2.99", "2048.90")))
    assert found.says == (
        "the promotion (rate 10.4, fee EUR 2.99) is 1.89 % worse than the standard price (rate "
        "10.6, fee EUR 2.99); they may be swapped: held"
    )


@pytest.mark.parametrize(
    ("rate", "fee", "found"),
    [
        ("10.75", "0", ["mid_as_price"]),
        ("10.751", "0", ["mid_as_price"]),
        ("10.749", "0", ["mid_as_price"]),
        ("10.748", "0", []),
        ("10.752", "0", []),
        ("10.75", "0.01", []),  # Wise: the mid rate, and a fee
    ],
)
def test_a_mid_rate_that_is_shown_as_a_price(rate: str, fee: str, found: list[str]) -> None:
    assert gates(look(quoted(rate, fee))) == found


def test_a_mid_rate_that_another_source_tells_too() -> None:
    exactly, nearly = Peers(told=(Decimal("0.005"),)), Peers(told=(Decimal("0.05"),))
    assert gates(look(quoted("10.75", "0"), peers=exactly)) == []
    (found,) = look(quoted("10.75", "0"), peers=nearly)
    assert found.says.startswith(
        "mid rate shown as customer rate: 10.75 is the mid rate 10.75 (ecb"
    )


def test_euros_for_euros_have_no_mid_rate_to_show() -> None:
    to_france = replace(MOROCCO, receive_country="FR", receive_currency="EUR")
    same = MidRate(Decimal(1), ("same currency",), None)
    assert gates(look(quoted("1", "0", corridor=to_france), same)) == []


@pytest.mark.parametrize(
    ("rate", "fee", "before", "found"),
    [
        ("10.60", "0", (), ["zero_fee"]),
        ("10.60", "0.29", (), ["zero_fee"]),  # cents for euros
        ("10.60", "0.30", (), []),
        ("10.50", "0", (), []),  # what the fee brought in, the rate does now
        ("10.60", "0", (held("10.60", "0"),), []),
        ("10.60", "0", (held("10.60", "2.99"),), ["zero_fee"]),
    ],
)
def test_a_fee_that_is_gone(
    rate: str, fee: str, before: tuple[HeldReading, ...], found: list[str]
) -> None:
    assert gates(look(quoted(rate, fee), before=last("10.60", held=before))) == found


def test_a_fee_that_never_was_or_came_is_no_news() -> None:
    assert gates(look(quoted("10.60", "0"), before=last("10.60", "0"))) == []
    assert gates(look(quoted("10.60", "5"), before=last("10.60", "0"))) == []
    assert gates(look(quoted("10.60", "0"))) == []


def test_it_says_what_the_fee_was() -> None:
    (found,) = look(quoted("10.60", "0"), before=last("10.60"))
    assert found.says == (
        "the fee was EUR 2.99 and is now EUR 0, at an unchanged rate; held until a second reading "
        "agrees"
    )


def test_two_prices_for_one_service_are_both_held() -> None:
    one, other = quoted("10.6"), quoted("10.5")
    elsewhere = quote("200", "2.99", "2049", "10.4", replace(SERVICE, variant=2))
    found = duplicates([elsewhere, one, other, one])
    assert sorted(found) == [1, 2, 3]
    assert {finding.gate for finding in found.values()} == {Gate.DUPLICATES}
    assert found[1].says == (
        "one service at one amount has 2 prices: rate 10.5 with fee 2.99; rate 10.6 with fee "
        "2.99; all held"
    )
    assert all(finding.holds for finding in found.values())


@pytest.mark.parametrize("changed", ["rate", "fee"])
def test_each_number_makes_a_price_another(changed: str) -> None:
    other = {"rate": quoted("10.61"), "fee": quoted("10.6", "3")}[changed]
    assert sorted(duplicates([quoted("10.6"), other])) == [0, 1]


def test_the_same_price_twice_is_no_contradiction() -> None:
    slower = quoted("10.6")
    slower = replace(slower, service=replace(slower.service, speed=None))
    assert duplicates([quoted("10.6"), slower, quoted("10.6")]) == {}
    assert duplicates([]) == {}


@pytest.mark.parametrize(
    ("rows", "usual", "is_held"),
    [
        (0, [], True),
        (0, [0, 0], True),
        (1, [], False),
        (7, [10], False),
        (6, [10], True),
        (70, [100, 100, 1], False),
        (69, [100, 100, 1], True),
        (7, [9, 11], False),
        (6, [9, 11], True),
        (10, [100] * 5 + [10] * 10, False),  # only the last ten runs count
        (10, [10] * 5 + [100] * 6 + [10] * 4, True),
    ],
)
def test_a_run_with_too_few_rows(rows: int, usual: list[int], is_held: bool) -> None:
    found = completeness(rows, usual)
    assert (found is not None and found.holds) is is_held


def test_it_says_how_many_came() -> None:
    short, none = completeness(6, [9, 11]), completeness(0, [10])
    assert short is not None
    assert none is not None
    assert short.says == (
        "6 prices came, and 10 are usual; under 70 % of them the whole run is held"
    )
    assert none.says == "no price came at all; those shown before stay"


def test_every_number_is_the_caller_s_to_change() -> None:
    strict = Limits(off_mid=Decimal("0.01"))
    assert gates(look(quoted("10.6"), limits=strict)) == ["reference"]
    few = completeness(6, [10], Limits(rows=Decimal("0.5")))
    assert few is None


GUIDE = (ROOT / "docs/gates.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("field", fields(Limits), ids=lambda field: field.name)
def test_every_number_is_explained_as_it_is(field: object) -> None:
    """Rows like: | `off_mid` | 10 % | why |."""
    name = getattr(field, "name", "")
    value = getattr(Limits(), name)
    (row,) = re.findall(rf"^\| `{name}` \| ([^|]+) \| ([^|]{{20,}}) \|$", GUIDE, re.MULTILINE)
    written = {
        "peer_range": f"{value} points",
        "earliest": "2000",
    }.get(name)
    if written is None and isinstance(value, timedelta):
        minutes = value // timedelta(minutes=1)
        written = f"{minutes // 60} hours" if minutes >= 60 else f"{minutes} minutes"
    elif written is None and isinstance(value, Decimal) and value < 1:
        written = f"{(value * 100).normalize():f} %"
    assert row[0] == (written or str(value))


@pytest.mark.parametrize("gate", Gate)
def test_every_gate_is_explained(gate: Gate) -> None:
    assert f"| `{gate.value}` |" in GUIDE
