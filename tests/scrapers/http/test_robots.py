"""robots.txt: what it forbids is not asked for, and neither is anything where it is unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scrapers.contract import Refused, SourceError, Trouble, Unreachable
from scrapers.http import Asking
from tests.lab.wire import example
from tests.scrapers.http.conftest import Connect, Lab, Secure
from tests.scrapers.http.world import (
    BUDGET,
    HOST,
    JSON,
    URL,
    Behaviour,
    Server,
    Time,
    in_turn,
    raw,
    reply,
    reset,
)


def robots(text: str | bytes) -> bytes:
    return reply(text.encode() if isinstance(text, str) else text, kind="text/plain")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/gateway/v1/price?sourceAmount=100&sourceCurrency=EUR&targetCurrency=MAD", True),
        ("/send-money/?sourceCurrency=EUR", False),
        ("/en/send-money/?sourceCurrency=EUR", False),
        ("/gb/en/currency-converter/eur", False),
        ("/widget/x", False),
        ("/login?redirectUrl=%2F", False),
        ("/v3/quotes/", True),
        ("/", True),
    ],
)
def test_rules_of_wise(lab: Lab, path: str, allowed: bool) -> None:
    server, http = lab(robots=robots(example("wise_robots.txt")))
    _looks(http, server, f"https://wise.com{path}", allowed)


@pytest.mark.parametrize(
    ("file", "path", "allowed"),
    [
        ("robots_disallow_all.txt", "/", False),
        ("robots_disallow_all.txt", "/api/x", False),
        ("robots_named_agents_crawl_delay.txt", "/api/x", False),
        ("robots_named_agents_crawl_delay.txt", "/prices", True),
    ],
)
def test_recorded_rules(lab: Lab, file: str, path: str, allowed: bool) -> None:
    server, http = lab(robots=robots(example(file)))
    _looks(http, server, f"https://{HOST}{path}", allowed)


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow:\n", True),
        ("User-agent: *\nDisallow: /\nAllow: /prices\n", True),
        ("User-agent: *\nAllow: /p\nDisallow: /prices\n", False),
        ("User-agent: *\nAllow: /prices\nDisallow: /prices\n", True),
        ("User-agent: *\nDisallow: /*s$\n", False),
        ("User-agent: *\nDisallow: /price$\n", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: HuiswaartsBot\nAllow: /\n", True),
        ("User-agent: huiswaartsbot\nDisallow: /\n", False),
        ("User-agent: GPTBot\nDisallow: /\n", True),
        ("\ufeffUser-agent: *\nDisallow: /\n", False),
        ("User-agent: *\r\nDisallow: /\r\n", False),
        ("user-AGENT : * # all\nDISALLOW : /prices # these\n", False),
        ("<!doctype html><title>Not found</title>", True),
    ],
)
def test_rules(lab: Lab, rules: str, allowed: bool) -> None:
    server, http = lab(robots=robots(rules))
    _looks(http, server, URL, allowed)


def _looks(http: Asking, server: Server, url: str, allowed: bool) -> None:
    if allowed:
        assert http.get(url).body == JSON
        return
    with pytest.raises(Refused, match=r"robots\.txt of .* does not allow") as caught:
        http.get(url)
    assert caught.value.trouble is Trouble.ROBOTS
    assert server.asked == []


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "404 No", "410 Gone"])
def test_no_file_is_no_rule(lab: Lab, status: str) -> None:
    _, http = lab(robots=reply(b"User-agent: *\nDisallow: /", status, "text/plain"))
    assert http.get(URL).body == JSON
    assert http.waiting is None


@pytest.mark.parametrize(
    "answer",
    [
        reply(b"", "500 Internal Server Error"),
        reply(b"", "503 Service Unavailable"),
        raw(b""),
        raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nUser-agent: *"),
        reset,
        reply(b"", "302 Found", location="/robots.txt"),
        reply(b"", "302 Found", location="ftp://example.org/robots.txt"),
        reply(b"", "300 Multiple Choices"),
        robots(b" " * 1_000_001),
    ],
)
def test_unknown_rules_forbid_all(lab: Lab, answer: Behaviour | bytes, time: Time) -> None:
    server, http = lab(robots=answer)
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            http.get(URL)
        assert caught.value.trouble in (Trouble.ROBOTS, Trouble.REDIRECTED)
    assert server.asked == []


def test_failure_is_kept_for_a_short_time_only(lab: Lab, time: Time) -> None:
    server, http = lab(robots=in_turn(reply(b"", "500 Oh"), robots("")))
    with pytest.raises(Refused, match=r"robots\.txt .* could not be read") as caught:
        http.get(URL)
    assert caught.value.wait == timedelta(minutes=10)
    time.forward(timedelta(minutes=9))
    with pytest.raises(Refused):
        http.get(f"{URL}/x")
    assert len(server.robots_asked) == 1
    time.forward(timedelta(minutes=2))
    assert http.get(f"{URL}/x").body == JSON


def test_rules_are_kept_for_a_day(lab: Lab, time: Time) -> None:
    """F30: and then their change counts."""
    rules = in_turn(robots(""), robots("User-agent: *\nDisallow: /"))
    server, http = lab(robots=rules)
    http.get(f"{URL}/1")
    time.forward(timedelta(hours=23, minutes=59))
    http.get(f"{URL}/2")
    assert len(server.robots_asked) == 1
    time.forward(timedelta(minutes=2))
    with pytest.raises(Refused) as caught:
        http.get(f"{URL}/3")
    assert caught.value.trouble is Trouble.ROBOTS
    assert len(server.asked) == 2


@pytest.mark.parametrize(("hops", "works"), [(5, True), (6, False)])
def test_redirects(lab: Lab, hops: int, works: bool) -> None:
    ways = [reply(b"", "301 Moved", location=f"/{hop}/robots.txt") for hop in range(hops)]
    _, http = lab(robots=in_turn(*ways, robots("User-agent: *\nDisallow: /x")))
    if works:
        assert http.get(URL).body == JSON
    else:
        with pytest.raises(Refused, match="more than 5 redirects"):
            http.get(URL)
    with pytest.raises(Refused):
        http.get(f"https://{HOST}/x")


def test_redirect_to_another_host(lab: Lab) -> None:
    """As the RFC has it: the rules are those of the host that was asked."""
    away = reply(b"", "301 Moved", location="https://www.example.com/robots.txt")
    server, http = lab(robots=in_turn(away, robots("User-agent: *\nDisallow: /")))
    with pytest.raises(Refused) as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.ROBOTS
    assert [one.target for one in server.robots_asked] == [
        f"/__as/{HOST}/robots.txt",
        "/__as/www.example.com/robots.txt",
    ]


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (reply(b"", "429 Too Many Requests"), Trouble.LIMITED),
        (reply(b"<title>Just a moment...</title>", "403 No", "text/html"), Trouble.BLOCKED),
    ],
)
def test_a_clear_no_is_passed_on(lab: Lab, answer: bytes, trouble: Trouble) -> None:
    _, http = lab(robots=answer)
    with pytest.raises(SourceError) as caught:
        http.get(URL)
    assert caught.value.trouble is trouble
    assert http.waiting is not None


def test_a_host_that_is_not_there_is_not_said_to_have_rules(connect: Connect) -> None:
    client = connect(resolve=lambda _host, _port: [("127.0.0.1", 1)], public=lambda _: True)
    with pytest.raises(Unreachable) as caught:
        client.asking("example", BUDGET).get(URL)
    assert caught.value.trouble is Trouble.CONNECTION


@pytest.mark.parametrize(("delay", "slept"), [("5", 5), ("2", 3), ("nan", 3), ("-1", 3)])
def test_crawl_delay(secure: Secure, time: Time, delay: str, slept: float) -> None:
    rules = robots(f"User-agent: *\nCrawl-delay: {delay}\n")
    _, client = secure(robots=rules)
    http = client.asking("example", BUDGET)
    http.get(f"{URL}/1")
    http.get(f"{URL}/2")
    assert time.slept[-1] == slept


def test_crawl_delay_that_nobody_waits_for(secure: Secure, time: Time) -> None:
    _, client = secure(robots=robots("User-agent: *\nCrawl-delay: 600\n"))
    http = client.asking("example", BUDGET)
    with pytest.raises(Refused, match="wants 600 seconds between") as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.LIMITED
    assert caught.value.wait == timedelta(seconds=600)
    assert time.slept == []
    time.forward(timedelta(seconds=600))
    assert http.get(URL).body == JSON
