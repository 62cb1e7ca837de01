"""Examine what linkwatch depends on: settings, lists, database, recipients, daemon, key, network and clock."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from linkwatch import plugins
from linkwatch.clock import utc_now, wait
from linkwatch.errors import IncompleteError, LinkwatchError
from linkwatch.exchange import new_client
from linkwatch.models.observation import Answer
from linkwatch.models.records import ScheduleStatus
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import CLOCK_TOLERANCE
from linkwatch.notifications.urls import unusable_variable
from linkwatch.planner.calls import Call, Method
from linkwatch.report.formats import format_names, needs_of
from linkwatch.services.dependencies import data_api, exchange_limits
from linkwatch.services.lists import default_lists, find_lists
from linkwatch.services.stored_lists import stored_lists
from linkwatch.settings import DEFAULT_LIST, Settings, load_settings
from linkwatch.settings.schedule import DEFAULT_KEY, name_lists
from linkwatch.sources.embeds import own_syntaxes
from linkwatch.sources.formats import format_by_extension
from linkwatch.store.calls import count_live_workers
from linkwatch.store.database import Database, sqlite_file
from linkwatch.store.dialects import is_pooled
from linkwatch.store.filesystem import mount_of_file
from linkwatch.store.leases import DAEMON, load_lease
from linkwatch.store.outbox import delivery_statuses
from linkwatch.store.quota import StoredQuotaAccount, load_quota_day
from linkwatch.store.runs import load_last_run
from linkwatch.store.schedules import load_schedules
from linkwatch.store.schema import HEAD, open_database
from linkwatch.store.statistics import count_rows, disk_usage, find_damage, load_future_times
from linkwatch.text import counted, listing
from linkwatch.youtube.http import ClientFactory, Clients, recording_dates
from linkwatch.youtube.oembed import OEmbed
from linkwatch.youtube.retry import RetryPolicy

KNOWN_VIDEO = Resource(Kind.VIDEO, "jNQXAC9IVRw")
"""The first video of YouTube, from 2005: asked for to see whether the Data API and oEmbed answer at all."""

ALLOWED_DAYS = 30
"""How long YouTube's Developer Policies (III.E.4) let superseded titles and counts be kept."""

FAILURES_IN_A_ROW = 3
"""Checks in a row with unanswered resources, from which a schedule is a problem."""


class Problem(StrEnum):
    """Who can solve it, which decides the exit code."""

    USAGE = "usage"
    """The settings, a list or the database: exit code 2."""

    INCOMPLETE = "incomplete"
    """The network, the key, the quota, the machine: a check now would be incomplete; exit code 3."""


@dataclass(frozen=True, slots=True)
class DoctorResult:
    """One line of the examination."""

    subject: str
    message: str
    remedy: str = ""
    problem: Problem | None = None
    """None: it works."""

    @property
    def works(self) -> bool:
        """Whether there is nothing to solve."""
        return self.problem is None


def examine(
    config: str | None, database: str | None, *, client_factory: ClientFactory = new_client
) -> Iterator[DoctorResult]:
    """Examine everything, in the order in which one thing needs another; asks YouTube, for one quota unit.

    Args:
        config: The settings file of the command line.
        database: The database of the command line.
        client_factory: Makes the HTTP clients.
    """
    try:
        settings = load_settings(config=config, database=database)
    except LinkwatchError as error:
        yield _failed("settings", error)
        return
    origin = f"read from {settings.origin}" if settings.origin else "no settings file: defaults and environment"
    yield DoctorResult("settings", origin)
    if settings.plugins:
        yield _plugins()
    if default_lists(settings):
        yield _lists(settings)
    opened: Database | None = None
    try:
        opened = open_database(settings.database_url)
        yield from _stored_lists(settings, opened)
        yield from examine_database(settings, opened)
        yield from _notifications(settings, opened)
        yield from examine_schedules(opened, utc_now())
    except LinkwatchError as error:
        yield _failed("database", error)
    try:
        yield from _network(settings, opened, client_factory)
    except LinkwatchError as error:
        yield _failed("network", error)
    if opened is not None:
        opened.close()


