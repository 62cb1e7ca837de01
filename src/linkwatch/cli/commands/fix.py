"""`linkwatch fix`."""

import io
import os
import stat
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.catalogue.ignore import IgnoreRules
from linkwatch.cli.exit_codes import ExitCode
from linkwatch.cli.options import CommonOptions, allow_empty_option, common_options, lists_argument
from linkwatch.cli.output import is_coloured, print_text
from linkwatch.errors import UsageError
from linkwatch.fix.edit import Source
from linkwatch.fix.patch import unified_diff
from linkwatch.fix.plan import Fix, lines_of, plan_fix
from linkwatch.services.lists import named_lists
from linkwatch.settings import Settings
from linkwatch.sources import list_files
from linkwatch.sources import read as reading
from linkwatch.sources.decoding import decoded_lines
from linkwatch.sources.files import ListFile, unreadable_error
from linkwatch.text import counted, visible
from linkwatch.urls.parse import parse_url

_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


@dataclass(frozen=True, slots=True)
class _Planned:
    """A list, and what is done to it."""

    file: ListFile
    fix: Fix


@click.command("fix")
@lists_argument
@click.option("--write", is_flag=True, help="Write the lists; without it they are left alone.")
@click.option("--check", is_flag=True, help="Exit code 1 when there is anything to change, for CI and hooks.")
@click.option("--handles", is_flag=True, help="Also /user/NAME to /@handle, where the last check with a key told it.")
@allow_empty_option
@common_options
def command(
    common: CommonOptions, lists: tuple[str, ...], write: bool, check: bool, handles: bool, allow_empty: bool
) -> int:
    """Rewrite lists: canonical URLs, duplicates out; no network.

    Shows what changes as a diff, which `patch -p0` takes, and writes it with --write. URLs lose trackers, wrappers and
    old hosts; what else stands in a list stays as it is, byte for byte. A CSV row, or in Markdown and plain text a list
    item, table row or line of its own, goes when it reads as an earlier one in its section. Other duplicates, and
    all of those in HTML, JSON and notebooks, are told and left to you.

    With --write, `-` reads standard input and writes the whole list to standard output, in place of the diff. The exit
    code is 0, whether there was something to change or not; --check makes it 1, also with --write.

    \b
    Example:
      linkwatch fix README.md resources.csv
      linkwatch fix --write README.md
    """
    settings = common.settings
    known = _handles(settings.database_url) if handles else {}
    ignoring = IgnoreRules(settings.ignore)
    named = named_lists(lists, settings)
    planned = [_Planned(file, plan_fix(_source(file), known, ignoring)) for file in list_files(named)]
    if not allow_empty:
        _see_that_there_are_links(planned)
    _show(planned, filter_stdin=write)
    failures = _write(planned) if write else {}
    if not common.quiet:
        written = {one.file.name for one in planned if write and one.file.name not in failures}
        for line in (*_left(planned), *_duplicates(planned, written, settings)):
            click.echo(visible(line), err=True)
    if failures:
        raise _not_written(failures)
    if not common.quiet:
        click.echo(_summary(planned, write=write), err=True)
    changes = any(one.fix.changes for one in planned)
    return ExitCode.FINDINGS if check and changes else ExitCode.OK


def _handles(database_url: str) -> Mapping[str, str]:
    from linkwatch.store.channels import load_handles_of_users
    from linkwatch.store.schema import open_database

    with open_database(database_url, create=False) as database, database.read() as connection:
        return load_handles_of_users(connection)


def _source(file: ListFile) -> Source:
    """Read a list as it is.

    Raises:
        ListError: It can't be read.
    """
    try:
        content = sys.stdin.buffer.read() if file.path is None else file.path.read_bytes()
    except OSError as error:
        raise unreadable_error(error, file.name) from None
    deque(decoded_lines(io.BytesIO(content), file.name), maxlen=0)  # tells what is no text, and where
    kind = reading.detect_format(file, io.BytesIO(content))
    return Source(file.name, kind, lines_of(content.decode()), reading.reader_for(kind))


