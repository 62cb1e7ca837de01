"""The command line: parses arguments, calls the services, prints, and turns errors into exit codes.

app.py          the command group, and errors → exit codes
commands/       one module a command
front.py        `--help` and `--version`, without click
options.py      the options that commands share
output.py       report formats, files, colour
exit_codes.py   the exit codes
progress.py     the progress bar
crash.py        reports of our own bugs
streams.py      standard streams that are closed or full
demo.py         the month of `linkwatch demo`
loading.py      imports without garbage collection
"""

import os
import sys

from linkwatch.cli.front import static_answer


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with one of the contract's codes."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from linkwatch.cli.streams import open_closed_streams  # noqa: PLC0415  # hardly ever needed

        open_closed_streams()
    given = sys.argv[1:] if arguments is None else arguments
    answer = static_answer(given)
    if answer is not None:
        from linkwatch.cli.streams import write_output  # noqa: PLC0415

        sys.exit(write_output(f"{answer}\n"))
    from linkwatch.masking import MaskedStream, hide_environment  # noqa: PLC0415  # nor this

    hide_environment(os.environ)
    sys.stderr = MaskedStream(sys.stderr)
    from linkwatch.cli.loading import without_garbage_collection  # noqa: PLC0415  # not for a --help

    with without_garbage_collection():
        from linkwatch.cli.app import run  # noqa: PLC0415  # it loads click

    sys.exit(run(given))
