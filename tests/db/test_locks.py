"""Advisory locks of PostgreSQL: every one has a number of its own.

Whoever leads the scheduling holds its lock for as long as it runs: another one of that number would
wait for ever.
"""

from __future__ import annotations

import re

from config import ROOT

NUMBER = re.compile(r"^[A-Z_]+ = (727_\d{3})$", re.MULTILINE)


def test_no_two_locks_have_one_number() -> None:
    found = [
        number
        for path in sorted((ROOT / "app").rglob("*.py"))
        for number in NUMBER.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 3
    assert len(found) == len(set(found))
