"""The command line: parses, calls, and turns errors into exit codes; what it calls decides nothing about exits."""

import sys

from linkwatch.cli.front import plain_answer


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with one of the contract's codes."""
    given = sys.argv[1:] if arguments is None else arguments
    answer = plain_answer(given)
    if answer is not None:
        sys.stdout.write(f"{answer}\n")
        sys.exit(0)
    from linkwatch.cli.loading import quick_loading  # noqa: PLC0415  # not for a --help

    with quick_loading():
        from linkwatch.cli.app import run  # noqa: PLC0415  # it loads click

    sys.exit(run(given))
