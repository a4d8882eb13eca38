"""What an answer is worth, told from its status, its headers and its first bytes."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import datetime, timedelta
from http import HTTPStatus

from scrapers.client.evidence import LONGEST_FAILED, Question, media_type, shown
from scrapers.client.line import Answer
from scrapers.client.patience import retry_after
from scrapers.contract import Refused, SourceError, Trouble, Unreachable, Unreadable

BLOCKED_FOR = timedelta(hours=12)
LIMITED_FOR = timedelta(minutes=15)

FOLLOWED = {301, 302, 303, 307, 308}
NOT_MODIFIED, PARTIAL, TOO_MANY, UNAVAILABLE = 304, 206, 429, 503
FIRST_REDIRECT, FIRST_REFUSAL, FIRST_FAULT = 300, 400, 500
BLOCKING = {401, 403, 451}
GONE = {404, 410}

CHALLENGES = {
    b"captcha-delivery.com": "DataDome",
    b"_cf_chl_opt": "Cloudflare",
    b"<title>just a moment...": "Cloudflare",
    b"<title>access denied</title>": "Akamai",
    b"px-captcha": "PerimeterX",
    b"_incapsula_resource": "Imperva",
    b"awswafintegration": "AWS WAF",
}
"""Pages that want to know whether we are people. We are not, and do not pretend to be."""

CAPTCHAS = (b"g-recaptcha", b"h-captcha", b"cf-turnstile", b"/cdn-cgi/challenge-platform/")
"""These stand on ordinary pages too, so they count only where no page was asked for."""

TITLE = re.compile(rb"<title[^>]*>([^<]{1,80})", re.IGNORECASE)
PAGES = {"text/html", "application/xhtml+xml"}


def wants_json(question: Question) -> bool:
    accept = question.headers.get("accept", "")
    return "json" in accept and "html" not in accept and "*/*" not in accept


def successful(status: int) -> bool:
    return status < FIRST_REDIRECT


def fault(
    question: Question, answer: Answer, also: Container[int], now: datetime
) -> SourceError | None:
    """What is wrong with `answer`; None if it may be read, or is a redirect. What its status says
    counts more than how the rest of it went."""
    status = answer.status
    if status is None:
        return answer.failure
    refusal = None if _expected(question, status, also) else _refusal(question, answer, status, now)
    return _challenge(question, answer) or refusal or answer.failure or _misfit(question, answer)


def _expected(question: Question, status: int, also: Container[int]) -> bool:
    conditional = "if-none-match" in question.headers or "if-modified-since" in question.headers
    kept = status == NOT_MODIFIED and conditional
    return kept or successful(status) or status in also or status in FOLLOWED


def _refusal(question: Question, answer: Answer, status: int, now: datetime) -> SourceError:
    where = f"{shown(question.url)}: status {status}{_phrase(status)}"
    wait = retry_after(answer.headers.get("retry-after"), now)
    if status >= FIRST_FAULT:
        return Unreachable(f"{where}: trouble at their end", Trouble.SERVER_ERROR, wait)
    if status == TOO_MANY:
        wait = LIMITED_FOR if wait is None else wait
        return Refused(f"{where}: we ask too often", Trouble.LIMITED, wait)
    if status in BLOCKING:
        for_long = BLOCKED_FOR if status == HTTPStatus.FORBIDDEN else None
        return Refused(f"{where}: we are not let in", Trouble.BLOCKED, for_long)
    if status in GONE:
        return Refused(f"{where}: nothing is here any more", Trouble.GONE)
    if status < FIRST_REFUSAL:
        return Refused(f"{where}: a redirect that is not followed", Trouble.REDIRECTED)
    return Refused(f"{where}: they do not take the question", Trouble.SCHEMA)


def _misfit(question: Question, answer: Answer) -> SourceError | None:
    """A success that is something else than what was asked for."""
    if answer.status == PARTIAL:
        return Unreachable(f"{shown(question.url)}: only a part came", Trouble.BROKEN_REPLY)
    page = media_type(answer.headers) in PAGES and answer.status not in FOLLOWED
    if page and wants_json(question):
        return Unreadable(
            f"{shown(question.url)}: an HTML page{_titled(answer.body)} where JSON was asked for",
            Trouble.NOT_JSON,
        )
    return None


def _challenge(question: Question, answer: Answer) -> SourceError | None:
    by = _challenger(question, answer)
    if not by:
        return None
    return Refused(
        f"{shown(question.url)}: {by} wants to know whether we are people (status {answer.status})",
        Trouble.BLOCKED,
        BLOCKED_FOR,
    )


def _challenger(question: Question, answer: Answer) -> str:
    """Who puts a challenge in the way; "" for nobody."""
    if answer.headers.get("cf-mitigated", "").strip().lower() == "challenge":
        return "Cloudflare"
    start = answer.body[:LONGEST_FAILED].lstrip().lower()
    if b"captcha-delivery.com" in start:
        return "DataDome"
    if not start.startswith(b"<") and media_type(answer.headers) not in PAGES:
        return ""
    for sign, name in CHALLENGES.items():
        if sign in start:
            return name
    captcha = wants_json(question) and any(sign in start for sign in CAPTCHAS)
    return "a captcha" if captcha else ""


def _titled(body: bytes) -> str:
    found = TITLE.search(body[:LONGEST_FAILED])
    return f" ({found.group(1).decode(errors='replace').strip()!r})" if found else ""


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""
