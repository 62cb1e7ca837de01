"""What is inside playlists."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make looks, memberships, member_events and overlaps."""
    op.create_table(
        "looks",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=True),
        sa.Column("due", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("item_count", sa.Integer(), nullable=True),
        sa.Column("closed", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("members", sa.Integer(), server_default="0", nullable=False),
        sa.Column("gone", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name=op.f("fk_looks_resource_id_resources")),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_looks")),
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since_at", sa.BigInteger(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("owner_title", sa.Text(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=True),
        sa.Column("restrictions", sa.Text(), nullable=True),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name=op.f("fk_memberships_resource_id_resources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_resource_id"), "memberships", ["resource_id"], unique=False)
    op.create_index(op.f("ix_memberships_video_id"), "memberships", ["video_id"], unique=False)
    op.create_table(
        "member_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["memberships.id"], name=op.f("fk_member_events_membership_id_memberships")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_member_events_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_events")),
        sa.UniqueConstraint(
            "membership_id", "change", "run_id", name=op.f("uq_member_events_membership_id_change_run_id")
        ),
    )
    op.create_index(op.f("ix_member_events_at"), "member_events", ["at"], unique=False)
    op.create_table(
        "overlaps",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["resources.id"], name=op.f("fk_overlaps_first_id_resources")),
        sa.ForeignKeyConstraint(["second_id"], ["resources.id"], name=op.f("fk_overlaps_second_id_resources")),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_overlaps")),
    )
    op.create_index(op.f("ix_overlaps_second_id"), "overlaps", ["second_id"], unique=False)
