"""Atom feeds of recent events: of all lists, and of one schedule."""

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.report.formats import atom
from linkwatch.report.merge import merge_reports
from linkwatch.report.model import Report
from linkwatch.services.report import EVENTS_SHOWN
from linkwatch.web.conditional import ASK_AGAIN, conditional
from linkwatch.web.context import WebContext


def feed_of_all_lists(context: WebContext, request: Request) -> Response:
    """The last events of all lists."""
    reports = [schedule.report for schedule in context.reports.all() if schedule.report is not None]
    merged = merge_reports(reports, context.clock())
    return _feed(context, request, replace(merged, events=merged.events[:EVENTS_SHOWN]))


def feed_of_schedule(context: WebContext, request: Request) -> Response:
    """The last events of one schedule's lists."""
    schedule = context.reports.get(request.path_params["schedule"])
    if schedule is None or schedule.report is None:
        raise HTTPException(404)
    return _feed(context, request, schedule.report)


def _feed(context: WebContext, request: Request, report: Report) -> Response:
    response = Response(atom.render(report, context.address_of(request)), media_type="application/atom+xml")
    return conditional(request, response, ASK_AGAIN)
