"""The size and the soundness of the database, for `linkwatch doctor`."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, Table, func, select, text

from linkwatch.models.times import CLOCK_TOLERANCE, to_millis, to_time
from linkwatch.store.tables import events, member_events, memberships, metadata, resources, runs


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How many rows are stored."""

    resources: int
    members: int
    """Videos in playlists, those that left included."""

    events: int
    """Of resources, and inside playlists."""

    checks: int


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """The disk space that an SQLite database takes, in bytes."""

    file: int
    log: int
    """The write-ahead log beside the file."""

    free: int

    @property
    def needed(self) -> int:
        """Space for a vacuum, which takes a copy of the file and a log as long, and for some months of growth."""
        return 2 * self.file + 64 * 1024 * 1024


def count_rows(connection: Connection) -> RowCounts:
    def count(table: Table) -> int:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

    return RowCounts(count(resources), count(memberships), count(events) + count(member_events), count(runs))


class FutureTimes(NamedTuple):
    """Stored times that were not over yet."""

    total: int
    latest: datetime | None
    """None: there are none."""


_PLANNED = frozenset({"next_slot_at", "next_check_at", "next_attempt_at", "expires_at"})
"""Columns whose times are to come."""


def load_future_times(connection: Connection, now: datetime) -> FutureTimes:
    """The times of past events that lie ahead of now, in all tables: they were stored while the clock was wrong."""
    limit, count, latest = to_millis(now + CLOCK_TOLERANCE), 0, 0
    for table in metadata.sorted_tables:
        times = [
            column for column in table.columns if isinstance(column.type, BigInteger) and column.name not in _PLANNED
        ]
        for column in times:
            ahead = select(func.count(), func.max(column)).where(column > limit)
            number, last = connection.execute(ahead).one()
            count, latest = count + number, max(latest, last or 0)
    return FutureTimes(count, to_time(latest) if count else None)


def disk_usage(file: Path) -> DiskUsage:
    log = file.with_name(f"{file.name}-wal")
    return DiskUsage(
        file.stat().st_size, log.stat().st_size if log.exists() else 0, shutil.disk_usage(file.parent).free
    )


def find_damage(connection: Connection) -> str | None:
    """The first problem that SQLite finds in its file; None when there is none, or the database is of another kind."""
    if connection.dialect.name != "sqlite":
        return None
    result = str(connection.execute(text("PRAGMA quick_check(1)")).scalar())
    return None if result == "ok" else result
