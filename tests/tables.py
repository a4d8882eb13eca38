"""A database's whole content, to see that something left it as it was; what it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, select

from app.db.engine import Database
from app.db.models import Base

Content = dict[str, list[tuple[Any, ...]]]


def dump(database: Database) -> Content:
    """Every row of every table, in the order of its values."""
    with database.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def changed(before: Content, after: Content) -> set[str]:
    """Names of the tables that are no longer what they were."""
    return {name for name in before if before[name] != after[name]}


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
