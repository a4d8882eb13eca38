"""A code is one whoever reads it aloud, and a campaign runs from its first day to its last."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.campaign import (
    ALIKE,
    CODE,
    Campaign,
    CampaignKind,
    Phase,
    cost_per_visit,
    heard,
    is_code,
    made_code,
)

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def campaign(code: str = "bakuse", **other: Any) -> Campaign:
    return Campaign(code, "Market", CampaignKind.FLYER, "nl", **{"starts": DAY} | other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("radio-1", "radio1"),
        ("radio-1", "RADI0-L"),
        ("markt-utrecht", "markt utrecht"),
        ("mil", "m1i"),
        (" bakuse ", "bakuse"),
    ],
)
def test_what_looks_or_sounds_alike_is_one_code(one: str, other: str) -> None:
    assert heard(one) == heard(other)


@pytest.mark.parametrize("code", ["radio-1", "ab", "0-0", "a" * 30])
def test_codes(code: str) -> None:
    assert is_code(code)


@pytest.mark.parametrize(
    "code", ["", "a", "a" * 31, "A-B", "a_b", "a b", "--", "a-", "é1", "a/b", "a\n", "\u0661\u0662"]
)
def test_what_is_no_code(code: str) -> None:
    assert not is_code(code)


@given(st.integers(min_value=0), st.integers(min_value=0))
def test_a_made_code_is_good_and_has_no_sign_that_looks_like_another(one: int, other: int) -> None:
    picks = iter([one, other] * 3)
    code = made_code(lambda signs: signs[next(picks) % len(signs)])
    assert CODE.fullmatch(code)
    assert code.isalpha()
    assert heard(code) == code
    assert not {ord(sign) for sign in code} & set(ALIKE)


def test_a_campaign_runs_from_its_first_day_to_its_last() -> None:
    one = campaign(ends=DAY + timedelta(days=1))
    phases = [one.phase(NOON + timedelta(days=n)) for n in (-1, 0, 1, 2)]
    assert phases == [Phase.BEFORE, Phase.RUNNING, Phase.RUNNING, Phase.OVER]
    assert campaign().phase(NOON + timedelta(days=4000)) is Phase.RUNNING
    assert campaign(ended_at=NOON).phase(NOON) is Phase.OVER


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "A"},
        {"country": "MA"},
        {"amount": Decimal(200)},
        {"ends": DAY - timedelta(days=1)},
    ],
)
def test_a_campaign_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"code|list|end"):
        campaign(**wrong)


def test_cost_per_visit_is_told_from_ten_visits_on() -> None:
    assert cost_per_visit(Decimal(250), 9) is None
    assert cost_per_visit(Decimal(250), 0) is None
    assert cost_per_visit(Decimal(250), 10) == Decimal("25.00")
    assert cost_per_visit(Decimal("0.25"), 10) == Decimal("0.03")
