"""The state of the daemon's schedules, so that after a restart no interval starts over; summaries of their lists."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from linkwatch.models.records import ScheduleStatus
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.tables import schedules, summaries


def load_schedules(connection: Connection) -> dict[str, ScheduleStatus]:
    """All schedules, by name."""
    return {
        row.name: ScheduleStatus(
            name=row.name,
            files=tuple(filter(None, row.scope.split("\n"))),
            cadence=row.cadence,
            interval_start=to_time(row.slot_at),
            next_scheduled=to_time(row.next_slot_at),
            next_check=to_time(row.next_check_at),
            failures=row.failures,
            paused_at=to_time(row.paused_at),
        )
        for row in connection.execute(select(schedules))
    }


def save_schedule(connection: Connection, status: ScheduleStatus) -> None:
    """Insert or update a schedule, but for whether it is paused."""
    values = {
        "scope": "\n".join(status.files),
        "cadence": status.cadence,
        "slot_at": to_millis(status.interval_start),
        "next_slot_at": to_millis(status.next_scheduled),
        "next_check_at": to_millis(status.next_check),
        "failures": status.failures,
    }
    if not connection.execute(update(schedules).where(schedules.c.name == status.name).values(values)).rowcount:
        connection.execute(insert(schedules).values(name=status.name, **values))


def delete_other_schedules(connection: Connection, names: Collection[str]) -> None:
    """Delete the schedules that have other names: they are not in the settings any more."""
    connection.execute(delete(schedules).where(schedules.c.name.not_in(names)))
    connection.execute(delete(summaries).where(summaries.c.schedule.not_in(names)))


def save_pause(connection: Connection, name: str, paused_at: datetime | None) -> None:
    """Pause a schedule that is stored, or resume it: None."""
    paused = None if paused_at is None else to_millis(paused_at)
    connection.execute(update(schedules).where(schedules.c.name == name).values(paused_at=paused))


def save_summary(connection: Connection, name: str, version: str, made_at: datetime, document: str) -> None:
    """Insert or update the summary of a schedule's lists.

    Args:
        connection: A transaction that writes.
        name: The key of the schedule.
        version: Identifies what it was made from.
        made_at: Its time.
        document: The summary.
    """
    connection.execute(delete(summaries).where(summaries.c.schedule == name))
    values = {"version": version, "made_at": to_millis(made_at), "document": document}
    connection.execute(insert(summaries).values(schedule=name, **values))


def load_summary(connection: Connection, name: str, version: str) -> str | None:
    """The summary of a schedule's lists; None: there is none of this version."""
    query = select(summaries.c.document).where(summaries.c.schedule == name, summaries.c.version == version)
    document: str | None = connection.execute(query).scalar()
    return document
