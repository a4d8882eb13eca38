"""Of what there is something to read, in one question: every page asks it, for its foot."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, cast, literal, select
from sqlalchemy.orm import Session

from app.db.content import is_live
from app.db.content_rows import ArticleRow, ArticleTextRow
from app.db.offers import OfferRow
from app.domain.content import Kind

OFFER = "offer"


def live_now(session: Session, now: datetime) -> tuple[frozenset[Kind], bool]:
    """The kinds of articles that readers see at least one of, and whether any offer holds."""
    kinds = (
        select(cast(ArticleRow.kind, String))
        .join(ArticleTextRow, ArticleTextRow.article_id == ArticleRow.id)
        .where(ArticleTextRow.shown.is_not(None), *is_live(now))
    )
    today = now.date()
    offered = select(literal(OFFER, String)).where(
        select(OfferRow.id)
        .where(
            OfferRow.withdrawn_at.is_(None),
            OfferRow.approved_from <= today,
            OfferRow.approved_until >= today,
        )
        .exists()
    )
    found = frozenset(session.scalars(kinds.union(offered)))
    return frozenset(map(Kind, found - {OFFER})), OFFER in found
