"""Playlists that share most of their videos, as groups: a row a playlist instead of one a pair."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Put the pairs together to groups."""
    connection = op.get_bind()
    groups: dict[int, set[int]] = {}
    pairs = sa.table("overlaps", sa.column("first_id"), sa.column("second_id"))  # quoted: a word of PostgreSQL
    for first, second in connection.execute(sa.select(pairs.c.first_id, pairs.c.second_id)).all():
        smaller, larger = sorted((groups.setdefault(first, {first}), groups.setdefault(second, {second})), key=len)
        if smaller is not larger:
            larger |= smaller
            groups.update(dict.fromkeys(smaller, larger))
    op.drop_table("overlaps")
    op.create_table(
        "overlaps",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name=op.f("fk_overlaps_resource_id_resources")),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_overlaps")),
    )
    op.create_index(op.f("ix_overlaps_group_id"), "overlaps", ["group_id"], unique=False)
    if groups:
        table = sa.table("overlaps", sa.column("resource_id"), sa.column("group_id"))
        first_of = {id(group): min(group) for group in groups.values()}
        rows = [{"resource_id": row_id, "group_id": first_of[id(group)]} for row_id, group in sorted(groups.items())]
        connection.execute(sa.insert(table), rows)
