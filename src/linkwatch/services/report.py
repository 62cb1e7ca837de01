"""What the store remembers of some lists → their Report, or of one resource → its life; no network."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from linkwatch.acknowledgements.matching import accepted_now, expired_since, merged
from linkwatch.acknowledgements.toml_read import read_acks
from linkwatch.catalogue.catalogue import Catalogue, resolve_aliases
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.records import CheckResult
from linkwatch.models.times import EPOCH, whole_milliseconds
from linkwatch.report.acknowledgements import apply_acknowledgements, ended_acknowledgements, mark_expired_as_new
from linkwatch.report.build import build_report
from linkwatch.report.model import Extra, QuotaSummary, Report
from linkwatch.services.lists import ReadLists
from linkwatch.settings import InspectMode, Settings
from linkwatch.store.acknowledgements import (
    first_run_start,
    ids_in_other_lists,
    load_acknowledgements,
    save_acknowledgements,
)
from linkwatch.store.channels import load_aliases
from linkwatch.store.database import Database
from linkwatch.store.events import (
    last_events,
    load_check_history,
    load_recent_events,
)
from linkwatch.store.inspection_results import load_inspection_results
from linkwatch.store.lists import FirstSeenLookup
from linkwatch.store.quota import load_quota_day
from linkwatch.store.resources import load_records
from linkwatch.store.runs import last_run_starts, load_last_run, load_run, previous_run_start, run_scope
from linkwatch.store.schema import open_database

CHECKS_SHOWN = 30
"""How many of the last checks a report shows for each resource."""

EVENTS_SHOWN = 200
"""How many of the last events a report tells one by one."""


def stored_report(read: ReadLists, settings: Settings, *, now: datetime, extras: frozenset[Extra]) -> Report:
    """Make the report of some lists from the database of the settings; see `report_of_lists`.

    Raises:
        SettingsError: The file of acknowledgements makes no sense.
        StoreError: The database can't be read.
    """
    acks = read_acks(settings.acks_file, now)
    with open_database(settings.database_url, create=False) as database:
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
    checked: CheckResult | None = None,
    extras: frozenset[Extra] = frozenset(),
    listed_acks: Sequence[Acknowledgement] | None = None,
) -> Report:
    """Make the report of these lists from what is remembered.

    Args:
        catalogue: Their links.
        files: The lists that were read.
        database: Where the memory is.
        settings: Levels, limits, and how long a change is reported.
        now: The time of the report.
        checked: The check that the report is of; None: the last one.
        extras: What only some formats show.
        listed_acks: What the file of acknowledgements says; None: there is none, and the store's count.
    """
    files = sorted(set(files))
    with database.read() as connection:
        aliases = load_aliases(connection)
        resolved = resolve_aliases(catalogue, aliases)
        # Lists that were never checked together were perhaps checked apart: then the last run of any stands.
        scope = run_scope(files)
        quota = load_quota_day(connection, now, settings.quota_per_day)
        known = load_records(connection, resolved.links_of)
        # Of lists that no check has ever met, the run of others says nothing.
        last = load_last_run(connection, scope) or (load_last_run(connection) if known else None)
        run = load_run(connection, checked.run_id) if checked else last
        told = None if run is None else previous_run_start(connection, run)
        times = last_run_starts(connection, scope, CHECKS_SHOWN) if Extra.CHECKS in extras else []
        report = build_report(
            now=now,
            catalogue=resolved,
            known=known,
            first_seen=FirstSeenLookup(connection),
            events=last_events(connection),
            run=run,
            quota=None
            if run is None or run.source == "keyless"
            else QuotaSummary(quota.left, quota.limit, quota.turns_at),
            settings=settings,
            told_before=told,
            first_check=told == EPOCH,
            checks=load_check_history(connection, times, known),
            recent=load_recent_events(connection, EVENTS_SHOWN) if Extra.EVENTS in extras else (),
            inside=load_inspection_results(
                connection,
                resolved,
                known,
                now - settings.changes_for,
                restrictions=settings.inside is InspectMode.FULL,
            ),
        )
        acks, began = merged(listed_acks, load_acknowledgements(connection), aliases), first_run_start(connection)
        accepted = apply_acknowledgements(report, accepted_now(acks, now, began))
        return accepted if told is None else mark_expired_as_new(accepted, expired_since(acks, told, now, began))


def report_of_check(
    checked: CheckResult,
    catalogue: Catalogue,
    files: Iterable[str],
    *,
    database: Database,
    settings: Settings,
    now: datetime,
    extras: frozenset[Extra] = frozenset(),
    listed_acks: Sequence[Acknowledgement] | None = None,
) -> Report:
    """Make the report of a check that has just ended, and let end what is accepted and over; see `report_of_lists`."""
    report = report_of_lists(
        catalogue,
        files,
        database=database,
        settings=settings,
        now=now,
        checked=checked,
        extras=extras,
        listed_acks=listed_acks,
    )
    return settle_acks(report, files, database=database, settings=settings, now=now, listed_acks=listed_acks)


def settle_acks(
    report: Report,
    files: Iterable[str],
    *,
    database: Database,
    settings: Settings,
    now: datetime,
    listed_acks: Sequence[Acknowledgement] | None = None,
) -> Report:
    """Let end what a check saw is over, and bring the store in step with the file.

    Args:
        report: The whole report of a check that has just been made.
        files: The lists that it read.
        database: Where the memory is.
        settings: The levels of the rules.
        now: The time of the report.
        listed_acks: What the file of acknowledgements says; None: there is none.

    Returns:
        The report without what ended: as `report_of_lists` would make it from now on.
    """
    with database.write() as connection:
        began = first_run_start(connection)
        acks = merged(listed_acks, load_acknowledgements(connection), load_aliases(connection))
        elsewhere = ids_in_other_lists(connection, [ack.id for ack in acks], files)
        ended = ended_acknowledgements(report, accepted_now(acks, now, began), settings, elsewhere=elsewhere)
        settled = [_ended(ack, now) if ack in ended else ack for ack in acks]
        save_acknowledgements(connection, settled)
        return apply_acknowledgements(report, accepted_now(settled, now, began))


def _ended(ack: Acknowledgement, now: datetime) -> Acknowledgement:
    # Not before it was accepted, on a machine whose clock may be ahead: the file's entry would count again.
    return msgspec.structs.replace(ack, ended_at=max(whole_milliseconds(now), ack.accepted_at))
