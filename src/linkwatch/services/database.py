"""Upgrade, back up, prune and copy the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from linkwatch.settings import Settings
from linkwatch.store.backup import backup, vacuum
from linkwatch.store.copy import CopyResult, Progress, copy_database
from linkwatch.store.database import connect, redacted_url
from linkwatch.store.retention import PurgeResult, purge
from linkwatch.store.schema import HEAD, open_database, upgrade_database

__all__ = ["Copy", "CopyResult", "PurgeResult", "Upgrade", "back_up", "copy", "prune", "upgrade"]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What an upgrade found, and what it made of it."""

    before: str | None
    """The version of the tables; None: the database was empty."""

    now: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole database in another place."""

    source: str
    """Its URL without a password."""

    target: str
    """Its URL without a password."""

    result: CopyResult


def upgrade(settings: Settings) -> Upgrade:
    """Bring the tables to this version.

    Raises:
        StoreError: The database can't be opened, holds half a copy, or was made by a newer linkwatch.
    """
    with connect(settings.database_url) as database:
        return Upgrade(upgrade_database(database), HEAD)


def back_up(settings: Settings, target: Path, now: datetime) -> Path:
    """Copy an SQLite database to a new file, or into a folder under a name with the time.

    Returns:
        The file.

    Raises:
        StoreError: The database is not SQLite's, the file already exists, or it can't be written.
    """
    if target.is_dir():
        target /= f"linkwatch-{now:%Y-%m-%dT%H%M%SZ}.db"
    backup(settings.database_url, target)
    return target


def prune(settings: Settings, now: datetime) -> PurgeResult:
    """Purge what may not be kept longer, and rewrite an SQLite file without its free space.

    Raises:
        StoreError: The database can't be written.
    """
    with open_database(settings.database_url) as database, database.write() as connection:
        result = purge(connection, now=now, retention=timedelta(days=settings.retention_days))
    vacuum(settings.database_url)
    return result


def copy(source: str, target: str, *, now: datetime, progress: Progress) -> Copy:
    """Copy every row into another database, and compare all of them.

    Args:
        source: The URL of a database of this version.
        target: The URL of an empty one, or of a copy that was cut off.
        now: Aware UTC.
        progress: Called with how many of how many rows are done.

    Raises:
        StoreError: One can't be opened, the source is in use, or the target holds other rows; what has arrived stays.
    """
    with connect(source, create=False) as old, connect(target) as new:
        result = copy_database(old, new, now=now, progress=progress)
    return Copy(redacted_url(source), redacted_url(target), result)
