"""Campaigns come back as they were kept, no two can be taken for each other, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from app.db import campaigns
from app.db.engine import Database
from app.domain.campaign import Campaign, CampaignKind

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FLYER = Campaign(
    code="markt-1",
    name="Market in Utrecht",
    kind=CampaignKind.FLYER,
    language="nl",
    starts=date(2026, 11, 1),
    ends=date(2026, 12, 1),
    country="MA",
    amount=Decimal("200.50"),
    cost=Decimal("149.95"),
    notes="500 flyers",
)
RADIO = Campaign("radio", "Radio", CampaignKind.RADIO, "ar", date(2026, 11, 1))


def add(database: Database, *some: Campaign) -> list[Campaign]:
    with database.writing() as session:
        return [campaigns.add_campaign(session, one) for one in some]


def test_a_campaign_comes_back_as_it_was(database: Database) -> None:
    kept = add(database, FLYER, RADIO)
    with database.reading() as session:
        assert campaigns.all_campaigns(session) == list(reversed(kept))
        assert campaigns.known_campaigns(session) == {"markt-1", "radio"}
        for said in ("markt-1", "MARKT1", "markt-l", "mark-t1"):
            assert campaigns.find_campaign(session, said) == kept[0]
        for said in ("markt-2", "", "-", "\x00", "\ud800", "x" * 3000, "'; --"):
            assert campaigns.find_campaign(session, said) is None


@pytest.mark.parametrize("code", ["markt-1", "markt1", "markt-l", "markt-i"])
def test_no_two_codes_can_be_taken_for_each_other(database: Database, code: str) -> None:
    add(database, FLYER)
    with database.reading() as session:
        assert campaigns.is_taken(session, code)
        assert not campaigns.is_taken(session, "markt-2")
    with pytest.raises(IntegrityError):
        add(database, replace(RADIO, code=code))


def test_of_two_who_change_one_the_second_is_told(database: Database) -> None:
    (kept,) = add(database, FLYER)
    with database.writing() as session:
        assert campaigns.change_campaign(session, replace(kept, name="First"))
        assert not campaigns.change_campaign(session, replace(kept, name="Second"))
    with database.reading() as session:
        assert campaigns.all_campaigns(session) == [replace(kept, name="First", version=2)]


def test_a_code_never_changes(database: Database) -> None:
    (kept,) = add(database, FLYER)
    with database.writing() as session:
        assert campaigns.change_campaign(session, replace(kept, code="another"))
    with database.reading() as session:
        assert campaigns.known_campaigns(session) == {"markt-1"}


def test_a_campaign_is_ended_once_and_its_code_stays_known(database: Database) -> None:
    (kept,) = add(database, FLYER)
    with database.writing() as session:
        assert campaigns.end_campaign(session, kept.id, NOON)
        assert not campaigns.end_campaign(session, kept.id, NOON)
        assert not campaigns.end_campaign(session, kept.id + 1, NOON)
        assert not campaigns.change_campaign(session, kept)
    with database.reading() as session:
        (ended,) = campaigns.all_campaigns(session)
        assert ended == replace(kept, ended_at=NOON, version=2)
        assert campaigns.known_campaigns(session) == {"markt-1"}
