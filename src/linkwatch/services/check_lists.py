"""Check some lists once: ask YouTube, report, notify. What `linkwatch check` does."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from linkwatch.acknowledgements.toml_read import read_acks
from linkwatch.clock import utc_now
from linkwatch.report.model import Extra, Report
from linkwatch.services.check import run_check
from linkwatch.services.dependencies import open_check_context
from linkwatch.services.lists import ReadLists
from linkwatch.services.notify import prepare_notifications
from linkwatch.services.report import report_of_check
from linkwatch.settings import Settings


@contextmanager
def check_lists(
    read: ReadLists,
    settings: Settings,
    *,
    extras: frozenset[Extra],
    progress: AbstractContextManager[Callable[[int, int], None]],
    say: Callable[[str], None],
) -> Iterator[Report]:
    """Check the lists and yield the report; the notifications, which may take long, are sent when the block ends.

    Args:
        read: The lists.
        settings: The settings.
        extras: What only some report formats show.
        progress: Entered while YouTube is asked; called with how many of how many resources have been asked about.
        say: Takes a remark, such as why a notification was not sent.

    Raises:
        SettingsError: A template, or the file of acknowledgements, makes no sense; YouTube was not asked.
        StoreError: The database can't be opened; YouTube was not asked.
        IncompleteError: The database failed in the middle; what was committed stays.
    """
    read_acks(settings.acks_file, utc_now())  # an error in it is raised before YouTube is asked
    notifications = prepare_notifications(settings, say)
    with open_check_context(settings) as context:
        with progress as update:
            result = run_check(read.catalogue, read.files, replace(context, progress=update))
        now = utc_now()
        report = report_of_check(
            result,
            read.files,
            database=context.database,
            settings=settings,
            now=now,
            extras=extras,
            listed_acks=read_acks(settings.acks_file, now),  # again: it may have changed during the check
        )
        notifications.queue(report, read.files, context.database, now)
        yield report
        notifications.send(report, context.database)
