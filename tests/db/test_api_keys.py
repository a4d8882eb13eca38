"""Keys of providers' programs, and what they were answered."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.db import api_keys
from app.db.accounts import add_account
from app.db.api_keys import ANSWERS_KEPT, SEEN_EVERY, Answered, ApiKeyRow
from app.db.engine import Database
from app.db.providers import ids_by_slug, set_status
from app.domain.account import Account, Role
from app.domain.provider import ProviderStatus
from tests.db.made import NOON, stock
from tests.tables import dump

ALI = Account(1, "ali@alpha.example", "Ali", Role.PROVIDER, "alpha")
HOUR = timedelta(hours=1)


@pytest.fixture
def stocked(database: Database) -> Database:
    stock(database)
    with database.writing() as session:
        add_account(session, ALI, NOON)
    return database


def make(database: Database, firm: str = "alpha") -> tuple[int, str]:
    with database.writing() as session:
        return api_keys.make_key(session, firm, "night run", ALI.id, NOON)


def find(database: Database, token: str, at: datetime = NOON) -> str | None:
    with database.writing() as session:
        return api_keys.find_key(session, token, at)


def test_a_key_opens_its_own_firm(stocked: Database) -> None:
    _number, token = make(stocked)
    _other, beta = make(stocked, "beta")
    assert (find(stocked, token), find(stocked, beta)) == ("alpha", "beta")
    assert len(token) > 40


def test_what_is_kept_opens_nothing(stocked: Database) -> None:
    _number, token = make(stocked)
    written = str(dump(stocked))
    assert token not in written
    assert token[api_keys.SHOWN :] not in written
    with stocked.reading() as session:
        row = session.scalars(select(ApiKeyRow)).one()
        assert find(stocked, row.token_hash) is None
        (known,) = api_keys.keys_of(session, "alpha")
        assert (known.prefix, known.name) == (token[:11], "night run")


@pytest.mark.parametrize("spoilt", ["", "hw_", "x", "hw_\x00", "hw_é" * 9])
def test_no_other_token_opens_anything(stocked: Database, spoilt: str) -> None:
    _number, token = make(stocked)
    assert find(stocked, spoilt) is None
    assert find(stocked, token[:-1]) is None
    assert find(stocked, token.upper()) is None


def test_a_key_that_was_taken_back_opens_nothing(stocked: Database) -> None:
    number, token = make(stocked)
    with stocked.writing() as session:
        assert not api_keys.revoke(session, "beta", number, ALI.id, NOON)
        assert api_keys.revoke(session, "alpha", number, ALI.id, NOON)
        assert not api_keys.revoke(session, "alpha", number, ALI.id, NOON)
    assert find(stocked, token) is None


@pytest.mark.parametrize("status", [ProviderStatus.CLOSED, ProviderStatus.UNLICENSED])
def test_a_firm_that_is_no_longer_active_has_no_keys(
    stocked: Database, status: ProviderStatus
) -> None:
    _number, token = make(stocked)
    with stocked.writing() as session:
        set_status(session, ids_by_slug(session)["alpha"], status)
    assert find(stocked, token) is None


def test_when_it_was_last_used_is_kept_to_the_minute(stocked: Database) -> None:
    _number, token = make(stocked)
    for at in (NOON + HOUR, NOON + HOUR + SEEN_EVERY / 2):
        find(stocked, token, at)
    with stocked.reading() as session:
        assert api_keys.keys_of(session, "alpha")[0].last_used_at == NOON + HOUR


def test_an_answer_is_kept_for_its_firm_for_a_day_at_least(stocked: Database) -> None:
    said = Answered("ab", 201, "{}")
    with stocked.writing() as session:
        api_keys.keep_answer(session, "alpha", "one", said, NOON)
    later = NOON + ANSWERS_KEPT
    for at, name, left in ((later, "two", said), (later + HOUR, "three", None)):
        with stocked.writing() as session:
            api_keys.keep_answer(session, "alpha", name, said, at)
        with stocked.reading() as session:
            assert api_keys.answered(session, "alpha", "one") == left
            assert api_keys.answered(session, "beta", "one") is None
    assert timedelta(hours=24) <= ANSWERS_KEPT
