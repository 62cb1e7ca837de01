"""What monitoring systems ask for: whether the daemon works (`/healthz`, `/readyz`), and Prometheus metrics."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from linkwatch import __version__
from linkwatch.errors import StoreError
from linkwatch.models.observation import State
from linkwatch.models.rules import Level
from linkwatch.report.model import Report
from linkwatch.store.outbox import delivery_statuses
from linkwatch.store.quota import load_quota_day
from linkwatch.store.runs import count_runs
from linkwatch.web.context import WebContext
from linkwatch.web.reports import ScheduleReport
from linkwatch.web.text import format_duration

HEARTBEAT_TIMEOUT = timedelta(minutes=2)
"""A daemon that has not turned for longer is not ready."""


def healthz(context: WebContext, request: Request) -> Response:
    """This process answers."""
    return PlainTextResponse("ok\n")


def readyz(context: WebContext, request: Request) -> Response:
    """The database can be read, and the daemon turns."""
    problems = list(_problems(context))
    told = "".join(f"{problem}\n" for problem in problems)
    return PlainTextResponse(told, 503) if problems else PlainTextResponse("ready\n")


def _problems(context: WebContext) -> Iterator[str]:
    try:
        with context.daemon.database.read() as connection:
            count_runs(connection)
        beat = context.daemon.heartbeat()
    except StoreError:
        # Not in the database's own words: they name its place.
        yield "the database can't be read"
        return
    if beat is None:
        yield "the daemon has not turned yet"
    elif (age := context.clock() - beat) > HEARTBEAT_TIMEOUT:
        yield f"the daemon has not turned for {format_duration(age)}"


def metrics(context: WebContext, request: Request) -> Response:
    """All of it, in Prometheus's text format."""
    registry = CollectorRegistry()
    registry.register(_Gathered(context))
    return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4})


class _Gathered(Collector):
    """Gathers everything anew for each scrape."""

    def __init__(self, context: WebContext) -> None:
        self._desk = context

    def describe(self) -> Iterable[Metric]:
        return ()  # else registering would gather once more

    def collect(self) -> Iterator[Metric]:
        context, now = self._desk, self._desk.clock()
        watched = context.reports.of_all()
        yield InfoMetricFamily("linkwatch", "This linkwatch.", {"version": __version__})
        yield _resources(watched)
        yield from _findings(context, watched)
        yield from _runs(watched, now)
        yield from _schedules(context, watched, now)
        yield from _quota(context, now)
        yield from _outbox(context)


def _gauge(name: str, help_: str, labels: Iterable[str], values: Iterable[tuple[Iterable[str], float]]) -> Metric:
    gauge = GaugeMetricFamily(f"linkwatch_{name}", help_, labels=list(labels))
    for of, value in values:
        gauge.add_metric(list(of), value)
    return gauge


def _with_reports(watched: Iterable[ScheduleReport]) -> Iterator[tuple[str, Report]]:
    return ((each.name, each.report) for each in watched if each.report is not None)


def _resources(watched: Iterable[ScheduleReport]) -> Metric:
    counts = [
        ((name, state.value), report.counts.states[state]) for name, report in _with_reports(watched) for state in State
    ]
    return _gauge("resources", "Distinct resources of a list, by state.", ("list", "state"), counts)


def _findings(context: WebContext, watched: Iterable[ScheduleReport]) -> Iterator[Metric]:
    """A series for each rule that is on, so that an alert ends when there is nothing left."""
    levels = {rule: level for rule, level in context.daemon.settings.levels.items() if level is not Level.OFF}
    found = []
    for name, report in _with_reports(watched):
        rules = [finding.rule for finding in report.findings if finding.acknowledged is None]
        found += [((name, rule.name, level.value), rules.count(rule)) for rule, level in levels.items()]
    yield _gauge("findings", "Findings that nobody has accepted.", ("list", "rule", "level"), found)
    accepted = [((name,), report.counts.acknowledged) for name, report in _with_reports(watched)]
    yield _gauge("findings_accepted", "Findings that are known and accepted.", ("list",), accepted)


def _runs(watched: Iterable[ScheduleReport], now: datetime) -> Iterator[Metric]:
    runs = [(name, report.run) for name, report in _with_reports(watched) if report.run is not None]
    ages = [((name,), (now - run.started_at).total_seconds()) for name, run in runs]
    yield _gauge("run_age_seconds", "Since the last check began.", ("list",), ages)
    lengths = [
        ((name,), (run.finished_at - run.started_at).total_seconds())
        for name, run in runs
        if run.finished_at is not None
    ]
    yield _gauge("run_duration_seconds", "How long the last check took.", ("list",), lengths)
    complete = [((name,), float(run.complete)) for name, run in runs]
    yield _gauge("run_complete", "1 when everything could be asked in the last check, else 0.", ("list",), complete)


def _schedules(context: WebContext, watched: Iterable[ScheduleReport], now: datetime) -> Iterator[Metric]:
    running, watched = context.daemon.progress(), list(watched)
    checks = [((each.name,), float(running is not None and running.schedule == each.name)) for each in watched]
    yield _gauge("check_running", "1 while the list is being checked.", ("list",), checks)
    failures = [((each.name,), each.state.failures) for each in watched]
    yield _gauge("checks_incomplete", "Incomplete checks in a row.", ("list",), failures)
    problems = [((each.name,), float(each.problem is not None)) for each in watched]
    yield _gauge("list_problem", "1 while the list can't be read as it is now.", ("list",), problems)
    next_checks = [
        ((each.name,), each.state.next_check_at.timestamp()) for each in watched if each.state.next_check_at is not None
    ]
    yield _gauge("next_check_timestamp_seconds", "When the next check is due.", ("list",), next_checks)
    beat = context.daemon.heartbeat()
    beats = [] if beat is None else [((), (now - beat).total_seconds())]
    yield _gauge("heartbeat_age_seconds", "Since the daemon last turned.", (), beats)


def _quota(context: WebContext, now: datetime) -> Iterator[Metric]:
    with context.daemon.database.read() as connection:
        day = load_quota_day(connection, now, context.daemon.settings.quota_per_day)
    yield _gauge("quota_units", "Quota units booked on this Pacific day.", (), [((), day.units)])
    yield _gauge("quota_limit", "Quota units of a day.", (), [((), day.limit)])
    yield _gauge("quota_exhausted", "1 when YouTube said that the day is spent.", (), [((), float(day.exhausted))])


def _outbox(context: WebContext) -> Iterator[Metric]:
    with context.daemon.database.read() as connection:
        unsent = {standing.target: standing for standing in delivery_statuses(connection)}
    targets = dict.fromkeys([*(target.name for target in context.daemon.settings.notify), *unsent])
    waiting = [((name,), unsent[name].waiting if name in unsent else 0) for name in targets]
    yield _gauge("outbox_waiting", "Messages that are still to be sent.", ("target",), waiting)
    dead = [((name,), unsent[name].dead if name in unsent else 0) for name in targets]
    yield _gauge("outbox_dead", "Messages that were given up.", ("target",), dead)
