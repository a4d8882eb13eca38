"""The `flask` commands: what they print, how they end, and what they say when they fail."""

from __future__ import annotations

import json
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
from tests.collect.made import SHIPPED, changed, on_board, small_data, write
from tests.conftest import settings
from tests.tables import dump

Run = Callable[..., Result]
PRICE_KEYS = [
    *("provider", "provider_name", "provider_type", "service", "payment_instrument"),
    *("access_point", "pickup_method", "speed", "coverage", "paid", "fee", "rate", "received"),
    *("total_cost", "total_cost_percent", "fee_percent", "margin_percent", "exact", "origin"),
    *("source", "observed_at", "age", "promotion", "evidence"),
]
"""Of a result of the API, without its rank."""


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


@pytest.fixture
def run(app: Flask) -> Run:
    """Commands of a site with the shipped data. They must not change it."""
    return runs(app)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Flask]:
    """A site whose database has no table yet."""
    made = create_app(settings(f"sqlite:///{tmp_path}/empty.db"))
    yield made
    made.extensions["database"].engine.dispose()


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
    assert "350 quotes on the board, 8 corridors changed." in first
    before = dump(database)
    again = ok(run("seed"))
    assert "0 new providers, 0 new mid rates." in again
    assert "rpw_nl_2025_3Q.csv: loaded before, nothing changed." in again
    assert "350 quotes on the board, 0 corridors changed." in again
    assert dump(database) == before


def test_upgrading_twice_changes_nothing(database: Database, site_of: Callable[..., Flask]) -> None:
    before = dump(database)
    assert ok(runs(site_of())("db", "upgrade")) == "The database is up to date.\n"
    assert dump(database) == before


def test_collecting_one_source_and_corridor(
    database: Database, site_of: Callable[..., Flask], data: Path
) -> None:
    run = runs(site_of(data=data))
    ok(run("collect", "--source", "fawazahmed0"))
    assert on_board(database) == []
    out = ok(run("collect", "--source", "rpw", "--corridor", "nl-sr"))
    assert "30 quotes on the board, 1 corridors changed." in out
    assert len(on_board(database)) == 30
    ok(run("collect"))
    assert len(on_board(database)) == 350


def test_only_sources_that_are_on_are_collected(
    database: Database, site_of: Callable[..., Flask], data: Path
) -> None:
    out = ok(runs(site_of(data=data, sources=frozenset({"ecb_history"})))("collect"))
    assert "87 new mid rates." in out
    assert "services" not in out
    assert on_board(database) == []


def test_a_source_that_is_off_can_be_asked_by_name(
    site_of: Callable[..., Flask], data: Path
) -> None:
    run = runs(site_of(data=data, sources=frozenset({"ecb_history"})))
    assert "175 services" in ok(run("collect", "--source", "rpw"))


def test_an_unknown_source_in_the_settings_is_named(site_of: Callable[..., Flask]) -> None:
    out = said(runs(site_of(sources=frozenset({"rpw", "pigeon"})))("collect"))
    assert "no source 'pigeon'; there are " in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--source", "pigeon"), "no source 'pigeon'; there are ecb_history, fawazahmed0, rpw"),
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
    assert "350 quotes on the board, 0 corridors changed." in out
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


def test_western_union_to_suriname(run: Run) -> None:
    """EUR 140: fee 4.19, margin 2.31 %, at 5.15 % of what is paid."""
    found = json.loads(ok(run("quote", "rpw", "NL", "SR", "--pay", "140", "--json")))
    (price,) = [
        one
        for one in found
        if one["provider"] == "western-union"
        and (one["payment_instrument"], one["fee"]) == ("bank_account_transfer", "4.19")
    ]
    assert (price["paid"], price["fee"], price["received"]) == ("144.19", "4.19", "5858.50")
    assert (price["total_cost"], price["total_cost_percent"]) == ("7.42", "5.15")
    assert (price["exact"], price["origin"], price["age"]) == (True, "survey", "dated")


