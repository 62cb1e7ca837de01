"""Writing reports: formats paired with files, colour for terminals only, and the exit code."""

import functools
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from linkwatch.cli.exit_codes import ExitCode
from linkwatch.errors import LinkwatchError, OutputError, UsageError
from linkwatch.files import NO_SPACE, write_atomically
from linkwatch.models.rules import RULES, Level
from linkwatch.plugins import PluginError
from linkwatch.report.build import only_new
from linkwatch.report.console import Console, plain
from linkwatch.report.formats import FORMATS, format_names, needs_of, pieces, terminal
from linkwatch.report.model import Extra, Report
from linkwatch.report.summary import is_complete
from linkwatch.settings import Settings, load_settings

F = TypeVar("F", bound=Callable[..., Any])

STANDARD_OUTPUT = "-"
"""What names standard output where a file can be named."""


def format_options(names: Iterable[str]) -> Callable[[F], F]:
    """Give a command `--format` and `--output`, each once."""

    def decorate(function: F) -> F:
        to_file = click.option(
            "--output",
            metavar="FILE",
            callback=lambda _context, _option, file: None if file == STANDARD_OUTPUT else file,
            help="File to write; - or none for standard output.",
        )
        how = click.option(
            "--format",
            "format_",
            type=click.Choice(list(names)),
            default="terminal",
            show_default=True,
            help="Output format.",
        )
        return how(to_file(function))

    return decorate


def console_for(output: str | None, *, verbose: bool = False) -> Console:
    """The console for text that goes to standard output or to a file.

    Args:
        output: The file; None: standard output.
        verbose: Whether to show the evidence, and addresses in full.
    """
    if output is not None:
        return Console(verbose=verbose)
    is_terminal = sys.stdout.isatty()
    return Console(
        style=_coloured if is_coloured() else plain,
        width=shutil.get_terminal_size().columns if is_terminal else None,
        hyperlinks=is_terminal and knows_hyperlinks(os.environ),
        verbose=verbose,
    )


def is_coloured(stream: TextIO | None = None) -> bool:
    """Colour for a terminal, or where `FORCE_COLOR` wants it, as CI logs do; `NO_COLOR` says no before both.

    Args:
        stream: What is written to; None: standard output.
    """
    if os.environ.get("NO_COLOR"):
        return False
    is_terminal = (sys.stdout if stream is None else stream).isatty()
    return bool(os.environ.get("FORCE_COLOR")) or (is_terminal and os.environ.get("TERM") != "dumb")


