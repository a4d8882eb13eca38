"""Where money can be sent to and whom we do not ask: the shipped lists, and wrong ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.collect.lists import listed_corridors, not_asked
from app.collect.providers import known_providers
from app.db.providers import plain_name
from app.domain.corridor import Corridor, UnknownPlace
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.provider import ProviderStatus
from app.domain.reach import NotAsked, Reach, ReachState, Why, WhyNotAsked
from config import ROOT
from scrapers.contract import Unreadable

CORRIDORS = ROOT / "data/corridors.toml"
NOT_ASKED = ROOT / "data/not_asked.toml"
PROMISED = """
MA TR SR GH NG ID SO ET PH IN PK PL CV BR CO CW DO CN VN TH EG KE SL AF IQ IR LK BA UA SY ER SN GM
CM CD BD TN UG RS NP
"""
OTHER_THAN_CLDR = {"CD": "USD", "LB": "USD"}
"""Where firms pay out something else than the country's own money; the file says who does."""

WELL_SAID = 'source = "https://example.org/why"\nchecked_on = 2026-11-20'
CLOSED = f'[IR]\ncurrencies = ["IRR"]\nstate = "closed"\nreason = "sanctions"\n{WELL_SAID}\n'
FIRM = f'[xe]\nname = "Xe"\nreason = "terms_forbid"\n{WELL_SAID}\n'


def shipped() -> dict[str, Reach]:
    return {reach.country: reach for reach in listed_corridors(CORRIDORS)}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "list.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_list_covers_what_is_promised() -> None:
    assert len(shipped()) >= 45
    assert set(PROMISED.split()) - set(shipped()) == set()


def test_the_main_currency_is_the_country_s_own_but_for_those_that_are_explained() -> None:
    main = {country: reach.currencies[0] for country, reach in shipped().items()}
    own = {country: PAYOUT_CURRENCY[country] for country in main}
    assert main == own | OTHER_THAN_CLDR


def test_suriname_pays_out_three_currencies() -> None:
    assert shipped()["SR"].currencies == ("SRD", "USD", "EUR")
    assert shipped()["SR"].corridors[1] == Corridor("NL", "EUR", "SR", "USD")


def test_what_is_not_open_says_why() -> None:
    states = {reach.country: (reach.state, reach.reason) for reach in shipped().values()}
    assert {country: said for country, said in states.items() if said[1]} == {
        "AF": (ReachState.LIMITED, Why.FEW_FORMAL_CHANNELS),
        "ER": (ReachState.LIMITED, Why.FEW_FORMAL_CHANNELS),
        "IR": (ReachState.CLOSED, Why.SANCTIONS),
        "SO": (ReachState.LIMITED, Why.FEW_FORMAL_CHANNELS),
        "SY": (ReachState.LIMITED, Why.NO_RATE),
    }


