"""What must be so after a fault of our own house: there is no faulty source, so all ten must come
through."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from app.collect.cycle import SLOT, Cycle, run_cycle
from app.domain.quote import Age
from tests.faults.seen import Seen, figures, heartbeats, look, run_of
from tests.faults.stage import Played, Stage
from tests.faults.verdict import Verdict, in_good_time, others_arrive, proven

NOBODY = ""


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