def test_a_quote_has_the_keys_of_the_api(run: Run) -> None:
    found = json.loads(ok(run("quote", "rpw", "NL", "MA", "--pay", "200", "--json")))
    assert len(found) == 25
    for price in found:
        assert list(price) == PRICE_KEYS
        assert not price["exact"]
        assert price["promotion"] is None
        for key in ("paid", "fee", "rate", "received", "total_cost", "margin_percent"):
            assert isinstance(price[key], str)


def test_the_fee_comes_on_top_of_the_amount_that_is_quoted(run: Run) -> None:
    for price in json.loads(ok(run("quote", "rpw", "NL", "MA", "--pay", "345", "--json"))):
        assert price["exact"]
        assert round(float(price["paid"]) - float(price["fee"]), 2) == 345


def test_a_quote_says_what_the_api_says(run: Run, app: Flask) -> None:
    quoted = json.loads(ok(run("quote", "rpw", "NL", "SR", "--pay", "140", "--json")))
    by_evidence = {one["evidence"]: one for one in quoted}
    compared = app.test_client().get("/api/v1/compare?from=NL&to=SR&pay=144.19").json
    assert compared
    exact = [one for one in compared["results"] if one["exact"]]
    assert exact
    for result in exact:
        other = by_evidence[result["evidence"]]
        kept = {key for key in PRICE_KEYS if key != "service"}
        assert {key: result[key] for key in kept} == {key: other[key] for key in kept}


def test_a_quote_as_a_table(run: Run) -> None:
    out = ok(run("quote", "rpw", "nl", "sr", "--pay", "140"))
    assert len(out.splitlines()) == 15
    line = next(line for line in out.splitlines() if "4.19" in line)
    for part in ("western-union", "EUR", "144.19", "SRD", "5858.50", "5.15 %", "cash"):
        assert part in line


def test_quoting_saves_nothing(run: Run, app: Flask) -> None:
    before = dump(app.extensions["database"])
    ok(run("quote", "rpw", "NL", "MA", "--pay", "200"))
    assert dump(app.extensions["database"]) == before


def test_quoting_needs_no_table(bare: Flask) -> None:
    ok(runs(bare)("quote", "rpw", "NL", "MA", "--pay", "200"))


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("pigeon", "NL", "MA", "--pay", "200"), 2, "'pigeon' is not 'rpw'"),
        (("rpw", "QQ", "MA", "--pay", "200"), 1, "unknown country 'QQ'; codes are like NL and MA"),
        (("rpw", "NL", "ß", "--pay", "200"), 1, "unknown country 'ß'"),
        (("rpw", "NL", "x" * 99, "--pay", "200"), 1, "unknown country 'xxx"),
        (("rpw", "NL", "MA"), 2, "Missing option '--pay'"),
        (("rpw", "NL", "MA", "--pay", "1.000,50"), 1, "an amount is written like 200 or 200.50"),
        (("rpw", "NL", "MA", "--pay", "0"), 1, "an amount is written like 200 or 200.50"),
        (("rpw", "NL", "MA", "--pay", "-5"), 1, "an amount is written like 200 or 200.50"),
        (("rpw", "NL", "MA", "--pay", "1e400"), 1, "an amount is written like 200 or 200.50"),
        (("rpw", "NL", "MA", "--pay", "NaN"), 1, "an amount is written like 200 or 200.50"),
        (("rpw", "NL", "MA", "--pay", "٢٠٠"), 1, "an amount is written like 200 or 200.50"),
        (("rpw", "NL", "MA", "--pay", "20"), 1, "NotOffered: rpw has no price for 20"),
        (("rpw", "NL", "MA", "--pay", "999999999"), 1, "NotOffered: rpw has no price for 9"),
        (("rpw", "NL", "PH", "--pay", "200"), 1, "on NL-PH"),
        (("rpw", "MA", "NL", "--pay", "200"), 1, "on MA-NL"),
        (("rpw", "NL", "NL", "--pay", "200"), 1, "on NL-NL"),
    ],
)
def test_what_cannot_be_quoted_is_named(
    run: Run, words: tuple[str, ...], code: int, says: str
) -> None:
    assert says in said(run("quote", *words), code)


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
