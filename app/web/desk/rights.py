"""What the one who is signed in may do: a page shows no button that would be refused."""

from __future__ import annotations

from flask import current_app

from app.web.access import lets_in
from app.web.work.who import me


def may(endpoint: str) -> bool:
    """Whether there is such a page, and it is for their role."""
    return lets_in(current_app.view_functions.get(endpoint), me())
