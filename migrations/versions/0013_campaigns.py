"""Campaigns; what operators decide of providers, licences and corridors.

Safe with the previous release running: it adds tables, and columns that may be empty or have a
default. Undoing it drops every campaign and decision; what was merged stays merged.
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
    _decisions()
    with op.batch_alter_table("provider") as batch:
        batch.add_column(sa.Column("status_decided_at", TIME, nullable=True))
    with op.batch_alter_table("reach") as batch:
        nothing = sa.text("''")
        batch.add_column(sa.Column("note", sa.String(1000), server_default=nothing, nullable=False))
        batch.add_column(sa.Column("decided_at", TIME, nullable=True))
        batch.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))


def _decisions() -> None:
    op.create_table(
        "licence_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(40), nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("holder", sa.String(300), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("countries", sa.String(300), nullable=False),
        sa.Column("authorised_on", sa.Date(), nullable=True),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_licence_match_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_match")),
        sa.UniqueConstraint("provider_id", "register", "code", name="uq_licence_match_of"),
    )
    op.create_table(
        "provider_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("provider", sa.String(80), nullable=False),
        sa.Column("into", sa.String(80), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_change")),
    )
    op.create_index(op.f("ix_provider_change_provider"), "provider_change", ["provider"])


def downgrade() -> None:
    with op.batch_alter_table("reach") as batch:
        batch.drop_column("version")
        batch.drop_column("decided_at")
        batch.drop_column("note")
    with op.batch_alter_table("provider") as batch:
        batch.drop_column("status_decided_at")
    op.drop_table("provider_change")
    op.drop_table("licence_match")
    op.drop_table("campaign")
