"""Providers, decided by people: closed, reopened, and two that are one firm made one.

All of it in the caller's transaction (`Database.writing`). The caller notes it in the audit log, in
the same transaction: "provider.asked", "provider.done" or "provider.refused", about ("provider",
slug), of a merge about both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.db import accounts, api_keys, prices, provider_changes, providers, sources
from app.db.corridors import renew
from app.db.engine import take_turn
from app.db.merging import Overlap, merge_providers, overlap
from app.db.provider_changes import ChangeState, ProviderAct, ProviderChange
from app.db.services import corridors_of_provider
from app.domain.account import AccountState
from app.domain.provider import Provider, ProviderStatus
from app.review.deciding import Person, SamePerson, Undecidable, reason

LISTED = "tariff"
"""The source of prices from lists in files, which name a firm by its slug."""

AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Look:
    """What merging would do, before anybody does it; hindrance: why it cannot be done, in words
    for an operator, "" if it can."""

    gone: Provider
    kept: Provider
    overlap: Overlap
    hindrance: str


def look(session: Session, gone: str, kept: str) -> Look:
    """Both by slug. Raises Undecidable if they are not two providers of ours."""
    known = providers.all_providers(session)
    if gone == kept or not {gone, kept} <= known.keys():
        raise Undecidable("Choose two firms that are here.")
    numbers = providers.ids_by_slug(session, {gone, kept})
    return Look(
        known[gone],
        known[kept],
        overlap(session, numbers[gone], numbers[kept]),
        _hindrance(session, gone),
    )


def _hindrance(session: Session, gone: str) -> str:
    if any(row.provider == gone for row in sources.all_sources(session)):
        return "This firm has a source of its own: merge the other one into it instead."
    boards = prices.boards_of(session, gone, "NL").values()
    rungs = (one for board in boards for ladder in board for one in ladder.rungs)
    if any(one.source == LISTED for one in rungs):
        return "A price list of ours names this firm: merge the other one into it instead."
    if any(one.state is not AccountState.DISABLED for one in accounts.staff_of(session, gone)):
        return "Somebody of this firm can sign in: disable that account first."
    if any(key.revoked_at is None for key in api_keys.keys_of(session, gone)):
        return "A program of this firm has a key: take that back first."
    return ""


def needs_second(act: ProviderAct, status: ProviderStatus) -> bool:
    """Whether one operator is not enough: for all but offering again what was only closed."""
    return act is not ProviderAct.REOPEN or status is ProviderStatus.UNLICENSED


def ask(
    session: Session,
    act: ProviderAct,
    slug: str,
    by: Person,
    now: datetime,
    words: str,
    since: date,
    into: str = "",
) -> ProviderChange:
    """Ask for a change of a provider. It waits for a second operator, or is done if one is enough.

    `since` is the day that the reason holds from. Raises Undecidable if it makes no sense now.
    """
    why = reason(words)
    take_turn(session)
    known = providers.all_providers(session).get(slug)
    if known is None:
        raise Undecidable("There is no such firm.")
    _check(session, act, known, into, since, now)
    number = provider_changes.add_change(session, act, slug, into, since, why, by.id, now)
    if not needs_second(act, known.status):
        provider_changes.decide_change(session, number, ChangeState.DONE, by.id, "", now)
        _do(session, act, slug, into, now)
    return _row(session, number)


def confirm(session: Session, number: int, by: Person, now: datetime) -> ProviderChange:
    """Do what another operator asked. Raises SamePerson if it was `by`, Undecidable if it was
    decided already, or no longer makes sense."""
    take_turn(session)
    row = _waiting(session, number)
    if row.asked_by == by.id:
        raise SamePerson("You asked for this yourself: a second operator confirms it.")
    known = providers.all_providers(session).get(row.provider)
    if known is None:
        raise Undecidable("This firm is no longer here.")
    _check(session, row.act, known, row.into, row.since, now, asked=number)
    if not provider_changes.decide_change(session, number, ChangeState.DONE, by.id, "", now):
        raise Undecidable("Somebody else decided at the same time.")
    _do(session, row.act, row.provider, row.into, now)
    return _row(session, number)


def refuse(session: Session, number: int, by: Person, now: datetime, words: str) -> ProviderChange:
    """Do not do what was asked. Whoever asked may take it back so."""
    why = reason(words)
    _waiting(session, number)
    if not provider_changes.decide_change(session, number, ChangeState.REFUSED, by.id, why, now):
        raise Undecidable("Somebody else decided at the same time.")
    return _row(session, number)


def _check(
    session: Session,
    act: ProviderAct,
    one: Provider,
    into: str,
    since: date,
    now: datetime,
    asked: int | None = None,
) -> None:
    """Raises Undecidable, with what stands in the way."""
    if since > (now + AHEAD).date():
        raise Undecidable("This day is too far ahead.")
    if act is not ProviderAct.MERGE and since > now.date():
        raise Undecidable("This takes effect at once: the day cannot lie ahead.")
    active = one.status is ProviderStatus.ACTIVE
    if act is ProviderAct.CLOSE and not active:
        raise Undecidable("This firm is closed already.")
    if act is ProviderAct.REOPEN and active:
        raise Undecidable("This firm is open already.")
    about = (one.slug, into) if into else (one.slug,)
    others = [row for slug in about for row in provider_changes.waiting_changes(session, slug)]
    if any(row.id != asked for row in others):
        raise Undecidable("Something else waits for a second operator about this firm.")
    hindrance = look(session, one.slug, into).hindrance if act is ProviderAct.MERGE else ""
    if hindrance:
        raise Undecidable(hindrance)


def _do(session: Session, act: ProviderAct, slug: str, into: str, now: datetime) -> None:
    numbers = providers.ids_by_slug(session, {slug, into})
    if act is ProviderAct.MERGE:
        kept = providers.all_providers(session)[into]
        merge_providers(session, numbers[slug], numbers[into])
        providers.decide_status(session, numbers[into], kept.status, now)
        return
    opened = act is ProviderAct.REOPEN
    status = ProviderStatus.ACTIVE if opened else ProviderStatus.CLOSED
    providers.decide_status(session, numbers[slug], status, now)
    renew(session, corridors_of_provider(session, numbers[slug]))


def _waiting(session: Session, number: int) -> ProviderChange:
    row = provider_changes.find_change(session, number)
    if row is None:
        raise Undecidable("Nothing of the kind was asked.")
    if row.state is not ChangeState.WAITING:
        raise Undecidable("This was decided already.")
    return row


def _row(session: Session, number: int) -> ProviderChange:
    row = provider_changes.find_change(session, number)
    if row is None:
        raise Undecidable("Nothing of the kind was asked.")
    return row
