"""What we write ourselves: saved as versions that are never changed, shown when one is let go.

Two who save the same text at the same time are never both right: the second one is told what the
first one saved, and nothing of either is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.db.content_rows import FACTS, ArticleRow, ArticleTextRow, ArticleVersionRow
from app.domain.content import Article, Facts, Kind, Schedule, State, Text, Version, Words

ABOUT = "article"
"""As the log of acts names what is done to one."""


class SomebodyElse(Exception):
    """Somebody else saved it since it was opened: `theirs` is what stands now."""


class ChangedText(SomebodyElse):
    def __init__(self, theirs: Version) -> None:
        super().__init__(f"version {theirs.number} of {theirs.language} is newer")
        self.theirs = theirs


class ChangedArticle(SomebodyElse):
    def __init__(self, theirs: Article) -> None:
        super().__init__(f"version {theirs.version} of article {theirs.number} is newer")
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Head:
    """An article in a list: in each language that readers see it in, its title and summary and
    when these words were saved."""

    article: Article
    words: dict[str, tuple[str, str, datetime]]


def add_article(session: Session, facts: Facts) -> int | None:
    """Keep a new one, a draft without a text; its number, or None if its slug is taken."""
    made = {name: getattr(facts, name) for name in FACTS} | {"version": 1}
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    unless_taken = insert(ArticleRow).values(made).on_conflict_do_nothing(index_elements=["slug"])
    return session.scalars(unless_taken.returning(ArticleRow.id)).first()


def articles(session: Session) -> list[Article]:
    """Every one, newest first."""
    return _articles(session, select(ArticleRow).order_by(ArticleRow.id.desc()))


def find_article(session: Session, number: int) -> Article | None:
    return _first(session, ArticleRow.id == number)


def find_by_slug(session: Session, slug: str, kinds: Collection[Kind]) -> Article | None:
    return _first(session, ArticleRow.slug == slug, ArticleRow.kind.in_(kinds))


def _first(session: Session, *wanted: ColumnElement[bool]) -> Article | None:
    found = _articles(session, select(ArticleRow).where(*wanted))
    return found[0] if found else None


def _articles(session: Session, asked: Select[ArticleRow]) -> list[Article]:
    rows = session.scalars(asked.execution_options(populate_existing=True)).all()
    texts = _texts(session, [row.id for row in rows])
    return [
        Article(row.id, row.version, row.facts(), row.schedule(), texts.get(row.id, {}))
        for row in rows
    ]


def _texts(session: Session, numbers: list[int]) -> dict[int, dict[str, Text]]:
    """By number of the article, then by language, in the order of their codes."""
    rows = session.execute(
        select(
            ArticleTextRow.article_id,
            ArticleTextRow.language,
            ArticleTextRow.newest,
            ArticleTextRow.shown,
            ArticleVersionRow.made_from,
        )
        .join(
            ArticleVersionRow,
            (ArticleVersionRow.article_id == ArticleTextRow.article_id)
            & (ArticleVersionRow.language == ArticleTextRow.language)
            & (ArticleVersionRow.number == ArticleTextRow.newest),
        )
        .where(ArticleTextRow.article_id.in_(numbers))
        .order_by(ArticleTextRow.language)
    )
    found: dict[int, dict[str, Text]] = defaultdict(dict)
    for number, language, newest, shown, made_from in rows:
        found[number][language] = Text(language, newest, shown, made_from)
    return found


def source_titles(session: Session) -> dict[int, str]:
    """Of the newest version of every source text, by number of the article."""
    version = ArticleVersionRow
    rows = session.execute(
        select(version.article_id, version.title)
        .join(ArticleRow, ArticleRow.id == version.article_id)
        .join(
            ArticleTextRow,
            (ArticleTextRow.article_id == version.article_id)
            & (ArticleTextRow.language == version.language)
            & (ArticleTextRow.newest == version.number),
        )
        .where(version.language == ArticleRow.source_language)
    )
    return dict(rows.all())


def find_version(session: Session, number: int, language: str, version: int) -> Version | None:
    row = session.get(ArticleVersionRow, (number, language, version))
    return row.saved() if row else None


def newest_version(session: Session, number: int, language: str) -> Version | None:
    found = versions(session, number, language, most=1)
    return found[0] if found else None


def versions(session: Session, number: int, language: str, most: int = 200) -> list[Version]:
    """Newest first."""
    rows = session.scalars(
        select(ArticleVersionRow)
        .where(ArticleVersionRow.article_id == number, ArticleVersionRow.language == language)
        .order_by(ArticleVersionRow.number.desc())
        .limit(most)
    )
    return [row.saved() for row in rows]


def save_text(
    session: Session,
    number: int,
    language: str,
    words: Words,
    now: datetime,
    *,
    base: int,
    made_from: int | None,
    by: int | None = None,
    brought_back: int | None = None,
) -> Version:
    """Keep a text as a new version, on top of version `base` (0: there was none); if it says what
    that one says, that one is it. Raises ChangedText if there is a newer one."""
    key = {"article_id": number, "language": language}
    _begin_text(session, number, language)
    before = newest_version(session, number, language)
    if before and before.number == base and (before.words, before.made_from) == (words, made_from):
        return before
    mine = update(ArticleTextRow).where(
        ArticleTextRow.article_id == number,
        ArticleTextRow.language == language,
        ArticleTextRow.newest == base,
    )
    mine = mine.values(newest=base + 1).returning(ArticleTextRow.newest)
    if session.scalar(mine) is None:
        theirs = newest_version(session, number, language)
        if theirs is None:
            raise LookupError(f"article {number} has no version {base} in {language}")
        raise ChangedText(theirs)
    row = ArticleVersionRow(
        **key,
        number=base + 1,
        title=words.title,
        summary=words.summary,
        body=words.body,
        made_from=made_from,
        brought_back=brought_back,
        saved_at=now,
        saved_by=by,
    )
    session.add(row)
    session.flush()
    return row.saved()


def _begin_text(session: Session, number: int, language: str) -> None:
    """So that who saves first changes a row as well, and two firsts meet."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    row = insert(ArticleTextRow).values(article_id=number, language=language, newest=0)
    session.execute(row.on_conflict_do_nothing(index_elements=["article_id", "language"]))


