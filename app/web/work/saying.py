"""What was done, said once on the next page."""

from __future__ import annotations

from flask import flash


def say(words: str) -> None:
    flash(words)
