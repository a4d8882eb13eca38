"""JSON replies as trees to be bent: what is a rate, a fee or an amount in anybody's reply.

Sources name their fields in their own ways; the words of a name tell what its number is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.currencies import MINOR_DIGITS

Node = dict[str, object] | list[object]

NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")

GENERIC = {"value", "amount", "total"}
"""Keys that say nothing of their own, as in {"fee": {"value": {"amount": 1}}}."""

NEVER = {"percent", "percentage", "bps", "id", "set", "scale", "count", "timestamp", "updated"}
LIMITS = {"min", "max", "limit", "minimum", "maximum", "capped", "tier"}
FEES = {"fee", "fees", "commission"}
RECEIVED = {"receive", "received", "receiving", "target", "destination"}
AMOUNT = {"amount", "send", "sending", "source", "gross", "pay", "paid"}
CURRENCY = {"currency", "curr", "ccy", "alpha"}
TABLES = (["rates"], ["eur"])
"""Objects whose keys are currencies, and whose numbers are rates."""


class Kind(StrEnum):
    RATE = "rate"
    FEE = "fee"
    RECEIVED = "received"
    AMOUNT = "amount"
    LIMIT = "limit"
    CURRENCY = "currency"
    OTHER = "other"


MONEY = (Kind.FEE, Kind.RECEIVED, Kind.AMOUNT)
PRICES = (Kind.RATE, *MONEY)


class Raw(str):
    """Written as it stands, whether that is JSON or not."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Twice:
    """The value of a key that is written twice."""

    first: object
    second: object


@dataclass(frozen=True, slots=True)
class Spot:
    """A single value: the keys from the root to it, and the nodes on the way."""

    keys: tuple[str | int, ...]
    nodes: tuple[Node, ...]

    @property
    def value(self) -> object:
        node, key = self.nodes[-1], self.keys[-1]
        return node[str(key)] if isinstance(node, dict) else node[int(key)]

    def put(self, new: object) -> None:
        node, key = self.nodes[-1], self.keys[-1]
        if isinstance(node, dict):
            node[str(key)] = new
        else:
            node[int(key)] = new

    @property
    def number(self) -> Decimal | None:
        """Of a number, or of the text of one."""
        value = self.value
        if isinstance(value, Decimal):
            return value
        if isinstance(value, str) and NUMBER.fullmatch(value):
            return Decimal(value)
        return None

    def put_number(self, new: Decimal) -> None:
        """Written as the old one was: as a number, or as the text of one."""
        self.put(f"{new:f}" if isinstance(self.value, str) else new)

    def put_digits(self, text: str) -> None:
        """Like `put_number`, but of something that need not be a number any more."""
        self.put(text if isinstance(self.value, str) else Raw(text))

    @property
    def list_above(self) -> list[object] | None:
        """The innermost list of objects that it is in."""
        lists = (node for node in reversed(self.nodes) if isinstance(node, list))
        return next((node for node in lists if isinstance(node[0], dict)), None)

    @property
    def kind(self) -> Kind:
        names = [key for key in self.keys if isinstance(key, str)]
        if self.number is None:
            return Kind.CURRENCY if _is_currency(names, self.value) else Kind.OTHER
        if names[-1].upper() in MINOR_DIGITS and names[-2:-1] in TABLES:
            return Kind.RATE
        return _of_number(_telling(names))


def parse(body: bytes) -> object:
    """With Decimals, so that every number keeps its digits. Raises ValueError."""
    return json.loads(body, parse_float=Decimal, parse_int=Decimal)


def written(tree: object) -> str:
    """Compact JSON, except where `Raw` and `Twice` want something else."""
    if isinstance(tree, Raw):
        return str(tree)
    if isinstance(tree, Decimal):
        return f"{tree:f}"
    if isinstance(tree, dict):
        return "{" + ",".join(_pair(key, value) for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ",".join(written(item) for item in tree) + "]"
    return json.dumps(tree, ensure_ascii=False)


def spots(tree: object, *kinds: Kind) -> list[Spot]:
    """Every single value of these kinds; of no kind: all of them."""
    found = _walk(tree, (), ())
    return [spot for spot in found if not kinds or spot.kind in kinds]


def rows(tree: object) -> list[list[object]]:
    """The lists whose objects differ in rate or in what arrives, else in fee or amount."""
    for kinds in ((Kind.RATE, Kind.RECEIVED), (Kind.FEE, Kind.AMOUNT)):
        lists = [spot.list_above for spot in spots(tree, *kinds)]
        found = {id(node): node for node in lists if node is not None}
        if found:
            return list(found.values())
    return []


def _walk(tree: object, keys: tuple[str | int, ...], above: tuple[Node, ...]) -> Iterator[Spot]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _walk(value, (*keys, key), (*above, tree))
    elif isinstance(tree, list):
        for place, value in enumerate(tree):
            yield from _walk(value, (*keys, place), (*above, tree))
    elif above:
        yield Spot(keys, above)


def words(name: str) -> list[str]:
    """Of a name in camelCase, snake_case or kebab-case, in lower case."""
    return [word.lower() for word in WORD.findall(name)]


def _telling(names: list[str]) -> list[str]:
    """The words of the last key; of those above it too as long as it says nothing itself."""
    said: list[str] = []
    for name in reversed(names):
        told = words(name)
        if len(told) > 1 or told[0] not in GENERIC:
            said += [word for word in told if word != "value"]
            if "value" not in told:
                return said
    return said or words(names[-1])


def _of_number(said: list[str]) -> Kind:
    if set(said) & LIMITS:
        return Kind.LIMIT
    if set(said) & NEVER:
        return Kind.OTHER
    if set(said) & FEES and "of" not in said:
        return Kind.FEE
    if "rate" in said or "fx" in said or said == ["mid"]:
        return Kind.RATE
    if set(said) & RECEIVED or said[-2:] == ["amount", "to"]:
        return Kind.RECEIVED
    money = set(said) & AMOUNT and not set(said) & CURRENCY
    return Kind.AMOUNT if money else Kind.OTHER


def _is_currency(names: list[str], value: object) -> bool:
    known = isinstance(value, str) and value.upper() in MINOR_DIGITS
    return known and bool(names) and bool(set(words(names[-1])) & CURRENCY)


def _pair(key: str, value: object) -> str:
    name = json.dumps(key, ensure_ascii=False)
    if isinstance(value, Twice):
        return f"{name}:{written(value.first)},{name}:{written(value.second)}"
    return f"{name}:{written(value)}"
