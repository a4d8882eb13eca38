"""Averages of the survey, a corridor and a round each."""

import sqlalchemy as sa
from alembic import op

revision = "0003_averages"
down_revision = "0002_collecting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
