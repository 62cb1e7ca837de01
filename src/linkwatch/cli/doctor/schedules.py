"""Whether a daemon or workers work on the database, and how its schedules stand."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from linkwatch.cli.doctor.result import DoctorResult
from linkwatch.cli.exit_codes import ExitCode
from linkwatch.store.calls import count_live_workers
from linkwatch.store.database import Database
from linkwatch.store.leases import DAEMON, load_lease
from linkwatch.store.schedules import ScheduleStatus, load_schedules
from linkwatch.text import counted

MANY = 3
"""Checks in a row that left something unanswered, after which somebody should have a look."""


def examine_schedules(database: Database, now: datetime) -> Iterator[DoctorResult]:
    """Say whether the daemon or workers live and checks get answers; nothing where none was ever started."""
    with database.read() as connection:
        held, standings, workers = (
            load_lease(connection, DAEMON),
            load_schedules(connection),
            count_live_workers(connection),
        )
    if not workers:
        if held is None:
            return
        if held.holder is None:
            yield DoctorResult("daemon", True, f"was ended {held.renewed_at:%Y-%m-%d %H:%M} UTC; none runs now")
            return
        if held.expires_at <= now:
            message = f"gave its last sign of life {held.renewed_at:%Y-%m-%d %H:%M} UTC"
            remedy = "See its log, and start it: linkwatch daemon, or systemctl start linkwatch"
            yield DoctorResult("daemon", False, message, remedy, ExitCode.INCOMPLETE)
            return
    failing = [standing for standing in standings.values() if standing.failures >= MANY]
    yield from map(_failing, failing)
    if workers:
        yield DoctorResult("workers", True, f"{counted(workers, 'worker')}, {_ahead(standings)}")
    elif not failing:
        yield DoctorResult("daemon", True, f"works on {_ahead(standings)}")


def _ahead(standings: Mapping[str, ScheduleStatus]) -> str:
    following = min((standing.next_check for standing in standings.values()), default=None)
    then = "" if following is None else f", next check {following:%Y-%m-%d %H:%M} UTC"
    return f"{counted(len(standings), 'schedule')}{then}"


def _failing(standing: ScheduleStatus) -> DoctorResult:
    checks = counted(standing.failures, "check")
    message = f"{standing.name}: {checks} in a row left something unanswered; again {standing.next_check:%H:%M} UTC"
    return DoctorResult(
        "daemon", False, message, "See what the lines of key, quota and oEmbed say.", ExitCode.INCOMPLETE
    )
