"""The first page: counts, current problems, lists, quota, notifications, daemon."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.rules import ACCEPTED, Level
from linkwatch.report.charts import broken_chart
from linkwatch.report.condensed import ISSUES_KEPT
from linkwatch.report.merge import merge_reports
from linkwatch.report.model import Report
from linkwatch.report.summary import headline_parts, notes
from linkwatch.services.dashboard import quota_status, read_ack_file, unsent_messages
from linkwatch.text import counted
from linkwatch.web.context import WebContext
from linkwatch.web.reports import ScheduleFinding, findings_by_group

DAYS_SHOWN = 90
"""Days of the strip of a list."""


def page(context: WebContext, request: Request) -> Response:
    """All lists at a glance."""
    now, settings, database = context.clock(), context.daemon.settings, context.daemon.database
    schedules = context.reports.condensed()
    reports = {schedule.name: schedule.report for schedule in schedules if schedule.report is not None}
    total = merge_reports(list(reports.values()), now)
    issues = worst_first(entry for entry in findings_by_group(schedules) if entry.group is not ACCEPTED)
    return context.page(
        request,
        "overview.html",
        schedules=schedules,
        headlines={name: headline(report) for name, report in reports.items()},
        total=total,
        headline=headline(total) if schedules else ("No lists yet", "notice", ""),
        notes=notes(total),
        issues=issues[:ISSUES_KEPT],
        more=sum(schedule.issues for schedule in schedules) - ISSUES_KEPT,
        chart=broken_chart(context.reports.days_of_all(schedules if len(reports) < 2 else context.reports.all())),
        quota=quota_status(database, settings, now),
        has_key=settings.api_key is not None,
        unsent=unsent_messages(database),
        targets=settings.notify,
        heartbeat=context.daemon.heartbeat(),
        acks_problem=read_ack_file(settings.acks_file, now).problem,
    )


def worst_first(issues: Iterable[ScheduleFinding]) -> list[ScheduleFinding]:
    """Errors first; within a level in the order of the groups, what is new before what is not."""
    levels = list(Level)
    return sorted(issues, key=lambda entry: (levels.index(entry.finding.level), not entry.finding.new))


def headline(report: Report) -> tuple[str, str, str]:
    """Text, tone and rest of a heading; before the first check it says that the check is coming."""
    if report.run is None:
        return f"{counted(report.counts.links, 'link')}, not checked yet", "notice", "The first check will start soon."
    text, tone, rest = headline_parts(report)
    return text, tone, rest.removeprefix(":").strip()
