"""How often readers went on to a firm."""

import sqlalchemy as sa
from alembic import op

revision = "0005_clicks"
down_revision = "0004_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "click",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("clicks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_click_service_id")),
        sa.PrimaryKeyConstraint("service_id", "day", name=op.f("pk_click")),
    )


def downgrade() -> None:
    op.drop_table("click")
