"""What goes over the wire: a request as an endpoint sees it, and its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parent / "examples"
"""Recorded and documented replies, as they stand."""


@dataclass(frozen=True, slots=True)
class LabRequest:
    """query and headers (names in lower case) have one text each; path begins with a slash."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON with Decimals; None if it is not JSON."""
        try:
            return json.loads(self.body, parse_float=Decimal, parse_int=Decimal)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class LabReply:
    body: bytes
    status: int = 200
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> LabReply:
    """Compact JSON, as live endpoints write it; Decimals keep their digits."""
    text = _written(value)
    return LabReply(text.encode(), status, headers=headers or {})


def _written(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        pairs = (f"{json.dumps(name)}:{_written(item)}" for name, item in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_written(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def example(name: str) -> bytes:
    """A recorded reply, byte for byte."""
    return (EXAMPLES / name).read_bytes()
