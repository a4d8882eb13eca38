"""Names that look alike: a firm that calls itself almost like another, by chance or to deceive.

After Unicode Technical Standard 39: two names are alike if they have one skeleton. Ours is smaller
than the standard's, for the letters that firms here write their names in, and coarser: spaces, dots
and capitals do not count either. To flag a name for a person to look at, never to refuse one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

CYRILLIC = dict(zip("авеікмнорстухѕјԁһѡ", "abeikmhopctyxsjdhw", strict=True))
GREEK = dict(zip("αβεηικνορτυχω", "abenikvoptuxw", strict=True))
SIGNS = {"0": "o", "5": "s", "$": "s", "8": "b"} | dict.fromkeys("1i|!\u0131", "l")
TWINS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
"""Two letters that look like one."""

TABLE = str.maketrans(CYRILLIC | GREEK)
ALIKE = str.maketrans(SIGNS)


def skeleton(name: str) -> str:
    """What is left of a name when all is taken away that an eye passes over."""
    bare = unicodedata.normalize("NFKD", name.casefold().translate(TABLE))
    letters = "".join(one for one in bare if not unicodedata.combining(one)).translate(TABLE)
    plain = "".join(one for one in letters.translate(ALIKE) if one.isalnum())
    for twin, single in TWINS:
        plain = plain.replace(twin, single)
    return plain


def alike(names: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """names: by slug, every name that a firm goes by. Each firm that has a name like another's,
    with those others."""
    owners: dict[str, set[str]] = {}
    for slug, some in names.items():
        for name in some:
            owners.setdefault(skeleton(name), set()).add(slug)
    found: dict[str, set[str]] = {}
    for same in owners.values():
        for slug in same if len(same) > 1 else ():
            found.setdefault(slug, set()).update(same - {slug})
    return found
