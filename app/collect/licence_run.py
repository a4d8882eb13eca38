"""Looking licences up: each provider's, in the registers, once a week."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from app.collect.collector import Collector
from app.collect.lost import lost
from app.collect.proof import as_evidence
from app.db import evidence, licence_matches, licences, providers, runs, sources
from app.db.licences import LONGEST_HOLDER, LicenceRow
from app.db.runs import RunFacts
from app.domain.foreign import tidy
from app.domain.licence import (
    LicenceCheck,
    LicenceEntry,
    ListedLicence,
    check_licence,
    of_all,
    same_name,
)
from app.domain.provider import ProviderKind
from scrapers.contract import LicenceSource, SourceError
from scrapers.http import Asking

SHORTEST_NAME, MOST_ALIKE = 3, 20
"""Signs of a name that is looked for, and how many holders it may fit."""


def run_licences(
    collector: Collector,
    source: LicenceSource,
    listed: list[ListedLicence],
    slot: datetime,
) -> RunFacts | None:
    """What the run did, `rows` being the licences looked up; None if it is not due yet, or the
    register is to be left alone, or somebody else has the slot. A register that cannot be read
    leaves what it said before. Holders that are called like a provider without a licence are kept
    for a person to look at."""
    now = collector.clock()
    with collector.database.writing() as session:
        alone = source.SLUG in sources.left_alone(session, now)
        if alone or not runs.is_due(session, source.SLUG, source.BUDGET.interval, now):
            return None
        run_id = runs.claim(session, source.SLUG, slot, collector.who, now)
    if run_id is None:
        return None
    http = collector.client.asking(source.SLUG, source.BUDGET)
    try:
        return _look_up(collector, source, listed, run_id, http)
    except Exception as error:  # noqa: BLE001  a run that cannot be kept must not be silent
        return lost(collector, source.SLUG, run_id, http.requests, error)


def _look_up(
    collector: Collector,
    source: LicenceSource,
    listed: list[ListedLicence],
    run_id: int,
    http: Asking,
) -> RunFacts:
    with collector.database.reading() as session:
        listed = [*listed, *licence_matches.confirmed(session)]
        names = _names_to_find(session, listed)
    wanted = {one.code for one in listed if one.code}
    entries: list[LicenceEntry] = []
    alike: list[tuple[str, str, LicenceEntry]] = []
    error: SourceError | None = None
    with TemporaryDirectory() as folder:
        try:
            for entry in source.fetch(http, Path(folder), wanted):
                if entry.code in wanted:
                    entries.append(entry)
                elif entry.stands(collector.clock().date()):
                    alike += [(*one, entry) for one in names if same_name(one[1], entry.names)]
        except SourceError as caught:
            error = caught
    now = collector.clock()
    with collector.database.writing() as session:
        evidence.add_evidence(session, as_evidence(source.SLUG, http.exchanges))
        checks = [] if error else [check_licence(one, entries, now.date()) for one in listed]
        _keep(session, source, checks, now)
        if error is None:
            _propose(session, alike, now)
        findings = [check.finding for check in checks if check.finding]
        facts = RunFacts(
            asked=1,
            answered=int(error is None),
            failed=int(error is not None),
            rows=len(checks),
            requests=http.requests,
            trouble=error.trouble.value if error else "",
            said=str(error) if error else "; ".join(findings),
        )
        runs.finish(session, run_id, facts, now)
        sources.note_run(session, source.SLUG, facts.trouble, facts.said, now, http.waiting)
    return facts


def _names_to_find(session: Session, listed: list[ListedLicence]) -> list[tuple[str, str]]:
    """Provider's slug and name, of those whose licence nobody has found yet. Banks are in another
    register."""
    has = {one.provider for one in listed if one.code}
    known = providers.all_providers(session)
    return [
        (slug, name)
        for slug, names in providers.names_by_slug(session).items()
        if slug not in has and known[slug].kind is not ProviderKind.BANK
        for name in dict.fromkeys(names)
        if len(name) >= SHORTEST_NAME
    ]


def _propose(session: Session, alike: list[tuple[str, str, LicenceEntry]], now: datetime) -> None:
    """Holders with a provider's name: perhaps its licence, perhaps a namesake's. Of a name that
    many have nothing can be told."""
    numbers = providers.ids_by_slug(session, {slug for slug, _name, _entry in alike})
    for slug, number in numbers.items():
        found = {entry.code: (name, entry) for one, name, entry in alike if one == slug}
        if len(found) <= MOST_ALIKE:
            licence_matches.propose(session, number, found.values(), now)


def _keep(
    session: Session, source: LicenceSource, checks: list[LicenceCheck], now: datetime
) -> None:
    """What a register says of each code; a provider whose code nobody has found, or whose only
    code is somebody else's, stays unchecked."""
    numbers = providers.ids_by_slug(session, {check.provider for check in checks})
    for provider, number in numbers.items():
        ours = [check for check in checks if check.provider == provider and check.code]
        licences.drop_others(session, number, source.SLUG, {check.code for check in ours})
        for check in ours:
            licences.note_licence(session, _row(number, source, check, now))
        providers.set_licence(session, number, of_all(check.result for check in ours))


def _row(number: int, source: LicenceSource, check: LicenceCheck, now: datetime) -> LicenceRow:
    entry = check.entry
    return LicenceRow(
        provider_id=number,
        code=check.code,
        register=source.SLUG,
        result=check.result.value,
        holder=tidy(entry.names[0], LONGEST_HOLDER) if entry else "",
        country=tidy(entry.country, 2) if entry else "",
        countries=" ".join(entry.remits_in)[:LONGEST_HOLDER] if entry else "",
        authorised_on=entry.authorised_on if entry else None,
        withdrawn_on=entry.withdrawn_on if entry else None,
        checked_at=now,
    )
