"""The report of each schedule, cached until the stored data, the lists or the settings change; and its findings."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import perf_counter
from typing import NamedTuple

from linkwatch.daemon.api import DaemonApi, ScheduleState
from linkwatch.errors import StoreError, UsageError
from linkwatch.models.observation import ResourceRecord
from linkwatch.models.records import Revision
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import GROUPS, Group
from linkwatch.report.build import by_resource
from linkwatch.report.condensed import MAX_AGE, CondensedReport, condense
from linkwatch.report.model import Extra, Finding, Report, ReportedResource
from linkwatch.report.summary import grouped
from linkwatch.report.trends import DayStates
from linkwatch.services.dashboard import AckFile, data_revision, read_ack_file, states_of_days
from linkwatch.services.lists import ReadLists
from linkwatch.services.report import report_of_lists
from linkwatch.services.summaries import stored_summary, summary_version
from linkwatch.settings import Settings

_EXTRAS = frozenset({Extra.CHECKS, Extra.EVENTS})


@dataclass(frozen=True, slots=True)
class ScheduleReport:
    """A schedule and the report of its lists."""

    state: ScheduleState
    report: Report | None
    """None: the lists could never be read."""

    problem: str | None = None
    """Why the lists can't be read as they are now."""

    items: Mapping[Resource, ReportedResource] = field(default_factory=dict)
    """The resources of the report."""

    findings: Mapping[tuple[Kind | None, str | None], Sequence[Finding]] = field(default_factory=dict)
    """The findings of the report, by kind and id."""

    days: Sequence[DayStates] = ()
    """The states of the resources at the end of each day of the last year, oldest first."""

    issues: int = 0
    """The findings that are not acknowledged."""

    by_rule: Mapping[str, int] = field(default_factory=dict)
    """The same by the name of the rule."""

    @property
    def name(self) -> str:
        """The name of the schedule."""
        return self.state.schedule.name

    def finding(self, group: Group, finding: Finding) -> "ScheduleFinding":
        """A finding with the title of what it is about."""
        label = next((link.label for link in finding.links if link.label), None)
        if finding.kind is None or finding.id is None:
            return ScheduleFinding(self.name, group, finding, label)
        item = self.items.get(Resource(finding.kind, finding.id))
        title = item.record.facts.title if item is not None and item.record is not None else None
        return ScheduleFinding(self.name, group, finding, title or label)

    def findings_of(self, resource: Resource) -> Sequence[Finding]:
        """The findings about one resource."""
        return self.findings.get((resource.kind, resource.id), ())


class ScheduleFinding(NamedTuple):
    """A finding, its schedule and its group."""

    schedule: str
    group: Group
    finding: Finding
    title: str | None = None
    """Of the resource that it is about; None: not known."""

    @property
    def name(self) -> str:
        """The title, label or id of what it is about."""
        return self.title or self.subject

    @property
    def subject(self) -> str:
        """What is acknowledged with it: the id, or the URL of a link that names no resource."""
        finding = self.finding
        return finding.id or (finding.links[0].url if finding.links else "")


def findings_by_group(schedules: Iterable[ScheduleReport]) -> list[ScheduleFinding]:
    """The findings of several schedules in the order of the groups; acknowledged ones come last."""
    findings = list(_findings(schedules))
    return [entry for group in GROUPS for entry in findings if entry.group is group]


def _findings(schedules: Iterable[ScheduleReport]) -> Iterator[ScheduleFinding]:
    for schedule in schedules:
        if schedule.report is not None:
            for group, findings in grouped(schedule.report.findings):
                yield from (schedule.finding(group, finding) for finding in findings)


@dataclass(frozen=True, slots=True)
class _CacheKey:
    """Everything that a report is made from but the time."""

    read: ReadLists
    settings: Settings
    revision: Revision
    ack_file: AckFile


@dataclass(frozen=True, slots=True)
class _CacheEntry:
    key: _CacheKey
    report: Report
    items: Mapping[Resource, ReportedResource]
    findings: Mapping[tuple[Kind | None, str | None], Sequence[Finding]]
    condensed: CondensedReport

    def is_valid(self, key: _CacheKey, now: datetime) -> bool:
        """Whether a report of this would say the same."""
        return self.key == key and not _has_expired(self.condensed, key, now)


