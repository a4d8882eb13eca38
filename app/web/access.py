"""Who may see what: every view says its audience, and a test finds any that does not."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])


class Audience(StrEnum):
    ANYBODY = "anybody"


def anybody(view: View) -> View:
    """A page for everyone: it reads no cookie and asks for no name."""
    view.audience = Audience.ANYBODY  # type: ignore[attr-defined]
    return view
