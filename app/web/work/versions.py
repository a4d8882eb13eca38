"""The version of a thing that a form was made from, so that nobody overwrites what another did."""

from __future__ import annotations


def version_in(text: str | None) -> int:
    """As a form sends it back; 0, which no version has, if it is no number."""
    plain = text or ""
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 9 else 0  # noqa: PLR2004
