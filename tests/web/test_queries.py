"""A page asks the database a small number of questions, however much there is to show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.web.reading import CORRIDORS

MOST = 16
"""Questions that any page may ask."""

PAGES = [
    "/nl/",
    "/nl/how-we-work",
    "/nl/send/nl/ma?pay=200",
    "/nl/send/nl/ma?pay=9000",
    "/nl/history/nl/ma",
    "/nl/send/nl/ph?pay=200",
    "/nl/send?amount=x",
    "/nl/bot",
    "/nl/price/1",
    "/nl/nothing",
    "/api/v1/compare?from=NL&to=MA&receive=2000",
    "/api/v1/indicators?from=NL&period=2025_3Q",
]


@contextmanager
def asked(app: Flask) -> Iterator[list[str]]:
    """Every statement sent to the database meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_few_questions_and_writes_nothing(
    app: Flask, client: FlaskClient, path: str
) -> None:
    with asked(app) as statements:
        client.get(path)
    assert len(statements) <= MOST
    assert {one.split()[0] for one in statements} <= {"SELECT", "BEGIN"}


@pytest.mark.parametrize(
    "address", ["/nl/send/nl/{}?pay=200", "/api/v1/compare?from=nl&to={}&pay=200"]
)
def test_a_corridor_with_many_services_asks_no_more_than_one_with_few(
    app: Flask, client: FlaskClient, address: str
) -> None:
    counts = set()
    for to in CORRIDORS:
        with asked(app) as statements:
            client.get(address.format(to.lower()))
        counts.add(len(statements))
    assert len(counts) == 1
    assert counts.pop() > 1


def test_static_files_and_errors_ask_nothing(app: Flask, client: FlaskClient) -> None:
    with asked(app) as statements:
        for path in ("/", "/nothing", "/health/live", "/robots.txt", "/api/v1/compare"):
            client.get(path)
    assert statements == []
