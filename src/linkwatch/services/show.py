"""Show."""

from collections.abc import Sequence
from datetime import datetime

from linkwatch.acknowledgements.matching import merged
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import EPOCH
from linkwatch.report.resource.model import ResourceHistory, build_history
from linkwatch.services.report import CHECKS_SHOWN
from linkwatch.store.acknowledgements import stored_acks
from linkwatch.store.channels import aliases_of
from linkwatch.store.database import Database
from linkwatch.store.events import checks_of, checks_so_far, events_of, present_since, spans_of
from linkwatch.store.lists import listed_at
from linkwatch.store.playlists import last_inspections, member_changes, members_of
from linkwatch.store.resources import load_resources


def resource_history(
    named: Resource, *, database: Database, now: datetime, listed_acks: Sequence[Acknowledgement] | None = None
) -> ResourceHistory | None:
    """Everything known of one resource, over time.

    Args:
        named: The resource; a handle or user name stands for the channel that it was resolved to.
        database: Where the memory is.
        now: The present time.
        listed_acks: What the file of acknowledgements says; None: there is none.

    Returns:
        None when no check has met it.
    """
    with database.read() as connection:
        aliases = aliases_of(connection)
        resource = Resource(named.kind, aliases.get(named.id, named.id))
        recalled = load_resources(connection, [resource]).get(resource)
        if recalled is None:
            return None
        known, links = recalled.known, listed_at(connection, resource)
        # What is listed nowhere any more was not asked about since.
        until = now if links else known.last_checked or known.first_seen
        times = checks_of(connection, {link.file for link in links}, until, CHECKS_SHOWN)
        return build_history(
            now=now,
            resource=resource,
            known=known,
            names=[alias for alias, channel in aliases.items() if channel == resource.id],
            checks=checks_so_far(connection, times, {resource: known}),
            spans=spans_of(connection, resource),
            present_since=present_since(connection, resource),
            events=events_of(connection, resource),
            look=last_inspections(connection, [resource]).get(resource),
            members=members_of(connection, resource) if resource.kind is Kind.PLAYLIST else [],
            changes=member_changes(connection, EPOCH, [resource]).get(resource, []),
            links=links,
            acks=merged(listed_acks, stored_acks(connection), aliases),
        )
