"""The domain knows the standard library only, has no clock and counts no money in floats."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.domain.strategies import ROOT

FILES = sorted((ROOT / "app/domain").rglob("*.py"))
MODULES = {".".join(file.relative_to(ROOT).with_suffix("").parts) for file in FILES}
NAMES = {module.removesuffix(".__init__") for module in MODULES}
IMPORT_ALL = """
import importlib, pkgutil, sys
before = set(sys.modules)
import app.domain
for found in pkgutil.walk_packages(app.domain.__path__, "app.domain."):
    importlib.import_module(found.name)
for name in sorted(set(sys.modules) - before):
    print(name)
"""
FORBIDDEN = {"float", "open", "print", "now", "utcnow", "today", "getenv", "urandom"}


def test_the_domain_imports_the_standard_library_only() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_ALL],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"flask", "sqlalchemy", "babel"}
    tops = {name.partition(".")[0] for name in loaded}
    assert tops - {"app"} <= set(sys.stdlib_module_names)
    assert {name for name in loaded if name.startswith("app.")} == NAMES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_clock_no_files_no_floats(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            assert called not in FORBIDDEN, f"line {node.lineno}: {called}"
        if isinstance(node, ast.Constant):
            assert not isinstance(node.value, float), f"line {node.lineno}: {node.value}"
