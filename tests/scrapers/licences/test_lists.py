"""The lists in data/ that people keep of licences and of firms that closed."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import Any

import pytest

from app.domain.licence import plain
from config import ROOT

CODE = re.compile(r"[A-Z]{2}_[A-Z]+![\w.-]+", re.ASCII)


def listed(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((ROOT / "data" / name).read_text(encoding="utf-8"))


def test_every_licence_is_of_a_known_provider_and_says_where_its_code_was_read() -> None:
    known, licences = listed("providers.toml"), listed("licences.toml")
    assert licences
    for slug, facts in licences.items():
        assert slug in known
        assert plain(facts["name"])
        assert all(CODE.fullmatch(code) for code in facts["codes"]), slug
        if facts["codes"]:
            assert facts["source"].startswith("https://")
            assert type(facts["checked"]) is date
    codes = [code for facts in licences.values() for code in facts["codes"]]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("slug", ["suri-change", "small-world"])
def test_a_firm_that_closed_is_named_as_such_and_has_no_licence(slug: str) -> None:
    assert listed("providers.toml")[slug]["status"] == "closed"
    assert slug not in listed("licences.toml")
