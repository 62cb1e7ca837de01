"""`linkwatch show`."""

from datetime import UTC, datetime

import click

from linkwatch.cli.options import CommonOptions, common_options
from linkwatch.cli.output import console_for, format_options, write_text
from linkwatch.errors import UsageError
from linkwatch.report.resource import HISTORY_FORMATS


@click.command("show")
@click.argument("reference", metavar="URL|ID|FILE:LINE|TITLE")
@format_options(HISTORY_FORMATS)
@common_options
def command(common: CommonOptions, reference: str, format_: str, output: str | None) -> int:
    """Show the history of one resource: states, titles, counts, videos; no network.

    It takes what reports print: a URL, an id, the place of a link, a title or a label.

    \b
    Example:
      linkwatch show PL49CF3715CB9EF31D
      linkwatch show README.md:14
      linkwatch show "Linear Algebra"
      linkwatch show PL49CF3715CB9EF31D --format html --output history.html
    """
    from linkwatch.report.resource import render
    from linkwatch.report.resource import terminal as terminal_history
    from linkwatch.services.show import find_resource, stored_history

    named = find_resource(reference, common.settings)
    history = stored_history(named, common.settings, datetime.now(UTC))
    if history is None:
        raise UsageError(f"no check has found {named.kind} {named.id} yet", remedy="Check a list that has it first.")
    is_terminal = format_ == "terminal"
    write_text(
        terminal_history.render(history, console=console_for(output, verbose=common.verbose))
        if is_terminal
        else render(format_, history),
        output,
    )
    return 0
