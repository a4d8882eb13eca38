"""Today: what needs a person, in one order.

Each kind has a weight: how much is lost while nobody acts. What waits gains a little every day, up
to a limit that its kind sets, so that what is less urgent is not left for ever. Nothing that only
waits overtakes what is broken for every reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAY = timedelta(days=1)


class Kind(StrEnum):
    SCHEDULE = "schedule"
    RATES = "rates"
    BACKUP = "backup"
    COPIES = "copies"
    SILENT = "silent"
    MAIL = "mail"
    GAP = "gap"
    FLAGGED = "flagged"
    REPORT = "report"
    REPLY = "reply"
    BATCH = "batch"
    HELD = "held"
    PROPOSAL = "proposal"
    OFFER = "offer"
    ADVERT = "advert"
    TROUBLED = "troubled"
    ENDING = "ending"
    STALE = "stale"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Weight:
    """base: what it weighs when it is new; a_day: what it gains each day, up to `most` in all;
    broken: whether the site is not healthy while it lasts; why: what the weight rests on."""

    base: int
    a_day: int
    most: int
    broken: bool
    why: str


WEIGHTS = {
    Kind.SCHEDULE: Weight(1000, 0, 1000, True, "no price of any firm becomes newer meanwhile"),
    Kind.BACKUP: Weight(200, 10, 300, True, "whatever is lost now is lost for good"),
    Kind.RATES: Weight(195, 0, 195, True, "no price of any firm can be weighed, so none is shown"),
    Kind.SILENT: Weight(160, 5, 190, True, "readers see one firm's prices grow old"),
    Kind.MAIL: Weight(130, 5, 150, True, "somebody waits for words that will not come"),
    Kind.GAP: Weight(120, 0, 120, False, "a reason is known today and forgotten next month"),
    Kind.FLAGGED: Weight(110, 2, 125, False, "a firm's real price is not the one we show"),
    Kind.REPORT: Weight(100, 6, 150, False, "a reader says that something is wrong"),
    Kind.REPLY: Weight(95, 6, 140, False, "a firm answered, and nobody may read it yet"),
    Kind.BATCH: Weight(90, 6, 120, False, "a colleague has done their part"),
    Kind.HELD: Weight(80, 4, 110, False, "an older price stands in its place"),
    Kind.PROPOSAL: Weight(75, 6, 120, False, "a firm waits for an answer"),
    Kind.OFFER: Weight(70, 6, 120, False, "a firm waits for an answer"),
    Kind.ADVERT: Weight(65, 6, 120, False, "a colleague waits for a second person"),
    Kind.COPIES: Weight(62, 2, 78, False, "nothing is lost yet, and nothing would come back"),
    Kind.TROUBLED: Weight(60, 2, 75, False, "part of a source cannot be read, the rest still can"),
    Kind.ENDING: Weight(40, 5, 60, False, "an offer that ended is only taken away"),
    Kind.STALE: Weight(30, 1, 55, False, "some readers read what is no longer so"),
    Kind.INVITATION: Weight(20, 1, 50, False, "only the one who was invited is held up"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that needs a person.

    since  aware UTC: since when it is so
    about  what it is about, to tell two of a kind apart
    count  how many such things it stands for
    """

    kind: Kind
    since: datetime
    about: str = ""
    count: int = 1

    @property
    def is_broken(self) -> bool:
        return WEIGHTS[self.kind].broken


def weight(item: Item, now: datetime) -> int:
    """Never less than when it was new, also where its time lies ahead."""
    kind = WEIGHTS[item.kind]
    days = max((now - item.since) // DAY, 0)
    return min(kind.base + kind.a_day * days, kind.most)


def order(item: Item, now: datetime) -> tuple[int, datetime, str, str]:
    """For sorting: the heaviest first; of equal ones that which waits longest."""
    return -weight(item, now), item.since, item.kind.value, item.about


def ordered(items: Iterable[Item], now: datetime) -> list[Item]:
    return sorted(items, key=lambda item: order(item, now))


def is_healthy(items: Iterable[Item]) -> bool:
    return not any(item.is_broken for item in items)
