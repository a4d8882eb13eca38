"""From what went over the wire to evidence that is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus

from app.db.evidence import Evidence
from scrapers.contract import Exchange

HEAD = "message/http"
"""Media type of a reply's head, where that is all there is."""


def as_evidence(source: str, exchanges: Iterable[Exchange]) -> Iterator[Evidence]:
    """One piece for each reply that had a body, or was wrong for having none: of that its head is
    kept. Where no reply came, the run and what is kept of its question tell so."""
    for one in exchanges:
        bare = not one.body
        if bare and not ((one.failed and one.status) or one.status == HTTPStatus.OK):
            continue
        asked = [f"{one.method} {one.url}", *_lines(one.request_headers)]
        yield Evidence(
            source=source,
            title=f"{one.method} {one.url}",
            media_type=HEAD if bare else one.media_type or "application/octet-stream",
            body=_head(one) if bare else one.body,
            read_at=one.asked_at,
            request="\n".join([*asked, "", one.request_body] if one.request_body else asked),
            status=one.status,
            headers="\n".join(_lines(one.headers)),
            failed=one.failed,
        )


def _head(one: Exchange) -> bytes:
    lines = [f"{one.method} {one.url}", f"status {one.status}", *_lines(one.headers)]
    return "\n".join(lines).encode()


def _lines(headers: Mapping[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers.items()]