def knows_hyperlinks(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is one of those that show links with a text of their own (OSC 8).

    Others would print nothing odd, but hide where the link leads. `FORCE_HYPERLINK=1` or `=0` says it outright, as it
    does to other programs.
    """
    forced = environment.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced not in {"", "0"}
    if environment.get("TERM_PROGRAM") in {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"}:
        return True
    if environment.get("TERM") in {"xterm-kitty", "alacritty", "foot", "xterm-ghostty"}:
        return True
    if {"WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM"} & environment.keys():
        return True
    vte = environment.get("VTE_VERSION", "")
    return vte.isdecimal() and int(vte) >= 5000


def write_text(text: str, output: str | None) -> None:
    """Write a text to standard output or to a file.

    Raises:
        UsageError: The file can't be written.
    """
    if output is None:
        print_text(text)
    else:
        write_file(Path(output), [text])


_COLOURS: dict[str, dict[str, Any]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow"},
    "notice": {"fg": "cyan"},
    "good": {"fg": "green"},
    "heading": {"bold": True},
    "faint": {"dim": True},
}


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """The reports that a command line asks for."""

    targets: tuple[tuple[str, str | None], ...]
    """Formats and the files they go to; None is standard output."""

    fail_on: str
    new_only: bool

    @property
    def extras(self) -> frozenset[Extra]:
        """The parts of the report that only these formats need."""
        return frozenset().union(*(needs_of(name) for name, _ in self.targets))


class ReportingCommand(click.Command):
    """A command whose `--output` belongs to the `--format` before it: click itself forgets the order."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note the order of the two options."""
        given, _, order = self.make_parser(ctx).parse_args(args=list(args))
        _enable_plugins(self, given, wants_help=not set(ctx.help_option_names).isdisjoint(args))
        ctx.meta["linkwatch.order"] = [p.name for p in order if p.name in {"formats", "outputs"}]
        return super().parse_args(ctx, args)


def _enable_plugins(command: click.Command, given: Mapping[str, Any], *, wants_help: bool) -> None:
    """Make the formats and rules of plug-ins known before the options are, where the help or a format needs that.

    Args:
        command: Has the option `--format`.
        given: The options as they were given.
        wants_help: Whether its help is shown.
    """
    unknown = not FORMATS.keys() >= set(given.get("formats") or ())
    try:
        if wants_help or unknown:
            load_settings(config=given.get("config"))
    except LinkwatchError:
        if not wants_help:  # which must be there for whoever mends the settings
            raise
    for parameter in command.params:
        if parameter.name == "formats":
            parameter.type = click.Choice(format_names())


class RuleOption(click.Option):
    """`--rule`, whose help names every rule that is registered."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help."""
        record = super().get_help_record(ctx)
        return record and (record[0], f"{record[1]} Levels: {', '.join(Level)}. Rules: {', '.join(RULES)}.")


def report_options(function: F) -> F:
    """Give a command `--format`, `--output`, `--fail-on` and `--new-only`, as a `ReportRequest` named `request`.

    And `--rule`, which goes into the settings that it gets by `common_options`.
    """

    @functools.wraps(function)
    def wrapped(
        *args: Any, formats: Sequence[str], outputs: Sequence[str], fail_on: str, new_only: bool, **kwargs: Any
    ) -> Any:
        return function(*args, request=_report_request(formats, outputs, fail_on, new_only=new_only), **kwargs)

    decorated: Any = wrapped
    for option in (
        click.option(
            "--new-only",
            is_flag=True,
            help="Only what is new since the previous check: a finding, or the link that it is about. With -q, no "
            "output if nothing is new.",
        ),
        click.option(
            "--fail-on",
            type=click.Choice(["error", "warning", "never"]),
            default="error",
            show_default=True,
            help="The lowest level of findings that gives exit code 1.",
        ),
        click.option(
            "--rule",
            "rules",
            cls=RuleOption,
            metavar="NAME=LEVEL",
            multiple=True,
            help="Set the level of a rule, such as dead=warning or grown=off; repeatable.",
        ),
        click.option(
            "--output",
            "outputs",
            metavar="FILE",
            multiple=True,
            help="File for the preceding --format; - or none for standard output.",
        ),
        click.option(
            "--format",
            "formats",
            type=click.Choice(list(FORMATS)),
            multiple=True,
            help="Report format; repeatable [default: terminal].",
        ),
    ):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]  # the wrapper takes what click gives it


def _report_request(formats: Sequence[str], outputs: Sequence[str], fail_on: str, *, new_only: bool) -> ReportRequest:
    """Pair formats with files in the order of the command line.

    Raises:
        UsageError: An `--output` without a `--format` of its own, or two formats on standard output.
    """
    order: list[str] = click.get_current_context().meta["linkwatch.order"]
    left_formats, left_outputs = iter(formats), iter(outputs)
    targets: list[tuple[str, str | None]] = []
    for option in order:
        if option == "formats":
            targets.append((next(left_formats), None))
        elif not targets or targets[-1][1] is not None:
            raise UsageError(
                "--output without a --format of its own", remedy="For example: --format json --output a.json"
            )
        else:
            targets[-1] = (targets[-1][0], next(left_outputs))
    paired = tuple((name, None if file == STANDARD_OUTPUT else file) for name, file in targets)
    if sum(file is None for _, file in paired) > 1:
        raise UsageError("two formats for standard output", remedy="Give each but one its own --output FILE.")
    return ReportRequest(paired or (("terminal", None),), fail_on, new_only)


def refuse_to_overwrite(request: ReportRequest, files: Iterable[str], settings: Settings) -> None:
    """Make sure, before anything is asked, that no report overwrites a file that it is made from.

    Args:
        request: The reports.
        files: The lists that were read.
        settings: They name the database and the other files that are read.

    Raises:
        UsageError: A report would overwrite one of them, or another report, or it can't be a file at all.
    """
    database = settings.database_url.removeprefix("sqlite:///")
    kept = {os.path.realpath(file) for file in (*files, database, settings.acks_file, settings.origin) if file}
    for _, file in request.targets:
        if file is None:
            continue
        if not file or Path(file).is_dir():
            raise UsageError(f"--output {file!r}: not the name of a file", remedy="For example: --output report.html")
        place = os.path.realpath(file)
        if place in kept:
            raise UsageError(
                f"--output {file}: the report is made from this file, or another report goes there",
                remedy="Name another file.",
            )
        kept.add(place)


MOST_LINKS_FIXED = 10_000
"""Of a report that says how much of it “linkwatch fix” can fix: for that the lists are read again."""

LONGEST_COMMAND = 60
"""Characters of a command in the verdict."""


