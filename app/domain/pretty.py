"""JSON laid out for reading, with every number and text just as it came."""

from __future__ import annotations

import json
import re

LARGEST = 400_000
"""Signs: what is longer stands as it is."""

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
INDENT = "  "

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Signs that are not seen, or that turn round what stands beside them."""


def readable(text: str) -> str:
    """With what cannot be seen written out, so that nothing in it looks like something else."""
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def pretty_json(text: str) -> str | None:
    """Laid out; None if it is no JSON, or too long. Only what is between the tokens changes."""
    if len(text) > LARGEST:
        return None
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    parts: list[str] = []
    depth = 0
    tokens = TOKEN.findall(text)
    for place, piece in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        if piece in "{[":
            depth += 1
            parts.append(piece if following in ("}", "]") else piece + _line(depth))
        elif piece in "}]":
            depth -= 1
            empty = place > 0 and tokens[place - 1] in ("{", "[")
            parts.append(piece if empty else _line(depth) + piece)
        elif piece == ",":
            parts.append(piece + _line(depth))
        else:
            parts.append(piece + " " if piece == ":" else piece)
    return "".join(parts)


def _line(depth: int) -> str:
    return "\n" + INDENT * depth
