"""What must stay true of everything we store, whatever is added later."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
from sqlalchemy import Column, DateTime, Float, Numeric

from app.db import migrate, models
from app.db.base import Base
from config import ROOT

VERSIONS = sorted((migrate.MIGRATIONS / "versions").glob("*.py"))
COLUMNS = [column for table in Base.metadata.tables.values() for column in table.columns]
OURS = {"app", "config", "scrapers", "tests"}


def imported(file: Path) -> set[str]:
    """First parts of the names of all modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_there_is_something_to_guard() -> None:
    assert VERSIONS
    assert len(COLUMNS) > 50
    assert imported(ROOT / "migrations/env.py") >= {"app", "alembic"}


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.stem)
def test_a_migration_does_not_depend_on_today_s_code(file: Path) -> None:
    """Models change; what a migration did must not."""
    assert not imported(file) & OURS


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.stem)
def test_a_migration_is_named_as_its_file(file: Path) -> None:
    module = ast.parse(file.read_text(encoding="utf-8"))
    said = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in module.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in ("revision", "down_revision")
    }
    before = VERSIONS.index(file) - 1
    assert said == {
        "revision": file.stem,
        "down_revision": VERSIONS[before].stem if before >= 0 else None,
    }
    assert ast.get_docstring(module), "say what it does, and what undoing it costs"


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_numbers_are_exact_and_times_are_utc(column: Column[object]) -> None:
    """ExactDecimal and UtcDateTime are none of these: they wrap them."""
    assert not isinstance(column.type, Float | Numeric | DateTime)


def test_every_constraint_and_index_is_named() -> None:
    for table in Base.metadata.tables.values():
        for one in table.constraints | table.indexes:
            assert one.name, f"{table.name}: {one}"


def test_every_mapped_class_is_known_to_the_migrations() -> None:
    """A subject that `models` does not import would get no table."""
    for file in (ROOT / "app/db").glob("*.py"):
        if "__tablename__" in file.read_text(encoding="utf-8"):
            assert importlib.import_module(f"app.db.{file.stem}") is getattr(models, file.stem)


def test_no_float_touches_what_is_stored() -> None:
    for file in [*(ROOT / "app/db").glob("*.py"), *(ROOT / "app/collect").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            money = file.name != "cycle.py"  # which counts seconds until a deadline
            assert not (money and isinstance(node, ast.Name) and node.id == "float"), file
