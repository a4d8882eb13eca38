"""Mystery shopping: what researchers do. They draw a sample, take a task, ask, and fill in what
they were told."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.db import shopping_frame
from app.db.shopping import Sample, Task, Version, sample_of
from app.db.shopping_rows import (
    COPIED,
    BegunRow,
    ReceiptRow,
    ResultRow,
    SampleRow,
    TaskRow,
    result_of,
    shown_columns,
    shown_of,
)
from app.domain.account import Account
from app.domain.foreign import tidy
from app.domain.licence import plain
from app.domain.shopping import LONGEST_NOTE, LONGEST_REASON, Result, Shown, check
from app.domain.shopping_sample import Candidate, Risk, draw


class NotYours(Exception):
    """Somebody else has this task."""


class Outdated(Exception):
    """Somebody filled in a newer version meanwhile."""


class UsedReceipt(Exception):
    """This receipt was given for another task."""


def draw_sample(
    session: Session,
    candidates: list[Candidate],
    quarter: str,
    seed: str,
    size: int,
    by: Account | None,
    now: datetime,
) -> Sample:
    """Draw and keep a sample with its tasks. `candidates` are without services of this quarter;
    of two people who draw at the same moment one is refused by the database."""
    drawn = draw(candidates, seed, size)
    row = SampleRow(
        quarter=quarter,
        seed=seed,
        size=size,
        frame=shopping_frame.written(candidates),
        drawn_at=now,
        drawn_by=by.id if by else None,
    )
    session.add(row)
    session.flush()
    session.add_all(
        TaskRow(
            sample_id=row.id,
            quarter=quarter,
            place=one.place,
            service_id=one.service_id,
            rung=one.rung,
            risks=tuple(risk for risk in Risk if risk in one.risks),
            researcher_id=None,
            begun_at=None,
        )
        for one in drawn
    )
    session.flush()
    return sample_of(row, by.name if by else "")


def assign(session: Session, task_id: int, account_id: int | None) -> bool:
    """Give a task to somebody, or to nobody; False if it has a result or there is no such task."""
    answered = select(ResultRow.id).where(ResultRow.task_id == task_id)
    done = session.execute(
        update(TaskRow)
        .where(TaskRow.id == task_id, ~answered.exists())
        .values(researcher_id=account_id, begun_at=None)
        .returning(TaskRow.id)
    )
    begun = session.get(BegunRow, task_id)
    if begun is not None:
        session.delete(begun)
        session.flush()
    return done.first() is not None


def begin(session: Session, task: Task, by: Account, now: datetime) -> None:
    """A researcher goes and asks: from now the task is theirs, and what our pages show of it is
    kept. Beginning again keeps what they show then. Raises NotYours, Outdated."""
    if task.newest is not None:
        raise Outdated
    done = session.execute(
        update(TaskRow)
        .where(
            TaskRow.id == task.id,
            or_(TaskRow.researcher_id.is_(None), TaskRow.researcher_id == by.id),
        )
        .values(researcher_id=by.id, begun_at=now)
        .returning(TaskRow.id)
    )
    if done.first() is None:
        raise NotYours
    session.merge(BegunRow(task_id=task.id, **shown_columns(_shown_at(session, task, now))))
    session.flush()


def _shown_at(session: Session, task: Task, moment: datetime) -> Shown | None:
    return shopping_frame.shown_at(
        session, task.service_id, task.corridor, task.rung.amount, moment
    )


def add_version(
    session: Session,
    task: Task,
    result: Result,
    seen: int,
    by: Account,
    now: datetime,
    receipt: str = "",
) -> Version:
    """Keep what was filled in, beside what our pages showed when it was asked; as it is then.

    seen     number of the version that it takes the place of, 0 for the first
    receipt  hash of the receipt's number, "" without one
    Raises BadResult, NotYours, Outdated, UsedReceipt, and then nothing is kept.
    """
    before = _before(session, task, seen, by)
    check(result, task.service, task.rung.amount, task.drawn_at, now)
    if receipt:
        _use(session, receipt, task.id)
    figures = result.figures
    charge = figures.receiver_charge if figures else None
    kept = {name: getattr(result, name) for name in COPIED}
    kept |= {
        "note": tidy(result.note, LONGEST_NOTE),
        "reason": tidy(result.reason, LONGEST_REASON),
    }
    row = ResultRow(
        task_id=task.id,
        version=seen + 1,
        at=now,
        by_id=by.id,
        paid=figures.paid.amount if figures else None,
        fee=figures.fee.amount if figures else None,
        received=figures.received.amount if figures else None,
        rate=figures.rate if figures else None,
        receiver_charge=charge.amount if charge else None,
        **kept,
        **shown_columns(_shown_then(session, task, result, before)),
    )
    session.add(row)
    session.flush()
    return Version(row.version, now, by.name, result_of(row, task.corridor))


def _before(session: Session, task: Task, seen: int, by: Account) -> ResultRow | None:
    """The version that is there, if it is the one that was seen. Whoever writes waits for their
    turn at the task."""
    owner = session.scalars(
        select(TaskRow.researcher_id).where(TaskRow.id == task.id).with_for_update()
    ).one()
    newest = session.scalars(
        select(ResultRow)
        .where(ResultRow.task_id == task.id)
        .order_by(ResultRow.version.desc())
        .limit(1)
    ).first()
    if (newest.version if newest else 0) != seen:
        raise Outdated
    if newest is None and owner != by.id:
        raise NotYours
    return newest


def _shown_then(
    session: Session, task: Task, result: Result, before: ResultRow | None
) -> Shown | None:
    """What was frozen, as long as the time is the same; else what the history has."""
    if before is not None and before.asked_at == result.asked_at:
        return shown_of(before, task.corridor)
    begun = session.get(BegunRow, task.id)
    if begun is not None and task.begun_at == result.asked_at:
        return shown_of(begun, task.corridor)
    return _shown_at(session, task, result.asked_at)


def _use(session: Session, receipt: str, task_id: int) -> None:
    known = session.get(ReceiptRow, receipt)
    if known is None:
        session.add(ReceiptRow(hash=receipt, task_id=task_id))
        session.flush()
    elif known.task_id != task_id:
        raise UsedReceipt


def receipt_hash(key: str, provider: str, number: str) -> str:
    """Of a receipt's number as it is printed, whatever spaces and marks are in it; "" if nothing
    of it is left. Keyed, for numbers are short enough to be guessed."""
    bare = plain(number).replace(" ", "")
    if not bare:
        return ""
    said = f"receipt {provider} {bare}".encode()
    return hmac.new(key.encode(), said, hashlib.sha256).hexdigest()
