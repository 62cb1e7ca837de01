"""The report of each schedule, kept until something changes that it tells of."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple

from linkwatch.daemon.api import DaemonApi, ScheduleState
from linkwatch.errors import StoreError, UsageError
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import GROUPS, Group
from linkwatch.report.build import by_resource
from linkwatch.report.model import Extra, Finding, Report, ReportedResource
from linkwatch.report.summary import grouped
from linkwatch.services.lists import ReadLists
from linkwatch.services.report import report_of_lists
from linkwatch.settings import Settings
from linkwatch.store.revision import Revision, load_revision
from linkwatch.web.acceptances import Listed, listed_acks

MAX_AGE = timedelta(minutes=5)
"""What depends on the time of day alone (what is stale, what changed lately) is seen after this time."""

_EXTRAS = frozenset({Extra.CHECKS, Extra.EVENTS})


@dataclass(frozen=True, slots=True)
class ScheduleReport:
    """A schedule and what is known of its lists."""

    state: ScheduleState
    report: Report | None
    """None: its lists can't be read."""

    problem: str | None = None
    """Why its lists can't be read as they are now."""

    items: Mapping[Resource, ReportedResource] = field(default_factory=dict)
    """The resources of the report."""

    findings: Mapping[tuple[Kind | None, str | None], Sequence[Finding]] = field(default_factory=dict)
    """Those of the report, by kind and id."""

    @property
    def name(self) -> str:
        """The schedule's."""
        return self.state.schedule.name

    def findings_of(self, resource: Resource) -> Sequence[Finding]:
        """What was found about one resource."""
        return self.findings.get((resource.kind, resource.id), ())


class ScheduleFinding(NamedTuple):
    """A finding, and where it belongs."""

    schedule: str
    group: Group
    finding: Finding

    @property
    def about(self) -> str:
        """What is accepted when it is: the id, or the URL of a link that names nothing."""
        finding = self.finding
        return finding.id or (finding.links[0].url if finding.links else "")


def findings_by_group(watched: Iterable[ScheduleReport]) -> list[ScheduleFinding]:
    """All of them, what is accepted at the end."""
    found = list(_all(watched))
    return [each for group in GROUPS for each in found if each.group is group]


def _all(watched: Iterable[ScheduleReport]) -> Iterator[ScheduleFinding]:
    for each in watched:
        if each.report is not None:
            for group, findings in grouped(each.report.findings):
                yield from (ScheduleFinding(each.name, group, finding) for finding in findings)


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a report rests on; equal: the report would be the same."""

    read: ReadLists
    settings: Settings
    load_revision: Revision
    listed: Listed


@dataclass(frozen=True, slots=True)
class _Held:
    basis: _Basis
    report: Report
    items: Mapping[Resource, ReportedResource]
    findings: Mapping[tuple[Kind | None, str | None], Sequence[Finding]]


class ReportCache:
    """Makes reports, and keeps the last of each schedule.

    Args:
        daemon: The daemon.
        clock: The present time.
    """

    def __init__(self, daemon: DaemonApi, clock: Callable[[], datetime]) -> None:
        self._daemon, self._clock = daemon, clock
        self._held: dict[str, _Held] = {}
        self._lock = Lock()

    def of_all(self) -> list[ScheduleReport]:
        """Every schedule, in the order of the settings.

        Raises:
            StoreError: The database can't be read.
        """
        felt = self._pulse()
        return [self._watched(state, felt) for state in self._daemon.schedules()]

    def of(self, schedule: str) -> ScheduleReport | None:
        """One schedule; None: there is none of that name.

        Raises:
            StoreError: The database can't be read.
        """
        state = next((state for state in self._daemon.schedules() if state.schedule.name == schedule), None)
        return None if state is None else self._watched(state, self._pulse())

    def _pulse(self) -> Revision:
        with self._daemon.database.read() as connection:
            return load_revision(connection)

    def _watched(self, state: ScheduleState, felt: Revision) -> ScheduleReport:
        try:
            read = self._daemon.read(state)
        except StoreError:
            raise
        except UsageError as error:
            return ScheduleReport(state, None, f"{error.message}. {error.remedy}".strip())
        now, settings = self._clock(), self._daemon.settings
        basis = _Basis(read, settings, felt, listed_acks(settings.acks_file, now))
        # One at a time: two who ask at once for the same would else both make it.
        with self._lock:
            held = self._held.get(state.schedule.name)
            if held is None or held.basis != basis or _is_old(held.report, now):
                held = self._held[state.schedule.name] = self._made(basis, now)
        return ScheduleReport(state, held.report, state.problem, held.items, held.findings)

    def _made(self, basis: _Basis, now: datetime) -> _Held:
        report = report_of_lists(
            basis.read.catalogue,
            basis.read.files,
            database=self._daemon.database,
            settings=basis.settings,
            now=now,
            extras=_EXTRAS,
            listed_acks=basis.listed.acks,
        )
        findings = defaultdict(list)
        for finding in report.findings:
            findings[finding.kind, finding.id].append(finding)
        return _Held(basis, report, by_resource(report.resources), dict(findings))


def _is_old(report: Report, now: datetime) -> bool:
    """Too old to be shown, or of another day: what is accepted until a date was accepted until midnight."""
    return now - report.generated_at > MAX_AGE or now.date() != report.generated_at.date()
