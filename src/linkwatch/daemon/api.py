"""What the daemon lends to its dashboard: how things stand now, and two wishes it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from linkwatch.services.lists import ReadLists
from linkwatch.settings import Schedule, Settings
from linkwatch.store.database import Database


@dataclass(frozen=True, slots=True)
class Progress:
    """A check that is running."""

    schedule: str
    """Its name."""

    started_at: datetime
    done: int
    """Resources answered for, and looks made."""

    total: int


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """One schedule, as it is watched now."""

    schedule: Schedule
    files: tuple[str, ...]
    """Its lists, by the names that reports give them; in their order."""

    next_check_at: datetime | None
    """None: before the daemon's first look at it."""

    failures: int = 0
    """Incomplete checks in a row."""

    problem: str | None = None
    """What is wrong with its lists: the last good form of them is watched meanwhile."""


class DaemonApi(Protocol):
    """A daemon at work; every method may be called from any thread."""

    @property
    def database(self) -> Database:
        """Where the memory is; the dashboard's transactions are its own."""

    @property
    def settings(self) -> Settings:
        """Those in force."""

    @property
    def settings_problem(self) -> str | None:
        """Why the settings file, as it is now, was not taken over; None when it was."""

    def schedules(self) -> Sequence[ScheduleState]:
        """The schedules, in the order of the settings."""

    def read(self, watch: ScheduleState) -> ReadLists:
        """The lists of a schedule; for one that can't be read, its last good form.

        Raises:
            UsageError: There is none of them, and never was.
        """

    def progress(self) -> Progress | None:
        """The check that is running; None between checks."""

    def heartbeat(self) -> datetime | None:
        """When the leading daemon last turned; None before the first time."""

    def request_check(self, schedule: str) -> None:
        """Check all of a schedule's lists as soon as nothing else is being checked.

        Raises:
            KeyError: There is no such schedule.
        """
