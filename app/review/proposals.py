"""Proposals decided: nothing that a provider says goes live until an operator approved exactly it.

All of it in the caller's transaction (`Database.writing`). Everything notes itself in the audit
log, in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db import audit, prices, proposals
from app.db.engine import take_turn
from app.db.evidence import Evidence, add_evidence
from app.domain.account import Account
from app.domain.corridor import Corridor
from app.domain.proposal import (
    Care,
    Hindrance,
    Kind,
    Proposal,
    State,
    Weighed,
    care_of,
    sha256_of,
    stated_prices,
)
from app.domain.quote import Price
from app.review import profiles
from app.review.deciding import SamePerson, Undecidable, reason, tidy_words
from app.review.weighing import SOURCE, not_shown, weigh


class Changed(Undecidable):
    """It is no longer as it was read. `now` is how it stands, None if it is gone."""

    def __init__(self, words: str, now: Proposal | None) -> None:
        super().__init__(words)
        self.now = now


class NotShown(Undecidable):
    """Prices of corridors that the site does not show, one hindrance for each."""

    def __init__(self, hindrances: list[Hindrance]) -> None:
        super().__init__("; ".join(map(str, hindrances)))
        self.hindrances = hindrances


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A proposal with what an operator or its maker reads beside it. `lines` of prices, or
    `profile` with what it is now."""

    proposal: Proposal
    care: Care
    lines: tuple[Weighed, ...] = ()
    profile: profiles.Reviewed | None = None


def review(session: Session, proposal: Proposal, now: datetime) -> Reviewed:
    """What it would change, and what an approval takes. Writes nothing."""
    if proposal.kind is Kind.PROFILE:
        own = profiles.review(session, proposal)
        return Reviewed(proposal, own.care, profile=own)
    stated = stated_prices(proposal.payload)
    lines = weigh(session, stated.lines, stated.stated_at, proposal.sha256, now)
    return Reviewed(proposal, care_of(lines), tuple(lines))


def propose(
    session: Session,
    provider: str,
    kind: Kind,
    payload: str,
    by: Account | None,
    now: datetime,
    words: str = "",
) -> int:
    """Keep a proposal for an operator to read; its number. `by` is None for a program with the
    provider's key. Shows nothing to anybody else. The very
    same while it waits is the one that waits. Raises NotShown."""
    _must_be_shown(session, kind, payload)
    take_turn(session)
    same = proposals.waiting_same(session, provider, kind, sha256_of(payload))
    if same is not None:
        return same.id
    author = by.id if by else None
    said = tidy_words(words)
    number = proposals.add_proposal(session, provider, kind, payload, author, said, now)
    facts = {"provider": provider, "kind": kind.value}
    audit.note(session, by, "proposal.made", ("proposal", number), facts, now=now)
    return number


def propose_again(
    session: Session, known: Proposal, payload: str, by: Account, now: datetime, words: str = ""
) -> None:
    """Propose it anew with another payload, while it is open. What was approved of it once counts
    no longer. Raises Changed if somebody else changed it since `known` was read, NotShown."""
    _must_be_shown(session, known.kind, payload)
    _must_be_open(known)
    if not proposals.rewrite(session, known, payload, by.id, tidy_words(words), now):
        raise _changed(session, known)
    _note(session, known, by, "proposal.changed", now)


def _must_be_shown(session: Session, kind: Kind, payload: str) -> None:
    if kind is Kind.PRICES:
        hindrances = not_shown(session, stated_prices(payload).lines)
        if hindrances:
            raise NotShown(hindrances)


def withdraw(session: Session, known: Proposal, by: Account, now: datetime) -> None:
    """By the provider's own staff. Raises Changed, Undecidable."""
    _must_be_open(known)
    _change(session, known, state=State.WITHDRAWN, decided_by=by.id, decided_at=now)
    _note(session, known, by, "proposal.withdrawn", now)


def send_back(session: Session, known: Proposal, by: Account, now: datetime, words: str) -> None:
    """To its makers, to correct. Raises Undecidable without words, Changed."""
    _decide(session, known, by, now, State.SENT_BACK, words)


