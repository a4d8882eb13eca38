"""One line of today: what it is, why it matters, and the one thing to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, url_for

from app.domain.today import Item


@dataclass(frozen=True, slots=True)
class Todo:
    """item   what it is to the order of today
    page   endpoint of its subject: only who may see that page sees this line
    what   in a few words; why: what is lost meanwhile, in a sentence
    label  of the one action; `href` leads to where it is done
    post   address of a form of one button in its place; "" if the action is a link
    said   what somebody outside wrote about it, or ""
    """

    item: Item
    page: str
    what: str
    why: str
    label: str
    href: str
    post: str = ""
    said: str = ""


def place(endpoint: str, otherwise: str, **values: object) -> str:
    """Address of a page, or of its subject's first page where it is not built; "" without that."""
    known = current_app.view_functions
    if endpoint in known:
        return url_for(endpoint, **values)  # type: ignore[arg-type]
    return url_for(otherwise) if otherwise in known else ""
