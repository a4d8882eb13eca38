"""Tests that read the application itself. Each guard is also shown something that it must catch."""

from __future__ import annotations

import ast
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask import Flask

from app.web.access import Audience, anybody
from app.web.locale import LANGUAGES
from config import ROOT, Settings
from tests.messages import catalogues

SOURCE_LANGUAGE = "en"
PARAMETER = re.compile(r"<(?:(?P<converter>[a-z]+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.(csv|txt|xml|atom|js|webmanifest))?")
WAYS_OUT = {"httpx", "requests", "aiohttp", "socket", "ssl", "ftplib", "smtplib"}
WAYS_OUT |= {"http.client", "urllib.request", "urllib3", "scrapers", "app.collect", "app.notify"}


def without_audience(app: Flask) -> list[str]:
    """Endpoints that do not say who may see them."""
    views = app.view_functions.items()
    return [name for name, view in views if getattr(view, "audience", None) not in list(Audience)]


def path_faults(rule: str) -> list[str]:
    """What is wrong with the address of a view."""
    found = [
        f"{one['name']} has no type" for one in PARAMETER.finditer(rule) if not one["converter"]
    ]
    parts = [part for part in PARAMETER.sub("", rule).split("/") if part]
    return found + [f"{part} is not kebab-case" for part in parts if not KEBAB.fullmatch(part)]


