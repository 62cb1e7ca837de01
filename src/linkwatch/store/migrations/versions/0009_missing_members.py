"""Members that are missing without a confirmation, and what tells two items with the same video apart."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("memberships", sa.Column("missing_since_at", sa.BigInteger(), nullable=True))
    op.add_column("memberships", sa.Column("item_key", sa.BigInteger(), nullable=True))
    op.add_column("looks", sa.Column("counted", sa.Integer(), nullable=True))
