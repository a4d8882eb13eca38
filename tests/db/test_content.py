"""Articles: every save is a version, two editors never overwrite each other, and readers see what
was let go and nothing else."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import content
from app.db.content import ChangedArticle, ChangedText
from app.db.content_rows import ArticleVersionRow
from app.db.engine import Database
from app.db.to_read import live_now
from app.domain.content import Facts, Kind, Schedule, Text, Version, Words
from tests.db.made import NOON

HOUR = timedelta(hours=1)
NEWS = Facts(Kind.NEWS, "a-thing", "nl")
FIRST = Words("Titel", "Waar het over gaat.", "Tekst.")


def made(database: Database, facts: Facts = NEWS) -> int:
    with database.writing() as session:
        number = content.add_article(session, facts)
    assert number is not None
    return number


def saved(
    database: Database,
    number: int,
    words: Words = FIRST,
    *,
    base: int = 0,
    language: str = "nl",
    made_from: int | None = None,
) -> Version:
    with database.writing() as session:
        return content.save_text(
            session, number, language, words, NOON, base=base, made_from=made_from
        )


def test_an_article_comes_back_as_it_was(database: Database) -> None:
    facts = Facts(Kind.GUIDE, "rights", "en", "https://a.example/", "A law", NOON.date())
    number = made(database, facts)
    with database.reading() as session:
        found = content.find_article(session, number)
        assert content.find_by_slug(session, "rights", [Kind.GUIDE]) == found
        assert content.find_by_slug(session, "rights", [Kind.NEWS]) is None
    assert found is not None
    assert (found.facts, found.schedule, found.texts) == (facts, Schedule(), {})


def test_a_slug_is_of_one_article(database: Database) -> None:
    number = made(database)
    other = made(database, replace(NEWS, slug="other"))
    with database.writing() as session:
        assert content.add_article(session, replace(NEWS, kind=Kind.PAGE)) is None
        with pytest.raises(LookupError):
            content.change_article(session, other, 1, NEWS, Schedule())
        content.change_article(session, number, 1, NEWS, Schedule())


def test_every_save_is_a_version_and_none_is_changed(database: Database) -> None:
    number = made(database)
    for base in range(3):
        saved(database, number, replace(FIRST, body=f"Tekst {base}."), base=base)
    with database.reading() as session:
        found = content.versions(session, number, "nl")
        article = content.find_article(session, number)
    assert [(one.number, one.words.body) for one in found] == [
        (3, "Tekst 2."),
        (2, "Tekst 1."),
        (1, "Tekst 0."),
    ]
    assert article is not None
    assert article.texts == {"nl": Text("nl", 3, None, None)}


def test_saving_what_stands_makes_no_version(database: Database) -> None:
    number = made(database)
    assert saved(database, number).number == 1
    assert saved(database, number, base=1).number == 1
    assert saved(database, number, language="en", made_from=1).number == 1
    assert saved(database, number, language="en", base=1, made_from=2).number == 2


def test_who_saves_on_an_older_version_is_told_what_stands(database: Database) -> None:
    number = made(database)
    saved(database, number)
    theirs = saved(database, number, replace(FIRST, title="Van haar"), base=1)
    with pytest.raises(ChangedText) as told:
        saved(database, number, replace(FIRST, title="Van hem"), base=1)
    assert told.value.theirs == theirs
    with pytest.raises(ChangedText):
        saved(database, number, replace(FIRST, title="Weer de eerste"), base=0)
    assert saved(database, number, replace(FIRST, title="Van hem"), base=2).number == 3


def test_of_two_who_change_the_facts_one_is_told(database: Database) -> None:
    number = made(database)
    with database.writing() as session:
        content.change_article(session, number, 1, NEWS, Schedule(NOON))
    with database.writing() as session, pytest.raises(ChangedArticle) as told:
        content.change_article(session, number, 1, NEWS, Schedule(NOON + HOUR))
    assert told.value.theirs.schedule == Schedule(NOON)
    assert told.value.theirs.version == 2


ROUNDS, EDITORS = 25, 4


def edit(url: str, editor: int, number: int) -> tuple[int, int]:
    """Save many times, each on top of what stands; how many were kept, and how many refused."""
    database, kept, refused = Database(url), 0, 0
    while kept < ROUNDS:
        with database.reading() as session:
            newest = content.newest_version(session, number, "nl")
        base = newest.number if newest else 0
        try:
            saved(database, number, replace(FIRST, title=f"{editor} {kept}"), base=base)
            kept += 1
        except ChangedText:
            refused += 1
    database.engine.dispose()
    return kept, refused


def test_four_processes_lose_nothing(database: Database, database_url: str) -> None:
    number = made(database)
    with ProcessPoolExecutor(EDITORS, multiprocessing.get_context("spawn")) as pool:
        asked = [pool.submit(edit, database_url, editor, number) for editor in range(EDITORS)]
        done = [one.result(120) for one in asked]
    assert [kept for kept, _refused in done] == [ROUNDS] * EDITORS
    with database.reading() as session:
        rows = session.execute(select(ArticleVersionRow.number, ArticleVersionRow.title)).all()
    assert sorted(number for number, _title in rows) == list(range(1, ROUNDS * EDITORS + 1))
    titles = {title for _number, title in rows}
    assert titles == {f"{editor} {n}" for editor in range(EDITORS) for n in range(ROUNDS)}


def live(database: Database, number: int, schedule: Schedule, version: int = 1) -> None:
    with database.writing() as session:
        content.change_article(session, number, version, NEWS, schedule)
        content.show_newest(session, number)


def test_readers_see_what_was_let_go_in_its_time_only(database: Database) -> None:
    number = made(database)
    saved(database, number)
    saved(database, number, replace(FIRST, title="Title"), language="en", made_from=1)
    live(database, number, Schedule(NOON, NOON + HOUR))
    saved(database, number, replace(FIRST, title="Nog niet"), base=1)
    with database.reading() as session:
        for when, seen in ((-HOUR, 0), (timedelta(0), 1), (HOUR, 0)):
            assert len(content.live(session, [Kind.NEWS], NOON + when)) == seen
            assert len(live_now(session, NOON + when)[0]) == seen
        head = content.live(session, [Kind.NEWS], NOON)[0]
        assert not content.live(session, [Kind.GUIDE], NOON)
    titles = {language: words[0] for language, words in head.words.items()}
    assert titles == {"nl": "Titel", "en": "Title"}
    assert head.article.stale() == ["en"]
    assert head.article.unshown() == ["nl"]


def test_an_article_without_a_text_is_not_live(database: Database) -> None:
    number = made(database)
    live(database, number, Schedule(NOON))
    with database.reading() as session:
        assert content.live(session, [Kind.NEWS], NOON) == []
        assert live_now(session, NOON) == (frozenset(), False)


def test_one_language_is_let_go_apart(database: Database) -> None:
    number = made(database)
    saved(database, number)
    saved(database, number, replace(FIRST, title="Twee"), base=1)
    with database.writing() as session:
        assert content.show_version(session, number, "nl", 1)
        assert not content.show_version(session, number, "nl", 3)
        assert not content.show_version(session, number, "en", 1)
        found = content.find_article(session, number)
    assert found is not None
    assert found.texts["nl"].shown == 1


def test_what_is_behind_is_asked_for(database: Database) -> None:
    number = made(database)
    saved(database, number)
    saved(database, number, language="en", made_from=1)
    with database.reading() as session:
        assert content.stale(session, NOON) == []
    saved(database, number, replace(FIRST, body="Anders."), base=1)
    with database.reading() as session:
        assert [one.number for one in content.stale(session, NOON)] == [number]
    live(database, number, Schedule(NOON - HOUR, NOON))
    with database.reading() as session:
        assert content.stale(session, NOON) == []
