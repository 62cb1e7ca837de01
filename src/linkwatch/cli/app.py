"""The `linkwatch` command: its subcommands, loaded when called, and the one place where errors become exit codes."""

import importlib
import os
import signal
import sys

import click

from linkwatch import __version__
from linkwatch.cli.exit_codes import ExitCode
from linkwatch.cli.front import COMMANDS, HELP
from linkwatch.cli.loading import without_garbage_collection
from linkwatch.errors import IncompleteError, LinkwatchError


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
    return _exit_code(arguments)


def _interrupt(_signal: int, _frame: object) -> None:
    """Handle SIGTERM like Ctrl-C."""
    raise KeyboardInterrupt


def _exit_code(arguments: list[str]) -> int:
    try:
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
    except BrokenPipeError:
        # The reader of our output has closed it, as `head` does: that is no error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except Exception as error:  # the last resort: a bug
        # Here, not above: its imports take a third of the time of a --help.
        from linkwatch.cli.crash import report_bug  # noqa: PLC0415

        report_bug(error)
        code = ExitCode.BUG
    return int(code or 0)


def _colour() -> bool | None:
    """Whether messages are coloured; None: where they go to a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def _explain(error: LinkwatchError) -> None:
    # Here, not above: only an error pays for it.
    from linkwatch.cli.output import print_error  # noqa: PLC0415

    print_error(error.message, error.remedy)
