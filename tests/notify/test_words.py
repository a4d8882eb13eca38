"""Mails speak the language of their reader, outside any request."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from app.notify.words import Words, words_of


def dutch(folder: Path) -> Words:
    made = Catalog(locale="nl")
    made.add("Hello %(name)s,", "Dag %(name)s,", flags=["python-format"])
    made.add(("%(num)s source", "%(num)s sources"), ("%(num)s bron", "%(num)s bronnen"))
    target = folder / "nl" / "LC_MESSAGES" / "work.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, made)
    return Words("nl", folder)


def test_words_are_of_the_readers_language(tmp_path: Path) -> None:
    words = dutch(tmp_path)
    assert words.gettext("Hello %(name)s,", name="100% Anna") == "Dag 100% Anna,"
    assert words.ngettext("%(num)s source", "%(num)s sources", 2) == "2 bronnen"
    assert words.ngettext("%(num)s source", "%(num)s sources", 1) == "1 bron"


def test_english_needs_no_catalogue(tmp_path: Path) -> None:
    for language in ("en", "so", ""):
        words = Words(language, tmp_path)
        assert words.gettext("Hello %(name)s,", name="Anna") == "Hello Anna,"
        assert words.ngettext("%(num)s source", "%(num)s sources", 1) == "1 source"
        assert words.gettext("50 % of it") == "50 % of it"


def test_days_and_moments_are_written_as_the_language_does() -> None:
    day, at = date(2026, 11, 20), datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
    assert (words_of("nl").day(day), words_of("en").day(day)) == (
        "20 november 2026",
        "20 November 2026",
    )
    assert words_of("en").moment(at) == "20 November 2026 09:05 UTC"
    assert words_of("nl").moment(at) == "20 november 2026 09:05 UTC"
