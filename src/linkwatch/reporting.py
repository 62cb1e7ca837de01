"""What the store remembers of some lists → their Report; no network, and nothing is written."""

from collections.abc import Iterable
from datetime import datetime

from linkwatch.catalogue.catalogue import Catalogue, with_aliases
from linkwatch.report.build import build_report
from linkwatch.report.report import QuotaSummary, Report
from linkwatch.settings import Settings
from linkwatch.store.database import Database
from linkwatch.store.history import last_events
from linkwatch.store.ledger import quota_day
from linkwatch.store.lists import first_seen_of_links
from linkwatch.store.memory import aliases_of, known_of
from linkwatch.store.runs import last_run, scope_of


def report_on(
    catalogue: Catalogue, files: Iterable[str], *, database: Database, settings: Settings, now: datetime
) -> Report:
    """Make the report of these lists from what is remembered.

    Args:
        catalogue: Their links.
        files: The lists that were read.
        database: Where the memory is.
        settings: Levels, limits, and how long a change is reported.
        now: The time of the report.
    """
    files = sorted(set(files))
    with database.read() as connection:
        resolved = with_aliases(catalogue, aliases_of(connection))
        # Lists that were never checked together were perhaps checked apart: then the last run of any stands.
        run = last_run(connection, scope_of(files)) or last_run(connection)
        quota = quota_day(connection, now, settings.quota_per_day)
        return build_report(
            now=now,
            catalogue=resolved,
            known=known_of(connection, resolved.resources()),
            first_seen=first_seen_of_links(connection, files),
            events=last_events(connection),
            run=run,
            quota=None
            if run is None or run.source == "keyless"
            else QuotaSummary(quota.units, quota.limit, quota.turns_at),
            settings=settings,
        )
