"""Playlists whose listing can't be read, as it contradicts itself."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("looks", sa.Column("unread_since_at", sa.BigInteger(), nullable=True))
    op.add_column("looks", sa.Column("unread_at", sa.BigInteger(), nullable=True))
