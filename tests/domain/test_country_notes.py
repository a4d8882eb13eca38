"""The notes on the money of countries: what ships, and what is refused."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from typing import Any

import pytest

from app.domain.country_notes import BadNote, CountryNote, NoteKind, country_notes
from config import ROOT

GOOD: dict[str, Any] = {"source": "https://rules.example/ng", "checked_on": date(2026, 11, 20)}


def shipped() -> dict[str, Any]:
    return tomllib.loads((ROOT / "data" / "countries.toml").read_text(encoding="utf-8"))


def test_a_note_is_read_with_its_source_and_day() -> None:
    found = country_notes({"NG": {"own_money_only": GOOD, "street_rate": GOOD}})
    source, day = GOOD["source"], GOOD["checked_on"]
    assert found == {
        "NG": (
            CountryNote(NoteKind.OWN_MONEY_ONLY, source, day),
            CountryNote(NoteKind.STREET_RATE, source, day),
        )
    }


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ({"XX": {"restricted": GOOD}}, "[XX] should be a country"),
        ({"NG": "restricted"}, "[NG] should be a country like MA, with its notes"),
        ({"NG": {"dollars": GOOD}}, "[NG.dollars] is no kind of note; there is foreign_payout"),
        ({"NG": {"restricted": {}}}, "[NG.restricted] should say source and checked_on"),
        ({"NG": {"restricted": []}}, "[NG.restricted] should say source and checked_on"),
        ({"NG": {"restricted": GOOD | {"sauce": ""}}}, "and nothing else"),
        ({"NG": {"restricted": GOOD | {"source": "http://a.example/"}}}, "source should be"),
        ({"NG": {"restricted": GOOD | {"source": 7}}}, "source should be"),
        ({"NG": {"restricted": GOOD | {"checked_on": "2026-11-20"}}}, "checked_on should be"),
        (
            {"NG": {"restricted": GOOD | {"checked_on": datetime(2026, 11, 20)}}},  # noqa: DTZ001
            "checked_on should be",
        ),
    ],
)
def test_a_note_that_is_not_right_is_refused_by_name(listed: Any, words: str) -> None:
    with pytest.raises(BadNote, match=r"^\[") as refused:
        country_notes(listed)
    assert words in str(refused.value)


def test_the_notes_that_ship_are_good_and_each_kind_is_used() -> None:
    notes = country_notes(shipped())
    assert {note.kind for some in notes.values() for note in some} == set(NoteKind)


def test_every_note_that_ships_is_of_a_country_that_money_is_sent_to() -> None:
    listed = tomllib.loads((ROOT / "data" / "corridors.toml").read_text(encoding="utf-8"))
    assert set(shipped()) <= set(listed)


def test_a_country_whose_own_currency_alone_is_paid_out_has_no_note_of_another() -> None:
    listed = tomllib.loads((ROOT / "data" / "corridors.toml").read_text(encoding="utf-8"))
    for country, notes in shipped().items():
        if "own_money_only" in notes:
            assert len(listed[country]["currencies"]) == 1, country
            assert "foreign_payout" not in notes, country
