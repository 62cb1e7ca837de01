"""What the daemon remembers of its schedules, so that a restart forgets nothing and no interval starts over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from linkwatch.models.times import to_millis, to_time
from linkwatch.store.tables import schedules


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """How far a schedule has come."""

    name: str
    files: tuple[str, ...]
    """Its lists, when they could last be read."""

    cadence: str
    """As it is written: another one is reckoned anew."""

    slot: datetime | None
    """When the present slot began; what was answered about before is due. None: before the first slot."""

    next_slot: datetime
    next_check: datetime
    """When something is due next: the slot, a suspect, or another try."""

    failures: int = 0
    """Checks in a row that left something unanswered."""


def load_schedules(connection: Connection) -> dict[str, ScheduleStatus]:
    """All that are remembered, by name."""
    return {
        row.name: ScheduleStatus(
            name=row.name,
            files=tuple(filter(None, row.scope.split("\n"))),
            cadence=row.cadence,
            slot=to_time(row.slot_at),
            next_slot=to_time(row.next_slot_at),
            next_check=to_time(row.next_check_at),
            failures=row.failures,
        )
        for row in connection.execute(select(schedules))
    }


def save_schedule(connection: Connection, standing: ScheduleStatus) -> None:
    """Remember how far a schedule has come."""
    values = {
        "scope": "\n".join(standing.files),
        "cadence": standing.cadence,
        "slot_at": to_millis(standing.slot),
        "next_slot_at": to_millis(standing.next_slot),
        "next_check_at": to_millis(standing.next_check),
        "failures": standing.failures,
    }
    if not connection.execute(update(schedules).where(schedules.c.name == standing.name).values(values)).rowcount:
        connection.execute(insert(schedules).values(name=standing.name, **values))


def delete_other_schedules(connection: Connection, names: Collection[str]) -> None:
    """Forget the schedules that there are no more."""
    connection.execute(delete(schedules).where(schedules.c.name.not_in(names)))
