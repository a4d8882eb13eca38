"""Every source against every fault that a server can play, through the real client and the lab.

.venv/bin/python -m tests.scrapers.every_source [SLUG ...]      what came of it, counted
"""

from __future__ import annotations

import ssl
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.domain.fees import BadSchedule
from app.domain.quote import IncoherentQuote
from scrapers import LICENCES, PRICES, RATES
from scrapers.contract import SourceError, Trouble
from scrapers.http import Client
from tests.lab.faults import FAULTS, Fault
from tests.lab.server import Lab, lab_world
from tests.lab.world import World
from tests.scrapers.trials import NOW, SLOT, LicenceTrial, PriceTrial, RateTrial, Trial, Wrong

PATIENCE, IMPATIENCE = 10.0, 0.3
DRIPPING, FROZEN = ("F02", "F03"), "F45"
FROZEN_READINGS = 6
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""The lab speaks plain HTTP, and to read those of the system takes longer than a question."""


class Outcome(StrEnum):
    REFUSED = "refused"
    HARMLESS = "harmless"
    HELD = "held by gates"
    BLIND = "blind spot"
    NOTHING = "does not apply"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a fault.

    error  what the source raised
    wrong  what was wrong with what it read, where it raised nothing
    """

    slug: str
    fault: Fault
    variant: str
    outcome: Outcome
    error: Exception | None = None
    wrong: tuple[Wrong, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        return self.slug, self.fault.id, self.variant

    @property
    def trouble(self) -> Trouble | None:
        """As collecting calls it; numbers that contradict each other are what it was not told."""
        if isinstance(self.error, SourceError):
            return self.error.trouble
        return Trouble.SCHEMA if self.error else None

    @property
    def line(self) -> str:
        says = str(self.error or "; ".join(one.says for one in self.wrong if not one.held))
        words = f"{self.trouble or ''} {says}".strip()
        return f"{' '.join(self.key):42} {self.outcome:15} {words[:160]}"


def every_trial(slugs: Iterable[str] = ()) -> list[Trial[Any]]:
    found: list[Trial[Any]] = [PriceTrial(source) for source in PRICES]
    found += [RateTrial(source) for source in RATES]
    found += [LicenceTrial(source) for source in LICENCES]
    wanted = set(slugs) or {trial.slug for trial in found}
    return [trial for trial in found if trial.slug in wanted]


def every_result(lab: Lab, trial: Trial[Any]) -> Iterator[Result]:
    """Of one source with every fault in every variant."""
    lab.world = noon()
    with client(lab) as asking:
        trial.get_ready(asking, lab.world)
    for fault in FAULTS.values():
        for variant in fault.variants:
            yield result(lab, trial, fault, variant)


def result(lab: Lab, trial: Trial[Any], fault: Fault, variant: str) -> Result:
    """With the fault on every host of the source. Afterwards the lab is well again."""
    lab.clear()
    for host in trial.hosts:
        lab.fault(host, fault.id, variant, pace=60 if fault.id in DRIPPING else 0)
    try:
        wrong = _wrongs(lab, trial, fault)
    except (SourceError, IncoherentQuote, BadSchedule) as error:
        return Result(trial.slug, fault, variant, Outcome.REFUSED, error)
    else:
        bites = any(lab.bites(host) for host in trial.hosts)
        return Result(trial.slug, fault, variant, _outcome(wrong, bites=bites), wrong=tuple(wrong))
    finally:
        inside = [request for request in lab.requests if not request.host]
        assert not inside, f"{trial.slug} reads what is inside with {fault.id}"
        lab.heal()
        lab.world = noon()


def _wrongs(lab: Lab, trial: Trial[Any], fault: Fault) -> list[Wrong]:
    if fault.id != FROZEN:
        with client(lab, IMPATIENCE if fault.id in DRIPPING else PATIENCE) as asking:
            return trial.wrongs(trial.ask(asking))
    answers = []
    for place in range(FROZEN_READINGS):
        lab.world = noon(place)
        with client(lab) as asking:
            answers.append((lab.world, trial.ask(asking)))
    return trial.frozen(answers)


def _outcome(wrong: list[Wrong], *, bites: bool) -> Outcome:
    if not wrong:
        return Outcome.HARMLESS if bites else Outcome.NOTHING
    return Outcome.HELD if all(one.held for one in wrong) else Outcome.BLIND


def noon(slots: int = 0) -> World:
    """So many quarters of an hour later, and each has moved the market by 0.2 %."""
    world = lab_world()
    world.now = NOW + slots * SLOT
    world.drift = 1 + slots * Decimal("0.002")
    return world


@contextmanager
def client(lab: Lab, deadline: float = PATIENCE) -> Iterator[Client]:
    made = Client(
        "HuiswaartsBot/1.0", lab.url, deadline=deadline, sleep=lambda _: None, tls=NO_CERTIFICATES
    )
    try:
        yield made
    finally:
        made.close()


def counted(results: list[Result]) -> str:
    """A table: of each source, how often which outcome."""
    names = [f"{outcome.value:>14}" for outcome in Outcome]
    lines = [f"{'':18}{''.join(names)}"]
    slugs = list(dict.fromkeys(one.slug for one in results))
    for name, some in [(slug, {slug}) for slug in slugs] + [("all", set(slugs))]:
        count = Counter(one.outcome for one in results if one.slug in some)
        lines.append(f"{name:18}{''.join(f'{count[outcome]:>14}' for outcome in Outcome)}")
    return "\n".join(lines)


def main(slugs: list[str]) -> None:
    with Lab(noon()) as lab:
        results = [one for trial in every_trial(slugs) for one in every_result(lab, trial)]
    for one in results:
        print(one.line)
    print(counted(results))


if __name__ == "__main__":
    main(sys.argv[1:])
