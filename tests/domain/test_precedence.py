"""Which of two prices of one service is shown, and whether they contradict each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.gates import Gate
from app.domain.precedence import disagreement, prevails
from app.domain.quote import Observed, Origin, Precision, Price
from tests.domain.strategies import MID, NOW, price, quote

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SAID = quote("200", "2", "1980", "10")


def seen(ago: timedelta, source: str = "wise", via: str = "", **others: object) -> Price:
    made = price(SAID, source=source, via=via, observed=Observed(NOW - ago))
    return replace(made, **others)  # type: ignore[arg-type]


def own(ago: timedelta) -> Price:
    return seen(ago, "remitly")


def told(ago: timedelta) -> Price:
    return seen(ago, "wise-comparisons", via="wise")


def survey(ago: timedelta) -> Price:
    return seen(ago, "rpw", origin=Origin.SURVEY)


def tariff(ago: timedelta) -> Price:
    day = Observed(NOW - ago, Precision.DAY)
    return seen(ago, "tariff", origin=Origin.TARIFF, observed=day)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (own(HOUR), told(MINUTE)),  # the provider's own
        (own(24 * HOUR), told(MINUTE)),
        (told(HOUR), own(25 * HOUR)),  # unless that is dated
        (told(23 * HOUR), survey(MINUTE)),  # live before survey
        (own(HOUR), survey(MINUTE)),
        (own(HOUR), tariff(MINUTE)),
        (seen(HOUR, "form", origin=Origin.SUBMITTED), tariff(MINUTE)),
        (survey(DAY), own(2 * DAY)),  # unless dated, and the survey newer
        (own(2 * DAY), survey(90 * DAY)),
        (told(2 * DAY), survey(90 * DAY)),
        (told(2 * DAY), own(20 * DAY)),  # both dated: the date counts
        (tariff(DAY), survey(2 * DAY)),
        (seen(MINUTE, "one"), seen(HOUR, "other")),  # else the one seen last
        (told(MINUTE), seen(HOUR, "another", via="monito")),
        (own(2 * DAY), told(2 * DAY)),
    ],
)
def test_of_two_sources(better: Price, worse: Price) -> None:
    assert prevails(better, worse, NOW)
    assert not prevails(worse, better, NOW)


def test_of_one_source_the_newer_whatever_it_is() -> None:
    older, newer = seen(3 * DAY), seen(2 * DAY)
    assert prevails(newer, older, NOW)
    assert not prevails(older, newer, NOW)
    assert prevails(newer, newer, NOW)
    now_told = replace(newer, via="wise")
    assert prevails(now_told, older, NOW)


def test_two_sources_alike_leave_everything_as_it_is() -> None:
    one, other = seen(HOUR, "one"), seen(HOUR, "other")
    assert not prevails(one, other, NOW)
    assert not prevails(other, one, NOW)


ages = st.one_of(
    st.integers(0, 60 * 50).map(lambda minutes: MINUTE * minutes),
    st.integers(0, 400).map(lambda days: DAY * days),
)
sources = st.sampled_from([own, told, survey, tariff])
prices = st.builds(lambda of, ago: of(ago), sources, ages)


@given(prices, prices)
def test_never_both_and_one_of_them_if_seen_at_different_times(one: Price, other: Price) -> None:
    forth, back = prevails(one, other, NOW), prevails(other, one, NOW)
    if one.observed.at != other.observed.at:
        assert forth is not back
    elif one.source != other.source:
        assert not (forth and back)


@given(prices, prices, prices)
def test_what_prevails_does_not_go_round_in_circles(one: Price, two: Price, three: Price) -> None:
    if prevails(one, two, NOW) and prevails(two, three, NOW):
        assert prevails(one, three, NOW)


@given(st.lists(prices, min_size=1, max_size=5, unique_by=lambda one: one.observed.at), st.data())
def test_the_order_in_which_they_come_does_not_matter(
    found: list[Price], data: st.DataObject
) -> None:
    def shown(those: list[Price]) -> Price:
        standing, *others = those
        for new in others:
            standing = new if prevails(new, standing, NOW) else standing
        return standing

    assert shown(data.draw(st.permutations(found))) == shown(found)


def said(received: str, rate: str, fee: str = "2", paid: str = "200", **others: object) -> Price:
    made = price(quote(paid, fee, received, rate), source="remitly", observed=Observed(NOW))
    return replace(made, **others)  # type: ignore[arg-type]


OTHER = seen(HOUR, "wise-comparisons", via="wise")


@pytest.mark.parametrize(
    ("one", "differ"),
    [
        (said("1980", "10"), False),
        (said("1961", "9.904"), False),  # 0.96 %
        (said("1959.61", "9.8970"), True),  # 1.03 %
        (said("2001", "10.1061"), True),
        (said("1960", "10", "4"), True),  # the fee counts too: 1.01 %
        (said("2000", "10", "2", "202"), False),  # the fee on top
        # the market moved between them, and both went with it
        (said("2178", "11", mid=replace(MID, rate=MID.rate * 11 / 10)), False),
        (said("1980", "10", mid=replace(MID, rate=MID.rate * 11 / 10)), True),
        # one was dated when the other was seen
        (said("1000", "5.0505", observed=Observed(NOW - 26 * HOUR)), False),
        (said("1000", "5.0505", observed=Observed(NOW - 24 * HOUR)), True),
        (said("1000", "5.0505", origin=Origin.TARIFF), False),
        (said("1000", "5.0505", source="wise-comparisons"), False),
    ],
)
def test_two_sources_that_disagree(one: Price, differ: bool) -> None:
    found, back = disagreement(one, OTHER), disagreement(OTHER, one)
    assert (found is not None) is (back is not None) is differ


def test_it_says_what_each_told_and_holds_nothing() -> None:
    found = disagreement(said("1940", "9.798"), OTHER)
    assert found is not None
    assert (found.gate, found.holds) == (Gate.DISAGREEMENT, False)
    assert found.says == (
        "remitly and wise-comparisons tell different prices of one service: margin 10.61 % and fee "
        "EUR 2 against margin 8.77 % and fee EUR 2; what arrives differs by 2.0 %"
    )
