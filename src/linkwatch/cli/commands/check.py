"""`linkwatch check`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from linkwatch.cli.loading import without_garbage_collection
from linkwatch.cli.options import (
    CommonOptions,
    allow_empty_option,
    changed_since_option,
    common_options,
    inside_option,
    lists_argument,
    selection_options,
)
from linkwatch.cli.output import (
    ReportingCommand,
    ReportRequest,
    exit_code,
    fix_hint,
    print_remark,
    refuse_to_overwrite,
    remark_unless,
    report_options,
    write_reports,
)
from linkwatch.cli.progress import progress_bars
from linkwatch.services.lists import read_named_lists

if TYPE_CHECKING:
    from linkwatch.services.tally import OnProgress


@click.command("check", cls=ReportingCommand)
@lists_argument
@report_options
@changed_since_option
@selection_options
@inside_option
@allow_empty_option
@common_options
def command(
    common: CommonOptions, lists: tuple[str, ...], request: ReportRequest, allow_empty: bool, changed_since: str | None
) -> int:
    """Ask YouTube now, store the answers, and report.

    With YOUTUBE_API_KEY the Data API is asked, in calls of 50 ids; without it oEmbed, one request for each resource.

    With --changed-since, as for a pull request, only what the new lines name is asked about and reported, and nobody is
    notified.

    \b
    Example:
      linkwatch check README.md courses/
      linkwatch check https://youtu.be/jNQXAC9IVRw
      linkwatch check courses/ --changed-since origin/main
    """
    with without_garbage_collection():
        from linkwatch.services.check_lists import check_lists

    read = read_named_lists(
        lists, common.settings, allow_empty=allow_empty, changed_since=changed_since, remark=remark_unless(common.quiet)
    )
    refuse_to_overwrite(request, read.files, common.settings)
    progress = _progress(shown=not common.quiet)
    with check_lists(read, common.settings, extras=request.extras, progress=progress, say=print_remark) as report:
        write_reports(
            report,
            request,
            quiet=common.quiet,
            verbose=common.verbose,
            hint=lambda shown: fix_hint(shown, lists, common.settings),
        )
    return exit_code(report, request, complete=report.run is not None and report.run.complete)


@contextmanager
def _progress(*, shown: bool) -> Iterator["OnProgress"]:
    with progress_bars(shown=shown) as update:
        yield lambda phase, done, total: update(phase.label, done, total)
