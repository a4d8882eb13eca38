"""The messages of the site, and bin/catalogues.py, which keeps their translations whole."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from config import ROOT

OPEN, CLOSE = "⟦", "⟧"


@cache
def catalogues() -> ModuleType:
    """bin/catalogues.py, which is a script and no package."""
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "bin" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def extracted(folder: Path, domain: str = "messages") -> Catalog:
    """Every message in code and templates, as bin/catalogues.py finds them."""
    template = folder / f"{domain}.pot"
    catalogues().extract(template, domain)
    found: Catalog = catalogues().read(template)
    return found


def write_pseudo(messages: Catalog, folder: Path, lang: str, domain: str = "messages") -> None:
    """A compiled catalogue that has each message in brackets in place of a translation."""
    pseudo = Catalog(locale=lang)
    for message in messages:
        if message.id:
            texts = [message.id] if isinstance(message.id, str) else list(message.id)
            wrapped = [f"{OPEN}{text}{CLOSE}" for text in texts]
            flags = [flag for flag in message.flags if flag == "python-format"]
            string = wrapped[0] if len(wrapped) == 1 else tuple(wrapped)
            pseudo.add(message.id, string, flags=flags, context=message.context)
    target = folder / lang / "LC_MESSAGES" / f"{domain}.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, pseudo)
