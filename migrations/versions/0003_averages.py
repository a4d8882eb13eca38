"""Averages of the survey, a corridor and a round each; the history found by amount and time.

Safe with the previous release running: it does not look at what is new, and what it asked of the
old index the new one answers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003_averages"
down_revision = "0002_collecting"
branch_labels = None
depends_on = None

EXACT = sa.Numeric().with_variant(sa.String(60), "sqlite")


def upgrade() -> None:
    op.create_table(
        "average",
        sa.Column("send_country", sa.String(2), nullable=False),
        sa.Column("receive_country", sa.String(2), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("percent", EXACT, nullable=False),
        sa.Column("services", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "send_country", "receive_country", "period", "basis", name=op.f("pk_average")
        ),
    )
    op.create_index(
        "ix_quote_service_id_rung_last_seen_observed_at",
        "quote",
        ["service_id", "rung", "last_seen", "observed_at"],
    )
    op.drop_index("ix_quote_service_id", table_name="quote")


def downgrade() -> None:
    op.create_index("ix_quote_service_id", "quote", ["service_id"])
    op.drop_index("ix_quote_service_id_rung_last_seen_observed_at", table_name="quote")
    op.drop_table("average")
