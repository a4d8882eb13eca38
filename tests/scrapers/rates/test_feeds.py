"""The daily feeds: fawazahmed0 on two addresses, ExchangeRate-API, FloatRates, and CME."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from scrapers.contract import Refused, Trouble, Unreachable, Unreadable
from scrapers.rates import cme_suriname, fawazahmed0, floatrates, open_er_api
from tests.lab.wire import example
from tests.scrapers.rates.made import RECORDED, Says, rates_of

FAWAZ = example("fawazahmed0_eur.json").decode()
OPEN = example("openerapi_v6_latest_eur.json").decode()
FLOAT = example("floatrates_eur.json").decode()
CME = example("cme_suriname_today.json").decode()


def test_recorded_fawazahmed0() -> None:
    found = fawazahmed0.fetch(RECORDED)
    assert len(found) == 37
    assert rates_of(found)["MAD"] == Decimal("10.7516")
    assert {one.observed_at for one in found} == {datetime(2026, 11, 19, tzinfo=UTC)}


@pytest.mark.parametrize("kind", [Unreachable, Refused])
def test_fawazahmed0_at_its_other_address(kind: type[Unreachable] | type[Refused]) -> None:
    http = Says({fawazahmed0.URL: kind("gone fishing"), fawazahmed0.OTHER_URL: FAWAZ})
    assert len(fawazahmed0.fetch(http)) == 37
    assert http.asked == [fawazahmed0.URL, fawazahmed0.OTHER_URL]


def test_an_answer_that_cannot_be_read_is_not_asked_elsewhere() -> None:
    http = Says({fawazahmed0.URL: "<html>", fawazahmed0.OTHER_URL: FAWAZ})
    with pytest.raises(Unreadable, match=r"cdn\.jsdelivr\.net"):
        fawazahmed0.fetch(http)
    assert http.asked == [fawazahmed0.URL]


def test_if_no_address_answers_each_says_why() -> None:
    hour = timedelta(hours=1)
    replies = {
        fawazahmed0.URL: Unreachable("the first is asleep"),
        fawazahmed0.OTHER_URL: Refused("the second is cross", Trouble.LIMITED, hour),
    }
    with pytest.raises(Refused, match=r"^the first is asleep; the second is cross$") as error:
        fawazahmed0.fetch(Says(replies))
    assert (error.value.trouble, error.value.wait) == (Trouble.LIMITED, hour)


def test_recorded_open_er_api() -> None:
    found = open_er_api.fetch(RECORDED)
    rates = rates_of(found)
    assert len(found) == 37
    assert (rates["SRD"], rates["VND"]) == (Decimal("43.8"), Decimal("30520.0"))
    assert "EUR" not in rates
    assert {one.observed_at for one in found} == {datetime(2026, 11, 19, 0, 2, 31, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (OPEN, "", "not the JSON it should be"),
        (OPEN, "[]", "should be a JSON object"),
        (OPEN, "null", "should be a JSON object"),
        (OPEN, "{}", "an error of its own: None"),
        (OPEN, example("openerapi_error_unsupported.json").decode(), "own: unsupported-code"),
        ('"success"', '"error", "error-type": "quota-reached"', "own: quota-reached"),
        ('"base_code": "EUR"', '"base_code": "USD"', "not the rates of one euro"),
        ('"EUR": 1,', '"EUR": 1.1,', "not the rates of one euro"),
        ('"EUR": 1,', "", "not the rates of one euro"),
        ('"rates":', '"conversion_rates":', "rates: should be a JSON object"),
        ("1795046551", "1795046551000", "'1795046551000' is not a time in seconds"),
        ("1795046551", '"1795046551"', "'1795046551' is not a time in seconds"),
        ('"time_last_update_unix": 1795046551,', "", "'None' is not a time in seconds"),
        ("1.1605", "0", "USD: '0' is no rate"),
        ("1.1605", "NaN", "NaN is no number"),
        ("1.1605", "1.1605e0", "has an exponent"),
        ('"USD": 1.1605', '"USD": 1.1605, "USD": 1.2', "'USD' is there twice"),
        ("1.1605", "null", "USD: 'None' is no rate"),
        (OPEN[OPEN.index('"AFN"') : OPEN.rindex("655.957") + 7], '"XAU": 1', "no currency in use"),
    ],
)
def test_unreadable_open_er_api(old: str, new: str, says: str) -> None:
    assert old in OPEN
    with pytest.raises(Unreadable) as error:
        open_er_api.fetch(Says({open_er_api.URL: OPEN.replace(old, new)}))
    assert says in str(error.value)
    assert open_er_api.URL in str(error.value)


def test_recorded_floatrates() -> None:
    found = floatrates.fetch(RECORDED)
    assert [(one.currency, str(one.rate)) for one in found] == [
        ("USD", "1.1605"),
        ("MAD", "10.7516"),
        ("TRY", "56.315"),
        ("GHS", "12.87"),
        ("SRD", "43.8"),
    ]
    assert {one.observed_at for one in found} == {datetime(2026, 11, 19, 11, 55, 11, tzinfo=UTC)}


DATE = "Thu, 19 Nov 2026 11:55:11 GMT"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (FLOAT, "", "not the JSON it should be"),
        (FLOAT, "{}", "an empty answer"),
        (FLOAT, "[1]", "should be a JSON object"),
        (FLOAT, '{"btc": {}}', "no currency in use today"),
        ('"code": "MAD"', '"code": "MRO"', "reply.mad.code: asked for MAD, answered for MRO"),
        ('"code": "MAD",', "", "reply.mad: no field 'code'"),
        ('"rate": 10.7516', '"rate": "10.7516"', "reply.mad.rate: should be a number"),
        ('"rate": 10.7516', '"rate": 0', "reply.mad.rate: '0' is no rate"),
        ('"rate": 10.7516', '"rate": 0.093', "reply.mad: rate x inverseRate is 0.0086, not 1"),
        ('"rate": 10.7516', '"rate": 10.77', "reply.mad: rate x inverseRate is 1.0017, not 1"),
        ('"inverseRate": 0.09300941255255', '"x": 1', "reply.mad: no field 'inverseRate'"),
        (DATE, "2026-11-19", "reply.usd.date: '2026-11-19' is not a time"),
        (DATE, DATE.replace("19", "32"), "is not a time like"),
        (DATE, DATE.removesuffix(" GMT"), "is not a time like"),
        (f'"{DATE}"', "1", "reply.usd.date: '1' is not a time"),
        ('"rate": 10.7516', '"rate": 10.7516, "rate": 1', "'rate' is there twice"),
    ],
)
def test_unreadable_floatrates(old: str, new: str, says: str) -> None:
    assert old in FLOAT
    with pytest.raises(Unreadable) as error:
        floatrates.fetch(Says({floatrates.URL: FLOAT.replace(old, new)}))
    assert says in str(error.value)


def test_recorded_cme_is_the_middle_of_buying_and_selling() -> None:
    (found,) = cme_suriname.fetch(RECORDED)
    assert (found.currency, found.rate) == ("SRD", Decimal("43.8"))
    assert found.observed_at == datetime(2026, 11, 19, 12, 15, tzinfo=UTC)  # 09:15 in Paramaribo
    assert (found.source, found.authority) == ("cme_suriname", "cme_suriname")


@pytest.mark.parametrize(
    ("said", "at"),
    [("09:15 PM", datetime(2026, 11, 20, 0, 15)), ("12:05 AM", datetime(2026, 11, 19, 3, 5))],  # noqa: DTZ001
)
def test_cme_in_the_evening_and_just_after_midnight(said: str, at: datetime) -> None:
    (found,) = cme_suriname.fetch(Says({cme_suriname.URL: CME.replace("09:15 AM", said)}))
    assert found.observed_at == at.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (CME, "", "not the JSON it should be"),
        (CME, "[]", "an empty answer"),
        (CME, "{}", "an empty answer"),
        (CME, '{"a": 1}', "reply: should be a list"),
        (CME, CME.strip()[:-1] + "," + CME.strip()[1:], "2 days, where today was asked for"),
        ("43.4", "44.3", "does not buy at 44.3 and sell at 44.2"),
        ("43.4", "44.2", "does not buy at 44.2 and sell at 44.2"),
        ("43.4", "42.0", "does not buy at 42.0 and sell at 44.2"),
        ("43.4", "0", "BuyEuroExchangeRate: '0' is no rate"),
        ("43.4", '"43.4"', "BuyEuroExchangeRate: should be a number"),
        ("43.4", "null", "BuyEuroExchangeRate: should be a number"),
        ('"SaleEuroExchangeRate": 44.2,', "", "no field 'SaleEuroExchangeRate'"),
        ("19-Nov-2026", "31-Nov-2026", "'31-Nov-2026 09:15 AM' is not a time"),
        ("19-Nov-2026", "2026-11-19", "'2026-11-19 09:15 AM' is not a time"),
        ("09:15 AM", "", "'19-Nov-2026 ' is not a time"),
        ('"UpdatedTime": "09:15 AM"', '"UpdatedTime": null', "UpdatedTime: should be a text"),
    ],
)
def test_unreadable_cme(old: str, new: str, says: str) -> None:
    assert old in CME
    with pytest.raises(Unreadable) as error:
        cme_suriname.fetch(Says({cme_suriname.URL: CME.replace(old, new)}))
    assert says in str(error.value)


@pytest.mark.parametrize("written", ["44", "44.0", "44.00"])
def test_a_number_may_be_written_in_any_way(written: str) -> None:
    (found,) = cme_suriname.fetch(Says({cme_suriname.URL: CME.replace("44.2", written)}))
    assert found.rate == Decimal("43.7")
