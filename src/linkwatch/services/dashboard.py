"""What the dashboard shows beside reports and histories: runs, outages, quota, deliveries, acknowledgements.

Each function reads the database in one transaction and returns plain values; none uses the network.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linkwatch.acknowledgements.matching import merge_acknowledgements
from linkwatch.acknowledgements.toml_read import read_acks
from linkwatch.errors import SettingsError
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.observation import ResourceRecord
from linkwatch.models.records import DeliveryStatus, EndedSessions, Outage, PastRun, QuotaDay, Revision
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_millis
from linkwatch.report.trends import DayStates, states_by_day
from linkwatch.settings import Settings
from linkwatch.store.acknowledgements import load_acknowledgements
from linkwatch.store.calls import count_live_workers
from linkwatch.store.channels import load_aliases
from linkwatch.store.database import Database, redacted_url
from linkwatch.store.events import load_outages, load_spans_since
from linkwatch.store.outbox import delivery_statuses
from linkwatch.store.playlists import load_first_videos
from linkwatch.store.quota import load_quota_day, load_units_by_day
from linkwatch.store.resources import load_titles
from linkwatch.store.revision import load_revision
from linkwatch.store.runs import count_runs, load_last_run, load_runs
from linkwatch.store.schema import open_database
from linkwatch.store.sessions import end_all_sessions, load_ended_sessions
from linkwatch.store.sessions import end_session as store_ended_session


@dataclass(frozen=True, slots=True)
class AckFile:
    """The file of acknowledgements as it was read."""

    acks: Sequence[Acknowledgement] | None
    """None: there is no file that can be read, and those of the database count."""

    problem: str | None = None
    """What is wrong with the file."""


@dataclass(frozen=True, slots=True)
class TitledAck:
    """An acknowledgement and the title of what it is about."""

    ack: Acknowledgement
    title: str | None
    """None: it is about no resource, or the title is not known."""


def ended_sessions(database: Database) -> EndedSessions:
    """Which sessions of the dashboard are over."""
    with database.read() as connection:
        return load_ended_sessions(connection)


def end_session(database: Database, digest: str, until: datetime, now: datetime) -> None:
    """End a session of the dashboard, which would end by itself at a time."""
    with database.write(beside=True) as connection:
        store_ended_session(connection, digest, until, now)


def revoke_sessions(settings: Settings, now: datetime) -> None:
    """End all sessions of the dashboard.

    Raises:
        StoreError: The database can't be written.
    """
    with open_database(settings.database_url) as database, database.write() as connection:
        end_all_sessions(connection, now)


def last_run_id(database: Database, now: datetime) -> int | None:
    """The last check that has ended, of whatever lists; None before the first."""
    with database.read() as connection:
        run = load_last_run(connection, now)
    return None if run is None else run.id


def read_ack_file(file: str, now: datetime) -> AckFile:
    """Read the file of acknowledgements; a broken file is a problem to show, not an error."""
    try:
        return AckFile(read_acks(file, now))
    except SettingsError as error:
        return AckFile(None, f"{error.message}. {error.remedy}")


def acknowledgements_with_titles(database: Database, file: AckFile) -> list[TitledAck]:
    """All acknowledgements of file and database: those in force first, each part newest first."""
    with database.read() as connection:
        acks = merge_acknowledgements(file.acks, load_acknowledgements(connection), load_aliases(connection))
        titles = load_titles(connection, [ack.id for ack in acks])
    titled = [TitledAck(ack, titles.get(ack.id or "")) for ack in reversed(acks)]
    return sorted(titled, key=lambda entry: entry.ack.ended_at is not None)


def pictured_videos(database: Database, resources: Iterable[Resource]) -> dict[Resource, str]:
    """The video whose picture shows each of these: a video itself, of a playlist the first that is available."""
    wanted = list(resources)
    videos = {resource: resource.id for resource in wanted if resource.kind is Kind.VIDEO}
    if len(videos) == len(wanted):
        return videos
    with database.read() as connection:
        return videos | load_first_videos(connection, wanted)


def run_count(database: Database) -> int:
    """How many runs there are."""
    with database.read() as connection:
        return count_runs(connection)


def past_runs(database: Database, limit: int, offset: int) -> list[PastRun]:
    """Some of the runs, newest first."""
    with database.read() as connection:
        return load_runs(connection, limit, offset)


def past_outages(database: Database) -> list[Outage]:
    """All outages that are over, the last to end first."""
    with database.read() as connection:
        return load_outages(connection)


DAYS_KEPT = 365
"""Days of which the dashboard shows the states of a list."""


def states_of_days(
    database: Database, records: Iterable[tuple[Resource, ResourceRecord]], now: datetime
) -> list[DayStates]:
    """How many of some resources were in which state at the end of each day of the last year, oldest first."""
    since = to_millis(now - timedelta(days=DAYS_KEPT))
    with database.read() as connection:
        ended = load_spans_since(connection, since)
    return states_by_day(records, ended, now, DAYS_KEPT)


def units_by_day(database: Database, settings: Settings, now: datetime) -> list[tuple[date, int]]:
    """The quota units of each Pacific day of the last year on which any were booked, oldest first."""
    with database.read() as connection:
        return load_units_by_day(connection, settings.api_key, (now - timedelta(days=DAYS_KEPT)).date())


def quota_status(database: Database, settings: Settings, now: datetime) -> QuotaDay:
    """The quota account of today."""
    with database.read() as connection:
        return load_quota_day(connection, now, settings.quota_per_day, settings.api_key)


def unsent_messages(database: Database) -> list[DeliveryStatus]:
    """For each notification target the messages that were not sent."""
    with database.read() as connection:
        return delivery_statuses(connection)


def data_revision(database: Database) -> Revision:
    """The revision of the stored data; it is cheap to read."""
    with database.read() as connection:
        return load_revision(connection)


def database_address(settings: Settings) -> str:
    """The URL of the database without its password."""
    return redacted_url(settings.database_url)


def live_workers(database: Database) -> int:
    """How many workers have had a heartbeat in the last seconds."""
    with database.read() as connection:
        return count_live_workers(connection)
