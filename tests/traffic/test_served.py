"""With its real server, several processes and a real midnight: nothing of a reader is anywhere, and
nothing that was counted is lost or counted twice."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from datasketches import hll_sketch
from sqlalchemy import select

from app.db import counting, sketches, traffic
from app.db.counting import NoteKind
from app.db.engine import Database
from app.db.sketches import SketchRow
from app.domain.traffic import Period, Span, Whole
from tests.conftest import wait_until
from tests.traffic.served import Served, served

ADDRESS = "203.0.113.77"
AGENT = "Mozilla/5.0 (X11; CANARY-7f3a91) Gecko/20100101 Firefox/132.0"
MAIL = "canary.reader@example.org"
TERMS = "canary-search-terms"
DAY = 86_400


@pytest.fixture
def url(templates: dict[str, str], tmp_path: Path) -> str:
    file = tmp_path / "site.db"
    shutil.copy(templates["sqlite"].removeprefix("sqlite:///"), file)
    return f"sqlite:///{file}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.engine.dispose()


def needles() -> list[bytes]:
    """Everything that must be nowhere, and what it turns into by common hashes."""
    found = [text.encode() for text in (ADDRESS, AGENT, "CANARY-7f3a91", MAIL, TERMS)]
    for text in (ADDRESS, AGENT, MAIL, ADDRESS + AGENT):
        for name in ("sha1", "sha256", "md5", "blake2b"):
            made = hashlib.new(name, text.encode())
            found += [made.digest(), made.hexdigest().encode(), made.hexdigest().upper().encode()]
    return found


def hits(*places: bytes) -> int:
    return sum(needle in place for needle in needles() for place in places)


def everything(it: Served) -> list[bytes]:
    """The database as files and as SQL, what stands in memory, and the log."""
    file = Path(it.url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as connection:
        sql = "\n".join(connection.iterdump())
    files = [*file.parent.glob(f"{file.name}*"), *it.memory(), it.log]
    return [sql.encode(), *(one.read_bytes() for one in files)]


def total(database: Database, what: Whole, ahead: float = 0) -> int:
    moment = datetime.fromtimestamp(datetime.now(UTC).timestamp() + ahead, UTC)
    with database.reading() as session:
        found = traffic.totals(session, Period.of(Span.MONTH, moment.date()), what)
    return found.get(moment.date(), 0)


def seconds_to_midnight() -> float:
    now = datetime.now(UTC)
    return DAY - (now.hour * 3600 + now.minute * 60 + now.second)


def visit_a_hundred_times(it: Served) -> None:
    for number in range(20):
        seen: Any = {"User_Agent": AGENT, "Referer": f"https://forum.example/{MAIL}?q={TERMS}"}
        it.ask("/nl/how-we-count", ADDRESS, **seen)
        it.ask(f"/nl/?pay={number + 1}&q={TERMS}", ADDRESS, **seen)
        it.ask(f"/nl/send?side=pay&amount=x&from={MAIL}", ADDRESS, **seen)
        it.ask(f"/nl/nothing/{TERMS}?mail={MAIL}", ADDRESS, **seen)
        it.ask("/count", ADDRESS, data=b"year", Sec_Fetch_Site="same-origin", **seen)


def test_the_search_finds_what_is_planted() -> None:
    digest = hashlib.sha256(ADDRESS.encode()).digest()
    for planted in (b"x" + digest, f"at {ADDRESS} y".encode(), AGENT.encode(), MAIL.encode()):
        assert hits(b"log" + planted + b"z") >= 1
    assert hits(b"203.0.113.7 and others") == 0


def test_nothing_of_a_reader_is_found_that_day_or_two_days_later(
    url: str, database: Database, tmp_path: Path
) -> None:
    with served(url, tmp_path) as it:
        visit_a_hundred_times(it)
        (memory,) = it.memory()
        assert memory.stat().st_mode & 0o777 == 0o600
        assert hits(*everything(it)) == 0
        it.ahead(90)
        wait_until(lambda: total(database, Whole.VIEWS, 90) >= 40, 60)
        assert total(database, Whole.YEARS, 90) == 8, "one address is believed so often"
        assert hits(*everything(it)) == 0
        it.ahead(2 * DAY)
        wait_until(lambda: memory not in it.memory(), 60)
        it.ahead(2 * DAY + 400)
        wait_until(lambda: sketch_of(database, datetime.now(UTC)) is None, 60)
        assert hits(*everything(it)) == 0
        it.end()
        assert hits(*everything(it)) == 0
        assert "Traceback" not in it.log.read_text()


def sketch_of(database: Database, moment: datetime) -> bytes | None:
    with database.reading() as session:
        return session.scalar(select(SketchRow.sketch).where(SketchRow.day == moment.date()))


def test_who_has_the_backup_of_a_day_finds_nobody_in_it_the_day_after(
    url: str, database: Database, tmp_path: Path
) -> None:
    """The attacker has the sketch of the day, every address of a network and the agents. With the
    key they find each visitor; without it, by all that the database holds, none."""
    visitors = [f"198.51.{number}.{number * 7 % 256}" for number in range(30)]
    with served(url, tmp_path, workers=1) as it:
        for who in visitors:
            it.ask("/nl/how-we-count", who, User_Agent=AGENT)
        (memory,) = it.memory()
        key = memory.read_bytes()[:32]
        it.end()
        kept = sketch_of(database, datetime.now(UTC))
        assert kept is not None
    assert len(found_by(key, kept, url)) == 30
    assert it.memory() == []
    with database.reading() as session:
        mark = session.scalars(select(SketchRow.mark)).one()
    guesses = [mark.encode(), bytes.fromhex(mark), url.encode(), bytes(32), b"2026", key[::-1]]
    assert sum(len(found_by(guess[:64], kept, url)) for guess in guesses) == 0


def found_by(key: bytes, kept: bytes, site: str) -> set[str]:
    """Addresses that are in a sketch, for who hashes with this key: those that change nothing."""
    whole = hll_sketch.deserialize(kept)
    found = set()
    for third in range(64):
        for last in range(256):
            who = f"198.51.{third}.{last}\n{AGENT}\n{site}".encode()
            mark = hashlib.blake2b(who, digest_size=8, key=key, person=b"devices").digest()
            before = whole.get_estimate()
            whole.update(int.from_bytes(mark))
            if whole.get_estimate() == before:
                found.add(who.decode())
            else:
                whole = hll_sketch.deserialize(kept)
    return found


def test_a_restart_in_the_middle_of_a_day_loses_nothing_and_counts_nobody_twice(
    url: str, database: Database, tmp_path: Path
) -> None:
    everybody = [f"198.51.100.{number}" for number in range(60)]
    for part in range(3):
        folder = tmp_path / str(part)
        folder.mkdir()
        it = Served(url, folder, workers=4)
        try:
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(it.ask, ["/nl/how-we-count"] * len(everybody), everybody))
            it.end()
        finally:
            it.process.kill()
        assert len(it.memory()) == 1, "it stays while the day does"
    with database.reading() as session:
        assert sketches.devices_now(session, datetime.now(UTC).date()) == 60
        today = datetime.now(UTC).date()
        assert counting.notes(session, today, today) == []
    assert total(database, Whole.VIEWS) == 180
    assert total(database, Whole.VISITS) == 60
    for file in it.memory():
        file.unlink()
    with served(url, tmp_path, workers=1) as again:
        again.ask("/nl/how-we-count", everybody[0])
        again.end()
    with database.reading() as session:
        today = datetime.now(UTC).date()
        assert [one.kind for one in counting.notes(session, today, today)] == [NoteKind.KEY]


def test_each_page_counts_for_the_day_that_it_was_opened_in(
    url: str, database: Database, tmp_path: Path
) -> None:
    with served(url, tmp_path, workers=4) as it:
        left = seconds_to_midnight()
        it.ahead(left - 900)
        evening = [f"198.51.100.{number}" for number in range(20)]
        for who in evening:
            it.ask("/nl/how-we-count", who)
        before = it.memory()
        it.ahead(left + 30)
        wait_until(lambda: not set(before) & set(it.memory()), 60)
        for who in evening[:5]:
            it.ask("/nl/how-we-count", who)
        # Each worker has written the evening before the day is closed, as in five real minutes.
        wait_until(lambda: total(database, Whole.VIEWS) == 20, 60)
        it.ahead(left + 400)
        wait_until(lambda: total(database, Whole.DEVICES) == 20, 60)
        it.end()
    assert (total(database, Whole.VIEWS), total(database, Whole.VIEWS, DAY)) == (20, 5)
    with database.reading() as session:
        tomorrow = datetime.fromtimestamp(datetime.now(UTC).timestamp() + DAY, UTC).date()
        assert sketches.devices_now(session, tomorrow) == 5
        assert len(session.scalars(select(SketchRow)).all()) == 1
