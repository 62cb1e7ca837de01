"""The names of channels: the handles and user names that were resolved, and the handle that each has now."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from linkwatch.models.observation import ChannelNames, State
from linkwatch.models.records import CustomName, MovedHandle
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import is_ahead, to_millis, to_time
from linkwatch.store.database import in_batches, insert_many
from linkwatch.store.dialects import one_of
from linkwatch.store.resources import load_row_ids, load_titles
from linkwatch.store.tables import aliases, events, handles, links, moved_handles, resources, spans

NO_HANDLE = ""
"""In `handles`: the channel had a handle, and has none any more."""

NO_CHANNEL = ""
"""In `aliases`: the name was asked about, and led to no channel."""


# Each check or report executes them: they are built once.
_ALIASES = select(aliases.c.alias, aliases.c.channel_id).where(aliases.c.channel_id != NO_CHANNEL)
_CUSTOM_NAMES = (
    select(aliases.c.alias, aliases.c.channel_id, handles.c.handle)
    .join(handles, aliases.c.channel_id == handles.c.channel_id, isouter=True)
    .where(~aliases.c.alias.like("@%") & ~aliases.c.alias.like("user/%") & (aliases.c.channel_id != NO_CHANNEL))
    .order_by(aliases.c.alias)
)
_UNRESOLVED_NAMES = select(aliases.c.alias, aliases.c.resolved_at).where(aliases.c.channel_id == NO_CHANNEL)
_OTHER_HANDLES = (
    select(aliases.c.alias, aliases.c.channel_id, handles.c.handle)
    .join(handles, aliases.c.channel_id == handles.c.channel_id)
    .where(aliases.c.alias.like("@%") & (aliases.c.alias != handles.c.handle))
    .order_by(aliases.c.alias)
)
_HANDLES_OF_MISSING = (
    select(aliases.c.alias, aliases.c.channel_id, aliases.c.resolved_at)
    .join(resources, (resources.c.youtube_id == aliases.c.channel_id) & (resources.c.kind == Kind.CHANNEL.value))
    .where(aliases.c.alias.like("@%"), resources.c.state.in_((State.SUSPECT.value, State.UNAVAILABLE.value)))
    .order_by(aliases.c.alias)
)
_MOVED_HANDLES = select(moved_handles).order_by(moved_handles.c.handle)


def load_aliases(connection: Connection) -> dict[str, str]:
    """The `UC…` ids that `@handle`, `user/NAME` and `c/NAME` were resolved to, by alias."""
    return {row.alias: row.channel_id for row in connection.execute(_ALIASES)}


def load_custom_names(connection: Connection) -> list[CustomName]:
    """The custom channel URLs that were resolved."""
    return [
        CustomName(row.alias, row.channel_id, (row.handle or "").casefold() == f"@{_name(row.alias)}".casefold())
        for row in connection.execute(_CUSTOM_NAMES)
    ]


def _name(alias: str) -> str:
    return str(Resource(Kind.CHANNEL, alias).custom_name)


def load_unresolved_names(connection: Connection) -> dict[str, datetime]:
    """The names that led to no channel, and when they were asked about."""
    return {row.alias: to_time(row.resolved_at) for row in connection.execute(_UNRESOLVED_NAMES)}


def save_unresolved_name(connection: Connection, named: Resource, now: datetime) -> None:
    """Save that a name led to no channel."""
    delete_alias(connection, named)
    connection.execute(insert(aliases).values(alias=named.id, channel_id=NO_CHANNEL, resolved_at=to_millis(now)))


def load_handles_of_users(connection: Connection) -> dict[str, str]:
    """The `@handle` of the channel of each `user/NAME`, where it has one."""
    query = select(aliases.c.alias, handles.c.handle).join(handles, aliases.c.channel_id == handles.c.channel_id)
    query = query.where(aliases.c.alias.like("user/%"), handles.c.handle != NO_HANDLE)
    return {row.alias: row.handle for row in connection.execute(query)}


def load_renamed(connection: Connection) -> dict[Resource, Resource]:
    """The handles that were resolved to a channel that has another one now, or none; and that channel."""
    return {
        Resource(Kind.CHANNEL, row.alias): Resource(Kind.CHANNEL, row.channel_id)
        for row in connection.execute(_OTHER_HANDLES)
        if row.alias.casefold() != row.handle.casefold()
    }


def load_handles_of_missing(connection: Connection, now: datetime, every: timedelta) -> dict[Resource, Resource]:
    """The handles of channels that are missing, and these channels.

    Args:
        connection: A transaction.
        now: The present time.
        every: Handles that were asked about a shorter time ago are left out.
    """
    return {
        Resource(Kind.CHANNEL, row.alias): Resource(Kind.CHANNEL, row.channel_id)
        for row in connection.execute(_HANDLES_OF_MISSING)
        if now - to_time(row.resolved_at) >= every or is_ahead(to_time(row.resolved_at), now)
    }


def save_asked_handle(connection: Connection, handle: Resource, now: datetime) -> None:
    """Save that a handle was asked about, and does not lead to another channel."""
    connection.execute(update(aliases).where(aliases.c.alias == handle.id).values(resolved_at=to_millis(now)))


def load_moved_handles(connection: Connection) -> dict[str, MovedHandle]:
    """The handles that left the channel that they led to."""
    rows = connection.execute(_MOVED_HANDLES).all()
    titles = load_titles(connection, [row.former_id for row in rows])
    return {row.handle: MovedHandle(row.former_id, titles.get(row.former_id), to_time(row.moved_at)) for row in rows}


def save_moved_handle(connection: Connection, handle: Resource, former: Resource, now: datetime) -> None:
    """Save that a handle does not lead to this channel any more."""
    connection.execute(delete(moved_handles).where(moved_handles.c.handle == handle.id))
    values = {"handle": handle.id, "former_id": former.id, "moved_at": to_millis(now)}
    connection.execute(insert(moved_handles).values(values))


def delete_alias(connection: Connection, named: Resource) -> None:
    """Forget what a handle was resolved to."""
    connection.execute(delete(aliases).where(aliases.c.alias == named.id))


def save_handles(connection: Connection, channels: Iterable[ChannelNames]) -> None:
    """Save the handles that channels have now; of one that never had any, nothing is saved."""
    names = {channel.id: channel.handle or NO_HANDLE for channel in channels}
    for batch in in_batches(names):
        stored = dict(
            connection.execute(
                select(handles.c.channel_id, handles.c.handle).where(one_of(handles.c.channel_id, batch))
            ).all()
        )
        changed = [id_ for id_ in batch if stored.get(id_, NO_HANDLE) != names[id_]]
        connection.execute(delete(handles).where(one_of(handles.c.channel_id, changed)))
        insert_many(connection, handles, ("channel_id", "handle"), [(id_, names[id_]) for id_ in changed])


def save_alias(connection: Connection, named: Resource, channel: Resource, now: datetime) -> None:
    """Save what a handle or user name was resolved to, and merge the record of the name into the channel's.

    Args:
        connection: A transaction that writes.
        named: `@handle` or `user/NAME`.
        channel: `UC…`.
        now: The time of the run.
    """
    delete_alias(connection, named)
    connection.execute(insert(aliases).values(alias=named.id, channel_id=channel.id, resolved_at=to_millis(now)))
    moved = _resolve_moved(connection, named, channel, now)
    ids = load_row_ids(connection, [named, channel])
    if named not in ids:
        return
    if channel not in ids:
        connection.execute(update(resources).where(resources.c.id == ids[named]).values(youtube_id=channel.id))
        return
    first_seen = select(func.min(resources.c.first_seen_at)).where(resources.c.id.in_(ids.values())).scalar_subquery()
    connection.execute(update(resources).where(resources.c.id == ids[channel]).values(first_seen_at=first_seen))
    if moved:  # the channel was available meanwhile: its own states stay
        connection.execute(delete(spans).where(spans.c.resource_id == ids[named]))
    for table in (links, events, spans):
        rows = table.c.resource_id == ids[named]
        if table is events:
            # Events are unique by resource, kind and run: of those that both have, one stays.
            both = select(events.c.kind, events.c.run_id).where(events.c.resource_id == ids[channel])
            connection.execute(delete(events).where(rows, tuple_(events.c.kind, events.c.run_id).in_(both)))
        connection.execute(update(table).where(rows).values(resource_id=ids[channel]))
    connection.execute(delete(resources).where(resources.c.id == ids[named]))


def _resolve_moved(connection: Connection, named: Resource, channel: Resource, now: datetime) -> bool:
    """Whether a handle had left a channel; it leads to another one since now, or to the same again."""
    this = moved_handles.c.handle == named.id
    former = connection.execute(select(moved_handles.c.former_id).where(this)).scalar()
    if former == channel.id:
        connection.execute(delete(moved_handles).where(this))
    elif former is not None:
        connection.execute(update(moved_handles).where(this).values(moved_at=to_millis(now)))
    return former is not None