class ReportCache:
    """Makes reports and keeps the last one of each schedule.

    Args:
        daemon: Has the schedules, the lists and the database.
        clock: The present time, aware UTC.
    """

    def __init__(self, daemon: DaemonApi, clock: Callable[[], datetime]) -> None:
        self._daemon, self._clock = daemon, clock
        self._entries: dict[str, _CacheEntry] = {}
        self._days_of_all: tuple[tuple[int, ...], list[Sequence[DayStates]], Sequence[DayStates]] | None = None
        self._lock = Lock()

    def all(self) -> list[ScheduleReport]:
        """The reports of all schedules, in the order of the settings.

        Raises:
            StoreError: The database can't be read.
        """
        revision = data_revision(self._daemon.database)
        states = self._daemon.schedules()
        with self._lock:  # lists may be removed while the daemon runs
            for name in self._entries.keys() - {state.schedule.name for state in states}:
                del self._entries[name]
        return [self._report(state, revision) for state in states]

    def condensed(self) -> list[ScheduleReport]:
        """As `all`, with the first issues alone and what they are about, and the numbers of the whole reports.

        Where no report is cached, what the last check has stored is used, so that a long list takes no report.

        Raises:
            StoreError: The database can't be read.
        """
        revision = data_revision(self._daemon.database)
        return [self._condensed(state, revision) for state in self._daemon.schedules()]

    def get(self, schedule: str) -> ScheduleReport | None:
        """The report of one schedule, by its name or key; None: there is no such schedule.

        Raises:
            StoreError: The database can't be read.
        """
        states = self._daemon.schedules()
        state = next((state for state in states if state.schedule.name == schedule), None)
        # Badges and feeds of a list that was named anew keep their addresses.
        state = state or next((state for state in states if state.schedule.key == schedule), None)
        return None if state is None else self.of(state)

    def of(self, state: ScheduleState) -> ScheduleReport:
        """The report of a schedule.

        Raises:
            StoreError: The database can't be read.
        """
        return self._report(state, data_revision(self._daemon.database))

    def _key(self, state: ScheduleState, revision: Revision) -> "_CacheKey | ScheduleReport":
        """What the report of a schedule is made from now; where its lists could never be read, that."""
        try:
            read = self._daemon.read(state)
        except StoreError:
            raise
        except UsageError as error:
            return ScheduleReport(state, None, f"{error.message}. {error.remedy}".strip())
        settings = self._daemon.settings
        return _CacheKey(read, settings, revision, read_ack_file(settings.acks_file, self._clock()))

    def _report(self, state: ScheduleState, revision: Revision) -> ScheduleReport:
        key = self._key(state, revision)
        if isinstance(key, ScheduleReport):
            return key
        entry = self._entry(state, key, self._clock())
        condensed = entry.condensed
        return ScheduleReport(
            state,
            entry.report,
            state.problem,
            entry.items,
            entry.findings,
            condensed.days,
            condensed.issues,
            condensed.by_rule,
        )

    def _condensed(self, state: ScheduleState, revision: Revision) -> ScheduleReport:
        key = self._key(state, revision)
        if isinstance(key, ScheduleReport):
            return key
        now = self._clock()
        entry = self._entries.get(state.schedule.name)
        if entry is None or not entry.is_valid(key, now):
            condensed = self._stored(state, key, now) or self._entry(state, key, now).condensed
        else:
            condensed = entry.condensed
        items = by_resource(condensed.report.resources)
        return ScheduleReport(
            state,
            condensed.report,
            state.problem,
            items,
            days=condensed.days,
            issues=condensed.issues,
            by_rule=condensed.by_rule,
        )

    def _stored(self, state: ScheduleState, key: _CacheKey, now: datetime) -> CondensedReport | None:
        read, settings = key.read, key.settings
        if read.version is None:
            return None
        version = summary_version(read.version, settings, key.revision, key.ack_file.acks)
        condensed = stored_summary(self._daemon.database, state.schedule.key, version, settings, now)
        if condensed is None or _has_expired(condensed, key, now):
            return None
        return condensed

    def _entry(self, state: ScheduleState, key: _CacheKey, now: datetime) -> _CacheEntry:
        # With the lock, two requests at once don't both make the same report.
        with self._lock:
            entry = self._entries.get(state.schedule.name)
            if entry is None or not entry.is_valid(key, now):
                entry = self._entries[state.schedule.name] = self._make(key, now)
        return entry

    def _make(self, key: _CacheKey, now: datetime) -> _CacheEntry:
        began = perf_counter()
        report = report_of_lists(
            key.read.catalogue,
            key.read.files,
            database=self._daemon.database,
            settings=key.settings,
            now=now,
            extras=_EXTRAS,
            listed_acks=key.ack_file.acks,
        )
        findings = defaultdict(list)
        for finding in report.findings:
            for subject in finding.subjects:
                findings[subject].append(finding)
        items = by_resource(report.resources)
        days = states_of_days(self._daemon.database, _records(report), now)
        condensed = condense(report, days, perf_counter() - began, items)
        return _CacheEntry(key, report, items, dict(findings), condensed)

    def days_of_all(self, schedules: Sequence[ScheduleReport]) -> Sequence[DayStates]:
        """The states by day of the resources of several schedules; one that is in several of them counts once."""
        known = [schedule for schedule in schedules if schedule.report is not None]
        if len(known) < 2:
            return known[0].days if known else ()
        key = tuple(id(schedule.days) for schedule in known)
        if self._days_of_all is None or self._days_of_all[0] != key:
            records = {
                resource: record
                for schedule in known
                if schedule.report
                for resource, record in _records(schedule.report)
            }
            days = states_of_days(self._daemon.database, records.items(), self._clock())
            # With the days that the key is made from: as long as they exist, no others have their ids.
            self._days_of_all = (key, [schedule.days for schedule in known], days)
        return self._days_of_all[2]


def _records(report: Report) -> Iterator[tuple[Resource, ResourceRecord]]:
    return ((item.resource, item.record) for item in report.resources if item.record is not None)


def _has_expired(condensed: CondensedReport, key: _CacheKey, now: datetime) -> bool:
    """Whether a report is too old, or of another day: acknowledgements end at midnight UTC."""
    made_at, acks = condensed.report.generated_at, (*(key.ack_file.acks or ()), *key.revision.acks)
    if now - made_at > condensed.max_age:
        return True
    if made_at.date() == now.date():
        return False
    return condensed.max_age == MAX_AGE or any(ack.has_expired(now) != ack.has_expired(made_at) for ack in acks)
