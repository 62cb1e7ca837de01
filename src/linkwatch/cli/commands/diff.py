"""`linkwatch diff`."""

from datetime import UTC, datetime

import click

from linkwatch.cli.options import CommonOptions, allow_empty_option, common_options, lists_argument
from linkwatch.cli.output import deliver, format_options, style_for
from linkwatch.errors import UsageError
from linkwatch.report.diff import DIFF_FORMATS
from linkwatch.report.diff.model import ListDiff
from linkwatch.services.lists import ReadLists, read_named_lists
from linkwatch.settings import Settings
from linkwatch.settings.durations import LONGEST, parse_duration
from linkwatch.text import visible


@click.command("diff")
@lists_argument
@click.option(
    "--since",
    required=True,
    metavar="DATE|TIME",
    help="A day in UTC such as 2026-11-01, or a length of time: 7d, 12h, 2w.",
)
@format_options(DIFF_FORMATS)
@allow_empty_option
@common_options
def command(
    common: CommonOptions, lists: tuple[str, ...], since: str, format_: str, output: str | None, allow_empty: bool
) -> int:
    """What became of a list since a day; no network.

    The net difference: of a title that changed twice the first and the last, and nothing of a video that came and went.

    \b
    Example:
      linkwatch diff --since 7d
      linkwatch diff --since 2026-11-01 README.md --format json
    """
    from linkwatch.report.diff import render
    from linkwatch.report.diff import terminal as terminal_diff

    now = datetime.now(UTC)
    moment = parse_since(since, now)
    read = read_named_lists(lists, common.settings, allow_empty=allow_empty)
    differences = _remembered(read, common.settings, moment, now)
    in_colour = format_ == "terminal"
    style = style_for(output)
    deliver(terminal_diff.render(differences, style=style) if in_colour else render(format_, differences), output)
    return 0


def parse_since(text: str, now: datetime) -> datetime:
    """A day or a length of time → the moment that is meant, aware UTC.

    Raises:
        UsageError: It is neither, or still to come.
    """
    try:
        return now - parse_duration(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"--since must be a day or a length of time of at most {LONGEST.days}d, not {visible(text)}"
        raise UsageError(message, remedy="For example: --since 2026-11-01, or --since 7d") from None
    if moment > now:
        raise UsageError(f"--since {visible(text)} lies in the future", remedy=f"Now it is {now:%Y-%m-%d %H:%M} UTC.")
    return moment


def _remembered(read: ReadLists, settings: Settings, since: datetime, now: datetime) -> ListDiff:
    from linkwatch.catalogue.catalogue import resolve_aliases
    from linkwatch.report.diff.compute import DiffInput, build_diff
    from linkwatch.store.channels import load_aliases
    from linkwatch.store.events import events_since, first_run_starts, load_links_by_resource, resources_unlisted_since
    from linkwatch.store.playlists import load_member_changes
    from linkwatch.store.resources import load_resources
    from linkwatch.store.runs import load_last_run, run_scope
    from linkwatch.store.schema import open_database

    with open_database(settings.database_url, create=False) as database, database.read() as connection:
        catalogue = resolve_aliases(read.catalogue, load_aliases(connection))
        removed = {
            resource: links
            for resource, links in (
                *load_links_by_resource(connection, read.files).items(),
                *((resource, []) for resource in resources_unlisted_since(connection, since, read.files)),
            )
            if resource not in catalogue.links_of
        }
        recalled = load_resources(connection, [*catalogue.links_of, *removed])
        material = DiffInput(
            catalogue=catalogue,
            known={resource: each.record for resource, each in recalled.items()},
            events=events_since(connection, since),
            changes=load_member_changes(connection, since),
            first_checks=first_run_starts(connection),
            removed=removed,
            run=load_last_run(connection, run_scope(read.files)) or load_last_run(connection),
        )
        return build_diff(material, since=since, now=now, settings=settings)
