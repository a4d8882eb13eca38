"""What readers report as wrong, and what came of it.

Safe with the previous release running: it adds a table. Undoing it drops every report.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_reports"
down_revision = "0003_averages"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("price_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.String(300), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("seen", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["price_id"], ["quote.id"], name=op.f("fk_report_price_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_report_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("report")
