"""`linkwatch doctor`."""

import click

from linkwatch.cli.exit_codes import ExitCode
from linkwatch.cli.options import common_options_unread
from linkwatch.cli.output import console_for, print_text
from linkwatch.masking import mask

INDENT = " " * 20
"""Below the message of a line."""


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
    code, console = ExitCode.OK, console_for(None)
    for result in examine(config, database):
        if result.problem is not None:
            code = code or codes[result.problem]
        elif quiet:
            continue
        mark, style = ("ok     ", "good") if result.works else ("problem", "error")
        text = f"{result.subject:<9}  {mask(result.message)}"
        lines = console.paragraph(text, lead=f"{mark}  ", lead_style=style, indent=INDENT)
        remedy = console.paragraph(mask(result.remedy), indent=INDENT) if result.remedy else ()
        print_text("".join(f"{line}\n" for line in (*lines, *remedy)))
    return code
