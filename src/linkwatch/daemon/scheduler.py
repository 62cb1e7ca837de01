"""What the daemon does, turn by turn: read lists that changed, check what is due, send what waits."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from linkwatch.daemon.api import Progress, ScheduleState
from linkwatch.daemon.checks import CheckRunner
from linkwatch.daemon.context import DaemonContext
from linkwatch.daemon.leader import Leader
from linkwatch.daemon.list_watcher import WatchedLists
from linkwatch.daemon.schedules import after_check, after_failure, at_scheduled_time, initial_status, schedules_of
from linkwatch.errors import EndingError, LeaseLostError, LinkwatchError, UsageError
from linkwatch.models.link import Link
from linkwatch.models.records import Coverage
from linkwatch.services.lists import ReadLists
from linkwatch.settings import Auto, Schedule, Settings
from linkwatch.store.database import Database
from linkwatch.store.leases import DAEMON, load_lease
from linkwatch.store.lists import load_links
from linkwatch.store.schedules import ScheduleStatus, delete_other_schedules, load_schedules, save_schedule

STANDBY_INTERVAL = timedelta(seconds=10)
"""How often a daemon that waits for its turn looks whether it has come."""


@dataclass(slots=True)
class _Watched:
    """One schedule at work."""

    schedule: Schedule
    lists: WatchedLists
    status: ScheduleStatus
    wanted: bool = False
    """Somebody wishes all of it to be checked now."""

    said: str | None = None
    """The problem with its lists that was last written to the log."""


class Scheduler:
    """The daemon's work, apart from the process it runs in; `turn` does what is due.

    It is `daemon.state.Watching` for the dashboard.

    Args:
        settings: To begin with.
        named: The lists of the command line.
        database: Opened; the guard of the lease is set on it.
        holder: Who we are, for the lease.
        load: Reads the settings anew.
        context: Time, the network, and where words go.

    Raises:
        UsageError: There is nothing to watch, or a list can't be read and never could.
    """

    def __init__(
        self,
        settings: Settings,
        named: Sequence[str],
        *,
        database: Database,
        holder: str,
        load: Callable[[], Settings],
        context: DaemonContext,
    ) -> None:
        self.database = database
        self.settings = settings
        self.settings_problem: str | None = None
        self._named = tuple(named)
        self._load = load
        self._context = context
        self._leadership = Leader(database, holder, context.clock)
        self._checks = CheckRunner(settings, database, context)
        self._watched = self._watch(settings)
        self._has_led = False
        for watched in self._watched:
            if watched.lists.read is None:
                remedy = "Mend it; a broken edit of a list that was good before is no reason to end."
                raise UsageError(watched.lists.problem or "a list has nothing to watch", remedy=remedy)

    # What the dashboard asks.

    def schedules(self) -> Sequence[ScheduleState]:
        """The schedules, in the order of the settings."""
        return [
            ScheduleState(
                each.schedule, each.lists.files, each.status.next_check, each.status.failures, each.lists.problem
            )
            for each in self._watched
        ]

    def read(self, watch: ScheduleState) -> ReadLists:
        """The lists of a schedule in their last good form.

        Raises:
            UsageError: There never was one, or there is no such schedule.
        """
        for each in self._watched:
            if each.schedule.name == watch.schedule.name and each.lists.read is not None:
                return each.lists.read
        raise UsageError(watch.problem or f"{watch.schedule.name}: nothing is watched")

    def progress(self) -> Progress | None:
        """The check that is running; None between checks."""
        return self._checks.progress

    def heartbeat(self) -> datetime | None:
        """When the leading daemon last renewed its lease; None before the first time."""
        with self.database.read() as connection:
            held = load_lease(connection, DAEMON)
        return None if held is None else held.renewed_at

    def request_check(self, schedule: str) -> None:
        """Check all of a schedule's lists at the next turn.

        Raises:
            KeyError: There is no such schedule.
        """
        {each.schedule.name: each for each in self._watched}[schedule].wanted = True

    # What the process calls.

    def lead(self) -> bool:
        """Whether this daemon is the one that works; it is from now on, when no other one is."""
        if self._leadership.leads:
            return True
        if not self._leadership.take():
            return False
        self._catch_up()
        self._remember_all()
        return True

    def renew(self) -> None:
        """Give a sign of life; from a thread of its own, while a check may take long.

        Raises:
            LeaseLostError: Another daemon has taken over.
        """
        self._leadership.renew()

    def stop(self) -> None:
        """Let another daemon take over at once."""
        self._leadership.give_back()

    def turn(self) -> datetime:
        """Do all that is due; returns when something will be, if nothing changes before."""
        try:
            if not self.lead():
                return self._context.clock() + STANDBY_INTERVAL
            self._refresh()
            for watched in self._watched:
                if watched.wanted or watched.status.next_check <= self._context.clock():
                    self._attend(watched)
            self._checks.telling.send_due(self.database)
        except LeaseLostError as error:
            self._leadership.resign()
            self._context.say(f"{error.message}; this one waits for its turn")
            return self._context.clock() + STANDBY_INTERVAL
        except EndingError as error:
            self._context.say(error.message)
        except LinkwatchError as error:  # the database, mostly: it may be back at the next turn
            self._context.say(_in_full(error))
        return min(watched.status.next_check for watched in self._watched)

    def reload(self) -> None:
        """Take over the settings as they are now; what makes no sense leaves those that were in force."""
        try:
            settings = self._load()
            checks = CheckRunner(settings, self.database, self._context)
            watched = self._watch(settings)
        except LinkwatchError as error:
            self.settings_problem = _in_full(error)
            self._context.say(f"the settings stay as they were: {self.settings_problem}")
            return
        fixed = [name for name in ("database_url", "bind") if getattr(settings, name) != getattr(self.settings, name)]
        self.settings, self._checks, self._watched, self.settings_problem = settings, checks, watched, None
        if fixed:
            self.settings_problem = f"{' and '.join(fixed)}: taken over at the next start"
        self._context.say("; ".join(filter(None, ["the settings were read again", self.settings_problem])))
        with suppress(LinkwatchError):
            self._remember_all()

    # The turn.

    def _watch(self, settings: Settings) -> list[_Watched]:
        now = self._context.clock()
        with self.database.read() as connection:
            statuses = load_schedules(connection)
        found = []
        for schedule in schedules_of(settings, self._named):
            status = initial_status(statuses.get(schedule.name), schedule, now)
            lists = WatchedLists(schedule.lists, settings.ignore, self._remembered, files=status.files)
            lists.refresh()
            found.append(_Watched(schedule, lists, replace(status, next_check=now)))
        return found

    def _catch_up(self) -> None:
        """Another one may have come further meanwhile; what changed in the lists before our time, nobody may know."""
        with self.database.read() as connection:
            statuses = load_schedules(connection)
        now = self._context.clock()
        for watched in self._watched:
            status = initial_status(statuses.get(watched.schedule.name), watched.schedule, now)
            watched.status = status if self._has_led else replace(status, next_check=now)
        self._has_led = True

    def _remembered(self, file: str) -> Sequence[Link]:
        with self.database.read() as connection:
            return load_links(connection, file)

    def _remember_all(self) -> None:
        if not self._leadership.leads:
            return
        with self.database.write() as connection:
            delete_other_schedules(connection, [watched.schedule.name for watched in self._watched])
        for watched in self._watched:
            self._keep(watched, watched.status)

    def _keep(self, watched: _Watched, status: ScheduleStatus) -> None:
        # In memory first: with a database that can't be written the daemon still knows what it has done.
        watched.status = replace(status, files=watched.lists.files)
        with self.database.write() as connection:
            save_schedule(connection, watched.status)

    def _refresh(self) -> None:
        for watched in self._watched:
            if watched.lists.refresh():
                watched.status = replace(watched.status, next_check=self._context.clock())
            if watched.lists.problem != watched.said:
                watched.said = watched.lists.problem
                good = "the lists can be read again"
                self._context.say(
                    f"{watched.schedule.name}: "
                    + (f"{watched.said}; the last good form is watched" if watched.said else good)
                )

    def _attend(self, watched: _Watched) -> None:
        everything, watched.wanted = watched.wanted, False
        try:
            status = at_scheduled_time(watched.status, watched.schedule, self._context.clock())
            is_slot = status.slot != watched.status.slot
            self._keep(watched, status)
            self._check(watched, everything=everything, is_slot=is_slot)
        except (EndingError, LeaseLostError):
            raise
        except LinkwatchError as error:
            self._context.say(f"{watched.schedule.name}: {_in_full(error)}")
            watched.status = after_failure(watched.status, self._context.clock())
        except Exception as error:
            self._context.on_bug(error)
            watched.status = after_failure(watched.status, self._context.clock())

    def _check(self, watched: _Watched, *, everything: bool, is_slot: bool) -> None:
        """Ask about what is due, and reckon when to come again."""
        read, schedule, slot = watched.lists.read, watched.schedule, watched.status.slot
        if read is None:
            self._keep(watched, replace(watched.status, next_check=watched.status.next_slot))
            return
        what = self._checks.due(schedule, read, slot)
        # Lists of which nothing can be asked are checked at their times too, and said to be.
        is_whole = everything or (is_slot and not what.resources and not isinstance(schedule.cadence, Auto))
        if is_whole or what.resources or self._checks.is_unfinished(read):
            self._checks.run(schedule, read, replace(what, coverage=Coverage.ALL) if is_whole else what)
        quota, still = self._checks.quota(), self._checks.due(schedule, read, slot)
        self._keep(watched, after_check(watched.status, still, self._context.clock(), quota))
        self._checks.telling.send_due(self.database)


def _in_full(error: LinkwatchError) -> str:
    return " ".join(filter(None, (f"{error.message}.", error.remedy)))
