"""F51, F53 to F56, F60: faults of our own house. There is no faulty source: all ten must come
through."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import SQLAlchemyError

from app.collect.cycle import SLOT, Cycle, run_cycle
from app.db.engine import Database
from app.db.visits import add_visits, visits_since
from app.domain.quote import Age
from config import ROOT
from tests.conftest import new_database
from tests.faults.seen import Seen, figures, heartbeats, look, run_of
from tests.faults.stage import Played, Stage, corridors, memory, stage, write_template
from tests.faults.verdict import (
    Verdict,
    in_good_time,
    nothing_lost,
    others_arrive,
    proven,
)
from tests.postgres import running_postgres

NOBODY = ""
LOCKED = 3.0
"""Seconds."""

WRITERS, WRITES = 4, 50
KILLS = 8
WARM, MEASURED, MOST_PER_CYCLE = 100, 100, 0.01
"""Cycles before memory is measured, those it is measured over, and MB that each may add."""

REQUESTS_BEFORE = 20
SUBSTITUTE = "substitute"


def all_arrive(verdict: Verdict, it: Stage, truth: Seen) -> None:
    """The next cycle, of itself: every price is there, right, new, and nobody is alarmed."""
    it.later()
    played = it.play()
    seen = look(it)
    others_arrive(verdict, truth, played, seen, NOBODY)
    in_good_time(verdict, played)
    for slug in truth.board:
        verdict.must("I6", not seen.told[slug].trouble, f"{slug}: {seen.told[slug]}")
        new = [one for one in seen.board[slug].values() if seen.at - one.observed.at < SLOT]
        verdict.must("I6", len(new) == len(truth.board[slug]), f"{slug} is not back")
    verdict.must("I3", played.cycle.slot in heartbeats(it), "no heartbeat of a good cycle")


def all_proven(verdict: Verdict, it: Stage, truth: Seen) -> None:
    for slug in truth.board:
        proven(verdict, it, it.client.exchanges(slug))


def unlucky(it: Stage) -> Played:
    """A cycle whose failure is the database's, as the scheduler takes it."""

    def run() -> Cycle:
        try:
            return run_cycle(it.collector, it.slot)
        except SQLAlchemyError:
            return Cycle(it.slot)

    return it.play(run)


def whole_or_nothing(verdict: Verdict, it: Stage, truth: Seen, seen: Seen, since: Played) -> None:
    """A run that ended has all its prices on the board; one that did not has none."""
    for slug, good in truth.board.items():
        run = run_of(it, slug, since.cycle.slot)
        ended = run is not None and run.ended_at is not None and not run.trouble
        new = [one for one in seen.board[slug].values() if one.observed.at >= since.began]
        verdict.must(
            "I1", len(new) == (len(good) if ended else 0), f"{slug}: {len(new)} of {len(good)}"
        )


def aged(verdict: Verdict, truth: Seen, seen: Seen) -> None:
    """What was not read anew is not fresh, and nothing wrong is shown."""
    for slug, shown in seen.shown.items():
        for price, age in shown:
            old = seen.at - price.observed.at > timedelta(minutes=20)
            verdict.must("I2", not (old and age is Age.FRESH), f"{slug}: old and fresh")
            key = price.service_id, price.rung
            right = figures(price) == figures(truth.board[slug][key])
            verdict.must("I2", right, f"{slug}: a wrong price")


def wrong_clock(_number: str, url: str) -> Verdict:
    """F51. Ten minutes fast, and a day slow: true ages are reckoned by the world's clock."""
    verdict = Verdict()
    for label, off in (("+10 min", timedelta(minutes=10)), ("-1 day", -timedelta(days=1))):
        with _fresh_stage(url, verdict) as (it, truth):
            it.clock.set_wrong(off)
            it.later()
            it.play()
            one = it.play()
            in_good_time(verdict, one)
            it.later(2 * SLOT)
            seen = look(it)
            now = it.clock.true()
            for slug, shown in seen.shown.items():
                stale = [
                    price
                    for price, age in shown
                    if (age is Age.FRESH and now - min(price.observed.at - off, now) > 2 * SLOT)
                    or (
                        age is Age.FRESH
                        and price.observed.at
                        == truth.board[slug].get((price.service_id, price.rung), price).observed.at
                    )
                ]
                verdict.must("I2", not stale, f"{label}: {slug} shows {len(stale)} old as fresh")
            nothing_lost(verdict, truth, seen, truth.board)
            it.clock.set_wrong(timedelta(0))
            all_arrive(verdict, it, truth)
            all_proven(verdict, it, truth)
    return verdict


@contextmanager
def _fresh_stage(url: str, verdict: Verdict) -> Iterator[tuple[Stage, Seen]]:
    """With one good cycle behind it, or several if it was used before."""
    with stage(url) as it:
        while not it.play().cycle.runs:
            it.later(timedelta(days=1))
        yield it, look(it)


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


def killed(_number: str, url: str) -> Verdict:
    """F55. SIGKILL at any moment of a cycle, again and again, and then a cycle as ever."""
    verdict, moments = Verdict(), random.Random(4711)  # noqa: S311
    struck = 0
    with stage(url) as it:
        it.play()
        truth = look(it)
        for _kill in range(KILLS):
            it.later()
            it.lab.world.now = it.clock.true()
            played = Played(Cycle(it.slot), it.clock.now(), 0, 0)
            passed = str(it.clock.monotonic())
            command = [sys.executable, "-m", "tests.faults.victim", url, it.lab.url, passed]
            hit = threading.Event()
            it.lab.soon, it.lab.then = moments.randrange(5, 45), hit.set
            process = subprocess.Popen(command, cwd=ROOT)
            hit.wait(20)
            time.sleep(moments.uniform(0, 0.15))
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            struck += process.wait() == -signal.SIGKILL
            seen = look(it)
            nothing_lost(verdict, truth, seen, truth.board)
            whole_or_nothing(verdict, it, truth, seen, played)
            aged(verdict, truth, seen)
        verdict.must("I1", struck >= KILLS // 2, f"only {struck} of {KILLS} were killed at work")
        verdict.notes.append(f"{struck} killed at work")
        all_arrive(verdict, it, truth)
        all_proven(verdict, it, truth)
    return verdict


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


def growing(_number: str, url: str) -> Verdict:
    """F60. Cycle after cycle at speed: memory stays where it was after the first ones."""
    verdict = Verdict()
    with stage(url) as it:
        it.play()
        truth = look(it)
        for cycle in range(WARM + MEASURED):
            it.later()
            it.lab.clear()
            it.client.traces.clear()
            if cycle == WARM:
                before = memory()
            it.play()
        grown = (memory() - before) / MEASURED
        verdict.notes.append(f"{grown * 100:+.2f} MB per 100 cycles")
        verdict.must("I5", grown <= MOST_PER_CYCLE, f"{grown * 100:.1f} MB per 100 cycles")
        seen = look(it)
        nothing_lost(verdict, truth, seen, truth.board)
        aged(verdict, truth, seen)
        verdict.must("I1", len(seen.history) == len(truth.history), "history grew by nothing new")
        all_arrive(verdict, it, truth)
        all_proven(verdict, it, truth)
    return verdict


DRIVERS = {
    "F51": wrong_clock,
    "F53": locked,
    "F54": down,
    "F55": killed,
    "F56": full,
    "F60": growing,
}