def refuse(session: Session, known: Proposal, by: Account, now: datetime, words: str) -> None:
    """For good. Raises Undecidable without words, Changed."""
    _decide(session, known, by, now, State.REFUSED, words)


def approve(
    session: Session, number: int, reviewed: str, by: Account, now: datetime, words: str = ""
) -> Proposal:
    """Approve the payload with the hash `reviewed`, and publish it: all of it or, if anything
    raises, nothing. Where it takes two operators, the first call only notes the first.

    As it stands afterwards. Raises SamePerson if `by` wrote any version of it, is of its firm, or
    approved it first already; Changed if its hash is another by now or it is decided; Undecidable
    if a reason is missing or it cannot be published.
    """
    take_turn(session)
    known = proposals.find_proposal(session, number)
    if known is None or known.sha256 != reviewed or known.state is not State.PROPOSED:
        raise _changed(session, known)
    _must_be_another(session, known, by)
    found = review(session, known, now)
    if found.care.hindrances:
        raise Undecidable(f"This cannot be published: {found.care.hindrances[0]}.")
    said = reason(words) if found.care.words else tidy_words(words)
    if found.care.two and known.first_by is None:
        _change(session, known, first_by=by.id, first_at=now, first_words=said)
        _note(session, known, by, "proposal.approved_first", now, said)
        return proposals.find_proposal(session, number) or known
    _change(session, known, state=State.APPROVED, decided_by=by.id, decided_at=now, words=said)
    _publish(session, found, now)
    _note(session, known, by, "proposal.approved", now, said)
    return proposals.find_proposal(session, number) or known


def _must_be_another(session: Session, known: Proposal, by: Account) -> None:
    if by.provider is not None or by.id in proposals.makers_of(session, known.id):
        raise SamePerson("Who made a proposal cannot approve it.")
    if known.first_by == by.id:
        raise SamePerson("You approved this already: a second operator must agree.")


def _publish(session: Session, found: Reviewed, now: datetime) -> None:
    if found.profile is not None:
        profiles.publish(session, found.proposal.provider, found.profile.new, now)
        return
    proposal = found.proposal
    body = proposal.payload.encode()
    title = f"proposal {proposal.id} of {proposal.provider}"
    add_evidence(session, [Evidence(SOURCE, title, "application/json", body, now)])
    by_corridor: dict[Corridor, list[Price]] = defaultdict(list)
    for one in found.lines:
        if one.price is not None:
            by_corridor[one.line.service.corridor].append(one.price)
    for corridor, some in sorted(by_corridor.items()):
        prices.save(session, corridor, some, now)


def _decide(
    session: Session, known: Proposal, by: Account, now: datetime, state: State, words: str
) -> None:
    said = reason(words)
    if known.state is not State.PROPOSED:
        raise _changed(session, known)
    _must_be_operator(by)
    _change(session, known, state=state, decided_by=by.id, decided_at=now, words=said)
    _note(session, known, by, f"proposal.{state.value}", now, said)


def _must_be_operator(by: Account) -> None:
    if by.provider is not None:
        raise SamePerson("Only an operator decides about a proposal.")


def _must_be_open(known: Proposal) -> None:
    if not known.is_open:
        raise Changed(f"This proposal is {known.state.value.replace('_', ' ')}.", known)


def _change(session: Session, known: Proposal, **values: object) -> None:
    if not proposals.change(session, known, **values):
        raise _changed(session, known)


def _changed(session: Session, known: Proposal | None) -> Changed:
    current = proposals.find_proposal(session, known.id) if known else None
    if current is None:
        return Changed("There is no such proposal.", None)
    if current.state is State.PROPOSED:
        return Changed("This proposal was changed since you read it.", current)
    return Changed(f"This proposal is {current.state.value.replace('_', ' ')}.", current)


def _note(
    session: Session, known: Proposal, by: Account, act: str, now: datetime, words: str = ""
) -> None:
    facts = {"provider": known.provider, "sha256": known.sha256, "version": known.version}
    audit.note(session, by, act, ("proposal", known.id), facts | {"words": words}, now=now)
