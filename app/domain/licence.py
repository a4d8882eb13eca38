"""Licences: what a public register says of the firm behind a provider.

A licence is looked up by the code of its holder, which a person has found by hand, and counts
only if the holder's name is the one expected: a mistyped code must not lend one firm another's
licence. What a register does not say is unknown, and never taken for good or bad.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.provider import Licence

REMITTANCE = "PS_06"
"""Money remittance, as the register of the European Banking Authority calls it."""

NOT_A_LETTER = re.compile(r"[^0-9a-z]+")


class LicenceResult(StrEnum):
    """What a register says of one code. ANOTHER_NAME: the code is somebody else's."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    WITHDRAWN = "withdrawn"
    ANOTHER_NAME = "another_name"
    UNCHECKED = "unchecked"

    @property
    def licence(self) -> Licence:
        """As it is said of a provider: a wrong code says nothing about it."""
        return _LICENCES.get(self, Licence.UNCHECKED)


_LICENCES = {
    LicenceResult.FOUND: Licence.FOUND,
    LicenceResult.NOT_FOUND: Licence.NOT_FOUND,
    LicenceResult.WITHDRAWN: Licence.NOT_FOUND,
}


def of_all(results: Iterable[LicenceResult]) -> Licence:
    """What the results of all of a provider's codes say together: one that stands is enough, and
    only if every one is missing or withdrawn has it none."""
    found = {result.licence for result in results}
    if Licence.FOUND in found:
        return Licence.FOUND
    return Licence.NOT_FOUND if found == {Licence.NOT_FOUND} else Licence.UNCHECKED


@dataclass(frozen=True, slots=True)
class LicenceEntry:
    """One holder in a register.

    code           of the holder, like "BE_NBB!0713629988"; one that changed its licence for
                   another kind is there twice with the same code
    kind           of licence, like "PSD_PI"
    names          the legal name first, then those it trades under
    country        of the holder, ISO 3166-1 alpha-2; "" if the register does not say
    services       what it may do in which country: "NL" -> {"PS_06"}
    authorised_on  the newest day; None if the register does not say
    withdrawn_on   None while the licence stands
    """

    register: str
    code: str
    kind: str
    names: tuple[str, ...]
    country: str
    services: Mapping[str, frozenset[str]]
    authorised_on: date | None = None
    withdrawn_on: date | None = None

    @property
    def remits_in(self) -> tuple[str, ...]:
        """The countries where it may remit money, by alphabet."""
        return tuple(sorted(one for one, may in self.services.items() if REMITTANCE in may))

    def stands(self, today: date) -> bool:
        return self.withdrawn_on is None or self.withdrawn_on > today


@dataclass(frozen=True, slots=True)
class ListedLicence:
    """Where a provider's licence is to be found, by hand. `code` is "" if nobody has looked
    yet; `name` is a part of the holder's name, to be sure that the code is its own."""

    provider: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class LicenceCheck:
    """What the register said on `checked_on`.

    entry    the holder's entry, where there is one
    finding  a sentence for the operator, where something needs a person; else ""
    """

    provider: str
    code: str
    result: LicenceResult
    checked_on: date
    entry: LicenceEntry | None = None
    finding: str = ""


def check_licence(
    listed: ListedLicence, entries: Iterable[LicenceEntry], today: date, country: str = "NL"
) -> LicenceCheck:
    """`entries` are the whole register, or all of it that has this code; `country` is where
    the provider takes the money in."""
    if not listed.code:
        return LicenceCheck(listed.provider, "", LicenceResult.UNCHECKED, today)
    same_code = [entry for entry in entries if entry.code == listed.code]
    entry = max(same_code, key=lambda one: _preference(one, today), default=None)
    result = _result(listed, entry, today)
    finding = _finding(listed, entry, result, country)
    return LicenceCheck(listed.provider, listed.code, result, today, entry, finding)


def _preference(entry: LicenceEntry, today: date) -> tuple[bool, bool, date]:
    """A licence that stands counts before one that was handed in for it."""
    standing = entry.stands(today)
    return standing, bool(entry.remits_in), entry.authorised_on or date.min


def _result(listed: ListedLicence, entry: LicenceEntry | None, today: date) -> LicenceResult:
    if entry is None:
        return LicenceResult.NOT_FOUND
    if not same_name(listed.name, entry.names):
        return LicenceResult.ANOTHER_NAME
    return LicenceResult.FOUND if entry.stands(today) else LicenceResult.WITHDRAWN


def same_name(wanted: str, names: Iterable[str]) -> bool:
    """Whether one of a holder's names has this one in it, whole words of it."""
    part = plain(wanted)
    return bool(part) and any(f" {part} " in f" {plain(name)} " for name in names)


def _finding(
    listed: ListedLicence, entry: LicenceEntry | None, result: LicenceResult, country: str
) -> str:
    who = f"{listed.provider}: {listed.code}"
    if entry is None:
        return f"{who} is not in the register"
    if result is LicenceResult.ANOTHER_NAME:
        return f"{who} is of {entry.names[0]}, expected {listed.name}"
    if result is LicenceResult.WITHDRAWN:
        return f"{who} was withdrawn on {entry.withdrawn_on}"
    if country not in entry.remits_in:
        return f"{who} is not listed for money remittance ({REMITTANCE}) in {country}"
    return ""


def plain(name: str) -> str:
    """In small letters without accents, and one space for all else: "Wise Europe S.A." is
    "wise europe s a"."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return NOT_A_LETTER.sub(" ", bare.lower()).strip()
