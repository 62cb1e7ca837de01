"""The `linkwatch` command: its subcommands by name, loaded when called, and the one place where errors become exits."""

import importlib
import os
import signal
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from linkwatch import __version__
from linkwatch.cli.exit_codes import ExitCode
from linkwatch.errors import IncompleteError, LinkwatchError

COMMANDS = {
    "check": "Ask YouTube now, remember, report.",
    "report": "Report from what is remembered; no network.",
    "plan": "The calls and quota units a check would cost; no network.",
    "extract": "The YouTube links of any text, as resources.csv rows.",
    "show": "Everything known of one resource, over time.",
    "demo": "A month in the life of a list, on a simulated YouTube.",
    "simulate": "The simulated YouTube, served on 127.0.0.1.",
    "doctor": "What works, what doesn't, and what to do about it.",
    "db": "Upgrade, back up or prune the database.",
}
"""Each lives in `cli/commands/NAME.py` as `command`; said here so that `--help` need not load them."""


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"linkwatch.cli.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="linkwatch")
def app() -> None:
    """Watch the YouTube links of your lists: what died, what changed, what is listed twice.

    \b
    Example:
      linkwatch check README.md
    """


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with one of the contract's codes."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(_run(arguments))


def _interrupt(_signal: int, _frame: object) -> None:
    """A SIGTERM is a Ctrl-C: what was learned so far is kept."""
    raise KeyboardInterrupt


def _run(arguments: list[str] | None) -> int:
    try:
        code = app.main(args=arguments, prog_name="linkwatch", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted. What was learned so far is kept.", err=True)
        return ExitCode.INTERRUPTED
    except LinkwatchError as error:
        _explain(error)
        return ExitCode.INCOMPLETE if isinstance(error, IncompleteError) else ExitCode.USAGE
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does: nothing is wrong, and nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except Exception as error:  # the last resort, told with its log file
        _report_bug(error)
        code = ExitCode.BUG
    return int(code or 0)


def _explain(error: LinkwatchError) -> None:
    click.echo(f"{click.style('Error:', fg='red')} {error.message}", err=True)
    if error.remedy:
        click.echo(f"  {error.remedy}", err=True)


def _report_bug(error: Exception) -> None:
    """Write the traceback to a file, without the key, and say where it is."""
    text = "".join(traceback.format_exception(error))
    if key := os.environ.get("YOUTUBE_API_KEY", "").strip():
        text = text.replace(key, "…")
    name = f"linkwatch-crash-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.log"
    click.echo(f"linkwatch has a bug: {type(error).__name__}. No link was judged by it.", err=True)
    for folder in (Path.cwd(), Path(tempfile.gettempdir())):
        try:
            (folder / name).write_text(f"linkwatch {__version__}, Python {sys.version}\n\n{text}", "utf-8")
        except OSError:
            continue
        click.echo(f"The details are in {folder / name}; please report them.", err=True)
        return
    click.echo(text, err=True)
