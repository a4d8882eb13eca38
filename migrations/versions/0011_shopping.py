"""Mystery shopping, and adverts with the switch that keeps them off.

Safe with the previous release running: it adds tables. Undoing it drops every sample, every result
and every advert.
"""

import sqlalchemy as sa
from alembic import op

from app.db.base import ExactDecimal

revision = "0011_shopping"
down_revision = "0006_accounts"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
