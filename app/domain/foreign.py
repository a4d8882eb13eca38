"""Words that others wrote: made so that they can be kept and shown, whatever is in them."""

from __future__ import annotations

import re

UNKEPT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control signs; PostgreSQL refuses the first
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # these turn what follows round
    "\ufeff\ud800-\udfff]"  # a mark of byte order, and halves of signs, which no UTF-8 has
)


def tidy(text: str, longest: int) -> str:
    """Without signs that no database keeps or that show other words in another order, and cut to
    `longest` signs; lines stay lines."""
    return UNKEPT.sub("", text)[:longest]


def is_tidy(text: str, longest: int) -> bool:
    return tidy(text, longest) == text
