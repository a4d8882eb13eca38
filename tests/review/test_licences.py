"""Licences are found by name, and are a provider's only when a person has said so."""

from __future__ import annotations

from datetime import date

import pytest

from app.db import licence_matches, licences, providers
from app.db.engine import Database
from app.db.licence_matches import MatchState
from app.domain.licence import REMITTANCE, LicenceEntry
from app.domain.provider import Licence
from app.review import licences as review
from app.review.deciding import Undecidable
from tests.db.made import NOON
from tests.review.people import ANNA, BO

MAY = {"NL": frozenset({REMITTANCE}), "BE": frozenset({REMITTANCE})}
ENTRY = LicenceEntry(
    "eba", "NL_DNB!1", "PSD_PI", ("Alpha Money B.V.",), "NL", MAY, date(2020, 1, 1)
)
NAMESAKE = LicenceEntry("eba", "LT_LB!9", "PSD_PI", ("UAB Alpha",), "LT", MAY)


@pytest.fixture
def proposed(stocked: Database) -> Database:
    propose(stocked)
    return stocked


def propose(database: Database) -> int:
    with database.writing() as session:
        number = providers.ids_by_slug(session)["alpha"]
        found = [("alpha", ENTRY), ("alpha", NAMESAKE)]
        return licence_matches.propose(session, number, found, NOON)


def numbers(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {row.code: row.id for row, _slug in licence_matches.matches(session)}


def said(database: Database) -> tuple[Licence, dict[str, str]]:
    with database.reading() as session:
        rows = licences.licences_of(session, "alpha")
        return (
            providers.all_providers(session)["alpha"].licence,
            {row.code: row.holder for row in rows},
        )


def states(database: Database) -> dict[str, MatchState]:
    with database.reading() as session:
        return {row.code: row.state for row, _slug in licence_matches.matches(session)}


def test_a_proposal_says_nothing_of_a_provider(proposed: Database) -> None:
    assert said(proposed) == (Licence.UNCHECKED, {})
    with proposed.reading() as session:
        assert licence_matches.confirmed(session) == []


def test_a_confirmed_one_is_the_providers(proposed: Database) -> None:
    with proposed.writing() as session:
        row, slug = review.confirm(
            session, numbers(proposed)["NL_DNB!1"], " NL_DNB!1 ", ANNA, NOON, "Same office."
        )
        assert (row.state, row.decided_by, slug) == (MatchState.CONFIRMED, ANNA.id, "alpha")
    assert said(proposed) == (Licence.FOUND, {"NL_DNB!1": "Alpha Money B.V."})
    with proposed.reading() as session:
        (listed,) = licence_matches.confirmed(session)
        assert (listed.provider, listed.code, listed.name) == (
            "alpha",
            "NL_DNB!1",
            "Alpha Money B.V.",
        )


@pytest.mark.parametrize("code", ["", "NL_DNB!2", "nl_dnb!1", "LT_LB!9"])
def test_whoever_does_not_type_its_code_has_not_looked(proposed: Database, code: str) -> None:
    with pytest.raises(Undecidable, match="code"), proposed.writing() as session:
        review.confirm(session, numbers(proposed)["NL_DNB!1"], code, ANNA, NOON, "Same.")
    assert said(proposed) == (Licence.UNCHECKED, {})


def test_what_was_rejected_comes_up_no_second_time(proposed: Database) -> None:
    with proposed.writing() as session:
        review.reject(session, numbers(proposed)["LT_LB!9"], BO, NOON, "A namesake.")
    assert propose(proposed) == 0
    assert states(proposed) == {"NL_DNB!1": MatchState.PROPOSED, "LT_LB!9": MatchState.REJECTED}


def test_one_that_was_confirmed_can_be_taken_back(proposed: Database) -> None:
    both = numbers(proposed)
    with proposed.writing() as session:
        for code, number in both.items():
            review.confirm(session, number, code, ANNA, NOON, "Same.")
    with proposed.writing() as session:
        review.reject(session, both["LT_LB!9"], BO, NOON, "A namesake after all.")
    assert said(proposed) == (Licence.FOUND, {"NL_DNB!1": "Alpha Money B.V."})
    with proposed.writing() as session:
        review.reject(session, both["NL_DNB!1"], BO, NOON, "Another one too.")
    assert said(proposed) == (Licence.UNCHECKED, {})


def test_words_and_a_first_decision_are_needed(proposed: Database) -> None:
    number = numbers(proposed)["NL_DNB!1"]
    with pytest.raises(Undecidable, match="why"), proposed.writing() as session:
        review.reject(session, number, ANNA, NOON, "")
    with pytest.raises(Undecidable, match="no such"), proposed.writing() as session:
        review.reject(session, number + 99, ANNA, NOON, "No.")
    with proposed.writing() as session:
        review.reject(session, number, ANNA, NOON, "No.")
    with pytest.raises(Undecidable, match="already"), proposed.writing() as session:
        review.reject(session, number, ANNA, NOON, "No.")
