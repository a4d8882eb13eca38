"""Who may never advertise, which links are safe, and when an advert ran."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.advert import (
    REFUSED,
    Advert,
    AdvertState,
    Interested,
    Ran,
    Rule,
    Sector,
    Switched,
    bare,
    is_latin,
    is_on,
    is_safe_link,
    ran,
    refused_by,
    todays,
)

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
ADVERT = Advert(
    advertiser="Boekhandel Van Dijk B.V.",
    sector=Sector.BOOKS_AND_MEDIA,
    title="Books in your own language",
    text="Novels and schoolbooks in Arabic, Turkish and Tigrinya.",
    link="https://books.example/new",
    languages=("en", "nl"),
    starts=DAY,
    ends=DAY + 9 * ONE_DAY,
    paid=Decimal(150),
    number=1,
)
APPROVED = replace(ADVERT, state=AdvertState.APPROVED, approved_at=NOON)
INTERESTED = Interested(
    firms={"Wise": "Wise", "Western Union": "Western Union", "ing": "ING", "ria": "Ria"},
    holders={
        "Small World Financial Services Spain S.A.": "Small World Financial Services Spain S.A."
    },
    sites={"wise.com": "Wise", "ria.example": "Ria"},
)


def test_a_bookshop_may() -> None:
    assert refused_by(ADVERT, INTERESTED) is None


@pytest.mark.parametrize("sector", Sector)
def test_a_sector_is_refused_or_not(sector: Sector) -> None:
    found = refused_by(replace(ADVERT, sector=sector), INTERESTED)
    assert (found is not None) == (sector in REFUSED)


def test_the_sectors_that_the_rule_names_are_refused() -> None:
    assert {
        *(Sector.BANK, Sector.MONEY_TRANSFER, Sector.PAYMENT_INSTITUTION, Sector.E_MONEY),
        *(Sector.MOBILE_MONEY, Sector.EXCHANGE_OFFICE, Sector.LENDER, Sector.CRYPTO),
    } == REFUSED


@pytest.mark.parametrize(
    ("name", "rule", "known"),
    [
        ("Wise", Rule.NAME, "Wise"),
        ("WISE Europe S.A.", Rule.NAME, "Wise"),
        ("Wísé", Rule.NAME, "Wise"),
        ("Friends of Western  Union", Rule.NAME, "Western Union"),
        ("WesternUnion", Rule.NAME, "Western Union"),
        ("western-union b.v.", Rule.NAME, "Western Union"),
        ("ING", Rule.NAME, "ING"),
        ("Small World Financial Services Spain", Rule.LICENCE, "Small World"),
        ("Small World Financial Services Spain SA", Rule.LICENCE, "Small World"),
    ],
)
def test_a_firm_that_is_known_is_refused_however_it_writes_its_name(
    name: str, rule: Rule, known: str
) -> None:
    found = refused_by(replace(ADVERT, advertiser=name), INTERESTED)
    assert found is not None
    assert found.rule is rule
    assert found.known.startswith(known)


@pytest.mark.parametrize("name", ["Swings and Singing", "Western Shop", "Likewise Design", "Aria"])
def test_a_part_of_a_word_is_no_name(name: str) -> None:
    assert refused_by(replace(ADVERT, advertiser=name), INTERESTED) is None


@pytest.mark.parametrize(
    ("link", "refused"),
    [
        ("https://wise.com/invite/u/1", True),
        ("https://www.wise.com", True),
        ("https://join.wise.com/", True),
        ("https://WISE.com./", True),
        ("https://otherwise.com/", False),
        ("https://wise.com.example/", False),
    ],
)
def test_a_link_to_a_firm_that_sends_money_is_refused(link: str, refused: bool) -> None:
    found = refused_by(replace(ADVERT, link=link), INTERESTED)
    assert (found is not None and found.rule is Rule.LINK) == refused


@given(st.text(max_size=40))
def test_any_name_can_be_weighed(name: str) -> None:
    refused_by(replace(ADVERT, advertiser=name), INTERESTED)
    assert bare(name) == " ".join(bare(name).split())


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(sorted(INTERESTED.firms)))
def test_words_around_it_hide_no_firm(before: str, after: str, firm: str) -> None:
    found = refused_by(replace(ADVERT, advertiser=f"{before} {firm} {after}"), INTERESTED)
    assert found is not None


def test_letters_that_look_like_ours_are_not_ours() -> None:
    assert is_latin("Société Générale & Co.")
    assert not is_latin("W\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}se")
    assert not is_latin("W\N{LATIN SMALL LETTER DOTLESS I}se")


@pytest.mark.parametrize(
    "link",
    [
        "http://books.example/",
        "javascript:alert(1)",
        "https://user@books.example/",
        "https://books.example:8443/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://books.example/a b",
        'https://books.example/"onclick="',
        "https://books.example\\@evil.example/",
        "https://böoks.example/",
        "https://books.example/\N{RIGHT-TO-LEFT OVERRIDE}",
        "https://books.example/<b>",
        "https://books.example/'",
        "//books.example/",
        "https://" + "a" * 300 + ".example/",
        "",
    ],
)
def test_a_link_that_is_not_plain_is_refused(link: str) -> None:
    assert not is_safe_link(link)


def test_a_plain_link_is_safe() -> None:
    assert is_safe_link("https://www.books.example/new?of=1#top")


def switched(*times: tuple[bool, datetime]) -> list[Switched]:
    return [Switched(on, at, "because") for on, at in times]


def test_adverts_are_off_until_somebody_turns_them_on() -> None:
    assert not is_on([])
    assert is_on(switched((True, NOON)))
    assert not is_on(switched((True, NOON), (False, NOON + ONE_DAY)))


ON = switched((True, NOON - ONE_DAY))


@pytest.mark.parametrize(
    ("advert", "switches", "days", "expected"),
    [
        (APPROVED, [], 3, []),
        (ADVERT, ON, 3, []),
        (APPROVED, ON, 3, [Ran(DAY, DAY + 3 * ONE_DAY)]),
        (APPROVED, ON, 30, [Ran(DAY, DAY + 9 * ONE_DAY)]),
        (replace(APPROVED, starts=DAY + 5 * ONE_DAY), ON, 3, []),
        (
            replace(APPROVED, state=AdvertState.STOPPED, stopped_at=NOON + ONE_DAY),
            ON,
            30,
            [Ran(DAY, DAY + ONE_DAY)],
        ),
        (
            APPROVED,
            switched((True, NOON), (False, NOON + ONE_DAY), (True, NOON + 3 * ONE_DAY)),
            4,
            [Ran(DAY, DAY + ONE_DAY), Ran(DAY + 3 * ONE_DAY, DAY + 4 * ONE_DAY)],
        ),
        (APPROVED, switched((True, NOON - 3 * ONE_DAY), (False, NOON - ONE_DAY)), 3, []),
    ],
)
def test_it_ran_while_it_was_approved_due_and_adverts_were_on(
    advert: Advert, switches: list[Switched], days: int, expected: list[Ran]
) -> None:
    assert ran(advert, switches, NOON + days * ONE_DAY) == expected


def test_each_has_its_turn_and_only_while_it_is_due() -> None:
    second = replace(APPROVED, number=2, languages=("nl",))
    both = [second, APPROVED]
    shown = {(todays(both, "nl", DAY + n * ONE_DAY) or ADVERT).number for n in range(2)}
    assert shown == {1, 2}
    assert todays(both, "en", DAY) == APPROVED
    assert todays(both, "ar", DAY) is None
    assert todays([ADVERT], "en", DAY) is None
    assert todays(both, "en", DAY - ONE_DAY) is None
    assert todays(both, "en", APPROVED.ends) == APPROVED
    assert todays(both, "en", APPROVED.ends + ONE_DAY) is None
