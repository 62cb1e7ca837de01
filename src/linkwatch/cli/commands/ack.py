"""`linkwatch ack`."""

from datetime import UTC, datetime

import click

from linkwatch.cli.options import CommonOptions, common_options
from linkwatch.cli.output import print_lines
from linkwatch.errors import UsageError


@click.command("ack")
@click.argument("words", metavar="[URL|ID|RULE]...", nargs=-1)
@click.option("--reason", metavar="TEXT", help="Why; required to acknowledge something.")
@click.option("--until", metavar="DATE", help="Last day of the acknowledgement, in UTC, such as 2026-12-31.")
@click.option("--list", "action", flag_value="list", help="List the acknowledgements, also those that have ended.")
@click.option("--remove", "action", flag_value="remove", help="Remove acknowledgements.")
@click.option("--export", "action", flag_value="export", help="Write linkwatch-acks.toml, if there is none yet.")
@common_options
def command(
    common: CommonOptions, words: tuple[str, ...], reason: str | None, until: str | None, action: str | None
) -> int:
    """Acknowledge findings: they are still shown, and fail no check; no network.

    An id alone covers every finding about it, a rule alone what it has found so far, both together that rule for that
    id. An acknowledgement ends with its date, or when a check no longer makes the finding. If there is a
    linkwatch-acks.toml, it is updated too, and takes precedence over the database. Put an id that begins with - behind
    --, or give its URL.

    \b
    Example:
      linkwatch ack PL49CF3715CB9EF31D dead --reason "the author is moving it" --until 2026-12-31
      linkwatch ack --remove PL49CF3715CB9EF31D
    """
    from linkwatch.services.acknowledge import (
        acknowledge,
        acknowledgement_table,
        export_acknowledgements,
        remove_acknowledgements,
    )

    settings, now = common.settings, datetime.now(UTC)
    if action is not None and (reason is not None or until is not None):
        raise UsageError(f"--{action} takes neither --reason nor --until")
    if action in {"list", "export"} and words:
        raise UsageError(f"--{action} takes no URL, id or rule", remedy=f"For example: linkwatch ack --{action}")
    match action:
        case "list":
            lines = acknowledgement_table(settings, now)
        case "export":
            lines = export_acknowledgements(settings, now)
        case "remove":
            lines = remove_acknowledgements(settings, now, words)
        case _:
            lines = acknowledge(settings, now, words, reason, until)
    print_lines(lines)
    return 0
