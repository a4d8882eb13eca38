"""How often and for how long: pauses, limits, second tries, and being left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from scrapers.client.patience import Host, Timer, retry_after
from scrapers.contract import Budget, Refused, SourceError, Trouble, Unreachable
from scrapers.http import Client, _jitter
from tests.scrapers.http.conftest import Connect, Lab, Secure, Serve
from tests.scrapers.http.world import BUDGET, HOST, JSON, URL, Time, in_turn, raw, reply

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta(0)),
        (" 7 ", timedelta(seconds=7)),
        ("Fri, 20 Nov 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Fri, 20 Nov 2026 12:05:00 -0000", timedelta(minutes=5)),
        ("Fri, 20 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("Sat, 20 Nov 2027 12:00:00 GMT", HOUR),
        ("-5", timedelta(0)),
        ("99999999999", HOUR),
        ("9" * 5000, HOUR),
        ("-" + "9" * 5000, timedelta(0)),
        ("3600", HOUR),
        ("3601", HOUR),
        ("soon", None),
        ("", None),
        (None, None),
        ("1.5", None),
        ("\N{ARABIC-INDIC DIGIT FIVE}", None),
        ("Fri, 20 Nov 99999 12:05:00 GMT", None),
        ("Fri, 99 Nov 2026 12:05:00 GMT", None),
    ],
)
def test_retry_after(text: str | None, wait: timedelta | None) -> None:
    """F20, F21."""
    assert retry_after(text, NOON) == wait


@pytest.mark.parametrize(
    ("header", "minutes"), [("60", 1), ("", 15), ("soon", 15), ("99999999999", 60), ("-5", 0)]
)
def test_limited(lab: Lab, time: Time, header: str, minutes: int) -> None:
    server, http = lab(in_turn(reply(b"", "429 Too Many", retry_after=header), reply()))
    with pytest.raises(Refused, match="we ask too often") as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.LIMITED
    assert caught.value.wait == timedelta(minutes=minutes)
    assert len(server.asked) == 1, "and no second try"
    if minutes:
        assert http.waiting == NOON + timedelta(minutes=minutes)
        time.forward(timedelta(minutes=minutes, seconds=-1))
        with pytest.raises(Refused, match=f"left alone until 2026-11-20 1.:.. UTC.*{HOST}"):
            http.get(f"{URL}/else")
        assert len(server.asked) == 1
        time.forward(timedelta(seconds=1))
    assert http.waiting is None
    assert http.get(f"{URL}/else").body == JSON


@pytest.mark.parametrize(
    ("answer", "hours"),
    [
        (reply(b"", "403 Forbidden"), 12),
        (reply(b"<title>Just a moment...</title>", kind="text/html"), 12),
        (reply(b"", "401 Unauthorized"), 0),
    ],
)
def test_blocked(lab: Lab, time: Time, answer: bytes, hours: int) -> None:
    server, http = lab(in_turn(answer, reply()))
    with pytest.raises(Refused) as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.BLOCKED
    if hours:
        assert http.waiting == NOON + timedelta(hours=hours)
        time.forward(timedelta(hours=hours, seconds=-1))
        with pytest.raises(Refused, match="left alone until 2026-11-21 00:00 UTC") as again:
            http.get(f"{URL}/else")
        assert again.value.trouble is Trouble.BLOCKED
        assert again.value.wait == timedelta(seconds=1)
        assert len(server.asked) == 1
        time.forward(timedelta(seconds=1))
    assert http.get(f"{URL}/else").body == JSON


def test_a_refusal_that_the_source_expects_closes_nothing(lab: Lab) -> None:
    _, http = lab(reply(b"{}", "403 Forbidden"))
    assert http.get(URL, also=(403,)).status == 403
    assert http.waiting is None


def test_five_failures_in_a_row(lab: Lab, time: Time) -> None:
    server, http = lab(reply(b"", "500 Oh"))
    for number in range(5):
        assert http.waiting is None
        with pytest.raises(Unreachable, match="trouble at their end"):
            http.get(f"{URL}/{number}")
    assert http.waiting == NOON + timedelta(minutes=5)
    with pytest.raises(Unreachable, match="left alone until 2026-11-20 12:05 UTC") as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.SERVER_ERROR
    assert len(server.asked) == 5
    time.forward(timedelta(minutes=5))
    with pytest.raises(Unreachable, match="trouble at their end"):
        http.get(f"{URL}/probe")
    assert http.waiting == NOON + timedelta(minutes=15), "one probe, and twice the rest"
    time.forward(timedelta(minutes=10))
    server.behave = reply()
    assert http.get(f"{URL}/probe").body == JSON
    server.behave = reply(b"", "500 Oh")
    with pytest.raises(Unreachable):
        http.get(f"{URL}/after")
    assert http.waiting is None, "counted anew"


def test_rest_is_never_longer_than_an_hour(lab: Lab, time: Time) -> None:
    _, http = lab(reply(b"", "500 Oh"))
    rests = []
    for number in range(12):
        with pytest.raises(Unreachable):
            http.get(f"{URL}/{number}")
        if http.waiting is not None:
            rests.append((http.waiting - time.now).total_seconds() / 60)
            time.forward(http.waiting - time.now)
    assert rests == [5, 10, 20, 40, 60, 60, 60, 60]


def test_a_good_answer_between_failures(lab: Lab) -> None:
    failing = reply(b"", "500 Oh")
    _, http = lab(in_turn(*[failing] * 4, reply(b"", "404 No"), *[failing] * 4, reply()))
    for number in range(9):
        with pytest.raises(SourceError):
            http.get(f"{URL}/{number}")
    assert http.get(URL).body == JSON


def test_pages_instead_of_answers_count_as_failures(lab: Lab) -> None:
    _, http = lab(reply(b"<html>", kind="text/html"))
    for number in range(5):
        with pytest.raises(SourceError):
            http.get(f"{URL}/{number}")
    assert http.waiting is not None


def test_who_waited_for_a_turn_hears_of_a_refusal_too(time: Time) -> None:
    host = Host(HOST, Timer(time.clock, time.monotonic), time.sleep)
    host.heard(Refused("no", Trouble.BLOCKED, HOUR))
    with pytest.raises(Refused, match="left alone until 2026-11-20 13:00 UTC: no"), host.turn(0):
        raise AssertionError("it had its turn")


def test_another_host_is_not_left_alone(lab: Lab) -> None:
    _, http = lab(in_turn(reply(b"", "403 Forbidden"), reply()))
    with pytest.raises(Refused):
        http.get(URL)
    assert http.get("https://other.example.org/").body == JSON


def test_a_clock_that_is_set_changes_no_rest(lab: Lab, time: Time) -> None:
    """F51."""
    _, http = lab(reply(b"", "403 Forbidden"))
    with pytest.raises(Refused):
        http.get(URL)
    time.now += timedelta(days=2)
    with pytest.raises(Refused, match="left alone until"):
        http.get(f"{URL}/else")


@pytest.mark.parametrize("name", [HOST, "example"])
def test_left_alone_after_a_restart(serve: Serve, connect: Connect, name: str, time: Time) -> None:
    server = serve()
    client: Client = connect(server.url)
    client.leave_alone(name, NOON + HOUR)
    http = client.asking("example", BUDGET)
    with pytest.raises(Refused, match=f"{name} is left alone until 2026-11-20 13:00 UTC"):
        http.get(URL)
    assert http.waiting == NOON + HOUR
    assert server.connections == 0
    if name == "example":
        assert client.asking("another", BUDGET).get(URL).body == JSON
    time.forward(HOUR)
    assert http.get(URL).body == JSON


def test_a_shorter_word_does_not_end_a_longer_rest(serve: Serve, connect: Connect) -> None:
    client: Client = connect(serve().url)
    client.leave_alone("example", NOON + HOUR)
    client.leave_alone("example", NOON + timedelta(minutes=1))
    client.leave_alone("example", NOON - HOUR)
    assert client.asking("example", BUDGET).waiting == NOON + HOUR


def test_times_in_another_zone(serve: Serve, connect: Connect) -> None:
    client: Client = connect(serve().url)
    zone = timezone(timedelta(hours=1))
    client.leave_alone("example", datetime(2026, 11, 20, 14, 0, tzinfo=zone))
    assert client.asking("example", BUDGET).waiting == NOON + HOUR


def test_gaps(secure: Secure, time: Time) -> None:
    """Each source's own, between the end of one request and the next to that host, robots.txt
    and redirects too."""
    server, client = secure(jitter=lambda gap: gap / 10)
    slow = client.asking("slow", Budget(60, gap=10))
    slow.get(f"{URL}/1")
    assert time.slept == [11]
    time.forward(timedelta(seconds=4))
    slow.get(f"{URL}/2")
    assert time.slept == [11, 7]
    client.asking("quick", Budget(60, gap=1)).get(f"{URL}/3")
    assert time.slept == [11, 7, 1.1]
    time.forward(timedelta(seconds=60))
    slow.get(f"{URL}/4")
    assert time.slept == [11, 7, 1.1], "who waited already does not wait again"
    slow.get("https://other.example.org/")
    assert time.slept == [11, 7, 1.1, 11], "after its robots.txt, not after the other host"
    server.behave = in_turn(reply(b"", "302 Found", location="/b"), reply())
    slow.get(f"{URL}/5")
    assert time.slept[4:] == [11]


def test_usual_jitter() -> None:
    drawn = [_jitter(4) for _ in range(50)]
    assert all(0 <= one <= 1 for one in drawn)
    assert len(set(drawn)) > 10


def test_no_gaps_in_the_lab(lab: Lab, time: Time) -> None:
    rules = reply(b"User-agent: *\nCrawl-delay: 20", kind="text/plain")
    _, http = lab(robots=rules)
    http.get(f"{URL}/1")
    http.get(f"{URL}/2")
    assert time.slept == []


@pytest.mark.parametrize(("header", "asked"), [("5", 2), ("10", 2), ("11", 1), ("", 1), ("x", 1)])
def test_overloaded(lab: Lab, time: Time, header: str, asked: int) -> None:
    """F22: a short wait is sat out, once."""
    answer = reply(b"", "503 Service Unavailable", retry_after=header)
    server, http = lab(in_turn(answer, reply()))
    if asked == 2:
        assert http.get(URL).body == JSON
        assert time.slept == [float(header)]
    else:
        with pytest.raises(Unreachable, match=r"^https://.*trouble at their end$") as caught:
            http.get(URL)
        assert caught.value.trouble is Trouble.SERVER_ERROR
        assert caught.value.wait == (timedelta(seconds=11) if header == "11" else None)
        assert time.slept == []
    assert len(server.asked) == asked


def test_a_post_does_not_sit_out_a_wait(lab: Lab) -> None:
    server, http = lab(reply(b"", "503 Service Unavailable", retry_after="1"))
    with pytest.raises(Unreachable):
        http.post(URL, json={})
    assert len(server.asked) == 1


def test_second_tries_are_one_in_ten(lab: Lab) -> None:
    """F22, and one to begin with. Every second answer is good, so that nothing else ends it."""
    server, http = lab()
    calls = 200
    for number in range(calls):
        server.behave = raw(b"") if number % 2 else reply()
        if number % 2:
            with pytest.raises(Unreachable):
                http.get(f"{URL}/{number}")
        else:
            http.get(f"{URL}/{number}")
    retries = len(server.asked) - calls
    assert calls // 20 < retries <= len(server.asked) // 10 + 1
