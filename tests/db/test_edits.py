"""Four processes edit and count at once: nothing is lost (`python -m tests.edits` takes 10,000)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import new_database
from tests.edits import lost


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost(kind: str, postgres: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/edits.db" if kind == "sqlite" else new_database(postgres)
    assert lost(url, 100) == (0, 0, "")
