"""The options that commands share."""

import functools
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import click

from linkwatch.cli.streams import log_time
from linkwatch.clock import utc_now
from linkwatch.settings import InspectMode, Settings, load_settings

F = TypeVar("F", bound=Callable[..., Any])

_VERBOSE = "linkwatch.verbose"


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """The values of the options that every command has."""

    settings: Settings
    quiet: bool
    verbose: bool = False


def common_options_unread(function: F) -> F:
    """Give a command `--config`, `--database`, `-q` and `-v`; it gets the first two unread."""

    @click.option("--config", metavar="FILE", help="Settings file [default: linkwatch.toml, if there].")
    @click.option("--database", metavar="URL", help="SQLAlchemy URL or SQLite file [default: sqlite:///linkwatch.db].")
    @click.option(
        "-q",
        "--quiet",
        is_flag=True,
        help="No progress bar, no remarks.",
    )
    @click.option(
        "-v", "--verbose", count=True, help="Show the evidence of findings, and log to stderr; twice: every request."
    )
    @functools.wraps(function)
    def wrapped(*args: Any, verbose: int, **kwargs: Any) -> Any:
        _log(verbose)
        click.get_current_context().meta[_VERBOSE] = verbose > 0
        return function(*args, **kwargs)

    return wrapped  # type: ignore[return-value]  # the wrapper takes what click gives it


def common_options(function: F) -> F:
    """Give a command the same options; it gets them, with the settings loaded, as a `CommonOptions`."""

    @functools.wraps(function)
    def wrapped(
        *args: Any,
        config: str | None,
        database: str | None,
        quiet: bool,
        rules: Sequence[str] = (),
        inside: str | None = None,
        exclude: Sequence[str] = (),
        no_ignore: bool = False,
        **kwargs: Any,
    ) -> Any:
        settings = load_settings(config=config, database=database, rules=rules, inside=inside)
        settings = replace(settings, exclude=settings.exclude + tuple(exclude), use_ignore_files=not no_ignore)
        verbose = click.get_current_context().meta[_VERBOSE]
        return function(CommonOptions(settings, quiet, verbose), *args, **kwargs)

    return common_options_unread(wrapped)  # type: ignore[return-value]  # the wrapper takes what click gives it


def _log(verbose: int) -> None:
    if verbose:
        level = logging.INFO if verbose == 1 else logging.DEBUG
        time = "%(asctime)s " if log_time(utc_now()) else ""
        logging.basicConfig(stream=sys.stderr, level=level, format=f"{time}%(name)s %(message)s")


lists_argument = click.argument("lists", metavar="[LIST]...", nargs=-1)

inside_option = click.option(
    "--inside",
    type=click.Choice([each.value for each in InspectMode]),
    help="How to inspect playlists: off, members (which videos they have), full (also the state of each) "
    "[default: members].",
)

_exclude_option = click.option(
    "--exclude",
    multiple=True,
    metavar="PATTERN",
    help="Leave files out of folders and globs; a pattern as in .gitignore, such as 'archive/' [repeatable].",
)
_no_ignore_option = click.option(
    "--no-ignore", is_flag=True, help="Read what .gitignore (in a git checkout) and .linkwatchignore leave out."
)


def selection_options(function: F) -> F:
    """Give a command `--exclude` and `--no-ignore`, which change its settings."""
    return _exclude_option(_no_ignore_option(function))


changed_since_option = click.option(
    "--changed-since",
    metavar="REV",
    help="Only links on lines that git says are new since this revision, as origin/main or HEAD~1.",
)

allow_empty_option = click.option(
    "--allow-empty", is_flag=True, help="Accept lists without a YouTube link instead of exit code 2."
)
