"""python -m tests.desk_at_once [COUNT]: four processes at one desk, on each database: so many
switches each, the same held readings to decide for all of them, and wishes made and taken up.

Every switch that was said to be kept must be there; each reading is decided once; each wish is
taken up once.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from multiprocessing.queues import Queue

from sqlalchemy import func, select

from app.db import accounts, audit, held, migrate, prices, sources, switches, wishes
from app.db.audit import AuditRow
from app.db.engine import Database
from app.db.held import HeldRow
from app.db.price_text import price_text
from app.db.services import add_services
from app.db.sources import SourceRow
from app.domain.account import Account, Role
from app.review import held as review
from tests.db.made import NOON, SERVICE, price, stock
from tests.db.test_switches import FACTS
from tests.db.test_waiting import reading
from tests.edits import PROCESSES, databases

READINGS = 20
"""Held, and decided by whoever comes first."""


@dataclass
class Done:
    """What a process was told that it did: switches kept, readings decided, wishes made, wishes
    taken up, by the moment at which they were made."""

    switches: int = 0
    decided: list[int] = field(default_factory=list)
    wished: int = 0
    taken: int = 0


def made(url: str) -> list[Account]:
    """A source, held readings of as many services, and an operator for each process."""
    database = Database(url)
    migrate.upgrade(database)
    stock(database)
    with database.writing() as session:
        sources.register(session, [replace(FACTS, slug="wise")])
        some = [replace(SERVICE, variant=number) for number in range(1, READINGS + 1)]
        before = [price(service, at=NOON - timedelta(hours=1)) for service in some]
        prices.save(session, SERVICE.corridor, before, NOON)
        numbers = add_services(session, SERVICE.corridor, some)
        for service, number in numbers.items():
            whole = price(service, margin="0.02")
            facts = {"received": whole.quote.received.amount, "rate": whole.quote.rate}
            one = reading("3.10", service_id=number, whole=price_text(whole), **facts)
            held.hold(session, [one], NOON)
        people = [
            accounts.add_account(
                session, Account(0, f"e{n}@example.org", f"E{n}", Role.EDITOR, None), NOON
            )
            for n in range(PROCESSES)
        ]
    database.engine.dispose()
    return people


def work(url: str, me: Account, count: int, results: Queue[Done]) -> None:
    database, done = Database(url), Done()
    for number in range(count):
        now = NOON + timedelta(seconds=number)
        while not _turned(database, me):
            pass
        done.switches += 1
        with database.writing() as session:
            done.wished += wishes.wish(session, "wise", me.id, now)
        with database.writing() as session:
            for claimed in wishes.claim(session, me.email, now):
                done.taken += 1
                wishes.end(session, claimed, wishes.WishWhy.RAN, now)
        if number < READINGS:
            done.decided += _decided(database, me, number + 1)
    database.engine.dispose()
    results.put(done)


def _turned(database: Database, me: Account) -> bool:
    """As a form does: what was read first may be changed by somebody else meanwhile."""
    with database.reading() as session:
        row = session.get_one(SourceRow, "wise")
        version, on = row.version, not row.is_on
    with database.writing() as session:
        how = {"why": "x", "by": me.id, "version": version, "now": NOON}
        if not switches.turn(session, "wise", on=on, **how):  # type: ignore[arg-type]
            return False
        audit.note(session, me, "source.switched", ("source", "wise"), {}, now=NOON)
    return True


def _decided(database: Database, me: Account, number: int) -> list[int]:
    with database.writing() as session:
        decide = review.release if number % 2 else review.refuse
        outcome = decide(session, [number], me, NOON, "because")
        for one in outcome.done:
            audit.note(session, me, "held.decided", ("held", one), {}, now=NOON)
    return outcome.done


def wrong(url: str, count: int) -> list[str]:
    """What is not as it should be, a sentence each."""
    people = made(url)
    spawn = multiprocessing.get_context("spawn")
    results: Queue[Done] = spawn.Queue()
    running = [spawn.Process(target=work, args=(url, me, count, results)) for me in people]
    for one in running:
        one.start()
    told = [results.get(timeout=600) for _ in running]
    for one in running:
        one.join()
    database = Database(url)
    with database.reading() as session:
        found = list(_faults(session_facts(session), told, count))
        log = audit.broken_at(session)
    database.engine.dispose()
    return [*found, log] if log else found


def session_facts(session: object) -> dict[str, int]:
    """What is really there."""

    def count(*where: object) -> int:
        asked = select(func.count()).where(*where)  # type: ignore[arg-type]
        return session.scalar(asked) or 0  # type: ignore[attr-defined]

    row = session.get_one(SourceRow, "wise")  # type: ignore[attr-defined]
    return {
        "version": row.version,
        "on": int(row.is_on),
        "switched": count(AuditRow.act == "source.switched"),
        "decided": count(HeldRow.decision.is_not(None)),
        "noted": count(AuditRow.act == "held.decided"),
    }


def _faults(facts: dict[str, int], told: list[Done], count: int) -> list[str]:
    switched = sum(one.switches for one in told)
    decided = Counter(number for one in told for number in one.decided)
    wished, taken = sum(one.wished for one in told), sum(one.taken for one in told)
    checks = {
        f"{switched} switches kept of {count * PROCESSES}": switched == count * PROCESSES,
        f"{facts['version']} versions of {switched} switches": facts["version"] == switched,
        f"{facts['switched']} entries of {switched} switches": facts["switched"] == switched,
        "the switch is where nobody left it": facts["on"] == int(switched % 2 == 0),
        f"decided twice: {decided}": set(decided.values()) <= {1},
        f"{facts['decided']} decided, {len(decided)} told": facts["decided"] == len(decided),
        f"{facts['noted']} noted of {len(decided)}": facts["noted"] == len(decided),
        f"only {len(decided)} readings decided": len(decided) == min(READINGS, count),
        f"{taken} wishes taken up of {wished}": taken == wished,
        "no wish was made": wished > 0,
    }
    return [said for said, well in checks.items() if not well]


def main(count: int) -> int:
    bad = False
    with databases() as urls:
        for name, url in urls.items():
            found = wrong(url, count)
            print(f"{name}: {PROCESSES} processes, {count} switches and wishes each, {READINGS}")
            print(f"  held readings for all of them: {'; '.join(found) or 'nothing lost or twice'}")
            bad = bad or bool(found)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 500))
