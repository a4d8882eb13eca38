"""Every word of the portal, the desk and the way in comes through the catalogue.

As tests/web/test_pseudo.py reads readers' pages: in a made-up language that has each message
between brackets. What others wrote, and what our own code says in English to be marked as such
(`lang="en"`), stands outside them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog

from app.domain.account import Role
from app.web.access import Audience
from tests.matrix.cells import Actor, actors, send
from tests.matrix.routes import Route, closed_routes
from tests.matrix.tenants import stock
from tests.messages import OPEN, catalogues, extracted, write_pseudo
from tests.tables import dump
from tests.web.test_pseudo import CODE, VOID, WORD, Visible, names
from tests.work import Workplace

__all__ = ["names"]

NOT_OURS = ("bdi", "code", "pre", "option")
"""What others wrote, names of acts, raw replies, and choices that are names."""

DATA = ["CSV", "UTC", "TOTP", "IBAN", "SVG", "PNG", "API", "PDF", "Atom", "flask --app wsgi"]
"""What has the same name everywhere."""

OF_CLDR = re.compile(r"[0-9]+ (seconden|minuten|minuut|uur|dagen|dag) geleden|Tsjechische kronen")
SECRETS = re.compile(r"[A-Z2-7]{32}")


class Words(Visible):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        foreign = tag in NOT_OURS or (tag != "html" and "lang" in given)
        if tag not in VOID and (self._raw or foreign):
            self._raw.append(tag)
            return
        super().handle_starttag(tag, attrs)


@pytest.fixture(scope="module")
def folders(messages: Catalog, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Of the two made-up catalogues."""
    made = []
    for domain in ("messages", "work"):
        folder = tmp_path_factory.mktemp(domain)
        found = messages if domain == "messages" else extracted(folder, domain)
        write_pseudo(found, folder, "nl", domain)
        made.append(str(folder))
    return made


def pages(work: Workplace) -> Iterator[tuple[Actor, Route, str]]:
    """Every page of every subject, each for one who may see it."""
    everybody = {actor.role: actor for actor in actors(work) if actor.role}
    for route in closed_routes(work.app):
        if route.method == "GET" and route.audience in (
            Audience.DESK,
            Audience.PORTAL,
            Audience.SIGNED_IN,
        ):
            role = Role.PROVIDER if route.audience is Audience.PORTAL else Role.ADMINISTRATOR
            for address in route.addresses:
                yield everybody[role], route, address


def test_every_word_at_work_comes_through_the_catalogue(
    work: Workplace, folders: list[str], names: re.Pattern[str]
) -> None:
    work.app.extensions["babel"].translation_directories[:] = folders
    work.language = "nl"
    stock(work, work.account(Role.PROVIDER, provider="wise"))
    wanted = list(pages(work))
    kept = json.dumps(dump(work.database), default=str, ensure_ascii=False)
    found: dict[str, list[str]] = {}
    looked_at = 0
    for actor, route, address in wanted:
        answer = send(actor, route, address, **{"Accept-Language": "nl"})
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        looked_at += 1
        assert answer.text.count(OPEN) > 10, address
        words = ours(answer.text, names, kept)
        if words:
            found[address] = words
    assert looked_at > 30
    assert found == {}, "\n".join(f"{a}: {w}" for a, w in found.items())


def ours(html: str, names: re.Pattern[str], kept: str = "") -> list[str]:
    """Words outside brackets, but for texts that stand word for word in the database."""
    found = []
    for text in Words(html).loose:
        plain = text.removesuffix("· Huiswaarts").strip(" \n·,;:().")
        parts = [json.dumps(part, ensure_ascii=False)[1:-1] for part in plain.split(", ")]
        if all(part in kept for part in parts) or ", ".join(parts) in kept:
            continue
        loose = SECRETS.sub("", OF_CLDR.sub("", CODE.sub("", names.sub("", plain))))
        for known in DATA:
            loose = loose.replace(known, "")
        found += [f"{word} in {plain!r}" for word in WORD.findall(loose)]
    return found


def test_a_word_at_work_outside_brackets_is_found() -> None:
    nothing = re.compile("(?!)")
    assert ours("<p>⟦Fee⟧ and more</p>", nothing) == ["and in 'and more'", "more in 'and more'"]
    assert ours('<p lang="en">and more</p><td><bdi>Anna</bdi></td>', nothing) == []


def test_what_stays_english_at_work_is_needed() -> None:
    path = catalogues().path_of("nl", "work")
    have = catalogues().read(path)
    for key in catalogues().SAME_AT_WORK:
        found = have.get(key)
        assert found is not None, key
        assert key in catalogues().texts(found.string), key


def test_the_catalogue_of_portal_and_desk_is_whole() -> None:
    assert catalogues().check_domain("work") == 0
