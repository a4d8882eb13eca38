#!/usr/bin/env python3
"""Makes the files of app/web/fonts and the icons of app/web/static, which are kept with the code.

The fonts are parts of Noto (SIL Open Font License 1.1, app/web/fonts/OFL.txt), from Debian's
fonts-noto-core: for the pictures that other sites show of ours (app/web/social.py), and for
Tigrinya on devices that have no letters for it. The icons are app/web/static/mark.svg.

    .venv/bin/python bin/make_assets.py [folder with the Noto fonts]
"""

from __future__ import annotations

import sys
from pathlib import Path

import resvg_py
from fontTools import subset
from fontTools.ttLib import TTFont

WEB = Path(__file__).parent.parent / "app" / "web"
NOTO = Path("/usr/share/fonts/truetype/noto")

LATIN_AND_CYRILLIC = (
    "0020-007E 00A0-017F 0192 0218-021B 02BB 02BC 0400-045F 0490-0491 2010-2027 202F 20AC"
)
ARABIC = "0020-002F 003A 060C 061B 061F 0621-0655 0660-066C 0670 067E 0686 0698 06A9 06AF 06C0"
ARABIC += " 06CC 06D5 06F0-06F9 200C-200F"
ETHIOPIC = "0020 1200-1257 1260-127F 1290-12F7 1300-1317 1320-1357 1361-1368"
PARTS = {"NotoSans": LATIN_AND_CYRILLIC, "NotoSansArabic": ARABIC, "NotoSansEthiopic": ETHIOPIC}
"""Of each font, the signs that our twelve languages are written with."""

JOINING = ["ccmp", "locl", "isol", "init", "medi", "fina", "rlig", "liga", "calt", "mark", "mkmk"]
"""What makes words of letters. Without kerning, which is most of the Ethiopic font."""

ICON_SIZES = (192, 512)


def main(noto: Path = NOTO) -> None:
    for family, ranges in PARTS.items():
        for weight in ("Regular", "Bold"):
            font = part(noto / f"{family}-{weight}.ttf", ranges)
            font.save(WEB / "fonts" / f"{family}-{weight}.ttf")
    font = part(noto / "NotoSansEthiopic-Regular.ttf", ETHIOPIC)
    font.flavor = "woff2"
    font.save(WEB / "static" / "noto-ethiopic.woff2")
    for size in ICON_SIZES:
        mark = (WEB / "static" / "mark.svg").read_text("utf-8")
        icon = bytes(resvg_py.svg_to_bytes(svg_string=mark, width=size, height=size))
        (WEB / "static" / f"icon-{size}.png").write_bytes(icon)


def part(file: Path, ranges: str) -> TTFont:
    """A font with these signs alone. Its name, and whose it is, stay in it."""
    font = TTFont(file, recalcTimestamp=False)
    options = subset.Options(
        hinting=False, layout_features=JOINING, name_IDs=["*"], notdef_outline=True
    )
    made = subset.Subsetter(options)
    made.populate(unicodes=subset.parse_unicodes(ranges.replace(" ", ",")))
    made.subset(font)
    return font


if __name__ == "__main__":
    main(*(Path(given) for given in sys.argv[1:2]))
