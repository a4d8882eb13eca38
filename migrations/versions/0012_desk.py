"""What operators say of a source: its switch, a note, and the wish to have it asked now.

Safe with the previous release running: it adds a table, and columns that have a default. Sources
are by themselves what they are now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012_desk"
down_revision = "0011_shopping"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SAID = ("version", "note", "turned_why", "turned_by", "turned_at", "turned")
EMPTY = sa.text("''")


def upgrade() -> None:
    with op.batch_alter_table("source") as batch:
        on, off = sa.true(), sa.false()
        batch.add_column(sa.Column("may_be_on", sa.Boolean(), server_default=on, nullable=False))
        batch.add_column(
            sa.Column("on_by_default", sa.Boolean(), server_default=off, nullable=False)
        )
        batch.add_column(sa.Column("turned", sa.String(40), server_default=EMPTY, nullable=False))
        batch.add_column(sa.Column("turned_at", TIME, nullable=True))
        batch.add_column(sa.Column("turned_by", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("turned_why", sa.String(500), server_default=EMPTY, nullable=False)
        )
        batch.add_column(sa.Column("note", sa.Text(), server_default=EMPTY, nullable=False))
        batch.add_column(sa.Column("version", sa.Integer(), server_default="0", nullable=False))
        batch.create_foreign_key("fk_source_turned_by", "account", ["turned_by"], ["id"])
    op.execute("UPDATE source SET on_by_default = is_on")
    op.create_table(
        "source_wish",
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("why", sa.String(40), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("not_before", TIME, nullable=True),
        sa.Column("claimed_by", sa.String(80), nullable=False),
        sa.Column("claimed_at", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("next_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["source"], ["source.slug"], name=op.f("fk_source_wish_source")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_source_wish_asked_by")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_wish")),
    )


def downgrade() -> None:
    op.drop_table("source_wish")
    with op.batch_alter_table("source") as batch:
        batch.drop_constraint("fk_source_turned_by", type_="foreignkey")
        for name in (*SAID, "on_by_default", "may_be_on"):
            batch.drop_column(name)
