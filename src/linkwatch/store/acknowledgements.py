"""The stored acknowledgements."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.rules import RULES
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.database import execute_many
from linkwatch.store.tables import acks

_ACKNOWLEDGEMENTS = select(acks).order_by(acks.c.id)


def load_acknowledgements(connection: Connection) -> list[Acknowledgement]:
    """All acknowledgements, those that have ended too."""
    return [
        Acknowledgement(
            id=row.youtube_id or None,
            rule=RULES[row.rule] if row.rule else None,
            reason=row.reason,
            accepted_at=to_time(row.accepted_at),
            until=None if row.until is None else date.fromisoformat(row.until),
            ended_at=to_time(row.ended_at),
        )
        for row in connection.execute(_ACKNOWLEDGEMENTS)
        # A rule that this version does not have is passed over.
        if not row.rule or row.rule in RULES
    ]


def save_acknowledgements(connection: Connection, acknowledgements: Iterable[Acknowledgement]) -> None:
    """Make these the stored ones, and delete all others.

    Args:
        connection: A transaction that writes, the one in which the stored ones were read.
        acknowledgements: One for each id and rule.
    """
    before, after = set(load_acknowledgements(connection)), list(acknowledgements)
    this = (acks.c.youtube_id == bindparam("of_id")) & (acks.c.rule == bindparam("of_rule"))
    removed = [
        {"of_id": ack.id or "", "of_rule": ack.rule.name if ack.rule else ""} for ack in before.difference(after)
    ]
    execute_many(connection, delete(acks).where(this), removed)
    execute_many(connection, insert(acks), [_row(ack) for ack in after if ack not in before])


def _key(row: dict[str, Any]) -> dict[str, Any]:
    return {"of_id": row["youtube_id"], "of_rule": row["rule"]}


def _row(ack: Acknowledgement) -> dict[str, Any]:
    return {
        "youtube_id": ack.id or "",
        "rule": ack.rule.name if ack.rule else "",
        "reason": ack.reason,
        "accepted_at": to_millis(ack.accepted_at),
        "until": None if ack.until is None else ack.until.isoformat(),
        "ended_at": to_millis(ack.ended_at),
    }
