"""Providers are closed and merged by two, reopened by one, and never half."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.collect.providers import load_providers
from app.db import accounts, api_keys, provider_changes, sources
from app.db.engine import Database
from app.db.provider_changes import ChangeState, ProviderAct, ProviderChange
from app.db.providers import all_providers, decide_status, ids_by_slug
from app.domain.account import Account, AccountState
from app.domain.provider import ProviderStatus
from app.domain.quote import Origin
from app.review import providers
from app.review.deciding import SamePerson, Undecidable
from tests.db.made import NOON, SERVICE, on_board, price, save, version
from tests.review.people import ALI, AMINA, ANNA, BEN, BO
from tests.tables import dump
from tests.web.living import SEEN

CLOSE, REOPEN, MERGE = ProviderAct.CLOSE, ProviderAct.REOPEN, ProviderAct.MERGE
DAY = date(2026, 11, 19)
ACTIVE, CLOSED, UNLICENSED = (
    ProviderStatus.ACTIVE,
    ProviderStatus.CLOSED,
    ProviderStatus.UNLICENSED,
)


@pytest.fixture
def firms(stocked: Database) -> Database:
    """Nobody of theirs can sign in."""
    save(stocked, price(), price(replace(SERVICE, provider="beta")))
    with stocked.writing() as session:
        for one in (ALI, AMINA, BEN):
            accounts.set_state(session, one.id, AccountState.DISABLED)
    return stocked


def ask(
    database: Database, act: ProviderAct = CLOSE, slug: str = "beta", **other: Any
) -> ProviderChange:
    given: dict[str, Any] = {"by": ANNA, "now": NOON, "words": "It says so.", "since": DAY} | other
    with database.writing() as session:
        return providers.ask(session, act, slug, **given)


def confirm(database: Database, number: int, by: Account = BO) -> ProviderChange:
    with database.writing() as session:
        return providers.confirm(session, number, by, NOON)


def status(database: Database, slug: str = "beta") -> ProviderStatus:
    with database.reading() as session:
        return all_providers(session)[slug].status


def put(database: Database, one: ProviderStatus) -> None:
    with database.writing() as session:
        decide_status(session, ids_by_slug(session)["beta"], one, NOON)


def test_a_firm_is_closed_by_two(firms: Database) -> None:
    before = version(firms)
    asked = ask(firms)
    assert (asked.state, status(firms), version(firms)) == (ChangeState.WAITING, ACTIVE, before)
    with pytest.raises(SamePerson):
        confirm(firms, asked.id, ANNA)
    assert status(firms) is ACTIVE
    done = confirm(firms, asked.id)
    assert (done.state, done.decided_by, done.decided_at) == (ChangeState.DONE, BO.id, NOON)
    assert (status(firms), version(firms)) == (CLOSED, before + 1)
    with pytest.raises(Undecidable, match="already"):
        confirm(firms, asked.id)


def test_a_closed_firm_is_reopened_by_one(firms: Database) -> None:
    confirm(firms, ask(firms).id)
    done = ask(firms, REOPEN)
    assert (done.state, done.decided_by) == (ChangeState.DONE, ANNA.id)
    assert status(firms) is ACTIVE


def test_one_without_a_licence_is_reopened_by_two(firms: Database) -> None:
    put(firms, UNLICENSED)
    asked = ask(firms, REOPEN)
    assert (asked.state, status(firms)) == (ChangeState.WAITING, UNLICENSED)
    confirm(firms, asked.id)
    assert status(firms) is ACTIVE


def test_two_become_one_by_two(firms: Database) -> None:
    asked = ask(firms, MERGE, into="alpha")
    assert {one.quote.service.provider for one in on_board(firms)} == {"alpha", "beta"}
    with pytest.raises(SamePerson):
        confirm(firms, asked.id, ANNA)
    confirm(firms, asked.id)
    assert {one.quote.service.provider for one in on_board(firms)} == {"alpha"}
    with firms.reading() as session:
        assert set(all_providers(session)) == {"alpha"}
        kept = provider_changes.find_change(session, asked.id)
        assert kept is not None
        assert (kept.provider, kept.into, kept.state) == ("beta", "alpha", ChangeState.DONE)


def test_what_is_refused_is_not_done(firms: Database) -> None:
    asked = ask(firms)
    with firms.writing() as session:
        providers.refuse(session, asked.id, ANNA, NOON, "I was wrong.")
    for act in (confirm, confirm):
        with pytest.raises(Undecidable, match="already"):
            act(firms, asked.id)
    assert status(firms) is ACTIVE
    ask(firms)


@pytest.mark.parametrize(
    ("act", "slug", "other", "says"),
    [
        (CLOSE, "gamma", {}, "no such firm"),
        (CLOSE, "beta", {"words": " "}, "Say why"),
        (CLOSE, "beta", {"since": DAY + timedelta(days=2)}, "cannot lie ahead"),
        (MERGE, "beta", {"into": "alpha", "since": date(2028, 1, 1)}, "too far"),
        (REOPEN, "beta", {}, "open already"),
        (MERGE, "beta", {}, "two firms"),
        (MERGE, "beta", {"into": "beta"}, "two firms"),
        (MERGE, "beta", {"into": "gamma"}, "two firms"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    firms: Database, act: ProviderAct, slug: str, other: dict[str, Any], says: str
) -> None:
    before = dump(firms)
    with pytest.raises(Undecidable, match=says):
        ask(firms, act, slug, **other)
    assert dump(firms) == before


def test_one_thing_waits_at_a_time(firms: Database) -> None:
    ask(firms)
    with pytest.raises(Undecidable, match="waits"):
        ask(firms)
    with pytest.raises(Undecidable, match="waits"):
        ask(firms, MERGE, into="alpha")
    with pytest.raises(Undecidable, match="waits"):
        ask(firms, MERGE, "alpha", into="beta")
    with firms.reading() as session:
        assert len(provider_changes.waiting_changes(session)) == 1
        assert len(provider_changes.waiting_changes(session, "alpha")) == 0


def test_what_changed_meanwhile_is_looked_at_again(firms: Database) -> None:
    asked = ask(firms)
    put(firms, CLOSED)
    with pytest.raises(Undecidable, match="closed already"):
        confirm(firms, asked.id)


def test_a_firm_that_a_source_or_a_list_names_is_not_merged_away(firms: Database) -> None:
    facts = sources.SourceFacts(
        "betas", "price", "https://b.example", "beta", "green", "open", SEEN, 60, 15, is_on=True
    )
    with firms.writing() as session:
        sources.register(session, [facts])
    with pytest.raises(Undecidable, match="source of its own"):
        ask(firms, MERGE, into="alpha")
    with firms.writing() as session:
        sources.register(session, [replace(facts, provider="")])
    beta = replace(SERVICE, provider="beta")
    save(firms, price(beta, rung="500", source="tariff", origin=Origin.TARIFF))
    with pytest.raises(Undecidable, match="price list"):
        ask(firms, MERGE, into="alpha")
    ask(firms, MERGE, "alpha", into="beta")


def test_nobody_s_account_or_key_ends_up_at_another_firm(firms: Database) -> None:
    asked = ask(firms, MERGE, into="alpha")
    with firms.writing() as session:
        accounts.set_state(session, BEN.id, AccountState.INVITED)
    with pytest.raises(Undecidable, match="disable"):
        confirm(firms, asked.id)
    with firms.writing() as session:
        accounts.set_state(session, BEN.id, AccountState.DISABLED)
        key, _token = api_keys.make_key(session, "beta", "Prices", BEN.id, NOON)
    with pytest.raises(Undecidable, match="key"):
        confirm(firms, asked.id)
    with firms.writing() as session:
        api_keys.revoke(session, "beta", key, BEN.id, NOON)
    confirm(firms, asked.id)


LISTED = '[beta]\nname = "Beta"\nkind = "mto"\n'
SHUT = f'{LISTED}status = "closed"\nsince = 2026-01-01\nsource = "https://b.example/"\n'


def seed(database: Database, folder: Path, text: str) -> None:
    file = folder / "providers.toml"
    file.write_text(text, encoding="utf-8")
    with database.writing() as session:
        load_providers(session, file)


def test_the_file_that_ships_does_not_undo_what_operators_decided(
    firms: Database, tmp_path: Path
) -> None:
    seed(firms, tmp_path, SHUT)
    assert status(firms) is CLOSED
    ask(firms, REOPEN)
    seed(firms, tmp_path, SHUT)
    assert status(firms) is ACTIVE
    confirm(firms, ask(firms).id)
    seed(firms, tmp_path, LISTED)
    assert status(firms) is CLOSED


def test_a_firm_that_was_merged_does_not_come_back_with_the_file(
    firms: Database, tmp_path: Path
) -> None:
    confirm(firms, ask(firms, MERGE, into="alpha").id)
    seed(firms, tmp_path, SHUT)
    with firms.reading() as session:
        assert set(all_providers(session)) == {"alpha"}
    assert status(firms, "alpha") is ACTIVE
