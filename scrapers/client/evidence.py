"""What is kept of a request and its answer, and what never is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from scrapers.contract import Exchange, without_tokens

LONGEST_FAILED = 64 * 1024
"""Bytes that are kept of an answer that was no success."""

REMOVED = "[removed]"
SECRET = re.compile(r"key|token|secret|passw|auth|session|signature", re.IGNORECASE)

ASKED_WITH = {
    "accept",
    "accept-encoding",
    "accept-language",
    "content-type",
    "if-modified-since",
    "if-none-match",
    "user-agent",
}
"""Request headers that are kept; of others only that they were sent."""

ANSWERED_WITH = {
    "age",
    "cache-control",
    "cf-mitigated",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "retry-after",
    "server",
    "vary",
    "x-cache",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One request. Header names are in lower case."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


def with_params(url: str, params: Mapping[str, str] | None) -> str:
    if not params:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(params, quote_via=quote)}"


def written(value: object) -> str:
    """Compact JSON. Decimals keep their digits; a float is refused (TypeError), for it has lost
    some already, and so is what is no finite number (ValueError)."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is no JSON number")
        return f"{value:f}"
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(str(name))}:{written(item)}" for name, item in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(written(item) for item in value) + "]"
    if value is None or isinstance(value, str | bool | int):
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"{type(value).__name__} is not written as JSON")


def shown(url: str) -> str:
    """`url` for people and for keeping: without secrets."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return repr(url[:80])
    query = parts.query
    if SECRET.search(query):
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [(name, REMOVED if SECRET.search(name) else value) for name, value in pairs]
        query = urlencode(kept, quote_via=quote, safe="[]")
    host = parts.netloc.rpartition("@")[2]
    clean = urlunsplit((parts.scheme, host, parts.path, query, ""))
    return without_tokens(clean.encode()).decode()


def exchange(
    question: Question,
    asked_at: datetime,
    status: int | None,
    headers: Mapping[str, str],
    body: bytes,
    failed: str,
) -> Exchange:
    clean = without_tokens(body)
    cut = bool(failed) and len(clean) > LONGEST_FAILED
    kept = {name: text for name, text in headers.items() if name in ANSWERED_WITH}
    if "location" in headers:
        kept["location"] = shown(headers["location"])
    return Exchange(
        method=question.method,
        url=shown(question.url),
        asked_at=asked_at,
        request_headers={
            name: text if name in ASKED_WITH else REMOVED for name, text in question.headers.items()
        },
        request_body=without_tokens(question.body).decode(errors="replace"),
        status=status,
        headers=kept,
        media_type=media_type(headers),
        body=clean[:LONGEST_FAILED] if cut else clean,
        cut=cut,
        failed=failed,
    )


def media_type(headers: Mapping[str, str]) -> str:
    """Like application/json; "" if the answer does not say."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
