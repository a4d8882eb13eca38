"""One source's run: claim its slot, ask, and keep what came, in one transaction."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.collect.ask import Answered, ask_all, unoffered
from app.collect.collector import Collector
from app.collect.keep import keep
from app.collect.lost import lost
from app.collect.plan import Plan, allowance, plan_run
from app.collect.proof import as_evidence
from app.db import evidence, runs, sources
from app.db.engine import take_turn
from app.db.runs import RunFacts
from app.domain.foreign import tidy
from scrapers.contract import PriceSource, SourceError, Trouble, Unreadable
from scrapers.http import Asking


def run_prices(
    collector: Collector,
    source: PriceSource,
    slot: datetime,
    until: datetime,
    corridor: str | None = None,
    *,
    again: bool = False,
) -> RunFacts | None:
    """What the run did; None if nothing is due, the source is to be left alone, or somebody else
    has the slot or asks it at this moment. Whatever happens after its slot is claimed, the run ends
    and says what it was.

    `until` (aware UTC) is when no further question is asked; `corridor` the slug of the only one
    to ask about, due or not; `again` as in `plan_run`.
    """
    now = collector.clock()
    with collector.database.reading() as session:
        alone = source.SLUG in sources.left_alone(session, now)
        plan = plan_run(session, source, now, corridor, patient=collector.patient, again=again)
    if alone or not plan.questions or not plan.allowance:
        return None
    with collector.database.writing() as session:
        run_id = runs.claim(session, source.SLUG, slot, collector.who, now)
        left = allowance(session, source, now, patient=collector.patient)
    if run_id is None:
        return None
    plan = replace(plan, allowance=min(plan.allowance, left))
    http = collector.client.asking(source.SLUG, source.BUDGET)
    try:
        answers = ask_all(http, source, plan, collector.clock, until)
        return _keep(collector, source, plan, run_id, answers, http)
    except Exception as error:  # noqa: BLE001  a run that cannot be kept must not be silent
        return lost(collector, source.SLUG, run_id, http.requests, error)


def _keep(
    collector: Collector,
    source: PriceSource,
    plan: Plan,
    run_id: int,
    answers: list[Answered],
    http: Asking,
) -> RunFacts:
    with collector.database.writing() as session:
        take_turn(session)
        now = collector.clock()
        evidence.add_evidence(session, as_evidence(source.SLUG, http.exchanges))
        kept = keep(session, source, plan, answers, now)
        worst = _worst(answers, plan)
        facts = RunFacts(
            asked=len(answers),
            answered=sum(1 for one in answers if one.offers),
            not_offered=sum(1 for one in answers if unoffered(one)),
            failed=sum(1 for one in answers if one.error and not unoffered(one)),
            rows=kept.rows,
            usual=kept.usual,
            held=kept.held,
            requests=http.requests,
            trouble=worst.trouble.value if worst else kept.trouble,
            said=_said(answers, worst) if worst else kept.said,
        )
        if kept.trouble == Trouble.INCOMPLETE:
            facts = replace(facts, trouble=kept.trouble, said=kept.said)
        runs.finish(session, run_id, facts, now)
        _note(session, source.SLUG, facts, http.waiting, now, published=kept.published > 0)
    return facts


def _note(
    session: Session,
    slug: str,
    facts: RunFacts,
    until: datetime | None,
    now: datetime,
    *,
    published: bool,
) -> None:
    """A run that had no time to ask says nothing of its source."""
    if not facts.asked:
        return
    if published or not facts.trouble:
        sources.note_success(session, slug, now)
    if facts.trouble:
        sources.note_trouble(session, slug, facts.trouble, facts.said, now, until)
    else:
        sources.note_well(session, slug)


def _never_read(one: Answered, plan: Plan) -> bool:
    before = plan.before.get(one.question)
    never = before is None or before.answered_at is None
    return never and isinstance(one.error, Unreadable)


def _said(answers: list[Answered], worst: SourceError) -> str:
    failed = [one for one in answers if one.error and not unoffered(one)]
    some = f"{len(failed)} of {len(answers)} questions failed; "
    return tidy((some if len(answers) > 1 else "") + str(worst), sources.LONGEST_WORDS)


def _worst(answers: list[Answered], plan: Plan) -> SourceError | None:
    """The most frequent error that is not a plain "not offered", the latest of its kind.

    Where other questions are answered, one that never was and gets words that we cannot read is
    no trouble of the source: it does not serve that corridor, and says so in its own way.
    """
    well = any(one.offers for one in answers)
    errors = [
        one.error
        for one in answers
        if one.error and not unoffered(one) and not (well and _never_read(one, plan))
    ]
    if not errors:
        return None
    most, _count = Counter(error.trouble for error in errors).most_common(1)[0]
    return [error for error in errors if error.trouble is most][-1]
