"""How many the site served: counts a day, devices of a day while it lasts, firms on lists a week.

Safe with the previous release running: it adds tables. Undoing it drops all that was counted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_traffic"
down_revision = "0006_accounts"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "traffic",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "subject", "name", name=op.f("pk_traffic")),
    )
    op.create_table(
        "traffic_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "subject", "name", name=op.f("pk_traffic_year")),
    )
    op.create_table(
        "traffic_sketch",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mark", sa.String(16), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_traffic_sketch")),
    )
    op.create_table(
        "traffic_alive",
        sa.Column("hour", TIME, nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hour", name=op.f("pk_traffic_alive")),
    )
    op.create_table(
        "traffic_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_traffic_note_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traffic_note")),
    )
    op.create_index(op.f("ix_traffic_note_day"), "traffic_note", ["day"])
    op.create_index(op.f("ix_traffic_note_account_id"), "traffic_note", ["account_id"])
    op.create_table(
        "shown_week",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("corridor_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("clicks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_shown_week_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["corridor_id"], ["corridor.id"], name=op.f("fk_shown_week_corridor_id")
        ),
        sa.PrimaryKeyConstraint(
            "week", "provider_id", "corridor_id", "language", name=op.f("pk_shown_week")
        ),
    )


def downgrade() -> None:
    for table in (
        *("shown_week", "traffic_note", "traffic_alive"),
        *("traffic_sketch", "traffic_year", "traffic"),
    ):
        op.drop_table(table)
