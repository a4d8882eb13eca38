"""Licences, decided by people: whether a holder in a register is one of our providers.

All of it in the caller's transaction. The caller notes it in the audit log, in the same
transaction: "licence.confirmed" or "licence.rejected", about ("provider", slug).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.db import licence_matches, licences, providers
from app.db.licence_matches import LicenceMatchRow, MatchState
from app.db.licences import LicenceRow
from app.domain.licence import LicenceResult, of_all
from app.review.deciding import Person, Undecidable, reason


def confirm(
    session: Session, number: int, code: str, by: Person, now: datetime, words: str
) -> tuple[LicenceMatchRow, str]:
    """It is this provider's licence. `code` is the holder's code as the operator has it from the
    register itself: typed, not clicked, so that somebody has looked. What was decided, and the
    provider's slug. Raises Undecidable."""
    row, slug = _find(session, number)
    if code.strip() != row.code:
        raise Undecidable("This is not the code of the holder that stands here.")
    _decide(session, row, MatchState.CONFIRMED, by, now, reason(words))
    kept = LicenceRow(
        provider_id=row.provider_id,
        code=row.code,
        register=row.register,
        result=LicenceResult.FOUND.value,
        holder=row.holder,
        country=row.country,
        countries=row.countries,
        authorised_on=row.authorised_on,
        withdrawn_on=None,
        checked_at=row.seen_at,
    )
    licences.note_licence(session, kept)
    _say(session, row.provider_id, slug)
    return row, slug


def reject(
    session: Session, number: int, by: Person, now: datetime, words: str
) -> tuple[LicenceMatchRow, str]:
    """It is somebody else's, whether that was confirmed before or not."""
    row, slug = _find(session, number)
    _decide(session, row, MatchState.REJECTED, by, now, reason(words))
    others = {one.code for one in licences.licences_of(session, slug) if one.code != row.code}
    licences.drop_others(session, row.provider_id, row.register, others)
    _say(session, row.provider_id, slug)
    return row, slug


def _find(session: Session, number: int) -> tuple[LicenceMatchRow, str]:
    found = licence_matches.find_match(session, number)
    if found is None:
        raise Undecidable("There is no such licence.")
    return found


def _decide(
    session: Session,
    row: LicenceMatchRow,
    state: MatchState,
    by: Person,
    now: datetime,
    words: str,
) -> None:
    before = row.state
    if before is state:
        raise Undecidable(f"This was {state.value} already.")
    if not licence_matches.decide_match(session, row.id, before, state, by.id, words, now):
        raise Undecidable("Somebody else decided at the same time.")
    session.refresh(row)


def _say(session: Session, provider_id: int, slug: str) -> None:
    """What all licences of the provider say together."""
    results = [LicenceResult(one.result) for one in licences.licences_of(session, slug)]
    providers.set_licence(session, provider_id, of_all(results))
