"""Evidence: the raw reply behind a price, kept under its own hash; tokens are cut out first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import zstandard
from sqlalchemy import LargeBinary, String, Text, and_, delete, false, select, text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from app.db.base import Base, batched
from app.db.engine import take_turn
from app.domain.foreign import tidy

LONGEST_TITLE, LONGEST_TYPE, LONGEST_FAILED, LONGEST_LINES = 300, 80, 500, 20_000
"""Signs; what is beyond them is cut."""

SMALL = 400
"""Bytes: rows of a survey are not worth packing."""

PACKING = 10
"""Zstandard's level: a reply is packed once and read seldom."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """source: its slug; title: where it stands in what was published; read_at: aware UTC.

    request  what was asked: method, address, headers and body, a line each; "" for a file
    status   of the reply; None for a file, or where no answer came
    headers  of the reply, a line each
    failed   what was wrong with it; "" for nothing
    """

    source: str
    title: str
    media_type: str
    body: bytes
    read_at: datetime
    request: str = ""
    status: int | None = None
    headers: str = ""
    failed: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class EvidenceRow(Base):
    __tablename__ = "evidence"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    media_type: Mapped[str] = mapped_column(String(LONGEST_TYPE))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    read_at: Mapped[datetime]
    request: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    status: Mapped[int | None]
    headers: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    failed: Mapped[str] = mapped_column(
        String(LONGEST_FAILED), default="", server_default=text("''")
    )
    packed: Mapped[bool] = mapped_column(default=False, server_default=false())


def add_evidence(session: Session, pieces: Iterable[Evidence]) -> None:
    """Keep each piece once, however often it is seen, and by however many at the same time."""
    take_turn(session)
    for some in batched(pieces):
        wanted = {piece.sha256: piece for piece in some}
        known = session.scalars(select(EvidenceRow.sha256).where(EvidenceRow.sha256.in_(wanted)))
        for sha256 in known.all():
            del wanted[sha256]
        for sha256, piece in wanted.items():
            session.add(
                EvidenceRow(
                    sha256=sha256,
                    source=piece.source,
                    title=tidy(piece.title, LONGEST_TITLE),
                    media_type=tidy(piece.media_type, LONGEST_TYPE),
                    body=_packed(piece.body),
                    read_at=piece.read_at,
                    request=tidy(piece.request, LONGEST_LINES),
                    status=piece.status,
                    headers=tidy(piece.headers, LONGEST_LINES),
                    failed=tidy(piece.failed, LONGEST_FAILED),
                    packed=len(piece.body) > SMALL,
                )
            )
        session.flush()


def find_evidence(session: Session, sha256: str) -> Evidence | None:
    row = session.get(EvidenceRow, sha256)
    if row is None:
        return None
    return Evidence(
        row.source,
        row.title,
        row.media_type,
        zstandard.decompress(row.body) if row.packed else row.body,
        row.read_at,
        row.request,
        row.status,
        row.headers,
        row.failed,
    )


def drop_unneeded(
    session: Session, before: datetime, keepers: Iterable[InstrumentedAttribute[str]]
) -> int:
    """Forget replies read before then, but for those that a keeper refers to. How many."""
    unneeded = and_(*(EvidenceRow.sha256.not_in(select(one)) for one in keepers))
    gone = session.scalars(
        delete(EvidenceRow)
        .where(EvidenceRow.read_at < before, unneeded)
        .returning(EvidenceRow.sha256)
    )
    return len(gone.all())


def _packed(body: bytes) -> bytes:
    return zstandard.compress(body, PACKING) if len(body) > SMALL else body
