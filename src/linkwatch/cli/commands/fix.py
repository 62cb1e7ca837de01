"""`linkwatch fix`."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

import click

from linkwatch.cli.exit_codes import ExitCode
from linkwatch.cli.options import CommonOptions, allow_empty_option, common_options, lists_argument
from linkwatch.cli.output import is_coloured, print_remark, print_text, remark_unless
from linkwatch.errors import UsageError
from linkwatch.services.fix import PlannedFix, plan_fixes, remaining_duplicates, write_fixes
from linkwatch.settings import Settings
from linkwatch.text import counted, visible

_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


@click.command("fix")
@lists_argument
@click.option("--write", is_flag=True, help="Write the lists. Without it nothing is written.")
@click.option("--check", is_flag=True, help="Exit with 1 if there is anything to change, for CI and hooks.")
@click.option("--handles", is_flag=True, help="Also replace /user/NAME by the @handle that a check with a key stored.")
@allow_empty_option
@common_options
def command(
    common: CommonOptions, lists: tuple[str, ...], write: bool, check: bool, handles: bool, allow_empty: bool
) -> int:
    """Rewrite lists with canonical URLs, without exact duplicates; no network.

    Prints the changes as a diff that `patch -p0` accepts; --write makes them. URLs lose tracking parameters, redirects
    and old host names; everything else in a list stays as it is, byte for byte. A CSV row is removed when it repeats
    an earlier one; in Markdown and plain text so is a list item, a table row or a line of its own that repeats an
    earlier one of its section. Other duplicates, and all of those in HTML, JSON and notebooks, are reported and left
    to you.

    With --write, `-` reads standard input and writes the whole list, not the diff, to standard output. The exit code
    is 0 whether or not there was something to change; with --check it is 1 if there was, also with --write.

    \b
    Example:
      linkwatch fix README.md resources.csv
      linkwatch fix --write README.md
    """
    settings = common.settings
    planned = plan_fixes(
        lists,
        settings,
        stdin=sys.stdin.buffer,
        handles=handles,
        allow_empty=allow_empty,
        remark=remark_unless(common.quiet),
    )
    _print(planned, write=write)
    failures = write_fixes(planned, settings) if write else {}
    if not common.quiet:
        written = {each.name for each in planned if write and each.name not in failures}
        for line in (*_links_left(planned), *_duplicates_left(planned, written, settings)):
            print_remark(visible(line))
    if failures:
        raise _not_written_error(failures)
    refusals = [each.refusal for each in planned if each.refusal]
    if refusals:
        others = "" if len(planned) == len(refusals) else " The other lists are done."
        raise UsageError("; ".join(error.message for error in refusals), remedy=refusals[0].remedy + others)
    if not common.quiet:
        print_remark(_summary(planned, write=write))
    changes = any(each.fix.changes for each in planned)
    return ExitCode.FINDINGS if check and changes else ExitCode.OK


def _print(planned: Sequence[PlannedFix], *, write: bool) -> None:
    """Print the diffs; when standard input is rewritten, print the list that results and nothing else."""
    stdin = next((each for each in planned if each.is_stdin), None)
    if write and stdin is not None:
        print_text(stdin.text)
        return
    for each in planned:
        print_text("".join(_for_terminal(each.diff()) if sys.stdout.isatty() else each.diff()))


def _for_terminal(diff: Iterable[str]) -> Iterator[str]:
    """The lines without control characters, which a terminal would obey; coloured where that is wanted."""
    coloured = is_coloured()
    for line in diff:
        text = visible(line.rstrip("\r\n").expandtabs())
        is_heading = line.startswith(("--- ", "+++ "))
        colour = None if is_heading else _COLOURS.get(line[0])
        yield (click.style(text, fg=colour, bold=is_heading or None) if coloured else text) + "\n"


def _links_left(planned: Iterable[PlannedFix]) -> Iterator[str]:
    for each in planned:
        for left in each.fix.left:
            link = left.link
            yield f"{link.file}:{link.line}:{link.column}: left to you: {link.url} → {left.better}: {left.why}"


def _duplicates_left(planned: Iterable[PlannedFix], written: set[str], settings: Settings) -> Iterator[str]:
    for resource, links in remaining_duplicates(planned, written, settings):
        places = ", ".join(f"{link.file}:{link.line}" for link in links[:20])
        if len(links) > 20:
            places += f" and {len(links) - 20:,} more"
        yield f"listed {len(links)} times, left to you: {resource.url} at {places}"


def _summary(planned: Sequence[PlannedFix], *, write: bool) -> str:
    changing = [each.fix for each in planned if each.fix.changes]
    if not changing:
        return "Nothing to change."
    urls, rows = sum(fix.urls for fix in changing), sum(fix.rows for fix in changing)
    changes = " and ".join(counted(number, noun) for number, noun in ((urls, "URL"), (rows, "duplicate row")) if number)
    outcome = "written." if write else "run with --write to change them."
    return f"{changes} in {counted(len(changing), 'list')}: {outcome}"


def _not_written_error(failures: Mapping[str, str]) -> UsageError:
    reasons = "; ".join(f"{name}: {why}" for name, why in failures.items())
    return UsageError(
        f"not written, and left as it was: {reasons}",
        remedy="Make the file's folder writable for this user. The other lists were written.",
    )
