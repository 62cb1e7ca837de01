"""What the daemon's schedules need from the database: their stored status, and what of their lists is due."""

from collections.abc import Collection, Sequence
from datetime import datetime

from linkwatch.catalogue.catalogue import resolved_resources
from linkwatch.models.link import Link
from linkwatch.models.records import ScheduleStatus
from linkwatch.models.resource import Kind
from linkwatch.models.times import to_millis
from linkwatch.planner.due import Due, due
from linkwatch.services.executor import Executor
from linkwatch.services.lists import ReadLists
from linkwatch.settings import Settings
from linkwatch.store import schedules
from linkwatch.store.channels import load_aliases
from linkwatch.store.database import Database
from linkwatch.store.lists import load_links
from linkwatch.store.resources import iter_check_times
from linkwatch.store.runs import run_scope


def load_statuses(database: Database) -> dict[str, ScheduleStatus]:
    """The stored status of every schedule, by name."""
    with database.read() as connection:
        return schedules.load_schedules(connection)


def save_status(database: Database, status: ScheduleStatus) -> None:
    """Insert or update the status of a schedule."""
    with database.write() as connection:
        schedules.save_schedule(connection, status)


def set_pause(database: Database, status: ScheduleStatus, paused_at: datetime | None) -> None:
    """Pause a schedule from a time on, or resume it: None.

    Args:
        database: Opened.
        status: Of the schedule; it is stored where none is yet.
        paused_at: Since when.
    """
    with database.write() as connection:
        if status.name not in schedules.load_schedules(connection):
            schedules.save_schedule(connection, status)
        schedules.save_pause(connection, status.name, paused_at)


def delete_other_statuses(database: Database, names: Collection[str]) -> None:
    """Delete the status of every schedule but these."""
    with database.write() as connection:
        schedules.delete_other_schedules(connection, names)


def last_checked_links(database: Database, file: str) -> Sequence[Link]:
    """The links of a list when it was last checked; empty when it never was."""
    with database.read() as connection:
        return load_links(connection, file)


def due_resources(
    read: ReadLists,
    settings: Settings,
    *,
    database: Database,
    now: datetime,
    interval_start: datetime | None,
    auto: bool,
) -> Due:
    """The resources of some lists that are due.

    Args:
        read: The lists.
        settings: With or without a key: without one, channels can't be checked and are never due.
        database: Opened.
        now: The present time.
        interval_start: Resources last answered before it are due; None: only those that were never answered are.
        auto: Each resource is due by its own history, whatever `interval_start` is.
    """
    has_key = settings.api_key is not None
    with database.read() as connection:
        askable = (
            resource
            for resource in resolved_resources(read.catalogue, load_aliases(connection))
            if not resource.unmonitorable and (has_key or resource.kind is not Kind.CHANNEL)
        )
        return due(
            iter_check_times(connection, askable, changes=auto),
            now=to_millis(now),
            interval_start=0 if interval_start is None else to_millis(interval_start),
            spacing=settings.confirm_spacing,
            auto=auto,
        )


def has_unfinished_run(read: ReadLists, executor: Executor | None, *, database: Database, now: datetime) -> bool:
    """Whether a distributed run over these lists has not ended; the next check resumes it."""
    if executor is None:
        return False
    return executor.find_unfinished(database, run_scope(read.files), now) is not None
