"""`linkwatch doctor`."""

import click

from linkwatch.cli.options import common_options_unread


@click.command("doctor")
@common_options_unread
def command(config: str | None, database: str | None, quiet: bool) -> int:
    """What works, what doesn't, and what to do about it; asks YouTube once, for one quota unit.

    \b
    Example:
      linkwatch doctor
    """
    from linkwatch.cli.doctor import examine

    worst = 0
    for finding in examine(config, database):
        if quiet and finding.works:
            continue
        mark = click.style("ok     ", fg="green") if finding.works else click.style("problem", fg="red")
        click.echo(f"{mark}  {finding.subject:<9}  {finding.message}")
        if finding.remedy:
            click.echo(f"{'':<20}{finding.remedy}")
        worst = worst or finding.exit_code
    return worst
