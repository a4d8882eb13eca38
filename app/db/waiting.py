"""Since when things wait that say nothing of it themselves: for the order of an operator's day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from app.db.adverts import AdvertRow
from app.db.content_rows import ArticleRow, ArticleVersionRow
from app.db.offers import OfferRow, OfferVersionRow
from app.db.shopping_rows import ResultRow


class Waits(StrEnum):
    """OFFER: its newest version; ARTICLE: its source text, which translations are behind since;
    ADVERT: when it was made; RESULT: of a task, when it was last written down."""

    OFFER = "offer"
    ARTICLE = "article"
    ADVERT = "advert"
    RESULT = "result"


Since = Mapping[tuple[Waits, int], datetime]


def waiting_since(session: Session) -> Since:
    """By kind and number. All of it in one question: none of these are many."""
    version = ArticleVersionRow
    written = (
        select(literal(Waits.ARTICLE.value), version.article_id, func.max(version.saved_at))
        .join(ArticleRow, ArticleRow.id == version.article_id)
        .where(version.language == ArticleRow.source_language)
        .group_by(version.article_id)
    )
    offered = (
        select(literal(Waits.OFFER.value), OfferRow.id, OfferVersionRow.saved_at)
        .join(OfferVersionRow, OfferVersionRow.offer_id == OfferRow.id)
        .where(OfferVersionRow.number == OfferRow.version)
    )
    advertised = select(literal(Waits.ADVERT.value), AdvertRow.id, AdvertRow.made_at)
    found = select(literal(Waits.RESULT.value), ResultRow.task_id, func.max(ResultRow.at))
    every = union_all(offered, written, advertised, found.group_by(ResultRow.task_id)).subquery()
    rows = session.execute(select(*every.c))
    return {(Waits(row[0]), row[1]): row[2] for row in rows}
