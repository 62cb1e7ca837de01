"""`linkwatch show`."""

from datetime import UTC, datetime

import click

from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.catalogue.urls import parse_reference
from linkwatch.cli.options import Common, common_options
from linkwatch.cli.single import deliver, format_options, style_for
from linkwatch.errors import UsageError
from linkwatch.report.life import Life
from linkwatch.report.lives import LIVES
from linkwatch.settings import Settings

CHECKS_SHOWN = 30
"""Of the last checks, those whose states are shown."""


@click.command("show")
@click.argument("reference", metavar="URL|ID")
@format_options(LIVES)
@common_options
def command(common: Common, reference: str, format_: str, output: str | None) -> int:
    """Everything known of one resource, over time; no network.

    \b
    Example:
      linkwatch show PL49CF3715CB9EF31D
      linkwatch show PL49CF3715CB9EF31D --format html --output life.html
    """
    from linkwatch.report.lives import render, terminal_life

    named = parse_reference(reference)
    if named is None:
        raise UsageError(
            f"{reference!r} is no YouTube URL or id", remedy="For example: linkwatch show PL49CF3715CB9EF31D"
        )
    life = _remembered(named, common.settings, datetime.now(UTC))
    in_colour = format_ == "terminal"
    deliver(terminal_life.render(life, style=style_for(output)) if in_colour else render(format_, life), output)
    return 0


def _remembered(named: Resource, settings: Settings, now: datetime) -> Life:
    from linkwatch.acks.merging import merged
    from linkwatch.acks.reading import read_acks
    from linkwatch.report.life import build_life
    from linkwatch.store.acks import stored_acks
    from linkwatch.store.chronicle import checks_of, present_since
    from linkwatch.store.history import checks_so_far, events_of, spans_of
    from linkwatch.store.lists import listed_at
    from linkwatch.store.memberships import last_looks, member_changes, members_of
    from linkwatch.store.memory import recall
    from linkwatch.store.names import aliases_of
    from linkwatch.store.schema import open_database
    from linkwatch.store.tables import EPOCH

    listed_acks = read_acks(settings.acks_file, now)
    with open_database(settings.database_url, create=False) as database, database.read() as connection:
        aliases = aliases_of(connection)
        resource = Resource(named.kind, aliases.get(named.id, named.id))
        recalled = recall(connection, [resource]).get(resource)
        if recalled is None:
            raise UsageError(
                f"nothing is known of {resource.kind} {resource.id}", remedy="Check a list that has it first."
            )
        known, links = recalled.known, listed_at(connection, resource)
        # What is listed nowhere any more was not asked about since.
        until = now if links else known.last_checked or known.first_seen
        times = checks_of(connection, {link.file for link in links}, until, CHECKS_SHOWN)
        return build_life(
            now=now,
            resource=resource,
            known=known,
            names=[alias for alias, channel in aliases.items() if channel == resource.id],
            checks=checks_so_far(connection, times, {resource: known}),
            spans=spans_of(connection, resource),
            present_since=present_since(connection, resource),
            events=events_of(connection, resource),
            look=last_looks(connection, [resource]).get(resource),
            members=members_of(connection, resource) if resource.kind is Kind.PLAYLIST else [],
            changes=member_changes(connection, EPOCH, [resource]).get(resource, []),
            links=links,
            acks=merged(listed_acks, stored_acks(connection), aliases),
        )
