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
from app.web.counting.seen import Click, First, Page
from app.web.counting.today import Today

MOST_WAITING = 1000
"""Names of one subject that wait to be written; strangers can make up any number of them."""


@dataclass(frozen=True, slots=True)
class Look:
    """A page opened, an answer shown, a click or a first visit, as it waits to be judged. device,
    pace: marks of the visitor, see Today; begins: a visit with it; live: an answer on an open page;
    like_a_browser: sent with what browsers send."""

    today: Today
    at: float
    what: Page | Click | First
    device: int
    pace: int
    live: bool = False
    begins: bool = False
    like_a_browser: bool = False
    referrer: str = ""
    campaign: str = ""


@dataclass(slots=True)
class Tallies:
    """Of one day. corridors and services: as the plan of collecting and the clicks of old want
    them."""

    day: date
    mark: str
    counts: Counter[tuple[Subject, str]] = field(default_factory=Counter)
    shown: dict[Key, Tally] = field(default_factory=dict)
    corridors: Counter[Corridor] = field(default_factory=Counter)
    services: Counter[int] = field(default_factory=Counter)
    devices: hll_sketch = field(default_factory=lambda: hll_sketch(PRECISION))

    def robot(self, whole: Whole) -> None:
        self.counts[Subject.TOTAL, whole.value] += 1

    def add(self, look: Look) -> None:
        what = look.what
        if isinstance(what, Page):
            self._page(look, what)
        elif isinstance(what, Click):
            self._click(what)
        else:
            self.counts[Subject.TOTAL, Whole.MONTHS.value] += 1
            self.counts[Subject.TOTAL, Whole.YEARS.value] += what is First.YEAR

    def write(self, session: Session, known_campaigns: KnownCampaigns) -> NoteKind | None:
        """What must be noted of this day, if anything."""
        add_counts(session, self.day, self.counts, known_campaigns)
        add_shown(session, monday(self.day), self.shown)
        add_visits(session, self.day, self.corridors)
        add_clicks(session, self.day, self.services)
        if self.devices.is_empty():
            return None
        return merge_sketch(session, self.day, self.mark, self.devices)

    def written(self) -> None:
        """All that was counted is kept; the sketch stays, for the same twice does no harm."""
        for counted in (self.counts, self.shown, self.corridors, self.services):
            counted.clear()

    def _page(self, look: Look, page: Page) -> None:
        counts = self.counts
        if look.live:
            counts[Subject.TOTAL, Whole.ANSWERS.value] += 1
        else:
            counts[Subject.TOTAL, Whole.VIEWS.value] += 1
            counts[Subject.TOTAL, Whole.VISITS.value] += look.begins
            counts[Subject.PAGE, page.page] += 1
            counts[Subject.LANGUAGE, page.language] += 1
            self._named(Subject.REFERRER, look.referrer)
            self._named(Subject.CAMPAIGN, look.campaign)
            self.devices.update(look.device)
        if page.corridor is not None:
            corridor = page.corridor
            counts[Subject.CORRIDOR, _name(corridor)] += 1
            counts[Subject.ORIGIN, corridor.send_country] += 1
            self.corridors[corridor] += 1
            for place, firm in enumerate(page.shown, start=1):
                tally = self._tally(firm, corridor, page.language)
                tally.shown += 1
                tally.places += place

    def _click(self, click: Click) -> None:
        self.counts[Subject.TOTAL, Whole.CLICKS.value] += 1
        self.counts[Subject.CLICK, f"{click.firm} {click.place}"] += 1
        self.services[click.service] += 1
        self._tally(click.firm, click.corridor, click.language).clicks += 1

    def _named(self, subject: Subject, name: str) -> None:
        if name:
            key = (subject, name)
            full = len(self.counts) > MOST_WAITING and key not in self.counts
            self.counts[(subject, OTHER) if full else key] += 1

    def _tally(self, firm: str, corridor: Corridor, language: str) -> Tally:
        key = (firm, corridor, language)
        found = self.shown.get(key)
        if found is None:
            found = self.shown[key] = Tally()
        return found


def _name(corridor: Corridor) -> str:
    return "-".join(
        (
            corridor.send_country,
            corridor.send_currency,
            corridor.receive_country,
            corridor.receive_currency,
        )
    )
