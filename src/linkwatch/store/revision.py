"""The revision of the store: whether a report that was built before would be built differently now."""

from sqlalchemy import Connection, func, select

from linkwatch.models.records import Revision
from linkwatch.store.acknowledgements import load_acknowledgements
from linkwatch.store.tables import aliases, events, member_events, runs


def load_revision(connection: Connection) -> Revision:
    """The present revision: a handful of look-ups, none of which reads the records of resources."""
    last = select(
        select(func.max(runs.c.id)).scalar_subquery(),
        select(func.max(runs.c.finished_at)).scalar_subquery(),
        # Also counted: a run that ended ahead of now, at a wrong clock, would hide the end of later ones.
        select(func.count(runs.c.finished_at)).scalar_subquery(),
        select(func.max(events.c.id)).scalar_subquery(),
        select(func.max(member_events.c.id)).scalar_subquery(),
        select(func.count()).select_from(aliases).scalar_subquery(),
    )
    return Revision(*connection.execute(last).one(), tuple(load_acknowledgements(connection)))
