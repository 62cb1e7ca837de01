"""For monitoring systems: `/healthz` and `/readyz`, which are public, and the Prometheus metrics."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from linkwatch.errors import StoreError
from linkwatch.models.observation import State
from linkwatch.models.rules import Level
from linkwatch.models.times import is_ahead
from linkwatch.report.model import Report
from linkwatch.services.dashboard import live_workers, past_runs, quota_status, unsent_messages
from linkwatch.version import __version__
from linkwatch.web.context import WebContext
from linkwatch.web.reports import ScheduleReport
from linkwatch.web.text import format_duration

HEARTBEAT_TIMEOUT = timedelta(minutes=2)
"""Without a heartbeat for this time the daemon is not ready."""


def healthz(context: WebContext, request: Request) -> Response:
    """The process responds."""
    return PlainTextResponse("ok\n")


def readyz(context: WebContext, request: Request) -> Response:
    """The database can be read, the daemon gives heartbeats, and neither they nor the last check lie ahead of now."""
    problems = "".join(f"{problem}\n" for problem in _problems(context))
    return PlainTextResponse(problems, 503) if problems else PlainTextResponse("ready\n")


async def answer_on_standby(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer while another daemon works: this process is healthy, and not ready for anybody."""
    if scope["path"] == "/healthz":
        response = PlainTextResponse("ok\n")
    else:
        response = PlainTextResponse("on standby: another daemon is active on this database\n", 503)
    await response(scope, receive, send)


def _problems(context: WebContext) -> Iterator[str]:
    try:
        last_runs = past_runs(context.daemon.database, 1, 0)
        heartbeat = context.daemon.heartbeat()
    except StoreError:
        # Without the message of the database, which names its address.
        yield "the database can't be read"
        return
    now = context.clock()
    if heartbeat is None:
        yield "no heartbeat of the daemon yet"
    elif is_ahead(heartbeat, now):
        yield f"the last heartbeat lies ahead of now ({heartbeat:%Y-%m-%d %H:%M} UTC): set the clock"
    elif (age := now - heartbeat) > HEARTBEAT_TIMEOUT:
        yield f"no heartbeat of the daemon for {format_duration(age)}"
    for past in last_runs:
        if is_ahead(past.run.started_at, now):
            yield f"the last check lies ahead of now ({past.run.started_at:%Y-%m-%d %H:%M} UTC): set the clock"


def metrics(context: WebContext, request: Request) -> Response:
    """All metrics, in the text format of Prometheus that is asked for: OpenMetrics, or by default its first one."""
    registry = CollectorRegistry()
    registry.register(_DashboardCollector(context))
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(registry), headers={"content-type": content_type})


class _DashboardCollector(Collector):
    """Collects all metrics at each scrape."""

    def __init__(self, context: WebContext) -> None:
        self._context = context

    def describe(self) -> Iterable[Metric]:
        return ()  # otherwise registering would collect once more

    def collect(self) -> Iterator[Metric]:
        context, now = self._context, self._context.clock()
        schedules = context.reports.condensed()
        reports = [(schedule.name, schedule.report) for schedule in schedules if schedule.report is not None]
        yield InfoMetricFamily("linkwatch", "Version of linkwatch.", {"version": __version__})
        yield _resources(reports)
        yield from _findings(context, schedules)
        yield from _runs(reports, now)
        yield from _schedules(context, schedules, now)
        yield from _quota(context, now)
        yield from _outbox(context)


def _gauge(name: str, help_: str, labels: Iterable[str], values: Iterable[tuple[Iterable[str], float]]) -> Metric:
    gauge = GaugeMetricFamily(f"linkwatch_{name}", help_, labels=list(labels))
    for label_values, value in values:
        gauge.add_metric(list(label_values), value)
    return gauge


NamedReports = Iterable[tuple[str, Report]]
"""The name of each schedule and its report."""


def _resources(reports: NamedReports) -> Metric:
    counts = [((name, state.value), report.counts.states[state]) for name, report in reports for state in State]
    return _gauge("resources", "Distinct resources of a list, by state.", ("list", "state"), counts)


