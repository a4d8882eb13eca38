"""What an article is: its state by the clock, how far its translations are, what may be in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.content import (
    LONGEST_BODY,
    LONGEST_SLUG,
    LONGEST_TITLE,
    Article,
    Facts,
    Fault,
    Kind,
    Schedule,
    State,
    Text,
    Translation,
    Words,
    facts_faults,
    language_for,
    schedule_faults,
    words_faults,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = NOON.date()
NEWS = Facts(Kind.NEWS, "a-thing", "nl")
GUIDE = Facts(Kind.GUIDE, "a-guide", "nl", source="[A law](https://law.example/)", checked_on=TODAY)
GOOD = Words("A title", "What it is about.", "Text.\n\nMore text.")


@pytest.mark.parametrize(
    ("schedule", "state"),
    [
        (Schedule(), State.DRAFT),
        (Schedule(NOON + HOUR), State.SCHEDULED),
        (Schedule(NOON), State.LIVE),
        (Schedule(NOON - HOUR), State.LIVE),
        (Schedule(NOON - HOUR, NOON + HOUR), State.LIVE),
        (Schedule(NOON - HOUR, NOON), State.ENDED),
        (Schedule(None, NOON - HOUR), State.DRAFT),
    ],
)
def test_its_state_goes_by_the_clock(schedule: Schedule, state: State) -> None:
    assert schedule.state(NOON) is state


def article(**texts: tuple[int, int | None, int | None]) -> Article:
    """With (newest, shown, made_from) by language; its source language is Dutch."""
    made = {one: Text(one, *facts) for one, facts in texts.items()}
    return Article(1, 1, NEWS, Schedule(), made)


def test_a_translation_is_stale_once_its_source_has_a_newer_version() -> None:
    one = article(nl=(3, 3, None), en=(1, 1, 3), fr=(2, 1, 2), ti=(1, None, 1))
    assert {code: one.translation(code) for code in ("nl", "en", "fr", "ti", "pl")} == {
        "nl": Translation.SOURCE,
        "en": Translation.CURRENT,
        "fr": Translation.STALE,
        "ti": Translation.STALE,
        "pl": Translation.MISSING,
    }
    assert one.stale() == ["fr", "ti"]
    assert one.unshown() == ["fr", "ti"]


def test_a_translation_of_a_source_that_is_not_there_is_stale() -> None:
    one = article(en=(1, 1, 1))
    assert one.translation("nl") is Translation.MISSING
    assert one.translation("en") is Translation.STALE


@pytest.mark.parametrize(
    ("wanted", "have", "given"),
    [
        ("fr", ["nl", "fr"], "fr"),
        ("fr", ["nl", "en"], "en"),
        ("fr", ["nl", "ti"], "nl"),
        ("fr", ["ti", "pl"], "pl"),
        ("fr", [], None),
    ],
)
def test_who_has_no_text_of_their_own_gets_another(
    wanted: str, have: list[str], given: str | None
) -> None:
    assert language_for(wanted, have) == given


def test_good_words_have_no_fault() -> None:
    assert words_faults(GOOD) == {}
    assert words_faults(replace(GOOD, title="\u200f\u0639\u0646\u0648")) == {}
    assert words_faults(replace(GOOD, body="\u0645\u06cc\u200c\u062e\u0648")) == {}


@pytest.mark.parametrize("name", ["title", "summary", "body"])
@pytest.mark.parametrize(
    "sign", ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2069", "\0", "\x1b"]
)
def test_signs_that_turn_other_words_round_are_refused_everywhere(name: str, sign: str) -> None:
    assert words_faults(replace(GOOD, **{name: f"a{sign}b"})) == {name: Fault.UNSEEN_SIGNS}


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("title", " ", Fault.MISSING),
        ("title", "x" * (LONGEST_TITLE + 1), Fault.TOO_LONG),
        ("title", "a\nb", Fault.SEVERAL_LINES),
        ("summary", "a\tb", Fault.SEVERAL_LINES),
        ("body", "", Fault.MISSING),
        ("body", "x" * (LONGEST_BODY + 1), Fault.TOO_LONG),
    ],
)
def test_what_is_wrong_with_words_is_said(name: str, text: str, fault: Fault) -> None:
    assert words_faults(replace(GOOD, **{name: text})) == {name: fault}


def test_a_guide_names_its_source_and_the_day_it_was_checked() -> None:
    assert facts_faults(GUIDE, TODAY) == {}
    assert facts_faults(NEWS, TODAY) == {}
    bare = replace(GUIDE, source="", checked_on=None)
    assert facts_faults(bare, TODAY) == {"source": Fault.MISSING, "checked_on": Fault.MISSING}
    tomorrow = replace(GUIDE, checked_on=TODAY + timedelta(days=1))
    assert facts_faults(tomorrow, TODAY) == {"checked_on": Fault.IN_THE_FUTURE}
    turned = replace(NEWS, source="a\u202eb")
    assert facts_faults(turned, TODAY) == {"source": Fault.UNSEEN_SIGNS}


@pytest.mark.parametrize(
    "slug", ["", "A", "a b", "a--b", "-a", "a-", "é", "a/b", "..", "a\n", "x" * (LONGEST_SLUG + 1)]
)
def test_a_slug_is_words_of_an_address(slug: str) -> None:
    assert facts_faults(replace(NEWS, slug=slug), TODAY) == {"slug": Fault.NOT_A_SLUG}


@pytest.mark.parametrize("link", ["https://a.example", "http://a.example:8080/b?c=d#e", ""])
def test_a_link_leads_to_the_web(link: str) -> None:
    assert facts_faults(replace(NEWS, link=link), TODAY) == {}


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//a.example",
        "/nl/news",
        "a.example",
        "https://good.example@evil.example/",
        "https://a.example/\u202e",
        "https://a.example/<script>",
        'https://a.example/"onclick="x',
        "https://a.example/ b",
        "https://a.example/\n",
        "https://localhost/",
        "ftp://a.example/",
        "https://a.example/" + "x" * 300,
    ],
)
def test_a_link_elsewhere_is_refused(link: str) -> None:
    assert facts_faults(replace(NEWS, link=link), TODAY) == {"link": Fault.NOT_A_LINK}


def test_an_end_needs_a_beginning_before_it() -> None:
    assert schedule_faults(Schedule(), NOON) == {}
    assert schedule_faults(Schedule(NOON, NOON + HOUR), NOON) == {}
    assert schedule_faults(Schedule(NOON, NOON), NOON) == {"end_at": Fault.ENDS_BEFORE_IT_BEGINS}
    assert schedule_faults(Schedule(None, NOON), NOON) == {"publish_at": Fault.MISSING}


@pytest.mark.parametrize("year", [1, 2019, 2032, 9999])
def test_a_moment_far_from_today_is_a_slip(year: int) -> None:
    far = NOON.replace(year=year)
    assert schedule_faults(Schedule(far), NOON) == {"publish_at": Fault.TOO_FAR}


def test_days_are_days() -> None:
    assert facts_faults(replace(GUIDE, checked_on=date(2020, 1, 1)), TODAY) == {}
