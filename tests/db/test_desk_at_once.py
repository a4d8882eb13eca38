"""Four processes at one desk: nothing is lost or done twice (`python -m tests.desk_at_once`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import new_database
from tests.desk_at_once import wrong


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost_or_done_twice(kind: str, postgres: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/desk.db" if kind == "sqlite" else new_database(postgres)
    assert wrong(url, 6) == []
