"""`flask indicators`, against a plain computation from the shipped file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal

import pytest
from flask import Flask

from app.domain.countries import ALPHA2
from config import ROOT
from tests.test_cli import Run, ok, runs, said

NL = ("indicators", "--from", "NL", "--period", "2025_3Q")
Row = dict[str, str]
with (ROOT / "data/rpw/rpw_nl_2025_3Q.csv").open(encoding="utf-8", newline="") as _file:
    ROWS: list[Row] = list(csv.DictReader(_file))


@pytest.fixture
def run(app: Flask) -> Run:
    return runs(app)


def mean(rows: Iterable[Row], tier: str) -> str:
    costs = [
        Decimal(row[f"{tier} lcu fee"]) * 100 / Decimal(row[f"{tier} lcu amount"])
        + Decimal(row[f"{tier} fx margin"])
        for row in rows
    ]
    return str((sum(costs, Decimal(0)) / len(costs)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def expected(rows: list[Row]) -> dict[str, object]:
    return {
        "services": len(rows),
        "firms": len({row["firm"] for row in rows}),
        "average": {"200": mean(rows, "cc1"), "500": mean(rows, "cc2")},
    }


def grouped(key: Callable[[Row], str]) -> dict[str, list[Row]]:
    return {name: [row for row in ROWS if key(row) == name] for name in sorted(map(key, ROWS))}


def test_the_country(run: Run) -> None:
    found = json.loads(ok(run(*NL, "--json")))
    assert list(found) == [
        *("from", "period", "services", "firms", "average", "by_firm_type", "corridors")
    ]
    assert (found["from"], found["period"]) == ("NL", "2025_3Q")
    assert (found["services"], found["firms"]) == (175, 14)
    assert found["average"] == {"200": "5.52", "500": "3.44"}
    assert {key: found[key] for key in expected(ROWS)} == expected(ROWS)


def test_every_corridor_is_what_the_file_says(run: Run) -> None:
    found = json.loads(ok(run(*NL, "--json")))["corridors"]
    assert len(found) == 8
    groups = grouped(lambda row: ALPHA2[row["destination_code"]])
    assert found == [{"to": country, **expected(rows)} for country, rows in groups.items()]


def test_corridors_that_are_known(run: Run) -> None:
    found = {one["to"]: one for one in json.loads(ok(run(*NL, "--json")))["corridors"]}
    assert (found["MA"]["services"], found["MA"]["average"]["200"]) == (25, "5.57")
    assert (found["TR"]["services"], found["TR"]["average"]["200"]) == (23, "8.14")


def test_every_kind_of_firm_is_what_the_file_says(run: Run) -> None:
    kinds = {"Money Transfer Operator": "mto", "Bank": "bank"}
    found = json.loads(ok(run(*NL, "--json")))["by_firm_type"]
    for kind, rows in grouped(lambda row: kinds[row["firm_type"]]).items():
        wanted = expected(rows)
        assert found.pop(kind) == {key: wanted[key] for key in ("services", "average")}
    assert found == {}


def test_the_table(run: Run) -> None:
    lines = [line.split() for line in ok(run(*NL)).splitlines()]
    assert lines[0] == ["From", "NL,", "2025_3Q", "services", "firms", "USD", "200", "USD", "500"]
    assert lines[1] == ["all", "services", "175", "14", "5.52", "%", "3.44", "%"]
    morocco = expected([row for row in ROWS if row["destination_code"] == "MAR"])
    assert ["to", "MA", "25", str(morocco["firms"]), "5.57", "%"] in [line[:6] for line in lines]


def test_the_command_and_the_api_say_the_same(run: Run, app: Flask) -> None:
    found = app.test_client().get("/api/v1/indicators?from=NL&period=2025_3Q").json
    assert found == json.loads(ok(run(*NL, "--json")))


def test_a_country_may_be_written_small(run: Run) -> None:
    assert ok(run("indicators", "--from", "nl", "--period", "2025_3Q")) == ok(run(*NL))


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--from", "NL", "--period", "2024_1Q"), 1, "no survey of NL in 2024_1Q is loaded"),
        (("--from", "DE", "--period", "2025_3Q"), 1, "no survey of DE in 2025_3Q is loaded"),
        (("--from", "NL", "--period", "Q3"), 1, "a survey round is written like 2025_3Q, not 'Q3'"),
        (("--from", "NL", "--period", "2025_5Q"), 1, "a survey round is written like 2025_3Q"),
        (("--from", "QQ", "--period", "2025_3Q"), 1, "unknown country 'QQ'"),
        (("--from", "NL"), 2, "Missing option '--period'"),
        (("--period", "2025_3Q"), 2, "Missing option '--from'"),
    ],
)
def test_what_is_not_there_is_named(run: Run, words: tuple[str, ...], code: int, says: str) -> None:
    assert says in said(run("indicators", *words), code)
