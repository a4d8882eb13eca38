"""What a register says of a provider: by code, and only under the expected name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.licence import (
    LicenceEntry,
    LicenceResult,
    ListedLicence,
    check_licence,
    plain,
)
from app.domain.provider import Licence

TODAY = date(2026, 11, 20)
MAY = frozenset({"PS_06"})
ENTRY = LicenceEntry(
    register="eba",
    code="BE_NBB!1",
    kind="PSD_PI",
    names=("Wïse Europe SA", "WiseSend"),
    country="BE",
    services={"NL": MAY, "BE": MAY | {"PS_03A"}, "DE": frozenset({"PS_03A"})},
    authorised_on=date(2018, 11, 27),
)
LISTED = ListedLicence("wise", "BE_NBB!1", "Wise Europe")


def test_found() -> None:
    other = replace(ENTRY, code="BE_NBB!2")
    found = check_licence(LISTED, [other, ENTRY], TODAY)
    assert (found.result, found.entry, found.finding) == (LicenceResult.FOUND, ENTRY, "")
    assert (found.provider, found.code, found.checked_on) == ("wise", "BE_NBB!1", TODAY)
    assert ENTRY.remits_in == ("BE", "NL")


def test_a_code_that_is_not_there() -> None:
    found = check_licence(LISTED, [replace(ENTRY, code="BE_NBB!11")], TODAY)
    assert (found.result, found.entry) == (LicenceResult.NOT_FOUND, None)
    assert found.finding == "wise: BE_NBB!1 is not in the register"


def test_a_code_that_nobody_looked_up_is_unchecked_whatever_the_register_says() -> None:
    found = check_licence(replace(LISTED, code=""), [replace(ENTRY, code="")], TODAY)
    assert (found.result, found.entry, found.finding) == (LicenceResult.UNCHECKED, None, "")


@pytest.mark.parametrize(
    "name", ["Wise Europe", "wise  EUROPE", "WISE-EUROPE SA", "Wisesend", "Wise", "Europe S.A"]
)
def test_names_are_compared_in_their_plain_form(name: str) -> None:
    names = ("Wïse Europe S.A.", "WiseSend") if "S.A" in name else ENTRY.names
    found = check_licence(replace(LISTED, name=name), [replace(ENTRY, names=names)], TODAY)
    assert found.result is LicenceResult.FOUND


@pytest.mark.parametrize("name", ["Wise Asia", "ise Europe", "Wis", "", "!", "Europe Wise"])
def test_the_code_of_another_firm_is_no_licence(name: str) -> None:
    found = check_licence(replace(LISTED, name=name), [ENTRY], TODAY)
    assert found.result is LicenceResult.ANOTHER_NAME
    assert found.finding == f"wise: BE_NBB!1 is of Wïse Europe SA, expected {name}"


def test_a_name_without_a_letter_is_nobodys() -> None:
    nameless = replace(ENTRY, names=("Вайз",))
    found = check_licence(replace(LISTED, name="!"), [nameless], TODAY)
    assert found.result is LicenceResult.ANOTHER_NAME


def test_withdrawn() -> None:
    gone = replace(ENTRY, withdrawn_on=TODAY)
    found = check_licence(LISTED, [gone], TODAY)
    assert (found.result, found.entry) == (LicenceResult.WITHDRAWN, gone)
    assert found.finding == "wise: BE_NBB!1 was withdrawn on 2026-11-20"
    assert check_licence(LISTED, [gone], TODAY - timedelta(1)).result is LicenceResult.FOUND


def test_a_licence_that_was_changed_for_another_stands() -> None:
    """The same code is there twice then."""
    gone = replace(ENTRY, withdrawn_on=date(2025, 2, 3))
    new = replace(ENTRY, kind="PSD_EMI", authorised_on=date(2025, 2, 3))
    for entries in ([gone, new], [new, gone]):
        assert check_licence(LISTED, entries, TODAY).entry == new


def test_one_that_may_not_remit_here_is_for_the_operator() -> None:
    found = check_licence(LISTED, [ENTRY], TODAY, country="DE")
    assert found.result is LicenceResult.FOUND
    assert found.finding == "wise: BE_NBB!1 is not listed for money remittance (PS_06) in DE"


def test_only_what_was_found_counts_as_a_licence() -> None:
    assert {one: one.licence for one in LicenceResult} == {
        LicenceResult.FOUND: Licence.FOUND,
        LicenceResult.NOT_FOUND: Licence.NOT_FOUND,
        LicenceResult.WITHDRAWN: Licence.NOT_FOUND,
        LicenceResult.ANOTHER_NAME: Licence.UNCHECKED,
        LicenceResult.UNCHECKED: Licence.UNCHECKED,
    }


def test_plain() -> None:
    assert plain("  Société Générale, S.A. ") == "societe generale s a"
