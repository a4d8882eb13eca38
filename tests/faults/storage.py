"""F53, F54, F56: the database is locked, down or full."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, event, text

from app.db.engine import Database
from app.db.visits import add_visits, visits_since
from tests.conftest import new_database
from tests.faults.afterwards import NOBODY, aged, all_arrive, all_proven, unlucky, whole_or_nothing
from tests.faults.seen import heartbeats, look
from tests.faults.stage import Stage, corridors, stage, write_template
from tests.faults.verdict import Verdict, in_good_time, nothing_lost, others_arrive
from tests.postgres import running_postgres

LOCKED = 3.0
"""Seconds."""

WRITERS, WRITES = 4, 50
REQUESTS_BEFORE = 20
SUBSTITUTE = "substitute"


def locked(_number: str, url: str) -> Verdict:
    """F53. Somebody holds the write lock for seconds; then four writers count at once."""
    verdict = Verdict()
    with stage(url) as it:
        it.play()
        truth = look(it)
        with it.database.writer().connect() as holder:
            if it.sqlite:
                holder.exec_driver_sql("SELECT 1")
            else:
                holder.execute(text("LOCK TABLE board, source_run IN ACCESS EXCLUSIVE MODE"))
            released = threading.Timer(LOCKED, holder.rollback)
            released.start()
            it.later()
            began = time.monotonic()
            played = it.play()
            verdict.must("I5", time.monotonic() - began > LOCKED, "the lock did not matter")
            released.join()
        seen = look(it)
        others_arrive(verdict, truth, played, seen, NOBODY)
        in_good_time(verdict, played)
        nothing_lost(verdict, truth, seen, truth.board)
        aged(verdict, truth, seen)
        lost = WRITERS * WRITES - _counted(it)
        verdict.must("I1", lost == 0, f"{lost} of {WRITERS * WRITES} updates are lost")
        all_arrive(verdict, it, truth)
        all_proven(verdict, it, truth)
    return verdict


def _counted(it: Stage) -> int:
    """What a counter shows that several threads counted up together."""
    day, corridor = it.clock.now().date(), corridors()[0]

    def count() -> None:
        for _write in range(WRITES):
            with it.database.writing() as session:
                add_visits(session, day, {corridor: 1})

    threads = [threading.Thread(target=count) for _writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with it.database.reading() as session:
        return visits_since(session, day).get(corridor, 0)


def down(_number: str, url: str) -> Verdict:
    """F54. In the middle of a cycle there is no database any more, and after it there is again.
    PostgreSQL is stopped at once, a server of its own; SQLite's file is taken away."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        return _down(url, lambda it: _file_away(it, file), lambda: _file_back(file))
    with running_postgres() as address:
        own = new_database(address)
        write_template(own)
        with Database(own).engine.connect() as connection:
            data = Path(str(connection.scalar(text("SHOW data_directory"))))
        return _down(own, lambda _it: _postgres(data, "stop"), lambda: _postgres(data, "start"))


def _down(url: str, away: Callable[[Stage], None], back: Callable[[], None]) -> Verdict:
    verdict = Verdict()
    with stage(url) as it:
        it.play()
        truth = look(it)
        it.later()
        it.lab.soon, it.lab.then = REQUESTS_BEFORE, lambda: away(it)
        played = unlucky(it)
        verdict.must("I5", it.lab.then is None, "it was never down")
        in_good_time(verdict, played)
        back()
        seen = look(it)
        nothing_lost(verdict, truth, seen, truth.board)
        whole_or_nothing(verdict, it, truth, seen, played)
        verdict.must("I3", played.cycle.slot not in heartbeats(it), "a heartbeat all the same")
        it.later(timedelta(minutes=10))
        aged(verdict, truth, look(it))
        it.client.traces.clear()
        all_arrive(verdict, it, truth)
        all_proven(verdict, it, truth)
    return verdict


def _file_away(it: Stage, file: Path) -> None:
    """A folder in its place cannot be opened as a database by anybody."""
    it.database.engine.dispose()
    for path in sorted(file.parent.glob(f"{file.name}*")):
        path.rename(path.with_name(f"away-{path.name}"))
    file.mkdir()


def _file_back(file: Path) -> None:
    file.rmdir()
    for path in sorted(file.parent.glob(f"away-{file.name}*")):
        path.rename(path.with_name(path.name.removeprefix("away-")))


def _postgres(data: Path, what: str) -> None:
    control = max(Path("/usr/lib/postgresql").glob("*/bin")) / "pg_ctl"
    options = ["-m", "immediate"] if what == "stop" else ["-l", str(data.parent / "log")]
    if what == "start":
        words = (data / "postmaster.opts").read_text().split(maxsplit=1)[1]
        options += ["-o", words.replace('"', "")]
    subprocess.run(
        [control, "-D", data, "-w", *options, what],
        check=True,
        user="postgres" if os.geteuid() == 0 else None,
        cwd=data.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def full(_number: str, url: str) -> Verdict:
    """F56. No page more may be written. SQLite is told so (max_page_count, which fails as a full
    disk does); PostgreSQL's inserts fail with the error of a full disk (53100), by a trigger."""
    verdict = Verdict(notes=[SUBSTITUTE])
    with stage(url) as it:
        it.play()
        truth = look(it)
        empty = _fill(it)
        cycles = []
        for _cycle in range(2):
            it.later()
            played = unlucky(it)
            cycles.append(played)
            in_good_time(verdict, played)
            whole_or_nothing(verdict, it, truth, look(it), played)
        seen = look(it)
        broken = [*cycles[0].cycle.broken, *cycles[1].cycle.broken]
        silent = all(one.cycle.slot not in heartbeats(it) for one in cycles)
        verdict.must("I5", bool(broken) or silent, "the disk was not full")
        verdict.must("I3", silent or bool(broken), "nobody is told")
        nothing_lost(verdict, truth, seen, truth.board)
        aged(verdict, truth, seen)
        empty()
        it.client.traces.clear()
        all_arrive(verdict, it, truth)
        all_proven(verdict, it, truth)
    return verdict


def _fill(it: Stage) -> Callable[[], None]:
    """Fills the disk; what it returns makes room again."""
    engine = it.database.engine
    if it.sqlite:

        def no_more(connection: Connection, *_rest: object) -> None:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

        engine.dispose()
        event.listen(engine, "begin", no_more)

        def room() -> None:
            event.remove(engine, "begin", no_more)
            engine.dispose()

        return room
    with it.database.writing() as session:
        session.execute(text(FULL))
        for table in ("evidence", "quote", "cycle"):
            session.execute(
                text(
                    f"CREATE TRIGGER full_{table} BEFORE INSERT ON {table} "
                    "EXECUTE FUNCTION full_disk()"
                )
            )

    def room_again() -> None:
        with it.database.writing() as session:
            session.execute(text("DROP FUNCTION full_disk CASCADE"))

    return room_again


FULL = """CREATE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN
RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$ LANGUAGE plpgsql"""


DRIVERS = {"F53": locked, "F54": down, "F56": full}