def imported(source: str) -> set[str]:
    """Every module that a piece of code imports, with all of its parents."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return {".".join(name.split(".")[:end]) for name in names for end in range(1, 9)}


def test_every_view_says_who_may_see_it(app: Flask) -> None:
    assert len(app.view_functions) > 10
    assert without_audience(app) == []


def test_a_view_without_an_audience_is_found() -> None:
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/open", "open", anybody(lambda: ""))
    bare.add_url_rule("/forgotten", "forgotten", lambda: "")
    assert without_audience(bare) == ["forgotten"]


def test_every_parameter_has_a_type_and_every_path_is_kebab_case(app: Flask) -> None:
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    assert len(rules) > 10
    assert {rule: path_faults(rule) for rule in rules if path_faults(rule)} == {}


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("/<lang:lang>/price/<quote_id>", "quote_id has no type"),
        ("/how_we_work", "how_we_work is not kebab-case"),
        ("/HowWeWork", "HowWeWork is not kebab-case"),
        ("/a--b", "a--b is not kebab-case"),
        ("/<string(length=2):x>/Send", "Send is not kebab-case"),
    ],
)
def test_a_bad_address_is_found(rule: str, fault: str) -> None:
    assert path_faults(rule) == [fault]


def test_no_page_imports_a_way_out() -> None:
    files = list((ROOT / "app" / "web").rglob("*.py"))
    assert len(files) > 10
    for file in files:
        assert not imported(file.read_text(encoding="utf-8")) & WAYS_OUT, file


@pytest.mark.parametrize(
    "line",
    [
        "import httpx",
        "from urllib import request",
        "import urllib.request as asking",
        "def f():\n    from scrapers.prices import rpw",
        "from app.collect.seed import seed",
        "import http.client",
    ],
)
def test_an_import_of_a_way_out_is_found(line: str) -> None:
    assert imported(line) & WAYS_OUT
    assert not imported("import urllib.parse\nfrom app.web import locale") & WAYS_OUT


PLANTED = {
    "Who may import whom": ("app/domain/money.py", "import app.db.engine"),
    "Pages never touch the network, nor what does": ("app/web/start.py", "import scrapers"),
    "What people decide needs the database only": ("app/review/held.py", "import flask"),
    "The domain knows the standard library only": ("app/domain/corridor.py", "import flask"),
    "Scrapers never see the database": ("scrapers/contract.py", "import sqlalchemy"),
    "Mail goes out from one place": ("app/db/mails.py", "import smtplib"),
    "Telling needs no page and no request": ("app/notify/outbox.py", "import flask"),
    "Settings are handed in, not imported": ("app/web/locale.py", "import config"),
}


def lint(folder: Path) -> str:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code, to be spoilt."""
    for part in ("app", "scrapers"):
        ignored = shutil.ignore_patterns("__pycache__", "translations", "static")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignored)
    for file in ("config.py", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def test_the_import_contracts_are_kept(copy: Path) -> None:
    clean = lint(copy)
    for contract in PLANTED:
        assert f"{contract} KEPT" in clean
    assert "BROKEN" not in clean


@pytest.mark.parametrize("contract", PLANTED)
def test_each_import_contract_catches_what_it_forbids(copy: Path, contract: str) -> None:
    path, line = PLANTED[contract]
    file = copy / path
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    assert f"{contract} BROKEN" in lint(copy)


TRANSLATED = [lang for lang in LANGUAGES if lang != SOURCE_LANGUAGE]


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_language_has_every_message_with_the_same_placeholders(
    messages: Catalog, lang: str
) -> None:
    path = catalogues().TRANSLATIONS / lang / "LC_MESSAGES" / "messages.po"
    assert len(messages) > 200
    assert catalogues().faults(messages, catalogues().read(path)) == []


def test_every_catalogue_is_of_a_language_of_the_site() -> None:
    folders = {path.name for path in catalogues().TRANSLATIONS.iterdir() if path.is_dir()}
    assert folders == set(TRANSLATED)


def catalogue(*entries: tuple[str | tuple[str, str], str | tuple[str, str]]) -> Catalog:
    made = Catalog(locale="nl")
    for key, text in entries:
        made.add(key, text)
    return made


FEE = ("Fee of %(name)s", "Tarief van %(name)s")
WAYS = (("%(num)s way", "%(num)s ways"), ("een weg", "%(num)s wegen"))


@pytest.mark.parametrize(
    ("have", "fault"),
    [
        (catalogue(FEE), "missing: '%(num)s way'"),
        (catalogue((FEE[0], ""), WAYS), "not translated: 'Fee of %(name)s'"),
        (catalogue(FEE, (WAYS[0], ("een weg", ""))), "not translated: '%(num)s way'"),
        (catalogue((FEE[0], "Tarief"), WAYS), "placeholders differ"),
        (catalogue((FEE[0], "Tarief van %(naam)s"), WAYS), "placeholders differ"),
        (catalogue(FEE, (WAYS[0], ("een weg", "%(aantal)s wegen"))), "placeholders differ"),
        (catalogue(FEE, WAYS, ("Old", "Oud")), "no longer used: 'Old'"),
    ],
)
def test_each_fault_planted_in_a_catalogue_is_found(have: Catalog, fault: str) -> None:
    wanted = catalogue((FEE[0], ""), (WAYS[0], ("", "")))
    found = catalogues().faults(wanted, have)
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_a_fuzzy_translation_is_no_translation_and_a_whole_catalogue_has_no_faults() -> None:
    wanted, have = catalogue((FEE[0], ""), (WAYS[0], ("", ""))), catalogue(FEE, WAYS)
    assert catalogues().faults(wanted, have) == []
    have[FEE[0]].flags.add("fuzzy")
    assert catalogues().faults(wanted, have) == [f"not translated: {FEE[0]!r}"]


def test_every_setting_and_every_address_of_the_api_is_in_the_docs(app: Flask) -> None:
    told = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert all(f"`{field.name}`" in told for field in fields(Settings))
    asked = set(re.findall(r'env\.get\("(\w+)"', (ROOT / "config.py").read_text(encoding="utf-8")))
    assert len(asked) > 4
    assert all(f"`{name}`" in told for name in asked)
    told = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    methods = {
        (way, rule.rule) for rule in rules for way in (rule.methods or set()) & {"GET", "POST"}
    }
    assert {way for way, _path in methods} == {"GET", "POST"}
    assert {(way, path) for way, path in methods if f"{way} {path}" not in told} == set()


def test_no_test_reaches_beyond_this_machine() -> None:
    with socket.socket() as sock, pytest.raises(AssertionError, match="tried to reach"):
        sock.connect(("192.0.2.1", 80))
