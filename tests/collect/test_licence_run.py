"""Licences: several codes of one provider, registers that fail, and what was said before."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.collect.collector import Collector
from app.collect.licence_run import run_licences
from app.db import licence_matches, licences, providers, sources
from app.db.engine import Database
from app.db.runs import RunFacts
from app.domain.licence import REMITTANCE, LicenceEntry, LicenceResult, ListedLicence, of_all
from app.domain.provider import Licence
from app.review import licences as review
from scrapers.contract import Budget, Downloads, Unreachable
from tests.conftest import NOW
from tests.review.people import ANNA
from tests.schedule.cast import GREEN, Hands, cast, prepare

WEEK = timedelta(days=7)
FOUND, MISSING, WITHDRAWN, OTHER = (
    LicenceResult.FOUND,
    LicenceResult.NOT_FOUND,
    LicenceResult.WITHDRAWN,
    LicenceResult.ANOTHER_NAME,
)


def entry(code: str, name: str = "Alpha B.V.", withdrawn: date | None = None) -> LicenceEntry:
    may = {"NL": frozenset({REMITTANCE})}
    return LicenceEntry("reg", code, "PSD_PI", (name,), "NL", may, None, withdrawn)


@dataclass
class Register:
    entries: list[LicenceEntry]
    error: Exception | None = None
    SLUG: str = "reg"
    SITE: str = "https://register.example"
    TERMS: object = GREEN
    BUDGET: Budget = field(default_factory=lambda: Budget(10, 0, WEEK))

    def fetch(
        self, _http: Downloads, _folder: Path, _wanted: Container[str]
    ) -> Iterator[LicenceEntry]:
        yield from self.entries
        if self.error:
            raise self.error


@dataclass
class Office:
    database: Database
    clock: Hands = field(default_factory=Hands)

    def look_up(self, register: Register, *codes: str) -> RunFacts:
        collector: Collector = cast(self.database, (), clock=self.clock)
        listed = [ListedLicence("alpha", code, "Alpha") for code in codes]
        facts = run_licences(collector, register, listed, self.clock())  # type: ignore[arg-type]
        self.clock.move(WEEK)
        assert facts is not None
        return facts

    def said(self) -> tuple[Licence, dict[str, str]]:
        with self.database.reading() as session:
            rows = licences.licences_of(session, "alpha")
            licence = providers.all_providers(session)["alpha"].licence
        return licence, {row.code: row.result for row in rows}


@pytest.fixture
def office(database: Database) -> Office:
    prepare(database, "reg")
    return Office(database)


@pytest.mark.parametrize(
    ("results", "licence"),
    [
        ((FOUND, MISSING), Licence.FOUND),
        ((MISSING, FOUND, OTHER), Licence.FOUND),
        ((MISSING, WITHDRAWN), Licence.NOT_FOUND),
        ((MISSING, OTHER), Licence.UNCHECKED),
        ((OTHER,), Licence.UNCHECKED),
        ((), Licence.UNCHECKED),
    ],
)
def test_one_licence_that_stands_is_enough(
    results: tuple[LicenceResult, ...], licence: Licence
) -> None:
    assert of_all(results) is licence
    assert of_all(reversed(results)) is licence


@pytest.mark.parametrize("codes", [("A", "B"), ("B", "A")])
def test_the_order_of_codes_does_not_matter(office: Office, codes: tuple[str, str]) -> None:
    facts = office.look_up(Register([entry("A")]), *codes)
    assert office.said() == (Licence.FOUND, {"A": "found", "B": "not_found"})
    assert (facts.rows, facts.said) == (2, "alpha: B is not in the register")


def test_no_licence_is_said_only_if_all_codes_are_gone(office: Office) -> None:
    gone = entry("A", withdrawn=date(2026, 1, 1))
    office.look_up(Register([gone]), "A", "B")
    assert office.said()[0] is Licence.NOT_FOUND


def test_a_code_that_was_mended_leaves_nothing_behind(office: Office) -> None:
    office.look_up(Register([]), "TYPO")
    office.look_up(Register([entry("A")]), "A")
    assert office.said() == (Licence.FOUND, {"A": "found"})
    office.look_up(Register([entry("A")]), "")
    assert office.said() == (Licence.UNCHECKED, {})


@pytest.mark.parametrize("error", [Unreachable("no answer"), ZeroDivisionError("ours")])
def test_a_register_that_fails_halfway_leaves_what_it_said(
    office: Office, error: Exception
) -> None:
    office.look_up(Register([entry("A")]), "A")
    facts = office.look_up(Register([], error), "A")
    assert facts.trouble in ("connection", "broken")
    assert office.said() == (Licence.FOUND, {"A": "found"})
    with office.database.reading() as session:
        (row,) = sources.all_sources(session)
        assert (row.trouble, row.last_success) == (facts.trouble, NOW)


def test_a_holders_endless_name_is_cut(office: Office) -> None:
    office.look_up(Register([entry("A", "Alpha \x00" + "x" * 5000)]), "A")
    with office.database.reading() as session:
        (row,) = licences.licences_of(session, "alpha")
    assert len(row.holder) == 300
    assert "\x00" not in row.holder


def proposed(office: Office) -> dict[str, str]:
    with office.database.reading() as session:
        return {row.code: slug for row, slug in licence_matches.matches(session)}


def test_holders_called_like_a_provider_are_proposed_to_people(office: Office) -> None:
    gone = entry("C", "Alpha Old", withdrawn=date(2020, 1, 1))
    register = Register([entry("A"), entry("B", "Alphabet B.V."), gone, entry("D", "The Alpha")])
    office.look_up(register, "")
    assert proposed(office) == {"A": "alpha", "D": "alpha"}
    assert office.said() == (Licence.UNCHECKED, {})


def test_a_provider_whose_licence_was_found_needs_no_proposals(office: Office) -> None:
    office.look_up(Register([entry("A"), entry("D", "The Alpha")]), "A")
    assert proposed(office) == {}


def test_what_was_confirmed_is_looked_up_from_then_on(office: Office) -> None:
    office.look_up(Register([entry("A"), entry("D", "The Alpha")]), "")
    with office.database.writing() as session:
        for row, _slug in licence_matches.matches(session):
            if row.code == "A":
                review.confirm(session, row.id, "A", ANNA, NOW, "Theirs.")
    assert office.said() == (Licence.FOUND, {"A": "found"})
    office.look_up(Register([entry("A", withdrawn=date(2026, 1, 1))]), "")
    assert office.said() == (Licence.NOT_FOUND, {"A": "withdrawn"})


def test_a_name_that_many_have_tells_nothing(office: Office) -> None:
    office.look_up(Register([entry(f"C{n}", f"Alpha {n}") for n in range(21)]), "")
    assert proposed(office) == {}


def test_a_register_that_breaks_off_proposes_nothing(office: Office) -> None:
    office.look_up(Register([entry("A")], Unreachable("it broke off")), "")
    assert proposed(office) == {}