def fix_hint(report: Report, lists: Sequence[str], settings: Settings) -> str:
    """What of a report can be fixed, and by which command; empty when nothing can."""
    if report.counts.links > MOST_LINKS_FIXED or not report.findings:
        return ""
    from linkwatch.services.fix import count_fixable  # noqa: PLC0415 - many reports have nothing to fix

    number = count_fixable(report.findings, settings)
    command = shlex.join(["linkwatch", "fix", *lists])
    if len(command) > LONGEST_COMMAND:
        command = "linkwatch fix"
    return f"{number:,} fixable with “{command}”" if number else ""


def write_reports(
    report: Report,
    request: ReportRequest,
    *,
    quiet: bool = False,
    verbose: bool = False,
    hint: Callable[[Report], str] = lambda _: "",
) -> None:
    """Write the reports that were asked for.

    Args:
        report: The whole report.
        request: Formats, files, and whether only new findings.
        quiet: Print nothing when nothing is new: cron would mail it every day.
        verbose: Show the evidence of each finding in the terminal format.
        hint: What the verdict of the terminal format adds; it gets the report that is shown.

    Raises:
        UsageError: A file can't be written, or the format of a plug-in failed.
    """
    shown = only_new(report) if request.new_only else report
    silent = quiet and request.new_only and is_complete(shown) and not (shown.findings or shown.recoveries)
    failed: PluginError | None = None
    for name, file in request.targets:
        try:
            if file is not None:
                write_file(Path(file), pieces(name, shown))
            elif name == "terminal" and silent:
                continue
            elif name == "terminal":
                print_text(terminal.render(shown, console=console_for(None, verbose=verbose), hint=hint(shown)))
            else:
                for piece in pieces(name, shown):
                    print_text(piece)
        except PluginError as error:  # the other reports are written all the same
            failed = error
    if failed is not None:
        raise failed


def exit_code(report: Report, request: ReportRequest, *, complete: bool) -> ExitCode:
    """Findings win over incompleteness."""
    failing = {"error": {Level.ERROR}, "warning": {Level.ERROR, Level.WARNING}, "never": set()}[request.fail_on]
    counted = (finding for finding in report.findings if finding.new or not request.new_only)
    if any(finding.level in failing and finding.acknowledged is None for finding in counted):
        return ExitCode.FINDINGS
    return ExitCode.OK if complete else ExitCode.INCOMPLETE


def _coloured(text: str, name: str) -> str:
    return click.style(text, **_COLOURS[name])


def print_text(text: str) -> None:
    """Write to standard output as UTF-8, whatever the locale: a title that it can't encode must not end the report."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"standard output: {error.strerror or error}") from None


def print_lines(lines: Iterable[str], indent: str = "  ") -> None:
    """Write lines to standard output, each wrapped at the width of the terminal, further lines of one indented."""
    console = console_for(None)
    for line in lines:
        text = line.lstrip()
        lead = line[: len(line) - len(text)]
        print_text("".join(f"{part}\n" for part in console.paragraph(text, lead=lead, indent=lead + indent)))


def print_remark(line: str) -> None:
    """Write a remark to standard error, wrapped at the width of the terminal."""
    for part in _stderr().paragraph(line, lead="", indent="  "):
        click.echo(part, err=True)


def remark_unless(quiet: bool) -> Callable[[str], None]:
    """What takes the remarks on lists: `print_remark`, or with `-q` nothing."""
    return (lambda _: None) if quiet else print_remark


def print_error(message: str, remedy: str) -> None:
    """Write an error, and what to do about it, to standard error."""
    console = _stderr()
    for line in console.paragraph(message, lead="Error: ", lead_style="error", indent="  "):
        click.echo(line, err=True)
    for line in console.paragraph(remedy, indent="  ") if remedy else ():
        click.echo(line, err=True)


def _stderr() -> Console:
    width = shutil.get_terminal_size().columns if sys.stderr.isatty() else None
    return Console(_coloured if is_coloured(sys.stderr) else plain, width)  # click takes them out of what is piped


def write_file(path: Path, pieces_of_text: Iterable[str]) -> None:
    """Write a file, piece by piece; it appears whole or not at all.

    Raises:
        UsageError: It can't be written.
        OutputError: The disk is full or broken.
    """
    try:
        write_atomically(path, (piece.encode("utf-8", "replace") for piece in pieces_of_text))
    except OSError as error:
        if error.errno in NO_SPACE:
            raise OutputError(f"{path}: {error.strerror}", remedy="Free some space; nothing was written.") from None
        raise UsageError(
            f"{path}: {error.strerror or error}", remedy="Name a file in a folder that can be written."
        ) from None
