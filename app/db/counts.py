"""Counts a day: added to in one statement, so that no process overwrites what another counted."""

from __future__ import annotations

from datetime import date

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.db.base import Base


def add_count(
    session: Session,
    table: type[Base],
    of: InstrumentedAttribute[int],
    day: date,
    counted: InstrumentedAttribute[int],
    key: int,
    count: int,
) -> None:
    """Add `count` to what `table` has counted of `key` that day. Its key is (`of`, `day`)."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    statement = insert(table).values({of.key: key, "day": day, counted.key: count})
    more = counted + statement.excluded[counted.key]
    session.execute(
        statement.on_conflict_do_update(index_elements=[of.key, "day"], set_={counted.key: more})
    )
