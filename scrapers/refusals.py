"""Errors that a source tells in words only: does it say no, or is something the matter?"""

from __future__ import annotations

import re

from scrapers.contract import NotOffered, SourceError, Unreadable

NO = re.compile(
    r"not (yet )?(supported|available|offered)|unsupported"
    r"|(above|below|exceeds?|under|over) the (maximum|minimum|limit)"
    r"|(maximum|minimum) (transfer )?amount",
    re.IGNORECASE,
)
"""A corridor or an amount that is not served. Words that we do not know are for a developer."""


def refusal(words: str, where: str) -> SourceError:
    """NotOffered if `words` say so, else Unreadable. `where` is the address that said it."""
    return NotOffered(words) if NO.search(words) else Unreadable(f"{where}: says {words!r}")
