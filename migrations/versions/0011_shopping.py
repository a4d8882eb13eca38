"""Mystery shopping, and adverts with the switch that keeps them off.

Safe with the previous release running: it adds tables. Undoing it drops every sample, every result
and every advert.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011_shopping"
down_revision = "0010_content"
branch_labels = None
depends_on = None

EXACT = sa.Numeric().with_variant(sa.String(60), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _samples()
    _results()
    _adverts()


def _samples() -> None:
    op.create_table(
        "shopping_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(7), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("drawn_at", TIME, nullable=False),
        sa.Column("drawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["drawn_by"], ["account.id"], name=op.f("fk_shopping_sample_drawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shopping_sample")),
    )
    op.create_index("ix_shopping_sample_quarter", "shopping_sample", ["quarter"])
    op.create_table(
        "shopping_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(7), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("rung", EXACT, nullable=False),
        sa.Column("risks", sa.String(120), nullable=False),
        sa.Column("researcher_id", sa.Integer(), nullable=True),
        sa.Column("begun_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["shopping_sample.id"], name=op.f("fk_shopping_task_sample_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_shopping_task_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["researcher_id"], ["account.id"], name=op.f("fk_shopping_task_researcher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shopping_task")),
        sa.UniqueConstraint(
            "quarter", "service_id", name=op.f("uq_shopping_task_quarter_service_id")
        ),
    )
    op.create_index("ix_shopping_task_sample_id", "shopping_task", ["sample_id"])
    op.create_index("ix_shopping_task_researcher_id", "shopping_task", ["researcher_id"])


def _shown(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("price_id", sa.Integer(), nullable=True),
        *(
            sa.Column(f"shown_{name}", EXACT, nullable=True)
            for name in ("paid", "fee", "received", "rate")
        ),
        sa.Column("shown_source", sa.String(40), nullable=True),
        sa.Column("shown_origin", sa.String(40), nullable=True),
        sa.Column("shown_read_at", TIME, nullable=True),
        sa.Column("shown_via", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["price_id"], ["quote.id"], name=op.f(f"fk_{table}_price_id")),
    )


def _results() -> None:
    op.create_table(
        "shopping_begun",
        sa.Column("task_id", sa.Integer(), nullable=False),
        *_shown("shopping_begun"),
        sa.ForeignKeyConstraint(
            ["task_id"], ["shopping_task.id"], name=op.f("fk_shopping_begun_task_id")
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_shopping_begun")),
    )
    op.create_table(
        "shopping_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("heard", sa.String(40), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("bought", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, EXACT, nullable=True)
            for name in ("paid", "fee", "received", "rate", "receiver_charge")
        ),
        sa.Column("speed", sa.String(40), nullable=True),
        sa.Column("access_points", sa.String(120), nullable=False),
        sa.Column("pickup_methods", sa.String(120), nullable=False),
        sa.Column("coverage", sa.String(40), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        *_shown("shopping_result"),
        sa.ForeignKeyConstraint(
            ["task_id"], ["shopping_task.id"], name=op.f("fk_shopping_result_task_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_shopping_result_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shopping_result")),
        sa.UniqueConstraint("task_id", "version", name=op.f("uq_shopping_result_task_id_version")),
    )
    op.create_table(
        "shopping_receipt",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["shopping_task.id"], name=op.f("fk_shopping_receipt_task_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_shopping_receipt")),
    )
    op.create_index("ix_shopping_receipt_task_id", "shopping_receipt", ["task_id"])


def _adverts() -> None:
    op.create_table(
        "advert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("advertiser", sa.String(120), nullable=False),
        sa.Column("sector", sa.String(40), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("text", sa.String(240), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("languages", sa.String(60), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("paid", EXACT, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", TIME, nullable=True),
        sa.Column("stopped_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_advert_made_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_advert_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advert")),
    )
    op.create_table(
        "advert_switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_advert_switch_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advert_switch")),
    )


def downgrade() -> None:
    for table in (
        *("advert_switch", "advert", "shopping_receipt", "shopping_result", "shopping_begun"),
        *("shopping_task", "shopping_sample"),
    ):
        op.drop_table(table)
