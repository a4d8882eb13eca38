"""Lines of prices that providers state: what is read, and every way in which one is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.service import AccessPoint, Coverage, PaymentInstrument, Speed
from app.domain.submitted import NAMES, OPTIONAL, Fault, Line, Wrong, line_of, twice

GOOD = {
    "from": "NL",
    "send_currency": "EUR",
    "to": "MA",
    "receive_currency": "MAD",
    "payment_instrument": "bank_account_transfer",
    "access_point": "internet+mobile_app",
    "pickup_method": "cash",
    "pay_in": "",
    "paid": "200.00",
    "fee": "3.10",
    "rate": "10.93",
    "received": "2152.12",
    "speed": "next_day",
    "coverage": "high",
    "variant": "",
}


def read(**other: str) -> Line | list[Fault]:
    return line_of(2, GOOD | other, "alpha")


def good(**other: str) -> Line:
    found = read(**other)
    assert isinstance(found, Line), found
    return found


def test_a_line_is_read_as_it_stands() -> None:
    line = good()
    service = line.service
    assert (service.provider, service.corridor.slug) == ("alpha", "NL-MA")
    assert service.payment_instruments == (PaymentInstrument.BANK_ACCOUNT_TRANSFER,)
    assert service.access_points == (AccessPoint.INTERNET, AccessPoint.MOBILE_APP)
    assert (service.speed, service.coverage) == (Speed.NEXT_DAY, Coverage.HIGH)
    assert (line.paid, line.rate) == (Decimal("200.00"), Decimal("10.93"))


def test_a_line_comes_back_from_what_it_is_written_as() -> None:
    assert line_of(0, good().named(), "alpha") == good()
    assert set(good().named()) == set(NAMES)


def test_what_may_be_left_out_is_unknown() -> None:
    line = line_of(2, {name: GOOD[name] for name in GOOD if name not in OPTIONAL}, "alpha")
    assert isinstance(line, Line)
    assert (line.service.speed, line.service.coverage, line.service.pay_in) == (None, None, "")


def test_several_methods_are_one_service_in_any_order_and_case() -> None:
    assert good(access_point="Mobile_App + INTERNET").service == good().service


@pytest.mark.parametrize(
    ("paid", "fee", "received", "rung"),
    [
        ("200.00", "3.10", "2152.12", "200"),
        ("203.10", "3.10", "2186.00", "200"),
        ("203.10", "3.00", "2187.09", "203.10"),
        ("203", "3", "2186.00", "203"),
    ],
)
def test_the_rung_is_the_whole_amount(paid: str, fee: str, received: str, rung: str) -> None:
    assert good(paid=paid, fee=fee, received=received).rung == Decimal(rung)


@pytest.mark.parametrize(
    ("column", "text", "wrong"),
    [
        *((name, "", Wrong.MISSING) for name in GOOD if name not in OPTIONAL),
        *((name, "=1+1", Wrong.FORMULA) for name in NAMES),
        ("paid", "+200", Wrong.FORMULA),
        ("paid", "-200", Wrong.FORMULA),
        ("pay_in", "@SUM(A1)", Wrong.FORMULA),
        ("from", "XX", Wrong.UNKNOWN),
        ("to", "Morocco", Wrong.UNKNOWN),
        ("send_currency", "EURO", Wrong.UNKNOWN),
        ("receive_currency", "XXX", Wrong.UNKNOWN),
        ("payment_instrument", "shells", Wrong.UNKNOWN),
        ("access_point", "internet+", Wrong.UNKNOWN),
        ("speed", "soon", Wrong.UNKNOWN),
        ("coverage", "all", Wrong.UNKNOWN),
        ("paid", "2e2", Wrong.NOT_A_NUMBER),
        ("paid", "1,000.00", Wrong.NOT_A_NUMBER),
        ("paid", "NaN", Wrong.NOT_A_NUMBER),
        ("rate", "Infinity", Wrong.NOT_A_NUMBER),
        ("paid", "\uff12\uff10\uff10", Wrong.NOT_A_NUMBER),
        ("paid", "200.", Wrong.NOT_A_NUMBER),
        ("paid", "200.001", Wrong.TOO_PRECISE),
        ("received", "2152.123", Wrong.TOO_PRECISE),
        ("paid", "9.99", Wrong.OUT_OF_RANGE),
        ("paid", "10000.01", Wrong.OUT_OF_RANGE),
        ("fee", "200", Wrong.OUT_OF_RANGE),
        ("rate", "0", Wrong.OUT_OF_RANGE),
        ("received", "0", Wrong.OUT_OF_RANGE),
        ("received", "2152.30", Wrong.INCOHERENT),
        ("rate", "10.94", Wrong.INCOHERENT),
        ("pay_in", "x" * 41, Wrong.TOO_LONG),
        ("pay_in", "i\u202edeal", Wrong.TOO_LONG),
        ("speed", "x" * 201, Wrong.TOO_LONG),
    ],
)
def test_what_is_wrong_is_named_with_its_column(column: str, text: str, wrong: Wrong) -> None:
    found = read(**{column: text})
    assert isinstance(found, list)
    named = "received" if wrong is Wrong.INCOHERENT else column
    assert [(one.row, one.column, one.wrong) for one in found] == [(2, named, wrong)]


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = read(to="XX", paid="much", speed="soon")
    assert isinstance(found, list)
    assert [one.column for one in found] == ["to", "paid", "speed"]


def test_the_same_service_and_amount_twice_is_found() -> None:
    lines = {2: good(), 3: good(paid="203.10", received="2186.00"), 4: good(pay_in="iDEAL")}
    assert twice(lines) == [Fault(3, "paid", Wrong.TWICE, "2")]


@given(st.fixed_dictionaries({name: st.text(max_size=12) for name in NAMES}))
def test_no_text_is_more_than_refused(given_texts: dict[str, str]) -> None:
    assert line_of(2, given_texts, "alpha")


@given(st.text(max_size=20))
def test_a_number_is_read_exactly_or_not_at_all(text: str) -> None:
    found = read(rate=text)
    if isinstance(found, Line):
        assert found.rate == Decimal(text.strip())
