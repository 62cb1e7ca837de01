"""The daemon's work: read lists that changed, check what is due, send notifications."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import RLock

from linkwatch.daemon.api import Progress, ScheduleState
from linkwatch.daemon.checks import CheckRunner
from linkwatch.daemon.context import DaemonContext
from linkwatch.daemon.leader import Leader
from linkwatch.daemon.list_watcher import WatchedLists, describe_missing
from linkwatch.daemon.schedules import (
    after_check,
    after_failure,
    begin_interval,
    initial_status,
    schedules_of,
    without_future_times,
)
from linkwatch.errors import EndingError, LeaseLostError, LinkwatchError, UsageError
from linkwatch.models.link import Link
from linkwatch.models.records import Coverage, ScheduleStatus
from linkwatch.models.resource import Resource
from linkwatch.models.stored_list import StoredList
from linkwatch.services.lists import ReadLists, file_selection
from linkwatch.services.schedules import (
    delete_other_statuses,
    last_checked_links,
    load_statuses,
    save_status,
    set_pause,
)
from linkwatch.services.stored_lists import load_list, stored_lists
from linkwatch.settings import Auto, Schedule, Settings
from linkwatch.sources.embeds import own_syntaxes
from linkwatch.sources.files import STORED, StoredText, no_stored_list_error
from linkwatch.spool import concatenate
from linkwatch.store.database import Database

LONGEST_REST = timedelta(hours=1)
"""How long nothing is due when every schedule is paused."""

STANDBY_INTERVAL = timedelta(seconds=10)
"""How often a daemon on standby tries to become the leader."""


@dataclass(slots=True)
class _ActiveSchedule:
    """A schedule, its lists and its status."""

    schedule: Schedule
    lists: WatchedLists
    status: ScheduleStatus
    paused_at: datetime | None = None
    """Not the one of the status: the dashboard sets it from its own thread."""

    check_requested: bool = False
    """All of its lists are to be checked now."""

    requested: frozenset[Resource] = frozenset()
    """Resources that are to be checked now."""

    logged_problem: str | None = None
    """The problem with its lists that was last written to the log."""

    logged_missing: str = ""

    has_other_links: bool = False
    """Its lists have other links since the last turn: they are to be checked."""


class Scheduler:
    """The daemon without its process; `run_due` does what is due. For the dashboard it is a `DaemonApi`.

    Args:
        settings: In force at the start.
        named: The lists of the command line.
        database: Opened; the guard of the lease is set on it.
        holder: Name of this process, for the lease.
        load: Loads the settings again.
        context: Clock, network and log.

    Raises:
        UsageError: A list can't be read and never could.
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
        self._leader = Leader(database, holder, context.clock)
        self._checks = CheckRunner(settings, database, context)
        self._lock = RLock()
        """Held by whoever reads lists, or changes which schedules there are: the dashboard does so, too."""

        self._stored: dict[str, StoredList] = {}
        """The lists of the database, by their names."""

        self._active = self._activate(settings)
        self._are_saved = True
        """Whether the database has no status of schedules that are gone."""

        self._has_led = False
        for active in self._active:
            # Lists of the database may come and go while it runs.
            may_come = active.schedule.stored_list is not None or any(
                location.startswith(STORED) for location in active.schedule.lists
            )
            if active.lists.read is None and not may_come:
                raise UsageError(
                    active.lists.problem
                    or "; ".join(active.lists.missing.values())
                    or f"{active.schedule.name}: there is no list to check",
                    remedy="Fix the list and start the daemon again.",
                )

    # For the dashboard.

    def schedules(self) -> Sequence[ScheduleState]:
        """The schedules, in the order of the settings."""
        return [
            ScheduleState(
                active.schedule,
                active.lists.files,
                active.status.next_check if active.paused_at is None else None,
                active.status.failures,
                active.lists.problem,
                active.paused_at,
                tuple(active.lists.missing),
            )
            for active in self._active
        ]

    def read(self, state: ScheduleState) -> ReadLists:
        """The lists of a schedule, in the version last read.

        Raises:
            UsageError: None could ever be read, or there is no such schedule.
        """
        for active in self._active:
            if active.schedule.name == state.schedule.name and active.lists.read is not None:
                return active.lists.read
        raise UsageError(
            state.problem or describe_missing(state.missing) or f"{state.schedule.name}: there is no list to check"
        )

    def progress(self) -> Progress | None:
        """The running check; None between checks."""
        return self._checks.progress

    def heartbeat(self) -> datetime | None:
        """When the active daemon last renewed its lease; None before the first time."""
        return self._leader.heartbeat()

    def request_check(self, schedule: str, resource: Resource | None = None) -> None:
        """Check all lists of a schedule, or one of their resources, with the next `run_due`.

        Raises:
            KeyError: There is no such schedule.
        """
        active = {active.schedule.name: active for active in self._active}[schedule]
        if resource is None:
            active.check_requested = True
        else:
            active.requested |= {resource}

    def set_paused(self, schedule: str, *, paused: bool) -> None:
        """Check nothing of a schedule but what is requested, or check it on its schedule again.

        Raises:
            KeyError: There is no such schedule.
            StoreError: The database can't be written, or another daemon has taken over.
        """
        active = {active.schedule.name: active for active in self._active}[schedule]
        if paused == (active.paused_at is not None):
            return
        paused_at = self._context.clock() if paused else None
        with self._lock:
            set_pause(self.database, active.status, paused_at)
            active.paused_at = paused_at
        self._context.log(f"{schedule}: {'paused' if paused else 'resumed'}")

    def refresh_stored_lists(self) -> None:
        """Read the lists that are stored in the database now.

        Raises:
            StoreError: The database can't be read.
        """
        with self._lock:
            self._sync_schedules()
            for active in self._active:
                if active.schedule.stored_list is not None:
                    active.has_other_links |= active.lists.refresh()

    # For the process.

    def become_leader(self) -> bool:
        """Become the leader unless another daemon is; returns whether this one is."""
        if self._leader.is_leader:
            return True
        if not self._leader.acquire():
            return False
        with self._lock:
            self._sync_schedules()
        self._load_statuses()
        self._save_all()
        return True

    def renew(self) -> None:
        """Give a heartbeat; called from a thread of its own, for a check may take long.

        Raises:
            LeaseLostError: Another daemon has taken over.
        """
        self._leader.renew()

    def stop(self) -> None:
        """Let another daemon take over at once."""
        self._leader.release()

    def run_due(self) -> datetime:
        """Do everything that is due; returns when something will be due next, unless a list or a setting changes."""
        try:
            if not self.become_leader():
                return self._context.clock() + STANDBY_INTERVAL
            self._refresh_lists()
            for active in self._active:
                active.status = without_future_times(active.status, active.schedule, self._context.clock())
                is_due = active.paused_at is None and active.status.next_check <= self._context.clock()
                if active.check_requested or active.requested or is_due:
                    self._run(active)
            self._checks.notifications.send_due(self.database)
        except LeaseLostError as error:
            self._leader.resign()
            self._context.log(f"{error.message}; this one is on standby")
            return self._context.clock() + STANDBY_INTERVAL
        except EndingError as error:
            self._context.log(error.message)
        except LinkwatchError as error:  # mostly the database, which may be back the next time
            self._context.log(_in_full(error))
        running = (active.status.next_check for active in self._active if active.paused_at is None)
        return min(running, default=self._context.clock() + LONGEST_REST)

    def reload(self) -> None:
        """Load the settings again; when they are invalid, those before stay in force."""
        try:
            settings = self._load()
            checks = CheckRunner(settings, self.database, self._context)
            with self._lock:
                self._active = self._activate(settings)
        except LinkwatchError as error:
            self.settings_problem = _in_full(error)
            self._context.log(f"settings not reloaded: {self.settings_problem}")
            return
        fixed = [name for name in ("database_url", "bind") if getattr(settings, name) != getattr(self.settings, name)]
        self.settings, self._checks, self.settings_problem = settings, checks, None
        if fixed:
            self.settings_problem = f"{' and '.join(fixed)}: restart the daemon to apply the change"
        self._context.log("; ".join(filter(None, ["settings reloaded", self.settings_problem])))
        with suppress(LinkwatchError):
            self._save_all()

    def _activate(self, settings: Settings, kept: Mapping[str, _ActiveSchedule] | None = None) -> list[_ActiveSchedule]:
        """The schedules of the settings and of the lists in the database, which are read.

        Args:
            settings: In force.
            kept: By their keys: schedules that go on if they are still the same.
        """
        now = self._context.clock()
        stored = load_statuses(self.database)
        self._stored = {each.name: each for each in stored_lists(self.database)}
        schedules = []
        for schedule in schedules_of(settings, self._named, self._stored.values()):
            before = None if kept is None else kept.get(schedule.key)
            if before is not None and before.schedule == schedule:
                schedules.append(before)
                continue
            status = initial_status(stored.get(schedule.key), schedule, now)
            lists = WatchedLists(
                schedule.lists,
                settings.ignore,
                self._last_checked_links,
                file_selection(settings),
                settings.max_file,
                own_syntaxes(settings.embeds),
                self._find_stored,
                status.files,
            )
            lists.refresh()
            schedules.append(
                _ActiveSchedule(schedule, lists, replace(status, next_check=now), _pause_of(stored, schedule))
            )
        return schedules

    def _find_stored(self, name: str) -> StoredText | str:
        """A list of the database, as of this turn; its text is loaded when it is read."""
        stored = self._stored.get(name)
        if stored is None:
            raise no_stored_list_error(name)
        return stored.path or StoredText(stored.digest, lambda: load_list(self.database, name)[1])

    def _sync_schedules(self) -> None:
        """Have a schedule for each list that is in the database now, and pauses as others have set them."""
        before, active = self._stored, {each.schedule.key: each for each in self._active}
        stored = {each.name: each for each in stored_lists(self.database)}
        if {(each.name, each.path) for each in stored.values()} == {(e.name, e.path) for e in before.values()}:
            self._stored = stored
        else:
            self._active = self._activate(self.settings, active)
            self._are_saved = False
            now = {each.schedule.key: each.schedule.name for each in self._active}
            for key in now.keys() - active.keys():
                self._context.log(f"{now[key]}: added")
            for key in active.keys() - now.keys():
                self._context.log(f"{active[key].schedule.name}: removed")
        statuses = load_statuses(self.database)
        for each in self._active:
            if each.schedule.key in statuses:
                each.paused_at = statuses[each.schedule.key].paused_at

    def _load_statuses(self) -> None:
        """Continue from the statuses that another leader has stored; the first time, make all schedules due at once."""
        stored = load_statuses(self.database)
        now = self._context.clock()
        for active in self._active:
            status = initial_status(stored.get(active.schedule.key), active.schedule, now)
            active.paused_at = _pause_of(stored, active.schedule)
            # The lists may have changed before this daemon was started.
            active.status = status if self._has_led else replace(status, next_check=now)
        self._has_led = True

    def _last_checked_links(self, file: str) -> Sequence[Link]:
        return last_checked_links(self.database, file)

    def _save_all(self) -> None:
        if not self._leader.is_leader:
            return
        delete_other_statuses(self.database, [active.schedule.key for active in self._active])
        for active in self._active:
            self._save(active, active.status)

    def _save(self, active: _ActiveSchedule, status: ScheduleStatus) -> None:
        # In memory first: when the database can't be written, the daemon still knows what it has done.
        active.status = replace(status, files=active.lists.files)
        save_status(self.database, active.status)

    def _refresh_lists(self) -> None:
        with self._lock:
            self._sync_schedules()
        if not self._are_saved:
            self._are_saved = True
            self._save_all()
        for active in self._active:
            with self._lock:
                is_new, active.has_other_links = active.lists.refresh() or active.has_other_links, False
            if is_new:
                active.status = replace(active.status, next_check=self._context.clock())
            problem, missing = active.lists.problem, describe_missing(active.lists.missing)
            if missing != active.logged_missing:
                active.logged_missing = missing
                self._context.log(missing or f"{active.schedule.name}: all lists are there")
            if problem != active.logged_problem:
                active.logged_problem = problem
                line = f"{problem}; the version read before stays in use" if problem else "the lists can be read again"
                name = active.schedule.name
                self._context.log(line if line.startswith(f"{name}:") else f"{name}: {line}")

    def _run(self, active: _ActiveSchedule) -> None:
        check_all, active.check_requested = active.check_requested, False
        requested, active.requested = active.requested, frozenset()
        try:
            status = begin_interval(active.status, active.schedule, self._context.clock())
            interval_began = status.interval_start != active.status.interval_start
            self._save(active, status)
            self._check(active, check_all=check_all, requested=requested, interval_began=interval_began)
        except (EndingError, LeaseLostError):
            raise
        except LinkwatchError as error:
            self._context.log(f"{active.schedule.name}: {_in_full(error)}")
            active.status = after_failure(active.status, self._context.clock())
        except Exception as error:
            self._context.on_bug(error)
            active.status = after_failure(active.status, self._context.clock())

    def _check(
        self, active: _ActiveSchedule, *, check_all: bool, requested: frozenset[Resource], interval_began: bool
    ) -> None:
        """Check what is due or requested, and compute when the schedule is due next."""
        read, schedule, interval_start = active.lists.read, active.schedule, active.status.interval_start
        if read is None:
            self._save(active, replace(active.status, next_check=active.status.next_scheduled))
            return
        due = self._checks.due(schedule, read, interval_start)
        if requested:
            due = replace(due, resources=concatenate([due.resources, [*requested]]), coverage=Coverage.DUE)
        # Lists in which nothing can be checked have runs at their times too.
        is_whole = check_all or (interval_began and not due.resources and not isinstance(schedule.cadence, Auto))
        if is_whole or due.resources or self._checks.has_unfinished_run(read):
            self._checks.run(schedule, read, replace(due, coverage=Coverage.ALL) if is_whole else due)
        quota, still_due = self._checks.quota(), self._checks.due(schedule, read, interval_start)
        self._save(active, after_check(active.status, still_due, self._context.clock(), quota))
        self._checks.notifications.send_due(self.database)


def _pause_of(stored: Mapping[str, ScheduleStatus], schedule: Schedule) -> datetime | None:
    status = stored.get(schedule.key)
    return None if status is None else status.paused_at


def _in_full(error: LinkwatchError) -> str:
    return " ".join(filter(None, (f"{error.message}.", error.remedy)))
