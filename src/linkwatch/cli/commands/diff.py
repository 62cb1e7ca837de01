"""`linkwatch diff`."""

from datetime import UTC, datetime

import click

from linkwatch.cli.options import CommonOptions, allow_empty_option, common_options, lists_argument
from linkwatch.cli.output import console_for, format_options, remark_unless, write_text
from linkwatch.errors import UsageError
from linkwatch.report.diff import DIFF_FORMATS
from linkwatch.services.lists import read_named_lists
from linkwatch.settings.durations import LONGEST, parse_duration
from linkwatch.text import visible


@click.command("diff")
@lists_argument
@click.option(
    "--since",
    required=True,
    metavar="DATE|TIME",
    help="A date in UTC such as 2026-11-01, or a length of time: 7d, 12h, 2w.",
)
@format_options(DIFF_FORMATS)
@allow_empty_option
@common_options
def command(
    common: CommonOptions, lists: tuple[str, ...], since: str, format_: str, output: str | None, allow_empty: bool
) -> int:
    """Show what has changed in a list since a date; no network.

    The net difference: of a title that changed twice, the first and the last one; a video that was added and removed
    again is not mentioned.

    \b
    Example:
      linkwatch diff --since 7d
      linkwatch diff --since 2026-11-01 README.md --format json
    """
    from linkwatch.report.diff import render
    from linkwatch.report.diff import terminal as terminal_diff
    from linkwatch.services.diff import diff_lists

    now = datetime.now(UTC)
    start = parse_since(since, now)
    read = read_named_lists(lists, common.settings, allow_empty=allow_empty, remark=remark_unless(common.quiet))
    diff = diff_lists(read, common.settings, since=start, now=now)
    is_terminal = format_ == "terminal"
    write_text(
        terminal_diff.render(diff, console=console_for(output, verbose=common.verbose))
        if is_terminal
        else render(format_, diff),
        output,
    )
    return 0


def parse_since(text: str, now: datetime) -> datetime:
    """A day or a length of time → the moment that is meant, aware UTC.

    Raises:
        UsageError: It is neither, or still to come.
    """
    try:
        return now - parse_duration(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"--since must be a day or a length of time of at most {LONGEST.days}d, not {visible(text)}"
        raise UsageError(message, remedy="For example: --since 2026-11-01, or --since 7d") from None
    if moment > now:
        raise UsageError(f"--since {visible(text)} lies in the future", remedy=f"Now it is {now:%Y-%m-%d %H:%M} UTC.")
    return moment
