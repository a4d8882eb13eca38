"""The articles that ship with the project (data/content/): loaded once, renewed with a new release,
and left alone from the moment that an editor has touched them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from sqlalchemy.orm import Session

from app.collect.toml_file import Entry, entries
from app.db import audit, content
from app.domain.content import (
    Facts,
    Kind,
    Schedule,
    Words,
    facts_faults,
    words_faults,
)
from scrapers.contract import Unreadable


@dataclass(frozen=True, slots=True)
class Shipped:
    """One article with its texts by language, the source language first."""

    facts: Facts
    schedule: Schedule
    texts: dict[str, Words]


def load_content(session: Session, folder: Path, now: datetime) -> int:
    """Of how many articles something is new. Raises Unreadable, which names the file."""
    return sum(_load(session, one, now) for one in shipped(folder))


def shipped(folder: Path) -> list[Shipped]:
    """Every article in the folder. Raises Unreadable."""
    return [
        _shipped(entry, folder / entry.key)
        for entry in (entries(folder / "articles.toml") if folder.is_dir() else [])
    ]


def _shipped(entry: Entry, folder: Path) -> Shipped:
    entry.only("kind", "language", "published", "checked_on", "source", "link")
    said = entry.facts.keys()
    facts = Facts(
        kind=entry.word("kind", Kind),
        slug=entry.key,
        source_language=entry.text("language"),
        link=entry.address("link") if "link" in said else "",
        source=entry.text("source").strip() if "source" in said else "",
        checked_on=entry.day("checked_on") if "checked_on" in said else None,
    )
    published = datetime.combine(entry.day("published"), time(), UTC)
    texts = {path.stem: words_of(path) for path in sorted(folder.glob("*.md"))}
    if facts.source_language not in texts:
        raise entry.wrong(f"has no {facts.source_language}.md")
    if faults := facts_faults(facts, published.date()):
        raise entry.wrong(faults)
    source = {facts.source_language: texts[facts.source_language]}
    return Shipped(facts, Schedule(published), source | texts)


def words_of(path: Path) -> Words:
    """A text: its title as the first heading, its summary as the first paragraph, then the rest.
    Raises Unreadable."""
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path.name} cannot be read: {error}") from error
    title, _, rest = text.partition("\n\n")
    summary, _, body = rest.partition("\n\n")
    words = Words(title.removeprefix("# "), " ".join(summary.split()), body)
    faults = words_faults(words)
    if faults or not title.startswith("# "):
        raise Unreadable(f"{path.parent.name}/{path.name}: {faults or 'begins without a title'}")
    return words


def _load(session: Session, one: Shipped, now: datetime) -> bool:
    """Whether anything of it is new."""
    number = content.add_article(session, one.facts)
    if number is None:
        there = content.find_by_slug(session, one.facts.slug, list(Kind))
        if there is None or audit.history(session, (content.ABOUT, there.number), most=1):
            return False
        number, version, changed = there.number, there.version, False
        differs = (there.facts, there.schedule) != (one.facts, one.schedule)
    else:
        version, changed, differs = 1, True, True
    if differs:
        content.change_article(session, number, version, one.facts, one.schedule)
    return _save_texts(session, number, one, now) or changed or differs


def _save_texts(session: Session, number: int, one: Shipped, now: datetime) -> bool:
    made_from, changed = None, False
    for language, words in one.texts.items():
        before = content.newest_version(session, number, language)
        base = before.number if before else 0
        saved = content.save_text(
            session, number, language, words, now, base=base, made_from=made_from
        )
        content.show_version(session, number, language, saved.number)
        changed = changed or saved.number != base
        made_from = made_from or saved.number
    return changed
