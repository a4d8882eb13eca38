"""The lab's endpoints without a server between: for reading a source's replies quickly."""

from __future__ import annotations

import importlib
import json as jsons
import pkgutil
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import ModuleType
from urllib.parse import parse_qsl, urlencode, urlsplit

from scrapers.contract import Refused, Reply
from tests.lab import sources
from tests.lab.wire import LabReply, LabRequest
from tests.lab.world import World


def endpoints() -> list[ModuleType]:
    """Every module of tests/lab/sources."""
    names = [found.name for found in pkgutil.iter_modules(sources.__path__)]
    return [importlib.import_module(f"{sources.__name__}.{name}") for name in names]


def answer(request: LabRequest, world: World) -> LabReply:
    """Of the first endpoint of that host that knows the path; 404 from nobody."""
    for module in endpoints():
        if request.host == module.HOST:
            reply: LabReply | None = module.answer(request, world)
            if reply is not None:
                return reply
    return LabReply(b"not found", 404, "text/plain")


class _Numbers(jsons.JSONEncoder):
    def default(self, o: object) -> object:
        if isinstance(o, Decimal):
            return int(o) if o == int(o) else float(o)
        return super().default(o)


@dataclass(slots=True)
class DirectHttp:
    """An Http whose other end is the lab in this very process. `asked` keeps the requests."""

    world: World
    asked: list[LabRequest] = field(default_factory=list)

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
    ) -> Reply:
        full = f"{url}?{urlencode(params)}" if params else url
        return self._ask("GET", full, headers or {}, b"", also)

    def post(
        self,
        url: str,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
    ) -> Reply:
        body = jsons.dumps(json, cls=_Numbers).encode() if json is not None else b""
        typed = {"content-type": "application/json"} if json is not None else {}
        return self._ask("POST", url, {**typed, **(headers or {})}, body, also)

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, also: Container[int]
    ) -> Reply:
        parts = urlsplit(url)
        request = LabRequest(
            method,
            parts.hostname or "",
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in headers.items()},
            body,
        )
        self.asked.append(request)
        reply = answer(request, self.world)
        if reply.status >= 300 and reply.status not in also:
            raise Refused(f"{url}: status {reply.status}")
        return Reply(url, reply.body, reply.media_type, reply.status, reply.headers)
