"""Reports of our own bugs."""

import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

import click

from linkwatch.masking import mask
from linkwatch.version import __version__


def _temporary_folder() -> Path:
    return Path(tempfile.gettempdir())


def report_bug(error: Exception) -> None:
    """Write the traceback, without secrets, to a file, and print its name."""
    text = mask("".join(traceback.format_exception(error)))
    name = f"linkwatch-crash-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.log"
    click.echo(f"linkwatch has a bug: {type(error).__name__}. No link was evaluated by it.", err=True)
    for find_folder in (Path.cwd, _temporary_folder):  # the current one may have been deleted
        try:
            folder = find_folder()
            with (folder / name).open("x", encoding="utf-8") as file:  # "x": never through somebody's link
                file.write(f"linkwatch {__version__}, Python {sys.version}\n\n{text}")
        except OSError:
            continue
        click.echo(f"The details are in {folder / name}; please report them.", err=True)
        return
    click.echo(text, err=True)
