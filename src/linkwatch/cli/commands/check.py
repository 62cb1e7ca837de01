"""`linkwatch check`."""

import click

from linkwatch.cli.loading import quick_loading
from linkwatch.cli.options import Common, allow_empty_option, common_options, lists_argument
from linkwatch.cli.output import ReportingCommand, Wanted, emit, exit_code, report_options
from linkwatch.cli.progress import progress_bar
from linkwatch.cli.reading import read_named_lists


@click.command("check", cls=ReportingCommand)
@lists_argument
@report_options
@allow_empty_option
@common_options
def command(common: Common, lists: tuple[str, ...], want: Wanted, allow_empty: bool) -> int:
    """Ask YouTube now, remember, report.

    With YOUTUBE_API_KEY the Data API is asked, in calls of 50; without, oEmbed, one request a link.

    \b
    Example:
      linkwatch check README.md courses/
    """
    with quick_loading():
        from linkwatch.check import run_check
        from linkwatch.reporting import report_on
        from linkwatch.store.schema import open_database
        from linkwatch.wiring import collaborators, utc_now

    read = read_named_lists(lists, common.settings, allow_empty=allow_empty)
    with open_database(common.settings.database_url) as database:
        with progress_bar(shown=not common.quiet) as progress:
            checked = run_check(read.catalogue, read.files, collaborators(common.settings, database, progress=progress))
        report = report_on(
            read.catalogue,
            read.files,
            database=database,
            settings=common.settings,
            now=utc_now(),
            checked=checked,
            extras=want.extras,
        )
    emit(report, want)
    return exit_code(report, want, complete=report.run is not None and report.run.complete)
