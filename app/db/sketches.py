"""The devices of a day while it lasts: a sketch from which their number can be estimated.

What is in a sketch was hashed under the key of its day, which is in no database and is gone after
midnight. Then the number is kept and the sketch is not.
"""

from __future__ import annotations

from datetime import date

from datasketches import hll_sketch, hll_union
from sqlalchemy import Date, LargeBinary, String, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.counting import NoteKind
from app.db.traffic import TrafficRow, add_counts, fold
from app.domain.traffic import Subject, Whole

PRECISION = 14
"""16384 buckets: off by 0.8 % for the most part, in 16 kB."""

MARK = 16
"""Signs that tell one key from another without telling anything of either."""


class SketchRow(Base):
    """mark: of the key that it was first made under"""

    __tablename__ = "traffic_sketch"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    mark: Mapped[str] = mapped_column(String(MARK))
    sketch: Mapped[bytes] = mapped_column(LargeBinary)


def merge_sketch(session: Session, day: date, mark: str, sketch: hll_sketch) -> NoteKind | None:
    """Put together what this process saw of a day and what others did; the same twice does no
    harm. KEY if the day was counted under another key before: then some count twice. LATE if it
    is closed: its number stands."""
    if _is_closed(session, day):
        return NoteKind.LATE
    row = SketchRow
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    values = {"day": day, "mark": mark, "sketch": hll_sketch(PRECISION).serialize_compact()}
    session.execute(insert(row).values(values).on_conflict_do_nothing(index_elements=["day"]))
    found = session.scalars(select(row).where(row.day == day).with_for_update()).one()
    union = hll_union(PRECISION)
    union.update(hll_sketch.deserialize(found.sketch))
    union.update(sketch)
    found.sketch = union.get_result().serialize_compact()
    session.flush()
    return None if found.mark == mark else NoteKind.KEY


def devices_now(session: Session, day: date) -> int | None:
    """Of a day that still lasts; None if nothing of it was counted."""
    found = session.get(SketchRow, day)
    return None if found is None else _estimate(found)


def close_days(session: Session, before: date) -> list[date]:
    """Of days that are over keep the number, and delete the sketch; which days these were."""
    rows = session.scalars(
        select(SketchRow).where(SketchRow.day < before).order_by(SketchRow.day).with_for_update()
    ).all()
    for row in rows:
        counts = {(Subject.TOTAL, Whole.DEVICES.value): _estimate(row)}
        add_counts(session, row.day, counts, lambda _session: ())
        fold(session, row.day)
    days = [row.day for row in rows]
    session.execute(delete(SketchRow).where(SketchRow.day.in_(days)))
    return days


def _is_closed(session: Session, day: date) -> bool:
    wanted = (TrafficRow.subject == Subject.TOTAL, TrafficRow.name == Whole.DEVICES)
    return session.scalar(select(TrafficRow.day).where(TrafficRow.day == day, *wanted)) is not None


def _estimate(row: SketchRow) -> int:
    count: int = round(hll_sketch.deserialize(row.sketch).get_estimate())
    return count
