"""What can be set, run, asked or read is named where people look for it."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from flask import Flask

from app.cli import COMMANDS
from app.collect.collector import every_source
from config import ROOT, Settings

FILES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = "\n".join(file.read_text(encoding="utf-8") for file in FILES if file.exists())
SETTINGS = ROOT / "docs/settings.md"
VARIABLES = re.findall(r'env\.get\(\s*"([A-Z_]+)"', (ROOT / "config.py").read_text("utf-8"))


def commands() -> list[str]:
    """As they are typed: "db upgrade", "seed", ..."""
    found = []
    for command in COMMANDS:
        names = getattr(command, "commands", {})
        found += [f"{command.name} {name}" for name in names] or [str(command.name)]
    return found


def test_there_is_something_to_guard() -> None:
    assert len(VARIABLES) >= 5
    assert {"db upgrade", "seed"} <= set(commands())


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_variable_is_explained(variable: str) -> None:
    assert f"`{variable}`" in SETTINGS.read_text(encoding="utf-8")


@pytest.mark.parametrize("field", [field.name for field in fields(Settings)])
def test_every_field_of_the_settings_is_explained(field: str) -> None:
    assert f"`{field}`" in SETTINGS.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", commands())
def test_every_command_is_named(command: str) -> None:
    assert re.search(rf"`(flask )?{command}\b", TEXT)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_every_command_says_what_it_does(command: object) -> None:
    assert getattr(command, "help", None)


def test_every_address_of_the_api_is_named(app: Flask) -> None:
    paths = [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    assert len(paths) >= 2
    for path in paths:
        assert path in TEXT, path


@pytest.mark.parametrize("slug", every_source())
def test_every_source_is_named(slug: str) -> None:
    assert re.search(rf"\b{re.escape(slug)}\b", TEXT)
