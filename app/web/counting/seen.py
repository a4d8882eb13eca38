"""What there is to count of a request: facts of the page, none of the reader.

A view says what its page shows while it is made; what is said stands in the request's environment,
and a copy of the page (app/web/page_cache.py) carries it, so that a page counts whoever made it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

from flask import Flask, Response, current_app, g, request

from app.domain.corridor import Corridor
from app.web.access import Audience
from app.web.locale import language

SEEN = "huiswaarts.seen"
"""Where a request carries what there is to count of it."""


@dataclass(frozen=True, slots=True)
class Page:
    """page: its endpoint; corridor: the one whose list it shows; shown: slugs of the firms on it,
    as they are ranked."""

    page: str
    language: str
    corridor: Corridor | None = None
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Click:
    """A reader goes on to a firm. place: on the list that the link stood on, 0 where on none."""

    service: int
    firm: str
    corridor: Corridor
    place: int
    language: str


class First(Enum):
    """What a device's own mark says: this is its first visit of the month, or of the year too."""

    MONTH = "month"
    YEAR = "year"


What = Page | Click | First


def setup(app: Flask) -> None:
    @app.after_request
    def _tell(response: Response) -> Response:
        """Every page of a language that is there for anybody counts."""
        view = current_app.view_functions.get(request.endpoint or "")
        rule = request.url_rule
        if (
            request.method == "GET"
            and response.status_code == HTTPStatus.OK
            and response.mimetype == "text/html"
            and rule is not None
            and "lang" in rule.arguments
            and getattr(view, "audience", None) is Audience.ANYBODY
        ):
            page = Page(rule.endpoint, language(), listed(), g.get("shown_firms", ()))
            request.environ[SEEN] = page
        return response


def note_list(corridor: Corridor, firms: Iterable[str]) -> None:
    """This request shows the list of a corridor: these firms, by slug, as they are ranked."""
    g.listed = corridor
    g.shown_firms = tuple(firms)


def listed() -> Corridor | None:
    """The corridor whose list this request shows."""
    return g.get("listed")


def note(what: What) -> None:
    """Count this of the request, if it is one that counts."""
    request.environ[SEEN] = what
