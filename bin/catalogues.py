"""The catalogues of translations: `update` them from the code, or `check` that they are whole.

Messages are written in English in code and templates. A catalogue is whole if it has every one
of them, translated, with the same placeholders, and none that is no longer used.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "app" / "web" / "translations"
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def pybabel(*arguments: str) -> None:
    command = [str(Path(sys.executable).parent / "pybabel"), "--quiet", *arguments]
    subprocess.run(command, cwd=ROOT, check=True)


def extract(target: Path) -> None:
    keywords = ["-k", "_", "-k", "gettext", "-k", "lazy_gettext", "-k", "ngettext:1,2"]
    pybabel("extract", "-F", "babel.cfg", *keywords, "--no-wrap", "--sort-output",
            "--no-location", "--project=Huiswaarts", "-o", str(target), ".")  # fmt: skip


def update() -> None:
    template = ROOT / "var" / "messages.pot"
    template.parent.mkdir(exist_ok=True)
    extract(template)
    pybabel("update", "-i", str(template), "-d", str(TRANSLATIONS), "--no-wrap",
            "--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date")  # fmt: skip


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def faults(wanted: Catalog, have: Catalog) -> list[str]:
    """What is wrong with a catalogue, one sentence each."""
    found = []
    for message in wanted:
        if not message.id:
            continue
        key = texts(message.id)[0]
        translated = have.get(key, message.context)
        if translated is None:
            found.append(f"missing: {key!r}")
        elif translated.fuzzy or not all(texts(translated.string)):
            found.append(f"not translated: {key!r}")
        else:
            found += placeholder_faults(message, translated)
    known = {texts(message.id)[0] for message in wanted if message.id}
    found += [
        f"no longer used: {texts(message.id)[0]!r}"
        for message in have
        if message.id and texts(message.id)[0] not in known
    ]
    return found


def placeholder_faults(message: Message, translated: Message) -> list[str]:
    """Each text must name what the English one names; a plural may leave out the count."""
    wanted = {name for text in texts(message.id) for name in PLACEHOLDER.findall(text)}
    found = []
    for text in texts(translated.string):
        named = set(PLACEHOLDER.findall(text))
        optional = {"%(num)s"} if len(texts(message.id)) > 1 else set()
        if not (wanted - optional <= named <= wanted):
            found.append(f"placeholders differ: {texts(message.id)[0]!r} and {text!r}")
    return found


def check() -> int:
    template = ROOT / "var" / "check.pot"
    template.parent.mkdir(exist_ok=True)
    extract(template)
    wanted = read(template)
    count = 0
    for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        for fault in faults(wanted, read(path)):
            print(f"{path.relative_to(ROOT)}: {fault}")
            count += 1
    messages = sum(1 for message in wanted if message.id)
    print(f"{messages} messages, {count} faults in the catalogues.")
    return 1 if count else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    elif sys.argv[1:] == ["check"]:
        sys.exit(check())
    else:
        sys.exit("use: catalogues.py update | check")
