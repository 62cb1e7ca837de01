"""`linkwatch report`."""

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from linkwatch.cli.loading import quick_loading
from linkwatch.cli.options import CommonOptions, allow_empty_option, common_options, lists_argument
from linkwatch.cli.output import ReportingCommand, Wanted, emit, exit_code, refuse_to_overwrite, report_options
from linkwatch.errors import UsageError
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.report.model import Report
from linkwatch.services.lists import ReadLists, read_named_lists
from linkwatch.settings import Settings


@click.command("report", cls=ReportingCommand)
@lists_argument
@report_options
@click.option("--lists-only", is_flag=True, help="Only what the lists alone tell; what is remembered is not looked at.")
@allow_empty_option
@common_options
def command(common: CommonOptions, lists: tuple[str, ...], want: Wanted, allow_empty: bool, lists_only: bool) -> int:
    """Report from what is remembered; no network, and nothing is written.

    \b
    Example:
      linkwatch report README.md --format json --output report.json
      linkwatch report README.md --lists-only --rule uncanonical=warning --fail-on warning
    """
    with quick_loading():
        from linkwatch.acknowledgements.toml_read import read_acks
        from linkwatch.services.offline_report import report_of_lists

    if lists_only and want.new_only:
        raise UsageError(
            "--new-only and --lists-only: only the memory knows what is new", remedy="Leave one of them out."
        )
    settings, now = common.settings, datetime.now(UTC)
    read = read_named_lists(lists, settings, allow_empty=allow_empty)
    refuse_to_overwrite(want, read.files, settings)
    listed_acks = read_acks(settings.acks_file, now)
    if lists_only:
        report = report_of_lists(read.catalogue, settings=settings, now=now, listed_acks=listed_acks)
    else:
        report = _remembered(read, settings, now, want, listed_acks)
    emit(report, want, quiet=common.quiet)
    return exit_code(report, want, complete=True)


def _remembered(
    read: ReadLists, settings: Settings, now: datetime, want: Wanted, listed_acks: Sequence[Acknowledgement] | None
) -> Report:
    with quick_loading():
        from linkwatch.services.report import report_of_lists
        from linkwatch.store.schema import open_database

    with open_database(settings.database_url, create=False) as database:
        return report_of_lists(
            read.catalogue,
            read.files,
            database=database,
            settings=settings,
            now=now,
            extras=want.extras,
            listed_acks=listed_acks,
        )
