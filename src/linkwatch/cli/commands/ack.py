"""`linkwatch ack`."""

from datetime import UTC, datetime

import click

from linkwatch.cli.options import CommonOptions, common_options
from linkwatch.errors import UsageError


@click.command("ack")
@click.argument("words", metavar="[URL|ID|RULE]...", nargs=-1)
@click.option("--reason", metavar="TEXT", help="Why; needed to accept something.")
@click.option("--until", metavar="DATE", help="The last day that it counts, in UTC, such as 2026-12-31.")
@click.option("--list", "action", flag_value="list", help="What is accepted, and whether it still counts.")
@click.option("--remove", "action", flag_value="remove", help="Accept these no longer.")
@click.option("--export", "action", flag_value="export", help="Write the file for reviewers, if it is not there yet.")
@common_options
def command(
    common: CommonOptions, words: tuple[str, ...], reason: str | None, until: str | None, action: str | None
) -> int:
    """Accept what is known: it is shown, and fails no check; no network.

    An id alone: whatever is found about it. A rule alone: whatever it has found so far. Both: that rule about that id.
    It counts until its date, or until a check sees that it is over. Where there is a linkwatch-acks.toml, it is
    changed too, and what stands there is what counts. An id that begins with - goes behind --, or give its URL.

    \b
    Example:
      linkwatch ack PL49CF3715CB9EF31D dead --reason "it moves, says the author" --until 2026-12-31
      linkwatch ack --remove PL49CF3715CB9EF31D
    """
    from linkwatch.services import acknowledge as accepting

    settings, now = common.settings, datetime.now(UTC)
    if action is not None and (reason is not None or until is not None):
        raise UsageError(f"--{action} takes neither --reason nor --until")
    if action in {"list", "export"} and words:
        raise UsageError(f"--{action} takes no URL, id or rule", remedy=f"For example: linkwatch ack --{action}")
    match action:
        case "list":
            lines = accepting.listing(settings, now)
        case "export":
            lines = accepting.export(settings, now)
        case "remove":
            lines = accepting.remove(settings, now, words)
        case _:
            lines = accepting.accept(settings, now, words, reason, until)
    for line in lines:
        click.echo(line)
    return 0
