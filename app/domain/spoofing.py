"""Names that pass for others: what no honest name has, and what looks like a name that is taken.

After Unicode's technical standard 39: two names with one skeleton look alike. The table holds the
letters of Cyrillic, Greek, Armenian and Cherokee that Latin text is forged with; honest names in
any script pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum

LONGEST_NAME = 120
MOST_MARKS = 3
"""On one letter. Vietnamese has two, Hebrew with its vowels and Arabic three."""

STACKED = re.compile(f"M{{{MOST_MARKS + 1}}}")
TURNING = {
    *"\u061c\u200e\u200f",
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
}
"""Signs that turn what follows round."""

BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters by name, and nothing to the eye."""

JOINERS = "\u200c\u200d"
"""Persian, Urdu and the scripts of India need them between letters; no other script does."""

JOINED = (
    *("ARABIC", "SYRIAC", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA"),
    *("TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN"),
)

_ALIKE = (
    ("abcdefghijklmnopqrstuvwxyz", "аЬсԁеғɡһіјкⅼмпорԛгѕтцѵԝхуᴢ"),
    ("abcehikmnoptxyz", "АВСЕНІКМПОРТХУΖ"),
    ("aehikmnoptxyzvu", "αεηικмηορτχγζνυ"),
    ("abehikmnoptxyz", "ΑΒΕΗΙΚΜΝΟΡΤΧΥΖ"),
    ("o0uhnsq", "օօսհոѕԛ"),
    ("daiglostzh", "ꭰꭺꭵꮐꮮꮎꮪꭲꮓꮋ"),
)
ALIKE = {
    other: plain for plains, others in _ALIKE for plain, other in zip(plains, others, strict=True)
}
"""Letter of another script -> the Latin letter that it looks like."""

AS_ONE = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"))
"""What looks alike in Latin letters."""


class Forged(StrEnum):
    """What no honest name has."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TURNS = "turns"
    HIDDEN = "hidden"
    MARKS = "marks"
    CONTROL = "control"


def forged(name: str) -> Forged | None:
    """What is wrong with a name, or None."""
    if not any(sign.isalnum() for sign in name):
        return Forged.EMPTY
    if len(name) > LONGEST_NAME:
        return Forged.TOO_LONG
    if TURNING & set(name):
        return Forged.TURNS
    if STACKED.search("".join("M" if _is_mark(sign) else "-" for sign in name)):
        return Forged.MARKS
    return next((found for place in range(len(name)) if (found := _sign(name, place))), None)


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) in ("Mn", "Me")


def _sign(name: str, place: int) -> Forged | None:
    sign = name[place]
    category = unicodedata.category(sign)
    if sign in JOINERS:
        return None if _joins(name, place) else Forged.HIDDEN
    if category in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp"):
        return Forged.CONTROL
    return Forged.HIDDEN if category == "Cf" or sign in BLANK else None


def _joins(name: str, place: int) -> bool:
    """Whether a joiner stands after a letter or a mark of a script that needs it."""
    before = unicodedata.name(name[place - 1], "") if place else ""
    return before.startswith(JOINED)


def skeleton(name: str) -> str:
    """What is left of a name to the eye: of two that look alike it is the same."""
    plain = "".join(ALIKE.get(sign, sign) for sign in unicodedata.normalize("NFKC", name))
    folded = unicodedata.normalize("NFKD", plain.casefold())
    kept = "".join(
        ALIKE.get(sign, sign)
        for sign in folded
        if sign.isalnum() or unicodedata.category(sign) == "Mc"
    )
    for seen, alike in AS_ONE:
        kept = kept.replace(seen, alike)
    return kept


def looks_like(name: str, others: Iterable[str]) -> str | None:
    """The first of these names that it could be taken for, or None."""
    wanted = skeleton(name)
    return next((other for other in others if skeleton(other) == wanted), None)


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
