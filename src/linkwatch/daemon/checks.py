"""One check of the daemon: from the resources that are due to the notifications in the outbox."""

from datetime import datetime
from time import perf_counter

from linkwatch.acknowledgements.toml_read import read_acks
from linkwatch.daemon.api import Progress
from linkwatch.daemon.context import DaemonContext
from linkwatch.errors import SettingsError
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.records import Coverage, QuotaDay
from linkwatch.models.rules import Level
from linkwatch.planner.due import Due
from linkwatch.report.model import Report
from linkwatch.services.check import run_check
from linkwatch.services.context import CheckContext
from linkwatch.services.dashboard import quota_status
from linkwatch.services.dependencies import check_context
from linkwatch.services.lists import ReadLists
from linkwatch.services.notify import prepare_notifications
from linkwatch.services.report import report_and_revision
from linkwatch.services.schedules import due_resources, has_unfinished_run
from linkwatch.services.summaries import store_summary, summary_version
from linkwatch.services.tally import CheckPhase, OnProgress
from linkwatch.settings import Auto, Schedule, Settings
from linkwatch.store.database import Database
from linkwatch.text import counted


class CheckRunner:
    """Runs checks with fixed settings; reloaded settings get a new runner.

    Args:
        settings: In force.
        database: Opened.
        context: Clock, network and log.

    Raises:
        SettingsError: A message template or the file of acknowledgements is invalid.
    """

    def __init__(self, settings: Settings, database: Database, context: DaemonContext) -> None:
        self._settings = settings
        self._database = database
        self._context = context
        self.notifications = prepare_notifications(settings, context.log, clock=context.clock, deliver=context.deliver)
        self.progress: Progress | None = None
        """The running check; None between checks."""

        self._acks = read_acks(settings.acks_file, context.clock())
        self._acks_problem: str | None = None

    def due(self, schedule: Schedule, read: ReadLists, interval_start: datetime | None) -> Due:
        """The resources of the lists that are due now.

        Args:
            schedule: Whose cadence applies.
            read: Its lists.
            interval_start: When its current interval began; None: only what was never answered is due.
        """
        return due_resources(
            read,
            self._settings,
            database=self._database,
            now=self._context.clock(),
            interval_start=interval_start,
            auto=isinstance(schedule.cadence, Auto),
        )

    def has_unfinished_run(self, read: ReadLists) -> bool:
        """Whether workers have not finished a check of these lists; `run` resumes it."""
        return has_unfinished_run(read, self._context.executor, database=self._database, now=self._context.clock())

    def quota(self) -> QuotaDay | None:
        """Today's quota account; None without a key."""
        if self._settings.api_key is None:
            return None
        return quota_status(self._database, self._settings, self._context.clock())

    def run(self, schedule: Schedule, read: ReadLists, due: Due) -> None:
        """Check the resources that are due, and queue the notifications."""
        try:
            only = None if due.coverage is Coverage.ALL else due.resources
            context = self._check_context(schedule)
            checked = run_check(read.catalogue, read.files, context, only=only, coverage=due.coverage)
        finally:
            self.progress = None
        now = self._context.clock()
        listed_acks, began = self._listed_acks(now), perf_counter()
        report, revision = report_and_revision(
            checked,
            read.files,
            database=self._database,
            settings=self._settings,
            now=now,
            listed_acks=listed_acks,
        )
        took = perf_counter() - began
        self.notifications.queue(report, read.files, self._database, now)
        self._context.log(f"{schedule.name}: {_log_line(report)}")
        self.notifications.ping(report)
        if read.version is not None:
            version = summary_version(read.version, self._settings, revision, listed_acks)
            store_summary(self._database, schedule.key, version, report, took)

    def _check_context(self, schedule: Schedule) -> CheckContext:
        return check_context(
            self._settings,
            self._database,
            progress=self._progress_callback(schedule),
            clock=self._context.clock,
            sleep=self._context.sleep,
            client_factory=self._context.client_factory,
            source=self._context.source,
            executor=self._context.executor,
        )

    def _progress_callback(self, schedule: Schedule) -> OnProgress:
        started_at = self._context.clock()

        def update(phase: CheckPhase, done: int, total: int) -> None:
            self.progress = Progress(schedule.name, started_at, done, total, phase)
            self._context.on_progress()

        update(CheckPhase.LINKS, 0, 0)
        return update

    def _listed_acks(self, now: datetime) -> list[Acknowledgement] | None:
        """The acknowledgements of the file; while it is invalid, those last read, and a line in the log."""
        try:
            self._acks, self._acks_problem = read_acks(self._settings.acks_file, now), None
        except SettingsError as error:
            if error.message != self._acks_problem:
                self._acks_problem = error.message
                self._context.log(f"{error.message}; the version read before still applies")
        return self._acks


_COVERAGE_LABELS = {
    Coverage.ALL: "checked all links",
    Coverage.DUE: "checked the links that were due",
    Coverage.DOUBTFUL: "rechecked unconfirmed links",
}

_LOGGED_LEVELS = (Level.ERROR, Level.WARNING)


def _log_line(report: Report) -> str:
    """One line for the log that sums a check up."""
    counts, run = report.counts, report.run
    found = [counted(number, level) for level, number in counts.levels.items() if number and level in _LOGGED_LEVELS]
    parts = [f"{counted(counts.links, 'link')}, {' and '.join(found) or 'no problems found'}"]
    if run is not None:
        parts = [_COVERAGE_LABELS[run.coverage], *parts]
        parts += [f"{counted(run.quota_units, 'quota unit')} used"] if run.quota_units else []
        parts += [f"incomplete: {run.incomplete_reason}"] if run.incomplete_reason else []
    return "; ".join(parts)
