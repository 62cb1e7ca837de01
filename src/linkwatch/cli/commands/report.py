"""`linkwatch report`."""

import click

from linkwatch.cli.loading import quick_loading
from linkwatch.cli.options import Common, allow_empty_option, common_options, lists_argument
from linkwatch.cli.output import ReportingCommand, Wanted, emit, exit_code, report_options
from linkwatch.cli.reading import read_named_lists


@click.command("report", cls=ReportingCommand)
@lists_argument
@report_options
@allow_empty_option
@common_options
def command(common: Common, lists: tuple[str, ...], want: Wanted, allow_empty: bool) -> int:
    """Report from what is remembered; no network, and nothing is written.

    \b
    Example:
      linkwatch report README.md --format json --output report.json
    """
    with quick_loading():
        from datetime import UTC, datetime

        from linkwatch.reporting import report_on
        from linkwatch.store.schema import open_database

    read = read_named_lists(lists, common.settings, allow_empty=allow_empty)
    with open_database(common.settings.database_url, create=False) as database:
        now = datetime.now(UTC)
        report = report_on(
            read.catalogue, read.files, database=database, settings=common.settings, now=now, extras=want.extras
        )
    emit(report, want)
    return exit_code(report, want, complete=True)
