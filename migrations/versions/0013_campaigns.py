"""Campaigns: their codes, and where each leads.

Safe with the previous release running: it adds a table. Undoing it drops every campaign.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013_campaigns"
down_revision = "0012_desk"
branch_labels = None
depends_on = None

EXACT = sa.Numeric().with_variant(sa.String(60), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("heard", sa.String(30), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", EXACT, nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("cost", EXACT, nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("code", name=op.f("uq_campaign_code")),
        sa.UniqueConstraint("heard", name=op.f("uq_campaign_heard")),
    )


def downgrade() -> None:
    op.drop_table("campaign")
