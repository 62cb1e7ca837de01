"""What a command tells in one format, on standard output or in a file."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from linkwatch.cli.output import colours, is_coloured, print_text, write_file
from linkwatch.report.formats.terminal import Style, plain

F = TypeVar("F", bound=Callable[..., Any])


def format_options(names: Iterable[str]) -> Callable[[F], F]:
    """Give a command `--format` and `--output`, each once."""

    def decorate(function: F) -> F:
        to_file = click.option("--output", metavar="FILE", help="Write there; else standard output.")
        how = click.option(
            "--format",
            "format_",
            type=click.Choice(list(names)),
            default="terminal",
            show_default=True,
            help="How to tell.",
        )
        return how(to_file(function))

    return decorate


def style_for(output: str | None) -> Style:
    """How a text for a terminal is coloured."""
    return colours() if output is None and is_coloured() else plain


def deliver(text: str, output: str | None) -> None:
    """Write a text where it is wanted.

    Raises:
        UsageError: The file can't be written.
    """
    if output is None:
        print_text(text)
    else:
        write_file(Path(output), [text])
