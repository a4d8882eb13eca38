"""Articles that ship: loaded once, renewed with a release, left alone once an editor was there."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.collect.content import load_content, shipped
from app.db import audit, content
from app.db.engine import Database
from app.domain.content import Kind, Words
from config import ROOT
from scrapers.contract import Unreadable
from tests.db.made import NOON
from tests.tables import dump

LISTED = """
[a-thing]
kind = "guide"
language = "en"
published = 2026-11-01
checked_on = 2026-11-01
source = "A law."
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles.toml").write_text(LISTED)
    write(tmp_path, "en", "# A thing\n\nWhat it\nis about.\n\nText.\n\nMore text.\n")
    write(tmp_path, "nl", "# Een ding\n\nWaarover.\n\nTekst.\n")
    return tmp_path


def write(folder: Path, language: str, text: str) -> None:
    (folder / "a-thing").mkdir(exist_ok=True)
    (folder / "a-thing" / f"{language}.md").write_text(text)


def load(database: Database, folder: Path) -> int:
    with database.writing() as session:
        return load_content(session, folder, NOON)


def shown(database: Database, language: str) -> tuple[int, Words]:
    """The version that readers see."""
    with database.reading() as session:
        found = content.find_by_slug(session, "a-thing", [Kind.GUIDE])
        assert found is not None
        number = found.texts[language].shown
        assert number is not None
        version = content.find_version(session, found.number, language, number)
    assert version is not None
    return version.number, version.words


def test_what_ships_is_whole() -> None:
    found = shipped(ROOT / "data" / "content")
    assert [one.facts.slug for one in found] == ["read-a-price", "your-rights", "scams"]
    for one in found:
        assert set(one.texts) == {"en", "nl"}
        assert one.facts.source
        assert one.facts.checked_on


def test_it_is_loaded_once(database: Database, folder: Path) -> None:
    assert load(database, folder) == 1
    words = Words("A thing", "What it is about.", "Text.\n\nMore text.")
    assert shown(database, "en") == (1, words)
    assert shown(database, "nl")[1].title == "Een ding"
    before = dump(database)
    assert load(database, folder) == 0
    assert dump(database) == before


def test_a_new_release_renews_it(database: Database, folder: Path) -> None:
    load(database, folder)
    write(folder, "en", "# A thing\n\nAbout.\n\nOther text.\n")
    assert load(database, folder) == 1
    assert shown(database, "en")[:1] == (2,)
    assert shown(database, "en")[1].body == "Other text."
    (folder / "articles.toml").write_text(LISTED.replace("A law.", "Another law."))
    assert load(database, folder) == 1
    with database.reading() as session:
        found = content.find_by_slug(session, "a-thing", [Kind.GUIDE])
    assert found is not None
    assert found.facts.source == "Another law."


def test_what_an_editor_touched_is_left_alone(database: Database, folder: Path) -> None:
    load(database, folder)
    with database.writing() as session:
        found = content.find_by_slug(session, "a-thing", [Kind.GUIDE])
        assert found is not None
        audit.note(session, None, "article.changed", (content.ABOUT, found.number), now=NOON)
    before = dump(database)
    write(folder, "en", "# A thing\n\nAbout.\n\nOther text.\n")
    (folder / "articles.toml").write_text(LISTED.replace("A law.", "Another law."))
    assert load(database, folder) == 0
    assert dump(database) == before


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('kind = "guide"', 'kind = "advert"'),
        ('source = "A law."', ""),
        ("checked_on = 2026-11-01", ""),
        ("checked_on = 2026-11-01", "checked_on = 2026-11-02"),
        ("[a-thing]", "[A-thing]"),
        ('language = "en"', 'language = "fr"'),
        ("published", "publshed"),
        ("[a-thing]", "[a-thing"),
    ],
)
def test_a_list_that_is_wrong_is_refused_whole(
    database: Database, folder: Path, was: str, becomes: str
) -> None:
    (folder / "articles.toml").write_text(LISTED.replace(was, becomes))
    with pytest.raises(Unreadable):
        load(database, folder)
    with database.reading() as session:
        assert content.articles(session) == []


@pytest.mark.parametrize(
    "text",
    ["", "A thing\n\nAbout.\n\nText.", "# A thing\n\nAbout.", "# A\n\nB\n\nC\u202ed", "\xff"],
)
def test_a_text_that_is_wrong_is_refused(database: Database, folder: Path, text: str) -> None:
    (folder / "a-thing" / "nl.md").write_bytes(
        text.encode("latin-1" if "\xff" in text else "utf-8")
    )
    with pytest.raises(Unreadable, match=r"nl\.md"):
        load(database, folder)


def test_no_folder_is_no_article(database: Database, tmp_path: Path) -> None:
    assert load(database, tmp_path / "nothing") == 0
