"""The size and the soundness of the database, for `linkwatch doctor`."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Table, func, select, text

from linkwatch.store.tables import events, member_events, memberships, resources, runs


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
