"""The `flask` commands: what they print, how they end, and what they say when they fail."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine

from app.db import migrate
from app.db.engine import Database
from app.factory import create_app
from config import ROOT
from scrapers.contract import EVERY_RUNG
from tests.collect.made import SHIPPED, changed, on_board, small_data, write
from tests.conftest import settings
from tests.lab.server import Lab
from tests.tables import dump

Run = Callable[..., Result]


def runs(app: Flask) -> Run:
    def run(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=list(words))

    return run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return small_data(folder)


@pytest.fixture
def site_of(database: Database) -> Iterator[Callable[..., Flask]]:
    """Makes the site for the test's database, with the settings that are given."""
    made: list[Flask] = []

    def make(**other: Any) -> Flask:
        url = database.engine.url.render_as_string(hide_password=False)
        made.append(create_app(settings(url, **other)))
        return made[-1]

    yield make
    for one in made:
        one.extensions["database"].engine.dispose()


def ok(result: Result) -> str:
    assert result.exit_code == 0, result.output
    assert result.exception is None
    return result.output


def said(result: Result, code: int = 1) -> str:
    """What a failed command says: a sentence, never a traceback."""
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result.output


def test_seeding_twice_changes_nothing(
    database: Database, site_of: Callable[..., Flask], data: Path
) -> None:
    run = runs(site_of(data=data))
    first = ok(run("seed"))
    assert "rpw_nl_2025_3Q.csv: 175 services, 0 rows refused." in first
    assert "350 quotes published, 8 corridors changed." in first
    before = dump(database)
    again = ok(run("seed"))
    assert "0 new providers, 0 new mid rates, 0 new articles." in again
    assert "rpw_nl_2025_3Q.csv: loaded before, nothing changed." in again
    assert "350 quotes published, 0 corridors changed." in again
    assert dump(database) == before


def test_upgrading_twice_changes_nothing(database: Database, site_of: Callable[..., Flask]) -> None:
    before = dump(database)
    assert ok(runs(site_of())("db", "upgrade")) == "The database is up to date.\n"
    assert dump(database) == before


def test_collecting_one_source_and_corridor(
    database: Database, site_of: Callable[..., Flask], data: Path, lab: Lab
) -> None:
    run = runs(site_of(data=data, lab_url=lab.url))
    assert "fawazahmed0: 1 of 1 questions answered" in ok(run("collect", "--source", "fawazahmed0"))
    assert on_board(database) == []
    out = ok(run("collect", "--source", "rpw", "--corridor", "nl-sr"))
    assert "30 quotes published, 1 corridors changed." in out
    assert len(on_board(database)) == 30
    out = ok(run("collect", "--source", "wise", "--corridor", "NL-MA"))
    assert "wise: 8 of 8 questions answered, 32 prices or rates, 0 held, 9 requests." in out
    live = [one for one in on_board(database, "NL", "MA") if one.source == "wise"]
    assert {one.rung for one in live} == set(EVERY_RUNG)
    assert {one.quote.service.provider for one in live} == {"wise"}


def test_only_sources_that_are_on_are_collected(
    database: Database, site_of: Callable[..., Flask], data: Path, lab: Lab
) -> None:
    site = site_of(data=data, sources=frozenset({"ecb"}), lab_url=lab.url)
    out = ok(runs(site)("collect"))
    assert "ecb: 1 of 1 questions answered" in out
    assert "services" not in out
    assert on_board(database) == []
    assert {one.host for one in lab.requests} == {"www.ecb.europa.eu"}


def test_a_source_that_is_off_can_be_asked_by_name(
    site_of: Callable[..., Flask], data: Path
) -> None:
    run = runs(site_of(data=data, sources=frozenset({"ecb"})))
    assert "175 services" in ok(run("collect", "--source", "rpw"))


def test_a_source_in_trouble_fails_the_command_and_is_named(
    site_of: Callable[..., Flask], data: Path, lab: Lab
) -> None:
    lab.fault("api.wise.com", "F23")
    run = runs(site_of(data=data, lab_url=lab.url))
    ok(run("seed"))
    out = said(run("collect", "--source", "wise", "--corridor", "NL-TR"))
    assert "wise: blocked: " in out
    line = next(line for line in ok(run("sources")).splitlines() if line.startswith("wise "))
    assert "blocked" in line


def test_an_unknown_source_in_the_settings_is_named(site_of: Callable[..., Flask]) -> None:
    out = said(runs(site_of(sources=frozenset({"rpw", "pigeon"})))("collect"))
    assert "no source 'pigeon'; there are " in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--source", "pigeon"), "no source 'pigeon'; there are cme_suriname, eba, "),
        (("--source", ""), "no source ''; there are "),
        (("--corridor", "NLMA"), "a corridor is written like NL-MA, not 'NLMA'"),
        (("--corridor", ""), "a corridor is written like NL-MA"),
        (("--corridor", "NL-QQ"), "unknown country 'QQ'; codes are like NL and MA"),
        (("--corridor", "NL-MA-SR"), "unknown country 'MA-SR'"),
    ],
)
def test_what_cannot_be_collected_is_named(bare: Flask, words: tuple[str, ...], says: str) -> None:
    assert says in said(runs(bare)("collect", *words))


def test_refused_rows_are_printed(site_of: Callable[..., Flask], data: Path) -> None:
    rows = [changed(SHIPPED[0], cc1_lcu_fee="-2"), *SHIPPED[1:]]
    write(data / "rpw/rpw_nl_2025_3Q.csv", rows)
    out = ok(runs(site_of(data=data))("seed"))
    assert "174 services, 1 rows refused." in out
    assert "rpw_nl_2025_3Q.csv row 2, column 'cc1 lcu fee': -2 is below zero" in out


def test_a_broken_file_fails_the_command_and_keeps_the_prices(
    database: Database, site_of: Callable[..., Flask], data: Path
) -> None:
    ok(runs(site_of(data=data))("seed"))
    before = dump(database)
    missing = data / "no such file.xlsx"
    out = said(runs(site_of(data=data, rpw_file=missing))("seed"))
    assert "350 quotes published, 0 corridors changed." in out
    assert f"{missing}: cannot be read (No such file or directory)" in out
    assert dump(database) == before


def test_a_missing_list_of_providers_is_a_sentence(
    site_of: Callable[..., Flask], data: Path
) -> None:
    (data / "providers.toml").unlink()
    assert "providers.toml cannot be read" in said(runs(site_of(data=data))("seed"))


@pytest.mark.parametrize(
    "words", [("seed",), ("collect",), ("indicators", "--from", "NL", "--period", "2025_3Q")]
)
def test_a_database_without_tables_says_what_to_do(bare: Flask, words: tuple[str, ...]) -> None:
    assert "flask db upgrade" in said(runs(bare)(*words))


def test_flask_finds_the_commands_and_its_settings(tmp_path: Path) -> None:
    """The real command, in a process of its own, with a setting that must stop it."""
    flask = [str(Path(sys.executable).parent / "flask"), "--app", "wsgi"]
    plain = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{tmp_path}/new/one.db"}

    def run(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
        command = [*flask, *words]
        return subprocess.run(
            command, cwd=ROOT, env=plain | env, capture_output=True, text=True, check=False
        )

    assert run("db", "upgrade").stdout == "The database is up to date.\n"
    engine = create_engine(plain["DATABASE_URL"])
    with engine.connect() as connection:
        assert migrate.is_current(connection)
    engine.dispose()
    refused = run("db", "upgrade", PUBLIC_URL="https://huiswaarts.example")
    assert refused.returncode != 0
    assert "SECRET_KEY must be set" in refused.stderr
