"""Mystery shopping made up for tests: a board with two firms, two researchers, a sample."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from app.db import accounts, shopped, shopping, shopping_frame, shopping_work
from app.db.engine import Database
from app.db.shopping import Task, Version
from app.db.shopping_frame import Before
from app.domain.account import Account, Role
from app.domain.money import Money
from app.domain.shopping import Figures, Heard, Result
from app.domain.shopping_sample import Candidate
from tests.db.made import NOON, SERVICE, price, save

QUARTER = "2026_4Q"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BETA = replace(SERVICE, provider="beta")


class Shop:
    """A board with two firms' prices, two researchers, and a sample."""

    def __init__(self, database: Database) -> None:
        self.database = database
        save(database, price(), price(rung="500"), price(BETA, fee="5"))
        self.anna, self.ben = self.account("anna"), self.account("ben")

    def account(self, name: str) -> Account:
        wanted = Account(0, f"{name}@example.org", name.title(), Role.RESEARCHER, None)
        with self.database.writing() as session:
            return accounts.add_account(session, wanted, NOON)

    def candidates(self, now: datetime = NOON, **before: Any) -> list[Candidate]:
        with self.database.reading() as session:
            return shopping_frame.candidates(session, "NL", now, Before(**before))

    def drawn(self, size: int = 100, now: datetime = NOON, quarter: str = QUARTER) -> list[Task]:
        with self.database.writing() as session:
            before = shopped.before(session, quarter)
            found = shopping_frame.candidates(session, "NL", now, before)
            shopping_work.draw_sample(session, found, quarter, "seed", size, self.anna, now)
        return self.tasks(quarter)

    def sample(self, candidates: list[Candidate], quarter: str = QUARTER) -> None:
        with self.database.writing() as session:
            shopping_work.draw_sample(session, candidates, quarter, "other", 9, None, NOON)

    def tasks(self, quarter: str | None = None) -> list[Task]:
        with self.database.reading() as session:
            return shopping.tasks(session, quarter)

    def task(self, number: int) -> Task:
        with self.database.reading() as session:
            found = shopping.find_task(session, number)
        assert found is not None
        return found

    def begun(self, task: Task, now: datetime = NOON + HOUR, by: Account | None = None) -> Task:
        with self.database.writing() as session:
            shopping_work.begin(session, task, by or self.anna, now)
        return self.task(task.id)

    def filled(
        self,
        task: Task,
        result: Result,
        seen: int = 0,
        by: Account | None = None,
        now: datetime = NOON + 2 * HOUR,
        receipt: str = "",
    ) -> Version:
        with self.database.writing() as session:
            return shopping_work.add_version(
                session, task, result, seen, by or self.anna, now, receipt
            )

    def versions(self, task: Task) -> list[Version]:
        with self.database.reading() as session:
            return shopping.versions(session, task)


def heard(task: Task, share: str = "1", at: datetime = NOON + HOUR, **other: Any) -> Result:
    """What the price of the board says, or `share` of what arrives by it."""
    rate = Decimal("10.791") * Decimal(share)
    sent = task.rung
    fee = Money(Decimal("3.10") if task.service.provider == "alpha" else Decimal(5), "EUR")
    received = Money(sent.amount * rate, "MAD").floor()
    figures = Figures(sent + fee, fee, received, rate)
    return Result(Heard.PRICE, at, figures=figures, **other)
