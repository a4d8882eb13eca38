"""How far counting is off, and whether small numbers stay hidden: the figures of
`python -m tests.traffic`, on a smaller world."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.db import migrate
from app.db.engine import Database
from app.domain.traffic import DEVICES_ERROR
from app.web.counting import counter
from tests.traffic import replay, small

MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'world.db'}")
    migrate.upgrade(made)
    return made


def test_four_processes_count_a_day_of_visitors_as_it_was(world: Database, tmp_path: Path) -> None:
    events, truth = replay.world(4000)
    replay.replay(world, tmp_path, events, MIDNIGHT)
    found = replay.errors(replay.counted(world, MIDNIGHT), truth)
    world.engine.dispose()
    assert truth.devices > 3000
    assert abs(found["devices"][2]) <= DEVICES_ERROR
    for name in ("visits", "pages", "pages of robots taken off"):
        assert abs(found[name][2]) <= 0.2, found


def test_the_replay_sees_what_is_wrong(
    world: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Robots that are not known by name are readers then, and processes that share no memory count
    visits several times."""
    monkeypatch.setattr(counter, "is_robot", lambda _agent: False)
    events, truth = replay.world(1000)
    replay.replay(world, tmp_path / "nowhere", events, MIDNIGHT)
    found = replay.errors(replay.counted(world, MIDNIGHT), truth)
    world.engine.dispose()
    assert found["visits"][2] > 20
    assert found["devices"][2] > 20
    assert abs(found["pages of robots taken off"][2]) > 10


def test_no_number_under_ten_can_be_found_in_all_that_is_shown(world: Database) -> None:
    small.fill(world, visits=100_000)
    with world.reading() as session:
        tables = small.published(session)
    world.engine.dispose()
    found = small.attack(tables)
    assert found.numbers > 5000
    assert found.hidden > 5000
    assert found.smallest >= 10
    assert found.telling == 0
    assert found.pinned == 0


def test_the_attack_finds_what_a_table_gives_away(
    world: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers that are not rounded."""
    monkeypatch.setattr("app.domain.suppression.rounded", lambda count: count)
    small.fill(world, visits=50_000)
    with world.reading() as session:
        tables = small.published(session)
    world.engine.dispose()
    assert small.attack(tables).telling > 50
