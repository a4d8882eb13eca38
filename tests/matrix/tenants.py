"""Two firms: everything that one has, asked for and written to by the staff of the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, select

from app.db import api_keys, offers, prices, profiles, proposals, stamps
from app.db.models import Base
from app.db.providers import ids_by_slug
from app.domain.account import Account, Role
from app.domain.corridor import Corridor
from app.domain.offer import OfferWords, Terms
from app.domain.proposal import Kind, prices_payload
from app.domain.submitted import Line, line_of
from app.review.profiles import profile_payload
from app.web.access import Audience
from tests.matrix.cells import Actor, Result, send
from tests.matrix.routes import Route, closed_routes
from tests.web.portal.firm import row
from tests.work import Workplace

OURS, THEIRS = "wise", "western-union"
"""The firm whose things they are, and the one that asks."""

SECRET = "Canary-of-the-first-firm"  # noqa: S105  a word to look for
CORRIDOR = Corridor("NL", "EUR", "MA", "MAD")
FORM = {
    "name": SECRET[::-1],
    "words": "words",
    "version": "1",
    "sha256": "0" * 64,
    "approved": "1",
    "provider": OURS,
    "provider_id": "1",
    "role": "administrator",
    "state": "approved",
    "rating": "5",
    "rank": "1",
}
"""More than any form asks for (mass assignment)."""


def stock(work: Workplace, account: Account) -> None:
    """One of each thing that a firm can have, each with SECRET in its words."""
    by, now = account.id, work.now
    with work.database.writing() as session:
        for kind, payload in _payloads(now).items():
            proposals.add_proposal(session, OURS, kind, payload, by, SECRET, now)
        words = {"en": OfferWords(SECRET, SECRET, SECRET)}
        ends = now.date() + timedelta(days=30)
        terms = Terms(texts=words, starts=now.date(), ends=ends)
        offers.propose(session, OURS, terms, now, by)
        api_keys.make_key(session, OURS, SECRET, by, now)
        profiles.keep_profile(session, OURS, profiles.Profile(OURS.title(), "", SECRET), now)
        mine = [
            one for one in prices.newest(session, CORRIDOR) if one.quote.service.provider == OURS
        ]
        stamps.stamp(session, mine, by, now)


def _payloads(now: datetime) -> dict[Kind, str]:
    """What a firm may propose, as it is kept."""
    line = line_of(0, row(), OURS)
    assert isinstance(line, Line)
    profile = profiles.Profile(SECRET, "https://www.example.org", SECRET, {"en": SECRET})
    return {
        Kind.PRICES: prices_payload(OURS, [line], now),
        Kind.PROFILE: profile_payload(OURS, profile),
    }


def things_of(work: Workplace, provider: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that belongs to a firm, by table, with what hangs on it."""
    with work.database.reading() as session:
        number = ids_by_slug(session, {provider})[provider]
        owned: dict[str, set[Any]] = {"provider": {number}}
        found: dict[str, list[tuple[Any, ...]]] = {}
        for table in Base.metadata.sorted_tables:
            wanted = list(_hangs_on(table, owned))
            rows = [
                row
                for row in session.execute(select(table))
                if any(getattr(row, column) in owned[of] for column, of in wanted)
            ]
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
            if "id" in table.c and table.name != "provider":
                owned[table.name] = {row.id for row in rows}
        return found


def _hangs_on(table: Table, owned: dict[str, set[Any]]) -> Iterator[tuple[str, str]]:
    for key in table.foreign_keys:
        if key.column.table.name in owned and key.column.name == "id":
            yield key.parent.name, key.column.table.name


def between_firms(work: Workplace) -> Result:
    """Every route of the portal and of a program with a key, with the numbers of all that a firm
    has: nothing that tells SECRET, and nothing of that firm's is changed."""
    result = Result()
    ours = work.account(Role.PROVIDER, provider=OURS)
    stock(work, ours)
    theirs = work.account(Role.PROVIDER, provider=THEIRS)
    browser = work.client(theirs)
    with work.database.writing() as session:
        _number, key = api_keys.make_key(session, THEIRS, "other", theirs.id, work.now)
    before = things_of(work, OURS)
    assert SECRET in json.dumps(before, default=str)
    for route in closed_routes(work.app):
        if route.audience in (Audience.PORTAL, Audience.API_KEY):
            for address in route.addresses:
                text = _asked(Actor("another firm", Role.PROVIDER, browser), route, address, key)
                result.note(SECRET not in text, f"{route.method} {address} tells another firm")
                after = things_of(work, OURS)
                changed = [name for name in before if before[name] != after[name]]
                result.note(not changed, f"{route.method} {address} changes {changed}")
                before = after
    return result


def _asked(actor: Actor, route: Route, address: str, key: str) -> str:
    if route.audience is Audience.API_KEY:
        headers = {"Authorization": f"Bearer {key}"}
        return send(actor, route, address, **headers).get_data(as_text=True)
    data = FORM if route.method == "POST" else None
    answer = actor.browser.open(address, method=route.method, data=data)
    return answer.get_data(as_text=True)


def own_view(work: Workplace) -> int:
    """How many routes tell a firm's own staff SECRET: that it can be seen at all."""
    account = work.account(Role.PROVIDER, provider=OURS)
    stock(work, account)
    actor = Actor("own staff", Role.PROVIDER, work.client(account))
    told = 0
    for route in closed_routes(work.app):
        if route.audience is Audience.PORTAL and route.method == "GET":
            answers = (send(actor, route, address) for address in route.addresses)
            told += any(SECRET in answer.get_data(as_text=True) for answer in answers)
    return told
