"""A corridor joins places that exist."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.corridor import Corridor, UnknownPlace
from app.domain.countries import ALPHA2, PAYOUT_CURRENCY
from app.domain.currencies import MINOR_DIGITS
from tests.domain.strategies import MOROCCO, currencies

countries = st.sampled_from(sorted(PAYOUT_CURRENCY))


@given(countries, currencies, countries, currencies)
def test_every_known_place_can_be_joined(sender: str, send: str, receiver: str, got: str) -> None:
    assert Corridor(sender, send, receiver, got).slug == f"{sender}-{receiver}"


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        (("XX", "EUR", "MA", "MAD"), "XX"),
        (("NL", "EUR", "QQ", "MAD"), "QQ"),
        (("NL", "EUR", "ma", "MAD"), "ma"),
        (("NL", "EUR", "MAR", "MAD"), "MAR"),
        (("", "EUR", "MA", "MAD"), "''"),
        (("NL", "XXX", "MA", "MAD"), "XXX"),
        (("NL", "EUR", "MA", "mad"), "mad"),
        (("NL", "NLG", "MA", "MAD"), "NLG"),
        (("NL", "EUR", "MA", ""), "''"),
        (("EUR", "NL", "MAD", "MA"), "EUR"),
    ],
)
def test_unknown_places_are_refused_by_name(parts: tuple[str, ...], named: str) -> None:
    with pytest.raises(UnknownPlace, match=named):
        Corridor(*parts)


def test_the_pay_out_currency_is_part_of_a_corridor() -> None:
    assert Corridor("NL", "EUR", "MA", "EUR") != MOROCCO == Corridor("NL", "EUR", "MA", "MAD")


def test_corridors_sort_by_country() -> None:
    others = [Corridor("NL", "EUR", "TR", "TRY"), Corridor("BE", "EUR", "TR", "TRY")]
    assert [one.slug for one in sorted([*others, MOROCCO])] == ["BE-TR", "NL-MA", "NL-TR"]


@pytest.mark.parametrize(
    ("country", "currency"),
    [
        *(("NL", "EUR"), ("MA", "MAD"), ("TR", "TRY"), ("GH", "GHS"), ("SR", "SRD")),
        *(("DO", "DOP"), ("ID", "IDR"), ("NG", "NGN"), ("SO", "USD"), ("BG", "EUR")),
        *(("SN", "XOF"), ("CM", "XAF"), ("CV", "CVE"), ("BA", "BAM"), ("CW", "XCG")),
    ],
)
def test_what_money_arrives_in(country: str, currency: str) -> None:
    assert PAYOUT_CURRENCY[country] == currency


def test_every_country_pays_out_in_a_known_currency() -> None:
    assert set(PAYOUT_CURRENCY.values()) <= set(MINOR_DIGITS)


@pytest.mark.parametrize(
    ("code", "country"), [("NLD", "NL"), ("MAR", "MA"), ("KSV", "XK"), ("XKX", "XK"), ("ROM", "RO")]
)
def test_the_world_bank_s_codes_are_known(code: str, country: str) -> None:
    assert ALPHA2[code] == country


def test_every_code_leads_to_a_known_country() -> None:
    assert set(ALPHA2.values()) <= set(PAYOUT_CURRENCY)
