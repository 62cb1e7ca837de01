"""What the dashboard needs of the daemon: its state, and requests to check a schedule now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from linkwatch.models.resource import Resource
from linkwatch.services.lists import ReadLists
from linkwatch.services.tally import CheckPhase
from linkwatch.settings import Schedule, Settings
from linkwatch.store.database import Database


@dataclass(frozen=True, slots=True)
class Progress:
    """A running check."""

    schedule: str
    """Its name."""

    started_at: datetime
    done: int
    """Resources that were answered for; in the second phase, playlists that were inspected."""

    total: int
    phase: CheckPhase = CheckPhase.LINKS


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """One schedule as it is now."""

    schedule: Schedule
    files: tuple[str, ...]
    """Its lists in their order, by the names that reports give them."""

    next_check_at: datetime | None
    """None: not known yet."""

    failures: int = 0
    """Incomplete checks in a row."""

    problem: str | None = None
    """What is wrong with its lists; meanwhile the version last read is checked."""

    paused_at: datetime | None = None
    """Since when nothing is checked but what is requested; None: it is not paused."""

    missing: tuple[str, ...] = ()
    """Lists that do not exist, and never did: their links are not checked."""


class DaemonApi(Protocol):
    """A running daemon; every method may be called from any thread."""

    @property
    def database(self) -> Database:
        """The database; the dashboard opens its own transactions."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""

    @property
    def settings_problem(self) -> str | None:
        """Why the settings file in its present form is not in force; None when it is."""

    def schedules(self) -> Sequence[ScheduleState]:
        """The schedules, in the order of the settings."""

    def read(self, state: ScheduleState) -> ReadLists:
        """The lists of a schedule; the version last read of a list that can't be read now.

        Raises:
            UsageError: No list of the schedule could ever be read.
        """

    def progress(self) -> Progress | None:
        """The running check; None between checks."""

    def heartbeat(self) -> datetime | None:
        """When the active daemon last gave a heartbeat; None before the first one."""

    def request_check(self, schedule: str, resource: Resource | None = None) -> None:
        """Check all lists of a schedule, or one of their resources, as soon as no other check runs.

        Args:
            schedule: Its name.
            resource: With handles and user names resolved; one that is not in the lists is passed over. None: all.

        Raises:
            KeyError: There is no such schedule.
        """

    def refresh_stored_lists(self) -> None:
        """Read the lists that are stored in the database now, and not with the next turn of the daemon.

        Raises:
            StoreError: The database can't be read.
        """

    def set_paused(self, schedule: str, *, paused: bool) -> None:
        """Check nothing of a schedule from now on but what is requested, or check it on its schedule again.

        Args:
            schedule: Its name.
            paused: False: it is resumed, and what it missed is checked once.

        Raises:
            KeyError: There is no such schedule.
            StoreError: The database can't be written.
        """
