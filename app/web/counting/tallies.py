"""What was counted and waits to be written: numbers by day, and each day's sketch of devices."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from datasketches import hll_sketch
from sqlalchemy.orm import Session

from app.db.clicks import add_clicks
from app.db.counting import NoteKind
from app.db.shown import Key, Tally, add_shown, monday
from app.db.sketches import PRECISION, merge_sketch
from app.db.traffic import OTHER, KnownCampaigns, add_counts
from app.db.visits import add_visits
from app.domain.corridor import Corridor
from app.domain.traffic import Subject, Whole
from app.web.counting.seen import Click, First, Page, What
from app.web.counting.today import Today

MOST_WAITING = 1000
"""Names of one subject that wait to be written; strangers can make up any number of them."""


@dataclass(slots=True)
class Look:
    """A page opened, an answer shown, a click or a first visit, as it waits to be judged. device,
    pace: marks of the visitor, see Today; begins: a visit with it; live: an answer on an open page;
    like_a_browser: sent with what browsers send."""

    today: Today
    at: float
    what: What
    device: int
    pace: int
    live: bool = False
    begins: bool = False
    like_a_browser: bool = False
    referrer: str = ""
    campaign: str = ""


@dataclass(slots=True)
class Tallies:
    """Of one day. What stands on pages is taken apart when it is written: most are alike."""

    day: date
    mark: str
    seen: Counter[tuple[What, bool]] = field(default_factory=Counter)
    counts: Counter[tuple[Subject, str]] = field(default_factory=Counter)
    devices: hll_sketch = field(default_factory=lambda: hll_sketch(PRECISION))

    def robot(self, whole: Whole) -> None:
        self.counts[Subject.TOTAL, whole.value] += 1

    def add(self, look: Look) -> None:
        self.seen[look.what, look.live] += 1
        if look.live or not isinstance(look.what, Page):
            return
        self.devices.update(look.device)
        if look.begins:
            self.counts[Subject.TOTAL, Whole.VISITS.value] += 1
        self._named(Subject.REFERRER, look.referrer)
        self._named(Subject.CAMPAIGN, look.campaign)

    def write(self, session: Session, known_campaigns: KnownCampaigns) -> NoteKind | None:
        """What must be noted of this day, if anything."""
        parts = Parts(self.counts.copy())
        for (what, live), times in self.seen.items():
            parts.add(what, times, live=live)
        add_counts(session, self.day, parts.counts, known_campaigns)
        add_shown(session, monday(self.day), parts.shown)
        add_visits(session, self.day, parts.corridors)
        add_clicks(session, self.day, parts.services)
        if self.devices.is_empty():
            return None
        return merge_sketch(session, self.day, self.mark, self.devices)

    def written(self) -> None:
        """All that was counted is kept; the sketch stays, for the same twice does no harm."""
        self.seen.clear()
        self.counts.clear()

    def _named(self, subject: Subject, name: str) -> None:
        if name:
            key = (subject, name)
            full = len(self.counts) > MOST_WAITING and key not in self.counts
            self.counts[(subject, OTHER) if full else key] += 1


@dataclass(slots=True)
class Parts:
    """All numbers of a day, as they are kept. corridors and services: as the plan of collecting and
    the clicks of each service want them."""

    counts: Counter[tuple[Subject, str]]
    shown: dict[Key, Tally] = field(default_factory=dict)
    corridors: Counter[Corridor] = field(default_factory=Counter)
    services: Counter[int] = field(default_factory=Counter)

    def add(self, what: What, times: int, *, live: bool) -> None:
        if isinstance(what, Page):
            self._page(what, times, live=live)
        elif isinstance(what, Click):
            self._click(what, times)
        else:
            self._whole(Whole.MONTHS, times)
            if what is First.YEAR:
                self._whole(Whole.YEARS, times)

    def _page(self, page: Page, times: int, *, live: bool) -> None:
        self._whole(Whole.ANSWERS if live else Whole.VIEWS, times)
        if not live:
            self.counts[Subject.PAGE, page.page] += times
            self.counts[Subject.LANGUAGE, page.language] += times
        if page.corridor is None:
            return
        self.counts[Subject.CORRIDOR, _name(page.corridor)] += times
        self.counts[Subject.ORIGIN, page.corridor.send_country] += times
        self.corridors[page.corridor] += times
        for place, firm in enumerate(page.shown, start=1):
            tally = self.shown.setdefault((firm, page.corridor, page.language), Tally())
            tally.shown += times
            tally.places += place * times

    def _click(self, click: Click, times: int) -> None:
        self._whole(Whole.CLICKS, times)
        self.counts[Subject.CLICK, f"{click.firm} {click.place}"] += times
        self.services[click.service] += times
        self.shown.setdefault((click.firm, click.corridor, click.language), Tally()).clicks += times

    def _whole(self, whole: Whole, times: int) -> None:
        self.counts[Subject.TOTAL, whole.value] += times


def _name(corridor: Corridor) -> str:
    return "-".join(
        (
            corridor.send_country,
            corridor.send_currency,
            corridor.receive_country,
            corridor.receive_currency,
        )
    )
