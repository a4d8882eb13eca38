"""Mid rates: what the shipped replies say, and every way in which a feed can be wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from scrapers.contract import Reply, Unreadable
from scrapers.rates import ecb_history, fawazahmed0
from scrapers.shipped import ShippedReplies


def reply(source: ModuleType, body: str | bytes) -> Reply:
    return Reply(source.URL, body.encode() if isinstance(body, str) else body, "text/plain")


def test_shipped_ecb(root: Path) -> None:
    readings = ecb_history.read(ShippedReplies(root / "data").get(ecb_history.URL))
    assert len({reading.observed_at for reading in readings}) == 724
    newest = {one.currency: one for one in readings if one.observed_at == readings[0].observed_at}
    assert len(newest) == 29  # 30 columns, and no more rate for the lev
    assert newest["TRY"].rate == Decimal("55.8015")
    assert newest["TRY"].observed_at == datetime(2026, 10, 30, 15, tzinfo=UTC)
    assert {(one.source, one.authority) for one in readings} == {("ecb_history", "ecb")}
    assert readings[-1].observed_at == datetime(2024, 1, 2, 15, tzinfo=UTC)


def test_shipped_fawazahmed0(root: Path) -> None:
    readings = fawazahmed0.read(ShippedReplies(root / "data").get(fawazahmed0.URL))
    by_currency = {reading.currency: reading for reading in readings}
    assert by_currency["AED"].rate == Decimal("4.1722245")
    assert {"MAD", "SRD", "GHS", "NGN", "SOS", "XCG"} <= set(by_currency)
    assert not {"EUR", "BTC", "XAU", "ANG"} & set(by_currency)
    assert {one.observed_at for one in readings} == {datetime(2026, 9, 29, tzinfo=UTC)}
    assert {(one.source, one.authority) for one in readings} == {("fawazahmed0",) * 2}


def test_ecb_as_published() -> None:
    """With the comma at each line's end, a currency that is gone, and days without a rate."""
    body = "Date,USD,SKK,TRY,\n2026-10-30,1.1172,30.126,N/A,\n2026-10-29,,N/A,55.4691,\n"
    found = [(one.currency, str(one.rate)) for one in ecb_history.read(reply(ecb_history, body))]
    assert found == [("USD", "1.1172"), ("TRY", "55.4691")]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "row 1: no column Date first"),
        ("\n", "row 1: no column Date first"),
        ("<html>", "row 1: no column Date first"),
        ("Day,USD\n2026-10-30,1.1\n", "row 1: no column Date first"),
        ("Date,SKK\n2026-10-30,1.1\n", "row 1: no column Date first"),
        ("Date,USD,USD\n2026-10-30,1.1,1.1\n", "row 1: a currency has two columns"),
        ("Date,USD\n", "no day with a rate in it"),
        ("Date,USD\n2026-10-30,N/A\n", "no day with a rate in it"),
        ("Date,USD\n,1.1\n", "row 2, Date: '' is not a day"),
        ("Date,USD\n30/10/2026,1.1\n", "row 2, Date: '30/10/2026' is not a day"),
        ("Date,USD\n20261030,1.1\n", "row 2, Date: '20261030' is not a day"),
        ("Date,USD\n2026-02-30,1.1\n", "row 2, Date: '2026-02-30' is not a day"),
        ("Date,USD\n2026-10-30,1.1\n2026-10-30,1.2\n", "row 3: 2026-10-30 is there twice"),
        ("Date,USD,TRY\n2026-10-30,1.1\n", "row 2: cut short after 2 cells"),
        ("Date,USD\n2026-10-30,0\n", "row 2, USD: '0' is no rate"),
        ("Date,USD\n2026-10-30,-1.1\n", "row 2, USD: '-1.1' is no rate"),
        ("Date,USD\n2026-10-30,one\n", "row 2, USD: 'one' is no rate"),
        ("Date,USD\n2026-10-30,NaN\n", "row 2, USD: 'NaN' is no rate"),
        ("Date,USD\n2026-10-30,1e3\n", "row 2, USD: '1e3' is no rate"),
        ("Date,USD\n2026-10-30,1000000000\n", "row 2, USD: '1000000000' is no rate"),
        ("Date,USD\n2026-10-30,0.000001\n", "row 2, USD: '0.000001' is no rate"),
        (b"Date,USD\n2026-10-30,1\xff\n", "not text in UTF-8"),
    ],
)
def test_unreadable_ecb(body: str | bytes, says: str) -> None:
    with pytest.raises(Unreadable) as error:
        ecb_history.read(reply(ecb_history, body))
    assert says in str(error.value)
    assert ecb_history.URL in str(error.value)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "not the JSON it should be"),
        ("[]", "should be a JSON object"),
        ('{"eur": {"usd": 1.1}}', "date: 'None' is not a day"),
        ('{"date": 20260929, "eur": {"usd": 1.1}}', "date: '20260929' is not a day"),
        ('{"date": "2026-09-31", "eur": {"usd": 1.1}}', "date: '2026-09-31' is not a day"),
        ('{"date": "2026-09-29"}', "eur: should be a JSON object"),
        ('{"date": "2026-09-29", "eur": [1.1]}', "eur: should be a JSON object"),
        ('{"date": "2026-09-29", "eur": {}}', "no currency in use today"),
        ('{"date": "2026-09-29", "eur": {"btc": 1.1, "eur": 1}}', "no currency in use today"),
        ('{"date": "2026-09-29", "eur": {"usd": 0}}', "usd: '0' is no rate"),
        ('{"date": "2026-09-29", "eur": {"usd": -1.1}}', "usd: '-1.1' is no rate"),
        ('{"date": "2026-09-29", "eur": {"usd": "one"}}', "usd: 'one' is no rate"),
        ('{"date": "2026-09-29", "eur": {"usd": true}}', "usd: 'True' is no rate"),
        ('{"date": "2026-09-29", "eur": {"usd": null}}', "usd: 'None' is no rate"),
        ('{"date": "2026-09-29", "eur": {"usd": 1e99}}', "1e99 has an exponent"),
        ('{"date": "2026-09-29", "eur": {"usd": NaN}}', "NaN is no number"),
        ('{"date": "2026-09-29", "eur": {"usd": -Infinity}}', "-Infinity is no number"),
        ('{"date": "2026-09-29", "eur": {"usd": 1.1, "usd": 1.2}}', "'usd' is there twice"),
        ('{"date": "2026-09-29", "eur": {"usd": 1e9999999999999999999}}', "not the JSON"),
        ("[" * 100_000, "not the JSON it should be"),
        (b'{"date": "\xff"}', "not text in UTF-8"),
    ],
)
def test_unreadable_fawazahmed0(body: str | bytes, says: str) -> None:
    with pytest.raises(Unreadable) as error:
        fawazahmed0.read(reply(fawazahmed0, body))
    assert says in str(error.value)
    assert fawazahmed0.URL in str(error.value)


def test_exact_numbers() -> None:
    body = '{"date": "2026-09-29", "eur": {"usd": 1.10000000000000008881, "jpy": 176}}'
    found = fawazahmed0.read(reply(fawazahmed0, body))
    assert [str(one.rate) for one in found] == ["1.10000000000000008881", "176"]