def _findings(context: WebContext, schedules: Iterable[ScheduleReport]) -> Iterator[Metric]:
    """A series for each rule that is on, so that an alert ends when nothing is left."""
    levels = {rule: level for rule, level in context.daemon.settings.levels.items() if level is not Level.OFF}
    reported = [(schedule.name, schedule.report, schedule.by_rule) for schedule in schedules if schedule.report]
    values = [
        ((name, rule.name, level.value), by_rule.get(rule.name, 0))
        for name, _, by_rule in reported
        for rule, level in levels.items()
    ]
    yield _gauge("findings", "Findings that are not acknowledged.", ("list", "rule", "level"), values)
    acknowledged = [((name,), report.counts.acknowledged) for name, report, _ in reported]
    yield _gauge("findings_accepted", "Findings that are acknowledged.", ("list",), acknowledged)


def _runs(reports: NamedReports, now: datetime) -> Iterator[Metric]:
    runs = [(name, report.run) for name, report in reports if report.run is not None]
    ages = [((name,), (now - run.started_at).total_seconds()) for name, run in runs]
    yield _gauge("run_age_seconds", "Time since the last check began.", ("list",), ages)
    starts = [((name,), run.started_at.timestamp()) for name, run in runs]
    yield _gauge("run_start_timestamp_seconds", "When the last check began.", ("list",), starts)
    lengths = [
        ((name,), (run.finished_at - run.started_at).total_seconds())
        for name, run in runs
        if run.finished_at is not None
    ]
    yield _gauge("run_duration_seconds", "Duration of the last check.", ("list",), lengths)
    complete = [((name,), float(run.complete)) for name, run in runs]
    yield _gauge("run_complete", "1 if the last check was complete, else 0.", ("list",), complete)


def _schedules(context: WebContext, schedules: Iterable[ScheduleReport], now: datetime) -> Iterator[Metric]:
    running, schedules = context.daemon.progress(), list(schedules)
    checks = [((each.name,), float(running is not None and running.schedule == each.name)) for each in schedules]
    yield _gauge("check_running", "1 while the list is being checked.", ("list",), checks)
    failures = [((each.name,), each.state.failures) for each in schedules]
    yield _gauge("checks_incomplete", "Incomplete checks in a row.", ("list",), failures)
    problems = [((each.name,), float(each.problem is not None)) for each in schedules]
    yield _gauge("list_problem", "1 while the list can't be read as it is now.", ("list",), problems)
    next_checks = [
        ((each.name,), each.state.next_check_at.timestamp())
        for each in schedules
        if each.state.next_check_at is not None
    ]
    yield _gauge("next_check_timestamp_seconds", "When the next check is due.", ("list",), next_checks)
    heartbeat = context.daemon.heartbeat()
    ages = [] if heartbeat is None else [((), (now - heartbeat).total_seconds())]
    yield _gauge("heartbeat_age_seconds", "Time since the last heartbeat of the daemon.", (), ages)
    times = [] if heartbeat is None else [((), heartbeat.timestamp())]
    yield _gauge("heartbeat_timestamp_seconds", "The last heartbeat of the daemon.", (), times)
    yield _gauge("workers", "Workers with a recent heartbeat.", (), [((), live_workers(context.daemon.database))])


def _quota(context: WebContext, now: datetime) -> Iterator[Metric]:
    day = quota_status(context.daemon.database, context.daemon.settings, now)
    yield _gauge("quota_units", "Quota units booked on this Pacific day.", (), [((), day.units)])
    yield _gauge("quota_limit", "Quota units of a day.", (), [((), day.limit)])
    yield _gauge("quota_exhausted", "1 if YouTube responded that the quota is used up.", (), [((), day.exhausted)])


def _outbox(context: WebContext) -> Iterator[Metric]:
    unsent = {status.target: status for status in unsent_messages(context.daemon.database)}
    targets = dict.fromkeys([*(target.name for target in context.daemon.settings.notify), *unsent])
    waiting = [((name,), unsent[name].waiting if name in unsent else 0) for name in targets]
    yield _gauge("outbox_waiting", "Messages that are still to be sent.", ("target",), waiting)
    dead = [((name,), unsent[name].dead if name in unsent else 0) for name in targets]
    yield _gauge("outbox_dead", "Messages that were given up.", ("target",), dead)
