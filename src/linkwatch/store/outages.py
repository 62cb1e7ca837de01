"""What was missing for a time and came back: the spans of states, put together."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlalchemy import Connection, Row, or_, select

from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.observation import State
from linkwatch.store.remembered import Outage
from linkwatch.store.tables import resources, spans, to_time

_MISSING = (State.SUSPECT, State.UNAVAILABLE)


def past_outages(connection: Connection) -> list[Outage]:
    """Every time in which something was missing and that is over, the last to end first."""
    of_state = spans.c.attribute == "state"
    was_missing = or_(*(spans.c.value.startswith(state) for state in _MISSING))
    query = (
        select(spans, resources.c.kind, resources.c.youtube_id, resources.c.title, resources.c.state)
        .join(resources, spans.c.resource_id == resources.c.id)
        .where(of_state, spans.c.resource_id.in_(select(spans.c.resource_id).where(of_state, was_missing)))
        .order_by(spans.c.resource_id, spans.c.id)
    )
    rows = connection.execute(query).all()
    found = [outage for _, theirs in groupby(rows, key=lambda row: row.resource_id) for outage in _of(list(theirs))]
    return sorted(found, key=lambda outage: (outage.ended, outage.resource), reverse=True)


def _of(rows: Sequence[Row[tuple[object, ...]]]) -> Iterator[Outage]:
    """The outages of one resource; spans that follow one another without a sight of it between them are one."""
    missing: list[Row[tuple[object, ...]]] = []
    for row, state in [*((row, State(row.value.split()[0])) for row in rows), (rows[-1], State(rows[-1].state))]:
        if state in _MISSING:
            missing.append(row)
        elif missing:
            yield _outage(missing)
            missing = []


def _outage(missing: Sequence[Row[tuple[object, ...]]]) -> Outage:
    first, last = missing[0], missing[-1]
    gone = any(row.value.startswith(State.UNAVAILABLE) for row in missing)
    return Outage(
        Resource(Kind(first.kind), first.youtube_id),
        first.title,
        State.UNAVAILABLE if gone else State.SUSPECT,
        to_time(first.first_seen_at),
        to_time(last.superseded_at),
    )
