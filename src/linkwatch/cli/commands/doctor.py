"""`linkwatch doctor`."""

import click

from linkwatch.cli.exit_codes import ExitCode
from linkwatch.cli.options import common_options_unread


@click.command("doctor")
@common_options_unread
def command(config: str | None, database: str | None, quiet: bool) -> int:
    """Report what works, what doesn't, and what to do about it. With a key it costs one quota unit.

    The exit code is that of the first problem: 2 for settings, lists or the database, 3 for the rest. -q prints
    problems only.

    \b
    Example:
      linkwatch doctor
    """
    from linkwatch.services.doctor import Problem, examine

    codes = {Problem.USAGE: ExitCode.USAGE, Problem.INCOMPLETE: ExitCode.INCOMPLETE}
    code = ExitCode.OK
    for result in examine(config, database):
        if result.problem is not None:
            code = code or codes[result.problem]
        elif quiet:
            continue
        mark = click.style("ok     ", fg="green") if result.works else click.style("problem", fg="red")
        click.echo(f"{mark}  {result.subject:<9}  {result.message}")
        if result.remedy:
            click.echo(f"{'':<20}{result.remedy}")
    return code
