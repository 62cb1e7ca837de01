"""Check some lists once: ask YouTube, report, notify. What `linkwatch check` does."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from linkwatch.acknowledgements.toml_read import read_acks
from linkwatch.clock import utc_now
from linkwatch.exchange import new_client
from linkwatch.models.records import Coverage
from linkwatch.report.model import Extra, Report
from linkwatch.services.check import run_check
from linkwatch.services.context import CheckContext
from linkwatch.services.dependencies import open_check_context
from linkwatch.services.lists import ReadLists
from linkwatch.services.notify import prepare_notifications
from linkwatch.services.report import report_of_check
from linkwatch.services.tally import CheckResult, OnProgress
from linkwatch.settings import Settings
from linkwatch.store.channels import load_aliases
from linkwatch.youtube.http import ClientFactory


@contextmanager
def check_lists(
    read: ReadLists,
    settings: Settings,
    *,
    extras: frozenset[Extra],
    progress: AbstractContextManager[OnProgress],
    say: Callable[[str], None],
    client_factory: ClientFactory = new_client,
) -> Iterator[Report]:
    """Check the lists and yield the report; the notifications, which may take long, are sent when the block ends.

    A check of changed lines alone notifies nobody, nor does it ping: what it finds is of whoever changed them.

    Args:
        read: The lists.
        settings: The settings.
        extras: What only some report formats show.
        progress: Entered and called while YouTube is asked.
        say: Takes a remark, such as why a notification was not sent.
        client_factory: Makes httpx clients, one a thread.

    Raises:
        SettingsError: A template, or the file of acknowledgements, makes no sense; YouTube was not asked.
        StoreError: The database can't be opened; YouTube was not asked.
        IncompleteError: The database failed in the middle; what was committed stays.
    """
    read_acks(settings.acks_file, utc_now())  # an error in it is raised before YouTube is asked
    notifications = prepare_notifications(settings, say)
    with open_check_context(settings, client_factory=client_factory) as context:
        with progress as update:
            result = _check(read, replace(context, progress=update))
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
        if read.changed is not None:
            yield read.judged(report)
            return
        notifications.queue(report, read.files, context.database, now)
        yield report
        notifications.send(report, context.database)


def _check(read: ReadLists, context: CheckContext) -> CheckResult:
    if read.changed is None:
        return run_check(read.catalogue, read.files, context)
    with context.database.read() as connection:
        only = read.resources_on_changed_lines(load_aliases(connection))
    return run_check(read.catalogue, read.files, context, only=only, coverage=Coverage.CHANGED)
