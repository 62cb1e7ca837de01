"""What refers to a run is found by an index: old runs can be deleted, and a batch finds its own events."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the indexes."""
    for table in ("events", "member_events", "outbox"):
        op.create_index(op.f(f"ix_{table}_run_id"), table, ["run_id"], unique=False)
