"""The documents of the JSON API that are not reports or lives; times are UTC."""

from datetime import date, datetime

import msgspec

from linkwatch.daemon.api import Progress
from linkwatch.models.acknowledgement import UNDATED, Acknowledgement
from linkwatch.models.records import PastRun
from linkwatch.models.times import whole_seconds
from linkwatch.store.quota import QuotaDay
from linkwatch.web.paging import Page
from linkwatch.web.reports import ScheduleReport
from linkwatch.web.text import describe_cadence


class Schedule(msgspec.Struct):
    """Lists that are checked together."""

    name: str
    cadence: str
    """In words."""

    files: list[str]
    next_check_at: datetime | None
    incomplete_in_a_row: int
    problem: str | None
    last_run: int | None
    """Id of the last run over these lists."""

    counts: dict[str, int]
    """As in the report; empty when the lists can't be read."""


class Schedules(msgspec.Struct):
    """All schedules, in the order of the settings."""

    schedules: list[Schedule]


class Run(msgspec.Struct):
    """One check."""

    id: int
    files: list[str]
    asked: str
    """How much of the lists: `all`, `due` or `doubtful`."""

    source: str
    started_at: datetime
    finished_at: datetime | None
    quota_units: int
    complete: bool
    incomplete_reason: str | None
    held: bool
    """By the brake."""

    note: str | None


class Runs(msgspec.Struct):
    """One page of all runs, newest first."""

    page: int
    pages: int
    total: int
    runs: list[Run]


class Running(msgspec.Struct):
    """A check that is running."""

    schedule: str
    started_at: datetime
    done: int
    total: int


class ProgressNow(msgspec.Struct):
    """What is being done now."""

    running: Running | None
    """Null between checks."""


class Quota(msgspec.Struct):
    """The account of the day's quota units."""

    units: int
    limit: int
    left: int
    exhausted: bool
    """YouTube said lately that the day is spent."""

    turns_at: datetime


class Ack(msgspec.Struct):
    """Something that is, or was, accepted."""

    id: str | None
    """Null: whatever the rule finds."""

    rule: str | None
    """Null: whatever is found about the id."""

    reason: str | None
    accepted_at: datetime | None
    """Null: the file doesn't say."""

    until: date | None
    ended_at: datetime | None
    active: bool


class Acks(msgspec.Struct):
    """All that is, or was, accepted."""

    acknowledgements: list[Ack]


class Problem(msgspec.Struct):
    """Why there is no answer."""

    error: str
    remedy: str


def schedule_document(watched: ScheduleReport, counts: dict[str, int]) -> Schedule:
    """A schedule, with the counts of its report."""
    report = watched.report
    return Schedule(
        name=watched.name,
        cadence=describe_cadence(watched.state.schedule.cadence),
        files=list(watched.state.files),
        next_check_at=whole_seconds(watched.state.next_check_at),
        incomplete_in_a_row=watched.state.failures,
        problem=watched.problem,
        last_run=report.run.id if report is not None and report.run is not None else None,
        counts=counts,
    )


def runs_document(page: Page[PastRun]) -> Runs:
    """A page of runs."""
    return Runs(page.number, page.pages, page.total, [_run(past) for past in page.rows])


def _run(past: PastRun) -> Run:
    run = past.run
    return Run(
        id=run.id,
        files=list(past.files),
        asked=past.run.coverage,
        source=run.source,
        started_at=whole_seconds(run.started_at),
        finished_at=whole_seconds(run.finished_at),
        quota_units=run.quota_units,
        complete=run.complete,
        incomplete_reason=run.incomplete_reason,
        held=past.stopped_by_brake,
        note=run.note,
    )


def progress_document(progress: Progress | None) -> ProgressNow:
    """The check that is running."""
    if progress is None:
        return ProgressNow(None)
    return ProgressNow(Running(progress.schedule, whole_seconds(progress.started_at), progress.done, progress.total))


def quota_document(day: QuotaDay) -> Quota:
    """The day's account."""
    return Quota(day.units, day.limit, day.left, day.exhausted, whole_seconds(day.turns_at))


def ack_document(ack: Acknowledgement, now: datetime) -> Ack:
    """An acknowledgement."""
    return Ack(
        id=ack.id,
        rule=None if ack.rule is None else ack.rule.name,
        reason=ack.reason,
        accepted_at=None if ack.accepted_at == UNDATED else whole_seconds(ack.accepted_at),
        until=ack.until,
        ended_at=whole_seconds(ack.ended_at),
        active=ack.ended_at is None and not ack.has_expired(now),
    )
