"""The handles that left the channel that they led to."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make moved_handles."""
    op.create_table(
        "moved_handles",
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("former_id", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_moved_handles")),
    )
