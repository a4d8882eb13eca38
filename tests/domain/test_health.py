"""Health: what is told of a source, and of whom something is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.health import (
    ACTS,
    FAILING,
    Actor,
    Failing,
    Health,
    Seen,
    State,
    failing,
    health,
    quiet_for,
)
from scrapers.contract import Trouble
from tests.conftest import NOW

QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
WELL = Seen(is_on=True, interval=QUARTER, last_try=NOW, last_success=NOW)


def test_every_word_that_a_run_leaves_is_of_one_kind() -> None:
    words = [word for some in FAILING.values() for word in some]
    assert len(words) == len(set(words))
    assert {one.value for one in Trouble} <= set(words)
    assert set(ACTS) == set(FAILING) == set(Failing)
    assert (failing(""), failing("never heard of")) == (None, Failing.OURS)


def test_a_source_is_silent_after_two_of_its_intervals_and_not_before() -> None:
    seen = replace(WELL, last_success=NOW - timedelta(minutes=35))
    assert health(seen, NOW) == Health(State.WELL)
    assert health(seen, NOW + MINUTE) == Health(State.SILENT, None, seen.last_success)
    slow = replace(seen, interval=timedelta(days=7))
    assert health(slow, NOW + timedelta(days=13)).state is State.WELL
    assert quiet_for(timedelta(0)) == quiet_for(QUARTER)


def test_one_that_was_just_turned_on_is_given_its_time() -> None:
    long_ago = NOW - timedelta(days=9)
    seen = replace(WELL, last_success=long_ago, on_since=NOW - MINUTE)
    assert health(seen, NOW).state is State.WELL
    later = health(seen, NOW + timedelta(hours=1))
    assert later == Health(State.SILENT, None, long_ago)
    never = replace(seen, last_success=None, on_since=NOW - timedelta(hours=1))
    assert health(never, NOW) == Health(State.SILENT, None, never.on_since)


def test_trouble_beside_prices_is_trouble_and_not_silence() -> None:
    seen = replace(WELL, trouble="schema", trouble_since=NOW - MINUTE)
    assert health(seen, NOW) == Health(State.TROUBLED, Failing.UNREADABLE, NOW - MINUTE)
    assert health(seen, NOW).actor is Actor.DEVELOPER
    never = replace(seen, last_success=None)
    assert health(never, NOW).state is State.TROUBLED
    assert health(never, NOW + timedelta(hours=1)).state is State.SILENT


def test_off_is_off_whatever_it_was() -> None:
    seen = replace(WELL, is_on=False, trouble="schema", trouble_since=NOW)
    assert health(seen, NOW) == Health(State.OFF)


def test_never_asked() -> None:
    assert health(Seen(True, QUARTER, None, None), NOW) == Health(State.NEW)


@given(
    st.builds(
        Seen,
        is_on=st.booleans(),
        interval=st.timedeltas(timedelta(0), timedelta(days=8)),
        last_try=st.none(),
        last_success=st.none() | st.just(NOW) | st.just(NOW - timedelta(days=30)),
        trouble=st.sampled_from(["", "schema", "blocked", "odd"]),
        trouble_since=st.none() | st.just(NOW - timedelta(days=2)),
        on_since=st.none() | st.just(NOW - timedelta(days=20)),
    )
)
def test_silence_never_ends_by_waiting(seen: Seen) -> None:
    """Once silent, it stays so until something is heard; and what is wrong says since when."""
    found = health(seen, NOW)
    if found.state is State.SILENT:
        assert found.since is not None
        assert health(seen, NOW + timedelta(days=400)) == found
    assert (found.state is State.OFF) == (not seen.is_on)


def test_the_worst_and_the_longest_come_first() -> None:
    found = [
        Health(State.OFF),
        Health(State.WELL),
        Health(State.TROUBLED, Failing.HELD, NOW),
        Health(State.SILENT, None, NOW),
        Health(State.SILENT, None, NOW - MINUTE),
        Health(State.NEW),
    ]
    ordered = sorted(found, key=Health.order)
    assert [one.state.value for one in ordered] == (
        ["silent", "silent", "troubled", "new", "well", "off"]
    )
    assert ordered[0].since == NOW - MINUTE
