"""What somebody has accepted, as the store remembers it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.rules import RULES
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.database import BATCH, execute_many
from linkwatch.store.tables import acks, links, lists, resources, runs


def load_acknowledgements(connection: Connection) -> list[Acknowledgement]:
    """All of them, those that have ended too."""
    return [
        Acknowledgement(
            row.youtube_id or None,
            RULES[row.rule] if row.rule else None,
            row.reason,
            to_time(row.accepted_at),
            None if row.until is None else date.fromisoformat(row.until),
            to_time(row.ended_at),
        )
        for row in connection.execute(select(acks).order_by(acks.c.id))
        # A rule that this version doesn't have is left where it is.
        if not row.rule or row.rule in RULES
    ]


def save_acknowledgements(connection: Connection, kept: Iterable[Acknowledgement]) -> None:
    """Remember these and no others.

    Args:
        connection: A transaction that writes, the one in which what they rest on was read.
        kept: One for each id and rule.
    """
    before, after = set(load_acknowledgements(connection)), list(kept)
    mine = (acks.c.youtube_id == bindparam("of_id")) & (acks.c.rule == bindparam("of_rule"))
    gone = [{"of_id": ack.id or "", "of_rule": ack.rule.name if ack.rule else ""} for ack in before.difference(after)]
    execute_many(connection, delete(acks).where(mine), gone)
    execute_many(connection, insert(acks), [_row(ack) for ack in after if ack not in before])


def _row(ack: Acknowledgement) -> dict[str, Any]:
    return {
        "youtube_id": ack.id or "",
        "rule": ack.rule.name if ack.rule else "",
        "reason": ack.reason,
        "accepted_at": to_millis(ack.accepted_at),
        "until": None if ack.until is None else ack.until.isoformat(),
        "ended_at": to_millis(ack.ended_at),
    }


def first_run_start(connection: Connection) -> datetime | None:
    """When the first check began, of whatever lists; None when there was none."""
    return to_time(connection.execute(select(func.min(runs.c.started_at))).scalar())


def ids_in_other_lists(connection: Connection, ids: Iterable[str | None], files: Iterable[str]) -> set[str | None]:
    """Which of these stand in lists other than some, by the last check of each list; None among them stands for any."""
    these = set(files)
    others = [row.id for row in connection.execute(select(lists.c.id, lists.c.file)) if row.file not in these]
    if not others:
        return set()
    listed = select(resources.c.youtube_id).join(links, links.c.resource_id == resources.c.id).distinct()
    found: set[str | None] = {None}
    for some in _batches(ids):
        query = listed.where(resources.c.youtube_id.in_(some), links.c.list_id.in_(others))
        found.update(connection.execute(query).scalars())
    return found


def load_titles(connection: Connection, ids: Iterable[str | None]) -> dict[str, str]:
    """The titles of these, as far as they are known."""
    titles: dict[str, str] = {}
    for some in _batches(ids):
        titled = resources.c.youtube_id.in_(some) & resources.c.title.is_not(None)
        titles.update(connection.execute(select(resources.c.youtube_id, resources.c.title).where(titled)).all())
    return titles


def _batches(ids: Iterable[str | None]) -> Iterator[list[str]]:
    """As many at a time as a statement takes."""
    source = iter({id_ for id_ in ids if id_ is not None})
    while some := list(islice(source, BATCH)):
        yield some
