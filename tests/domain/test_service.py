"""What makes two services the same one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.service import (
    SPEED_ORDER,
    AccessPoint,
    Coverage,
    PaymentInstrument,
    PickupMethod,
    Speed,
)
from tests.domain.strategies import SENEGAL, SERVICE


@pytest.mark.parametrize(
    "change",
    [
        {"speed": Speed.SAME_DAY},
        {"speed": None},
        {"coverage": Coverage.LOW},
        {"coverage": None},
    ],
)
def test_a_service_stays_the_same_when_its_speed_or_reach_changes(change: dict[str, Any]) -> None:
    assert replace(SERVICE, **change).identity == SERVICE.identity


@pytest.mark.parametrize(
    "change",
    [
        {"provider": "remitly"},
        {"corridor": SENEGAL},
        {"payment_instruments": (PaymentInstrument.CASH,)},
        {"payment_instruments": ()},
        {"access_points": (AccessPoint.AGENT,)},
        {"pickup_methods": (PickupMethod.CASH,)},
        {"variant": 2},
    ],
)
def test_anything_else_makes_it_another_service(change: dict[str, Any]) -> None:
    assert replace(SERVICE, **change).identity != SERVICE.identity


def test_one_method_among_cards_and_cash_is_not_mistaken_for_another_kind() -> None:
    by_cash = replace(SERVICE, payment_instruments=(PaymentInstrument.CASH,), pickup_methods=())
    for_cash = replace(SERVICE, payment_instruments=(), pickup_methods=(PickupMethod.CASH,))
    assert by_cash.identity != for_cash.identity


def test_speeds_from_fastest_to_slowest() -> None:
    assert sorted(SPEED_ORDER, key=SPEED_ORDER.__getitem__) == [
        "less_than_one_hour",
        "same_day",
        "next_day",
        "two_days",
        "three_to_five_days",
        "six_days_or_more",
    ]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            PaymentInstrument,
            {"cash", "bank_account_transfer", "debit_card", "credit_card", "mobile_money"},
        ),
        (
            AccessPoint,
            {"internet", "mobile_app", "agent", "bank_branch", "call_centre", "post_office"},
        ),
        (PickupMethod, {"cash", "bank_account", "mobile_wallet", "card", "home_delivery"}),
        (Coverage, {"high", "medium", "low"}),
    ],
)
def test_the_words_of_the_api_do_not_change(kind: Any, words: set[str]) -> None:
    assert set(kind) == words
