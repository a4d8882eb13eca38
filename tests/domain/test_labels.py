"""The survey's labels, whatever their spelling; and nothing that is not one of them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.labels import (
    ACCESS_POINTS,
    COVERAGES,
    FIRM_TYPES,
    PAYMENT_INSTRUMENTS,
    PICKUP_METHODS,
    SPEEDS,
    UnknownLabel,
    coverage,
    several,
    speed,
    transparent,
)
from app.domain.provider import ProviderKind
from app.domain.service import AccessPoint, Coverage, PaymentInstrument, PickupMethod, Speed
from tests.domain.strategies import ROOT, survey_file

PARSERS: dict[str, Callable[[str], object]] = {
    "firm_type": partial(several, known=FIRM_TYPES),
    "payment instrument": partial(several, known=PAYMENT_INSTRUMENTS),
    "access point": partial(several, known=ACCESS_POINTS),
    "pickup method": partial(several, known=PICKUP_METHODS),
    "speed actual": speed,
    "receiving network coverage": coverage,
    "transparent": transparent,
}
EXPECTED: dict[tuple[str, str], object] = {
    ("firm_type", "Bank"): (ProviderKind.BANK,),
    ("firm_type", "Money Transfer Operator"): (ProviderKind.MTO,),
    ("firm_type", "Post Office"): (ProviderKind.POST_OFFICE,),
    ("firm_type", "Mobile Operator"): (ProviderKind.MOBILE_OPERATOR,),
    ("firm_type", "Non-Bank FI"): (ProviderKind.NON_BANK_FI,),
    ("payment instrument", "Cash"): (PaymentInstrument.CASH,),
    ("payment instrument", "Bank account transfer"): (PaymentInstrument.BANK_ACCOUNT_TRANSFER,),
    ("payment instrument", "Debit card"): (PaymentInstrument.DEBIT_CARD,),
    ("payment instrument", "Credit card"): (PaymentInstrument.CREDIT_CARD,),
    ("payment instrument", "Mobile money"): (PaymentInstrument.MOBILE_MONEY,),
    ("access point", "Internet"): (AccessPoint.INTERNET,),
    ("access point", "Agent"): (AccessPoint.AGENT,),
    ("access point", "Bank branch"): (AccessPoint.BANK_BRANCH,),
    ("access point", "Call Center"): (AccessPoint.CALL_CENTRE,),
    ("speed actual", "Less than one hour"): Speed.LESS_THAN_ONE_HOUR,
    ("speed actual", "Same day"): Speed.SAME_DAY,
    ("speed actual", "Next day"): Speed.NEXT_DAY,
    ("speed actual", "2 days"): Speed.TWO_DAYS,
    ("speed actual", "3-5 days"): Speed.THREE_TO_FIVE_DAYS,
    ("speed actual", "6 days or more"): Speed.SIX_DAYS_OR_MORE,
    ("receiving network coverage", "High"): Coverage.HIGH,
    ("receiving network coverage", "Medium"): Coverage.MEDIUM,
    ("receiving network coverage", "Low"): Coverage.LOW,
    ("pickup method", "Cash"): (PickupMethod.CASH,),
    ("pickup method", "Bank account"): (PickupMethod.BANK_ACCOUNT,),
    ("pickup method", "Own/partner Bank account"): (PickupMethod.BANK_ACCOUNT,),
    ("pickup method", "Mobile wallet"): (PickupMethod.MOBILE_WALLET,),
    ("pickup method", "Debit card"): (PickupMethod.CARD,),
    ("transparent", "yes"): True,
    ("transparent", "Yes"): True,
    ("transparent", "no"): False,
}
"""Written down by hand from data/rpw/columns.csv: column and label -> what it says."""

SPELLINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.lower,
    str.title,
    str.swapcase,
    "  {} ".format,
    "\t{}\n".format,
    "{}\u00a0".format,
    lambda label: label.replace(" ", "  "),
    lambda label: label.replace(" ", "\u00a0"),
]


def documented() -> set[tuple[str, str]]:
    """Every column and label that data/rpw/columns.csv lists."""
    with (ROOT / "data/rpw/columns.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["column"], label.strip())
            for row in csv.DictReader(file)
            if row["column"] in PARSERS
            for label in row["unit_or_labels"].split(";")
            if "combined" not in label
        }


def test_every_documented_label_has_its_meaning() -> None:
    assert documented() == set(EXPECTED)


@pytest.mark.parametrize(("column", "label"), EXPECTED)
def test_a_label_is_read_in_every_spelling(column: str, label: str) -> None:
    for spelt in SPELLINGS:
        assert PARSERS[column](spelt(label)) == EXPECTED[column, label], spelt(label)


def test_every_label_of_the_shipped_survey_has_its_meaning() -> None:
    for row in survey_file():
        for column, read in PARSERS.items():
            label = row[column]
            assert read(label) == (EXPECTED[column, label] if label else None), (column, label)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Call Center", (AccessPoint.CALL_CENTRE,)),
        ("call centre", (AccessPoint.CALL_CENTRE,)),
        ("Telephone", (AccessPoint.CALL_CENTRE,)),
        ("Mobile phone", (AccessPoint.MOBILE_APP,)),
        ("Post office", (AccessPoint.POST_OFFICE,)),
        ("Agent, Internet", (AccessPoint.INTERNET, AccessPoint.AGENT)),
        ("Internet,Agent", (AccessPoint.INTERNET, AccessPoint.AGENT)),
        ("Bank branch and Call Center", (AccessPoint.BANK_BRANCH, AccessPoint.CALL_CENTRE)),
    ],
)
def test_access_points(label: str, expected: object) -> None:
    assert several(label, ACCESS_POINTS) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Cash, Debit card", (PaymentInstrument.CASH, PaymentInstrument.DEBIT_CARD)),
        ("debit card ,CASH", (PaymentInstrument.CASH, PaymentInstrument.DEBIT_CARD)),
        ("Debit card/Credit card", (PaymentInstrument.DEBIT_CARD, PaymentInstrument.CREDIT_CARD)),
        ("Credit card; Debit card", (PaymentInstrument.DEBIT_CARD, PaymentInstrument.CREDIT_CARD)),
        ("Cash, Cash", (PaymentInstrument.CASH,)),
        ("Bank account, Bank transfer", (PaymentInstrument.BANK_ACCOUNT_TRANSFER,)),
        ("Cash,", (PaymentInstrument.CASH,)),
    ],
)
def test_a_combined_label_names_each_thing_once_in_one_order(label: str, expected: object) -> None:
    assert several(label, PAYMENT_INSTRUMENTS) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Cash, Own/partner Bank account", (PickupMethod.CASH, PickupMethod.BANK_ACCOUNT)),
        ("Own / partner bank account", (PickupMethod.BANK_ACCOUNT,)),
        ("Own/Partner Bank account, Bank account", (PickupMethod.BANK_ACCOUNT,)),
        ("Bank account (same bank)", (PickupMethod.BANK_ACCOUNT,)),
        ("Bank account (other bank), Cash", (PickupMethod.CASH, PickupMethod.BANK_ACCOUNT)),
        ("Home delivery", (PickupMethod.HOME_DELIVERY,)),
    ],
)
def test_pickup_methods(label: str, expected: object) -> None:
    assert several(label, PICKUP_METHODS) == expected


@pytest.mark.parametrize("label", ["3 - 5 days", "3\u20135 days", "3 \u2013 5 Days", "3- 5 DAYS"])
def test_a_dash_is_a_dash(label: str) -> None:
    assert speed(label) is Speed.THREE_TO_FIVE_DAYS


@pytest.mark.parametrize("label", ["", " ", "\t\n", "\u00a0"])
def test_a_blank_means_unknown(label: str) -> None:
    assert speed(label) is None
    assert coverage(label) is None
    assert several(label, PICKUP_METHODS) == ()


@pytest.mark.parametrize("label", ["Urban only", "rural ONLY"])
def test_where_a_network_is_says_nothing_of_its_reach(label: str) -> None:
    assert coverage(label) is None


@pytest.mark.parametrize("label", ["", " ", "maybe", "true", "y", "1", "yes, no"])
def test_whether_a_rate_is_disclosed_is_never_guessed(label: str) -> None:
    with pytest.raises(UnknownLabel):
        transparent(label)


@pytest.mark.parametrize(
    ("column", "label"),
    [
        ("payment instrument", "Cheque"),
        ("payment instrument", "Cash, Cheque"),
        ("payment instrument", "Cash Debit card"),
        ("payment instrument", "Cas"),
        ("payment instrument", "N/A"),
        ("access point", "Bank"),
        ("access point", "Branch manager"),
        ("pickup method", "Own"),
        ("pickup method", "Credit card"),
        ("firm_type", "Bureau de change"),
        ("speed actual", "1 day"),
        ("speed actual", "Same day, Next day"),
        ("speed actual", "35 days"),
        ("receiving network coverage", "Very high"),
        ("receiving network coverage", "High, Low"),
        ("receiving network coverage", ".."),
    ],
)
def test_an_unknown_label_is_refused_and_named(column: str, label: str) -> None:
    with pytest.raises(UnknownLabel) as caught:
        PARSERS[column](label)
    assert label in str(caught.value)


@given(st.text(), st.sampled_from(sorted(PARSERS)))
def test_any_text_is_read_as_a_known_thing_or_refused(text: str, column: str) -> None:
    try:
        found = PARSERS[column](text)
    except UnknownLabel:
        return
    assert not found or any(letter.isalnum() for letter in text)


@given(st.lists(st.sampled_from(sorted(PAYMENT_INSTRUMENTS)), min_size=1))
def test_the_order_of_a_combined_label_does_not_matter(labels: list[str]) -> None:
    forwards = several(", ".join(labels), PAYMENT_INSTRUMENTS)
    assert forwards == several(" + ".join(reversed(labels)), PAYMENT_INSTRUMENTS)
    assert set(forwards) == {PAYMENT_INSTRUMENTS[label] for label in labels}


@pytest.mark.parametrize(
    "table",
    [ACCESS_POINTS, COVERAGES, FIRM_TYPES, PAYMENT_INSTRUMENTS, PICKUP_METHODS, SPEEDS],
)
def test_no_known_label_is_out_of_reach(table: dict[str, object]) -> None:
    for label in table:
        assert label == " ".join(label.casefold().split())
