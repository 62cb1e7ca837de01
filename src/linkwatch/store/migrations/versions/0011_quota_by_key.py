"""The quota account of a day is that of one API key."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the digest of the key; it is empty for the units that were booked without it."""
    with op.batch_alter_table("quota_days") as quota_days:
        quota_days.add_column(sa.Column("key_digest", sa.Text(), server_default="", nullable=False))
        quota_days.drop_constraint("pk_quota_days", type_="primary")
        quota_days.create_primary_key("pk_quota_days", ["day", "key_digest"])
