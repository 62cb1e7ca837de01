"""A schedule's lists: every resource with its state and the bar of its last checks, filtered and page by page."""

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
    """One resource of a list."""

    item: ReportedResource
    name: str
    facts: Facts
    findings: list[Finding]
    """Those that nobody has accepted, one of each rule."""

    @property
    def known(self) -> ResourceRecord | None:
        """What is known of it."""
        return self.item.record


def page(context: WebContext, request: Request) -> Response:
    """The page of a schedule."""
    watched = context.reports.of(request.path_params["schedule"])
    if watched is None:
        raise HTTPException(404, "There is no such list")
    if watched.report is None:
        return context.page(request, "unreadable.html", watched=watched)
    report = watched.report
    asked = parse_resource_filter(request.query_params)
    some_of = (item for item in report.resources if asked.keeps(item, watched.findings_of(item.resource)))
    kept = spooled(some_of, ReportedResource)
    some = paginate(kept, parse_page_number(request.query_params.get("page", "")))
    return context.page(
        request,
        "list.html",
        watched=watched,
        report=report,
        headline=headline(report),
        notes=notes(report),
        figures=list(figures_of(report)),
        asked=asked,
        page=Page([_row(watched, item) for item in some.rows], some.number, some.total),
        states=[state for state in State if report.counts.states[state]],
        kinds=list(Kind),
        rules=_rules(report),
        files=sorted({link.file for item in report.resources for link in item.links}),
    )


def _row(watched: ScheduleReport, item: ReportedResource) -> Row:
    facts = item.record.facts if item.record is not None else Facts()
    label = next((link.label for link in item.links if link.label), None)
    open_ = {f.rule: f for f in watched.findings_of(item.resource) if f.acknowledged is None}
    return Row(item, facts.title or label or item.resource.id, facts, list(open_.values()))


def _rules(report: Report) -> list[Rule]:
    found = {finding.rule for finding in report.findings if finding.acknowledged is None and finding.id is not None}
    return [rule for rule in RULES.values() if rule in found]
