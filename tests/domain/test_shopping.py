"""What was told against what was shown: the difference, what counts, and how sure it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.quote import Origin
from app.domain.shopping import (
    CLOSE,
    ENOUGH,
    Accuracy,
    BadResult,
    Figures,
    Heard,
    Result,
    ResultFault,
    Shown,
    Verdict,
    accuracy,
    check,
    is_flagged,
    rate_of,
    wilson,
)
from tests.domain.strategies import NOW, SERVICE, dirham, euro

SHOWN = Shown(7, euro("203"), euro("3"), dirham("2000"), Decimal(10), "wise", Origin.LIVE, NOW)
TOLD = Figures(euro("203"), euro("3"), dirham("2000"), Decimal(10))
RESULT = Result(Heard.PRICE, NOW, figures=TOLD, shown=SHOWN)
RUNG = Decimal(200)


def got(received: str, paid: str = "203") -> Result:
    return replace(RESULT, figures=replace(TOLD, received=dirham(received), paid=euro(paid)))


@pytest.mark.parametrize(
    ("received", "verdict"),
    [
        ("2000", Verdict.KEPT),
        ("1990", Verdict.KEPT),
        ("1989.99", Verdict.WORSE),
        ("2010", Verdict.KEPT),
        ("2010.01", Verdict.BETTER),
    ],
)
def test_half_a_percent_of_what_arrives_is_the_limit(received: str, verdict: Verdict) -> None:
    assert got(received).verdict is verdict


@given(st.decimals(1, 10_000, places=2), st.decimals(150, 250, places=2))
def test_the_difference_is_that_of_exact_fractions(received: Decimal, paid: Decimal) -> None:
    result = got(str(received), str(paid))
    promised = Fraction(2000) * (Fraction(paid) - 3) / 200
    exact = (Fraction(received) - promised) / promised * 100
    assert result.difference is not None
    assert abs(Fraction(result.difference) - exact) < Fraction(1, 10**30)
    if abs(abs(exact) - Fraction(CLOSE)) > Fraction(1, 10**30):
        kept = abs(exact) <= Fraction(CLOSE)
        assert (result.verdict is Verdict.KEPT) == kept


def test_whoever_paid_more_should_get_more() -> None:
    """At a counter the fee was 8 and not 3: for 208 our price would have given 2050."""
    dearer = replace(TOLD, paid=euro("208"), fee=euro("8"))
    result = replace(RESULT, figures=dearer)
    assert result.verdict is Verdict.WORSE
    assert result.difference is not None
    assert round(result.difference, 4) == round(Decimal(-50) / 2050 * 100, 4)


@pytest.mark.parametrize(
    ("changed", "hours", "own"),
    [
        ({}, 24, True),
        ({}, 25, False),
        ({"origin": Origin.SUBMITTED}, 1, True),
        ({"origin": Origin.SURVEY}, 1, False),
        ({"origin": Origin.TARIFF}, 1, False),
        ({"via": "wise"}, 1, False),
    ],
)
def test_a_firm_is_held_to_its_own_word_of_that_day(
    changed: dict[str, Any], hours: int, own: bool
) -> None:
    shown = replace(SHOWN, **changed)
    result = replace(RESULT, shown=shown, asked_at=NOW + timedelta(hours=hours))
    assert result.is_of_the_firm is own
    assert not replace(result, shown=None).is_of_the_firm


def test_what_is_not_sold_was_wrong_if_we_showed_it() -> None:
    gone = Result(Heard.NOT_OFFERED, NOW, shown=SHOWN)
    assert gone.verdict is Verdict.GONE
    assert replace(gone, shown=None).verdict is Verdict.NOT_COMPARED


@pytest.mark.parametrize(
    "result",
    [
        Result(Heard.NOT_TOLD, NOW, shown=SHOWN),
        replace(RESULT, shown=None),
        replace(RESULT, withdrawn=True),
    ],
)
def test_what_proves_nothing_counts_nowhere(result: Result) -> None:
    assert result.verdict is Verdict.NOT_COMPARED
    assert accuracy([result.verdict]) == Accuracy(0, 0)


def fault(result: Result, **changes: Any) -> ResultFault | None:
    try:
        check(replace(result, **changes), SERVICE, RUNG, NOW - timedelta(days=1), NOW)
    except BadResult as error:
        return error.fault
    return None


def test_a_good_result_is_let_through() -> None:
    assert fault(RESULT) is None
    assert fault(Result(Heard.NOT_TOLD, NOW)) is None


def test_nobody_asks_in_the_future_or_before_it_was_drawn() -> None:
    assert fault(RESULT, asked_at=NOW + timedelta(seconds=1)) is ResultFault.FUTURE
    assert fault(RESULT, asked_at=NOW - timedelta(days=1)) is None
    assert fault(RESULT, asked_at=NOW - timedelta(days=1, seconds=1)) is ResultFault.EARLY


def test_a_price_has_figures_and_nothing_else_has() -> None:
    assert fault(RESULT, figures=None) is ResultFault.MISSING
    assert fault(RESULT, heard=Heard.NOT_OFFERED) is ResultFault.MISSING


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (replace(TOLD, received=dirham("2010")), None),
        (replace(TOLD, received=dirham("2011")), ResultFault.SUM),
        (replace(TOLD, rate=Decimal(11)), ResultFault.SUM),
        (replace(TOLD, fee=euro("203")), ResultFault.SUM),
        (replace(TOLD, fee=euro("-1")), ResultFault.SUM),
        (replace(TOLD, received=euro("2000")), ResultFault.SUM),
        (Figures(euro("220"), euro("20"), dirham("2000"), Decimal(10)), None),
        (Figures(euro("200"), euro("90"), dirham("1100"), Decimal(10)), None),
        (Figures(euro("300"), euro("3"), dirham("2970"), Decimal(10)), ResultFault.AMOUNT),
        (Figures(euro("240"), euro("3"), dirham("2370"), Decimal(10)), ResultFault.AMOUNT),
    ],
)
def test_figures_must_fit_each_other_and_the_amount(
    figures: Figures, expected: ResultFault | None
) -> None:
    assert fault(RESULT, figures=figures) is expected


def test_a_rate_that_was_not_told_is_worked_out() -> None:
    assert rate_of(euro("203"), euro("3"), dirham("2000")) == 10
    made = rate_of(euro("203"), euro("3.07"), dirham("2148.33"))
    assert (
        fault(RESULT, figures=Figures(euro("203"), euro("3.07"), dirham("2148.33"), made)) is None
    )
    for fee, received in (("203", "2000"), ("3", "0")):
        with pytest.raises(BadResult):
            rate_of(euro("203"), euro(fee), dirham(received))


def test_of_fewer_than_ten_nothing_is_said() -> None:
    few = Accuracy(ENOUGH - 1, ENOUGH - 1)
    assert (few.percent, few.interval, few.is_enough) == (None, None, False)
    enough = Accuracy(ENOUGH, ENOUGH)
    assert enough.percent == 100
    assert enough.interval is not None


def test_more_kept_than_checked_cannot_be() -> None:
    for checked, kept in ((1, 2), (1, -1)):
        with pytest.raises(ValueError, match="cannot be"):
            Accuracy(checked, kept)


@pytest.mark.parametrize(
    ("kept", "checked", "low", "high"),
    [
        (10, 10, "72.2467", "100"),
        (0, 10, "0", "27.7533"),
        (99, 100, "94.5514", "99.8233"),
        (50, 100, "40.3832", "59.6168"),
        (1, 10, "1.7876", "40.4150"),
    ],
)
def test_wilsons_interval_is_that_of_the_books(
    kept: int, checked: int, low: str, high: str
) -> None:
    found = wilson(kept, checked)
    assert [round(one, 4) for one in found] == [Decimal(low), Decimal(high)]


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_within_bounds(case: tuple[int, int]) -> None:
    kept, checked = case
    low, high = wilson(kept, checked)
    assert 0 <= low <= Decimal(100 * kept) / checked <= high <= 100
    mirrored = wilson(checked - kept, checked)
    assert abs(low + mirrored[1] - 100) < Decimal("1e-20")


@given(st.lists(st.sampled_from(Verdict)))
def test_the_share_is_of_what_was_compared(verdicts: list[Verdict]) -> None:
    found = accuracy(verdicts)
    compared = [one for one in verdicts if one is not Verdict.NOT_COMPARED]
    assert (found.checked, found.kept) == (len(compared), compared.count(Verdict.KEPT))


@pytest.mark.parametrize(
    ("verdicts", "flagged"),
    [
        ("", False),
        ("worse", False),
        ("worse worse", True),
        ("worse better", True),
        ("worse kept kept kept better", True),
        ("worse gone not_compared", False),
    ],
)
def test_twice_a_difference_is_a_flag(verdicts: str, flagged: bool) -> None:
    assert is_flagged(map(Verdict, verdicts.split())) is flagged
