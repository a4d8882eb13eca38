"""Begins a price source: its module, its card, its lab endpoint and its test, from templates.

The test is red until there is a recorded reply and a person wrote down what it says.
"""

from __future__ import annotations

import keyword
import re
from datetime import date
from pathlib import Path
from string import Template

TEMPLATES = Path(__file__).parent / "templates"

FILES = {
    "source.py.txt": "scrapers/prices/{}.py",
    "card.md.txt": "docs/sources/{}.md",
    "lab.py.txt": "tests/lab/sources/{}.py",
    "test.py.txt": "tests/scrapers/prices/test_{}.py",
}
"""Template -> where it goes."""

SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
LONGEST_SLUG = 30
"""Signs, so that no line of a template gets too long."""


class NotWritten(ValueError):
    """Nothing was written. `str()` says why."""


def write_source(root: Path, slug: str, today: date) -> list[Path]:
    """Write the four files under `root`, the project's folder; their paths. Nothing that is there
    is touched. Raises NotWritten.
    """
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG or keyword.iskeyword(slug):
        raise NotWritten(
            f"{slug!r} is no slug: up to {LONGEST_SLUG} small letters and digits, in words with "
            "single underscores between them, like transfer_galaxy"
        )
    texts = {root / place.format(slug): _filled(name, slug, today) for name, place in FILES.items()}
    there = [str(path.relative_to(root)) for path in texts if path.exists()]
    if there:
        raise NotWritten(f"already there: {', '.join(there)}")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    return list(texts)


def _filled(template: str, slug: str, today: date) -> str:
    words = slug.split("_")
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(
        slug=slug,
        name=" ".join(word.capitalize() for word in words),
        provider="-".join(words),
        host=f"{'-'.join(words)}.example",
        today=f"{today.year}, {today.month}, {today.day}",
    )
