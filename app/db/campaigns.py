"""Campaigns: their codes, and where each leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Date, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
from app.db.traffic import TrafficRow
from app.domain.campaign import LONGEST_NAME, Campaign, CampaignKind, heard, is_code
from app.domain.traffic import Subject


class CampaignRow(Base):
    """heard: the code as it is heard or read from afar, so that no two are taken for each other."""

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30), unique=True)
    heard: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[CampaignKind] = mapped_column(word(CampaignKind))
    language: Mapped[str] = mapped_column(String(5))
    country: Mapped[str] = mapped_column(String(2))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[Decimal | None]
    starts: Mapped[date] = mapped_column(Date)
    ends: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None]
    cost: Mapped[Decimal]
    notes: Mapped[str] = mapped_column(Text)
    version: Mapped[int]

    def campaign(self) -> Campaign:
        return Campaign(id=self.id, version=self.version, **{n: getattr(self, n) for n in FACTS})


@dataclass(frozen=True, slots=True)
class Week:
    """True counts: who shows them goes through app/domain/suppression.py first."""

    monday: date
    visits: int


FACTS = (
    *("code", "name", "kind", "language", "country", "currency", "amount"),
    *("starts", "ends", "ended_at", "cost", "notes"),
)
"""What is copied as it is."""

CHANGED = tuple(name for name in FACTS if name not in ("code", "ended_at"))
"""What an editor may change. A code is on paper already: it stays."""


def known_campaigns(session: Session) -> set[str]:
    """The codes of all campaigns, those that are over among them: a visit with another code came
    by no campaign, whatever its address says."""
    return set(session.scalars(select(CampaignRow.code)))


def all_campaigns(session: Session) -> list[Campaign]:
    """The newest first."""
    rows = session.scalars(select(CampaignRow).order_by(CampaignRow.id.desc()))
    return [row.campaign() for row in rows]


def campaign_by_number(session: Session, number: int) -> Campaign | None:
    row = session.get(CampaignRow, number, populate_existing=True)
    return row.campaign() if row else None


def weeks_by_campaign(session: Session) -> dict[str, list[Week]]:
    """By code, the true visits of each week in which there were any. Days that were forgotten are
    left out: of them only the sum of their year is kept."""
    row = TrafficRow
    found: dict[str, dict[date, int]] = {}
    asked = select(row.name, row.day, row.count).where(row.subject == Subject.CAMPAIGN)
    for code, day, count in session.execute(asked.order_by(row.day)):
        weeks = found.setdefault(code, {})
        monday = day - timedelta(days=day.weekday())
        weeks[monday] = weeks.get(monday, 0) + count
    return {code: [Week(*week) for week in weeks.items()] for code, weeks in found.items()}


def find_campaign(session: Session, code: str) -> Campaign | None:
    """By its code, or by what is heard or read as that; `code` may be anything."""
    if not is_code(heard(code)):
        return None
    row = session.scalar(select(CampaignRow).where(CampaignRow.heard == heard(code)))
    return row.campaign() if row else None


def is_taken(session: Session, code: str) -> bool:
    """Whether a campaign has this code, or one that could be taken for it."""
    return find_campaign(session, code) is not None


def add_campaign(session: Session, campaign: Campaign) -> Campaign:
    """With its number. The code may not be taken."""
    facts = {name: getattr(campaign, name) for name in FACTS}
    row = CampaignRow(**facts, heard=heard(campaign.code), version=1)
    session.add(row)
    session.flush()
    return replace(campaign, id=row.id, version=1)


def change_campaign(session: Session, campaign: Campaign) -> bool:
    """Keep what was changed of it; False if somebody else changed it since it was read."""
    facts = {name: getattr(campaign, name) for name in CHANGED}
    changed = session.execute(
        update(CampaignRow)
        .where(CampaignRow.id == campaign.id, CampaignRow.version == campaign.version)
        .values(**facts, version=campaign.version + 1)
        .returning(CampaignRow.id)
    )
    return changed.first() is not None


def end_campaign(session: Session, number: int, now: datetime) -> bool:
    """From now on it leads home; False if it was ended already."""
    ended = session.execute(
        update(CampaignRow)
        .where(CampaignRow.id == number, CampaignRow.ended_at.is_(None))
        .values(ended_at=now, version=CampaignRow.version + 1)
        .returning(CampaignRow.id)
    )
    return ended.first() is not None
