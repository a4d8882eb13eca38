"""The firms that we know by hand: their names, and those that are closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.collect.providers import known_providers, listed_providers, load_providers
from app.db.engine import Database
from app.db.providers import ProviderNames, all_providers, plain_name
from app.domain.provider import ProviderKind, ProviderStatus
from config import ROOT
from scrapers.contract import Unreadable
from tests.tables import dump

PROVIDERS = ROOT / "data/providers.toml"

WISE_ALIASES = {
    "abn-amro-bank": "abn-amro",
    "bnp": "bnp-paribas",
    "instarem": "instarem",
    "monese": "monese",
    "moneygram": "moneygram",
    "ofx": "ofx",
    "paypal": "paypal",
    "remitly": "remitly",
    "unicredit": "unicredit",
    "western-union": "western-union",
    "wise": "wise",
    "world-remit": "worldremit",
    "xoom": "xoom",
}
"""As Wise's comparison calls them -> our slug."""

OPEN = '[suri-change]\nname = "Suri-Change"\nkind = "mto"\n'
SAID = 'since = 2023-10-25\nsource = "https://nltimes.nl/2023/10/25/suri-change"\n'
CLOSED = f'{OPEN}status = "closed"\n{SAID}'


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    return tmp_path / "providers.toml"


def load(database: Database, listed: Path, text: str) -> int:
    listed.write_text(text, encoding="utf-8")
    with database.writing() as session:
        return load_providers(session, listed)


def statuses(database: Database) -> dict[str, ProviderStatus]:
    with database.reading() as session:
        return {slug: found.status for slug, found in all_providers(session).items()}


def test_wise_s_names_for_firms_are_known() -> None:
    known = known_providers(PROVIDERS)
    assert {alias: known[plain_name(alias)].slug for alias in WISE_ALIASES} == WISE_ALIASES


def test_closed_firms_are_listed_as_closed_and_no_others() -> None:
    found = {provider.slug: provider.status for provider, _ in listed_providers(PROVIDERS)}
    closed = {slug for slug, status in found.items() if status is not ProviderStatus.ACTIVE}
    assert closed == {"small-world", "suri-change"}
    assert len(found) >= 40


def test_a_new_closed_firm_is_stored_as_closed(database: Database, listed: Path) -> None:
    assert load(database, listed, CLOSED) == 1
    assert statuses(database) == {"suri-change": ProviderStatus.CLOSED}


def test_a_firm_that_closes_becomes_closed_and_nothing_else_changes(
    database: Database, listed: Path
) -> None:
    other = '[wise]\nname = "Wise"\nkind = "mto"\nwebsite = "https://wise.com/"\n'
    assert load(database, listed, OPEN + other) == 2
    before = statuses(database)
    assert set(before.values()) == {ProviderStatus.ACTIVE}
    renamed = CLOSED.replace('"Suri-Change"', '"Suri-Change BV"') + other
    assert load(database, listed, renamed) == 0
    assert statuses(database) == before | {"suri-change": ProviderStatus.CLOSED}
    with database.reading() as session:
        assert all_providers(session)["suri-change"].name == "Suri-Change"
    after = dump(database)
    assert load(database, listed, renamed) == 0
    assert dump(database) == after


def test_a_firm_named_by_a_source_before_it_was_listed_closes_too(
    database: Database, listed: Path
) -> None:
    with database.writing() as session:
        ProviderNames(session).id_of("Suri Change (Rotterdam)", ProviderKind.OTHER)
    names = 'names = ["SURI-CHANGE, Rotterdam"]\n'
    assert load(database, listed, CLOSED + names) == 0
    assert statuses(database) == {"suri-change-rotterdam": ProviderStatus.CLOSED}


def test_what_was_closed_elsewhere_is_not_opened_by_the_file(
    database: Database, listed: Path
) -> None:
    unlicensed = CLOSED.replace('"closed"', '"unlicensed"')
    load(database, listed, unlicensed)
    load(database, listed, OPEN)
    assert statuses(database) == {"suri-change": ProviderStatus.UNLICENSED}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'{OPEN}status = "shut"\n{SAID}', "status should be one of active, closed, unlicensed"),
        (f'{OPEN}status = "closed"\n', "since should be a day like 2026-11-20, is None"),
        (CLOSED.replace("source", "#"), "source should be a text, is None"),
        (CLOSED.replace("2023-10-25\n", '"October"\n', 1), "since should be a day"),
        (OPEN + SAID, "since and source belong to a status"),
        (f"{OPEN}web = 'https://example.org/'", "unknown: web"),
        (f"{OPEN}website = 'example.org'", "website should be an address"),
        (f"{OPEN}names = 'Suri'", "names should be a list of texts"),
        (OPEN.replace('"mto"', '"shop"'), "kind should be one of bank, mto"),
        (OPEN.replace("[suri-change]", "[Suri_Change]"), "a slug has small letters"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(
    database: Database, listed: Path, text: str, words: str
) -> None:
    with pytest.raises(Unreadable) as error:
        load(database, listed, text)
    assert str(error.value).startswith("providers.toml: [")
    assert "uri" in str(error.value)
    assert words in str(error.value)
    assert statuses(database) == {}
