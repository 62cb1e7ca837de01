"""What the dashboard shows first of a schedule's lists: made and stored by each check of the daemon."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

import msgspec

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.records import Revision
from linkwatch.report.condensed import CondensedReport, condense, decode_condensed, encode_condensed
from linkwatch.report.model import QuotaSummary, Report
from linkwatch.services.dashboard import quota_status, states_of_days
from linkwatch.settings import Settings
from linkwatch.store.database import Database
from linkwatch.store.schedules import load_summary, save_summary
from linkwatch.version import __version__


def summary_version(
    lists: str, settings: Settings, revision: Revision, listed_acks: Sequence[Acknowledgement] | None
) -> str:
    """Identify what a report is made from but the time: the same for equal reports, also after a restart.

    Args:
        lists: `ReadLists.version`.
        settings: In force.
        revision: Of the store.
        listed_acks: Of the acknowledgements file; None: there is none.
    """
    # Without secrets, and without what no report depends on.
    shown = replace(settings, api_key=None, notify=(), ping_url=None, dashboard_token=None, database_url="")
    parts = (__version__, lists, shown, settings.api_key is not None, revision, listed_acks)
    return blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def store_summary(database: Database, schedule: str, version: str, report: Report, took: float) -> None:
    """Store the summary of the report of a check.

    Args:
        database: Opened.
        schedule: The key of the schedule.
        version: By `summary_version`.
        report: Of all lists of the schedule.
        took: Seconds that it took to make.
    """
    records = ((item.resource, item.record) for item in report.resources if item.record is not None)
    days = states_of_days(database, records, report.generated_at)
    try:
        document = encode_condensed(condense(report, days, took))
    except UnicodeError:  # a list with bytes that are no text: the dashboard makes a report
        return
    with database.write() as connection:
        save_summary(connection, schedule, version, report.generated_at, document)


def stored_summary(
    database: Database, schedule: str, version: str, settings: Settings, now: datetime
) -> CondensedReport | None:
    """The summary that a check has stored, with the present quota; None: there is none that still holds.

    Args:
        database: Opened.
        schedule: The key of the schedule.
        version: By `summary_version`.
        settings: The quota, and the key whose account it is.
        now: The present time.
    """
    with database.read() as connection:
        document = load_summary(connection, schedule, version)
    if document is None:
        return None
    try:
        condensed = decode_condensed(document)
    except (ValueError, KeyError, msgspec.MsgspecError):
        return None
    if condensed.report.quota is None:
        return condensed
    day = quota_status(database, settings, now)
    return replace(condensed, report=replace(condensed.report, quota=QuotaSummary(day.left, day.limit, day.turns_at)))