def _see_that_there_are_links(planned: Sequence[_Planned]) -> None:
    if not any(parse_url(link.url) for one in planned for link, _ in one.fix.links):
        names = ", ".join(one.file.name for one in planned[:3])
        raise UsageError(
            f"no YouTube link in {names}{' …' if len(planned) > 3 else ''}",
            remedy="Name a list that has one; with --allow-empty this is no error.",
        )


def _show(planned: Sequence[_Planned], *, filter_stdin: bool) -> None:
    """Print the diffs; when standard input is filtered, standard output is for what comes of it alone."""
    if filter_stdin and any(one.file.path is None for one in planned):
        return
    for one in planned:
        diff = unified_diff(one.file.name, one.fix.source.lines, one.fix.lines)
        print_text("".join(_for_terminal(diff) if sys.stdout.isatty() else diff))


def _for_terminal(diff: Iterable[str]) -> Iterator[str]:
    """The lines without what a terminal would obey, in colour where it is wanted."""
    coloured = is_coloured()
    for line in diff:
        text = visible(line.rstrip("\r\n").expandtabs())
        heads = line.startswith(("--- ", "+++ "))
        yield (
            click.style(text, fg=None if heads else _COLOURS.get(line[0]), bold=heads or None) if coloured else text
        ) + "\n"


def _write(planned: Sequence[_Planned]) -> dict[str, str]:
    """Write the lists that change; return why some could not be, by name."""
    failures = {}
    for one in planned:
        text = "".join(one.fix.lines)
        if one.file.path is None:
            print_text(text)
        elif one.fix.changes:
            try:
                _replace(one.file.path, "".join(one.fix.source.lines).encode(), text.encode())
            except OSError as error:
                failures[one.file.name] = error.strerror or str(error)
    return failures


def _replace(path: Path, before: bytes, after: bytes) -> None:
    """Put a new file in a file's place, whole or not at all, with its permissions; a link still leads to it.

    Raises:
        OSError: It can't be written, or is not what it was when it was read.
    """
    if not path.is_file():
        raise OSError("it is no regular file")
    target = path.resolve()
    if target.read_bytes() != before:
        raise OSError("it was changed meanwhile")
    status = target.stat()
    number, name = tempfile.mkstemp(dir=target.parent, prefix=".linkwatch-")
    try:
        with os.fdopen(number, "wb") as part:
            part.write(after)
            with suppress(PermissionError):  # another's file becomes ours: only root could give it back
                os.fchown(part.fileno(), status.st_uid, status.st_gid)
            os.fchmod(part.fileno(), stat.S_IMODE(status.st_mode))
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _left(planned: Iterable[_Planned]) -> Iterator[str]:
    for one in planned:
        for left in one.fix.left:
            link = left.link
            yield f"{link.file}:{link.line}:{link.column}: left to you: {link.url} → {left.better}: {left.why}"


def _duplicates(planned: Iterable[_Planned], written: set[str], settings: Settings) -> Iterator[str]:
    """What is still listed more than once, with its places as they are now."""
    links = (now if one.file.name in written else was for one in planned for was, now in one.fix.links)
    for resource, listing in catalogue_links(links, settings.ignore).duplicates():
        told = [item.link for item in listing if "duplicate" not in (item.link.ignored or ())]
        if len(told) > 1:
            places = ", ".join(f"{link.file}:{link.line}" for link in told)
            yield f"listed {len(told)} times, left to you: {resource.url} at {places}"


def _summary(planned: Sequence[_Planned], *, write: bool) -> str:
    changing = [one.fix for one in planned if one.fix.changes]
    if not changing:
        return "Nothing to change."
    urls, rows = sum(fix.urls for fix in changing), sum(fix.rows for fix in changing)
    said = " and ".join(counted(number, noun) for number, noun in ((urls, "URL"), (rows, "duplicate row")) if number)
    outcome = "written." if write else "run with --write to change them."
    return f"{said} in {counted(len(changing), 'list')}: {outcome}"


def _not_written(failures: Mapping[str, str]) -> UsageError:
    said = "; ".join(f"{name}: {why}" for name, why in failures.items())
    return UsageError(
        f"not written, and as it was: {said}",
        remedy="Make the file's folder writable for this user. Lists that are not named here were written.",
    )