def show_version(session: Session, number: int, language: str, version: int) -> bool:
    """Let readers see this version of a language; False if there is none."""
    if find_version(session, number, language, version) is None:
        return False
    session.execute(
        update(ArticleTextRow)
        .where(ArticleTextRow.article_id == number, ArticleTextRow.language == language)
        .values(shown=version)
    )
    return True


def show_newest(session: Session, number: int) -> None:
    """Let readers see the newest version in every language that has one."""
    session.execute(
        update(ArticleTextRow)
        .where(ArticleTextRow.article_id == number, ArticleTextRow.newest > 0)
        .values(shown=ArticleTextRow.newest)
    )


def change_article(
    session: Session, number: int, version: int, facts: Facts, schedule: Schedule
) -> None:
    """Its facts and schedule anew; its kind and source language stay. Raises ChangedArticle if
    somebody else changed them since `version`, and LookupError if the slug is taken."""
    taken = select(ArticleRow.id).where(ArticleRow.slug == facts.slug, ArticleRow.id != number)
    if session.scalar(taken) is not None:
        raise LookupError(facts.slug)
    done = session.execute(
        update(ArticleRow)
        .where(ArticleRow.id == number, ArticleRow.version == version)
        .values(
            slug=facts.slug,
            link=facts.link,
            source=facts.source,
            checked_on=facts.checked_on,
            publish_at=schedule.publish_at,
            end_at=schedule.end_at,
            version=version + 1,
        )
        .returning(ArticleRow.id)
    )
    if done.first() is None:
        theirs = find_article(session, number)
        if theirs is None:
            raise LookupError(f"there is no article {number}")
        raise ChangedArticle(theirs)


def is_live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """As `Schedule.is_live`, for a question to the database."""
    return (
        ArticleRow.publish_at <= now,
        or_(ArticleRow.end_at.is_(None), ArticleRow.end_at > now),
    )


def live(
    session: Session, kinds: Collection[Kind], now: datetime, most: int | None = None
) -> list[Head]:
    """What readers see in a list, the last published first."""
    newest = select(ArticleRow).where(ArticleRow.kind.in_(kinds), *is_live(now)).limit(most)
    newest = newest.order_by(ArticleRow.publish_at.desc(), ArticleRow.id.desc())
    found = {one.number: one for one in _articles(session, newest)}
    heads = {number: Head(one, {}) for number, one in found.items()}
    version = ArticleVersionRow
    shown = [
        (number, language, text.shown)
        for number, one in found.items()
        for language, text in one.texts.items()
        if text.shown is not None
    ]
    rows = session.execute(
        select(
            version.article_id,
            version.language,
            version.title,
            version.summary,
            version.saved_at,
        ).where(tuple_(version.article_id, version.language, version.number).in_(shown))
    )
    for number, language, title, summary, saved_at in rows:
        heads[number].words[language] = (title, summary, saved_at)
    return [head for head in heads.values() if head.words]


def stale(session: Session, now: datetime) -> list[Article]:
    """Those with a translation that is behind its source text, and that have not ended."""
    return [
        one
        for one in articles(session)
        if one.stale() and one.schedule.state(now) is not State.ENDED
    ]


def count_articles(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ArticleRow)) or 0


def languages_of(heads: Iterable[Head]) -> set[str]:
    """In which a list has at least one text."""
    return {language for head in heads for language in head.words}
