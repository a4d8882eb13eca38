"""Evidence: the raw reply behind a price, kept byte for byte under its own hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, batched

LONGEST_TITLE = 300
"""Signs; what is beyond them is cut."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """source: its slug; title: where it stands in what was published; read_at: aware UTC."""

    source: str
    title: str
    media_type: str
    body: bytes
    read_at: datetime

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class EvidenceRow(Base):
    __tablename__ = "evidence"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    media_type: Mapped[str] = mapped_column(String(80))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    read_at: Mapped[datetime]


def add_evidence(session: Session, pieces: Iterable[Evidence]) -> None:
    """Keep each piece once, however often it is seen."""
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
                    title=piece.title[:LONGEST_TITLE],
                    media_type=piece.media_type,
                    body=piece.body,
                    read_at=piece.read_at,
                )
            )
        session.flush()


def find_evidence(session: Session, sha256: str) -> Evidence | None:
    row = session.get(EvidenceRow, sha256)
    if row is None:
        return None
    return Evidence(row.source, row.title, row.media_type, row.body, row.read_at)
