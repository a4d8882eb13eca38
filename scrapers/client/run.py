"""One source's requests, through rules, turns, redirects and second tries; each is evidence."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from typing import BinaryIO
from urllib.parse import urlsplit

from scrapers.client.addresses import Way, Ways, same_site
from scrapers.client.evidence import Question, exchange, media_type, shown
from scrapers.client.kept import Kept, conditions
from scrapers.client.line import Answer, Caps, Line
from scrapers.client.patience import SHORT_WAIT, Breaker, Host, Timer
from scrapers.client.robots import MOST_BYTES as MOST_ROBOTS_BYTES
from scrapers.client.robots import MOST_REDIRECTS as MOST_ROBOTS_REDIRECTS
from scrapers.client.robots import NO_RULES, Unruly
from scrapers.client.verdict import FOLLOWED, NOT_MODIFIED, UNAVAILABLE, fault
from scrapers.contract import Exchange, Refused, Reply, SourceError, Trouble

MOST_REDIRECTS = 3


@dataclass(slots=True)
class Shared:
    """What every run of every source has in common.

    jitter   seconds to add to a gap of so many
    spaced   whether there are pauses at all: not in the lab
    """

    user_agent: str
    deadline: float
    line: Line
    ways: Ways
    timer: Timer
    sleep: Callable[[float], None]
    jitter: Callable[[float], float]
    spaced: bool
    kept: Kept = field(default_factory=Kept)
    _hosts: dict[str, Host] = field(default_factory=dict)
    _slugs: dict[str, Breaker] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def host(self, name: str) -> Host:
        with self._lock:
            return self._hosts.setdefault(name, Host(name, self.timer, self.sleep))

    def slug(self, name: str) -> Breaker:
        with self._lock:
            return self._slugs.setdefault(name, Breaker(name, self.timer))


@dataclass(slots=True)
class Attempt:
    """A question on its way, and what is used up of its redirects, second try and time."""

    question: Question
    also: Container[int]
    caps: Caps
    to: BinaryIO | None = None
    kept: Reply | None = None
    hops: int = 0
    retried: bool = False
    spent: float = 0.0


class Run:
    """See Asking, which adds what a source sees. `gap` is its own, in seconds."""

    def __init__(self, shared: Shared, slug: str, gap: float) -> None:
        self._shared, self._slug, self._gap = shared, shared.slug(slug), gap
        self._touched: dict[str, Host] = {}
        self.requests = 0
        self.exchanges: list[Exchange] = []

    def breakers(self) -> list[Breaker]:
        return [self._slug, *(host.breaker for host in self._touched.values())]

    def ask(self, attempt: Attempt) -> Reply:
        """Raises SourceError."""
        asked = attempt.question
        may_keep = asked.method == "GET" and attempt.to is None
        if may_keep and (kept := self._shared.kept.get(asked)):
            attempt.kept = kept
            attempt.question = replace(asked, headers={**asked.headers, **conditions(kept)})
        while True:
            way = self._shared.ways.to(attempt.question.url)
            answer, error = self._send(attempt, way, self._crawl_delay(way))
            if error is not None:
                if not self._worth_another(attempt, way, answer, error):
                    raise error
                attempt.retried = True
            elif answer.status in FOLLOWED and answer.status not in attempt.also:
                attempt.question = self._onward(attempt, asked, answer)
            else:
                break
        reply = _reply(asked.url, answer, attempt.kept)
        if may_keep:
            self._shared.kept.put(asked, reply)
        return reply

    def _send(self, attempt: Attempt, way: Way, delay: float) -> tuple[Answer, SourceError | None]:
        """One request in its host's turn, judged, and kept as evidence."""
        host, question = self._host(way.name), attempt.question
        gap = max(self._gap, delay)
        with host.turn(gap + self._shared.jitter(gap) if self._shared.spaced else 0.0):
            at = self._shared.timer.now()
            self.requests += 1
            if attempt.to is not None:
                attempt.to.seek(0)
                attempt.to.truncate()
            left = max(attempt.caps.seconds - attempt.spent, 0.0)
            caps = replace(attempt.caps, seconds=left)
            answer = self._shared.line.send(question, way, caps, attempt.to)
            error = fault(question, answer, attempt.also, at)
            host.heard(error)
        attempt.spent += answer.seconds
        body = answer.body
        if answer.status == NOT_MODIFIED and error is None and attempt.kept is not None:
            body = attempt.kept.body
        elif attempt.to is not None and error is None:
            body = b""
        failed = str(error) if error is not None else ""
        found = exchange(question, at, answer.status, answer.headers, body, failed)
        self.exchanges.append(found)
        return answer, error

    def _worth_another(
        self, attempt: Attempt, way: Way, answer: Answer, error: SourceError
    ) -> bool:
        """Whether a second try does no harm and may help: after a connection or an answer that
        broke off, or a short word of patience. For a POST only if no answer had begun."""
        if attempt.retried or attempt.spent >= attempt.caps.seconds:
            return False
        if answer.status is None:
            helps = error.trouble in (Trouble.CONNECTION, Trouble.BROKEN_REPLY)
        elif attempt.question.method != "GET":
            helps = False
        elif answer.status == UNAVAILABLE:
            helps = error.wait is not None and error.wait <= SHORT_WAIT
        else:
            helps = error.trouble in (Trouble.CONNECTION, Trouble.BROKEN_REPLY)
        return helps and self._host(way.name).may_retry()

    def _onward(self, attempt: Attempt, asked: Question, answer: Answer) -> Question:
        """The question to ask where a redirect leads. Raises Refused if it is not followed."""
        here = attempt.question
        url = self._shared.ways.onward(here.url, answer.headers.get("location", ""))
        attempt.hops += 1
        if here.method == "GET" and attempt.hops <= MOST_REDIRECTS and same_site(asked.url, url):
            headers = dict(here.headers)
            if urlsplit(url).hostname != urlsplit(asked.url).hostname:
                headers.pop("authorization", None)
            return replace(here, url=url, headers=headers)
        message = f"{shown(here.url)}: redirected to {shown(url)}, which is not followed"
        self.exchanges[-1] = replace(self.exchanges[-1], failed=message)
        raise Refused(message, Trouble.REDIRECTED)

    def _host(self, name: str) -> Host:
        return self._touched.setdefault(name, self._shared.host(name))

    def _crawl_delay(self, way: Way) -> float:
        """The seconds that robots.txt of the host asks for. Raises SourceError if that, or what
        happened before, forbids to ask."""
        host = self._host(way.name)
        self._slug.check()
        host.breaker.check()
        agent = self._shared.user_agent.partition("/")[0]
        return host.book.check(way.url, agent, lambda: self._robots_txt(way.url))

    def _robots_txt(self, url: str) -> str:
        """Empty if the host has none. Raises Unruly if that cannot be told, and SourceError where
        the host cannot be asked at all, or does not want us."""
        parts = urlsplit(url)
        headers = {
            "accept": "text/plain, */*",
            "accept-encoding": "gzip",
            "user-agent": self._shared.user_agent,
        }
        question = Question("GET", f"{parts.scheme}://{parts.netloc}/robots.txt", headers)
        caps = Caps(MOST_ROBOTS_BYTES, MOST_ROBOTS_BYTES, self._shared.deadline)
        attempt = Attempt(question, NO_RULES, caps)
        way = self._shared.ways.to(question.url)
        for hop in range(1 + MOST_ROBOTS_REDIRECTS):
            answer, error = self._send(attempt, way, 0.0)
            if error is not None:
                if isinstance(error, Refused) or (hop == 0 and not answer.reached):
                    raise error
                raise Unruly(str(error)) from error
            if answer.status not in FOLLOWED:
                found = answer.body.decode("utf-8-sig", errors="replace")
                return "" if answer.status in NO_RULES else found
            try:
                onward = self._shared.ways.onward(way.url, answer.headers.get("location", ""))
                way = self._shared.ways.to(onward)
            except Refused as refused:
                raise Unruly(str(refused)) from refused
            attempt.question = replace(question, url=onward)
        raise Unruly(f"more than {MOST_ROBOTS_REDIRECTS} redirects")


def _reply(url: str, answer: Answer, kept: Reply | None) -> Reply:
    if answer.status == NOT_MODIFIED and kept is not None:
        return replace(kept, headers={**kept.headers, **answer.headers})
    headers = answer.headers
    return Reply(url, answer.body, media_type(headers), answer.status or 0, headers)
