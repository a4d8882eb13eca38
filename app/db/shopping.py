"""Mystery shopping: samples, the tasks in them, and what people were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.db import shopping_frame
from app.db.accounts import AccountRow
from app.db.corridors import CorridorRow
from app.db.providers import ProviderRow
from app.db.services import ServiceRow
from app.db.shopping_rows import ResultRow, SampleRow, TaskRow, result_of
from app.domain.corridor import Corridor
from app.domain.money import Money
from app.domain.service import Service
from app.domain.shopping import Result
from app.domain.shopping_sample import Candidate, Risk


@dataclass(frozen=True, slots=True)
class Sample:
    id: int
    quarter: str
    seed: str
    size: int
    drawn_at: datetime
    drawn_by: str
    candidates: list[Candidate]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a result: `number` counts from 1; `by` is the name of who filled it in."""

    number: int
    at: datetime
    by: str
    result: Result


@dataclass(frozen=True, slots=True)
class Task:
    """One service to shop. researcher: number and name of who has it, None if nobody does;
    newest: the version of its result that stands, None as long as there is none."""

    id: int
    sample_id: int
    quarter: str
    place: int
    service_id: int
    service: Service
    provider_name: str
    rung: Money
    risks: frozenset[Risk]
    drawn_at: datetime
    researcher: tuple[int, str] | None
    begun_at: datetime | None
    newest: Version | None

    @property
    def corridor(self) -> Corridor:
        return self.service.corridor


def sample_of(row: SampleRow, by: str | None) -> Sample:
    frame = shopping_frame.read(row.frame)
    return Sample(row.id, row.quarter, row.seed, row.size, row.drawn_at, by or "", frame)


def samples(session: Session) -> list[Sample]:
    """Newest first."""
    rows = session.execute(
        select(SampleRow, AccountRow.name)
        .outerjoin(AccountRow, AccountRow.id == SampleRow.drawn_by)
        .order_by(SampleRow.id.desc())
    )
    return [sample_of(row, name) for row, name in rows]


def in_quarter(session: Session, quarter: str) -> frozenset[int]:
    """Services that were drawn in a quarter already."""
    return frozenset(session.scalars(select(TaskRow.service_id).where(TaskRow.quarter == quarter)))


def tasks(session: Session, quarter: str | None = None) -> list[Task]:
    """Of a quarter or of all, in the order in which they were drawn."""
    asked = _tasks().order_by(TaskRow.sample_id, TaskRow.place)
    if quarter is not None:
        asked = asked.where(TaskRow.quarter == quarter)
    return _made(session, asked)


def find_task(session: Session, number: int) -> Task | None:
    found = _made(session, _tasks().where(TaskRow.id == number))
    return found[0] if found else None


def tasks_of_provider(session: Session, slug: str) -> list[Task]:
    return _made(session, _tasks().where(ProviderRow.slug == slug).order_by(TaskRow.id))


def _tasks() -> Select[TaskRow, ServiceRow, CorridorRow, ProviderRow, datetime, str]:
    return (
        select(TaskRow, ServiceRow, CorridorRow, ProviderRow, SampleRow.drawn_at, AccountRow.name)
        .join(SampleRow, SampleRow.id == TaskRow.sample_id)
        .join(ServiceRow, ServiceRow.id == TaskRow.service_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .outerjoin(AccountRow, AccountRow.id == TaskRow.researcher_id)
        .execution_options(populate_existing=True)
    )


def _made(
    session: Session, asked: Select[TaskRow, ServiceRow, CorridorRow, ProviderRow, datetime, str]
) -> list[Task]:
    rows = session.execute(asked).all()
    corridors = {row.id: corridor.corridor() for row, _service, corridor, *_ in rows}
    known = _versions(session, corridors)
    return [
        Task(
            id=row.id,
            sample_id=row.sample_id,
            quarter=row.quarter,
            place=row.place,
            service_id=row.service_id,
            service=service.service(firm.slug, corridors[row.id]),
            provider_name=firm.name,
            rung=Money(row.rung, corridor.send_currency),
            risks=frozenset(row.risks),
            drawn_at=drawn_at,
            researcher=(row.researcher_id, name or "") if row.researcher_id else None,
            begun_at=row.begun_at,
            newest=known[row.id][-1] if row.id in known else None,
        )
        for row, service, corridor, firm, drawn_at, name in rows
    ]


def versions(session: Session, task: Task) -> list[Version]:
    """All of a task's result, oldest first."""
    return _versions(session, {task.id: task.corridor}).get(task.id, [])


def _versions(session: Session, corridors: dict[int, Corridor]) -> dict[int, list[Version]]:
    """By number of the task, oldest first."""
    rows = session.execute(
        select(ResultRow, AccountRow.name)
        .outerjoin(AccountRow, AccountRow.id == ResultRow.by_id)
        .where(ResultRow.task_id.in_(corridors))
        .order_by(ResultRow.task_id, ResultRow.version)
    )
    found: dict[int, list[Version]] = {}
    for row, name in rows:
        made = result_of(row, corridors[row.task_id])
        found.setdefault(row.task_id, []).append(Version(row.version, row.at, name or "", made))
    return found