def _failed(subject: str, error: LinkwatchError) -> DoctorResult:
    problem = Problem.INCOMPLETE if isinstance(error, IncompleteError) else Problem.USAGE
    return DoctorResult(subject, error.message, error.remedy, problem)


def _plugins() -> DoctorResult:
    """What the enabled plug-ins add; all of it is loaded."""
    own_syntaxes(())
    format_by_extension("")
    for name in format_names():
        with suppress(LinkwatchError):
            needs_of(name)
    failed = plugins.failures()
    if failed:
        return _failed("plug-ins", failed[0])
    added = [str(addition) for group in plugins.GROUPS for addition in plugins.additions(group)]
    names = ", ".join(f"{name} {version}" for name, version in plugins.enabled().items())
    return DoctorResult("plug-ins", f"{names}: {', '.join(added)}")


def _lists(settings: Settings) -> DoctorResult:
    try:
        files = find_lists(default_lists(settings), settings).files
    except LinkwatchError as error:
        return _failed("lists", error)
    return DoctorResult("lists", ", ".join(file.name for file in files[:5]) + (" …" if len(files) > 5 else ""))


def _stored_lists(settings: Settings, database: Database) -> Iterator[DoctorResult]:
    """The lists in the database; where there are no others, too, that there are none."""
    names = [each.address for each in stored_lists(database)]
    if names:
        yield DoctorResult("lists", f"in the database: {listing(names, 5)}")
    elif not default_lists(settings):
        message = f"none by default: there is no {DEFAULT_LIST} here; name one on the command line"
        yield DoctorResult("lists", message)


def examine_database(settings: Settings, database: Database) -> Iterator[DoctorResult]:
    """Examine an open database: whether it can be written, is sound, has room, and is still checked with."""
    with database.write() as connection:  # to see that it can be written
        damage, rows, pooled = find_damage(connection), count_rows(connection), is_pooled(connection)
    if damage:
        remedy = "Restore a backup: linkwatch db backup --help"
        yield DoctorResult("database", f"the file is damaged: {damage}", remedy, Problem.USAGE)
        return
    yield from _database_file(settings)
    if pooled:
        prepared = "prepare_threshold" in settings.database_url
        remedy = "" if prepared else "In transaction mode, as of PgBouncer, add ?prepare_threshold=None to its address."
        yield DoctorResult("pooler", "the database is behind a pooler, such as PgBouncer", remedy)
    yield DoctorResult(
        "contents",
        f"{counted(rows.resources, 'resource')}, {counted(rows.members, 'video')} of playlists,"
        f" {counted(rows.events, 'event')}, {counted(rows.checks, 'check')}",
    )
    yield _retention(settings.retention_days)
    yield _last_check(settings, database)
    yield from examine_stored_times(database, utc_now())


def examine_stored_times(database: Database, now: datetime) -> Iterator[DoctorResult]:
    """Report the stored times that lie ahead of now; nothing where there are none.

    They are no problem for the exit code: some, as those of events, stay stored after the clock was set.
    """
    with database.read() as connection:
        ahead = load_future_times(connection, now)
    if ahead.latest is not None:
        verb = "lies" if ahead.total == 1 else "lie"
        message = (
            f"{counted(ahead.total, 'stored time')} {verb} ahead of now (latest {ahead.latest:%Y-%m-%d %H:%M} UTC)"
        )
        yield DoctorResult("clock", message, "Set the clock if it is wrong; they count as never.")


def _database_file(settings: Settings) -> Iterator[DoctorResult]:
    file = sqlite_file(settings.database_url)
    if file is None:
        yield DoctorResult("database", f"version {HEAD}")
        return
    usage, mount = disk_usage(file), mount_of_file(file)
    log = f" and {usage.log:,} in its log" if usage.log else ""
    yield DoctorResult("database", f"version {HEAD}, {usage.file:,} bytes{log}{f', on {mount.kind}' if mount else ''}")
    free = f"{_megabytes(usage.free)} free on its disk"
    if usage.free < usage.needed:
        message = f"{free}; it needs {_megabytes(usage.needed)} to grow and to be rebuilt"
        remedy = "Free some space, or move it: linkwatch db backup FILE, then name that file as the database."
        yield DoctorResult("space", message, remedy, Problem.INCOMPLETE)
    else:
        yield DoctorResult("space", free)


