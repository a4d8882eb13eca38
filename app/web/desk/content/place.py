"""Where texts are worked on."""

from __future__ import annotations

from flask import Blueprint, request

bp = Blueprint("desk_content", __name__, url_prefix="/desk/content", template_folder="templates")

LARGEST_TEXT = 400_000
"""Bytes of a form with a text: a sign of Ethiopic takes nine of them on its way here."""


@bp.url_value_preprocessor
def _room(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Before anybody reads the form, which happens at the door."""
    request.max_content_length = LARGEST_TEXT
