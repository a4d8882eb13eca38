"""How articles are named and marked at the desk."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, url_for
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup

from app.db import content
from app.domain.content import Article, Kind, State, Translation
from app.web import clock
from app.web.database import session
from app.web.locale import LANGUAGES
from app.web.read.pieces import SHELVES
from app.web.work.tables import Column, Table

KINDS = {
    Kind.PAGE: lazy_gettext("Page"),
    Kind.NEWS: lazy_gettext("News item"),
    Kind.GUIDE: lazy_gettext("Guide"),
    Kind.PARTNER: lazy_gettext("Partner"),
    Kind.INITIATIVE: lazy_gettext("Initiative"),
}
STATES = {
    State.DRAFT: (lazy_gettext("draft"), ""),
    State.SCHEDULED: (lazy_gettext("planned"), "warn"),
    State.LIVE: (lazy_gettext("live"), "good"),
    State.ENDED: (lazy_gettext("ended"), ""),
}
"""Words and tone."""

TRANSLATIONS = {
    Translation.SOURCE: (lazy_gettext("source"), "good"),
    Translation.CURRENT: (lazy_gettext("up to date"), "good"),
    Translation.STALE: (lazy_gettext("behind"), "warn"),
    Translation.MISSING: (lazy_gettext("none"), ""),
}


@dataclass(frozen=True, slots=True)
class Named:
    """An article with the title of its source text, or its slug where it has none."""

    article: Article
    title: str

    @property
    def state(self) -> State:
        return self.article.schedule.state(clock.now())


@dataclass(frozen=True, slots=True)
class Todo:
    """One text that needs a person, why, and where."""

    title: str
    language: str
    why: str
    address: str


def named() -> list[Named]:
    titles = content.source_titles(session())
    return [
        Named(one, titles.get(one.number, one.facts.slug)) for one in content.articles(session())
    ]


def find(number: int) -> Article:
    """Raises NotFound."""
    found = content.find_article(session(), number)
    if found is None:
        abort(404)
    return found


def title_of(article: Article) -> str:
    found = content.newest_version(session(), article.number, article.facts.source_language)
    return found.words.title if found else article.facts.slug


def todo(articles: list[Named]) -> list[Todo]:
    """What is behind or not let go, of what has not ended."""
    found = []
    for one in articles:
        if one.state is State.ENDED:
            continue
        for code in one.article.stale():
            address = url_for("desk_content.edit", number=one.article.number, code=code)
            why = gettext("The source text was changed after this was translated.")
            found.append(Todo(one.title, code, why, address))
        if one.state is State.DRAFT:
            continue
        for code in one.article.unshown():
            address = url_for("desk_content.preview", number=one.article.number, code=code)
            why = gettext("There is a newer version that readers do not see yet.")
            found.append(Todo(one.title, code, why, address))
    return found


def grid(articles: list[Named]) -> Table[Named]:
    """An article a row, a language a column."""
    columns: list[Column[Named]] = [
        Column("title", lazy_gettext("Text"), lambda one: one.title, link=_address),
        Column("kind", lazy_gettext("Kind"), lambda one: str(KINDS[one.article.facts.kind])),
        Column(
            "state", lazy_gettext("State"), lambda one: str(STATES[one.state][0]), show=state_badge
        ),
        Column("from", lazy_gettext("From"), lambda one: one.article.schedule.publish_at),
        *map(_language_column, LANGUAGES),
    ]
    return Table("texts", columns, articles)


def _address(one: Named) -> str:
    return url_for("desk_content.one", number=one.article.number)


def _language_column(code: str) -> Column[Named]:
    return Column(
        code,
        code,
        lambda one: str(TRANSLATIONS[one.article.translation(code)][0]),
        show=lambda one: translation_badge(one.article, code),
        link=lambda one: url_for("desk_content.edit", number=one.article.number, code=code),
    )


def state_badge(one: Named) -> Markup:
    return _badge(*STATES[one.state])


def translation_badge(article: Article, code: str) -> Markup:
    return _badge(*TRANSLATIONS[article.translation(code)])


def _badge(words: object, tone: str) -> Markup:
    kind = f" badge--{tone}" if tone else ""
    return Markup('<span class="badge{}">{}</span>').format(kind, words)


def public_address(article: Article, code: str) -> str:
    """Where readers find it."""
    kind = article.facts.kind
    endpoint = next((shelf.one for shelf in SHELVES if kind in shelf.kinds), "read.page")
    return url_for(endpoint, lang=code, slug=article.facts.slug)
