"""A price source that was just begun: tidy, typed, and red until a person filled it in."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from scrapers.new_source import NotWritten, write_source

TODAY = date(2026, 11, 20)
FOUR = [
    "scrapers/prices/{}.py",
    "docs/sources/{}.md",
    "tests/lab/sources/{}.py",
    "tests/scrapers/prices/test_{}.py",
]
COPIED = ["app/__init__.py", "app/domain", "scrapers", "pyproject.toml", "tests/__init__.py"]
COPIED += ["tests/lab/__init__.py", "tests/lab/direct.py", "tests/lab/wire.py"]
COPIED += ["tests/lab/world.py", "tests/lab/sources/__init__.py"]
COPIED += ["tests/scrapers/__init__.py", "tests/scrapers/prices/__init__.py"]

RECORDED = {
    "sendCurrency": "EUR",
    "receiveCurrency": "MAD",
    "amount": "200.00",
    "fee": "1.99",
    "rate": "10.70",
    "received": "2118.71",
}


@pytest.fixture
def copy(tmp_path: Path, root: Path) -> Path:
    """The part of the project that a new source touches."""
    for name in COPIED:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (root / name).is_dir():
            shutil.copytree(root / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(root / name, target)
    return tmp_path


def run(folder: Path, *command: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def pytest_of(folder: Path, slug: str) -> str:
    """What the source's own test says."""
    test = f"tests/scrapers/prices/test_{slug}.py"
    return run(folder, "pytest", "-p", "no:cacheprovider", test)[1]


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_four_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    written = write_source(tmp_path, "transfer_galaxy", TODAY)
    assert written == [tmp_path / one.format("transfer_galaxy") for one in FOUR]
    assert set(contents(tmp_path)) == set(written)
    module = written[0].read_text(encoding="utf-8")
    assert 'SLUG = "transfer_galaxy"\n' in module
    assert 'PROVIDER = "transfer-galaxy"\n' in module
    assert "Stance.AMBER, date(2026, 11, 20)" in module
    assert "Transfer Galaxy" in written[1].read_text(encoding="utf-8")


@pytest.mark.parametrize("slug", ["x", "transfer_galaxy", "a2345678901234567890_345678901"])
def test_what_is_written_is_tidy(copy: Path, slug: str) -> None:
    python = [str(path) for path in write_source(copy, slug, TODAY) if path.suffix == ".py"]
    for command in (["check"], ["format", "--check"]):
        code, said = run(copy, "ruff", *command, "--no-cache", *python)
        assert code == 0, said


def test_what_is_written_has_the_right_types(copy: Path) -> None:
    python = [str(path) for path in write_source(copy, "new_one", TODAY) if path.suffix == ".py"]
    options = ["--follow-imports", "silent", "--cache-dir", str(copy / "cache")]
    code, said = run(copy, "mypy", *options, *python)
    assert code == 0, said
    assert "no issues found in 3 source files" in said


def test_its_test_is_red_until_a_person_read_a_recorded_reply(copy: Path) -> None:
    test = write_source(copy, "new_one", TODAY)[3]
    said = pytest_of(copy, "new_one")
    assert "put a recorded reply in tests/lab/examples/new_one_nl_ma_200.json" in said
    assert re.search(r"\b1 failed, 4 passed\b", said), said

    example = copy / "tests/lab/examples/new_one_nl_ma_200.json"
    example.parent.mkdir()
    example.write_text(json.dumps(RECORDED), encoding="utf-8")
    said = pytest_of(copy, "new_one")
    assert "'paid': '?'" in said
    assert re.search(r"\b1 failed, 4 passed\b", said), said

    text = test.read_text(encoding="utf-8")
    for name in ("amount", "fee", "rate", "received"):
        wanted = f'"{name.replace("amount", "paid")}": "?"'
        assert wanted in text
        text = text.replace(wanted, wanted.replace("?", RECORDED[name]))
    test.write_text(text.replace("1.99", "2.99"), encoding="utf-8")
    assert re.search(r"\b1 failed, 4 passed\b", pytest_of(copy, "new_one"))
    test.write_text(text, encoding="utf-8")
    assert re.search(r"\b5 passed\b", said := pytest_of(copy, "new_one")), said


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "Wise",
        "trans-fer",
        "2cash",
        "_x",
        "x_",
        "a__b",
        "import",
        "wíse",
        "a" * 31,
        "../x",
        "x\n",
    ],
)
def test_a_bad_slug_writes_nothing(tmp_path: Path, slug: str) -> None:
    with pytest.raises(NotWritten, match="is no slug"):
        write_source(tmp_path, slug, TODAY)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("place", FOUR)
def test_nothing_that_is_there_is_touched(tmp_path: Path, place: str) -> None:
    there = tmp_path / place.format("wise")
    there.parent.mkdir(parents=True)
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(NotWritten, match=f"already there: {re.escape(place.format('wise'))}$"):
        write_source(tmp_path, "wise", TODAY)
    assert contents(tmp_path) == {there: b"mine"}
