"""The page of a schedule: its resources with state and check bars, filtered, in pages."""

from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.observation import Facts, ResourceRecord, State
from linkwatch.models.resource import Kind
from linkwatch.models.rules import RULES, Rule
from linkwatch.report.formats.html import figures_of
from linkwatch.report.model import Finding, Report, ReportedResource
from linkwatch.report.summary import notes
from linkwatch.spool import spooled
from linkwatch.web.context import WebContext
from linkwatch.web.filters import parse_resource_filter
from linkwatch.web.pages.overview import headline
from linkwatch.web.paging import Page, paginate, parse_page_number
from linkwatch.web.reports import ScheduleReport


class Row(NamedTuple):
    """One resource."""

    item: ReportedResource
    name: str
    facts: Facts
    findings: list[Finding]
    """Those that are not acknowledged, one of each rule."""

    @property
    def record(self) -> ResourceRecord | None:
        """What is stored of the resource; None before its first check."""
        return self.item.record


def page(context: WebContext, request: Request) -> Response:
    """The page of a schedule."""
    schedule = context.reports.get(request.path_params["schedule"])
    if schedule is None:
        raise HTTPException(404, "There is no such list")
    if schedule.report is None:
        return context.page(request, "unreadable_lists.html", schedule=schedule)
    report = schedule.report
    wanted = parse_resource_filter(request.query_params)
    matching = spooled(
        (item for item in report.resources if wanted.keeps(item, schedule.findings_of(item.resource))),
        ReportedResource,
    )
    items = paginate(matching, parse_page_number(request.query_params.get("page", "")))
    return context.page(
        request,
        "list.html",
        schedule=schedule,
        report=report,
        headline=headline(report),
        notes=notes(report),
        figures=list(figures_of(report)),
        filter=wanted,
        page=Page([_row(schedule, item) for item in items.rows], items.number, items.total),
        states=[state for state in State if report.counts.states[state]],
        kinds=list(Kind),
        rules=_rules(report),
        files=sorted({link.file for item in report.resources for link in item.links}),
    )


def _row(schedule: ScheduleReport, item: ReportedResource) -> Row:
    facts = item.record.facts if item.record is not None else Facts()
    label = next((link.label for link in item.links if link.label), None)
    findings = {f.rule: f for f in schedule.findings_of(item.resource) if f.acknowledged is None}
    return Row(item, facts.title or label or item.resource.id, facts, list(findings.values()))


def _rules(report: Report) -> list[Rule]:
    fired = {finding.rule for finding in report.findings if finding.acknowledged is None and finding.id is not None}
    return [rule for rule in RULES.values() if rule in fired]
