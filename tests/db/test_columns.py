"""What goes into a column comes out of it: numbers digit for digit, times in UTC, words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import StatementError

from app.db.base import ExactDecimal, UtcDateTime, Words, word
from app.db.engine import Database
from app.domain.service import PaymentInstrument, Speed

SCRATCH = Table(
    "scratch",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("number", ExactDecimal()),
    Column("time", UtcDateTime()),
    Column("words", Words(PaymentInstrument)),
    Column("word", word(Speed)),
)
DIGITS = [
    "123456789012.123456789012",
    "0.1",
    "1E-10",
    "1E+5",
    "0",
    "0.00",
    "-0.3",
    "-5.00",
    "100",
    "655.957",
    "9" * 30 + "." + "9" * 29,
]


@pytest.fixture
def scratch(database: Database) -> Iterator[Database]:
    SCRATCH.create(database.engine)
    yield database
    SCRATCH.drop(database.engine)


def kept(database: Database, **values: Any) -> Any:
    """What a row with these values reads like."""
    with database.writing() as session:
        session.execute(SCRATCH.delete())
        session.execute(insert(SCRATCH).values(id=1, **values))
    with database.reading() as session:
        (name,) = values
        return session.scalar(select(SCRATCH.c[name]))


def test_decimals_come_back_digit_for_digit(scratch: Database) -> None:
    for digits in DIGITS:
        found = kept(scratch, number=Decimal(digits))
        assert isinstance(found, Decimal)
        assert found == Decimal(digits)
        assert "E" not in f"{found:f}"


@given(number=st.decimals(-(10**15), 10**15, places=12))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_decimal_comes_back(scratch: Database, number: Decimal) -> None:
    assert kept(scratch, number=number) == number


def test_equal_numbers_are_found_however_they_are_written(scratch: Database) -> None:
    same = [("140.00", "140"), ("1E+2", "100.0"), ("0.0", "0"), ("-0", "0"), ("-0.00", "0")]
    for stored, asked in same:
        kept(scratch, number=Decimal(stored))
        wanted = select(SCRATCH.c.id).where(SCRATCH.c.number == Decimal(asked))
        with scratch.reading() as session:
            assert session.scalar(wanted) == 1, f"{stored} is {asked}"


def test_what_is_no_finite_decimal_is_refused(scratch: Database) -> None:
    for wrong in (0.1, 1, "0.1", Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(StatementError, match="only finite Decimals"):
            kept(scratch, number=wrong)


def test_nothing_stays_nothing(scratch: Database) -> None:
    for name in ("number", "time", "words", "word"):
        assert kept(scratch, **{name: None}) is None


def test_times_are_utc_whatever_zone_they_came_in(scratch: Database) -> None:
    amsterdam = timezone(timedelta(hours=2))
    found = kept(scratch, time=datetime(2026, 9, 29, 1, 30, 15, 123456, tzinfo=amsterdam))
    assert found == datetime(2026, 9, 28, 23, 30, 15, 123456, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_times_are_utc_whatever_zone_the_session_has(scratch: Database) -> None:
    kept(scratch, time=datetime(2026, 9, 29, 1, 30, tzinfo=UTC))
    with scratch.reading() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET TIME ZONE 'Asia/Kolkata'"))
        found = session.scalar(select(SCRATCH.c.time))
    assert found is not None
    assert found.isoformat() == "2026-09-29T01:30:00+00:00"


def test_a_naive_time_is_refused(scratch: Database) -> None:
    with pytest.raises(StatementError, match="a time needs its zone"):
        kept(scratch, time=datetime(2026, 9, 29))  # noqa: DTZ001


def test_several_words_keep_their_order(scratch: Database) -> None:
    for words in ((), (PaymentInstrument.CASH,), tuple(reversed(PaymentInstrument))):
        found = kept(scratch, words=words)
        assert found == words
        assert all(isinstance(one, PaymentInstrument) for one in found)


def test_one_word_is_stored_as_its_text(scratch: Database) -> None:
    for speed in Speed:
        assert kept(scratch, word=speed) is speed
        with scratch.reading() as session:
            assert session.scalar(text("SELECT word FROM scratch")) == speed.value


def test_an_unknown_word_is_refused(scratch: Database) -> None:
    unknown: list[dict[str, object]] = [{"word": "by_pigeon"}, {"words": ("x",)}, {"words": "cash"}]
    for values in unknown:
        with pytest.raises(StatementError):
            kept(scratch, **values)


def test_an_unknown_word_in_the_database_is_not_read(scratch: Database) -> None:
    with scratch.writing() as session:
        session.execute(text("INSERT INTO scratch (id, words) VALUES (1, 'cash+shells')"))
    with scratch.reading() as session, pytest.raises(ValueError, match="shells"):
        session.scalar(select(SCRATCH.c.words))
