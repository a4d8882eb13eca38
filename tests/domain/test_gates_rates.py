"""The gates that weigh a rate: what each holds, what it lets through, and what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.gates import Before, HeldReading, Peers
from app.domain.midrate import MidRate
from app.domain.quote import Origin
from tests.domain.gated import (
    GHANA,
    MID,
    NOW,
    TURKIYE,
    gates,
    held,
    last,
    look,
    mid_of,
    passed,
    quoted,
)
from tests.domain.strategies import MOROCCO

HELD_BY_REFERENCE = ["reference"]


@pytest.mark.parametrize(
    ("rate", "found"),
    [
        ("10.65", []),
        ("9.68", []),  # 9.95 % below
        ("9.675", []),  # exactly 10 %
        ("9.674", ["reference"]),
        ("11.83", ["reference", "better_than_mid"]),
        ("0.093", ["reference"]),
        ("1075", ["reference", "better_than_mid"]),
    ],
)
def test_far_from_the_mid_rate(rate: str, found: list[str]) -> None:
    assert gates(look(quoted(rate))) == found


def test_it_says_what_it_saw() -> None:
    first, *_ = look(quoted("12.31"))
    assert first.says == (
        "rate 12.31 is 14.51 % above the mid rate 10.75 (ecb, 19 November); more than 10 % is held"
    )
    (below,) = look(quoted("9"), MidRate(Decimal("10.75"), ("peg",), None))
    assert below.says.startswith("rate 9 is 16.28 % below the mid rate 10.75 (peg); ")


OFF = held("1075", minutes=60)


@pytest.mark.parametrize(
    ("before", "rate", "found"),
    [
        ((OFF,), "10.7", HELD_BY_REFERENCE),
        ((OFF, held("10.7")), "10.7", []),
        ((OFF, held("10.7"), held("1075", minutes=5)), "10.7", HELD_BY_REFERENCE),
        ((OFF, held("10.1")), "10.7", HELD_BY_REFERENCE),  # 6 % off: not back yet
        ((OFF, held("10.7")), "10.1", HELD_BY_REFERENCE),
        ((OFF, held("10.7", minutes=0)), "10.7", HELD_BY_REFERENCE),  # of this very moment
        ((held("10.7"),), "10.7", []),  # never far off
    ],
)
def test_back_after_two_readings_in_a_row_near_it(
    before: tuple[HeldReading, ...], rate: str, found: list[str]
) -> None:
    assert gates(look(quoted(rate), before=Before(held=before))) == found


def test_who_always_kept_seven_percent_is_back_at_seven() -> None:
    known = last("10.0", held=(OFF, held("10.0")))
    assert gates(look(quoted("10.01"), before=known)) == []
    assert "reference" in gates(look(quoted("9.8"), before=known))
    once = last("10.0", held=(OFF,))
    assert gates(look(quoted("10.01"), before=once)) == ["reference"]


def test_who_stays_at_seven_percent_is_back_after_a_day() -> None:
    day = (held("1075", minutes=1500), held("10", minutes=1440), held("10"))
    assert gates(look(quoted("10"), before=Before(held=day))) == []
    assert gates(look(quoted("10"), before=Before(held=(day[0], day[2])))) == ["reference"]
    assert gates(look(quoted("9.6"), before=Before(held=(held("9.6", minutes=9999),)))) == [
        "reference"
    ]


def test_it_says_that_it_must_come_back() -> None:
    (found,) = look(quoted("10.7"), before=Before(held=(OFF,)))
    assert found.says.endswith(
        "but an earlier reading was more than 10 % off; held until two readings in a row are "
        "within 5 %"
    )


@pytest.mark.parametrize(
    ("rate", "found"),
    [("10.78", []), ("10.79", ["better_than_mid"]), ("11", ["better_than_mid"])],
)
def test_better_than_the_mid_rate_where_it_is_the_market_s(rate: str, found: list[str]) -> None:
    assert gates(look(quoted(rate, corridor=TURKIYE))) == found


@pytest.mark.parametrize("corridor", [MOROCCO, GHANA])
def test_better_than_the_mid_rate_where_currencies_are_managed(corridor: object) -> None:
    rates = ("10.79", "11.28", "11.3")
    assert [gates(look(quoted(rate, corridor=corridor))) for rate in rates] == [  # type: ignore[arg-type]
        [],
        [],
        ["better_than_mid"],
    ]


@pytest.mark.parametrize("origin", [Origin.TARIFF, Origin.SUBMITTED, Origin.SURVEY])
def test_better_than_the_mid_rate_where_the_price_is_not_live(origin: Origin) -> None:
    assert gates(look(quoted("10.9", corridor=TURKIYE), origin=origin)) == []
    assert gates(look(quoted("11.3", corridor=TURKIYE), origin=origin)) == ["better_than_mid"]


@pytest.mark.parametrize(
    ("rate", "before", "found"),
    [
        ("10.85", (held("10.85"),), []),
        ("10.85", (held("10.87"),), []),
        ("10.85", (held("10.79"), held("10.70")), ["better_than_mid"]),  # another level
        ("10.85", (held("10.85", minutes=0),), ["better_than_mid"]),
        ("10.92", (held("10.92"),), ["better_than_mid"]),  # 1.58 %: not by itself
    ],
)
def test_a_second_reading_agrees_up_to_a_point(
    rate: str, before: tuple[HeldReading, ...], found: list[str]
) -> None:
    assert gates(look(quoted(rate, corridor=TURKIYE), before=Before(held=before))) == found


def test_the_very_same_statement_is_no_second_reading() -> None:
    said = NOW - timedelta(hours=1)
    before = Before(held=(held("10.85", stated_at=said),))
    again = quoted("10.85", corridor=TURKIYE)
    assert gates(look(again, before=before, stated_at=said)) == ["better_than_mid"]
    assert gates(look(again, before=before, stated_at=NOW)) == []


@pytest.mark.parametrize(
    ("others", "found"),
    [
        (Peers(told=(Decimal("-2.3"),)), []),
        (Peers(told=(Decimal("-1.5"),)), ["better_than_mid"]),
        (Peers(margins=(Decimal("-0.4"), Decimal(-1), Decimal(2))), []),  # the mid rate is behind
        (Peers(margins=(Decimal("-0.4"), Decimal("-0.2"))), ["better_than_mid"]),
    ],
)
def test_another_source_agrees(others: Peers, found: list[str]) -> None:
    assert gates(look(quoted("11", corridor=TURKIYE), peers=others)) == found


def test_what_was_found_true_stays_true() -> None:
    known = Before(last=passed(quoted("10.85", corridor=TURKIYE)))
    assert gates(look(quoted("10.86", corridor=TURKIYE), before=known)) == []
    assert gates(look(quoted("10.91", corridor=TURKIYE), before=known)) == ["better_than_mid"]
    hardly_less = Before(last=passed(quoted("10.77", corridor=TURKIYE)))
    assert gates(look(quoted("10.79", corridor=TURKIYE), before=hardly_less)) == []
    worse = Before(last=passed(quoted("10.75", corridor=TURKIYE)))
    assert gates(look(quoted("10.79", corridor=TURKIYE), before=worse)) == ["better_than_mid"]


@pytest.mark.parametrize(
    ("rate", "says"),
    [
        ("10.85", "more than 0.3 % better is held until a second reading or another source agrees"),
        ("11", "more than 1.5 % better is held until another source agrees"),
    ],
)
def test_it_says_who_must_agree(rate: str, says: str) -> None:
    (found,) = look(quoted(rate, corridor=TURKIYE))
    assert found.says.endswith(says)


@pytest.mark.parametrize(
    ("rate", "mid", "found"),
    [
        ("10.55", "10.75", []),
        ("10.29", "10.75", []),  # 3 % less than 10.60 is 10.282
        ("10.27", "10.75", ["own_history"]),
        ("10.27", "10.70", ["own_history"]),
        ("10.27", "10.42", []),  # the market moved as well
        ("10.60", "11.20", ["own_history"]),  # it stayed, and the market left: 4.2 %
        ("10.60", "11.05", []),
        ("10.80", "11.50", ["own_history"]),
    ],
)
def test_a_rate_that_leaves_its_own_level(rate: str, mid: str, found: list[str]) -> None:
    assert gates(look(quoted(rate), mid_of(mid), last("10.60"))) == found


@pytest.mark.parametrize(
    ("rate", "before", "found"),
    [
        ("10.20", (held("10.20"),), []),
        ("10.20", (held("10.24"),), []),
        ("10.20", (held("10.20"), held("10.0", minutes=5)), ["own_history"]),
        ("10.03", (held("10.03"),), ["own_history"]),  # 5.4 %: not after two readings
        ("10.03", (held("10.03", minutes=1430), held("10.03")), ["own_history"]),
        ("10.03", (held("10.03", minutes=1440), held("10.03")), []),
        ("10.03", (held("10.03", minutes=1440), held("10.2"), held("10.03")), ["own_history"]),
    ],
)
def test_the_new_level_is_confirmed(
    rate: str, before: tuple[HeldReading, ...], found: list[str]
) -> None:
    assert gates(look(quoted(rate), before=last("10.60", held=before))) == found


def test_an_unmoved_rate_is_not_confirmed_by_being_said_again() -> None:
    stale = last("10.60", held=(held("10.60", mid="11.2"),))
    assert gates(look(quoted("10.60"), mid_of("11.2"), stale)) == ["own_history"]
    for_a_day = last("10.60", held=(held("10.60", mid="11.2", minutes=1440),))
    assert gates(look(quoted("10.60"), mid_of("11.2"), for_a_day)) == []


def test_a_mid_rate_that_comes_to_the_rate_is_no_news() -> None:
    ahead = last("10.20", mid="10.75")  # 5.1 % below a mid rate that was behind
    assert gates(look(quoted("10.22"), mid_of("10.35"), ahead)) == []
    other_side = last("10.95", mid="10.75")
    assert gates(look(quoted("10.96"), mid_of("11.15"), other_side)) == []


def test_a_rate_that_jumps_towards_the_mid_rate_is_news() -> None:
    """It is the rate that moved, and not the mid rate that caught up."""
    assert gates(look(quoted("10.6"), mid_of("10.85"), last("10.0"))) == ["own_history"]


def test_another_source_confirms_the_new_level() -> None:
    for rate in ("10.27", "10.03"):
        margin = (1 - Decimal(rate) / MID.rate) * 100
        peers = Peers(told=(margin + Decimal("0.3"),))
        assert gates(look(quoted(rate), before=last("10.60"), peers=peers)) == []
        peers = Peers(told=(margin + Decimal("0.6"),))
        assert gates(look(quoted(rate), before=last("10.60"), peers=peers)) == ["own_history"]


def test_a_price_of_another_kind_has_no_say() -> None:
    survey = replace(last("10.60").last or passed(quoted("1")), origin=Origin.SURVEY)
    assert gates(look(quoted("10.1"), before=Before(last=survey))) == []


def test_it_says_how_the_rate_and_the_market_moved() -> None:
    (found,) = look(quoted("10.27"), mid_of("10.74"), last("10.60"))
    assert found.says == (
        "rate went from 10.6 to 10.27 (3.11 %) since 20 November 2026 11:45 UTC while the mid rate "
        "moved 0.09 %, to 10.74; more than 3 % apart is held until a second reading or another "
        "source confirms it"
    )
    (found,) = look(quoted("10.60"), mid_of("11.60"), last("10.60"))
    assert found.says == (
        "rate stayed at 10.6 since 20 November 2026 11:45 UTC while the mid rate moved 7.91 %, to "
        "11.6; more than 5 % apart is held until it has stood for 24 hours or another source "
        "confirms it"
    )


FOUR = tuple(Decimal(margin) for margin in ("0.5", "1", "1.5", "2"))


@pytest.mark.parametrize(
    ("rate", "margins", "found"),
    [
        ("10.6", FOUR, []),
        ("10.34", FOUR, []),  # 3.81 %: quartiles 0.875 and 1.625, three ranges are 2.25
        ("10.33", FOUR, ["peers?"]),
        ("10.33", FOUR[:3], []),
        ("10.95", FOUR, ["peers?"]),
        ("10.6", (Decimal(1),) * 4, []),  # 1.40 %, within three quarters of a point
        ("10.55", (Decimal(1),) * 4, ["peers?"]),
    ],
)
def test_far_from_what_others_keep_is_said(
    rate: str, margins: tuple[Decimal, ...], found: list[str]
) -> None:
    assert gates(look(quoted(rate), peers=Peers(margins))) == found


def test_it_says_what_others_keep() -> None:
    (found,) = look(quoted("10.2"), peers=Peers(FOUR))
    assert found.says == (
        "margin 5.12 % is far from that of 4 other providers, half of which keep 0.88 to 1.62 %"
    )
