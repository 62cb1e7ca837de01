"""Reports on lists and on finished checks, from what the store holds; no network."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from linkwatch.acknowledgements.matching import (
    acknowledgements_expired_since,
    active_acknowledgements,
    merge_acknowledgements,
)
from linkwatch.acknowledgements.toml_read import read_acks
from linkwatch.catalogue.catalogue import Catalogue, resolve_aliases
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.observation import ResourceRecord
from linkwatch.models.records import CustomName, Flapping, Revision
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import EPOCH, whole_milliseconds
from linkwatch.report.acknowledgements import apply_acknowledgements, ended_acknowledgements, mark_expired_as_new
from linkwatch.report.build import build_report
from linkwatch.report.input import ReportInput
from linkwatch.report.model import Extra, QuotaSummary, Report
from linkwatch.services.lists import ReadLists
from linkwatch.services.tally import CheckResult
from linkwatch.settings import InspectMode, Settings
from linkwatch.store.acknowledgements import load_acknowledgements, save_acknowledgements
from linkwatch.store.channels import (
    load_aliases,
    load_custom_names,
    load_moved_handles,
    load_unresolved_names,
)
from linkwatch.store.database import Database
from linkwatch.store.events import (
    last_events,
    load_check_history,
    load_recent_events,
    load_state_changes,
)
from linkwatch.store.inspection_results import load_inspection_results
from linkwatch.store.lists import ListingTimes, ids_in_other_lists
from linkwatch.store.quota import load_quota_day
from linkwatch.store.resources import load_records
from linkwatch.store.revision import load_revision
from linkwatch.store.runs import (
    first_run_start,
    last_run_starts,
    load_last_run,
    load_run,
    previous_run_start,
    run_scope,
)
from linkwatch.store.schema import open_for_reading
from linkwatch.urls.parse import parse_url
from linkwatch.verdict.flapping import FlapPolicy, find_flapping

CHECKS_SHOWN = 30
"""The last checks that a report shows for each resource."""

EVENTS_SHOWN = 200
"""The last events that a report lists."""


def stored_report(read: ReadLists, settings: Settings, *, now: datetime, extras: frozenset[Extra]) -> Report:
    """Make the report of some lists from the database of the settings; see `report_of_lists`.

    Raises:
        SettingsError: The file of acknowledgements makes no sense.
        StoreError: The database can't be read.
    """
    acks = read_acks(settings.acks_file, now)
    with open_for_reading(settings.database_url) as database:
        return report_of_lists(
            read.catalogue,
            read.files,
            database=database,
            settings=settings,
            now=now,
            extras=extras,
            listed_acks=acks,
        )


def report_of_lists(
    catalogue: Catalogue,
    files: Iterable[str],
    *,
    database: Database,
    settings: Settings,
    now: datetime,
    extras: frozenset[Extra] = frozenset(),
    listed_acks: Sequence[Acknowledgement] | None = None,
) -> Report:
    """Report on some lists from what the store holds; nothing is written.

    Args:
        catalogue: Their links.
        files: The lists that were read.
        database: The store.
        settings: Levels, limits, and how long a change is reported.
        now: The time of the report.
        extras: What only some formats show.
        listed_acks: Of the acknowledgements file; None: there is none, and those of the store hold.
    """
    files = sorted(set(files))
    with database.read() as connection:
        aliases = load_aliases(connection)
        data = _load_input(
            connection, resolve_aliases(catalogue, aliases), files, settings=settings, now=now, extras=extras
        )
        report = build_report(data)  # within the transaction: it loads when links were first seen
        acks = merge_acknowledgements(listed_acks, load_acknowledgements(connection), aliases)
        return _with_acknowledgements(report, acks, data.new_since, first_run_start(connection))


def report_of_check(
    checked: CheckResult,
    files: Iterable[str],
    *,
    database: Database,
    settings: Settings,
    now: datetime,
    extras: frozenset[Extra] = frozenset(),
    listed_acks: Sequence[Acknowledgement] | None = None,
) -> Report:
    """The report of `report_and_revision`, alone."""
    return report_and_revision(
        checked, files, database=database, settings=settings, now=now, extras=extras, listed_acks=listed_acks
    )[0]


def report_and_revision(
    checked: CheckResult,
    files: Iterable[str],
    *,
    database: Database,
    settings: Settings,
    now: datetime,
    extras: frozenset[Extra] = frozenset(),
    listed_acks: Sequence[Acknowledgement] | None = None,
) -> tuple[Report, Revision]:
    """Report on a check that has just finished, end the acknowledgements that are no longer needed, and save them all.

    Args:
        checked: The check.
        files: The lists that it read.
        database: The store.
        settings: Levels, limits, and how long a change is reported.
        now: The time of the report.
        extras: What only some formats show.
        listed_acks: Of the acknowledgements file; None: there is none.

    Returns:
        The report that `report_of_lists` would give from now on, and of which revision of the store that is.
    """
    files = sorted(set(files))
    with database.read() as connection:
        aliases = load_aliases(connection)
        data = _load_input(
            connection,
            checked.catalogue,
            files,
            settings=settings,
            now=now,
            extras=extras,
            run_id=checked.run_id,
        )
        report = build_report(data)
    # Read and saved in one transaction: somebody may acknowledge something meanwhile.
    with database.write() as connection:
        began = first_run_start(connection)
        acks = merge_acknowledgements(listed_acks, load_acknowledgements(connection), aliases)
        report = _with_acknowledgements(report, acks, data.new_since, began)
        elsewhere = ids_in_other_lists(connection, [ack.id for ack in acks], files)
        ended = ended_acknowledgements(report, active_acknowledgements(acks, now, began), settings, elsewhere=elsewhere)
        settled = [_ended(ack, now) if ack in ended else ack for ack in acks]
        save_acknowledgements(connection, settled)
        return apply_acknowledgements(report, active_acknowledgements(settled, now, began)), load_revision(connection)


def _load_input(
    connection: Connection,
    catalogue: Catalogue,
    files: Iterable[str],
    *,
    settings: Settings,
    now: datetime,
    extras: frozenset[Extra],
    run_id: int | None = None,
) -> ReportInput:
    """Load what the report of these lists is made from; without a `run_id` it is about their last run."""
    scope = run_scope(files)
    records = load_records(connection, catalogue.links_of)
    run = load_last_run(connection, now, scope) if run_id is None else load_run(connection, run_id)
    if run is None and records:
        # Lists that were never checked together may have been checked apart: then the last run of any list counts.
        run = load_last_run(connection, now)
    new_since = None if run is None else previous_run_start(connection, run)
    quota = load_quota_day(connection, now, settings.quota_per_day, settings.api_key)
    has_quota = run is not None and run.source != "keyless"
    listings = ListingTimes(connection)
    times = last_run_starts(connection, scope, now, CHECKS_SHOWN) if Extra.CHECKS in extras else []
    return ReportInput(
        now=now,
        settings=settings,
        catalogue=catalogue,
        records=records,
        first_seen=listings.first_seen,
        listed_since=listings.listed_since,
        events=last_events(connection, now - settings.changes_for),
        custom_names=_custom_names(connection, catalogue),
        unresolved_names=load_unresolved_names(connection),
        moved_handles=load_moved_handles(connection),
        flapping=_flapping(connection, records, settings, now if run is None else run.started_at, new_since),
        run=run,
        new_since=new_since,
        first_check=new_since == EPOCH,
        inspections=load_inspection_results(
            connection,
            catalogue,
            records,
            now - settings.changes_for,
            restrictions=settings.inside is InspectMode.FULL,
        ),
        quota=QuotaSummary(quota.left, quota.limit, quota.turns_at) if has_quota else None,
        check_history=load_check_history(connection, times, records),
        recent_events=load_recent_events(connection, EVENTS_SHOWN) if Extra.EVENTS in extras else (),
    )


def flap_policy(settings: Settings) -> FlapPolicy:
    """When a resource flaps, by the settings."""
    return FlapPolicy(settings.flap_changes, settings.flap_window, settings.flap_quiet)


def _custom_names(connection: Connection, catalogue: Catalogue) -> dict[str, tuple[CustomName, ...]]:
    """Those that links of the lists are written with, by the id of the channel."""
    listed: dict[str, tuple[CustomName, ...]] = {}
    for name in load_custom_names(connection):
        written = Resource(Kind.CHANNEL, name.id)
        positions = catalogue.links_of.get(Resource(Kind.CHANNEL, name.channel_id), ())
        urls = (parse_url(catalogue.links[at].link.url) for at in positions)
        if any(url is not None and written in url.resources for url in urls):
            listed[name.channel_id] = (*listed.get(name.channel_id, ()), name)
    return listed


def _flapping(
    connection: Connection,
    records: Mapping[Resource, ResourceRecord],
    settings: Settings,
    checked: datetime,
    new_since: datetime | None,
) -> dict[Resource, Flapping]:
    """The listed resources that flap, or did: for as long as their last state may be news.

    Args:
        connection: A transaction that reads.
        records: Of the listed resources.
        settings: The limits.
        checked: When the last check began: only checks find that a resource is quiet.
        new_since: What began later is new.
    """
    policy = flap_policy(settings)
    slack = settings.flap_quiet + settings.changes_for
    reported = min(checked, new_since or checked)
    since = reported - slack if reported - EPOCH > slack else EPOCH
    found = {}
    for resource, changes in load_state_changes(connection, since, settings.flap_changes).items():
        flapping = find_flapping(changes, policy, checked)
        if flapping is not None and resource in records:
            found[resource] = flapping
    return found


def _with_acknowledgements(
    report: Report, acks: Sequence[Acknowledgement], new_since: datetime | None, began: datetime | None
) -> Report:
    """The report with what is acknowledged, and as new what was until lately; `began` is when the first check did."""
    now = report.generated_at
    report = apply_acknowledgements(report, active_acknowledgements(acks, now, began))
    return (
        report
        if new_since is None
        else mark_expired_as_new(report, acknowledgements_expired_since(acks, new_since, now, began))
    )


def _ended(ack: Acknowledgement, now: datetime) -> Acknowledgement:
    # Not before it was accepted, on a machine whose clock may be ahead: the one in the file would hold again.
    return msgspec.structs.replace(ack, ended_at=max(whole_milliseconds(now), ack.accepted_at))
