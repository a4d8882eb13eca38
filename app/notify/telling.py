"""What the schedule and the commands need for telling, in one hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.db import mails
from app.db.engine import Database
from app.notify.alarms import alarms
from app.notify.outbox import Delivered, deliver
from app.notify.reminders import reminders
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

    def remind(self, now: datetime) -> int:
        """Queue what is due and was not said lately; how many mails. What is due is looked up
        before anything is locked."""
        with self.database.reading() as session:
            found = [
                *alarms(session, self.public_url, now),
                *reminders(session, self.public_url, now),
            ]
        if not found:
            return 0
        with self.database.writing() as session:
            return sum(mails.queue_once(session, one.mail, one.within, now) for one in found)
