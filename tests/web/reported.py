"""Readers' reports about prices of the shipped data."""

from __future__ import annotations

from sqlalchemy import select

from app.db import reports
from app.db.price_rows import BoardRow
from app.db.providers import ProviderRow
from app.db.services import ServiceRow
from app.domain.report import About, Report
from tests.work import Workplace

WRITTEN = (
    "reader@example.org",
    "I am Jan de Vries <b>",
    "MAD 2,100 at my counter",
    "/en/send/nl/ma",
)
"""What no firm may ever read."""


def firms(work: Workplace) -> tuple[str, str]:
    """Two that have prices on the board."""
    with work.database.reading() as session:
        asked = select(ProviderRow.slug).join(ServiceRow).join(BoardRow).distinct()
        first, second, *_ = session.scalars(asked.order_by(ProviderRow.slug))
    return first, second


def price_of(work: Workplace, firm: str) -> int:
    with work.database.reading() as session:
        asked = select(BoardRow.quote_id).join(ServiceRow).join(ProviderRow)
        asked = asked.where(ProviderRow.slug == firm).order_by(BoardRow.quote_id)
        return session.scalars(asked.limit(1)).one()


def a_report(
    work: Workplace, firm: str | None, token: str = "t" * 32, email: str = WRITTEN[0]
) -> int:
    """About a price of this firm, or about the site."""
    made = Report(
        about=About.PRICE if firm else About.SITE,
        language="nl",
        message=WRITTEN[1],
        at=work.now,
        price_id=price_of(work, firm) if firm else None,
        page=WRITTEN[3],
        seen=WRITTEN[2],
        email=email,
    )
    with work.database.writing() as session:
        return reports.add_report(session, made, token)
