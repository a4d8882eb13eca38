"""What the schedule and the commands need for telling, in one hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.db.engine import Database
from app.notify.outbox import Delivered, deliver
from app.notify.smtp import Smtp


@dataclass(frozen=True, slots=True)
class Telling:
    """smtp        None if no server is set: then mails are kept
    public_url  where links in mails lead, without a slash at its end
    """

    database: Database
    smtp: Smtp | None
    public_url: str

    def deliver(self, now: datetime) -> Delivered:
        return deliver(self.database, self.smtp, now)
