"""`linkwatch list`."""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from linkwatch.cli.options import CommonOptions, common_options
from linkwatch.cli.output import print_text
from linkwatch.errors import UsageError
from linkwatch.text import counted, visible

if TYPE_CHECKING:
    from linkwatch.settings import Settings


class _ShowingGroup(click.Group):
    """Without a subcommand it is `list show`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `show` before the options of none."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group("list", cls=_ShowingGroup)
def command() -> None:
    """Print, add, remove, pause or export lists in the database.

    Every command takes such a list by its address, list:NAME, and the daemon checks it like a list in a file. A list in
    a file is edited there: a running daemon reads it again.

    \b
    Example:
      linkwatch list add talks https://youtu.be/jNQXAC9IVRw
      linkwatch check list:talks
    """


@command.command("show", short_help="Print the lists, or the lines of one.")
@click.argument("name", metavar="[NAME]", required=False)
@common_options
def show(common: CommonOptions, name: str | None) -> int:
    """Print the lists in the database and those of the settings, or the lines of one list.

    \b
    Example:
      linkwatch list show
      linkwatch list show talks
    """
    from linkwatch.services.stored_lists import check_name, load_list, open_lists, parsed

    if name is None:
        lines = list(_all_lists(common.settings))
    else:
        with open_lists(common.settings) as database:
            stored, text = load_list(database, check_name(name))
        if stored.path is not None:
            lines = [f"{stored.address} stands for {stored.path}"]
        else:
            csv = parsed(text, stored.address)
            lines = [
                _row_text(row.line, csv.cell(row, "url"), csv.cell(row, "label"), row.is_paused) for row in csv.rows
            ]
    print_text("".join(f"{visible(line)}\n" for line in lines))
    return 0


def _row_text(line: int, url: str, label: str, paused: bool) -> str:
    return "  ".join(filter(None, [f"{line:>5}", url, label, "(paused)" if paused else ""]))


def _all_lists(settings: "Settings") -> Iterator[str]:
    from linkwatch.daemon.schedules import schedules_of
    from linkwatch.services.schedules import load_statuses
    from linkwatch.services.stored_lists import load_list, open_lists, parsed, stored_lists

    with open_lists(settings) as database:
        stored, statuses = stored_lists(database), load_statuses(database)
        for schedule in schedules_of(settings, (), stored):
            status = statuses.get(schedule.key)
            paused = ["paused"] if status is not None and status.paused_at is not None else []
            if schedule.stored_list is None:
                yield "  ".join([schedule.name, *paused])
                continue
            each, text = load_list(database, schedule.stored_list)
            content = each.path or _links_in_words([row.is_paused for row in parsed(text, each.address).rows])
            yield f"{each.address}  {'; '.join([content, *paused])}"
    if not stored:
        yield "No list in the database. For example: linkwatch list add talks https://youtu.be/jNQXAC9IVRw"


def _links_in_words(paused: Sequence[bool]) -> str:
    return counted(len(paused), "link") + (f", {sum(paused):,} of them paused" if any(paused) else "")


@command.command("add", short_help="Make a list, or add links to one.")
@click.argument("name", metavar="NAME")
@click.argument("given", metavar="[FILE|URL|-]...", nargs=-1)
@click.option("--by-path", is_flag=True, help="Store the path of FILE, not its links: the file stays the truth.")
@common_options
def add(common: CommonOptions, name: str, given: tuple[str, ...], by_path: bool) -> int:
    """Make a list in the database of the links in files, of URLs or of standard input, or add them to a list.

    Files may have any format that linkwatch reads; in a new list a CSV with a column `url` keeps its other columns.
    From standard input, as from the command line, each line has one link with its label beside it. Links that the list
    has already are left out.

    \b
    Example:
      linkwatch list add talks https://youtu.be/jNQXAC9IVRw
      linkwatch list add courses resources.csv
      linkwatch list add notes --by-path notes.md
      linkwatch extract notes.md | linkwatch list add notes -
    """
    from pathlib import Path

    from linkwatch.services import stored_lists
    from linkwatch.services.list_input import read_locations, read_typed

    name = stored_lists.check_name(name)
    if by_path:
        if len(given) != 1 or not Path(given[0]).exists():
            raise UsageError("--by-path takes one file or folder that exists", remedy="For example: --by-path notes.md")
        with stored_lists.open_lists(common.settings) as database:
            stored_lists.add_path(database, name, Path(given[0]).absolute())
        click.echo(f"list:{name} stands for {given[0]}.")
        return 0
    files, links = _parted(given or ("-",))
    read = list(read_locations(files, sys.stdin.buffer, common.settings))
    if links:
        read.append(read_typed("\n".join(links), common.settings))
    with stored_lists.open_lists(common.settings) as database:
        results = [stored_lists.add_links(database, name, each) for each in read]
    added, repeated = sum(each.added for each in results), sum(each.repeated for each in results)
    again = f"; {counted(repeated, 'link')} it had already" if repeated else ""
    click.echo(f"list:{name}: added {counted(added, 'link')}{again}.")
    return 0


def _parted(given: Sequence[str]) -> tuple[list[str], list[str]]:
    """The files, and the lines of links: URLs, and what standard input has."""
    from pathlib import Path

    from linkwatch.sources.urls import find_urls
    from linkwatch.urls.parse import parse_reference, parse_url

    files: list[str] = []
    lines: list[str] = []
    for each in given:
        if each == "-":
            lines += sys.stdin.buffer.read().decode("utf-8", "replace").splitlines()
        elif not Path(each).exists() and (parse_reference(each) or any(parse_url(url.url) for url in find_urls(each))):
            lines.append(each)
        else:
            files.append(each)
    return files, lines


@command.command("remove", short_help="Remove a list from the database.")
@click.argument("name", metavar="NAME")
@click.option("--yes", is_flag=True, help="Don't ask.")
@common_options
def remove(common: CommonOptions, name: str, yes: bool) -> int:
    """Remove a list from the database, after a question. To keep a copy, export it first.

    What is known of its resources stays: when they are listed again, their history goes on. A file that the list stands
    for is not touched.

    \b
    Example:
      linkwatch list export talks > talks.csv
      linkwatch list remove talks --yes
    """
    from linkwatch.services import stored_lists

    name = stored_lists.check_name(name)
    with stored_lists.open_lists(common.settings) as database:
        stored_lists.load_list(database, name)
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError("to remove a list without a question, give --yes", remedy="To keep a copy, export it.")
            if not click.confirm(f"Remove list:{name}?"):
                click.echo(f"Kept list:{name}.")
                return 0
        stored_lists.remove_list(database, name)
    click.echo(f"Removed list:{name}. What is known of its resources stays.")
    return 0


@command.command("pause", short_help="Don't check a list or a link for now.")
@click.argument("name", metavar="NAME")
@click.argument("link", metavar="[URL|ID|LINE]", required=False)
@common_options
def pause(common: CommonOptions, name: str, link: str | None) -> int:
    """Have the daemon not check a list, or have one link of a list in the database left out of checks and reports.

    A paused list is checked on request alone: by “Check now” on the dashboard, or by a command.

    \b
    Example:
      linkwatch list pause talks
      linkwatch list pause talks https://youtu.be/jNQXAC9IVRw
    """
    return _set_paused(common, name, link, paused=True)


@command.command("resume", short_help="Check a paused list or link again.")
@click.argument("name", metavar="NAME")
@click.argument("link", metavar="[URL|ID|LINE]", required=False)
@common_options
def resume(common: CommonOptions, name: str, link: str | None) -> int:
    """Have a paused list, or a paused link of a list in the database, checked again.

    \b
    Example:
      linkwatch list resume talks
      linkwatch list resume talks 3
    """
    return _set_paused(common, name, link, paused=False)


def _set_paused(common: CommonOptions, name: str, link: str | None, *, paused: bool) -> int:
    from linkwatch.services import stored_lists

    if link is None:
        what = _pause_schedule(common.settings, name, paused=paused)
    else:
        name = stored_lists.check_name(name)
        with stored_lists.open_lists(common.settings) as database:
            line = stored_lists.find_row(database, name, link)
            stored_lists.change_row(database, name, None, line, lambda csv, row: csv.pause(row, paused=paused))
        what = f"list:{name}:{line}"
    click.echo(f"{visible(what)} is {'paused' if paused else 'checked again'}.")
    return 0


def _pause_schedule(settings: "Settings", name: str, *, paused: bool) -> str:
    from linkwatch.clock import utc_now
    from linkwatch.daemon.schedules import initial_status, schedules_of
    from linkwatch.services.schedules import load_statuses, set_pause
    from linkwatch.services.stored_lists import open_lists, stored_lists

    with open_lists(settings) as database:
        schedules = schedules_of(settings, (), stored_lists(database))
        found = next((each for each in schedules if name in {each.name, each.key}), None)
        if found is None:
            names = ", ".join(visible(each.name) for each in schedules) or "none"
            raise UsageError(f"there is no list “{visible(name)}”", remedy=f"Lists that can be paused: {names}.")
        now = utc_now()
        status = initial_status(load_statuses(database).get(found.key), found, now)
        set_pause(database, status, now if paused else None)
    return found.key if found.stored_list else found.name


@command.command("export", short_help="Print a list as CSV.")
@click.argument("name", metavar="NAME")
@common_options
def export(common: CommonOptions, name: str) -> int:
    """Print a list of the database as CSV, as it is stored.

    \b
    Example:
      linkwatch list export talks > talks.csv
    """
    from linkwatch.services.stored_lists import check_name, load_list, open_lists

    with open_lists(common.settings) as database:
        stored, text = load_list(database, check_name(name))
    if stored.path is not None:
        raise UsageError(f"{stored.address} stands for {stored.path}", remedy="Its links are in that file.")
    print_text(text)
    return 0
