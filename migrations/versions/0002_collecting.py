"""Collecting: sources, runs, what was asked and held, licences, reach; fuller prices and evidence.

Safe with the previous release running: it adds tables, and columns that have a default. Undoing it
drops what was collected about sources; services that differ only in how they are paid lose their
prices, for the older release cannot tell them apart.
"""

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "0002_collecting"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None

EXACT = sa.Numeric().with_variant(sa.String(60), "sqlite")
TIME = sa.DateTime(timezone=True)
IDENTITY = (
    "provider_id",
    "corridor_id",
    "payment_instruments",
    "access_points",
    "pickup_methods",
    "variant",
)


def upgrade() -> None:
    _sources()
    _questions()
    _reach()
    for table in ("board", "quote"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(
                sa.Column("via", sa.String(40), server_default=sa.text("''"), nullable=False)
            )
            minutes = sa.Column("fresh_minutes", sa.Integer(), server_default="20", nullable=False)
            batch.add_column(minutes)
            batch.add_column(sa.Column("schedule", sa.Text(), nullable=True))
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(
            sa.Column("request", sa.Text(), server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("status", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("headers", sa.Text(), server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(
            sa.Column("failed", sa.String(500), server_default=sa.text("''"), nullable=False)
        )
        unpacked = sa.false()
        batch.add_column(sa.Column("packed", sa.Boolean(), server_default=unpacked, nullable=False))
    with op.batch_alter_table("service") as batch:
        batch.add_column(
            sa.Column("pay_in", sa.String(40), server_default=sa.text("''"), nullable=False)
        )
        batch.drop_constraint("uq_service_identity", type_="unique")
        batch.create_unique_constraint("uq_service_identity", [*IDENTITY, "pay_in"])


def downgrade() -> None:
    named = "SELECT id FROM service WHERE pay_in <> ''"
    for table, column in (
        ("board", "service_id"),
        ("held_quote", "service_id"),
        ("finding", "service_id"),
        ("quote", "service_id"),
        ("service", "id"),
    ):
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({named})")  # noqa: S608
    with op.batch_alter_table("service") as batch:
        batch.drop_constraint("uq_service_identity", type_="unique")
        batch.create_unique_constraint("uq_service_identity", list(IDENTITY))
        batch.drop_column("pay_in")
    for table in ("board", "quote"):
        with op.batch_alter_table(table) as batch:
            for column in ("schedule", "fresh_minutes", "via"):
                batch.drop_column(column)
    _unpack()
    with op.batch_alter_table("evidence") as batch:
        for column in ("packed", "failed", "headers", "status", "request"):
            batch.drop_column(column)
    tables = ("finding", "held_quote", "asked", "corridor_visit", "licence", "source_run", "source")
    for table in (*tables, "reach", "not_asked", "cycle"):
        op.drop_table(table)


def _unpack() -> None:
    """The older release reads replies as they are."""
    evidence = sa.table(
        "evidence",
        sa.column("sha256", sa.String),
        sa.column("body", sa.LargeBinary),
        sa.column("packed", sa.Boolean),
    )
    connection = op.get_bind()
    hashes = connection.scalars(sa.select(evidence.c.sha256).where(evidence.c.packed)).all()
    for sha256 in hashes:
        this = evidence.c.sha256 == sha256
        body = connection.scalar(sa.select(evidence.c.body).where(this))
        whole = zstandard.decompress(body or b"")
        connection.execute(sa.update(evidence).where(this).values(body=whole))


def _sources() -> None:
    op.create_table(
        "source",
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("site", sa.String(200), nullable=False),
        sa.Column("provider", sa.String(80), nullable=False),
        sa.Column("stance", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("per_hour", sa.Integer(), nullable=False),
        sa.Column("interval_minutes", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("last_try", TIME, nullable=True),
        sa.Column("last_success", TIME, nullable=True),
        sa.Column("trouble", sa.String(40), nullable=False),
        sa.Column("trouble_since", TIME, nullable=True),
        sa.Column("trouble_runs", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(500), nullable=False),
        sa.Column("blocked_until", TIME, nullable=True),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_source")),
    )
    op.create_table(
        "source_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("slot", TIME, nullable=False),
        sa.Column("claimed_by", sa.String(80), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("not_offered", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(40), nullable=False),
        sa.Column("said", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_run")),
        sa.UniqueConstraint("source", "slot", name="uq_source_run_slot"),
    )
    op.create_table(
        "cycle",
        sa.Column("slot", TIME, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("troubled", sa.Integer(), nullable=False),
        sa.Column("hung", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_cycle")),
    )


def _questions() -> None:
    op.create_table(
        "asked",
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("corridor_id", sa.Integer(), nullable=False),
        sa.Column("rung", EXACT, nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("same_mid", EXACT, nullable=True),
        sa.Column("stated_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["corridor_id"], ["corridor.id"], name=op.f("fk_asked_corridor_id")
        ),
        sa.PrimaryKeyConstraint("source", "corridor_id", "rung", name=op.f("pk_asked")),
    )
    op.create_table(
        "corridor_visit",
        sa.Column("corridor_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corridor_id"], ["corridor.id"], name=op.f("fk_corridor_visit_corridor_id")
        ),
        sa.PrimaryKeyConstraint("corridor_id", "day", name=op.f("pk_corridor_visit")),
    )
    op.create_table(
        "held_quote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("rung", EXACT, nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("paid", EXACT, nullable=False),
        sa.Column("fee", EXACT, nullable=False),
        sa.Column("received", EXACT, nullable=False),
        sa.Column("rate", EXACT, nullable=False),
        sa.Column("mid_rate", EXACT, nullable=False),
        sa.Column("stated_at", TIME, nullable=True),
        sa.Column("evidence", sa.String(64), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("over_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["evidence"], ["evidence.sha256"], name=op.f("fk_held_quote_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_held_quote_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_quote")),
    )
    op.create_index("ix_held_quote_service_id_rung", "held_quote", ["service_id", "rung"])
    op.create_table(
        "finding",
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("rung", EXACT, nullable=False),
        sa.Column("gate", sa.String(20), nullable=False),
        sa.Column("says", sa.String(500), nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_finding_service_id")),
        sa.PrimaryKeyConstraint("source", "service_id", "rung", "gate", name=op.f("pk_finding")),
    )


def _reach() -> None:
    op.create_table(
        "reach",
        sa.Column("send_country", sa.String(2), nullable=False),
        sa.Column("receive_country", sa.String(2), nullable=False),
        sa.Column("currencies", sa.String(80), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("send_country", "receive_country", name=op.f("pk_reach")),
    )
    op.create_table(
        "not_asked",
        sa.Column("provider", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_not_asked")),
    )
    op.create_table(
        "licence",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("register", sa.String(40), nullable=False),
        sa.Column("result", sa.String(20), nullable=False),
        sa.Column("holder", sa.String(300), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("countries", sa.String(300), nullable=False),
        sa.Column("authorised_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("checked_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_licence_provider_id")
        ),
        sa.PrimaryKeyConstraint("provider_id", "code", name=op.f("pk_licence")),
    )
