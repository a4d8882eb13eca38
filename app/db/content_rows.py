"""The tables of what we write ourselves."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.accounts import AccountRow
from app.db.base import Base, word
from app.domain.content import (
    LONGEST_LINK,
    LONGEST_SLUG,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    Facts,
    Kind,
    Schedule,
    Version,
    Words,
)


class ArticleRow(Base):
    """version counts changes of this row."""

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(word(Kind))
    slug: Mapped[str] = mapped_column(String(LONGEST_SLUG), unique=True)
    source_language: Mapped[str] = mapped_column(String(5))
    link: Mapped[str] = mapped_column(String(LONGEST_LINK))
    source: Mapped[str] = mapped_column(Text)
    checked_on: Mapped[date | None] = mapped_column(Date)
    publish_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    version: Mapped[int]

    def facts(self) -> Facts:
        return Facts(**{name: getattr(self, name) for name in FACTS})

    def schedule(self) -> Schedule:
        return Schedule(self.publish_at, self.end_at)


FACTS = ("kind", "slug", "source_language", "link", "source", "checked_on")


class ArticleTextRow(Base):
    """How far an article is in one language. newest: 0 until its first text is saved."""

    __tablename__ = "article_text"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(5), primary_key=True)
    newest: Mapped[int]
    shown: Mapped[int | None]


class ArticleVersionRow(Base):
    """Only ever added to."""

    __tablename__ = "article_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["article_id", "language"], ["article_text.article_id", "article_text.language"]
        ),
    )

    article_id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(5), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    summary: Mapped[str] = mapped_column(String(LONGEST_SUMMARY))
    body: Mapped[str] = mapped_column(Text)
    made_from: Mapped[int | None]
    brought_back: Mapped[int | None]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None] = mapped_column(ForeignKey(AccountRow.id))

    def saved(self) -> Version:
        return Version(
            language=self.language,
            number=self.number,
            words=Words(self.title, self.summary, self.body),
            made_from=self.made_from,
            saved_at=self.saved_at,
            saved_by=self.saved_by,
            brought_back=self.brought_back,
        )
