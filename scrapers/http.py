"""The only way out: one polite client, the same for every source.

It says who it is, obeys robots.txt, sends a host one request at a time with a pause between two,
and leaves alone whoever refuses it. It never pretends to be a browser, goes through a proxy or
solves a challenge.
"""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from scrapers.client.addresses import Resolve, Ways, is_public, system_resolve
from scrapers.client.evidence import Question, with_params, written
from scrapers.client.line import Caps, Line
from scrapers.client.patience import Timer, afresh
from scrapers.client.run import Attempt, Run, Shared
from scrapers.client.verdict import successful
from scrapers.contract import Budget, Exchange, Refused, Reply, SourceError, Trouble

MOST_WIRE, MOST_DECODED = 2_000_000, 5_000_000
DEADLINE = 20.0
"""Seconds for all of a question: looking up, connecting, redirects, and the whole answer."""

DOWNLOAD_DEADLINES = 15
"""A file may take that many times as long."""

OURS = {"user-agent", "host", "cookie", "accept-encoding", "connection", "content-length"}
"""Headers that no source may set."""


def _now() -> datetime:
    return datetime.now(UTC)


def _jitter(gap: float) -> float:
    return random.SystemRandom().uniform(0, gap / 4)


class Client:
    """One for a process, shared by its threads.

    user_agent  who we are, like `HuiswaartsBot/1.0 (+https://.../bot; contact)`
    lab_url     see `scrapers.client.addresses.Ways`; in the lab there are no pauses
    deadline    seconds for a question
    The others stand in for the world outside in tests.
    """

    def __init__(
        self,
        user_agent: str,
        lab_url: str | None = None,
        *,
        clock: Callable[[], datetime] = _now,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[float], float] = _jitter,
        deadline: float = DEADLINE,
        resolve: Resolve = system_resolve,
        public: Callable[[str], bool] = is_public,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._shared = Shared(
            user_agent=user_agent,
            deadline=deadline,
            line=Line(resolve, public, tls or httpx.create_ssl_context(trust_env=False)),
            ways=Ways(lab_url),
            timer=Timer(clock, monotonic),
            sleep=sleep,
            jitter=jitter,
            spaced=lab_url is None,
        )

    def asking(
        self,
        slug: str,
        budget: Budget,
        *,
        most_wire: int = MOST_WIRE,
        most_decoded: int = MOST_DECODED,
    ) -> Asking:
        """One run of one source, which may declare larger answers (in bytes)."""
        caps = Caps(most_wire, most_decoded, self._shared.deadline)
        return Asking(self._shared, slug, budget, caps)

    def leave_alone(self, name: str, until: datetime) -> None:
        """Not to ask a host, or a source by its slug, until then (aware UTC): what a run said
        in `waiting`, after a restart."""
        shared = self._shared
        breaker = shared.host(name).breaker if "." in name else shared.slug(name)
        wait = until - shared.timer.now()
        breaker.leave(wait, Refused("it was so before we started", Trouble.BLOCKED, wait))

    def close(self) -> None:
        self._shared.line.close()


class Asking:
    """One source's run: an Http. Not for several threads at once."""

    def __init__(self, shared: Shared, slug: str, budget: Budget, caps: Caps) -> None:
        self._shared, self._caps = shared, caps
        self._run = Run(shared, slug, budget.gap)
        self._answered: dict[object, Reply] = {}
        self._failed: dict[object, list[SourceError]] = {}

    @property
    def requests(self) -> int:
        """Sent on behalf of this run: redirects, second tries and robots.txt count."""
        return self._run.requests

    @property
    def exchanges(self) -> list[Exchange]:
        """What came of each request, in order. An answer of 304 carries the body it stands for,
        so that evidence is found by its hash; a downloaded file is not in here."""
        return self._run.exchanges

    @property
    def waiting(self) -> datetime | None:
        """Until when this source is to be left alone, aware UTC; None if it may be asked."""
        times = [at for breaker in self._run.breakers() if (at := breaker.until)]
        return max(times, default=None)

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
    ) -> Reply:
        """See Http. Accepts JSON only unless `headers` say otherwise."""
        return self._once(Question("GET", with_params(url, params), self._headers(headers)), also)

    def post(
        self,
        url: str,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
    ) -> Reply:
        """See Http. Decimals are written digit for digit."""
        body = b"" if json is None else written(json).encode()
        typed = {"content-type": "application/json"} if body else {}
        return self._once(Question("POST", url, self._headers(typed, headers), body), also)

    def download(self, url: str, path: Path, *, most: int) -> Reply:
        """A file of at most so many bytes, which appears at `path` once it is complete. The
        reply has no body. Raises what `get` raises."""
        caps = Caps(most, most, self._shared.deadline * DOWNLOAD_DEADLINES)
        part = path.with_name(f"{path.name}.part")
        question = Question("GET", url, self._headers({"accept": "*/*"}))
        try:
            with part.open("wb") as file:
                reply = self._run.ask(Attempt(question, (), caps, file))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return replace(reply, body=b"")

    def _headers(self, *given: Mapping[str, str] | None) -> dict[str, str]:
        chosen = {"accept": "application/json"}
        for headers in given:
            chosen |= {name.lower(): text for name, text in (headers or {}).items()}
        if taken := OURS & set(chosen):
            raise ValueError(f"a source may not set {', '.join(sorted(taken))}")
        return chosen | {"accept-encoding": "gzip", "user-agent": self._shared.user_agent}

    def _once(self, question: Question, also: Container[int]) -> Reply:
        """The same question is asked once, and once more if it failed."""
        key = (question.method, question.url, frozenset(question.headers.items()), question.body)
        known = self._answered.get(key)
        if known is not None and (successful(known.status) or known.status in also):
            return known
        failures = self._failed.setdefault(key, [])
        if len(failures) > 1:
            raise afresh(failures[-1])
        try:
            self._answered[key] = self._run.ask(Attempt(question, also, self._caps))
        except SourceError as error:
            failures.append(afresh(error))
            raise
        return self._answered[key]
