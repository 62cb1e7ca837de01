"""The names of channels: the handles and user names that were resolved, and the handle that each has now."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from linkwatch.models.observation import ChannelNames
from linkwatch.models.resource import Resource
from linkwatch.models.times import to_millis
from linkwatch.store.database import in_batches, insert_many
from linkwatch.store.resources import load_row_ids
from linkwatch.store.tables import aliases, events, handles, links, resources, spans


def load_aliases(connection: Connection) -> dict[str, str]:
    """The `UC…` ids that `@handle` and `user/NAME` were resolved to, by alias."""
    rows = connection.execute(select(aliases.c.alias, aliases.c.channel_id))
    return {row.alias: row.channel_id for row in rows}


def load_handles_of_users(connection: Connection) -> dict[str, str]:
    """The `@handle` of the channel of each `user/NAME`, where it has one."""
    query = select(aliases.c.alias, handles.c.handle).join(handles, aliases.c.channel_id == handles.c.channel_id)
    return {row.alias: row.handle for row in connection.execute(query.where(aliases.c.alias.like("user/%")))}


def save_handles(connection: Connection, channels: Iterable[ChannelNames]) -> None:
    """Save the handles that channels have now."""
    names = {channel.id: channel.handle for channel in channels if channel.handle is not None}
    for batch in in_batches(names):
        stored = dict(
            connection.execute(
                select(handles.c.channel_id, handles.c.handle).where(handles.c.channel_id.in_(batch))
            ).all()
        )
        changed = [id_ for id_ in batch if stored.get(id_) != names[id_]]
        connection.execute(delete(handles).where(handles.c.channel_id.in_(changed)))
        insert_many(connection, handles, ("channel_id", "handle"), [(id_, names[id_]) for id_ in changed])


def save_alias(connection: Connection, named: Resource, channel: Resource, now: datetime) -> None:
    """Save what a handle or user name was resolved to, and merge the record of the name into the channel's.

    Args:
        connection: A transaction that writes.
        named: `@handle` or `user/NAME`.
        channel: `UC…`.
        now: The time of the run.
    """
    connection.execute(delete(aliases).where(aliases.c.alias == named.id))
    connection.execute(insert(aliases).values(alias=named.id, channel_id=channel.id, resolved_at=to_millis(now)))
    ids = load_row_ids(connection, [named, channel])
    if named not in ids:
        return
    if channel not in ids:
        connection.execute(update(resources).where(resources.c.id == ids[named]).values(youtube_id=channel.id))
        return
    first_seen = select(func.min(resources.c.first_seen_at)).where(resources.c.id.in_(ids.values())).scalar_subquery()
    connection.execute(update(resources).where(resources.c.id == ids[channel]).values(first_seen_at=first_seen))
    for table in (links, events, spans):
        rows = table.c.resource_id == ids[named]
        if table is events:
            # Events are unique by resource, kind and run: of those that both have, one stays.
            both = select(events.c.kind, events.c.run_id).where(events.c.resource_id == ids[channel])
            connection.execute(delete(events).where(rows, tuple_(events.c.kind, events.c.run_id).in_(both)))
        connection.execute(update(table).where(rows).values(resource_id=ids[channel]))
    connection.execute(delete(resources).where(resources.c.id == ids[named]))
