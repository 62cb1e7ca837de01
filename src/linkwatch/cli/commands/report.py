"""`linkwatch report`."""

from datetime import UTC, datetime

import click

from linkwatch.cli.loading import without_garbage_collection
from linkwatch.cli.options import (
    CommonOptions,
    allow_empty_option,
    changed_since_option,
    common_options,
    lists_argument,
    selection_options,
)
from linkwatch.cli.output import (
    ReportingCommand,
    ReportRequest,
    exit_code,
    fix_hint,
    refuse_to_overwrite,
    remark_unless,
    report_options,
    write_reports,
)
from linkwatch.errors import UsageError
from linkwatch.services.lists import read_named_lists


@click.command("report", cls=ReportingCommand)
@lists_argument
@report_options
@click.option("--lists-only", is_flag=True, help="Only the findings that the lists alone give, without the database.")
@changed_since_option
@selection_options
@allow_empty_option
@common_options
def command(
    common: CommonOptions,
    lists: tuple[str, ...],
    request: ReportRequest,
    allow_empty: bool,
    lists_only: bool,
    changed_since: str | None,
) -> int:
    """Report from the database, without a check; no network, and nothing is written.

    \b
    Example:
      linkwatch report README.md --format json --output report.json
      linkwatch report README.md --lists-only --rule uncanonical=warning --fail-on warning
      linkwatch report --lists-only --changed-since HEAD README.md
    """
    with without_garbage_collection():
        from linkwatch.acknowledgements.toml_read import read_acks
        from linkwatch.services.offline_report import report_lists_only

    if lists_only and request.new_only:
        raise UsageError(
            "--new-only and --lists-only exclude each other: only the database records what is new",
            remedy="Leave out one of them.",
        )
    settings, now = common.settings, datetime.now(UTC)
    read = read_named_lists(
        lists, settings, allow_empty=allow_empty, changed_since=changed_since, remark=remark_unless(common.quiet)
    )
    refuse_to_overwrite(request, read.files, settings)
    if lists_only:
        acks = read_acks(settings.acks_file, now)
        report = report_lists_only(read.catalogue, settings=settings, now=now, listed_acks=acks)
    else:
        with without_garbage_collection():
            from linkwatch.services.report import stored_report

        report = stored_report(read, settings, now=now, extras=request.extras)
    report = read.judged(report)
    write_reports(
        report,
        request,
        quiet=common.quiet,
        verbose=common.verbose,
        hint=lambda shown: fix_hint(shown, lists, settings),
    )
    return exit_code(report, request, complete=True)
