"""What readers report as wrong, and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0004_reports"
down_revision = "0003_averages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
