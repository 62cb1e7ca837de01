"""The month of `linkwatch demo`: the product as it is, with an HTTP transport that leads to a simulated YouTube."""

import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import click
import httpx
import msgspec

from linkwatch.catalogue.catalogue import Catalogue, catalogue_links
from linkwatch.cli.output import ReportRequest, write_reports
from linkwatch.report.build import only_new
from linkwatch.report.model import Report
from linkwatch.services.check import run_check
from linkwatch.services.dependencies import open_check_context
from linkwatch.services.report import report_of_lists
from linkwatch.settings import DEFAULT_LIST, Settings
from linkwatch.simulator.scenario import Day, Scenario, demo_scenario
from linkwatch.simulator.youtube import SimulatedYouTube
from linkwatch.sources import read_lists
from linkwatch.text import visible

START = datetime(2026, 9, 1, 9, tzinfo=UTC)


def play_month(settings: Settings) -> None:
    """Check the seed list on each day of the simulated month, print what is new, and end with the report."""
    story = demo_scenario(START)
    listed = Path(str(files("linkwatch.simulator") / DEFAULT_LIST))
    click.echo(f"A simulated month: {DEFAULT_LIST} is checked every day at 09:00 against a simulated YouTube.")
    with tempfile.TemporaryDirectory(prefix="linkwatch-demo-") as folder:
        links = (
            msgspec.structs.replace(link, file=DEFAULT_LIST)
            for link in read_lists([str(listed)], stdin=sys.stdin.buffer)
        )
        catalogue = catalogue_links(links)
        simulated = replace(settings, api_key="simulated", database_url=f"sqlite:///{folder}/simulated.db")
        report = _play(story, catalogue, simulated)
    click.echo("\nThe report after the simulated month:\n")
    write_reports(report, ReportRequest((("terminal", None),), "never", new_only=False))


def _play(story: Scenario, catalogue: Catalogue, settings: Settings) -> Report:
    clock = _Clock(story.days[0].at)
    youtube = SimulatedYouTube(story.world, clock, quota_per_day=settings.quota_per_day)
    with open_check_context(
        settings,
        clock=clock,
        sleep=lambda seconds: None,
        client_factory=lambda: httpx.Client(transport=httpx.MockTransport(youtube)),
        source="simulator",
    ) as context:
        for day in story.days:
            clock.now = day.at
            run_check(catalogue, [DEFAULT_LIST], context)
            report = report_of_lists(
                catalogue, [DEFAULT_LIST], database=context.database, settings=settings, now=day.at
            )
            _print_day(day, report)
    return report


class _Clock:
    """Simulated time, moved from day to day."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def _print_day(day: Day, report: Report) -> None:
    lines = list(_new_lines(day, report))
    if not lines and not day.headline:
        return
    click.echo(f"\n{click.style(f'Simulated day {day.number}', bold=True)}, {day.at:%Y-%m-%d}")
    if day.headline:
        click.echo(f"  happens    {day.headline}")
    for line in lines or ["linkwatch  nothing new"]:
        click.echo(f"  {line}")


def _new_lines(day: Day, report: Report) -> Iterable[str]:
    new = only_new(report)
    for finding in new.findings:
        colour = {"error": "red", "warning": "yellow"}.get(finding.level, "cyan")
        yield f"linkwatch  {click.style(f'{finding.level} {finding.rule}', fg=colour)}: {visible(finding.message)}"
    for recovery in new.recoveries:
        yield f"linkwatch  {click.style('available again', fg='green')}: {visible(recovery.item.name)}"
    if report.run is not None and report.run.incomplete_reason:
        yield f"linkwatch  {click.style('incomplete', fg='yellow')}: {report.run.incomplete_reason}"
    if day.number == 1:
        yield f"linkwatch  {report.counts.links} links, {report.run.quota_units if report.run else 0} quota units"
