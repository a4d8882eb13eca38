"""Need: what is due, and what goes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.corridor import Corridor
from app.domain.need import LastAsked, due

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SLOT = timedelta(minutes=15)
MA, NG, TR = (
    Corridor("NL", "EUR", country, currency)
    for country, currency in (("MA", "MAD"), ("NG", "NGN"), ("TR", "TRY"))
)
SMALL, MIDDLE, LARGE = Decimal(40), Decimal(200), Decimal(500)
Last = dict[tuple[Corridor, Decimal], LastAsked]


def ago(minutes: float, *, not_offered: bool = False) -> LastAsked:
    return LastAsked(NOW - timedelta(minutes=minutes), not_offered)


def asked(last: Last, visits: dict[Corridor, int] | None = None) -> list[tuple[Corridor, Decimal]]:
    return due(last, last, visits or {}, SLOT, NOW)


def test_what_was_asked_within_the_interval_is_not_due() -> None:
    last = {(MA, MIDDLE): ago(14.9), (NG, MIDDLE): ago(15), (TR, MIDDLE): ago(16)}
    assert asked(last) == [(TR, MIDDLE), (NG, MIDDLE)]


def test_what_is_not_offered_is_due_after_a_day() -> None:
    last = {
        (MA, MIDDLE): ago(24 * 60 - 1, not_offered=True),
        (NG, MIDDLE): ago(24 * 60, not_offered=True),
    }
    assert asked(last) == [(NG, MIDDLE)]


def test_what_waits_longer_goes_first() -> None:
    last = {(MA, MIDDLE): ago(20), (NG, MIDDLE): ago(60), (TR, MIDDLE): ago(40)}
    assert [corridor for corridor, _ in asked(last)] == [NG, TR, MA]


def test_what_was_never_asked_goes_before_what_was_asked_an_hour_ago() -> None:
    questions = [(MA, MIDDLE), (NG, MIDDLE)]
    assert due(questions, {(MA, MIDDLE): ago(60)}, {}, SLOT, NOW) == [(NG, MIDDLE), (MA, MIDDLE)]


def test_the_amounts_of_the_world_bank_go_first() -> None:
    questions = [(corridor, rung) for rung in (SMALL, LARGE, MIDDLE) for corridor in (TR, MA)]
    found = due(questions, {}, {}, SLOT, NOW)
    assert found == [(one, rung) for rung in (MIDDLE, LARGE, SMALL) for one in (MA, TR)]


def test_corridors_that_are_looked_at_go_first() -> None:
    last = {(MA, MIDDLE): ago(30), (NG, MIDDLE): ago(20), (TR, MIDDLE): ago(20)}
    assert asked(last, {TR: 3, NG: 1}) == [(TR, MIDDLE), (NG, MIDDLE), (MA, MIDDLE)]


def test_visits_never_starve_the_rest() -> None:
    last = {(MA, MIDDLE): ago(24 * 60), (TR, MIDDLE): ago(15)}
    assert asked(last, {TR: 1000})[0] == (MA, MIDDLE)


def test_equal_needs_keep_one_order() -> None:
    questions = [(corridor, rung) for corridor in (TR, MA, NG) for rung in (LARGE, MIDDLE)]
    first = due(questions, {}, {}, SLOT, NOW)
    assert due(reversed(questions), {}, {}, SLOT, NOW) == first
    assert first[:3] == [(MA, MIDDLE), (NG, MIDDLE), (TR, MIDDLE)]
