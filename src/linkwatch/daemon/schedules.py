"""Which schedules there are: those of the command line, else those of the settings."""

from collections.abc import Sequence

from linkwatch.daemon.list_watcher import refuse_stdin
from linkwatch.services.lists import named_lists
from linkwatch.settings import Schedule, Settings

DEFAULT_NAME = "lists"
"""Of the schedule of the lists that no table names."""


def schedules_of(settings: Settings, named: Sequence[str]) -> tuple[Schedule, ...]:
    """The schedules to keep.

    Args:
        settings: The tables, and the cadence and lists of what stands in none.
        named: The lists of the command line; if there are any, only they are watched.

    Raises:
        UsageError: There is nothing to watch, or standard input is to be.
    """
    if named or settings.lists or not settings.schedules:
        lists = named_lists(named, settings)
        others = [Schedule(name=DEFAULT_NAME, lists=lists, cadence=settings.cadence)]
    else:
        others = []
    schedules = tuple(others) if named else (*settings.schedules, *_unless_named(others, settings.schedules))
    refuse_stdin([location for schedule in schedules for location in schedule.lists])
    return schedules


def _unless_named(others: Sequence[Schedule], schedules: Sequence[Schedule]) -> Sequence[Schedule]:
    """The lists that no table names; a table that has their name takes their place."""
    taken = {location for schedule in schedules for location in schedule.lists}
    names = {schedule.name for schedule in schedules}
    left = [
        Schedule(
            name=DEFAULT_NAME,
            lists=tuple(location for location in other.lists if location not in taken),
            cadence=other.cadence,
        )
        for other in others
        if other.name not in names
    ]
    return [schedule for schedule in left if schedule.lists]
