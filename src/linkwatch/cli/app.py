"""The `linkwatch` command: its subcommands, loaded when called, and the one place where errors become exit codes."""

import errno
import importlib
import os
import signal
from pathlib import Path

import click

from linkwatch.cli.exit_codes import ExitCode
from linkwatch.cli.front import COMMANDS, HELP
from linkwatch.cli.loading import without_garbage_collection
from linkwatch.cli.streams import discard_output, flush_output
from linkwatch.errors import IncompleteError, LinkwatchError, OutputError, ResourceError, UsageError
from linkwatch.files import NO_SPACE
from linkwatch.version import __version__


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        with without_garbage_collection():
            command: click.Command = importlib.import_module(f"linkwatch.cli.commands.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of one that there is not, name the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            # Here, not above: only a mistake pays for it.
            from linkwatch.cli.suggestions import closest  # noqa: PLC0415

            suggestion = closest(args[0], COMMANDS)
            if suggestion is None:
                raise
            raise click.UsageError(f"{error.message} {suggestion}", ctx) from None

    def get_help(self, ctx: click.Context) -> str:
        return HELP


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="linkwatch")
def app() -> None:
    """Check the YouTube links in your lists."""


def run(arguments: list[str]) -> int:
    """Run a command; returns one of the contract's exit codes."""
    signal.signal(signal.SIGTERM, _interrupt)
    return flush_output(_exit_code(arguments))


def _interrupt(_signal: int, _frame: object) -> None:
    """Handle SIGTERM like Ctrl-C."""
    raise KeyboardInterrupt


def _require_folder() -> None:
    try:
        Path.cwd()
    except OSError as error:
        remedy = "Change to a folder that exists, and run the command again."
        raise UsageError(f"the current folder: {error.strerror or error}", remedy=remedy) from None


def _exit_code(arguments: list[str]) -> int:
    try:
        _require_folder()
        code = app.main(args=arguments, prog_name="linkwatch", standalone_mode=False, color=_colour())
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted. The answers received so far are kept.", err=True)
        return ExitCode.INTERRUPTED
    except LinkwatchError as error:
        _explain(error)
        return ExitCode.INCOMPLETE if isinstance(error, IncompleteError) else ExitCode.USAGE
    except (BrokenPipeError, SystemExit):  # click turns the first into the second
        # The reader of our output has closed it, as `head` does: that is no error.
        discard_output()
        return ExitCode.OK
    except Exception as error:  # the last resort: a bug
        if (lack := _lack(error)) is not None:
            _explain(lack)
            code = ExitCode.INCOMPLETE
        else:
            code = _report(error)
    return int(code or 0)


def _report(error: Exception) -> ExitCode:
    # Here, not above: its imports take a third of the time of a --help.
    from linkwatch.cli.crash import report_bug  # noqa: PLC0415

    report_bug(error)
    return ExitCode.BUG


def _colour() -> bool | None:
    """Whether messages are coloured; None: where they go to a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


_SCARCE = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}


def _lack(error: Exception) -> IncompleteError | None:
    """What this machine lacks, if that is the error: it is no bug of ours."""
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        return OutputError(str(error.strerror), remedy="Free some space; what was stored is safe.")
    if isinstance(error, OSError) and error.errno in _SCARCE:
        return ResourceError(str(error.strerror), remedy="See the limits of the process: ulimit -a")
    if isinstance(error, MemoryError) or "can't start new thread" in str(error):
        return ResourceError("there is not enough memory", remedy="See the limits of the process: ulimit -a")
    return None


def _explain(error: LinkwatchError) -> None:
    # Here, not above: only an error pays for it.
    from linkwatch.cli.output import print_error  # noqa: PLC0415

    print_error(error.message, error.remedy)
