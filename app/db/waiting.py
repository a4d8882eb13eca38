"""Since when things wait that say nothing of it themselves: for the order of an operator's day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.adverts import AdvertRow
from app.db.content_rows import ArticleRow, ArticleVersionRow
from app.db.offers import OfferRow, OfferVersionRow
from app.db.shopping_rows import ResultRow

Since = dict[int, datetime]


def offers_since(session: Session, numbers: Collection[int]) -> Since:
    """When the newest version of each offer was written."""
    asked = (
        select(OfferRow.id, OfferVersionRow.saved_at)
        .join(OfferVersionRow, OfferVersionRow.offer_id == OfferRow.id)
        .where(OfferRow.id.in_(numbers), OfferVersionRow.number == OfferRow.version)
    )
    return {row[0]: row[1] for row in session.execute(asked)}


def articles_since(session: Session, numbers: Collection[int]) -> Since:
    """When the source text of each article was last written: its translations are behind since."""
    version = ArticleVersionRow
    asked = (
        select(version.article_id, func.max(version.saved_at))
        .join(ArticleRow, ArticleRow.id == version.article_id)
        .where(version.article_id.in_(numbers), version.language == ArticleRow.source_language)
        .group_by(version.article_id)
    )
    return {row[0]: row[1] for row in session.execute(asked)}


def adverts_since(session: Session, numbers: Collection[int]) -> Since:
    asked = select(AdvertRow.id, AdvertRow.made_at).where(AdvertRow.id.in_(numbers))
    return {row[0]: row[1] for row in session.execute(asked)}


def results_since(session: Session, tasks: Collection[int]) -> Since:
    """When what was found at a counter was last written down, by task."""
    asked = select(ResultRow.task_id, func.max(ResultRow.at)).where(ResultRow.task_id.in_(tasks))
    return {row[0]: row[1] for row in session.execute(asked.group_by(ResultRow.task_id))}
