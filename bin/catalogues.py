"""The catalogues of translations: "messages" for readers' pages, in every language, and "work" for
the portal, the desk, the way in and mails, in Dutch.

    update                      bring them up to date with the code
    missing LANGUAGE [DOMAIN]   print what is not translated yet, as JSON: message -> ""; or, if it
                                counts something, a list with a text for each plural form
    fill LANGUAGE FILE [DOMAIN] put the translations of such a JSON file in their place
    check                       fail unless all are whole

Messages are written in English in code and templates. A catalogue is whole if it has every one
of them, translated, with the same placeholders, and none that is no longer used.

SAME lists the few that a language writes as English does: any other that is identical was not
translated.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "app" / "web" / "translations"
FOLDERS = {"messages": TRANSLATIONS, "work": ROOT / "app" / "web" / "work" / "translations"}
MAPPINGS = {"messages": "babel.cfg", "work": "babel-work.cfg"}
PLACEHOLDER = re.compile(r"%\(\w+\)s")
STRAY = re.compile(r"(?<!%)%(?![(%])")
"""A percent sign in a message: with the letter after it, it can be taken for a placeholder."""

SAME = {
    "Central Money Exchange, Suriname": ("fr", "nl", "pt", "so"),  # the name of a firm
    "Menu": ("fr", "nl", "pl", "pt"),
    "Open data": ("nl",),
    "Source": ("fr",),
    "bank": ("nl", "pl"),
    "no": ("es",),
    "variant %(number)s": ("nl",),
    "via %(name)s": ("fr", "nl", "pt"),
    "%(num)s firm": ("pl",),  # many of them, in the genitive
}
"""Message -> languages in which it is the same, letter by letter."""

SAME_AT_WORK = frozenset(
    (
        *("Accounts", "Bank", "Banner", "Budget", "Code", "Filter", "Flyer", "Later", "Link"),
        *("Open", "Partner", "Radio", "Sector", "Site", "Status", "Website", "Week", "moderator"),
        *("open", "%(size)s bytes"),
    )
)
"""Of the portal and the desk, what Dutch writes as English does."""


def pybabel(*arguments: str) -> None:
    command = [str(Path(sys.executable).parent / "pybabel"), "--quiet", *arguments]
    subprocess.run(command, cwd=ROOT, check=True)


def extract(target: Path, domain: str = "messages") -> None:
    keywords = ["-k", "_", "-k", "gettext", "-k", "lazy_gettext", "-k", "ngettext:1,2"]
    pybabel("extract", "-F", MAPPINGS[domain], *keywords, "--no-wrap", "--sort-output",
            "--no-location", "--project=Huiswaarts", "-o", str(target), ".")  # fmt: skip


def update() -> None:
    for domain, folder in FOLDERS.items():
        template = ROOT / "var" / f"{domain}.pot"
        template.parent.mkdir(exist_ok=True)
        extract(template, domain)
        pybabel("update", "-i", str(template), "-d", str(folder), "-D", domain, "--no-wrap",
                "--no-fuzzy-matching", "--ignore-obsolete",
                "--ignore-pot-creation-date")  # fmt: skip


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
            found += english_faults(message, translated, str(have.locale))
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


def english_faults(message: Message, translated: Message, language: str) -> list[str]:
    """Each text that stands as it was in English, if it has words and is no known coincidence."""
    key = texts(message.id)[0]
    if language in SAME.get(key, ()) or (language == "nl" and key in SAME_AT_WORK):
        return []
    return [
        f"still English: {text!r}"
        for text in dict.fromkeys(texts(translated.string))
        if text in texts(message.id) and re.search(r"[a-z]", PLACEHOLDER.sub("", text))
    ]


def stray_signs(wanted: Catalog) -> list[str]:
    """Messages with a percent sign of their own: let a placeholder bring it."""
    return [
        f"a percent sign that is no placeholder: {text!r}"
        for message in wanted
        if message.id
        for text in texts(message.id)
        if STRAY.search(text)
    ]


def check() -> int:
    count = sum(check_domain(domain) for domain in FOLDERS)
    return 1 if count else 0


def check_domain(domain: str) -> int:
    """How many faults the catalogues of a domain have."""
    template = ROOT / "var" / f"check-{domain}.pot"
    template.parent.mkdir(exist_ok=True)
    extract(template, domain)
    wanted = read(template)
    count = len(stray_signs(wanted))
    print(*stray_signs(wanted), sep="\n", end="\n" if count else "")
    for path in sorted(FOLDERS[domain].glob(f"*/LC_MESSAGES/{domain}.po")):
        for fault in faults(wanted, read(path)):
            print(f"{path.relative_to(ROOT)}: {fault}")
            count += 1
    messages = sum(1 for message in wanted if message.id)
    print(f"{domain}: {messages} messages, {count} faults in the catalogues.")
    return count


def path_of(language: str, domain: str) -> Path:
    return FOLDERS[domain] / language / "LC_MESSAGES" / f"{domain}.po"


def missing(language: str, domain: str) -> None:
    catalogue = read(path_of(language, domain))
    wanted: dict[str, str | list[str]] = {}
    for message in catalogue:
        if message.id and not all(texts(message.string)):
            forms = [""] * catalogue.num_plurals
            wanted[texts(message.id)[0]] = forms if message.pluralizable else ""
    json.dump(wanted, sys.stdout, ensure_ascii=False, indent=1)


def fill(language: str, file: str, domain: str) -> int:
    """Nothing is written if anything is wrong with the translations."""
    catalogue = read(path_of(language, domain))
    given = json.loads(Path(file).read_text("utf-8"))
    count = 0
    for key, text in given.items():
        message = catalogue.get(key)
        if message is None:
            print(f"no such message: {key!r}")
        elif len(texts(text)) != (catalogue.num_plurals if message.pluralizable else 1):
            print(f"needs {catalogue.num_plurals} forms: {key!r}")
        else:
            message.string = tuple(text) if message.pluralizable else text
            faults = placeholder_faults(message, message)
            print(*faults, sep="\n", end="\n" if faults else "")
            count += not faults
    if count < len(given):
        return 1
    with path_of(language, domain).open("wb") as target:
        write_po(target, catalogue, width=0, sort_output=True, no_location=True)
    print(f"{count} translations.")
    return 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["check"]:
            sys.exit(check())
        case ["missing", language, *domain]:
            missing(language, *domain or ["messages"])
        case ["fill", language, file, *domain]:
            sys.exit(fill(language, file, *domain or ["messages"]))
        case _:
            sys.exit(__doc__)
