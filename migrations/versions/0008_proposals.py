"""Proposals of providers and their keys, stamps, and what operators decide about held quotes.

Safe with the previous release running: it adds tables, and columns that have a default or may be
empty. Undoing it drops proposals, keys and stamps, and forgets who decided about held quotes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_proposals"
down_revision = "0007_traffic"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
DECIDED = ("whole", "decision", "decided_by", "decided_at", "words")


def upgrade() -> None:
    with op.batch_alter_table("held_quote") as batch:
        batch.add_column(
            sa.Column("whole", sa.Text(), server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("decision", sa.String(40), nullable=True))
        batch.add_column(sa.Column("decided_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("decided_at", TIME, nullable=True))
        batch.add_column(
            sa.Column("words", sa.Text(), server_default=sa.text("''"), nullable=False)
        )
    op.create_table(
        "held_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_batch")),
    )


def downgrade() -> None:
    op.drop_table("held_batch")
    with op.batch_alter_table("held_quote") as batch:
        for column in reversed(DECIDED):
            batch.drop_column(column)
