"""How often readers went on to a firm."""

import sqlalchemy as sa
from alembic import op

revision = "0005_clicks"
down_revision = "0004_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
