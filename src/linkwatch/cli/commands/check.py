"""`linkwatch check`."""

import click

from linkwatch.cli.loading import quick_loading
from linkwatch.cli.options import CommonOptions, allow_empty_option, common_options, inside_option, lists_argument
from linkwatch.cli.output import ReportingCommand, Wanted, emit, exit_code, refuse_to_overwrite, report_options
from linkwatch.cli.progress import progress_bar
from linkwatch.clock import utc_now
from linkwatch.services.lists import read_named_lists
from linkwatch.services.notify import prepare_notifications


@click.command("check", cls=ReportingCommand)
@lists_argument
@report_options
@inside_option
@allow_empty_option
@common_options
def command(common: CommonOptions, lists: tuple[str, ...], want: Wanted, allow_empty: bool) -> int:
    """Ask YouTube now, remember, report.

    With YOUTUBE_API_KEY the Data API is asked, in calls of 50; without, oEmbed, one request a link.

    \b
    Example:
      linkwatch check README.md courses/
    """
    with quick_loading():
        from linkwatch.acknowledgements.toml_read import read_acks
        from linkwatch.services.check import run_check
        from linkwatch.services.dependencies import check_context
        from linkwatch.services.report import report_of_check
        from linkwatch.store.schema import open_database

    settings = common.settings
    read = read_named_lists(lists, settings, allow_empty=allow_empty)
    refuse_to_overwrite(want, read.files, settings)
    read_acks(settings.acks_file, utc_now())  # what is wrong with it is said before YouTube is asked
    telling = prepare_notifications(settings)
    with open_database(settings.database_url) as database:
        with progress_bar(shown=not common.quiet) as progress:
            checked = run_check(read.catalogue, read.files, check_context(settings, database, progress=progress))
        now = utc_now()
        listed_acks = read_acks(settings.acks_file, now)  # again: somebody may have accepted something meanwhile
        report = report_of_check(
            checked,
            read.catalogue,
            read.files,
            database=database,
            settings=settings,
            now=now,
            extras=want.extras,
            listed_acks=listed_acks,
        )
        telling.queue(report, read.files, database, now)
        emit(report, want, quiet=common.quiet)
        telling.send(report, database)
    return exit_code(report, want, complete=report.run is not None and report.run.complete)
