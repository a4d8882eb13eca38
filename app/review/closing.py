"""Countries, closed by two people: one asks, another confirms. The caller notes it, in the same
transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.db import closings, reach
from app.db.closings import ClosingRow
from app.db.engine import take_turn
from app.db.provider_changes import ChangeState
from app.domain.reach import Reach
from app.review.deciding import Person, SamePerson, Undecidable


def ask(
    session: Session, said: Reach, note: str, version: int, by: Person, now: datetime
) -> int | None:
    """Number of the request that waits for a second operator; None if somebody else changed the
    country since it was of this version. Raises Undecidable if one waits already."""
    take_turn(session)
    row = reach.find_reach(session, said.country)
    if row is None or row.version != version:
        return None
    if closings.waiting_closings(session, said.country):
        raise Undecidable("It waits for a second operator already.")
    return closings.add_closing(session, said, note, version, by.id, now)


def confirm(session: Session, number: int, by: Person, now: datetime) -> ClosingRow:
    """Close what another operator asked to close. Raises SamePerson if it was `by`, Undecidable if
    it was decided already, or the country was changed since."""
    take_turn(session)
    row = _waiting(session, number)
    if row.asked_by == by.id:
        raise SamePerson("You asked for this yourself: a second operator confirms it.")
    known = reach.find_reach(session, row.receive_country)
    if known is None:
        raise Undecidable("This country was changed since then: refuse this, and ask anew.")
    said = row.reach(known.reach().currencies)
    if not reach.decide_reach(session, said, row.note, row.version, now):
        raise Undecidable("This country was changed since then: refuse this, and ask anew.")
    closings.decide_closing(session, number, ChangeState.DONE, by.id, now)
    return row


def refuse(session: Session, number: int, by: Person, now: datetime) -> ClosingRow:
    """Leave it as it is. Whoever asked may take it back so."""
    take_turn(session)
    row = _waiting(session, number)
    closings.decide_closing(session, number, ChangeState.REFUSED, by.id, now)
    return row


def _waiting(session: Session, number: int) -> ClosingRow:
    row = closings.find_closing(session, number)
    if row is None or row.state is not ChangeState.WAITING:
        raise Undecidable("This was decided already.")
    return row
