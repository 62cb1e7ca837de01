"""How much is kept, how much room it takes, and whether it is sound: what `linkwatch doctor` tells of the database."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Table, func, select, text

from linkwatch.store.tables import events, member_events, memberships, resources, runs


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How many there are of what is remembered."""

    resources: int
    members: int
    """Videos in playlists, those that left too."""

    events: int
    """What happened to resources, and inside playlists."""

    checks: int


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """What an SQLite database takes of its disk, in bytes."""

    file: int
    log: int
    """The write-ahead log beside the file; it is moved into it now and then."""

    free: int

    @property
    def needed(self) -> int:
        """Room to write the file anew, which needs a copy of it and a log as long, and for some months of growth."""
        return 2 * self.file + 64 * 1024 * 1024


def count_rows(connection: Connection) -> RowCounts:
    """Count what is remembered."""

    def count(table: Table) -> int:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

    return RowCounts(count(resources), count(memberships), count(events) + count(member_events), count(runs))


def disk_usage(file: Path) -> DiskUsage:
    """Look at a database that is there."""
    log = file.with_name(f"{file.name}-wal")
    return DiskUsage(
        file.stat().st_size, log.stat().st_size if log.exists() else 0, shutil.disk_usage(file.parent).free
    )


def find_damage(connection: Connection) -> str | None:
    """What SQLite finds wrong with its file; None when it is sound, or the database is of another kind."""
    if connection.dialect.name != "sqlite":
        return None
    found = str(connection.execute(text("PRAGMA quick_check(1)")).scalar())
    return None if found == "ok" else found
