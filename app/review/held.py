"""Held quotes, decided by people: a reading that a gate held becomes a price, or does not.

All of it in the caller's transaction (`Database.writing`): a decision is kept whole or not at all.
The caller notes it in the audit log, in the same transaction: "held.released", "held.refused",
"held.asked" or "held.confirmed", about ("held", id) or ("held_batch", number).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.orm import Session

from app.db import held, held_batches, prices
from app.db.engine import take_turn
from app.db.held import HeldDecision, HeldRow
from app.db.held_batches import HeldBatchRow
from app.db.price_text import price_from
from app.db.services import find_service
from app.domain.gates import LIMITS
from app.domain.money import EXACT
from app.domain.precedence import prevails
from app.domain.proposal import BIG_CHANGE
from app.domain.quote import Price
from app.domain.service import Service
from app.review.deciding import Person, SamePerson, Undecidable, reason


class Doubt(StrEnum):
    """Why one operator alone does not release a reading: a slip would be a wrong price on the site.

    CHANGE  what arrives differs by more than two percent from what is shown
    NOTHING nothing is shown to compare it with
    FAR     its rate is farther from the mid rate than the gates let any price be
    """

    CHANGE = "change"
    NOTHING = "nothing"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Looked:
    """A held reading, and what an operator needs to decide about it.

    row       as it is kept: times, first_at, last_at, over_at, decision, decided_by, words
    service   whose `provider` is the slug of the firm
    price     what would be published; None if too little was kept of it (before it could be)
    findings  (gate, what it saw), those that held it
    shown     what stands on the board now for the same service and rung, of any source, or None
    hindrance why it cannot be decided now, in words for an operator; "" if it can
    doubt     why its release takes two operators even alone; None if one is enough
    """

    row: HeldRow
    service: Service
    price: Price | None
    findings: tuple[tuple[str, str], ...]
    shown: Price | None
    hindrance: str
    doubt: Doubt | None


@dataclass(slots=True)
class Outcome:
    """done: numbers of held quotes that were decided now; left: those that were not, and why, in
    words for an operator; batch: number of the request that waits for a second operator, or None.
    """

    done: list[int] = field(default_factory=list)
    left: dict[int, str] = field(default_factory=dict)
    batch: int | None = None


def look(session: Session, held_id: int, now: datetime) -> Looked | None:
    """A held reading with all that belongs to it; None if there is no such reading (any more)."""
    row = held.find_held(session, held_id)
    if row is None:
        return None
    service = find_service(session, row.service_id)
    price = price_from(row.whole, row.service_id, service) if row.whole else None
    findings = tuple((gate, says) for gate, says in json.loads(row.findings))
    shown = _shown(session, row, service)
    hindrance = _hindrance(session, row, now)
    return Looked(row, service, price, findings, shown, hindrance, _doubt(row, price, shown))


def _doubt(row: HeldRow, price: Price | None, shown: Price | None) -> Doubt | None:
    """By what the page shows of it, and by what would be published."""
    received, off_mid = [row.received], [_share(row.rate, row.mid_rate)]
    if price is not None:
        received.append(price.quote.received.amount)
        off_mid.append(_share(price.quote.rate, price.mid.rate))
    if any(abs(one) > LIMITS.off_mid for one in off_mid):
        return Doubt.FAR
    if shown is None:
        return Doubt.NOTHING
    if any(abs(_share(one, shown.quote.received.amount)) > BIG_CHANGE for one in received):
        return Doubt.CHANGE
    return None


def _share(one: Decimal, other: Decimal) -> Decimal:
    """By how much the one differs from the other: 0.02 is two percent more."""
    return EXACT.divide(one, other) - 1


def release(session: Session, ids: Sequence[int], by: Person, now: datetime, words: str) -> Outcome:
    """Publish held readings. One that is near what is shown is published now. Of several at once,
    or of one that is in doubt (`Doubt`), nothing is: the request is kept (`Outcome.batch`) until a
    second operator calls `confirm`.

    A reading is published as it was read: with its own time, so it may be older than fresh, its
    mid rate and its evidence. It is not if it was decided or published already, or if a newer
    reading of the same service and amount is held: see `Outcome.left`. Raises Undecidable without
    words, or without ids. `by` is the operator's account; rights are the caller's to check.
    """
    why = reason(words)
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise Undecidable("Choose at least one reading.")
    take_turn(session)
    if len(wanted) > 1 or _takes_two(session, wanted[0], now):
        return Outcome(batch=_ask(session, wanted, by, now, why))
    return _release(session, wanted, by, now, why)


def _ask(session: Session, ids: list[int], by: Person, now: datetime, words: str) -> int:
    """Number of the request: who asks for the same twice has asked once."""
    for row in held_batches.waiting_batches(session):
        if row.asked_by == by.id and row.ids == tuple(ids):
            return row.id
    return held_batches.add_batch(session, ids, by.id, words, now)


def _takes_two(session: Session, held_id: int, now: datetime) -> bool:
    """Of what cannot be released at all nothing is asked."""
    looked = look(session, held_id, now)
    return looked is not None and not looked.hindrance and looked.doubt is not None


def confirm(session: Session, batch: int, by: Person, now: datetime) -> Outcome:
    """Publish what another operator asked to release at once. Raises SamePerson if `by` asked for
    it, Undecidable if there is no such request or it was confirmed already."""
    row = held_batches.find_batch(session, batch)
    if row is None:
        raise Undecidable("There is no such request.")
    if row.asked_by == by.id:
        raise SamePerson("You asked for this yourself: a second operator confirms it.")
    if not held_batches.confirm_batch(session, batch, by.id, now):
        raise Undecidable("This request was confirmed already.")
    return _release(session, row.ids, by, now, row.words)


def refuse(session: Session, ids: Sequence[int], by: Person, now: datetime, words: str) -> Outcome:
    """Do not believe held readings, one or several: what is shown stays as it is, so that one
    operator is enough. The same reading is refused again when it comes back; another one is not.
    Raises Undecidable without words."""
    why = reason(words)
    outcome = Outcome()
    for held_id in dict.fromkeys(ids):
        row = held.find_held(session, held_id)
        hindrance = _undecided(row)
        if hindrance:
            outcome.left[held_id] = hindrance
        elif held.decide(session, held_id, HeldDecision.REFUSED, by.id, why, now):
            outcome.done.append(held_id)
        else:
            outcome.left[held_id] = "Somebody else decided at the same time."
    return outcome


def waiting(session: Session) -> list[HeldBatchRow]:
    """Requests to release several at once (`ids`, `asked_by`, `asked_at`, `words`) that a second
    operator has not confirmed yet, oldest first."""
    return held_batches.waiting_batches(session)


def _release(
    session: Session, ids: Sequence[int], by: Person, now: datetime, words: str
) -> Outcome:
    take_turn(session)
    outcome = Outcome()
    for held_id in ids:
        row = held.find_held(session, held_id)
        hindrance = _hindrance(session, row, now)
        if row is None or hindrance:
            outcome.left[held_id] = hindrance
        elif held.decide(session, held_id, HeldDecision.RELEASED, by.id, words, now):
            _publish(session, row, now)
            outcome.done.append(held_id)
        else:
            outcome.left[held_id] = "Somebody else decided at the same time."
    return outcome


def _publish(session: Session, row: HeldRow, now: datetime) -> None:
    service = find_service(session, row.service_id)
    price = price_from(row.whole, row.service_id, service)
    prices.save(session, service.corridor, [price], now)
    held.let_go(session, row.source, {(row.service_id, row.rung)}, now)


def _undecided(row: HeldRow | None) -> str:
    if row is None:
        return "This reading is no longer kept."
    if row.decision is not None:
        return f"This reading was {row.decision.value} already."
    if row.over_at is not None:
        return "A later reading was published since then."
    return ""


def _hindrance(session: Session, row: HeldRow | None, now: datetime) -> str:
    """Why it cannot be released now."""
    hindrance = _undecided(row)
    if row is None or hindrance:
        return hindrance
    newest = held.newest_open(session, row)
    if newest is not None and newest.id != row.id:
        return f"A newer reading of the same is held: number {newest.id}."
    if not row.whole:
        return "Too little was kept of this reading to publish it."
    service = find_service(session, row.service_id)
    shown = _shown(session, row, service)
    price = price_from(row.whole, row.service_id, service)
    if shown is not None and not prevails(price, shown, now):
        return f"The price of {shown.source} goes before it, and would stay."
    return ""


def _shown(session: Session, row: HeldRow, service: Service) -> Price | None:
    found = prices.newest(session, service.corridor, {row.rung}, {row.service_id})
    return found[0] if found else None
