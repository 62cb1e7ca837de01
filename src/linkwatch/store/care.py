"""Care of the data: back it up, and let go of what YouTube's terms do not allow to be kept."""

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Update, and_, delete, or_, select, update

from linkwatch.catalogue.resource import Kind
from linkwatch.errors import StoreError
from linkwatch.observation import MemberState, State
from linkwatch.store.database import sqlite_file
from linkwatch.store.engines import BUSY_SECONDS
from linkwatch.store.logbook import forgetting
from linkwatch.store.outbox import too_old
from linkwatch.store.tables import events, handles, looks, memberships, resources, spans, to_millis
from linkwatch.verdict.events import EventKind

_TOLD_BY = {
    "title": (EventKind.RETITLED,),
    "item_count": (EventKind.GROWN, EventKind.SHRUNK, EventKind.EMPTIED),
    "owner": (EventKind.OWNER_CHANGED,),
    "restrictions": (EventKind.RESTRICTED, EventKind.UNRESTRICTED),
}
"""What YouTube told, by the attribute of the spans, and the events that tell it too; states are our own."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a purge has changed."""

    told: int
    """Rows that hold less of what YouTube told than before."""

    log: int
    """Rows of linkwatch's own log that are gone."""


def prune(connection: Connection, *, now: datetime, retention: timedelta) -> Pruned:
    """Purge what YouTube told longer ago than the retention and can't be refreshed, and the end of the log.

    Superseded titles, counts, owners and restrictions go, those and the handle of a resource not seen for so long, and
    those of what left a playlist or was not looked at for so long; ids, states, times, places, the fact that something
    changed, and the users' own labels stay. Of the log goes what `logbook` says.

    Args:
        connection: A transaction that writes.
        now: The present time.
        retention: How long it is kept; the Developer Policies (III.E.4) allow 30 days.
    """
    limit = to_millis(now - retention)
    fresh = spans.c.value.is_not(None) & (spans.c.last_seen_at >= limit)
    old_spans = update(spans).where(
        spans.c.attribute.in_(_TOLD_BY), spans.c.value.is_not(None), spans.c.last_seen_at < limit
    )
    statements: list[Update] = [old_spans.values(value=None)]
    for attribute, kinds in _TOLD_BY.items():
        told_by = events.c.kind.in_(kinds)
        statements.append(
            update(events).where(told_by, events.c.at < limit, events.c.after.is_not(None)).values(after=None)
        )
        # The value before an event was last seen by the check before it: longer ago than the event.
        kept = select(spans.c.id).where(
            spans.c.resource_id == events.c.resource_id,
            spans.c.attribute == attribute,
            spans.c.superseded_at == events.c.at,
            fresh,
        )
        statements.append(
            update(events).where(told_by, events.c.before.is_not(None), ~kept.exists()).values(before=None)
        )
    unseen = ((resources.c.last_checked_at < limit) & (resources.c.state == State.AVAILABLE)) | (
        (resources.c.last_available_at < limit) & (resources.c.state != State.AVAILABLE)
    )
    told = or_(*(resources.c[name].is_not(None) for name in ("title", "owner_title", "item_count", "restrictions")))
    gone = update(resources).where(unseen, told)
    statements.append(gone.values(title=None, owner_title=None, item_count=None, restrictions=None))
    seen = select(resources.c.youtube_id).where(resources.c.kind == Kind.CHANNEL, ~unseen)
    forgotten = delete(handles).where(handles.c.channel_id.not_in(seen))
    statements += [*_inside(limit), too_old(limit)]
    return Pruned(
        told=sum(connection.execute(statement).rowcount for statement in (*statements, forgotten)),
        log=sum(connection.execute(statement).rowcount for statement in forgetting(now)),
    )


def _inside(limit: int) -> list[Update]:
    """What looks inside playlists were told before the limit, and no look has told again since."""
    unseen = select(looks.c.resource_id).where(looks.c.looked_at < limit)
    # When a closed playlist was last open is not known: what was met before the limit may be as old.
    closed = select(looks.c.resource_id).where(looks.c.closed)
    old = or_(
        memberships.c.left_at < limit,
        and_(memberships.c.state != MemberState.AVAILABLE, memberships.c.state_since_at < limit),
        memberships.c.resource_id.in_(unseen),
        and_(memberships.c.first_seen_at < limit, memberships.c.resource_id.in_(closed)),
    )
    told = or_(*(memberships.c[name].is_not(None) for name in ("title", "owner_title", "restrictions")))
    counted = or_(looks.c.etag.is_not(None), looks.c.item_count.is_not(None))
    return [
        update(memberships).where(old, told).values(title=None, owner_title=None, restrictions=None),
        update(looks).where(looks.c.looked_at < limit, counted).values(etag=None, item_count=None),
    ]


def rebuild(url: str) -> None:
    """Write an SQLite file anew without its free space; those who read it go on meanwhile.

    Pages that SQLite splits may keep copies of what is purged later, even with `secure_delete`: measured, six of some
    14,000 titles that changed or went in 40 days. A file of 6 MB takes 0.06 s.

    Args:
        url: The database's URL; for a database of another kind nothing is done.

    Raises:
        StoreError: Another one writes, the disk is full, or the file is damaged.
    """
    file = sqlite_file(url)
    if file is None or not file.is_file():
        return
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as connection:
            connection.execute("VACUUM")
    except sqlite3.Error as error:
        raise StoreError(f"{file}: {error}", remedy="Try again when nobody writes, and with free space.") from None


def backup(url: str, target: Path) -> None:
    """Copy a living SQLite database with SQLite's own online backup; a check may go on meanwhile.

    Args:
        url: The database's URL.
        target: The file to write; it appears whole or not at all. It may lie on a network file system.

    Raises:
        StoreError: The database is not SQLite's, the target is there already, or it can't be written.
    """
    file = sqlite_file(url)
    if file is None or not file.is_file():
        raise StoreError(
            "there is no SQLite file to back up", remedy="For another database use its own tool, such as pg_dump."
        )
    if target.exists():
        raise StoreError(f"{target}: is there already", remedy="Name a file that does not exist.")
    part = target.with_name(f".{target.name}.part")
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            # Without shared memory and without a log beside it: a backup may lie on a network file system.
            copy.execute("PRAGMA locking_mode = EXCLUSIVE")
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.execute("VACUUM")  # pages that were split keep what was purged later, even with `secure_delete`
        part.rename(target)
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            part.unlink()
        raise StoreError(f"{target}: {error}", remedy="Name a file in a folder that can be written.") from None
