"""F02 to F50: what a source's server can do, played by the lab on a real module."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from app.collect.cycle import SLOT
from app.domain.quote import Age
from scrapers.contract import Trouble
from tests.faults.seen import Seen, look
from tests.faults.stage import Played, Stage, stage
from tests.faults.verdict import (
    Verdict,
    in_good_time,
    never_fresh,
    nothing_lost,
    others_arrive,
    proven,
    takes_up,
    told,
)
from tests.lab.faults import FAULTS

VICTIM = "wise"
VICTIMS = {"F45": "remitly"}
"""Others where another one is the right patient: one that states no time."""

HOSTS = {"wise": "api.wise.com", "remitly": "api.remitly.io", "ria": "public.riamoneytransfer.com"}
PACE = 0.2
RESTS = {"F30": timedelta(hours=25)}
"""How long until a fault can be noticed, and be seen to be over: robots.txt counts for a day."""

ALSO = {"F15": {"connection"}, "F49": {"schema"}}
"""What a trouble may be called beyond the lab's own list: one second try in ten is made,
and other limits may contradict the rest of an answer."""

MOVED = Decimal("1.01")
RATES_AGAIN = timedelta(hours=24)
"""Some mid rates are those of a day: until the next one nobody can tell that the market moved."""

BLIND = {
    "F43": "in a managed currency (here NGN) rates up to 5 % above the official one are real, and "
    "nothing in the answer tells a promotion that is not called one (docs/gates.md)",
}


def served(number: str, url: str) -> Verdict:
    verdict = Verdict()
    victim = VICTIMS.get(number, VICTIM)
    host, rest = HOSTS[victim], RESTS.get(number, SLOT)
    with stage(url, victim) as it:
        it.play()
        it.later()
        it.play()
        for variant in FAULTS[number].variants:
            it.client.exchanges(victim)
            truth = look(it)
            it.lab.fault(host, number, variant, pace=PACE)
            it.later(rest - SLOT)
            found = episode(it, truth, victim, kinds_of(number))
            if number in BLIND and "I2" in found.broken:
                found.blind = BLIND[number]
            verdict.add(found, variant)
    return verdict


def kinds_of(number: str) -> frozenset[str]:
    fault = FAULTS[number]
    kinds = {one.value for one in fault.troubles} | ALSO.get(number, set())
    if "held" in fault.then:
        kinds |= {Trouble.HELD.value, Trouble.INCOMPLETE.value}
    return frozenset(kinds)


def episode(it: Stage, truth: Seen, victim: str, kinds: frozenset[str]) -> Verdict:
    """Two cycles with the fault that is switched on, and one or two without. `truth` is what was
    seen just before."""
    verdict, host = Verdict(), HOSTS[victim]
    rest = it.clock.now() - truth.at + SLOT
    played = [_cycle(it), _cycle(it)]
    (_one, first), (_two, second) = played
    verdict.must("I2", it.lab.bites(host) > 0, "the fault made no difference")
    nothing_lost(verdict, truth, second, [victim])
    unharmed = never_fresh(verdict, truth, first, second, victim)
    if unharmed and not second.told[victim].trouble:
        verdict.notes.append("no harm")
    else:
        verdict.notes.append(told(verdict, second, victim, kinds))
    for cycle, seen in played:
        others_arrive(verdict, truth, cycle, seen, victim)
        in_good_time(verdict, cycle)
    proven(verdict, it, it.client.exchanges(victim))
    it.lab.heal()
    takes_up(verdict, it, truth, [victim], rest)
    return verdict


def _cycle(it: Stage) -> tuple[Played, Seen]:
    it.later()
    played = it.play()
    return played, look(it)


def frozen(_number: str, url: str) -> Verdict:
    """F45, by a source that states no time. A body that stays is wrong only once the market has
    moved on: from then on its prices must be held, and told, within two cycles."""
    verdict, victim = Verdict(), VICTIMS["F45"]
    host = HOSTS[victim]
    with stage(url, victim) as it:
        it.play()
        it.lab.fault(host, "F45")
        for _quarter in range(5):
            it.later()
            it.play()
        before = look(it)
        it.client.exchanges(victim)
        it.lab.world.drift = MOVED
        it.later(RATES_AGAIN)
        one = it.play()
        it.later()
        two = it.play()
        second = look(it)
        verdict.must("I2", it.lab.bites(host) > 0, "the fault made no difference")
        nothing_lost(verdict, before, second, [victim])
        for price, age in second.shown.get(victim, []):
            verdict.must("I2", age is not Age.FRESH, f"frozen and fresh: {price.quote.rate}")
        verdict.notes.append(told(verdict, second, victim, frozenset({"held"})))
        for played in (one, two):
            in_good_time(verdict, played)
        others_arrive(verdict, moved_on(before, second, victim), two, second, victim)
        proven(verdict, it, it.client.exchanges(victim))
        it.lab.heal()
        it.later()
        it.play()
        healed = look(it)
        new = [one for one in healed.board[victim].values() if healed.at - one.observed.at < SLOT]
        verdict.must("I6", len(new) == len(before.board[victim]), "the new prices are not taken up")
        verdict.must("I6", not healed.told[victim].trouble, "it still counts as in trouble")
    return verdict


def moved_on(before: Seen, after: Seen, victim: str) -> Seen:
    """What the others must have after the market moved: as many prices as before, of new figures
    that nobody knew beforehand."""
    board = {
        slug: {key: after.board[slug].get(key, old) for key, old in prices.items()}
        for slug, prices in before.board.items()
        if slug != victim
    }
    return replace(after, board=board)
