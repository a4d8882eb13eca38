"""The European Central Bank's XML: today's file, that of 90 days, and every way to be wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from scrapers.contract import Refused, Reply, Trouble, Unreachable, Unreadable
from scrapers.rates import ecb
from tests.lab.wire import example
from tests.scrapers.rates.made import RECORDED, Says, rates_of

DAILY, NINETY = example("ecb_eurofxref_daily.xml"), example("ecb_eurofxref_hist_90d.xml")


def read(body: str | bytes) -> list[tuple[str, str, str]]:
    found = ecb.read(Reply(ecb.URL, body.encode() if isinstance(body, str) else body, "text/xml"))
    return [(one.currency, str(one.rate), f"{one.observed_at:%F}") for one in found]


def cubes(inside: str) -> str:
    space = "http://www.ecb.int/vocabulary/2002-08-01/eurofxref"
    return f'<E xmlns="{space}"><Cube>{inside}</Cube></E>'


def test_the_recorded_day() -> None:
    found = ecb.fetch(RECORDED)
    rates = rates_of(found)
    assert len(found) == len(rates) == 29
    assert rates["TRY"] == Decimal("56.3150")
    assert str(rates["GBP"]) == "0.87940"
    assert rates["IDR"] == Decimal("19425.50")
    assert {(one.source, one.authority) for one in found} == {("ecb", "ecb")}
    assert {one.observed_at for one in found} == {datetime(2026, 11, 19, 15, tzinfo=UTC)}


def test_the_recorded_ninety_days_with_their_double_quotes() -> None:
    found = read(NINETY)
    assert len(found) == 58
    assert {day for _, _, day in found} == {"2026-11-19", "2026-11-18"}
    assert ("INR", "110.2120", "2026-11-18") in found


@pytest.mark.parametrize("kind", [Unreachable, Refused])
def test_the_file_of_ninety_days_stands_in_for_todays(
    kind: type[Unreachable] | type[Refused],
) -> None:
    http = Says({ecb.URL: kind("it rained"), ecb.NINETY_DAYS: NINETY})
    assert len(ecb.fetch(http)) == 58
    assert http.asked == [ecb.URL, ecb.NINETY_DAYS]


def test_a_broken_file_of_today_is_not_covered_up() -> None:
    http = Says({ecb.URL: DAILY[:900], ecb.NINETY_DAYS: NINETY})
    with pytest.raises(Unreadable, match=r"eurofxref-daily\.xml: not the XML"):
        ecb.fetch(http)


def test_currencies_of_the_past_are_left_out() -> None:
    day = '<Cube time="2026-11-19"><Cube currency="HRK" rate="7.5"/>'
    assert read(cubes(day + '<Cube currency="USD" rate="1.16"/></Cube>')) == [
        ("USD", "1.16", "2026-11-19")
    ]


def one_day(inside: str) -> str:
    return cubes(f'<Cube time="2026-11-19">{inside}</Cube>')


USD = '<Cube currency="USD" rate="1.16"/>'


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "not the XML it should be"),
        ("{}", "not the XML it should be"),
        ("<html>", "not the XML it should be"),
        (DAILY[:-30], "not the XML it should be"),
        (b"<a>\xff</a>", "not the XML it should be"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "not the XML it should be"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "not the XML it should be"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "not the XML it should be"),
        ("<html><body>Maintenance</body></html>", "no Cube with the rates of a day"),
        (DAILY.replace(b"ecb.int", b"example"), "no Cube with the rates of a day"),
        (cubes(""), "no Cube with the rates of a day"),
        (cubes('<Cube time="2026-11-19"/>'), "2026-11-19: a day without rates"),
        (cubes(f"<Cube>{USD}</Cube>"), "Cube time: 'None' is not a day"),
        (cubes(f'<Cube time="19-11-2026">{USD}</Cube>'), "Cube time: '19-11-2026' is not a day"),
        (one_day('<Cube rate="1.16"/>'), "2026-11-19: '' is no currency"),
        (one_day('<Cube currency="dollar" rate="1.16"/>'), "'dollar' is no currency"),
        (one_day('<Cube currency="USD"/>'), "2026-11-19, USD: 'None' is no rate"),
        (one_day('<Cube currency="USD" rate="1,16"/>'), "USD: '1,16' is no rate"),
        (one_day('<Cube currency="USD" rate="0"/>'), "USD: '0' is no rate"),
        (one_day('<Cube currency="USD" rate="-1"/>'), "USD: '-1' is no rate"),
        (one_day('<Cube currency="USD" rate="NaN"/>'), "USD: 'NaN' is no rate"),
        (one_day('<Cube currency="USD" rate="1e2"/>'), "USD: '1e2' is no rate"),
        (one_day('<Cube currency="USD" currency="USD" rate="1"/>'), "not the XML it should be"),
        (one_day(USD + USD), "USD is there twice on 2026-11-19"),
        (cubes(f'<Cube time="2026-11-19">{USD}</Cube>' * 2), "USD is there twice on 2026-11-19"),
    ],
)
def test_unreadable(body: str | bytes, says: str) -> None:
    with pytest.raises(Unreadable) as error:
        read(body)
    assert says in str(error.value)
    assert ecb.URL in str(error.value)
    assert error.value.trouble is Trouble.SCHEMA
