"""The order of today: by what is lost while nobody acts, and never by chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.today import DAY, WEIGHTS, Item, Kind, is_healthy, order, ordered, weight
from tests.conftest import NOW

AGES = st.timedeltas(timedelta(0), timedelta(days=800))
ITEMS = st.builds(
    lambda kind, age, about: Item(kind, NOW - age, about),
    st.sampled_from(Kind),
    AGES,
    st.text(max_size=3),
)


def test_every_kind_has_a_weight_with_its_reason() -> None:
    assert set(WEIGHTS) == set(Kind)
    for one in WEIGHTS.values():
        assert one.base <= one.most
        assert one.why
        assert (one.a_day == 0) == (one.base == one.most)


@given(st.lists(ITEMS, max_size=30), st.randoms())
def test_the_order_is_of_the_items_alone(items: list[Item], chance: object) -> None:
    mixed = list(items)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert ordered(mixed, NOW) == ordered(items, NOW)
    assert sorted(map(id, mixed)) == sorted(map(id, items))
    assert ordered(ordered(items, NOW), NOW) == ordered(items, NOW)


@given(st.lists(ITEMS, max_size=30), AGES)
def test_whatever_else_there_is_a_schedule_that_stands_still_comes_first(
    items: list[Item], age: timedelta
) -> None:
    others = [one for one in items if one.kind is not Kind.SCHEDULE]
    still = Item(Kind.SCHEDULE, NOW - age)
    assert ordered([*others, still], NOW)[0] == still


@given(ITEMS, AGES)
def test_of_two_of_a_kind_the_one_that_waits_longer_is_not_later(
    item: Item, more: timedelta
) -> None:
    older = replace(item, since=item.since - more)
    assert weight(older, NOW) >= weight(item, NOW)
    assert order(older, NOW) <= order(item, NOW)


@given(ITEMS, AGES)
def test_waiting_makes_nothing_lighter_and_nothing_heavier_than_its_limit(
    item: Item, later: timedelta
) -> None:
    before, after = weight(item, NOW), weight(item, NOW + later)
    kind = WEIGHTS[item.kind]
    assert kind.base <= before <= after <= kind.most


@given(ITEMS, ITEMS)
def test_what_only_waits_never_overtakes_what_is_broken(one: Item, other: Item) -> None:
    """But for mails that could not be sent: a reader's report of three weeks goes before them."""
    if one.is_broken and not other.is_broken and one.kind is not Kind.MAIL:
        assert ordered([other, one], NOW)[0] == one


def test_what_waits_does_overtake_what_is_newer_and_not_broken() -> None:
    new = Item(Kind.HELD, NOW)
    assert ordered([new, Item(Kind.STALE, NOW - 20 * DAY)], NOW)[0] == new
    assert ordered([new, Item(Kind.PROPOSAL, NOW - DAY)], NOW)[0] != new


def test_a_time_that_lies_ahead_weighs_as_if_it_were_new() -> None:
    assert weight(Item(Kind.REPORT, NOW + 9 * DAY), NOW) == WEIGHTS[Kind.REPORT].base


def test_the_site_is_healthy_unless_something_is_broken() -> None:
    assert is_healthy([])
    assert is_healthy([Item(kind, NOW) for kind in Kind if not WEIGHTS[kind].broken])
    for kind in (Kind.SCHEDULE, Kind.BACKUP, Kind.SILENT, Kind.MAIL):
        assert not is_healthy([Item(kind, NOW)])
