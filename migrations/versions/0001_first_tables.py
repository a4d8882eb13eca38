"""The first tables: providers, corridors, services, prices, mid rates, evidence, the survey.

Safe with the previous release running: there was none. Undoing it drops everything, so take a
backup first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001_first_tables"
down_revision = None
branch_labels = None
depends_on = None

EXACT = sa.Numeric().with_variant(sa.String(60), "sqlite")
"""Exact decimals: SQLite's own NUMERIC is a binary float, so it keeps them as text."""


def upgrade() -> None:
    op.create_table(
        "corridor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("send_country", sa.String(length=2), nullable=False),
        sa.Column("send_currency", sa.String(length=3), nullable=False),
        sa.Column("receive_country", sa.String(length=2), nullable=False),
        sa.Column("receive_currency", sa.String(length=3), nullable=False),
        sa.Column("board_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corridor")),
        sa.UniqueConstraint(
            "send_country",
            "send_currency",
            "receive_country",
            "receive_currency",
            name="uq_corridor_between",
        ),
    )
    op.create_table(
        "evidence",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_evidence")),
    )
    op.create_table(
        "mid_reading",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("rate", EXACT, nullable=False),
        sa.PrimaryKeyConstraint("source", "currency", "observed_at", name=op.f("pk_mid_reading")),
    )
    op.create_index(
        "ix_mid_reading_currency_observed_at",
        "mid_reading",
        ["currency", "observed_at"],
        unique=False,
    )
    op.create_table(
        "provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("licence", sa.String(40), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("slug", name=op.f("uq_provider_slug")),
    )
    op.create_table(
        "survey_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_survey_file_sha256")),
    )
    op.create_table(
        "provider_alias",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_provider_alias_provider_id")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_provider_alias")),
    )
    op.create_index(
        op.f("ix_provider_alias_provider_id"), "provider_alias", ["provider_id"], unique=False
    )
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("corridor_id", sa.Integer(), nullable=False),
        sa.Column("payment_instruments", sa.String(120), nullable=False),
        sa.Column("access_points", sa.String(120), nullable=False),
        sa.Column("pickup_methods", sa.String(120), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corridor_id"], ["corridor.id"], name=op.f("fk_service_corridor_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_service_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint(
            "provider_id",
            "corridor_id",
            "payment_instruments",
            "access_points",
            "pickup_methods",
            "variant",
            name="uq_service_identity",
        ),
    )
    op.create_index(op.f("ix_service_corridor_id"), "service", ["corridor_id"], unique=False)
    op.create_table(
        "survey_refusal",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("send_country", sa.String(length=2), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["survey_file.id"], name=op.f("fk_survey_refusal_file_id")
        ),
        sa.PrimaryKeyConstraint("file_id", "sheet", "row", name=op.f("pk_survey_refusal")),
    )
    op.create_table(
        "survey_service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("send_country", sa.String(length=2), nullable=False),
        sa.Column("receive_country", sa.String(length=2), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("firm_types", sa.String(120), nullable=False),
        sa.Column("payment_instruments", sa.String(120), nullable=False),
        sa.Column("access_points", sa.String(120), nullable=False),
        sa.Column("pickup_methods", sa.String(120), nullable=False),
        sa.Column("speed", sa.String(40), nullable=True),
        sa.Column("coverage", sa.String(40), nullable=True),
        sa.Column("transparent", sa.Boolean(), nullable=False),
        sa.Column("surveyed_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("sent_200", EXACT, nullable=True),
        sa.Column("fee_200", EXACT, nullable=True),
        sa.Column("margin_200", EXACT, nullable=True),
        sa.Column("sent_500", EXACT, nullable=True),
        sa.Column("fee_500", EXACT, nullable=True),
        sa.Column("margin_500", EXACT, nullable=True),
        sa.Column("raw_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["survey_file.id"], name=op.f("fk_survey_service_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_survey_service_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_service")),
    )
    op.create_index("ix_survey_service_file_id", "survey_service", ["file_id"], unique=False)
    op.create_index(
        "ix_survey_service_send_country_period",
        "survey_service",
        ["send_country", "period"],
        unique=False,
    )
    op.create_table(
        "quote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung", EXACT, nullable=False),
        sa.Column("paid", EXACT, nullable=False),
        sa.Column("fee", EXACT, nullable=False),
        sa.Column("received", EXACT, nullable=False),
        sa.Column("rate", EXACT, nullable=False),
        sa.Column("slack", EXACT, nullable=False),
        sa.Column("derived", sa.String(120), nullable=False),
        sa.Column("promotion_rate", EXACT, nullable=True),
        sa.Column("promotion_fee", EXACT, nullable=True),
        sa.Column("promotion_received", EXACT, nullable=True),
        sa.Column("promotion_terms", sa.String(length=500), nullable=True),
        sa.Column("speed", sa.String(40), nullable=True),
        sa.Column("coverage", sa.String(40), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("precision", sa.String(40), nullable=False),
        sa.Column("mid_rate", EXACT, nullable=False),
        sa.Column("mid_sources", sa.String(length=200), nullable=False),
        sa.Column("mid_observed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["evidence"], ["evidence.sha256"], name=op.f("fk_quote_evidence")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_quote_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
    )
    op.create_index(op.f("ix_quote_service_id"), "quote", ["service_id"], unique=False)
    op.create_table(
        "board",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("rung", EXACT, nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column("paid", EXACT, nullable=False),
        sa.Column("fee", EXACT, nullable=False),
        sa.Column("received", EXACT, nullable=False),
        sa.Column("rate", EXACT, nullable=False),
        sa.Column("slack", EXACT, nullable=False),
        sa.Column("derived", sa.String(120), nullable=False),
        sa.Column("promotion_rate", EXACT, nullable=True),
        sa.Column("promotion_fee", EXACT, nullable=True),
        sa.Column("promotion_received", EXACT, nullable=True),
        sa.Column("promotion_terms", sa.String(length=500), nullable=True),
        sa.Column("speed", sa.String(40), nullable=True),
        sa.Column("coverage", sa.String(40), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("precision", sa.String(40), nullable=False),
        sa.Column("mid_rate", EXACT, nullable=False),
        sa.Column("mid_sources", sa.String(length=200), nullable=False),
        sa.Column("mid_observed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["evidence"], ["evidence.sha256"], name=op.f("fk_board_evidence")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_board_quote_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_board_service_id")),
        sa.PrimaryKeyConstraint("service_id", "rung", name=op.f("pk_board")),
    )
    op.create_index(op.f("ix_board_quote_id"), "board", ["quote_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_board_quote_id"), table_name="board")
    op.drop_table("board")
    op.drop_index(op.f("ix_quote_service_id"), table_name="quote")
    op.drop_table("quote")
    op.drop_index("ix_survey_service_send_country_period", table_name="survey_service")
    op.drop_index("ix_survey_service_file_id", table_name="survey_service")
    op.drop_table("survey_service")
    op.drop_table("survey_refusal")
    op.drop_index(op.f("ix_service_corridor_id"), table_name="service")
    op.drop_table("service")
    op.drop_index(op.f("ix_provider_alias_provider_id"), table_name="provider_alias")
    op.drop_table("provider_alias")
    op.drop_table("survey_file")
    op.drop_table("provider")
    op.drop_index("ix_mid_reading_currency_observed_at", table_name="mid_reading")
    op.drop_table("mid_reading")
    op.drop_table("evidence")
    op.drop_table("corridor")