def _megabytes(size: int) -> str:
    return f"{size // 1_000_000:,} MB"


def _retention(days: int) -> DoctorResult:
    message = f"superseded titles and counts are purged after {counted(days, 'day')}"
    if days <= ALLOWED_DAYS:
        return DoctorResult("retention", message)
    remedy = f"YouTube's Developer Policies (III.E.4) allow {ALLOWED_DAYS}: more is your own decision."
    return DoctorResult("retention", message, remedy)


def _last_check(settings: Settings, database: Database) -> DoctorResult:
    with database.read() as connection:
        run = load_last_run(connection, utc_now())
    if run is None:
        return DoctorResult("checks", "none yet", "Run one: linkwatch check")
    age = utc_now() - run.started_at
    message = f"the last one began {run.started_at:%Y-%m-%d %H:%M} UTC, {_ago(age)}"
    if age > settings.stale_after:
        remedy = "See whether cron, the timer or the daemon still runs, or check by hand: linkwatch check"
        return DoctorResult("checks", message, remedy, Problem.INCOMPLETE)
    if not run.complete:
        return DoctorResult("checks", f"{message}; it was incomplete: {run.incomplete_reason}")
    return DoctorResult("checks", message)


def _ago(age: timedelta) -> str:
    hours = max(age, timedelta()) // timedelta(hours=1)
    return f"{counted(hours, 'hour')} ago" if hours < 48 else f"{counted(hours // 24, 'day')} ago"


def _notifications(settings: Settings, database: Database) -> Iterator[DoctorResult]:
    """Recipients that can't be reached and messages that were not sent; nothing where there are neither."""
    with database.read() as connection:
        statuses = delivery_statuses(connection)
    for target in settings.notify:
        if reason := unusable_variable(target.url, os.environ):
            remedy = f"Set another one, or remove the table: {target.place}"
            yield DoctorResult("notify", f"{target.name}: {reason}", remedy, Problem.INCOMPLETE)
    given_up = [
        f"{status.target}: {counted(status.dead, 'message')}, {status.failure}" for status in statuses if status.dead
    ]
    waiting = sum(status.waiting for status in statuses)
    if given_up:
        remedy = "Mend what “linkwatch notify test” names, then: linkwatch notify send --retry"
        yield DoctorResult("notify", f"given up: {'; '.join(given_up)}", remedy, Problem.INCOMPLETE)
    if settings.notify or waiting:
        to_send = f"{counted(waiting, 'message')} to be sent: linkwatch notify send" if waiting else "nothing to send"
        yield DoctorResult("notify", f"{counted(len(settings.notify), 'target')}, {to_send}")


def examine_schedules(database: Database, now: datetime) -> Iterator[DoctorResult]:
    """Examine the daemon or the workers, and the schedules; nothing where none was ever started."""
    with database.read() as connection:
        lease, schedules = load_lease(connection, DAEMON), load_schedules(connection)
        workers = count_live_workers(connection)
    if not workers:
        if lease is None:
            return
        if lease.holder is None:
            yield DoctorResult("daemon", f"was stopped {lease.renewed_at:%Y-%m-%d %H:%M} UTC; none runs now")
            return
        if not lease.is_held(now):
            message = f"its last heartbeat was {lease.renewed_at:%Y-%m-%d %H:%M} UTC"
            remedy = "See its log, and start it: linkwatch daemon, or systemctl start linkwatch"
            yield DoctorResult("daemon", message, remedy, Problem.INCOMPLETE)
            return
    failing = [schedule for schedule in schedules.values() if schedule.failures >= FAILURES_IN_A_ROW]
    yield from map(_failing_schedule, failing)
    if workers:
        yield DoctorResult("workers", f"{counted(workers, 'worker')}, {_next_check(schedules)}")
    elif not failing:
        yield DoctorResult("daemon", f"runs {_next_check(schedules)}")


def _next_check(schedules: Mapping[str, ScheduleStatus]) -> str:
    first = min((each.next_check for each in schedules.values() if each.paused_at is None), default=None)
    paused = sum(each.paused_at is not None for each in schedules.values())
    some = f", {paused:,} of them paused" if paused else ""
    when = "" if first is None else f", next check {first:%Y-%m-%d %H:%M} UTC"
    return f"{counted(len(schedules), 'schedule')}{some}{when}"


