"""Mid rates: kept as they came, never changed, and one source's trouble is its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.collect.rates import collect_rates
from app.db import rates
from app.db.engine import Database
from app.domain.midrate import MidReading
from scrapers.contract import (
    Budget,
    Http,
    NotOffered,
    RateSource,
    Refused,
    SourceError,
    Stance,
    Terms,
    Unreachable,
    Unreadable,
)
from scrapers.rates import ecb_history, fawazahmed0
from scrapers.shipped import ShippedReplies
from tests.conftest import NOW
from tests.tables import dump

RATES: tuple[RateSource, ...] = (ecb_history, fawazahmed0)
"""Those whose replies come with the project."""

FIRST = MidReading("good", "good", "MAD", Decimal("10.96078761"), NOW)


NOTHING = ShippedReplies(Path("no such folder"))
"""An Http for sources that do not ask."""

GREEN = Terms(Stance.GREEN, date(2026, 11, 20), "a test")
BUDGET = Budget(per_hour=1, gap=0)


@dataclass
class Source:
    """A source that says what it is told to say, or fails."""

    says: tuple[MidReading, ...] = ()
    fails: SourceError | None = None
    SLUG: str = "good"
    SITE: str = "https://rates.example"
    AUTHORITY: str = "good"
    TERMS: Terms = GREEN
    BUDGET: Budget = BUDGET

    def fetch(self, http: Http) -> list[MidReading]:  # noqa: ARG002
        if self.fails:
            raise self.fails
        return list(self.says)


def latest(database: Database) -> dict[tuple[str, str], Decimal]:
    with database.reading() as session:
        return {(one.source, one.currency): one.rate for one in rates.latest_readings(session)}


def test_readings_come_back_as_they_were(database: Database) -> None:
    assert collect_rates(database, NOTHING, [Source((FIRST,))]) == (1, [])
    with database.reading() as session:
        assert rates.latest_readings(session) == [FIRST]


def test_the_same_again_adds_nothing(database: Database) -> None:
    collect_rates(database, NOTHING, [Source((FIRST,))])
    before = dump(database)
    assert collect_rates(database, NOTHING, [Source((FIRST,))]) == (0, [])
    assert dump(database) == before


def test_what_was_read_is_never_changed(database: Database) -> None:
    collect_rates(database, NOTHING, [Source((FIRST,))])
    other = replace(FIRST, rate=Decimal(99))
    assert collect_rates(database, NOTHING, [Source((other,))]) == (0, [])
    assert latest(database) == {("good", "MAD"): FIRST.rate}


def test_the_newest_reading_of_each_source_and_currency_counts(database: Database) -> None:
    days = [
        replace(FIRST, rate=Decimal(day), observed_at=NOW + timedelta(day)) for day in (2, 3, 1)
    ]
    other = replace(FIRST, currency="TRY", rate=Decimal(55))
    rival = replace(FIRST, source="rival", rate=Decimal(11))
    later = NOW + timedelta(3)
    collect_rates(database, NOTHING, [Source((*days, other, rival))], later)
    assert latest(database) == {("good", "MAD"): 3, ("good", "TRY"): 55, ("rival", "MAD"): 11}


def test_a_failing_source_touches_no_other(database: Database) -> None:
    old = replace(FIRST, source="bad")
    collect_rates(database, NOTHING, [Source((old,), SLUG="bad")])
    kinds = (Unreachable, Refused, Unreadable, NotOffered)
    bad = [Source((), kind("the answer was a cat"), SLUG="bad") for kind in kinds]
    new, failures = collect_rates(database, NOTHING, [*bad, Source((FIRST,)), *bad])
    assert new == 1
    said = [f"bad: {kind.__name__}: the answer was a cat" for kind in kinds] * 2
    assert [str(one) for one in failures] == said
    assert set(latest(database)) == {("bad", "MAD"), ("good", "MAD")}


def test_the_shipped_replies_are_kept_digit_for_digit(database: Database, data: Path) -> None:
    new, failures = collect_rates(database, ShippedReplies(data), RATES)
    assert failures == []
    found = latest(database)
    assert found["ecb_history", "TRY"] == Decimal("55.8015")
    assert found["fawazahmed0", "AED"] == Decimal("4.1722245")
    assert collect_rates(database, ShippedReplies(data), RATES) == (0, [])
    assert new > len(found)


def test_a_broken_reply_leaves_the_other_source(database: Database, data: Path) -> None:
    for broken in ("eur", "<html>", '{"date": "2026-09-29", "eur": {"mad": NaN}}'):
        (data / "fx/fawazahmed0_eur_2026-09-29.json").write_text(broken, encoding="utf-8")
        _, (failure,) = collect_rates(database, ShippedReplies(data), RATES)
        assert str(failure).startswith("fawazahmed0: Unreadable: ")
        assert {source for source, _ in latest(database)} == {"ecb_history"}


def test_a_missing_reply_is_named(database: Database, data: Path) -> None:
    (data / "fx/ecb_eurofxref_2024-01-02_2026-10-30.csv").unlink()
    _, (failure,) = collect_rates(database, ShippedReplies(data), RATES)
    assert str(failure).startswith("ecb_history: Unreachable: ")
    assert "ecb_eurofxref_2024-01-02_2026-10-30.csv" in str(failure)
    assert {source for source, _ in latest(database)} == {"fawazahmed0"}


def test_a_currency_said_twice_touches_no_other_source(database: Database, data: Path) -> None:
    """Nobody knows which of the two rates counts, so none of that reply does."""
    said = '{"date": "2026-09-29", "eur": {"mad": 10.9, "MAD": 10.8}}'
    (data / "fx/fawazahmed0_eur_2026-09-29.json").write_text(said, encoding="utf-8")
    _, (failure,) = collect_rates(database, ShippedReplies(data), RATES)
    assert str(failure).startswith("fawazahmed0: Unreadable: ")
    assert str(failure).endswith("MAD is there twice")
    assert {source for source, _ in latest(database)} == {"ecb_history"}


@pytest.mark.parametrize("ahead", [timedelta(days=1, seconds=1), timedelta(days=3650)])
def test_a_rate_of_a_day_to_come_is_refused(database: Database, ahead: timedelta) -> None:
    """It would be the newest until that day, and every other source would lag behind it."""
    to_come = replace(FIRST, observed_at=NOW + ahead)
    sources = [Source((to_come,), SLUG="bad"), Source((replace(FIRST, source="other"),))]
    new, (failure,) = collect_rates(database, NOTHING, sources, NOW)
    assert str(failure).startswith("bad: Unreadable: https://rates.example: MAD is of 20")
    assert str(failure).endswith("still to come")
    assert set(latest(database)) == {("other", "MAD")}
    assert new == 1


def test_a_daily_rate_may_be_stamped_some_hours_ahead(database: Database) -> None:
    stamped = replace(FIRST, observed_at=NOW + timedelta(days=1))
    assert collect_rates(database, NOTHING, [Source((stamped,))], NOW) == (1, [])
