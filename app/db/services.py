"""Services: what makes two prices prices of the same thing."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, Words
from app.db.corridors import CorridorRow, add_corridor, is_corridor
from app.db.providers import ProviderRow, ids_by_slug
from app.domain.corridor import Corridor
from app.domain.provider import Provider
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Service


class ServiceRow(Base):
    """Its speed and reach may change, so those stand with each price."""

    __tablename__ = "service"
    __table_args__ = (
        UniqueConstraint(
            "provider_id",
            "corridor_id",
            "payment_instruments",
            "access_points",
            "pickup_methods",
            "variant",
            "pay_in",
            name="uq_service_identity",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    corridor_id: Mapped[int] = mapped_column(ForeignKey("corridor.id"), index=True)
    payment_instruments: Mapped[tuple[PaymentInstrument, ...]] = mapped_column(
        Words(PaymentInstrument)
    )
    access_points: Mapped[tuple[AccessPoint, ...]] = mapped_column(Words(AccessPoint))
    pickup_methods: Mapped[tuple[PickupMethod, ...]] = mapped_column(Words(PickupMethod))
    variant: Mapped[int]
    pay_in: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))

    def service(self, provider: str, corridor: Corridor) -> Service:
        return Service(
            provider,
            corridor,
            self.payment_instruments,
            self.access_points,
            self.pickup_methods,
            self.variant,
            self.pay_in,
        )


def whose(session: Session, service_id: int) -> tuple[Provider, Corridor] | None:
    """Whose service it is, and on which corridor; None if there is no such service."""
    row = session.execute(
        select(ProviderRow, CorridorRow)
        .join(ServiceRow, ServiceRow.provider_id == ProviderRow.id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .where(ServiceRow.id == service_id)
    ).one_or_none()
    return (row[0].provider(), row[1].corridor()) if row else None


def find_service(session: Session, service_id: int) -> Service:
    """Of a service that is there; without its speed and reach, which stand with each price."""
    row, slug, corridor = session.execute(
        select(ServiceRow, ProviderRow.slug, CorridorRow)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .where(ServiceRow.id == service_id)
    ).one()
    return row.service(slug, corridor.corridor())


def corridors_of_provider(session: Session, provider_id: int) -> set[int]:
    """Numbers of the corridors that it has services on."""
    served = select(ServiceRow.corridor_id).where(ServiceRow.provider_id == provider_id)
    return set(session.scalars(served))


def services_on(session: Session, corridor: Corridor, provider: str) -> dict[int, Service]:
    """Those that a provider has, or once had, on a corridor, by number."""
    rows = session.scalars(
        select(ServiceRow)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .where(*is_corridor(corridor), ProviderRow.slug == provider)
    )
    return {row.id: row.service(provider, corridor) for row in rows}


def add_services(
    session: Session, corridor: Corridor, services: list[Service]
) -> dict[Service, int]:
    """The id of each service of one corridor, those that are new added."""
    providers = ids_by_slug(session, {service.provider for service in services})
    corridor_id = add_corridor(session, corridor).id
    known = _known(session, corridor, services)
    new = {service.identity: service for service in services if service.identity not in known}
    rows = {
        identity: ServiceRow(
            provider_id=providers[service.provider],
            corridor_id=corridor_id,
            payment_instruments=service.payment_instruments,
            access_points=service.access_points,
            pickup_methods=service.pickup_methods,
            variant=service.variant,
            pay_in=service.pay_in,
        )
        for identity, service in new.items()
    }
    session.add_all(rows.values())
    session.flush()
    known |= {identity: row.id for identity, row in rows.items()}
    return {service: known[service.identity] for service in services}


def _known(
    session: Session, corridor: Corridor, services: list[Service]
) -> dict[tuple[object, ...], int]:
    """The ids of those that are there already."""
    rows = session.execute(
        select(ServiceRow, ProviderRow.slug)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .where(
            *is_corridor(corridor),
            ProviderRow.slug.in_({service.provider for service in services}),
            ServiceRow.variant.in_({service.variant for service in services}),
        )
    )
    return {row.service(slug, corridor).identity: row.id for row, slug in rows}
