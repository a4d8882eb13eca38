"""Prices from the programs of providers: proposed with a key, and read by an operator like any
other proposal.

The same Idempotency-Key with the same body is the same act, however often it is sent.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from flask import Blueprint, Response, request, url_for
from sqlalchemy.orm import Session

from app.db import api_keys, proposals
from app.db.api_keys import LONGEST_ONCE, Answered
from app.db.engine import take_turn
from app.domain.price_csv import MOST_BYTES, MOST_FAULTS
from app.domain.price_json import BadBody, Sent, read
from app.domain.proposal import Kind, Proposal, prices_payload
from app.domain.published import Json
from app.review import proposals as review
from app.review.proposals import NotShown
from app.web import clock
from app.web.access import api_key
from app.web.database import session
from app.web.errors import Problem
from app.web.work.acting import Act, acting
from app.web.work.price_words import fault_words
from app.web.work.who import tenant

bp = Blueprint("api_provider", __name__, url_prefix="/api/v1/provider")


@bp.post("/prices")
@api_key
def prices() -> Response:
    """Propose prices. 201 with the number of the proposal; 422 with every line that is wrong."""
    request.max_content_length = MOST_BYTES
    once = _once()
    body = request.get_data(cache=False)
    question = hashlib.sha256(body).hexdigest()
    with acting() as act:
        take_turn(act.session)
        before = api_keys.answered(act.session, tenant(), once)
        if before is None:
            before = Answered(question, *_propose(act, body))
            api_keys.keep_answer(act.session, tenant(), once, before, act.now)
    if before.question != question:
        raise Problem(
            422,
            "Another body",
            "This Idempotency-Key was used with another body. Use a new key for a new request.",
            "Idempotency-Key",
        )
    return _json(before.status, before.body)


def _once() -> str:
    once = request.headers.get("Idempotency-Key", "")
    if not once:
        raise Problem(
            400,
            "No Idempotency-Key",
            "Send a header Idempotency-Key, a new one for each new request, so that the same "
            "request sent twice is one proposal.",
            "Idempotency-Key",
        )
    if len(once) > LONGEST_ONCE or not (once.isascii() and once.isprintable()):
        raise Problem(
            400,
            "A bad Idempotency-Key",
            f"At most {LONGEST_ONCE} signs of ASCII.",
            "Idempotency-Key",
        )
    return once


def _propose(act: Act, body: bytes) -> tuple[int, str]:
    """Status and body of the answer. What cannot be read raises, so that nothing is kept of it."""
    try:
        sent = read(body, tenant(), act.now)
    except BadBody as error:
        raise Problem(422, "The body cannot be read", f"{error}.") from error
    if sent.faults:
        raise BadLines(sent)
    payload = prices_payload(tenant(), sent.lines, sent.stated_at or act.now)
    about = (tenant(), Kind.PRICES, payload)
    try:
        number = review.propose(act.session, *about, None, act.now, sent.words)
    except NotShown as error:
        raise Problem(422, "Not one of our countries", f"{error}.", "lines") from error
    found = proposals.find_proposal(act.session, number, tenant())
    if found is None:
        raise RuntimeError("a proposal that was just kept is gone")
    status = 200 if found.made_at < act.now else 201
    return status, json.dumps(_published(act.session, found, act.now), ensure_ascii=False)


class BadLines(Problem):
    """Lines that cannot be read, each with its number and what is wrong."""

    def __init__(self, sent: Sent) -> None:
        wrong = [f"line {one.row}, {one.column}: {fault_words(one)}" for one in sent.faults]
        super().__init__(422, "Some lines cannot be read", "\n".join(wrong[:MOST_FAULTS]), "lines")


@bp.get("/proposals/<number:number>")
@api_key
def proposal(number: int) -> Response:
    found = proposals.find_proposal(session(), number, tenant())
    if found is None:
        raise Problem(404, "No such proposal", "Your firm has no proposal with this number.")
    return _json(200, json.dumps(_published(session(), found, clock.now()), ensure_ascii=False))


def _published(read: Session, found: Proposal, now: datetime) -> Json:
    """As it stands, with what the gates say of it now while it waits."""
    reviewed = review.review(read, found, now)
    noted = [
        {"line": line, "gate": finding.gate.value, "says": finding.says, "holds": finding.holds}
        for line, one in enumerate(reviewed.lines, 1)
        for finding in one.findings
    ]
    care = reviewed.care
    return {
        "proposal": found.id,
        "kind": found.kind.value,
        "state": found.state.value,
        "version": found.version,
        "sha256": found.sha256,
        "made_at": found.made_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "decided_at": found.decided_at.isoformat(timespec="seconds").replace("+00:00", "Z")
        if found.decided_at
        else None,
        "words": found.words,
        "url": url_for("api_provider.proposal", number=found.id),
        "needs_two": care.two,
        "reasons": [*care.reasons, *map(str, care.hindrances)],
        "findings": noted[:MOST_FAULTS],
    }


def _json(status: int, body: str) -> Response:
    response = Response(body, status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
