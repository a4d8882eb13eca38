"""Reading replies without mercy: exact numbers only, and nothing said twice."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.domain.currencies import MINOR_DIGITS
from scrapers.contract import Reply, Trouble, Unreadable

LOWEST, HIGHEST = Decimal("0.000001"), Decimal(10) ** 9
"""Units of a currency per euro, both excluded: no currency in use is worth more or less."""

RATE = re.compile(r"\d+(\.\d+)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FIRST_SECOND, LAST_SECOND = Decimal(10) ** 9, Decimal(10) ** 10
"""Of Unix time: from 2001 to 2286. Anything else counts something else, like milliseconds."""


def text(reply: Reply) -> str:
    """The body as text. Raises Unreadable if it is not UTF-8; a byte order mark is let go."""
    try:
        return reply.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{reply.url}: not text in UTF-8 ({error.reason})") from error


def json_value(reply: Reply) -> object:
    """The body as JSON with Decimals. Raises Unreadable, for NaN, 1e3 and a doubled key too."""
    try:
        found: object = json.loads(
            text(reply),
            parse_float=_plain,
            parse_int=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_no_doubles,
        )
    except (ValueError, ArithmeticError, RecursionError) as error:
        message = f"{reply.url}: not the JSON it should be ({error})"
        raise Unreadable(message, Trouble.NOT_JSON) from error
    return found


def json_object(reply: Reply) -> dict[str, object]:
    """As `json_value`, for a body that must be an object."""
    return an_object(json_value(reply), reply.url)


def an_object(found: object, where: str) -> dict[str, object]:
    if not isinstance(found, dict):
        raise Unreadable(f"{where}: should be a JSON object")
    return found


def xml_root(reply: Reply) -> Element:
    """The body as XML. Raises Unreadable, for a DTD or an entity too: no source needs them."""
    try:
        found: Element = fromstring(reply.body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        message = f"{reply.url}: not the XML it should be ({error})"
        raise Unreadable(message) from error
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


def unix_time(found: object, where: str) -> datetime:
    """Whole seconds since 1970. Raises Unreadable."""
    if not isinstance(found, Decimal) or not FIRST_SECOND < found < LAST_SECOND:
        raise Unreadable(f"{where}: {str(found)[:40]!r} is not a time in seconds since 1970")
    return datetime.fromtimestamp(int(found), UTC)


def mail_time(found: object, where: str) -> datetime:
    """A time as in mail, "Thu, 19 Nov 2026 11:55:11 GMT", in UTC. Raises Unreadable."""
    try:
        said = parsedate_to_datetime(found if isinstance(found, str) else "")
    except ValueError:
        said = None
    if said is None or said.tzinfo is None:
        message = f"{where}: {str(found)[:40]!r} is not a time like Thu, 19 Nov 2026 11:55:11 GMT"
        raise Unreadable(message)
    return said.astimezone(UTC)


def time_like(found: str, form: str, zone: tzinfo, where: str) -> datetime:
    """A time written in `form` (of strptime) as clocks show it in `zone`, in UTC. Raises
    Unreadable."""
    try:
        said = datetime.strptime(found, form).replace(tzinfo=zone)
    except ValueError:
        raise Unreadable(f"{where}: {found[:40]!r} is not a time like {form}") from None
    return said.astimezone(UTC)


def in_use(code: str) -> bool:
    """Whether a rate of one euro in this currency (ISO 4217) is worth keeping."""
    return code in MINOR_DIGITS and code != "EUR"


def _plain(number: str) -> Decimal:
    if "e" in number or "E" in number:
        raise ValueError(f"{number[:20]} has an exponent")
    return Decimal(number)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _no_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} is there twice")
    return found
