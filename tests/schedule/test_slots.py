"""Two schedulers and a web server as real processes, with kills: one run per slot and source."""

from __future__ import annotations

from pathlib import Path

from tests.schedule.play import play
from tests.schedule.worker import SOURCES

SLOTS, KILLS = 50, 4


def test_each_slot_of_a_source_is_worked_once(database_url: str, tmp_path: Path) -> None:
    """A run that was killed keeps its slot: its source may have been asked, and is not again."""
    folder = tmp_path / "shared"
    folder.mkdir()
    found = play(database_url, folder, SLOTS, KILLS)
    said = "\n".join([*found.lines(), (folder / "log").read_text()])
    assert (found.missed, found.twice, found.unasked) == (0, 0, 0), said
    assert found.heartbeats == SLOTS, said
    assert len(found.without_end) <= found.leaders_killed * len(SOURCES), said
    assert found.leaders_killed > 0, said
    assert max(found.takeovers) < 60, said
    assert set(found.pages) == {200}, said
