"""The seven invariants, each looked at by code. A fault is survived only if all of them hold.

I1  nothing lost: the last good prices and all history are still there
I2  their age grows, and nothing wrong or old is shown as fresh
I3  the trouble is told within two cycles, with its source and its kind
I4  the prices of all other sources arrive in that cycle
I5  the cycle ends in good time, and memory is back within 20 MB
I6  the next good answer is taken up by itself
I7  evidence is kept: status, headers, at most 64 kB of a failed answer, hash; and no secret
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from app.collect.cycle import SLOT
from app.domain.quote import Age
from scrapers.client.evidence import LONGEST_FAILED
from scrapers.client.verdict import FOLLOWED
from scrapers.contract import Trouble
from tests.faults.planted import secrets_kept
from tests.faults.seen import Seen, evidence_of, figures, look
from tests.faults.stage import Played, Stage, Trace

INVARIANTS = ("I1", "I2", "I3", "I4", "I5", "I6", "I7")
MOST_SECONDS = 15.0
MOST_GROWN = 20.0
LAG = timedelta(minutes=5)
"""By which a source's own word of the time may lie before the cycle."""


@dataclass(slots=True)
class Verdict:
    """broken: what is wrong, by invariant; notes: what is worth knowing; blind: why this is a
    blind spot by design, "" if it is none."""

    broken: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    blind: str = ""

    @property
    def survived(self) -> bool:
        return not self.broken

    def must(self, invariant: str, holds: bool, why: str) -> None:
        if not holds:
            self.broken.setdefault(invariant, []).append(why)

    def add(self, other: Verdict, label: str) -> None:
        for invariant, reasons in other.broken.items():
            for why in reasons:
                self.must(invariant, False, f"{label}: {why}" if label else why)
        self.notes += [f"{label}: {note}" if label else note for note in other.notes]
        self.blind = self.blind or other.blind


def nothing_lost(verdict: Verdict, before: Seen, after: Seen, sources: Iterable[str]) -> None:
    for slug in sources:
        gone = set(before.board[slug]) - set(after.board[slug])
        verdict.must("I1", not gone, f"{slug}: {len(gone)} prices left the board")
    lost = [number for number in before.history if number not in after.history]
    changed = [
        number
        for number, was in before.history.items()
        if number in after.history and after.history[number] != was
    ]
    verdict.must("I1", not lost, f"{len(lost)} stretches of history are gone")
    verdict.must("I1", not changed, f"{len(changed)} stretches of history are others")


def never_fresh(verdict: Verdict, truth: Seen, first: Seen, second: Seen, victim: str) -> bool:
    """Whether all of its prices came and were right, so that the fault did no harm."""
    good = truth.board[victim]
    began = first.at
    unharmed = True
    for key, price in second.board[victim].items():
        right = key in good and figures(price) == figures(good[key])
        new = price.observed.at > good[key].observed.at if key in good else True
        verdict.must("I2", right or not new, f"a wrong price is on the board: {figures(price)}")
        if new and right:
            current = second.at - price.observed.at <= LAG
            unharmed = unharmed and current
            continue
        unharmed = False
        verdict.must("I2", price.age(second.at) is not Age.FRESH, "an old price counts as fresh")
        verdict.must("I2", began > price.observed.at, "its age does not grow")
    for price, age in second.shown.get(victim, []):
        key = (price.service_id, price.rung)
        honest = key in good and figures(price) == figures(good[key])
        current = second.at - price.observed.at <= timedelta(minutes=20)
        verdict.must("I2", age is not Age.FRESH or (honest and current), "a page calls it fresh")
    return unharmed


def told(verdict: Verdict, seen: Seen, victim: str, kinds: frozenset[str]) -> str:
    """What the operator is told of it, in a word."""
    row, held = seen.told[victim], seen.held.get(victim, "")
    if row.trouble:
        verdict.must("I3", row.trouble in kinds, f"told as {row.trouble}, not {sorted(kinds)}")
        verdict.must("I3", bool(row.said) and row.since is not None, "told without words or time")
        return row.trouble
    partly = bool(held) and Trouble.HELD.value in kinds
    verdict.must("I3", partly, "nobody is told")
    return "held in part" if partly else ""


def others_arrive(verdict: Verdict, truth: Seen, played: Played, seen: Seen, victim: str) -> None:
    for slug, good in truth.board.items():
        if slug == victim:
            continue
        facts = played.cycle.runs.get(slug)
        verdict.must("I4", facts is not None and not facts.trouble, f"{slug}: {facts}")
        late = [
            one
            for key, one in seen.board[slug].items()
            if key not in good
            or figures(one) != figures(good[key])
            or played.began - one.observed.at > LAG
        ]
        missing = set(good) - set(seen.board[slug])
        verdict.must("I4", not late and not missing, f"{slug}: {len(late)} prices are not new")
    outside = [*played.cycle.hung, *played.cycle.broken]
    others = [slug for slug in outside if slug != victim]
    verdict.must("I4", not others, f"hung or broken: {others}")


def in_good_time(verdict: Verdict, played: Played, most: float = MOST_SECONDS) -> None:
    verdict.must("I5", played.seconds <= most, f"the cycle took {played.seconds:.1f} s")
    verdict.must("I5", played.grown <= MOST_GROWN, f"memory grew by {played.grown:.0f} MB")


def takes_up(
    verdict: Verdict,
    it: Stage,
    truth: Seen,
    victims: Iterable[str],
    rest: timedelta = SLOT,
) -> Seen:
    """Cycles as ever, once the fault's own `rest` is over: at the most two that are asked."""
    slugs = list(victims)
    for _try in range(2):
        waits = [until for slug in slugs if (until := look(it).told[slug].until)]
        it.later(max([rest, *(until - it.clock.now() + SLOT for until in waits)]))
        it.play()
        seen = look(it)
        if all(_well(truth, seen, slug) for slug in slugs):
            return seen
    for slug in slugs:
        verdict.must("I6", _well(truth, seen, slug), f"{slug} is not back: {seen.told[slug]}")
    return seen


def _well(truth: Seen, seen: Seen, slug: str) -> bool:
    new = [one for one in seen.board[slug].values() if seen.at - one.observed.at <= LAG]
    right = all(
        figures(one) == figures(truth.board[slug][key])
        for key, one in seen.board[slug].items()
        if key in truth.board[slug]
    )
    return len(new) >= len(truth.board[slug]) and right and not seen.told[slug].trouble


def proven(verdict: Verdict, it: Stage, exchanges: list[Trace]) -> None:
    """Each answer that came is kept as it came, once for all who got the very same; and nothing
    that is nobody's business."""
    for one in exchanges:
        if one.status is None:
            continue
        if one.empty and not one.failed and one.status in FOLLOWED:
            continue
        found = evidence_of(it, one.sha256)
        if found is None:
            verdict.must("I7", False, f"no evidence of {one.url}: {one.status}")
            continue
        same = found.status == one.status
        verdict.must("I7", same, f"evidence of {one.url} says {found.status}, not {one.status}")
        verdict.must("I7", bool(found.headers), f"{one.url}: no headers were kept")
        short = not one.failed or len(found.body) <= LONGEST_FAILED
        verdict.must("I7", short, f"{len(found.body)} bytes kept of a failed answer")
        verdict.must("I7", found.sha256 == one.sha256, "the hash is another's")
    kept = secrets_kept(it.database)
    verdict.must("I7", not kept, f"secrets are kept: {kept[:3]}")
