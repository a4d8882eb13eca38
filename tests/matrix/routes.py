"""The routes that are not for everybody, and addresses of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, UnicodeConverter

from app.domain.account import Role
from app.web.access import Audience

NUMBERS = (1, 2, 3, 999_999)
"""Of things: a database of tests has the first few of each kind."""

SLUGS = ("wise", "NL-MA")


@dataclass(frozen=True, slots=True)
class Route:
    """One route with one method; `roles` is empty where names do not count."""

    endpoint: str
    method: str
    audience: Audience
    roles: frozenset[Role]
    addresses: tuple[str, ...]


def closed_routes(app: Flask) -> list[Route]:
    """By address."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        view = app.view_functions[rule.endpoint]
        audience: Audience = view.audience  # type: ignore[union-attr]
        if audience is Audience.ANYBODY:
            continue
        addresses = tuple(_addresses(app, rule.endpoint, rule._converters))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            roles: frozenset[Role] = getattr(view, "roles", frozenset())
            found.append(Route(rule.endpoint, method, audience, roles, addresses))
    return found


def _addresses(app: Flask, endpoint: str, parts: dict[str, BaseConverter]) -> Iterator[str]:
    adapter = app.url_map.bind("localhost")
    for values in product(*(_values(part) for part in parts.values())):
        yield adapter.build(endpoint, dict(zip(parts, values, strict=True)))


def _values(part: BaseConverter) -> tuple[Any, ...]:
    if isinstance(part, IntegerConverter):
        return NUMBERS
    if isinstance(part, AnyConverter):
        return tuple(sorted(part.items))
    if isinstance(part, UnicodeConverter):
        longest = part.regex.partition("{")[2].partition("}")[0]  # as werkzeug writes it
        if longest.isdigit():
            return ("x" * int(longest),)
        return SLUGS
    choices = part.regex.split("|")
    return tuple(choices[:2])
