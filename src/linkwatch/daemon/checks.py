"""One check of the daemon, from what is due to what is told."""

from collections.abc import Callable
from datetime import datetime

from linkwatch.acknowledgements.toml_read import read_acks
from linkwatch.catalogue.catalogue import resolve_aliases
from linkwatch.daemon.api import Progress
from linkwatch.daemon.context import DaemonContext
from linkwatch.errors import SettingsError
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.records import Coverage
from linkwatch.models.resource import Kind
from linkwatch.models.rules import Level
from linkwatch.models.times import to_millis
from linkwatch.planner.due import Due, due
from linkwatch.report.model import Report
from linkwatch.services.check import run_check
from linkwatch.services.context import CheckContext
from linkwatch.services.dependencies import check_context
from linkwatch.services.lists import ReadLists
from linkwatch.services.notify import prepare_notifications
from linkwatch.services.report import report_of_check
from linkwatch.settings import Auto, Schedule, Settings
from linkwatch.store.channels import load_aliases
from linkwatch.store.database import Database
from linkwatch.store.quota import QuotaDay, load_quota_day
from linkwatch.store.resources import load_check_times
from linkwatch.store.runs import run_scope
from linkwatch.text import counted


class CheckRunner:
    """Makes checks under some settings.

    Args:
        settings: As long as these are in force.
        database: Where the memory is.
        context: Time, the network, and where words go.

    Raises:
        SettingsError: A template of a message, or the file of acknowledgements, makes no sense.
    """

    def __init__(self, settings: Settings, database: Database, context: DaemonContext) -> None:
        self._settings = settings
        self._database = database
        self._context = context
        self.telling = prepare_notifications(settings, context.say, clock=context.clock, deliver=context.deliver)
        self.progress: Progress | None = None
        """Of the check that is running; None between checks."""

        self._acks = read_acks(settings.acks_file, context.clock())
        self._acks_problem: str | None = None

    def due(self, schedule: Schedule, read: ReadLists, slot: datetime | None) -> Due:
        """What of the lists is due now.

        Args:
            schedule: Whose cadence it is.
            read: Its lists.
            slot: When the present slot began; None: what was ever answered about is not due.
        """
        auto = isinstance(schedule.cadence, Auto)
        keyed = self._settings.api_key is not None
        with self._database.read() as connection:
            catalogue = resolve_aliases(read.catalogue, load_aliases(connection))
            moments = load_check_times(connection, changes=auto)
        return due(
            [
                each
                for each in catalogue.links_of
                if not each.unmonitorable and (keyed or each.kind is not Kind.CHANNEL)
            ],
            moments,
            now=to_millis(self._context.clock()),
            interval_start=0 if slot is None else to_millis(slot),
            spacing=self._settings.confirm_spacing,
            auto=auto,
        )

    def is_unfinished(self, read: ReadLists) -> bool:
        """Whether a check of these lists was handed out to workers and has not ended: `run` goes on with it."""
        executor = self._context.executor
        if executor is None:
            return False
        return executor.find_unfinished(self._database, run_scope(read.files), self._context.clock()) is not None

    def quota(self) -> QuotaDay | None:
        """How today's account stands; None without a key."""
        if self._settings.api_key is None:
            return None
        with self._database.read() as connection:
            return load_quota_day(connection, self._context.clock(), self._settings.quota_per_day)

    def run(self, schedule: Schedule, read: ReadLists, what: Due) -> None:
        """Check what is due, and put what is new into the outbox."""
        try:
            only = None if what.coverage is Coverage.ALL else what.resources
            checked = run_check(read.catalogue, read.files, self._using(schedule), only=only, coverage=what.coverage)
        finally:
            self.progress = None
        now = self._context.clock()
        report = report_of_check(
            checked,
            read.files,
            database=self._database,
            settings=self._settings,
            now=now,
            listed_acks=self._listed_acks(now),
        )
        self.telling.queue(report, read.files, self._database, now)
        self._context.say(f"{schedule.name}: {_in_short(report)}")
        self.telling.ping(report)

    def _using(self, schedule: Schedule) -> CheckContext:
        return check_context(
            self._settings,
            self._database,
            progress=self._progress_of(schedule),
            clock=self._context.clock,
            sleep=self._context.sleep,
            client_factory=self._context.client_factory,
            source=self._context.source,
            executor=self._context.executor,
        )

    def _progress_of(self, schedule: Schedule) -> Callable[[int, int], None]:
        started_at = self._context.clock()

        def told(done: int, total: int) -> None:
            self.progress = Progress(schedule.name, started_at, done, total)
            self._context.alive()

        told(0, 0)
        return told

    def _listed_acks(self, now: datetime) -> list[Acknowledgement] | None:
        """What the file of acknowledgements says; a broken edit keeps its last good form, and says so."""
        try:
            self._acks, self._acks_problem = read_acks(self._settings.acks_file, now), None
        except SettingsError as error:
            if error.message != self._acks_problem:
                self._acks_problem = error.message
                self._context.say(f"{error.message}; its last good form counts")
        return self._acks


_HOW_MUCH = {
    Coverage.ALL: "checked",
    Coverage.DUE: "checked what was due",
    Coverage.DOUBTFUL: "checked what was missing",
}

_TOLD = (Level.ERROR, Level.WARNING)


def _in_short(report: Report) -> str:
    """A check in one line of the log."""
    counts, run = report.counts, report.run
    found = [counted(number, level) for level, number in counts.levels.items() if number and level in _TOLD]
    told = [f"{counted(counts.links, 'link')}, {' and '.join(found) or 'all fine'}"]
    if run is not None:
        told = [_HOW_MUCH[run.coverage], *told]
        told += [f"{counted(run.quota_units, 'quota unit')} spent"] if run.quota_units else []
        told += [f"incomplete: {run.incomplete_reason}"] if run.incomplete_reason else []
    return "; ".join(told)
