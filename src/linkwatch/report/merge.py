"""The reports of several lists → one of all of them: its counts are their sums."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from linkwatch.models.observation import State
from linkwatch.models.records import Run
from linkwatch.models.rules import Level
from linkwatch.report.model import Counts, Report, ReportedEvent
from linkwatch.spool import concatenate

K = TypeVar("K", State, Level)


def merge_reports(reports: Sequence[Report], now: datetime) -> Report:
    """Combine reports; what two of them share counts twice.

    Args:
        reports: In the order in which their resources and findings are to stand.
        now: The time of the result.
    """
    return Report(
        generated_at=now,
        run=_run(reports),
        counts=_counts([report.counts for report in reports]),
        resources=concatenate([report.resources for report in reports]),
        findings=[finding for report in reports for finding in report.findings],
        quota=next((report.quota for report in reports if report.quota is not None), None),
        recoveries=[recovery for report in reports for recovery in report.recoveries],
        unchecked_channels=sum(report.unchecked_channels for report in reports),
        last_answer=max(filter(None, (report.last_answer for report in reports)), default=None),
        first_check=bool(reports) and all(report.first_check for report in reports),
        events=_events(reports),
    )


def _run(reports: Iterable[Report]) -> Run | None:
    """The last run; an incomplete one before complete ones."""
    runs = [report.run for report in reports if report.run is not None]
    return max(runs, key=lambda run: (not run.complete, run.started_at, run.id), default=None)


def _counts(counts: Sequence[Counts]) -> Counts:
    return Counts(
        links=sum(each.links for each in counts),
        resources=sum(each.resources for each in counts),
        states={state: _sum(state, [each.states for each in counts]) for state in State},
        levels={level: _sum(level, [each.levels for each in counts]) for level in Level if level is not Level.OFF},
        acknowledged=sum(each.acknowledged for each in counts),
        flapping=sum(each.flapping for each in counts),
        ignored=sum(each.ignored for each in counts),
    )


def _sum(key: K, numbers: Iterable[Mapping[K, int]]) -> int:
    return sum(each[key] for each in numbers)


def _events(reports: Iterable[Report]) -> list[ReportedEvent]:
    """Newest first; each event once, also if two lists have its resource."""
    events = {
        (happened.stored.run_id, happened.stored.resource, happened.stored.event.kind): happened
        for report in reports
        for happened in report.events
    }
    return sorted(events.values(), key=lambda happened: happened.stored.at, reverse=True)
