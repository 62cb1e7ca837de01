"""`linkwatch show`."""

from datetime import UTC, datetime

import click

from linkwatch.cli.options import CommonOptions, common_options
from linkwatch.cli.output import deliver, format_options, style_for
from linkwatch.errors import UsageError
from linkwatch.report.resource import HISTORY_FORMATS
from linkwatch.urls.parse import parse_reference


@click.command("show")
@click.argument("reference", metavar="URL|ID")
@format_options(HISTORY_FORMATS)
@common_options
def command(common: CommonOptions, reference: str, format_: str, output: str | None) -> int:
    """Everything known of one resource, over time; no network.

    \b
    Example:
      linkwatch show PL49CF3715CB9EF31D
      linkwatch show PL49CF3715CB9EF31D --format html --output life.html
    """
    from linkwatch.acknowledgements.toml_read import read_acks
    from linkwatch.report.resource import render
    from linkwatch.report.resource import terminal as terminal_life
    from linkwatch.services.show import resource_history
    from linkwatch.store.schema import open_database

    named = parse_reference(reference)
    if named is None:
        raise UsageError(
            f"{reference!r} is no YouTube URL or id", remedy="For example: linkwatch show PL49CF3715CB9EF31D"
        )
    settings, now = common.settings, datetime.now(UTC)
    listed_acks = read_acks(settings.acks_file, now)
    with open_database(settings.database_url, create=False) as database:
        life = resource_history(named, database=database, now=now, listed_acks=listed_acks)
    if life is None:
        raise UsageError(f"nothing is known of {named.kind} {named.id}", remedy="Check a list that has it first.")
    in_colour = format_ == "terminal"
    deliver(terminal_life.render(life, style=style_for(output)) if in_colour else render(format_, life), output)
    return 0
