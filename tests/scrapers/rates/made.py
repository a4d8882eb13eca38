"""An Http that answers with what a test gives it."""

# ruff: noqa: ARG002  (the signatures are Http's)

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.midrate import MidReading
from scrapers.contract import Reply, SourceError
from tests.lab.direct import DirectHttp
from tests.lab.world import World

RECORDED = DirectHttp(World({}, recorded=True))


@dataclass
class Says:
    """An Http whose replies are given by address: a body, or an error to raise."""

    replies: Mapping[str, str | bytes | SourceError]
    asked: list[str] = field(default_factory=list)

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
    ) -> Reply:
        self.asked.append(url)
        said = self.replies[url]
        if isinstance(said, SourceError):
            raise said
        return Reply(url, said.encode() if isinstance(said, str) else said, "text/plain")

    def post(
        self,
        url: str,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
    ) -> Reply:
        return self.get(url)


def rates_of(readings: list[MidReading]) -> dict[str, Decimal]:
    return {one.currency: one.rate for one in readings}