def _failing_schedule(schedule: ScheduleStatus) -> DoctorResult:
    checks = counted(schedule.failures, "check")
    name = name_lists(schedule.files) if schedule.name == DEFAULT_KEY and schedule.files else schedule.name
    message = f"{name}: {checks} in a row left resources unanswered; next check {schedule.next_check:%H:%M} UTC"
    return DoctorResult("daemon", message, "See the lines of key, quota and oEmbed.", Problem.INCOMPLETE)


_UNEXPECTED = (
    "Ask again in an hour; if it stays so, see whether $LINKWATCH_DATA_API_URL and $LINKWATCH_OEMBED_URL are right."
)


def _network(settings: Settings, database: Database | None, client_factory: ClientFactory) -> Iterator[DoctorResult]:
    """The key and its quota, oEmbed, and the clock.

    Args:
        settings: The settings.
        database: Where units are booked; None: it can't be opened, and the key is not tried.
        client_factory: Makes the HTTP clients.
    """
    dates: list[str] = []
    clients = Clients(recording_dates(client_factory, dates), exchange_limits(settings))
    retry = RetryPolicy(attempts=2, sleep=wait)
    if not settings.api_key:
        yield DoctorResult(
            "key",
            "none: only oEmbed is asked, which gives no counts and no channels",
            "For more, set YOUTUBE_API_KEY: “linkwatch help key”.",
        )
    elif database is not None:
        yield _key(
            settings, StoredQuotaAccount(database, settings.quota_per_day, settings.api_key, utc_now), retry, clients
        )
        yield _quota(settings, database)
    yield _oembed(settings, retry, clients)
    if dates:
        yield examine_clock(dates[-1], utc_now())


def _key(settings: Settings, account: StoredQuotaAccount, retry: RetryPolicy, clients: Clients) -> DoctorResult:
    (answer,) = data_api(settings, account, retry, clients).ask([Call(Method.VIDEOS, (KNOWN_VIDEO,))])
    if answer.failure is not None:
        return _failed("key", answer.failure)
    if not answer.found:
        message = "the Data API answers, but omits a video that exists"
        return DoctorResult("key", message, _UNEXPECTED, Problem.INCOMPLETE)
    return DoctorResult("key", "the Data API answers")


def _quota(settings: Settings, database: Database) -> DoctorResult:
    with database.read() as connection:
        day = load_quota_day(connection, utc_now(), settings.quota_per_day, settings.api_key)
    if day.left == 0:
        remedy = "Check again when it has begun; if that is so every day, check less often, or raise the quota."
        return DoctorResult("quota", day.spent_reason, remedy, Problem.INCOMPLETE)
    return DoctorResult("quota", f"{day.left:,} of {day.limit:,} units left until {day.turns_at:%Y-%m-%d %H:%M} UTC")


def _oembed(settings: Settings, retry: RetryPolicy, clients: Clients) -> DoctorResult:
    (answer,) = OEmbed(url=settings.oembed_url, clients=clients, retry=retry, requests_in_flight=1).ask([KNOWN_VIDEO])
    if answer.failure is not None:
        return _failed("oEmbed", answer.failure)
    if answer.answer is Answer.PRESENT:
        return DoctorResult("oEmbed", "answers")
    message = f"answers, but calls a video that exists {answer.answer}"
    return DoctorResult("oEmbed", message, _UNEXPECTED, Problem.INCOMPLETE)


def examine_clock(date: str, ours: datetime) -> DoctorResult:
    """Compare the clock with a `Date` header."""
    try:
        theirs = parsedate_to_datetime(date).astimezone(UTC)
    except (ValueError, OverflowError):
        message = "can't be compared with YouTube's: its answers have no readable date"
        return DoctorResult("clock", message, "See whether a proxy changes the `Date` header.")
    difference = abs(ours - theirs)
    if difference > CLOCK_TOLERANCE:
        message = f"differs from YouTube's by {difference}"
        return DoctorResult("clock", message, "Set the clock, for example with NTP.", Problem.INCOMPLETE)
    return DoctorResult("clock", "agrees with YouTube's")
