"""What the store remembers of some lists → their Report; no network, and nothing is written."""

from collections.abc import Iterable
from datetime import datetime

from linkwatch.catalogue.catalogue import Catalogue, with_aliases
from linkwatch.report.build import build_report
from linkwatch.report.report import Extra, QuotaSummary, Report
from linkwatch.settings import Settings
from linkwatch.store.database import Database
from linkwatch.store.history import checks_so_far, last_events, recent_events
from linkwatch.store.ledger import quota_day
from linkwatch.store.lists import FirstSeen
from linkwatch.store.memory import aliases_of, recall
from linkwatch.store.remembered import Checked
from linkwatch.store.runs import last_run, last_starts, run_of, scope_of, told_before
from linkwatch.store.tables import EPOCH

CHECKS_SHOWN = 30
"""How many of the last checks a report shows for each resource."""

EVENTS_SHOWN = 200
"""How many of the last events a report tells one by one."""


def report_on(
    catalogue: Catalogue,
    files: Iterable[str],
    *,
    database: Database,
    settings: Settings,
    now: datetime,
    checked: Checked | None = None,
    extras: frozenset[Extra] = frozenset(),
) -> Report:
    """Make the report of these lists from what is remembered.

    Args:
        catalogue: Their links.
        files: The lists that were read.
        database: Where the memory is.
        settings: Levels, limits, and how long a change is reported.
        now: The time of the report.
        checked: The check that the report is of; what it has just judged is not read again. None: the last one.
        extras: What only some formats show.
    """
    files = sorted(set(files))
    with database.read() as connection:
        resolved = with_aliases(catalogue, aliases_of(connection))
        # Lists that were never checked together were perhaps checked apart: then the last run of any stands.
        scope = scope_of(files)
        last = last_run(connection, scope) or last_run(connection)
        run = run_of(connection, checked.run_id) if checked else last
        quota = quota_day(connection, now, settings.quota_per_day)
        known = checked.known if checked else {}
        if unread := resolved.links_of.keys() - known.keys():
            known = known | {resource: recalled.known for resource, recalled in recall(connection, unread).items()}
        told = None if run is None else told_before(connection, run)
        times = last_starts(connection, scope, CHECKS_SHOWN) if Extra.CHECKS in extras else []
        return build_report(
            now=now,
            catalogue=resolved,
            known=known,
            first_seen=FirstSeen(connection),
            events=last_events(connection),
            run=run,
            quota=None
            if run is None or run.source == "keyless"
            else QuotaSummary(quota.left, quota.limit, quota.turns_at),
            settings=settings,
            told_before=told,
            first_check=told == EPOCH,
            checks=checks_so_far(connection, times, known),
            recent=recent_events(connection, EVENTS_SHOWN) if Extra.EVENTS in extras else (),
        )
