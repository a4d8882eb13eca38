"""NBP: crosses through the zloty of the same day, and which of them are too coarse to be rates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.midrate import CHECK_ONLY
from scrapers.contract import Refused, Unreadable
from scrapers.rates import nbp
from tests.lab.wire import example
from tests.scrapers.rates.made import RECORDED, Says, rates_of

A, B = example("nbp_table_a.json").decode(), example("nbp_table_b.json").decode()
SAME_DAY = nbp.ON_A_DAY.format("2026-11-18")
REPLIES = {
    nbp.URL: A,
    nbp.WEEKLY: B,
    SAME_DAY: A.replace("2026-11-19", "2026-11-18").replace("4.2390", "4.2500"),
}


def test_the_recorded_tables() -> None:
    found = nbp.fetch(RECORDED)
    rates = rates_of(found)
    assert len(found) == len(rates) == 39  # 11 of table A with the zloty, 28 of table B
    assert rates["PLN"] == Decimal("4.2390")
    assert rates["USD"] == Decimal("1.16051140252")  # 4.2390 / 3.6527
    assert rates["MAD"] == Decimal("10.7235011384")  # 4.2390 / 0.3953
    assert rates["SYP"] == Decimal("133.055023698")
    assert not {"EUR", "XDR"} & set(rates)
    times = {one.currency: one.observed_at for one in found}
    assert times["USD"] == datetime(2026, 11, 19, tzinfo=UTC)
    assert times["MAD"] == datetime(2026, 11, 18, tzinfo=UTC)


def test_a_weekly_rate_goes_with_the_euro_of_its_own_day() -> None:
    http = Says(REPLIES)
    rates = rates_of(nbp.fetch(http))
    assert rates["MAD"] == Decimal("10.7513281052")  # 4.2500 / 0.3953
    assert rates["USD"] == Decimal("1.16051140252")
    assert http.asked == [nbp.URL, nbp.WEEKLY, SAME_DAY]


def test_on_a_wednesday_two_tables_are_enough() -> None:
    http = Says({nbp.URL: A, nbp.WEEKLY: B.replace("2026-11-18", "2026-11-19")})
    assert rates_of(nbp.fetch(http))["MAD"] == Decimal("10.7235011384")


def test_rates_of_few_digits_are_for_checking_only() -> None:
    coarse = {one.currency for one in nbp.fetch(RECORDED) if one.authority == CHECK_ONLY}
    assert coarse == {"CDF", "IRR", "COP", "PKR", "ETB", "GMD", "CVE"}
    assert {one.authority for one in nbp.fetch(RECORDED)} == {"nbp", CHECK_ONLY}


@pytest.mark.parametrize(
    ("mid", "fine"), [("0.0500", True), ("0.0499", False), ("0.05", False), ("50", False)]
)
def test_where_coarse_begins(mid: str, fine: bool) -> None:
    """Half of the last digit is a thousandth of the rate; a lost zero makes it coarser."""
    http = Says({**REPLIES, nbp.WEEKLY: B.replace("0.3953", mid)})
    authority = {one.currency: one.authority for one in nbp.fetch(http)}["MAD"]
    assert authority == (nbp.AUTHORITY if fine else CHECK_ONLY)


def changed(url: str, old: str, new: str) -> Mapping[str, str]:
    assert old in REPLIES[url]
    return {**REPLIES, url: REPLIES[url].replace(old, new)}


EUR = '{"currency":"euro","code":"EUR","mid":4.2390}'


@pytest.mark.parametrize(
    ("replies", "says"),
    [
        ({nbp.URL: ""}, "not the JSON it should be"),
        ({nbp.URL: "[]"}, "an empty answer"),
        ({nbp.URL: "null"}, "an empty answer"),
        ({nbp.URL: "{}"}, "an empty answer"),
        ({nbp.URL: '{"table":"A"}'}, "reply: should be a list, is 'dict'"),
        ({nbp.URL: f"{A[:-1]},{A[1:]}"}, "2 tables, where one was asked for"),
        ({nbp.URL: B}, "reply[0].table: asked for A, answered for B"),
        ({nbp.URL: A, nbp.WEEKLY: A}, "reply[0].table: asked for B, answered for A"),
        (changed(nbp.URL, '"table":"A",', ""), "reply[0]: no field 'table'"),
        (changed(nbp.URL, "2026-11-19", "19.11.2026"), "effectiveDate: '19.11.2026' is not a day"),
        (changed(nbp.WEEKLY, "2026-11-18", "2026-02-30"), "effectiveDate: '2026-02-30' is not"),
        (changed(nbp.URL, f"{EUR},", ""), "rates: 0 rates of the euro"),
        (changed(nbp.URL, EUR, f"{EUR},{EUR}"), "rates: 2 rates of the euro"),
        (changed(SAME_DAY, '"EUR"', '"EUX"'), "rates: 0 rates of the euro"),
        (changed(SAME_DAY, "2026-11-18", "2026-11-17"), "asked for 2026-11-18, answered for 2026-"),
        (changed(nbp.URL, "4.2390", '"4.2390"'), "rates[2].mid: should be a number"),
        (changed(nbp.URL, "4.2390", "0"), "rates[2].mid: '0' is no rate"),
        (changed(nbp.WEEKLY, "0.3953", "0"), "rates[5].mid: 0 is no rate"),
        (changed(nbp.WEEKLY, "0.3953", "-0.3953"), "rates[5].mid: -0.3953 is no rate"),
        (changed(nbp.WEEKLY, "0.3953", "0.000000001"), "rates[5].mid: '4250000000.00' is no"),
        (changed(nbp.WEEKLY, "0.3953", "3.953E-1"), "3.953E-1 has an exponent"),
        (changed(nbp.WEEKLY, "0.3953", "NaN"), "NaN is no number"),
        (changed(nbp.WEEKLY, "0.3953", "null"), "rates[5].mid: should be a number, is 'None'"),
        (changed(nbp.WEEKLY, '"code":"MAD",', ""), "rates[5]: no field 'code'"),
        (changed(nbp.WEEKLY, '"code":"MAD"', '"code":1'), "rates[5].code: should be a text"),
        (changed(nbp.WEEKLY, '"mid":0.3953', '"mid":0.3953,"mid":1'), "'mid' is there twice"),
        (
            {**REPLIES, nbp.URL: A[: A.index('"rates"')] + f'"rates":[{EUR}]}}]'},
            "rates: no currency in use",
        ),
    ],
)
def test_unreadable(replies: Mapping[str, str], says: str) -> None:
    with pytest.raises(Unreadable) as error:
        nbp.fetch(Says({**REPLIES, **replies}))
    assert says in str(error.value)


def test_a_day_that_the_bank_does_not_have() -> None:
    missing = Refused(example("nbp_error_404.txt").decode())
    with pytest.raises(Refused, match="404 NotFound"):
        nbp.fetch(Says({**REPLIES, SAME_DAY: missing}))
