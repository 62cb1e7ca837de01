"""Since when a schedule is paused."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the column."""
    op.add_column("schedules", sa.Column("paused_at", sa.BigInteger(), nullable=True))
