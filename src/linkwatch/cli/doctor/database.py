"""The database: where it lies, whether it is sound, what it holds, and whether checks still come."""

from collections.abc import Iterator
from datetime import timedelta

from linkwatch.cli.doctor.result import DoctorResult
from linkwatch.cli.exit_codes import ExitCode
from linkwatch.clock import utc_now
from linkwatch.settings import Settings
from linkwatch.store.database import Database, sqlite_file
from linkwatch.store.filesystem import mount_of_file
from linkwatch.store.runs import load_last_run
from linkwatch.store.schema import HEAD
from linkwatch.store.statistics import count_rows, disk_usage, find_damage
from linkwatch.text import counted

ALLOWED_DAYS = 30
"""How long YouTube's Developer Policies (III.E.4) let superseded titles and counts be kept."""


def examine_storage(settings: Settings, database: Database) -> Iterator[DoctorResult]:
    """Look at a database that could be opened."""
    with database.write() as connection:  # to see that it can be written
        found, kept = find_damage(connection), count_rows(connection)
    if found:
        remedy = "Restore a backup: linkwatch db backup --help"
        yield DoctorResult("database", False, f"the file is damaged: {found}", remedy, ExitCode.USAGE)
        return
    yield from _file(settings)
    yield DoctorResult(
        "memory",
        True,
        f"{counted(kept.resources, 'resource')}, {counted(kept.members, 'video')} of playlists,"
        f" {counted(kept.events, 'event')}, {counted(kept.checks, 'check')}",
    )
    yield _retention(settings.retention_days)
    yield _last_check(settings, database)


def _file(settings: Settings) -> Iterator[DoctorResult]:
    file = sqlite_file(settings.database_url)
    if file is None:
        yield DoctorResult("database", True, f"version {HEAD}")
        return
    use, mount = disk_usage(file), mount_of_file(file)
    log = f" and {use.log:,} in its log" if use.log else ""
    yield DoctorResult(
        "database", True, f"version {HEAD}, {use.file:,} bytes{log}{f', on {mount.kind}' if mount else ''}"
    )
    free = f"{_megabytes(use.free)} free on its disk"
    if use.free < use.needed:
        remedy = "Free some space, or move it: linkwatch db backup FILE, then name that file as the database."
        message = f"{free}; {_megabytes(use.needed)} are wanted, to grow and to be rebuilt"
        yield DoctorResult("space", False, message, remedy, ExitCode.INCOMPLETE)
    else:
        yield DoctorResult("space", True, free)


def _megabytes(size: int) -> str:
    return f"{size // 1_000_000:,} MB"


def _retention(days: int) -> DoctorResult:
    message = f"superseded titles and counts are purged after {counted(days, 'day')}"
    if days <= ALLOWED_DAYS:
        return DoctorResult("retention", True, message)
    remedy = f"YouTube's Developer Policies (III.E.4) allow {ALLOWED_DAYS}: more is your own decision."
    return DoctorResult("retention", True, message, remedy)


def _last_check(settings: Settings, database: Database) -> DoctorResult:
    with database.read() as connection:
        run = load_last_run(connection)
    if run is None:
        return DoctorResult("checks", True, "none yet", "Make one: linkwatch check")
    age = utc_now() - run.started_at
    message = f"the last one began {run.started_at:%Y-%m-%d %H:%M} UTC, {_ago(age)}"
    if age > settings.stale_after:
        remedy = "See whether cron, the timer or the daemon still runs, or check by hand: linkwatch check"
        return DoctorResult("checks", False, message, remedy, ExitCode.INCOMPLETE)
    if not run.complete:
        return DoctorResult("checks", True, f"{message}; it was incomplete: {run.incomplete_reason}")
    return DoctorResult("checks", True, message)


def _ago(age: timedelta) -> str:
    hours = max(age, timedelta()) // timedelta(hours=1)
    return f"{counted(hours, 'hour')} ago" if hours < 48 else f"{counted(hours // 24, 'day')} ago"
