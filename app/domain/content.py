"""What we write ourselves: pages, news, guides, partners and initiatives, in several languages.

An article has one language that it is written in first, its source language, and texts in others
made from that. A text is never changed: every save is a new version beside the older ones. Which
version readers see is said apart, so that what is being worked on is not read yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.foreign import UNKEPT

LONGEST_SLUG = 80
LONGEST_TITLE = 150
LONGEST_SUMMARY = 400
LONGEST_BODY = 20_000
LONGEST_SOURCE = 2_000
LONGEST_LINK = 300
"""Signs."""

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
LINK = re.compile(
    r"https?://([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(:[0-9]{1,5})?"
    r"([/?#][a-z0-9._~:/?#\[\]@!$&()*+,;=%-]*)?",
    re.ASCII | re.IGNORECASE,
)
"""A web address without a name and password in it, in signs that mean nothing in HTML."""

UNSOUGHT = re.compile(UNKEPT.pattern.replace("\u061c\u200e\u200f", ""))
"""Signs that no text may have. Marks that only say which way they themselves run are not among
them: Arabic and Persian are typed with those. What turns other words round is."""

PREFERRED = ("en", "nl")
"""In which language a text is shown, in this order, to who has none in their own."""


class Kind(StrEnum):
    """PARTNER and INITIATIVE stand in the directory, with a link to a site of their own."""

    PAGE = "page"
    NEWS = "news"
    GUIDE = "guide"
    PARTNER = "partner"
    INITIATIVE = "initiative"


DIRECTORY = (Kind.INITIATIVE, Kind.PARTNER)


class State(StrEnum):
    """DRAFT: nobody said when. SCHEDULED: later. ENDED: it was live until its end."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LIVE = "live"
    ENDED = "ended"


class Translation(StrEnum):
    """MISSING: none. STALE: made from an older version of the source text. CURRENT: of the newest.
    SOURCE: the text that the others are made from."""

    SOURCE = "source"
    MISSING = "missing"
    STALE = "stale"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in one language; `body` is Markdown."""

    title: str
    summary: str
    body: str


@dataclass(frozen=True, slots=True)
class Version:
    """One save of one language's text.

    number      counts from 1 within the language
    made_from   the version of the source text that it was made from; None for a source text
    saved_by    number of the account; None if it came with the project
    brought_back  the older version that it repeats, or None
    """

    language: str
    number: int
    words: Words
    made_from: int | None
    saved_at: datetime
    saved_by: int | None = None
    brought_back: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """How far one language is. shown: the version that readers see once the article is live; None
    while nobody has let one go. made_from: of the newest version."""

    language: str
    newest: int
    shown: int | None
    made_from: int | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """From when until when readers see it. Aware UTC; no `publish_at` is a draft, no `end_at` is
    for good."""

    publish_at: datetime | None = None
    end_at: datetime | None = None

    def state(self, now: datetime) -> State:
        if self.publish_at is None:
            return State.DRAFT
        if self.end_at is not None and self.end_at <= now:
            return State.ENDED
        return State.LIVE if self.publish_at <= now else State.SCHEDULED

    def is_live(self, now: datetime) -> bool:
        return self.state(now) is State.LIVE


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of an article in every language.

    link        the site of a partner or initiative, "" if it has none
    source      where a guide has it from, as Markdown; checked_on: when somebody last looked
    """

    kind: Kind
    slug: str
    source_language: str
    link: str = ""
    source: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """`version` counts changes of `facts` and `schedule`; `texts` by language, without those that
    have no text."""

    number: int
    version: int
    facts: Facts
    schedule: Schedule
    texts: Mapping[str, Text] = field(default_factory=dict)

    def translation(self, language: str) -> Translation:
        """How far its text in one language is."""
        text = self.texts.get(language)
        if language == self.facts.source_language:
            return Translation.SOURCE if text else Translation.MISSING
        if text is None:
            return Translation.MISSING
        source = self.texts.get(self.facts.source_language)
        newest = source.newest if source else None
        return Translation.CURRENT if text.made_from == newest else Translation.STALE

    def stale(self) -> list[str]:
        """Languages whose text is behind the source text."""
        return [one for one in self.texts if self.translation(one) is Translation.STALE]

    def unshown(self) -> list[str]:
        """Languages whose newest version readers do not see."""
        return [one for one, text in self.texts.items() if text.shown != text.newest]


def language_for(wanted: str, have: Iterable[str]) -> str | None:
    """Which of the languages that a text is in to show to who wants another; None of none."""
    found = sorted(have)
    for one in (wanted, *PREFERRED):
        if one in found:
            return one
    return found[0] if found else None


class Fault(StrEnum):
    """What is wrong with something that was typed."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    SEVERAL_LINES = "several_lines"
    UNSEEN_SIGNS = "unseen_signs"
    NOT_A_SLUG = "not_a_slug"
    NOT_A_LINK = "not_a_link"
    IN_THE_FUTURE = "in_the_future"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    UNKNOWN = "unknown"
    NOT_A_NUMBER = "not_a_number"
    TOO_FAR = "too_far"
    TOO_FAR_AHEAD = "too_far_ahead"


FURTHEST = timedelta(days=5 * 366)
"""From today, for a moment at which a text begins or ends: further is a slip of the hand."""

Faults = dict[str, Fault]
"""By name of the field."""


def words_faults(words: Words) -> Faults:
    found = {
        "title": line_fault(words.title, LONGEST_TITLE),
        "summary": line_fault(words.summary, LONGEST_SUMMARY),
        "body": text_fault(words.body, LONGEST_BODY),
    }
    return {name: fault for name, fault in found.items() if fault}


def facts_faults(facts: Facts, today: date) -> Faults:
    """A guide is worth no more than where it comes from, so it says that, and when it was
    checked."""
    return dict(_facts_faults(facts, today))


def _facts_faults(facts: Facts, today: date) -> Iterator[tuple[str, Fault]]:
    guide = facts.kind is Kind.GUIDE
    if not SLUG.fullmatch(facts.slug) or len(facts.slug) > LONGEST_SLUG:
        yield "slug", Fault.NOT_A_SLUG
    if facts.link and (len(facts.link) > LONGEST_LINK or not LINK.fullmatch(facts.link)):
        yield "link", Fault.NOT_A_LINK
    source = text_fault(facts.source, LONGEST_SOURCE)
    if source and (facts.source or guide):
        yield "source", source
    if facts.checked_on is None and guide:
        yield "checked_on", Fault.MISSING
    if facts.checked_on is not None and facts.checked_on > today:
        yield "checked_on", Fault.IN_THE_FUTURE


def schedule_faults(schedule: Schedule, now: datetime) -> Faults:
    begins, ends = schedule.publish_at, schedule.end_at
    named = {"publish_at": begins, "end_at": ends}
    too_far = {
        name: Fault.TOO_FAR
        for name, moment in named.items()
        if moment is not None and abs(moment - now) > FURTHEST
    }
    if too_far:
        return too_far
    if ends is None:
        return {}
    if begins is None:
        return {"publish_at": Fault.MISSING}
    return {"end_at": Fault.ENDS_BEFORE_IT_BEGINS} if ends <= begins else {}


def text_fault(text: str, longest: int) -> Fault | None:
    if not text.strip():
        return Fault.MISSING
    if len(text) > longest:
        return Fault.TOO_LONG
    return Fault.UNSEEN_SIGNS if UNSOUGHT.search(text) else None


def line_fault(text: str, longest: int) -> Fault | None:
    """As `text_fault`, of what stands on one line."""
    if "\n" in text or "\t" in text:
        return Fault.SEVERAL_LINES
    return text_fault(text, longest)
