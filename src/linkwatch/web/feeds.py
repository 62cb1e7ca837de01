"""Atom feeds of what happened lately: of all lists, and of each schedule's."""

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.report.formats import atom
from linkwatch.report.merge import merge_reports
from linkwatch.report.model import Report
from linkwatch.services.report import EVENTS_SHOWN
from linkwatch.web.context import WebContext


def feed_of_all_lists(context: WebContext, request: Request) -> Response:
    """The last events of all lists."""
    reports = [watched.report for watched in context.reports.of_all() if watched.report is not None]
    whole = merge_reports(reports, context.clock())
    return _feed(request, replace(whole, events=whole.events[:EVENTS_SHOWN]))


def feed_of_schedule(context: WebContext, request: Request) -> Response:
    """The last events of one schedule's lists."""
    watched = context.reports.of(request.path_params["schedule"])
    if watched is None or watched.report is None:
        raise HTTPException(404)
    return _feed(request, watched.report)


def _feed(request: Request, report: Report) -> Response:
    return Response(atom.render(report, str(request.url)), media_type="application/atom+xml")
