"""Of today: what waits for a person's word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from flask import url_for
from flask_babel import gettext, ngettext

from app.db import adverts, held_list, proposals, replies, reports, shopped
from app.db import closings as asked
from app.db.waiting import Waits
from app.domain.advert import AdvertState
from app.domain.proposal import Proposal
from app.domain.today import Item, Kind
from app.review import held as review
from app.web.desk.held.words import gate
from app.web.desk.today.todo import Day, Todo, place
from app.web.locale import country
from app.web.work.who import me

CORRIDORS = "desk_corridors.index"
HELD, PROPOSALS, REPORTS = "desk_held.index", "desk_proposals.index", "desk_reports.index"
OFFERS, ADVERTS, SHOPPING = "desk_offers.index", "desk_adverts.index", "desk_shopping.index"
LONGEST_SAID = 160
FEW = 3
"""Reports that stand each on a line of their own; more are one line together."""


def held(today: Day) -> Iterator[Todo]:
    """A line for each source and reason."""
    found = held_list.waiting(today.session)
    for (source, name), readings in groupby(found, lambda one: (one.source, one.gate)):
        some = list(readings)
        one = some[0] if len(some) == 1 else None
        yield Todo(
            Item(Kind.HELD, min(one.first_at for one in some), f"{source} {name}", len(some)),
            HELD,
            ngettext(
                "%(num)s price of %(source)s is held: %(gate)s",
                "%(num)s prices of %(source)s are held: %(gate)s",
                len(some),
                source=source,
                gate=gate(name),
            ),
            gettext("An older price stands in its place until somebody releases or refuses it."),
            gettext("Decide"),
            url_for("desk_held.show", number=one.number)
            if one
            else url_for(HELD, source=source, gate=name),
            said=some[0].says,
        )


def batches(today: Day) -> Iterator[Todo]:
    """What a colleague asked to release: whoever asked it themselves cannot confirm it."""
    for row in review.waiting(today.session):
        if row.asked_by == me().id:
            continue
        yield Todo(
            Item(Kind.BATCH, row.asked_at, str(row.id), len(row.ids)),
            HELD,
            ngettext(
                "A colleague asks to release %(num)s held price",
                "A colleague asks to release %(num)s held prices",
                len(row.ids),
            ),
            gettext("Several at once take a second person, and that can be you."),
            gettext("Look and confirm"),
            url_for(HELD) + "#batches",
            said=row.words,
        )


def closings(today: Day) -> Iterator[Todo]:
    """Countries that a colleague asked to close."""
    for row in asked.waiting_closings(today.session):
        if row.asked_by == me().id:
            continue
        yield Todo(
            Item(Kind.BATCH, row.asked_at, row.receive_country),
            CORRIDORS,
            gettext("A colleague asks to close %(country)s", country=country(row.receive_country)),
            gettext("It takes every price of a country away, so it takes a second person."),
            gettext("Look and confirm"),
            place("desk_corridors.one", CORRIDORS, code=row.receive_country),
            said=row.note[:LONGEST_SAID],
        )


def proposed(today: Day) -> Iterator[Todo]:
    """A line for each firm."""
    firms: dict[str, list[Proposal]] = {}
    for one in proposals.open_proposals(today.session):
        firms.setdefault(one.provider, []).append(one)
    for firm, some in firms.items():
        first = min(some, key=lambda one: one.made_at)
        yield Todo(
            Item(Kind.PROPOSAL, first.made_at, str(first.id), len(some)),
            PROPOSALS,
            gettext("%(firm)s proposes something", firm=firm)
            if len(some) == 1
            else gettext("%(firm)s proposes %(count)s things", firm=firm, count=len(some)),
            gettext("A firm waits for an answer, and readers for its newest price or facts."),
            gettext("Look and decide"),
            place("desk_proposals.one", PROPOSALS, number=first.id)
            if len(some) == 1
            else url_for(PROPOSALS),
            said=first.words[:LONGEST_SAID],
        )


def reported(today: Day) -> Iterator[Todo]:
    found = list(reports.reports(today.session))
    if len(found) > FEW:
        yield Todo(
            Item(Kind.REPORT, min(one.at for one in found), "", len(found)),
            REPORTS,
            gettext("%(count)s readers report that something is wrong", count=len(found)),
            gettext("If they are right, every other reader is told wrong too."),
            gettext("Read and answer"),
            place(REPORTS, REPORTS),
        )
        return
    for one in found:
        yield Todo(
            Item(Kind.REPORT, one.at, str(one.number)),
            REPORTS,
            gettext("A reader reports that something is wrong"),
            gettext("If they are right, every other reader is told wrong too."),
            gettext("Read and answer"),
            place("desk_reports.one", REPORTS, number=one.number),
            said=one.message[:LONGEST_SAID],
        )


def replied(today: Day) -> Iterator[Todo]:
    for one in replies.waiting_replies(today.session):
        yield Todo(
            Item(Kind.REPLY, one.at, str(one.report)),
            REPORTS,
            gettext("%(firm)s replied to a report", firm=one.name),
            gettext("Nobody sees it before one of us has read it."),
            gettext("Read and decide"),
            place("desk_reports.one", REPORTS, number=one.report),
            said=one.text[:LONGEST_SAID],
        )


def offered(today: Day) -> Iterator[Todo]:
    for one in today.offers:
        if not one.waits:
            continue
        since = today.since.get((Waits.OFFER, one.number), today.now)
        yield Todo(
            Item(Kind.OFFER, since, str(one.number)),
            OFFERS,
            gettext("%(firm)s wants to show an offer", firm=one.provider),
            gettext("Nobody sees it before one of us has read it."),
            gettext("Read and decide"),
            place("desk_offers.one", OFFERS, number=one.number),
        )


def advertised(today: Day) -> Iterator[Todo]:
    """Whoever made an advert cannot be its second person."""
    found = [
        one
        for one in adverts.all_adverts(today.session)
        if one.state is AdvertState.WAITING and one.made_by != me().id
    ]
    for one in found:
        since = today.since.get((Waits.ADVERT, one.number), today.now)
        yield Todo(
            Item(Kind.ADVERT, since, str(one.number)),
            ADVERTS,
            gettext("An advert of %(who)s waits for a second person", who=one.advertiser),
            gettext("A colleague made it; nobody sees it before somebody else has read it."),
            gettext("Read and decide"),
            place("desk_adverts.advert", ADVERTS, number=one.number),
        )


def flagged(today: Day) -> Iterator[Todo]:
    for one in shopped.flagged(today.session, today.now):
        at = (today.since.get((Waits.RESULT, task)) for task in one.tasks)
        since = max((one for one in at if one is not None), default=today.now)
        yield Todo(
            Item(Kind.FLAGGED, since, one.provider, len(one.tasks)),
            SHOPPING,
            gettext("%(firm)s asked another price at the counter than we show", firm=one.name),
            gettext(
                "Readers are promised a price that they do not get: it was so twice in a year."
            ),
            gettext("See the results"),
            place("desk_shopping.results", SHOPPING),
        )
