"""Answers that may be told again if the source says that nothing has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from http import HTTPStatus

from scrapers.client.evidence import Question
from scrapers.contract import Reply

MOST_BYTES = 32_000_000
LARGEST = 4_000_000

Key = tuple[str, frozenset[tuple[str, str]]]


class Kept:
    """The last good reply to each GET that named its version, the oldest ones let go first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._bytes = most, 0
        self._replies: OrderedDict[Key, Reply] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, question: Question) -> Reply | None:
        with self._lock:
            found = self._replies.get(_key(question))
            if found is not None:
                self._replies.move_to_end(_key(question))
            return found

    def put(self, question: Question, reply: Reply) -> None:
        names_version = "etag" in reply.headers or "last-modified" in reply.headers
        unkept = "no-store" in reply.headers.get("cache-control", "").lower()
        with self._lock:
            old = self._replies.pop(_key(question), None)
            self._bytes -= len(old.body) if old else 0
            if (
                reply.status != HTTPStatus.OK
                or not names_version
                or unkept
                or len(reply.body) > LARGEST
            ):
                return
            self._replies[_key(question)] = reply
            self._bytes += len(reply.body)
            while self._bytes > self._most:
                _, oldest = self._replies.popitem(last=False)
                self._bytes -= len(oldest.body)


def conditions(reply: Reply) -> Mapping[str, str]:
    """The headers that ask for anything newer than `reply`."""
    asked = {"if-none-match": "etag", "if-modified-since": "last-modified"}
    return {name: reply.headers[of] for name, of in asked.items() if of in reply.headers}


def _key(question: Question) -> Key:
    return question.url, frozenset(question.headers.items())
