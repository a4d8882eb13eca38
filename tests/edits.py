"""python -m tests.edits [COUNT]: so many edits and counts by four processes at once, on each
database. Every edit that was said to be kept must be there, and every count counted."""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from app.db import accounts, audit, migrate
from app.db.clicks import ClickRow, add_clicks
from app.db.engine import Database
from app.db.services import add_services
from app.domain.account import Account, Role
from tests.conftest import new_database
from tests.db.made import SERVICE, stock
from tests.postgres import running_postgres

PROCESSES = 4
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)


def made(url: str) -> tuple[int, int]:
    """An account to edit and a service to count clicks of."""
    database = Database(url)
    migrate.upgrade(database)
    stock(database)
    with database.writing() as session:
        service = add_services(session, SERVICE.corridor, [SERVICE])[SERVICE]
        wanted = Account(0, "edited@example.org", "Nobody yet", Role.EDITOR, None)
        account = accounts.add_account(session, wanted, NOW).id
    database.engine.dispose()
    return account, service


def work(url: str, name: str, count: int, account: int, service: int) -> None:
    """So many edits by version, each tried until it is kept, and as many counts."""
    database = Database(url)
    for number in range(count):
        while not _edited(database, account, f"{name} {number}"):
            pass
        with database.writing() as session:
            add_clicks(session, DAY, {service: 1})
    database.engine.dispose()


def _edited(database: Database, account: int, name: str) -> bool:
    """As a form does: the version is read first, and somebody may come in between."""
    with database.reading() as session:
        version = accounts.version_of(session, account)
    with database.writing() as session:
        if not accounts.change_account(session, account, version, name=name):
            return False
        audit.note(session, None, "account.renamed", ("account", account), {"name": name}, now=NOW)
    return True


def lost(url: str, count: int) -> tuple[int, int, str]:
    """Edits and counts that are gone of `count` each, and what is wrong with the log."""
    account, service = made(url)
    spawn = multiprocessing.get_context("spawn")
    share = [count // PROCESSES] * PROCESSES
    share[0] += count - sum(share)
    running = [
        spawn.Process(target=work, args=(url, f"p{n}", some, account, service))
        for n, some in enumerate(share)
    ]
    for one in running:
        one.start()
    for one in running:
        one.join()
    failed = sum(one.exitcode != 0 for one in running)
    database = Database(url)
    with database.reading() as session:
        edits = accounts.version_of(session, account) - 1
        clicks = session.scalars(select(ClickRow.clicks)).one()
        entries, wrong = audit.head(session)[0], audit.broken_at(session)
    database.engine.dispose()
    said = f"{failed} processes failed" if failed else wrong
    return count - min(edits, entries), count - clicks, said


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder, running_postgres() as address:
        yield {
            "sqlite": f"sqlite:///{Path(folder)}/edits.db",
            "postgresql": new_database(address),
        }


def main(count: int) -> int:
    bad = False
    with databases() as urls:
        for name, url in urls.items():
            edits, clicks, wrong = lost(url, count)
            print(f"{name}: {count} edits and {count} counts by {PROCESSES} processes: ", end="")
            print(f"{edits} edits lost, {clicks} counts lost, {wrong or 'the log is whole'}")
            bad = bad or bool(edits or clicks or wrong)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 10_000))
