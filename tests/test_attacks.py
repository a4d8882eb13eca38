"""The list of attacks names tests that exist."""

from __future__ import annotations

import pytest

from tests.attacks import ATTACKS, ROOT

NODES = sorted({node for _name, nodes in ATTACKS.values() for node in nodes})


@pytest.mark.parametrize("node", NODES)
def test_each_named_test_exists(node: str) -> None:
    file, _colons, name = node.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    assert f"def {name}(" in text if name else "def test_" in text