def test_an_entry_is_read_whole(tmp_path: Path) -> None:
    assert listed_corridors(written(tmp_path, 'MA.currencies = ["MAD"]\n' + CLOSED)) == [
        Reach("MA", ("MAD",)),
        Reach(
            "IR",
            ("IRR",),
            ReachState.CLOSED,
            Why.SANCTIONS,
            "https://example.org/why",
            date(2026, 11, 20),
        ),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[MAR]\ncurrencies = ["MAD"]', "[MAR] unknown country 'MAR'"),
        ('[MA]\ncurrencies = ["DH"]', "[MA] unknown currency 'DH'"),
        ("[MA]\ncurrencies = []", "[MA] needs its currencies"),
        ("[MA]", "[MA] needs its currencies"),
        ('[MA]\ncurrencies = ["MAD", "MAD"]', "[MA] needs its currencies, each once"),
        ('[MA]\ncurrencies = "MAD"', "[MA] currencies should be a list of texts"),
        ("[MA]\ncurrencies = [1]", "[MA] currencies should be a list of texts"),
        ('[NL]\ncurrencies = ["EUR"]', "[NL] NL is where money is sent from"),
        ('[MA]\ncurrencies = ["MAD"]\nstate = "ajar"', "[MA] state should be one of open, limited"),
        ('[MA]\ncurrencies = ["MAD"]\nstat = "open"', "[MA] unknown: stat;"),
        (f'[MA]\ncurrencies = ["MAD"]\n{WELL_SAID}', "[MA] open needs no reason, source"),
        (CLOSED.replace('reason = "sanctions"', ""), "[IR] closed needs reason, source"),
        (CLOSED.replace('"sanctions"', '"war"'), "[IR] reason should be one of sanctions"),
        (CLOSED.replace('"closed"', '"open"'), "[IR] open needs no reason"),
        (CLOSED.replace("https://example.org/why", "a friend"), "[IR] source should be an address"),
        (CLOSED.replace("https:", "http:"), "[IR] source should be an address"),
        (CLOSED.replace("/why", "/" + "w" * 200), "[IR] source should be an address"),
        (CLOSED.replace("2026-11-20", '"2026-11-20"'), "[IR] checked_on should be a day"),
        (CLOSED.replace("2026-11-20", "2026-11-20T10:00:00Z"), "[IR] checked_on should be a day"),
        (CLOSED + CLOSED, "cannot be read"),
        ('MA = "MAD"', "MA should be an entry"),
        ("[MA", "cannot be read"),
    ],
)
def test_a_wrong_corridor_is_refused_by_name(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Unreadable) as error:
        listed_corridors(written(tmp_path, text))
    assert str(error.value).startswith("list.toml")
    assert words in str(error.value)


@pytest.mark.parametrize("read", [listed_corridors, not_asked])
def test_a_file_that_is_gone_is_named(tmp_path: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(Unreadable, match=r"gone\.toml cannot be read"):
        read(tmp_path / "gone.toml")


def test_a_reach_cannot_be_made_wrong_by_hand() -> None:
    with pytest.raises(UnknownPlace):
        Reach("XX", ("MAD",))
    with pytest.raises(ValueError, match="limited needs reason"):
        Reach("MA", ("MAD",), ReachState.LIMITED, Why.NO_RATE, "https://example.org/")


def test_every_firm_that_is_not_asked_is_a_listed_one_that_is_in_business() -> None:
    known = known_providers(ROOT / "data/providers.toml")
    firms = not_asked(NOT_ASKED)
    assert {"xe", "lemfi", "moneygram", "revolut", "moneytrans"} <= {one.provider for one in firms}
    for firm in firms:
        provider = known[plain_name(firm.name)]
        assert (provider.slug, provider.name) == (firm.provider, firm.name)
        assert provider.status is ProviderStatus.ACTIVE


def test_a_firm_is_read_whole(tmp_path: Path) -> None:
    assert not_asked(written(tmp_path, FIRM)) == [
        NotAsked(
            "xe",
            "Xe",
            WhyNotAsked.TERMS_FORBID,
            "https://example.org/why",
            date(2026, 11, 20),
        )
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FIRM.replace('name = "Xe"', ""), "[xe] name should be a text, is None"),
        (FIRM.replace('"Xe"', '" "'), "[xe] name should be a text, is ' '"),
        (FIRM.replace("terms_forbid", "dislike"), "[xe] reason should be one of terms_forbid"),
        (FIRM.replace('source = "https://example.org/why"', ""), "[xe] source should be a text"),
        (FIRM.replace("checked_on = 2026-11-20", ""), "[xe] checked_on should be a day"),
        (FIRM + 'state = "closed"', "[xe] unknown: state;"),
    ],
)
def test_a_wrong_firm_is_refused_by_name(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Unreadable) as error:
        not_asked(written(tmp_path, text))
    assert str(error.value).startswith("list.toml: ")
    assert words in str(error.value)
