"""The mid rate: peg, else ECB, else the median of those who agree, else none."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.midrate import (
    CHECK_ONLY,
    LIQUID,
    PEGS,
    MidRate,
    MidReading,
    NoMidRate,
    mid_rate,
)
from tests.domain.strategies import NOW, shipped_mid


def reading(
    currency: str, rate: str, source: str = "feed", *, authority: str = "", days_ago: float = 0
) -> MidReading:
    at = NOW - timedelta(days=days_ago)
    return MidReading(source, authority or source, currency, Decimal(rate), at)


def ecb(currency: str, rate: str, *, days_ago: float = 0) -> MidReading:
    return reading(currency, rate, "ecb", days_ago=days_ago)


@pytest.mark.parametrize(
    ("currency", "rate"),
    [("XOF", "655.957"), ("XAF", "655.957"), ("CVE", "110.265"), ("BAM", "1.95583")],
)
def test_a_peg_to_the_euro_needs_no_source(currency: str, rate: str) -> None:
    assert mid_rate("EUR", currency, []) == MidRate(Decimal(rate), ("peg",), None)


def test_a_peg_stands_whatever_sources_say() -> None:
    readings = [ecb("XOF", "700"), reading("XOF", "650"), reading("XOF", "1", "broken")]
    assert mid_rate("EUR", "XOF", readings) == MidRate(Decimal("655.957"), ("peg",), None)


def test_the_caribbean_guilder_follows_the_dollar() -> None:
    readings = [ecb("USD", "1.1000", days_ago=2), reading("XCG", "9")]
    found = mid_rate("EUR", "XCG", readings)
    assert found == MidRate(Decimal("1.969"), ("peg", "ecb"), NOW - timedelta(days=2))


def test_the_guilder_is_worth_its_peg_in_dollars() -> None:
    assert mid_rate("USD", "XCG", [ecb("USD", "1.0837")]).rate == Decimal("1.79")


def test_a_peg_to_an_unknown_dollar_is_no_rate() -> None:
    with pytest.raises(NoMidRate, match="USD"):
        mid_rate("EUR", "XCG", [reading("XCG", "2")])


def test_no_other_currency_is_pegged() -> None:
    assert set(PEGS) == {"XOF", "XAF", "CVE", "BAM", "XCG"}


def test_the_ecb_is_taken_as_it_is() -> None:
    readings = [
        *(reading("TRY", "30", "aaa"), reading("TRY", "60", "zzz")),
        ecb("TRY", "48.1234", days_ago=3),
    ]
    found = mid_rate("EUR", "TRY", readings)
    assert found == MidRate(Decimal("48.1234"), ("ecb",), NOW - timedelta(days=3))


def test_the_ecb_is_known_by_its_authority_and_not_by_its_source() -> None:
    passed_on = reading("TRY", "48", "mirror", authority="ecb")
    found = mid_rate("EUR", "TRY", [reading("TRY", "30", "aaa"), passed_on])
    assert (found.rate, found.sources) == (Decimal(48), ("mirror",))


@pytest.mark.parametrize("mirror", ["a-mirror", "z-mirror"])
def test_of_two_who_pass_on_the_ecb_the_newer_counts(mirror: str) -> None:
    older = reading("TRY", "47", mirror, authority="ecb", days_ago=3)
    assert mid_rate("EUR", "TRY", [older, ecb("TRY", "48")]).rate == Decimal(48)


@pytest.mark.parametrize(("rates", "middle"), [("1 1.01", "1.005"), ("1.02 1 1.01", "1.01")])
def test_others_are_taken_by_their_median(rates: str, middle: str) -> None:
    readings = [
        reading("MAD", rate, f"s{place}", days_ago=place)
        for place, rate in enumerate(rates.split())
    ]
    found = mid_rate("EUR", "MAD", readings)
    assert found.rate == Decimal(middle)
    assert found.sources == tuple(f"s{place}" for place in range(len(readings)))
    assert found.observed_at == NOW - timedelta(days=len(readings) - 1)


def test_one_other_source_is_enough() -> None:
    assert mid_rate("EUR", "MAD", [reading("MAD", "10.96")]) == MidRate(
        Decimal("10.96"), ("feed",), NOW
    )


def test_sources_three_percent_apart_still_agree() -> None:
    readings = [reading("MAD", "9.85", "a"), reading("MAD", "10.15", "b")]
    assert mid_rate("EUR", "MAD", readings).rate == 10


def test_sources_further_apart_make_no_rate() -> None:
    readings = [reading("MAD", "9.85", "one"), reading("MAD", "10.1501", "other")]
    with pytest.raises(NoMidRate, match=r"MAD.*one, other"):
        mid_rate("EUR", "MAD", readings)


@pytest.mark.parametrize("off", ["3", "10.5", "30", "5000"])
@pytest.mark.parametrize("others", ["10 10.1", "10 10.1 10.2", "10 10 10.1 10.2"])
def test_one_source_far_off_is_outvoted_and_not_named(off: str, others: str) -> None:
    agreeing = [reading("MAD", rate, f"s{at}") for at, rate in enumerate(others.split())]
    found = mid_rate("EUR", "MAD", [reading("MAD", off, "odd", days_ago=2), *agreeing])
    assert found == mid_rate("EUR", "MAD", agreeing)


@pytest.mark.parametrize("rates", ["10 11", "10 10.1 11 11.1", "10 11 12", "5 10 10.1 20"])
def test_no_more_than_half_agreeing_is_nobody_agreeing(rates: str) -> None:
    readings = [reading("MAD", rate, f"s{at}") for at, rate in enumerate(rates.split())]
    with pytest.raises(NoMidRate, match=r"the sources for MAD are .*% apart: s0, s1"):
        mid_rate("EUR", "MAD", readings)


def test_sources_for_a_liquid_currency_must_be_closer() -> None:
    assert {"USD", "GBP", "INR", "AED", "UAH"} <= LIQUID
    assert not {"MAD", "NGN", "SRD", "GHS", "EGP"} & LIQUID
    readings = [reading("AED", "4.179", "one"), reading("AED", "4.2211", "other")]
    with pytest.raises(NoMidRate, match=r"1\.0% apart"):
        mid_rate("EUR", "AED", readings)
    closer = [readings[0], reading("AED", "4.220", "other")]
    assert mid_rate("EUR", "AED", closer).sources == ("one", "other")


@pytest.mark.parametrize(
    ("old", "new", "zeros"), [("13398", "133.98", 2), ("120.9", "12", 1), ("28310", "28.4", 3)]
)
@pytest.mark.parametrize("more", [0, 2])
def test_a_currency_that_lost_zeros_has_no_rate_until_all_sources_know(
    old: str, new: str, zeros: int, more: int
) -> None:
    """Also if most of them do: the others may be right."""
    readings = [reading("SYP", old, "late"), reading("SYP", new, "nbp")]
    readings += [reading("SYP", new, f"s{at}") for at in range(more)]
    said = f"SYP seems to have been redenominated: late says {old} and .* {new}, {zeros} zeros"
    with pytest.raises(NoMidRate, match=said):
        mid_rate("EUR", "SYP", readings)


def test_the_rial_of_iran_has_no_one_rate() -> None:
    readings = [ecb("IRR", "1524464"), reading("IRR", "1524464")]
    with pytest.raises(NoMidRate, match=r"IRR: official and market rates of Iran differ"):
        mid_rate("EUR", "IRR", readings)


def check(currency: str, rate: str, *, days_ago: float = 0) -> MidReading:
    return reading(currency, rate, "nbp", authority=CHECK_ONLY, days_ago=days_ago)


def test_a_coarse_reading_is_in_no_median() -> None:
    others = [reading("CDF", "2712.4", "a"), reading("CDF", "2710.4", "b")]
    found = mid_rate("EUR", "CDF", [*others, check("CDF", "2649.375", days_ago=2)])
    assert found == MidRate(Decimal("2711.4"), ("a", "b"), NOW)


def test_a_coarse_reading_alone_is_no_rate() -> None:
    with pytest.raises(NoMidRate, match="only a coarse rate is known for CDF: nbp"):
        mid_rate("EUR", "CDF", [check("CDF", "2649.375")])


@pytest.mark.parametrize(("said", "agrees"), [("2460", True), ("2300", False), ("3100", False)])
def test_a_coarse_reading_can_contradict(said: str, agrees: bool) -> None:
    readings = [reading("CDF", "2712.4", "a"), check("CDF", said)]
    if agrees:
        assert mid_rate("EUR", "CDF", readings).rate == Decimal("2712.4")
    else:
        with pytest.raises(NoMidRate, match=rf"nbp contradicts .* CDF: about {said}, not 2712.4"):
            mid_rate("EUR", "CDF", readings)


def test_a_coarse_reading_that_lags_contradicts_nobody() -> None:
    readings = [reading("CDF", "2712.4", "a"), check("CDF", "2300", days_ago=5.1)]
    assert mid_rate("EUR", "CDF", readings).rate == Decimal("2712.4")


def test_a_peg_that_several_sources_no_longer_see_is_not_believed() -> None:
    readings = [reading("XOF", "730", "a"), reading("XOF", "735", "b")]
    with pytest.raises(NoMidRate, match=r"the peg of XOF, 655\.957, is not what .* say: 732\.5"):
        mid_rate("EUR", "XOF", readings)
    assert mid_rate("EUR", "XOF", readings[:1]).sources == ("peg",)


@pytest.mark.parametrize(
    ("days", "usable"), [(-1.1, False), (-0.5, True), (0, True), (7, True), (7.1, False)]
)
def test_a_mid_rate_is_of_use_for_live_prices_for_a_week(days: float, usable: bool) -> None:
    found = mid_rate("EUR", "TRY", [ecb("TRY", "48", days_ago=days)])
    assert found.usable_for_live(NOW) is usable


def test_a_peg_never_grows_old() -> None:
    assert mid_rate("EUR", "XOF", []).usable_for_live(NOW)


def test_without_a_reading_there_is_no_rate() -> None:
    with pytest.raises(NoMidRate, match="MAD"):
        mid_rate("EUR", "MAD", [reading("TRY", "48")])


def test_only_the_newest_reading_of_a_source_counts() -> None:
    readings = [reading("MAD", "10", days_ago=1), reading("MAD", "11"), reading("MAD", "9.9")]
    newest = [readings[0], readings[1]]
    assert mid_rate("EUR", "MAD", newest).rate == mid_rate("EUR", "MAD", newest[::-1]).rate == 11


def test_a_source_five_days_behind_still_counts() -> None:
    readings = [reading("MAD", "10.1", "late", days_ago=5), reading("MAD", "10")]
    assert mid_rate("EUR", "MAD", readings).sources == ("feed", "late")


def test_a_source_further_behind_no_longer_counts() -> None:
    readings = [reading("MAD", "20", "late", days_ago=5.01), reading("MAD", "10")]
    assert mid_rate("EUR", "MAD", readings) == MidRate(Decimal(10), ("feed",), NOW)


def test_even_the_ecb_no_longer_counts_when_it_stopped() -> None:
    readings = [ecb("RUB", "117", days_ago=8), reading("RUB", "95")]
    assert mid_rate("EUR", "RUB", readings).sources == ("feed",)


def test_a_source_is_compared_within_its_currency_only() -> None:
    readings = [ecb("TRY", "48", days_ago=30), reading("MAD", "10")]
    assert mid_rate("EUR", "TRY", readings).sources == ("ecb",)


def test_a_lone_old_rate_is_better_than_none_and_says_its_age() -> None:
    found = mid_rate("EUR", "MAD", [reading("MAD", "10", days_ago=90)])
    assert found.observed_at == NOW - timedelta(days=90)


def test_rates_between_other_currencies_go_through_the_euro() -> None:
    readings = [ecb("USD", "1.1", days_ago=1), reading("MAD", "11", days_ago=2)]
    found = mid_rate("USD", "MAD", readings)
    assert found == MidRate(Decimal(10), ("ecb", "feed"), NOW - timedelta(days=2))


def test_a_cross_rate_names_each_source_once() -> None:
    readings = [ecb("USD", "1.1"), ecb("GBP", "0.85")]
    found = mid_rate("USD", "GBP", readings)
    assert (found.rate, found.sources) == (Decimal("0.772727272727"), ("ecb",))


def test_towards_the_euro_the_rate_is_the_inverse() -> None:
    assert mid_rate("USD", "EUR", [ecb("USD", "1.25")]).rate == Decimal("0.8")


def test_pegged_to_the_same_anchor_is_one_to_one() -> None:
    assert mid_rate("XOF", "XAF", []).rate == 1


def test_a_currency_is_worth_itself() -> None:
    assert mid_rate("EUR", "EUR", []) == MidRate(Decimal(1), ("same currency",), None)
    assert mid_rate("MAD", "MAD", []).rate == 1


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity", "sNaN"])
def test_a_rate_is_above_zero(rate: str) -> None:
    with pytest.raises(ValueError, match="above zero"):
        reading("MAD", rate)


def test_a_reading_has_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        MidReading("feed", "feed", "MAD", Decimal(10), datetime(2026, 9, 29))  # noqa: DTZ001


def test_the_shipped_rate_of_suriname() -> None:
    shipped = shipped_mid("SRD")
    readings = [MidReading("fawazahmed0", "fawazahmed0", "SRD", shipped.rate, NOW)]
    assert mid_rate("EUR", "SRD", readings).rate == Decimal("42.83595261")


rates = st.decimals("0.001", "50000", places=5)


@given(rates, rates)
def test_there_and_back_is_one(dollars: Decimal, dirhams: Decimal) -> None:
    readings = [ecb("USD", str(dollars)), reading("MAD", str(dirhams))]
    there, back = mid_rate("USD", "MAD", readings), mid_rate("MAD", "USD", readings)
    assert abs(there.rate * back.rate - 1) < Decimal("2E-11")
    assert there.sources == back.sources[::-1]
    assert len(there.rate.as_tuple().digits) <= 12


def outcome(currency: str, readings: list[MidReading]) -> MidRate | str:
    try:
        return mid_rate("EUR", currency, readings)
    except NoMidRate as error:
        return str(error)


@given(st.data())
def test_the_order_of_readings_does_not_matter(data: st.DataObject) -> None:
    hours = st.integers(0, 400).map(lambda ago: ago / 24)
    around_ten = st.decimals("9.2", "10.3", places=2)
    readings = [
        reading("MAD", str(data.draw(around_ten)), source, authority=authority, days_ago=ago)
        for source in data.draw(st.sets(st.sampled_from(["a", "b", "c", "d", "ecb"]), min_size=1))
        for authority in [data.draw(st.sampled_from([source, CHECK_ONLY]))]
        for ago in data.draw(st.lists(hours, min_size=1, max_size=3, unique=True))
    ]
    shuffled = data.draw(st.permutations(readings))
    assert outcome("MAD", readings) == outcome("MAD", shuffled)


several = st.lists(st.decimals("9.4", "10.6", places=2), min_size=1, max_size=7)


@given(several)
def test_the_rate_lies_between_the_sources_that_it_names(said: list[Decimal]) -> None:
    readings = [reading("MAD", str(rate), f"s{at}") for at, rate in enumerate(said)]
    found = outcome("MAD", readings)
    if isinstance(found, MidRate):
        named = [one.rate for one in readings if one.source in found.sources]
        assert min(named) <= found.rate <= max(named)
        assert len(named) > len(said) / 2


@given(several, st.data())
def test_one_more_source_that_agrees_never_takes_the_rate_away(
    said: list[Decimal], data: st.DataObject
) -> None:
    """It agrees if it lies between those that the rate rests on, and they agree as a whole."""
    readings = [reading("MAD", str(rate), f"s{at}") for at, rate in enumerate(said)]
    found = outcome("MAD", readings)
    if not isinstance(found, MidRate):
        return
    named = sorted(one.rate for one in readings if one.source in found.sources)
    if (named[-1] - named[0]) * 2 > Decimal("0.03") * (named[-1] + named[0]):
        return
    more = data.draw(st.decimals(named[0], named[-1], places=2))
    added = outcome("MAD", [*readings, reading("MAD", str(more), "more")])
    assert isinstance(added, MidRate), added
