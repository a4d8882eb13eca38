"""Notes on the money of a country: what somebody who sends there should know of its currency.

Each is of one kind, so that it is one sentence which can be translated, and says where that can be
checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.countries import PAYOUT_CURRENCY

ADDRESS = re.compile(r"https://[^\s/]+\.[^\s/]+/\S*", re.ASCII)
FACTS = ("source", "checked_on")


class NoteKind(StrEnum):
    """What is known of a country's money.

    FOREIGN_PAYOUT  firms pay out in a currency that is not the country's own
    OWN_MONEY_ONLY  its central bank orders that its own currency is paid out
    RESTRICTED      foreign currency is not paid out freely
    STREET_RATE     outside the banks money is changed at another rate than the official one
    NEW_UNIT        old and new money, worth different amounts, go by one name
    NEW_CURRENCY    a new currency took the place of an old one, one for one
    """

    FOREIGN_PAYOUT = "foreign_payout"
    OWN_MONEY_ONLY = "own_money_only"
    RESTRICTED = "restricted"
    STREET_RATE = "street_rate"
    NEW_UNIT = "new_unit"
    NEW_CURRENCY = "new_currency"


class BadNote(ValueError):
    """A note that cannot be used. `str()` says which, and what to do."""


@dataclass(frozen=True, slots=True)
class CountryNote:
    """source: the address that says so; checked_on: when a person read it there."""

    kind: NoteKind
    source: str
    checked_on: date


CountryNotes = dict[str, tuple[CountryNote, ...]]
"""By country (ISO 3166-1 alpha-2)."""


def country_notes(listed: Mapping[str, object]) -> CountryNotes:
    """What data/countries.toml says: country -> kind -> source and checked_on. Raises BadNote."""
    found: CountryNotes = {}
    for country, notes in listed.items():
        if country not in PAYOUT_CURRENCY or not isinstance(notes, dict):
            raise BadNote(f"[{country}] should be a country like MA, with its notes")
        found[country] = tuple(_note(country, kind, facts) for kind, facts in notes.items())
    return found


def _note(country: str, kind: str, facts: object) -> CountryNote:
    where = f"[{country}.{kind}]"
    if kind not in list(NoteKind):
        raise BadNote(f"{where} is no kind of note; there is {', '.join(NoteKind)}")
    if not isinstance(facts, dict) or sorted(facts) != sorted(FACTS):
        raise BadNote(f"{where} should say {' and '.join(FACTS)}, and nothing else")
    source, checked_on = (facts[name] for name in FACTS)
    if not isinstance(source, str) or not ADDRESS.fullmatch(source):
        raise BadNote(f"{where} source should be an address like https://wise.com/, is {source!r}")
    if type(checked_on) is not date:  # a time of day would be a date as well
        raise BadNote(f"{where} checked_on should be a day like 2026-11-20, is {checked_on!r}")
    return CountryNote(NoteKind(kind), source, checked_on)
