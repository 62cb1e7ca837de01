"""The documents of the JSON API that are not reports or histories; times are UTC."""

from datetime import date, datetime

import msgspec

from linkwatch.daemon.api import Progress
from linkwatch.models.acknowledgement import UNDATED, Acknowledgement
from linkwatch.models.records import PastRun, QuotaDay
from linkwatch.models.times import whole_seconds
from linkwatch.report.formats.json_encoding import Time
from linkwatch.web.paging import Page
from linkwatch.web.reports import ScheduleReport
from linkwatch.web.text import describe_cadence


class Schedule(msgspec.Struct):
    """A schedule: lists that are checked together."""

    name: str
    cadence: str
    """As text for people."""

    files: list[str]
    next_check_at: Time | None
    """Null: not known yet, or it is paused."""

    paused_at: Time | None
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
    """The coverage: `all`, `due` or `doubtful`."""

    source: str
    started_at: Time
    finished_at: Time | None
    quota_units: int
    complete: bool
    incomplete_reason: str | None
    held: bool
    """Stopped by the safety limit."""

    note: str | None


class Runs(msgspec.Struct):
    """One page of all runs, newest first."""

    page: int
    pages: int
    total: int
    runs: list[Run]


class Running(msgspec.Struct):
    """A running check."""

    schedule: str
    started_at: Time
    phase: str
    """`links` while it asks about the resources of the lists, `playlists` while it reads their videos."""

    done: int
    """Of this phase, as is the total."""

    total: int


class ProgressNow(msgspec.Struct):
    """What the daemon does now."""

    running: Running | None
    last_run: int | None
    """The last check that has ended: another number than before means that there are new results."""
    """Null between checks."""


class Quota(msgspec.Struct):
    """The quota account of today."""

    units: int
    limit: int
    left: int
    exhausted: bool
    """YouTube responded within the last hour that the quota is used up."""

    turns_at: Time


class Ack(msgspec.Struct):
    """An acknowledgement."""

    id: str | None
    """Null: of all resources."""

    rule: str | None
    """Null: of all rules."""

    reason: str | None
    accepted_at: Time | None
    """Null: not stated in the file."""

    until: date | None
    ended_at: Time | None
    active: bool


class Acks(msgspec.Struct):
    """All acknowledgements, those that have ended too."""

    acknowledgements: list[Ack]


class Problem(msgspec.Struct):
    """An error."""

    error: str
    remedy: str


def schedule_document(schedule: ScheduleReport, counts: dict[str, int]) -> Schedule:
    """A schedule, with the counts of its report."""
    report = schedule.report
    return Schedule(
        name=schedule.name,
        cadence=describe_cadence(schedule.state.schedule.cadence),
        files=list(schedule.state.files),
        next_check_at=whole_seconds(schedule.state.next_check_at),
        paused_at=whole_seconds(schedule.state.paused_at),
        incomplete_in_a_row=schedule.state.failures,
        problem=schedule.problem,
        last_run=report.run.id if report is not None and report.run is not None else None,
        counts=counts,
    )


def runs_document(page: Page[PastRun]) -> Runs:
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


def progress_document(progress: Progress | None, last_run: int | None) -> ProgressNow:
    """What the daemon does now, and the last check that has ended."""
    if progress is None:
        return ProgressNow(None, last_run)
    began = whole_seconds(progress.started_at)
    return ProgressNow(Running(progress.schedule, began, progress.phase, progress.done, progress.total), last_run)


def quota_document(day: QuotaDay) -> Quota:
    return Quota(day.units, day.limit, day.left, day.exhausted, whole_seconds(day.turns_at))


def ack_document(ack: Acknowledgement, now: datetime) -> Ack:
    return Ack(
        id=ack.id,
        rule=None if ack.rule is None else ack.rule.name,
        reason=ack.reason,
        accepted_at=None if ack.accepted_at == UNDATED else whole_seconds(ack.accepted_at),
        until=ack.until,
        ended_at=whole_seconds(ack.ended_at),
        active=ack.ended_at is None and not ack.has_expired(now),
    )
