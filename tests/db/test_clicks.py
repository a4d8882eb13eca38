"""Clicks add up by service and day, and nothing else is kept of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import inspect

from app.db.clicks import add_clicks, clicks_since
from app.db.engine import Database
from tests.db.made import SERVICE, on_board, price, save, stock

DAY = date(2026, 11, 20)


def two_services(database: Database) -> tuple[int, int]:
    stock(database)
    save(database, price(), price(replace(SERVICE, provider="beta")))
    first, second = on_board(database)
    return first.service_id, second.service_id


def test_clicks_add_up_by_service_and_day(database: Database) -> None:
    first, second = two_services(database)
    with database.writing() as session:
        add_clicks(session, DAY, {first: 2, second: 1})
        add_clicks(session, DAY, {first: 3})
        add_clicks(session, DAY + timedelta(days=1), {first: 1})
        add_clicks(session, DAY, {})
    with database.reading() as session:
        assert clicks_since(session, DAY) == {first: 6, second: 1}
        assert clicks_since(session, DAY + timedelta(days=1)) == {first: 1}
        assert clicks_since(session, DAY + timedelta(days=2)) == {}


def test_what_is_no_service_is_not_counted(database: Database) -> None:
    first, second = two_services(database)
    with database.writing() as session:
        add_clicks(session, DAY, {first: 1, max(first, second) + 1: 5})
    with database.reading() as session:
        assert clicks_since(session, DAY) == {first: 1}


def test_a_count_has_no_room_for_a_visitor(database: Database) -> None:
    columns = {one["name"] for one in inspect(database.engine).get_columns("click")}
    assert columns == {"service_id", "day", "clicks"}
