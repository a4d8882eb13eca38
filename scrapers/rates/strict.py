"""Reading rate feeds without mercy: exact numbers only, and nothing said twice."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

from app.domain.currencies import MINOR_DIGITS
from scrapers.contract import Reply, Unreadable

LOWEST, HIGHEST = Decimal("0.000001"), Decimal(10) ** 9
"""Units of a currency per euro, both excluded: no currency in use is worth more or less."""

RATE = re.compile(r"\d+(\.\d+)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def text(reply: Reply) -> str:
    """The body as text. Raises Unreadable if it is not UTF-8; a byte order mark is let go."""
    try:
        return reply.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{reply.url}: not text in UTF-8 ({error.reason})") from error


def json_object(reply: Reply) -> dict[str, object]:
    """The body as JSON with Decimals. Raises Unreadable, for NaN and a doubled key too."""
    try:
        found: object = json.loads(
            text(reply),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_no_doubles,
        )
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unreadable(f"{reply.url}: not the JSON it should be ({error})") from error
    return an_object(found, reply.url)


def an_object(found: object, where: str) -> dict[str, object]:
    if not isinstance(found, dict):
        raise Unreadable(f"{where}: should be a JSON object")
    return found


def rate(found: object, where: str) -> Decimal:
    """A plausible rate: a Decimal, or the text of one. Raises Unreadable, which says where."""
    value = Decimal(found) if isinstance(found, str) and RATE.fullmatch(found) else found
    if not isinstance(value, Decimal) or not LOWEST < value < HIGHEST:
        raise Unreadable(f"{where}: {str(found)[:40]!r} is no rate of one euro")
    return value


def day_at(found: object, hour: int, where: str) -> datetime:
    """`hour` o'clock UTC on a day written like 2026-10-30. Raises Unreadable."""
    try:
        day = date.fromisoformat(found if isinstance(found, str) and DAY.fullmatch(found) else "")
    except ValueError:
        message = f"{where}: {str(found)[:40]!r} is not a day like 2026-10-30"
        raise Unreadable(message) from None
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def in_use(code: str) -> bool:
    """Whether a rate of one euro in this currency (ISO 4217) is worth keeping."""
    return code in MINOR_DIGITS and code != "EUR"


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _no_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} is there twice")
    return found
