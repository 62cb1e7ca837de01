"""The month of `linkwatch demo`: the product as it is, with an HTTP transport that leads to a simulated YouTube."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import click
import httpx

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.cli.output import ReportRequest, console_for, print_text, write_reports
from linkwatch.cli.streams import log_time
from linkwatch.clock import utc_now
from linkwatch.report.build import only_new
from linkwatch.report.model import Report
from linkwatch.services.check import run_check
from linkwatch.services.dependencies import open_check_context
from linkwatch.services.report import report_of_lists
from linkwatch.settings import DEFAULT_LIST, Settings
from linkwatch.simulator.scenario import DAYS, Day, demo_scenario
from linkwatch.simulator.youtube import SimulatedYouTube
from linkwatch.sources import read_lists
from linkwatch.text import counted, visible

START = datetime(2026, 9, 1, 9, tzinfo=UTC)

WHAT_NEXT = """
Your own list:     linkwatch check README.md
The dashboard:     linkwatch demo --dashboard
With an API key:   linkwatch doctor
"""


def play_month(settings: Settings) -> None:
    """Check the seed list on each day of the simulated month, print what is new, and end with the report."""
    _say(f"A simulated month: {DEFAULT_LIST} is checked every day at 09:00 against a simulated YouTube.")
    with _simulated_month(settings, START) as month:
        report = month.play(_print_day)
    click.echo("\nThe report after the simulated month:\n")
    write_reports(report, ReportRequest((("terminal", None),), "never", new_only=False))
    click.echo(WHAT_NEXT, nl=False)


def show_month(settings: Settings, bind: str, *, quiet: bool) -> None:
    """Play the month that ends now, and serve it in the dashboard until Ctrl-C.

    Raises:
        UsageError: The address can't be bound.
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    from linkwatch.daemon.context import DaemonContext  # noqa: PLC0415  # the month alone needs no daemon
    from linkwatch.daemon.process import run_daemon  # noqa: PLC0415
    from linkwatch.web.server import Dashboard  # noqa: PLC0415

    def log(line: str) -> None:
        if not quiet:
            click.echo(f"{log_time(utc_now())}{line}", err=True)

    with _simulated_month(settings, utc_now() - timedelta(days=DAYS - 1)) as month:
        log("a month is simulated, for the dashboard; Ctrl-C ends it")
        month.play(lambda day, report: None)
        month.clock.now = None
        run_daemon(
            month.settings,
            (),
            load=lambda: month.settings,
            context=DaemonContext(log=log, client_factory=month.client, source="simulator"),
            dashboard=lambda scheduler: Dashboard(scheduler, bind, settings.dashboard_token, utc_now),
        )


@dataclass
class _Clock:
    """Simulated time, moved from day to day."""

    now: datetime | None
    """None: the present time."""

    def __call__(self) -> datetime:
        return self.now or utc_now()


@dataclass(frozen=True, slots=True)
class _Month:
    """A month of a simulated YouTube, and the settings to check it with."""

    settings: Settings
    days: tuple[Day, ...]
    youtube: SimulatedYouTube
    clock: _Clock

    def client(self) -> httpx.Client:
        """An HTTP client that leads to the simulated YouTube."""
        return httpx.Client(transport=httpx.MockTransport(self.youtube))

    def play(self, show: Callable[[Day, Report], None]) -> Report:
        """Check on each day; returns the report of the last."""
        catalogue = catalogue_links(read_lists([DEFAULT_LIST], stdin=sys.stdin.buffer))
        with open_check_context(
            self.settings,
            clock=self.clock,
            sleep=lambda seconds: None,
            client_factory=self.client,
            source="simulator",
        ) as context:
            for day in self.days:
                self.clock.now = day.at
                run_check(catalogue, [DEFAULT_LIST], context)
                report = report_of_lists(
                    catalogue, [DEFAULT_LIST], database=context.database, settings=self.settings, now=day.at
                )
                show(day, report)
        return report


@contextmanager
def _simulated_month(settings: Settings, start: datetime) -> Iterator[_Month]:
    """A month that starts then, in a working folder of its own, which has the list and is deleted at the end."""
    scenario, clock = demo_scenario(start), _Clock(start)
    with tempfile.TemporaryDirectory(prefix="linkwatch-demo-") as folder, chdir(folder):
        Path(DEFAULT_LIST).write_bytes((files("linkwatch.simulator") / DEFAULT_LIST).read_bytes())
        simulated = replace(
            settings,
            api_key="simulated",
            database_url=f"sqlite:///{folder}/simulated.db",
            lists=(DEFAULT_LIST,),
            schedules=(),
            notify=(),
            ping_url=None,
        )
        youtube = SimulatedYouTube(scenario.world, clock, quota_per_day=settings.quota_per_day)
        yield _Month(simulated, scenario.days, youtube, clock)


def _say(text: str, lead: str | None = None, style: str | None = None, indent: str = "") -> None:
    lines = console_for(None).paragraph(text, lead=lead, lead_style=style, indent=indent)
    print_text("".join(f"{line}\n" for line in lines))


def _print_day(day: Day, report: Report) -> None:
    lines = list(_new_lines(day, report))
    if not lines and not day.headline:
        return
    click.echo(f"\n{click.style(f'Simulated day {day.number}', bold=True)}, {day.at:%Y-%m-%d}")
    if day.headline:
        _say(day.headline, "  happens    ", indent=" " * 13)
    for word, style, text in lines or [("", None, "nothing new")]:
        _say(text, f"  linkwatch  {word}{': ' if word else ''}", style, indent=" " * 13)


def _new_lines(day: Day, report: Report) -> Iterator[tuple[str, str | None, str]]:
    """What linkwatch reports: a word, its style, and the rest."""
    new = only_new(report)
    for finding in new.findings:
        yield f"{finding.level} {finding.rule}", finding.level, visible(finding.message)
    for recovery in new.recoveries:
        yield "available again", "good", visible(recovery.item.name)
    if report.run is not None and report.run.incomplete_reason:
        yield "incomplete", "warning", report.run.incomplete_reason
    if day.number == 1:
        units = report.run.quota_units if report.run else 0
        yield "", None, f"{counted(report.counts.links, 'link')}, {counted(units, 'quota unit')}"
