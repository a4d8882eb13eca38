"""Doing something at the portal or the desk: one transaction, with its entry in the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from app.db import audit
from app.db.engine import Database
from app.domain.account import Account
from app.web import clock
from app.web.work import who


@dataclass(frozen=True, slots=True)
class Act:
    """session: may write; now: aware UTC; by: who acts, None for a program with a key."""

    session: Session
    now: datetime
    by: Account | None

    def note(self, act: str, about: tuple[str, object], **facts: object) -> None:
        """Say in the log what is done here: "source.switched_off", about ("source", "wise")."""
        audit.note(self.session, self.by, act, about, facts, now=self.now)


@contextmanager
def acting() -> Iterator[Act]:
    """All of it is kept, with its entry in the log, or nothing."""
    database: Database = current_app.extensions["database"]
    with database.writing() as session:
        yield Act(session, clock.now(), who.account())
