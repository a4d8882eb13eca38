"""A lab whose answers carry a token and a cookie, and a look for them in all that was kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import zstandard
from sqlalchemy import select

from app.db.engine import Database
from app.db.models import Base
from tests.lab.listening import Deed
from tests.lab.server import Lab
from tests.lab.wire import LabReply, LabRequest

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJndWVzdCI6InBsYW50ZWQifQ.c2lnbmF0dXJlLXBsYW50ZWQ"  # noqa: S105 - nobody\'s
COOKIE = "session=planted-cookie-4711"
SECRETS = (TOKEN.encode(), TOKEN.split(".")[1].encode(), b"planted-cookie-4711")


class PlantingLab(Lab):
    """Every JSON object has a guest's token in it, and every answer comes with a cookie.

    `then` is done once, before the request after next `soon` ones is answered."""

    soon = 0
    then: Callable[[], None] | None = None

    def deed(self, request: LabRequest, connection: int) -> Deed:
        deed = super().deed(request, connection)
        with self._lock:
            self.soon -= 1
            do, self.then = (self.then, None) if self.soon < 0 else (None, self.then)
        if do is not None:
            do()
        return replace(deed, reply=planted(deed.reply)) if request.host else deed


def planted(reply: LabReply) -> LabReply:
    headers = {**reply.headers, "Set-Cookie": COOKIE, "X-Guest-Token": TOKEN}
    body = reply.body
    if body.startswith(b"{") and len(body) > len(b"{}"):
        body = b'{"guestSession":"' + TOKEN.encode() + b'",' + body[1:]
    return replace(reply, body=body, headers=headers)


def secrets_kept(database: Database) -> list[str]:
    """Where a planted secret is found in the database, in words."""
    return [
        f"{secret.decode()[:20]}... in {place}"
        for place, content in everything(database)
        for secret in SECRETS
        if secret in content
    ]


def everything(database: Database) -> Iterator[tuple[str, bytes]]:
    """Each value of each row of each table, unpacked; and where it stands."""
    with database.reading() as session:
        for name, table in Base.metadata.tables.items():
            for row in session.execute(select(table)).mappings():
                for column, value in row.items():
                    content = value if isinstance(value, bytes) else str(value).encode()
                    if name == "evidence" and column == "body" and row["packed"]:
                        content = zstandard.decompress(content)
                    yield f"{name}.{column}", content
